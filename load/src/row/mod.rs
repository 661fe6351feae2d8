//! Rows: a page as one line of JSON Lines that says everything of it, written and read by one list of fields.
//!
//! The fields of [`PageRow`] are that list: what is written is what is read, and a page is taken apart and put together by
//! patterns that name every field, so that a field that is added to pages does not compile before it stands in a row. Names
//! are those of front matter where it has them, and `body` is Markdown, so that other tools read rows as well.
//!
//! Key decision: a row says what was found in its text (`sections`: anchors, words, HTML, mentions, links), since Markdown of
//! a generator does not read the same without the site around it. The price is three times the bytes. Such a row is
//! believed only where it fits together: sections that do not make up the body, HTML that is not of the kind that is written
//! here, or text behind the preview of a pro guide that is not marked as locked make it a row like any other, whose body is
//! read anew.

mod read;
mod write;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub(crate) use read::RowPage;
pub use write::{page_row, site_row};

/// What ends the preview in a body.
const MORE: &str = "<!-- more -->\n\n";

/// The site as a whole: the first row, where there is anything to say.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteRow<'a> {
    /// Always `site`.
    pub(crate) kind: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) base_url: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lang: Option<Cow<'a, str>>,
}

/// Whether a flag is not set, which need not be written.
fn is_not(flag: &bool) -> bool {
    !flag
}

/// Whether a flag is set that is so nearly always.
fn is_so(flag: &bool) -> bool {
    *flag
}

/// What `search` is where a row does not say.
fn searchable() -> bool {
    true
}

/// A page.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PageRow<'a> {
    kind: Cow<'a, str>,
    id: Cow<'a, str>,
    title: Cow<'a, str>,
    url: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    path: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aka: Vec<Cow<'a, str>>,
    /// Old URLs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    category: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tracks: Vec<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    level: Option<Cow<'a, str>>,
    /// Minutes, where an author says them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time: Option<u32>,
    /// Minutes, where they were counted from words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    estimated_time: Option<u32>,
    access: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sources: Vec<SourceRow<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lang: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    updated: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Cow<'a, str>>,
    /// Whether search may name it.
    #[serde(default = "searchable", skip_serializing_if = "is_so")]
    search: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    series: Option<Cow<'a, str>>,
    /// What it requires and assumes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    prerequisites: Vec<StatedRow<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    prose_prerequisites: Vec<ProseRow<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    teaches: Vec<StatedRow<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    related: Vec<StatedRow<'a>>,
    /// Full ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    related_exclude: Vec<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    companion: Vec<StatedRow<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    contrasts: Vec<StatedRow<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    part_of: Vec<StatedRow<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    improves_on: Vec<StatedRow<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    follows: Vec<StatedRow<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    questions: Vec<QuestionRow<'a>>,
    /// The id of the heading that is the title.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    title_anchor: Cow<'a, str>,
    /// Places that a link may lead to and that are no section.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    anchors: Vec<Cow<'a, str>>,
    /// Where it was declared.
    file: Cow<'a, str>,
    at: (u32, u32),
    /// Markdown; of a pro guide, what everybody may read ends with `<!-- more -->`.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    body: Cow<'a, str>,
    /// Bytes of the body before that mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    preview: Option<usize>,
    /// What the body was read as. That it stands here, be it empty, tells such a row from those that people write.
    sections: Vec<SectionRow<'a>>,
}

/// A source of facts.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceRow<'a> {
    title: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    year: Option<i32>,
}

/// A page that a relation is stated to.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatedRow<'a> {
    /// The full id of a concept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    concept: Option<Cow<'a, str>>,
    /// The full id of a guide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    guide: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    strength: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'a, str>>,
    /// How it came to be known; in front matter where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<Cow<'a, str>>,
    /// Its file, where that is not the page's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<Cow<'a, str>>,
    /// Line and column.
    at: (u32, u32),
}

/// A prerequisite that names nothing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProseRow<'a> {
    text: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<Cow<'a, str>>,
    at: (u32, u32),
}

/// A question.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionRow<'a> {
    id: Cow<'a, str>,
    kind: Cow<'a, str>,
    prompt: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    choices: Option<Vec<Cow<'a, str>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    explanation: Option<Cow<'a, str>>,
    /// Full ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    concepts: Vec<Cow<'a, str>>,
    /// Whether choices, answer and explanation were withheld from who exported it.
    #[serde(default, skip_serializing_if = "is_not")]
    locked: bool,
}

/// A heading and what stands under it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionRow<'a> {
    title: Cow<'a, str>,
    anchor: Cow<'a, str>,
    level: u8,
    text: TextRow<'a>,
    /// What stands behind the preview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locked: Option<TextRow<'a>>,
    /// Whether text was withheld from who exported it.
    #[serde(default, skip_serializing_if = "is_not")]
    withheld: bool,
}

/// A text.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TextRow<'a> {
    /// Where its Markdown stands in the body: first byte, and length in bytes.
    markdown: (usize, usize),
    #[serde(default, skip_serializing_if = "str::is_empty")]
    plain: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    code: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    html: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<MentionRow<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    links: Vec<LinkRow<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hrefs: Vec<Option<Cow<'a, str>>>,
}

/// A concept that a text names.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MentionRow<'a> {
    /// Its full id.
    concept: Cow<'a, str>,
    count: u32,
    at: (u32, u32),
}

/// A link of a text.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkRow<'a> {
    /// The full id of the page that it leads to.
    to: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    anchor: Option<Cow<'a, str>>,
    at: (u32, u32),
}

#[cfg(test)]
mod tests {
    use crate::fields::NAMES;

    /// Fields of front matter that stand in a row under another name, or say nothing of what was loaded.
    const ELSEWHERE: &[(&str, &str)] = &[("slug", "id"), ("recommended", "prerequisites"), ("draft", "search")];

    #[test]
    fn every_field_of_front_matter_has_its_place_in_a_row() {
        let row = r#"{"kind":"guide","id":"a","title":"A","url":"/a","access":"free","time":1,"file":"","at":[0,0],
            "sections":[],"nonsense":1}"#;
        // Serde lists what it knows where it meets what it does not.
        let known = serde_json::from_str::<super::PageRow<'_>>(row).unwrap_err().to_string();
        let lost = NAMES.iter().copied().filter(|name| {
            let name = ELSEWHERE.iter().find(|(own, _)| own == name).map_or(*name, |(_, there)| *there);
            !known.contains(&format!("`{name}`"))
        });
        assert_eq!(lost.count(), 0);
    }
}
