//! Where names of concepts are sighted on a page.

use gradus_corpus::{Page, PageId, Section, same_name};

use super::phrase::{acronyms, defined_by, in_heading, name_of};
use crate::suggest::cue::sentences_of;
use crate::suggest::role::{SectionRole, role_of};

/// How a name was sighted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SightingKind {
    /// A wikilink to a page that is not there.
    Wikilink,
    /// An entry of a glossary.
    Glossary,
    /// A term of a definition list or a `<dfn>`.
    Term,
    /// A long form with its acronym.
    Acronym,
    /// The subject of a sentence that defines it.
    Sentence,
    /// A heading.
    Heading,
    /// The title of a page.
    Title,
    /// A tag of several pages.
    Tag,
    /// Bold.
    Bold,
}

impl SightingKind {
    pub(super) const ALL: &[Self] = &[
        Self::Wikilink,
        Self::Glossary,
        Self::Term,
        Self::Acronym,
        Self::Sentence,
        Self::Heading,
        Self::Title,
        Self::Tag,
        Self::Bold,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Wikilink => "wikilink",
            Self::Glossary => "glossary",
            Self::Term => "term",
            Self::Acronym => "acronym",
            Self::Sentence => "definition",
            Self::Heading => "heading",
            Self::Title => "title",
            Self::Tag => "tag",
            Self::Bold => "bold",
        }
    }

    /// What one such sighting is worth.
    pub(super) fn worth(self) -> f32 {
        match self {
            Self::Wikilink | Self::Glossary => 3.2,
            Self::Term => 2.6,
            Self::Acronym => 1.8,
            Self::Sentence => 1.2,
            Self::Heading | Self::Title => 0.9,
            Self::Tag => 1.0,
            Self::Bold => 0.5,
        }
    }

    /// On how many pages it has to be sighted to count.
    pub(super) fn n_pages_needed(self) -> usize {
        if self == Self::Tag { 2 } else { 1 }
    }

    /// How much it says of the section that it explains the concept, in mentions.
    pub(super) fn teaches(self) -> usize {
        match self {
            Self::Heading => 8,
            Self::Title | Self::Sentence | Self::Term => 6,
            Self::Glossary | Self::Acronym => 3,
            Self::Bold => 2,
            Self::Wikilink => 1,
            Self::Tag => 0,
        }
    }
}

/// A name where it was sighted.
pub(super) struct Sighting {
    pub(super) name: Box<str>,
    pub(super) kind: SightingKind,
    pub(super) page: PageId,
    /// The position of the section.
    pub(super) section: usize,
    /// The sentence that defines it, if it is one.
    pub(super) definition: Option<Box<str>>,
    /// The long form of an acronym.
    pub(super) other: Option<String>,
}

/// The names that are sighted on `page`.
pub(super) fn sightings(id: PageId, page: &Page) -> Vec<Sighting> {
    let mut found = Vec::new();
    let is_glossary = ["glossary", "terminology", "glossario", "glossar", "glossaire", "glosario"]
        .iter()
        .any(|word| page.title.to_lowercase().contains(word) || page.path.to_lowercase().contains(&format!("{word}.")));
    let mut put = |name: Option<Box<str>>, kind, section, definition: Option<&str>, other: Option<String>| {
        if let Some(name) = name {
            let definition = definition.map(|text| text.trim().into());
            found.push(Sighting { name, kind, page: id, section, definition, other });
        }
    };
    put(in_heading(&page.title).filter(|_| !is_glossary), SightingKind::Title, 0, None, None);
    for tag in &page.tags {
        put(name_of(&tag.replace(['-', '_'], " ")), SightingKind::Tag, 0, None, None);
    }
    for (at, section) in
        page.sections.iter().enumerate().filter(|(_, section)| role_of(&section.title) != SectionRole::Onward)
    {
        let first = sentences_of(&section.text.plain).next();
        if !section.title.is_empty() {
            let kind = if is_glossary && section.level > 1 { SightingKind::Glossary } else { SightingKind::Heading };
            put(in_heading(&section.title), kind, at, first.filter(|_| kind == SightingKind::Glossary), None);
        }
        for text in section.texts() {
            for (name, definition) in marked(&text.html, &["dfn", "dt"]) {
                put(name_of(&name), SightingKind::Term, at, definition.as_deref(), None);
            }
            for (name, definition) in marked(&text.html, &["strong", "b"]) {
                let kind = if is_glossary { SightingKind::Glossary } else { SightingKind::Bold };
                put(name_of(&name), kind, at, definition.as_deref().filter(|_| is_glossary), None);
            }
            for name in wikilinks(&text.markdown) {
                put(name_of(&name), SightingKind::Wikilink, at, None, None);
            }
            for (short, long) in acronyms(&text.plain) {
                put(name_of(&short), SightingKind::Acronym, at, None, Some(long));
            }
        }
        defining(section, &mut |name, sentence| put(Some(name), SightingKind::Sentence, at, Some(sentence), None));
    }
    found
}

/// The sentences at the beginnings of blocks that say what something is.
fn defining(section: &Section, put: &mut dyn FnMut(Box<str>, &str)) {
    for text in section.texts() {
        for block in text.plain.lines() {
            if let Some(sentence) = sentences_of(block).next()
                && let Some(name) = defined_by(sentence)
            {
                put(name, sentence);
            }
        }
    }
}

/// The texts between tags of `names`, and what stands behind each up to the end of its block.
fn marked(html: &str, names: &[&str]) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    for name in names {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        for (at, _) in html.match_indices(&open) {
            let start = at + open.len();
            let Some(len) = html[start..].find(&close) else { continue };
            let behind = &html[start + len + close.len()..];
            let end = ["</p>", "</li>", "</dd>", "<dt>"].iter().filter_map(|end| behind.find(end)).min();
            let definition = end.map(|end| text_of(&behind[..end]));
            let definition = definition.map(|text| text.trim_start_matches([':', '–', '—', '-', ' ', '.']).to_owned());
            found.push((text_of(&html[start..start + len]), definition.filter(|text| !text.is_empty())));
        }
    }
    found
}

/// `html` without tags, and with the four signs that are written as entities.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut is_tag = false;
    for char in html.chars() {
        match char {
            '<' => is_tag = true,
            '>' => is_tag = false,
            char if !is_tag => text.push(char),
            _ => {}
        }
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let text = entities.iter().fold(text, |text, (entity, sign)| text.replace(entity, sign));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names that are left between double brackets: those of pages that are there have become links. A slug is shown as the
/// text of its link where that is the same name, else with spaces.
fn wikilinks(markdown: &str) -> impl Iterator<Item = String> {
    markdown.match_indices("[[").filter_map(|(at, _)| {
        let inside = markdown[at + 2..].split_once("]]")?.0;
        let (target, text) = inside.split_once('|').unwrap_or((inside, inside));
        let target = target.split('#').next()?.trim();
        let target = target.strip_prefix("concept:").unwrap_or(target);
        if inside.contains('\n') || target.contains(':') {
            return None;
        }
        Some(if same_name(target, text) { text.trim().to_owned() } else { target.replace(['-', '_'], " ") })
    })
}
