//! What answers tell of a section.

use gradus_corpus::names::place_url;
use gradus_corpus::{Kind, Page, Section};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::Str;

/// A reference to a section.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SectionRef<'a> {
    /// `slug#anchor`; of a lead, which is the page itself, `slug#`.
    pub id: String,
    /// The heading.
    pub title: Str<'a>,
    /// The id of its heading; empty for a lead whose title has none.
    pub anchor: Str<'a>,
    /// Where the site shows it.
    pub url: String,
    /// `free` or `pro`.
    pub access: Str<'a>,
    /// Whether its text is withheld from the viewer.
    pub locked: bool,
}

impl<'a> SectionRef<'a> {
    /// A reference to the section at `idx` of `page`.
    pub fn new(page: &'a Page, idx: usize) -> Self {
        let section = &page.sections[idx];
        Self {
            id: section_id(page, &section.anchor),
            title: section_title(page, section).into(),
            anchor: section_anchor(page, section).into(),
            url: section_url(page, &section.anchor),
            access: section.access.as_str().into(),
            locked: section.is_locked(),
        }
    }
}

/// The id of a section: `slug#anchor` for a guide's, with the kind before it for a concept's.
pub fn section_id(page: &Page, anchor: &str) -> String {
    match page.kind {
        Kind::Guide => format!("{}#{anchor}", page.slug),
        Kind::Concept => format!("{}#{anchor}", page.id()),
    }
}

/// The id of the heading of a section. Over a lead stands that of the page, if anything does.
fn section_anchor<'a>(page: &'a Page, section: &'a Section) -> &'a str {
    if section.anchor.is_empty() { &page.title_anchor } else { &section.anchor }
}

/// Where the site shows a section. A lead is the page itself: who follows a link to it is to see the page from its top.
pub fn section_url(page: &Page, anchor: &str) -> String {
    if anchor.is_empty() { page.url.to_string() } else { place_url(&page.url, anchor) }
}

/// A lead has no heading of its own; the page's title stands over it.
pub(super) fn section_title<'a>(page: &'a Page, section: &'a Section) -> &'a str {
    if section.title.is_empty() { &page.title } else { &section.title }
}

/// The text of `section` as HTML, with its heading where that is wanted.
pub(super) fn section_html(section: &Section, with_heading: bool) -> String {
    let mut html = String::new();
    if with_heading && section.level > 0 {
        let level = section.level.clamp(2, 6);
        let title = section.title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let id = section.anchor.replace('&', "&amp;").replace('"', "&quot;");
        html = if id.is_empty() {
            format!("<h{level}>{title}</h{level}>\n")
        } else {
            format!("<h{level} id=\"{id}\">{title}</h{level}>\n")
        };
    }
    html.extend(section.texts().map(|text| text.html.as_str()));
    html
}

/// The headings above the section at `idx` and its own, from the title of `page` down.
pub fn heading_path(page: &Page, idx: usize) -> Vec<&str> {
    let mut path = vec![section_title(page, &page.sections[idx])];
    let mut level = page.sections[idx].level;
    for above in page.sections[..idx].iter().rev() {
        if above.level < level && above.level > 0 {
            level = above.level;
            path.push(&above.title);
        }
    }
    if path.last() != Some(&&*page.title) {
        path.push(&page.title);
    }
    path.reverse();
    path
}
