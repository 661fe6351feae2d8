//! The text of a page as it is read for names: what stands where, and what it is there for.

use gradus_corpus::{Link, Page};

use super::role::{SectionRole, role_of};

/// Bytes of a description that are looked for at the start of the text, to tell whether it was taken from there.
const COMPARED_BYTES: usize = 60;

/// A stretch of the text of a page.
pub(super) struct TextUnit<'a> {
    /// Its words.
    pub(super) plain: &'a str,
    /// What its section is there for.
    pub(super) role: SectionRole,
    /// The links in it.
    pub(super) links: &'a [Link],
}

/// The text of `page` in order: its description where that is not its first paragraph, headings and sections. Sections under
/// one that says what is needed, or where to go on, are there for the same.
pub(super) fn units(page: &Page) -> Vec<TextUnit<'_>> {
    let mut units = Vec::new();
    let first = page.sections.iter().flat_map(|section| section.texts()).map(|text| text.plain.trim_start());
    let first = first.filter(|plain| !plain.is_empty()).take(1).collect::<String>();
    if let Some(description) = page.description.as_deref() {
        let start = &description[..description.floor_char_boundary(COMPARED_BYTES)];
        if !first.starts_with(start.trim_end_matches('…')) {
            units.push(TextUnit { plain: description, role: SectionRole::Text, links: &[] });
        }
    }
    let mut under: Option<(u8, SectionRole)> = None;
    for section in &page.sections {
        if under.is_some_and(|(level, _)| section.level <= level) {
            under = None;
        }
        let own = role_of(&section.title);
        if own != SectionRole::Text && under.is_none() {
            under = Some((section.level, own));
        }
        let role = under.map_or(SectionRole::Text, |(_, role)| role);
        if role == SectionRole::Text && !section.title.is_empty() {
            units.push(TextUnit { plain: &section.title, role, links: &[] });
        }
        units.extend(section.texts().map(|text| TextUnit { plain: &text.plain, role, links: &text.links }));
    }
    units
}
