//! Records: what was found, in the shape of DocSearch.

use gradus_corpus::work::checkpoint;
use gradus_corpus::{Kind, Page};
use serde_json::{Map, Value, json};

use super::mark::{Marks, Range, Tags};
use super::params::AlgoliaParams;
use crate::http::problem::Fault;
use gradus_engine::questions::reference::by_id;
use gradus_engine::questions::search::{Passage, SearchHit, SearchSection};
use gradus_engine::questions::section_parts::{SectionRef, heading_path};
use gradus_engine::view::View;

/// Records of one page of the content where the request does not say: the page and as many sections as search finds for it.
const RECORDS_OF_PAGE: usize = 4;
/// Levels of headings that DocSearch knows.
const LEVELS: usize = 7;

/// How records shall look.
pub(super) struct Dress {
    n_records: usize,
    retrieved: AttributeFilter,
    highlighted: AttributeFilter,
    /// Attributes to cut, with the number of words of each.
    cut: Vec<(String, usize)>,
    tags: Tags,
    marks: Marks,
}

impl Dress {
    /// What `given` asks for.
    ///
    /// # Errors
    /// If `distinct` is neither a number nor a truth value.
    pub(super) fn new(given: &AlgoliaParams, query: &str) -> Result<Self, Fault> {
        let n_records = match given.value("distinct") {
            None | Some(Value::Bool(false)) => RECORDS_OF_PAGE,
            Some(Value::Bool(true)) => 1,
            Some(Value::String(text)) if text == "true" => 1,
            Some(Value::String(text)) if text == "false" => RECORDS_OF_PAGE,
            Some(_) => match given.count("distinct", RECORDS_OF_PAGE, usize::MAX)? {
                0 => RECORDS_OF_PAGE,
                n => n,
            },
        };
        Ok(Self {
            n_records,
            retrieved: AttributeFilter(given.list("attributesToRetrieve")),
            highlighted: AttributeFilter(given.list("attributesToHighlight")),
            cut: given
                .list("attributesToSnippet")
                .unwrap_or_else(|| vec!["content:0".to_owned()])
                .iter()
                .map(|attribute| cut(attribute))
                .collect(),
            tags: Tags::new(given),
            marks: Marks::of_query(query),
        })
    }
}

/// `attribute:words`; without words Algolia's ten. 0 stands for all there are.
fn cut(attribute: &str) -> (String, usize) {
    let (name, n_words) = attribute.split_once(':').unwrap_or((attribute, "10"));
    (name.to_owned(), n_words.trim().parse().unwrap_or(10))
}

/// A list of attributes: all where there is none or it holds `*`; `-name` leaves one out.
struct AttributeFilter(Option<Vec<String>>);

impl AttributeFilter {
    /// Whether `attribute` (`name` or `parent.name`) is wanted.
    fn has(&self, attribute: &str) -> bool {
        let Some(wanted) = &self.0 else { return true };
        let parent = attribute.split('.').next().unwrap_or(attribute);
        let names = |name: &str| name == attribute || name == parent;
        let is_left_out = wanted.iter().filter_map(|name| name.strip_prefix('-')).any(names);
        !is_left_out && wanted.iter().any(|name| name == "*" || names(name))
    }
}

/// One record.
struct Record<'a> {
    id: String,
    url: &'a str,
    page: &'a Page,
    anchor: Option<&'a str>,
    /// Headings from `lvl0` down.
    levels: Vec<&'a str>,
    /// A passage, and what matched in it.
    content: Option<(&'a str, Vec<Range>)>,
    locked: bool,
}

/// The records of `hit`: its page, then its best sections.
///
/// # Errors
/// If `view` does not have the page, which would be our fault.
pub(super) fn records(view: &View, hit: &SearchHit<'_>, dress: &Dress) -> Result<Vec<Value>, Fault> {
    let gone = || Fault::internal(format_args!("{} was found and is not there", hit.page.id));
    let page = view.corpus.page(by_id(view, &hit.page.id).ok_or_else(gone)?);
    let mut marks = dress.marks.clone();
    marks.learn(&hit.snippet);
    hit.sections.iter().for_each(|section| marks.learn(&section.snippet));
    let sections: Vec<Record<'_>> = hit.sections.iter().filter_map(|section| of_section(page, section)).collect();
    let n_sections = sections.len().min(dress.n_records.saturating_sub(1));
    let records =
        std::iter::once(of_page(page, hit, n_sections > 0, &marks)).chain(sections.into_iter().take(n_sections));
    Ok(records.map(|record| record.dress(dress, &marks)).collect())
}

/// The record of a page. Where its sections follow, they show the passages that matched, and it shows that of its lead, for
/// want of one its description.
fn of_page<'a>(page: &'a Page, hit: &'a SearchHit<'_>, has_sections: bool, marks: &Marks) -> Record<'a> {
    let levels = vec![shelf(page), &page.title];
    let lead = || hit.sections.iter().find(|one| is_lead(&one.section)).map(|lead| &lead.snippet);
    let snippet = if has_sections { lead() } else { Some(&hit.snippet) };
    let described = || page.description.as_deref().map(|text| (text, marks.find(text)));
    let content = snippet.and_then(|snippet| passage(snippet, &levels)).or_else(described);
    Record { id: hit.page.id.clone(), url: &page.url, page, anchor: None, levels, content, locked: false }
}

/// Whether a section is the page itself, which its id says.
fn is_lead(section: &SectionRef<'_>) -> bool {
    section.id.ends_with('#')
}

/// The record of a section; `None` for a lead, which the record of its page stands for.
fn of_section<'a>(page: &'a Page, hit: &'a SearchSection<'_>) -> Option<Record<'a>> {
    let found = &hit.section;
    if is_lead(found) {
        return None;
    }
    let idx = page.sections.iter().position(|section| *section.anchor == *found.anchor)?;
    let path = heading_path(page, idx);
    if path.len() < 2 {
        return None;
    }
    let levels: Vec<&str> = std::iter::once(shelf(page)).chain(path).take(LEVELS).collect();
    Some(Record {
        id: found.id.clone(),
        url: &found.url,
        page,
        anchor: Some(&found.anchor),
        content: passage(&hit.snippet, &levels),
        levels,
        locked: found.locked,
    })
}

/// The text of `snippet` with what matched in it; `None` where it only says what one of `levels` says already.
fn passage<'a>(snippet: &'a Passage, levels: &[&str]) -> Option<(&'a str, Vec<Range>)> {
    let text = snippet.text.as_str();
    (!text.is_empty() && !levels.contains(&text)).then(|| (text, snippet.highlights.clone()))
}

/// What DocSearch groups by: the category, for want of one the kind.
fn shelf(page: &Page) -> &str {
    page.category.as_deref().unwrap_or(match page.kind {
        Kind::Guide => "Guides",
        Kind::Concept => "Concepts",
    })
}

/// A text of a record.
struct RecordText<'a> {
    /// `title`, `content`, or `hierarchy.lvl0` and so on.
    attribute: String,
    text: &'a str,
    /// What matched in it.
    ranges: Vec<Range>,
}

impl Record<'_> {
    fn dress(&self, dress: &Dress, marks: &Marks) -> Value {
        checkpoint();
        let texts = self.texts(marks);
        let mut record = self.attributes(&texts);
        record.retain(|name, _| name == "hierarchy" || dress.retrieved.has(name));
        if let Some(Value::Object(levels)) = record.get_mut("hierarchy") {
            levels.retain(|level, _| dress.retrieved.has(&format!("hierarchy.{level}")));
        }
        record.insert("objectID".to_owned(), Value::from(self.id.as_str()));
        let highlight = |name: &str, text: &str, ranges: &[Range]| {
            dress.highlighted.has(name).then(|| marks.highlight(&dress.tags, text, ranges))
        };
        let snippet = |name: &str, text: &str, ranges: &[Range]| {
            let wanted = dress.cut.iter().find(|(cut, _)| cut == name || cut == "*");
            let wanted = wanted.or_else(|| dress.cut.iter().find(|(cut, _)| name.split('.').next() == Some(cut)));
            wanted.map(|(_, n_words)| marks.snippet(&dress.tags, text, ranges, *n_words))
        };
        record.insert("_highlightResult".to_owned(), nest(&texts, highlight));
        record.insert("_snippetResult".to_owned(), nest(&texts, snippet));
        record.retain(|_, value| value.as_object().is_none_or(|members| !members.is_empty()));
        Value::Object(record)
    }

    fn texts(&self, marks: &Marks) -> Vec<RecordText<'_>> {
        let levels = self.levels.iter().enumerate().map(|(level, text)| (format!("hierarchy.lvl{level}"), *text));
        let titles = levels.chain(self.levels.last().map(|title| ("title".to_owned(), *title)));
        let title = |(attribute, text)| RecordText { attribute, text, ranges: marks.find(text) };
        let content = self.content.iter();
        let content =
            content.map(|(text, ranges)| RecordText { attribute: "content".to_owned(), text, ranges: ranges.clone() });
        titles.map(title).chain(content).collect()
    }

    fn attributes(&self, texts: &[RecordText<'_>]) -> Map<String, Value> {
        let levels = (0..LEVELS).map(|level| (format!("lvl{level}"), json!(self.levels.get(level))));
        let record = json!({
            "type": self.kind(texts),
            "title": self.levels.last(),
            "url": self.url,
            "url_without_anchor": self.page.url,
            "anchor": self.anchor,
            "content": self.content.as_ref().map(|(text, _)| text),
            "hierarchy": levels.collect::<Map<_, _>>(),
            "kind": self.page.kind.as_str(),
            "access": self.page.access.as_str(),
            "locked": self.locked,
        });
        if let Value::Object(members) = record { members } else { Map::new() }
    }

    /// `content` for a section whose text matched and whose heading did not, else the level of its own heading.
    fn kind(&self, texts: &[RecordText<'_>]) -> String {
        let matched = |name| texts.iter().any(|text| text.attribute == name && !text.ranges.is_empty());
        if self.anchor.is_some() && matched("content") && !matched("title") {
            return "content".to_owned();
        }
        format!("lvl{}", self.levels.len() - 1)
    }
}

/// What `dress` makes of each text, nested as the attributes are.
fn nest(texts: &[RecordText<'_>], dress: impl Fn(&str, &str, &[Range]) -> Option<Value>) -> Value {
    let (mut levels, mut nested) = (Map::new(), Map::new());
    for one in texts {
        let Some(dressed) = dress(&one.attribute, one.text, &one.ranges) else { continue };
        match one.attribute.split_once('.') {
            Some((_, level)) => levels.insert(level.to_owned(), dressed),
            None => nested.insert(one.attribute.clone(), dressed),
        };
    }
    if !levels.is_empty() {
        nested.insert("hierarchy".to_owned(), Value::Object(levels));
    }
    Value::Object(nested)
}
