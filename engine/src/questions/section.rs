//! Sections: one whole, or as a part of its page.

use gradus_corpus::{Page, Section};
use serde::Serialize;
use utoipa::ToSchema;

use super::search::{section_id, section_url};
use super::{AskError, ErrorCode, Ref, View, find, find_guide};

/// A reference to a section.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionRef<'a> {
    /// `slug#anchor`.
    pub id: String,
    /// The heading.
    pub title: &'a str,
    /// The fragment of its URL.
    pub anchor: &'a str,
    /// Where the site shows it.
    pub url: String,
}

/// A section of a guide.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuideSection<'a> {
    /// `slug#anchor`.
    pub id: String,
    /// The heading.
    pub title: &'a str,
    /// The fragment of its URL.
    pub anchor: &'a str,
    /// Level of the heading, 1 to 6; 0 for a lead.
    pub level: u8,
    /// `free` or `pro`.
    pub access: &'static str,
    /// Whether its text is withheld from the viewer.
    pub locked: bool,
    /// Whether its text goes on behind the preview.
    pub cut: bool,
    /// Its text; null where locked.
    pub text_html: Option<String>,
}

/// A section whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionAnswer<'a> {
    /// `slug#anchor`.
    pub id: String,
    /// The heading.
    pub title: &'a str,
    /// The fragment of its URL.
    pub anchor: &'a str,
    /// Where the site shows it.
    pub url: String,
    /// Level of the heading, 1 to 6; 0 for a lead.
    pub level: u8,
    /// `free` or `pro`.
    pub access: &'static str,
    /// Whether its text is withheld from the viewer.
    pub locked: bool,
    /// Whether its text goes on behind the preview.
    pub cut: bool,
    /// The page it belongs to.
    pub page: Ref<'a>,
    /// The headings above it, from the page's title down.
    pub heading_path: Vec<&'a str>,
    /// Its Markdown; null where locked.
    pub text: Option<String>,
    /// The same as HTML; null where locked.
    pub text_html: Option<String>,
    /// The snapshot that answered.
    pub generation: &'a str,
}

/// The section that `reference`, a page and an anchor joined by `#`, names. Of a guide and a concept that share the
/// slug, the guide is meant.
///
/// # Errors
/// If there is none.
pub fn section<'a>(view: &'a View, reference: &str) -> Result<SectionAnswer<'a>, AskError> {
    let (page, anchor) = reference.split_once('#').unwrap_or((reference, ""));
    let id = find_guide(view, page).or_else(|_| find(view, page))?;
    let page = view.corpus.page(id);
    let found = page.sections.iter().position(|section| *section.anchor == *anchor);
    let Some(idx) = found else {
        let anchors = page.sections.iter().map(|section| section_id(page, &section.anchor));
        let detail = format!("'{}' has no section '{anchor}'", page.title);
        return Err(AskError::new(ErrorCode::NotFound, detail).suggesting(anchors.take(20).collect()));
    };
    let section = &page.sections[idx];
    let text = || section.texts().map(|text| text.markdown.as_str()).collect::<String>();
    Ok(SectionAnswer {
        id: section_id(page, &section.anchor),
        title: section_title(page, section),
        anchor: &section.anchor,
        url: section_url(page, &section.anchor),
        level: section.level,
        access: section.access.as_str(),
        locked: section.is_locked(),
        cut: section.withheld && !section.is_locked(),
        page: Ref::new(&view.corpus, id),
        heading_path: heading_path(page, idx),
        text: (!section.is_locked()).then(text),
        text_html: (!section.is_locked()).then(|| section_html(section, false)),
        generation: &view.generation,
    })
}

/// A reference to the section at `idx` of `page`.
pub fn section_ref(page: &Page, idx: usize) -> SectionRef<'_> {
    let section = &page.sections[idx];
    SectionRef {
        id: section_id(page, &section.anchor),
        title: section_title(page, section),
        anchor: &section.anchor,
        url: section_url(page, &section.anchor),
    }
}

pub(super) fn dress_section<'a>(page: &'a Page, section: &'a Section) -> GuideSection<'a> {
    GuideSection {
        id: section_id(page, &section.anchor),
        title: section_title(page, section),
        anchor: &section.anchor,
        level: section.level,
        access: section.access.as_str(),
        locked: section.is_locked(),
        cut: section.withheld && !section.is_locked(),
        text_html: (!section.is_locked()).then(|| section_html(section, false)),
    }
}

/// A lead has no heading of its own; the page's title stands over it.
fn section_title<'a>(page: &'a Page, section: &'a Section) -> &'a str {
    if section.title.is_empty() { &page.title } else { &section.title }
}

pub(super) fn section_html(section: &Section, with_heading: bool) -> String {
    let mut html = String::new();
    if with_heading && section.level > 0 {
        let level = section.level.clamp(2, 6);
        let title = section.title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        html = format!("<h{level}>{title}</h{level}>\n");
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
