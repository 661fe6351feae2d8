//! A section whole.

use std::cmp::Reverse;

use gradus_corpus::Page;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema, Str};
use super::question::{Question, question};
use super::reference::{Ref, find_guide, find_page};
use super::refusal::{Failure, QuestionError, Refusal, RefusalCode};
use super::section_parts::{SectionRef, heading_path, section_html, section_id};
use super::sheet::{Sheet, SheetFields};
use crate::view::View;

/// Sections that may be meant where there is none of that anchor.
const NEAREST: usize = 3;
/// Characters of an anchor that are compared: counting edits takes time that grows with their square.
const ANCHOR_CHARS: usize = 100;

question! {
    /// Find a section.
    SectionQuestion
}

/// Which section.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
pub struct SectionParams {
    /// `guide-slug#anchor`, percent-encoded
    pub id: String,
}

/// A section whole.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SectionAnswer<'a> {
    /// Which section.
    #[serde(flatten)]
    pub section: SectionRef<'a>,
    /// Level of the heading, 1 to 6; 0 for a lead.
    pub level: u8,
    /// Whether its text goes on behind the preview.
    pub cut: bool,
    /// The page it belongs to.
    pub page: Ref<'a>,
    /// The headings above it, from the page's title down.
    pub heading_path: Vec<Str<'a>>,
    /// Its Markdown; null where locked.
    pub text: Option<String>,
    /// The same as HTML; null where locked.
    pub text_html: Option<String>,
    /// The snapshot that answered.
    pub generation: Str<'a>,
}

impl Question for SectionQuestion {
    const NAME: &'static str = "find_section";
    const COMMAND: &'static str = "show";
    const PATH: &'static str = "/v1/sections/{id}";
    const SUBJECT: &'static [&'static str] = &["id"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::NotFound);

    type Params = SectionParams;
    type Answer<'a> = SectionAnswer<'a>;

    fn fits(params: &SectionParams) -> bool {
        params.id.contains('#')
    }

    /// The section that a page and an anchor joined by `#` name. Of a guide and a concept that share the slug, the guide
    /// is meant.
    fn answer(view: &View, params: SectionParams) -> Result<SectionAnswer<'_>, QuestionError> {
        // `C# in depth` is no part of C.
        let named = view.corpus.names().by_name(&params.id, None);
        if !named.is_empty() {
            let pages = named.iter().map(|page| view.corpus.page(*page).id()).collect();
            let detail = format!("'{}' is a page and no section", params.id);
            return Err(Refusal::new(RefusalCode::NotFound, detail).suggesting(pages).into());
        }
        let (page, anchor) = params.id.split_once('#').unwrap_or((&params.id, ""));
        let by_id = view.corpus.names().by_id(page);
        let id = match by_id.last() {
            // Of those that share a slug, the guide stands behind the concept.
            Some(id) => *id,
            None => find_guide(view, page).or_else(|_| find_page(view, page))?,
        };
        let page = view.corpus.page(id);
        let found = page.sections.iter().position(|section| *section.anchor == *anchor);
        // The heading over a lead is the page's.
        let is_title = !anchor.is_empty() && *page.title_anchor == *anchor;
        let lead = || page.sections.iter().position(|section| is_title && section.anchor.is_empty());
        let found = found.or_else(lead);
        let Some(idx) = found else {
            let detail = format!("'{}' has no section '{anchor}'", page.title);
            // Of a place that its author has marked within a section, the page is what there is to see.
            let is_marked = page.anchors.iter().any(|own| **own == *anchor);
            let suggestions = if is_marked { vec![page.id()] } else { nearest(page, anchor) };
            return Err(Refusal::new(RefusalCode::NotFound, detail).suggesting(suggestions).into());
        };
        let section = &page.sections[idx];
        let text = || section.texts().map(|text| text.markdown.as_str()).collect::<String>();
        Ok(SectionAnswer {
            section: SectionRef::new(page, idx),
            level: section.level,
            cut: section.withheld && !section.is_locked(),
            page: Ref::new(&view.corpus, id),
            heading_path: heading_path(page, idx).into_iter().map(Str::from).collect(),
            text: (!section.is_locked()).then(text),
            text_html: (!section.is_locked()).then(|| section_html(section, false)),
            generation: (&view.generation).into(),
        })
    }
}

/// Ids of the sections of `page` that `anchor` may mean, best first: those that share the most words with it, of these those that
/// take the fewest edits. O(sections · anchors²).
fn nearest(page: &Page, anchor: &str) -> Vec<String> {
    let wanted: String = anchor.chars().take(ANCHOR_CHARS).flat_map(char::to_lowercase).collect();
    let words: Vec<&str> = words(&wanted).collect();
    let mut ranked: Vec<_> = page
        .sections
        .iter()
        .filter(|section| !section.anchor.is_empty())
        .map(|section| {
            let own: String = section.anchor.chars().take(ANCHOR_CHARS).flat_map(char::to_lowercase).collect();
            let n_shared = self::words(&own).filter(|word| words.contains(word)).count();
            (Reverse(n_shared), strsim::damerau_levenshtein(&own, &wanted), section)
        })
        .collect();
    ranked.sort_by_key(|(n_shared, edits, _)| (*n_shared, *edits));
    ranked.into_iter().take(NEAREST).map(|(.., section)| section_id(page, &section.anchor)).collect()
}

/// The words of an anchor.
fn words(anchor: &str) -> impl Iterator<Item = &str> {
    anchor.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty())
}

impl Answer for SectionAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn sheet(&self) -> Sheet {
        let fields = SheetFields::default()
            .text("id", &self.section.id)
            .text("title", &self.section.title)
            .text("url", &self.section.url)
            .text("page", &self.page.id)
            .text("headings", &self.heading_path.iter().map(|heading| &**heading).collect::<Vec<_>>().join(" > "))
            .text("access", &self.section.access)
            .text("locked", if self.section.locked { "yes" } else { "" })
            .text("cut", if self.cut { "yes" } else { "" })
            .maybe("text", self.text.as_ref());
        Sheet::fields(self, fields)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}
