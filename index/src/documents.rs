//! Documents: what is indexed of a page, one a section and one a concept.

use gradus_corpus::{Corpus, Kind, Page, PageId, Section, wide_fingerprint};
use tantivy::TantivyDocument;
use tantivy::schema::Field as EngineField;

use crate::field::{FIELDS, Field};
use crate::names::all_names;

/// Times that a concept counts as named where the text links to it.
const LINK_MENTIONS: u32 = 2;

/// A section of a guide, or a whole concept.
pub(crate) struct IndexDocument<'a> {
    /// Title and other names, in the first document of a page.
    names: Vec<&'a str>,
    /// What readers of a list see of the page, in the first document of a page.
    description: &'a str,
    headings: Vec<&'a str>,
    /// Headings that so many pages have that they say no more than the text.
    repeated: Vec<&'a str>,
    pub(crate) prose: String,
    pub(crate) code: String,
    /// Concepts named, and how often.
    concepts: Vec<(PageId, u32)>,
}

impl IndexDocument<'_> {
    /// As tantivy takes it.
    pub(crate) fn for_engine(&self, fields: &[EngineField; FIELDS.len()], corpus: &Corpus) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        let mut add = |field: Field, text: &str| {
            if !text.is_empty() {
                document.add_text(fields[field as usize], text);
            }
        };
        for name in &self.names {
            add(Field::Name, name);
            add(Field::NameStem, name);
        }
        for heading in &self.headings {
            add(Field::Heading, heading);
        }
        let prose = [self.description, &self.prose];
        for text in self.names.iter().chain(&self.headings).chain(&self.repeated).chain(&prose) {
            add(Field::All, text);
            add(Field::AllStem, text);
        }
        add(Field::Code, &self.code);
        for (concept, times) in &self.concepts {
            let term = corpus.page(*concept).id();
            (0..*times).for_each(|_| add(Field::Concept, &term));
        }
        document
    }

    /// All that [`Self::for_engine`] gives, as one number: equal where the same is indexed.
    pub(crate) fn key(&self, corpus: &Corpus) -> u128 {
        let lang = corpus.site().lang.as_deref();
        let Self { names, description, headings, repeated, prose, code, concepts } = self;
        let concepts: Vec<_> = concepts
            .iter()
            .map(|(concept, times)| {
                let page = corpus.page(*concept);
                (page.kind, &page.slug, times)
            })
            .collect();
        wide_fingerprint(&(lang, names, description, headings, repeated, prose, code, concepts))
    }
}

/// The documents of `page`: one a section, one for a whole concept and for a page without text.
pub(crate) fn documents<'a>(page: &'a Page, repeated: &dyn Fn(&str) -> bool) -> Vec<IndexDocument<'a>> {
    let names = all_names(page).collect();
    let description = page.description.as_deref().unwrap_or_default();
    let part = |sections: &[Section], headings: Vec<&'a str>| {
        let (repeated, headings) = headings.into_iter().partition(|heading| repeated(heading));
        let mut texts = sections.iter().map(plain);
        let (mut prose, mut code) = texts.next().unwrap_or_default();
        texts.for_each(|(more_prose, more_code)| {
            prose = std::mem::take(&mut prose) + "\n" + &more_prose;
            code = std::mem::take(&mut code) + "\n" + &more_code;
        });
        IndexDocument {
            names: Vec::new(),
            description: "",
            headings,
            repeated,
            prose,
            code,
            concepts: concepts(sections),
        }
    };
    let mut documents: Vec<IndexDocument<'a>> = if page.kind == Kind::Concept || page.sections.is_empty() {
        vec![part(&page.sections, page.sections.iter().map(|section| &*section.title).collect())]
    } else {
        let sections = page.sections.iter().enumerate();
        sections.map(|(idx, section)| part(std::slice::from_ref(section), headings(page, idx).collect())).collect()
    };
    documents[0].names = names;
    // Where nobody wrote one, the description is the text's own beginning, which would count twice.
    if !says(&documents[0].prose, description) {
        documents[0].description = description;
    }
    documents
}

/// Whether `text` holds `passage`, however both are broken into lines.
pub(crate) fn says(text: &str, passage: &str) -> bool {
    let run = |text: &str| text.split_whitespace().collect::<String>();
    run(text).contains(&run(passage))
}

fn concepts(sections: &[Section]) -> Vec<(PageId, u32)> {
    let mut concepts: Vec<(PageId, u32)> = Vec::new();
    for text in sections.iter().flat_map(Section::texts) {
        concepts.extend(text.mentions.iter().map(|mention| (mention.concept, mention.count)));
        concepts.extend(text.links.iter().map(|link| (link.target, LINK_MENTIONS)));
    }
    concepts.sort_unstable();
    concepts.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    concepts
}

/// Prose and code of a section.
pub(crate) fn plain(section: &Section) -> (String, String) {
    let plain: Vec<&str> = section.texts().map(|text| text.plain.as_str()).collect();
    (plain.join("\n"), section.texts().map(|text| text.code.as_str()).collect())
}

/// The heading of the section at `idx` and those above it.
fn headings(page: &Page, idx: usize) -> impl Iterator<Item = &str> {
    let mut level = page.sections[idx].level.saturating_add(1);
    page.sections[..=idx].iter().rev().filter_map(move |section| {
        let is_above = section.level < level && section.level > 0;
        if is_above {
            level = section.level;
        }
        is_above.then_some(&*section.title)
    })
}
