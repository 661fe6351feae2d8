//! A page as Markdown: for readers of text, agents and files, with what every door shows of it and nothing else.

use std::fmt::Write as _;

use gradus_corpus::{Page, PageId, Section};

use super::card::Card;
use super::page_parts::needs;
use crate::view::View;

/// What stands where text was withheld.
const WITHHELD: &str = "*The rest of this section is for readers with access to it.*";

/// The page `id` as far as `view` holds it: title, definition, what to know before, then section by section. Linear in
/// the length of the page.
pub fn page_markdown(view: &View, id: PageId) -> String {
    let page = view.corpus.page(id);
    let mut text = format!("# {}\n", page.title);
    if let Some(description) = page.description.as_deref().filter(|description| !begins_with(page, description)) {
        push_block(&mut text, description);
    }
    push_block(&mut text, &facts(page));
    let needs: Vec<String> = needs(view, id).iter().map(|one| link(&one.page)).collect();
    if !needs.is_empty() {
        push_block(&mut text, &format!("Before this: {}", needs.join(", ")));
    }
    for section in &page.sections {
        push_section(&mut text, page, section);
    }
    text
}

/// Whether the text of `page` begins with `description`, as it does where that was taken from there, or is called so. A description
/// may have been cut at its end.
fn begins_with(page: &Page, description: &str) -> bool {
    let description = description.trim_end_matches(['…', '.', ' ']);
    let text = page.sections.first().and_then(|section| section.texts().next());
    let text = text.map_or("", |text| text.plain.trim_start());
    description.is_empty() || description == page.title.trim_end_matches('.') || text.starts_with(description)
}

/// The section at `idx` of `page` as Markdown, its heading first.
pub fn section_markdown(page: &Page, idx: usize) -> String {
    let mut text = String::new();
    push_section(&mut text, page, &page.sections[idx]);
    text
}

fn push_section(text: &mut String, page: &Page, section: &Section) {
    // The title stands over the page already; as a heading of the first section it would stand there twice.
    if section.level > 0 && section.title != page.title {
        let level = usize::from(section.level.clamp(2, 6));
        push_block(text, &format!("{} {}", "#".repeat(level), section.title));
    }
    for run in section.texts() {
        push_block(text, run.markdown.trim());
    }
    if section.withheld {
        push_block(text, WITHHELD);
    }
}

/// Kind, level, minutes and address, in one line.
fn facts(page: &Page) -> String {
    let mut facts = page.kind.as_str().to_owned();
    if let Some(level) = page.level {
        facts += " · ";
        facts += level.as_str();
    }
    // Writing to a string cannot fail.
    let _ = write!(facts, " · {} min · <{}>", page.minutes, page.url);
    facts
}

fn link(page: &Card<'_>) -> String {
    format!("[{}]({})", link_text(&page.title), link_to(&page.url))
}

/// `text` between the brackets of a link: in one line, with brackets that end none.
pub(super) fn link_text(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// `url` between the parentheses of a link.
pub(super) fn link_to(url: &str) -> String {
    let is_plain = !url.is_empty() && !url.contains(|char: char| char.is_whitespace() || "()<>".contains(char));
    if is_plain { url.to_owned() } else { format!("<{}>", url.replace(['<', '>', '\n', '\r'], "")) }
}

fn push_block(text: &mut String, block: &str) {
    if !block.is_empty() {
        text.push('\n');
        text.push_str(block);
        text.push('\n');
    }
}
