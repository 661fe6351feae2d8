//! `fetch`: a page or a section as Markdown, in pieces where it is long.

use gradus_engine::questions::list::Slice;
use gradus_engine::questions::markdown::page_markdown;
use gradus_engine::questions::question::Question as _;
use gradus_engine::questions::reference::find;
use gradus_engine::questions::refusal::Failure;
use gradus_engine::questions::section;
use gradus_engine::view::View;
use serde::{Deserialize, Serialize};

use super::ask::{Arguments, ToolError, read, within};
use super::budget::tokens;

#[derive(Deserialize)]
struct FetchArguments {
    id: String,
    max_tokens: Option<i64>,
    cursor: Option<String>,
}

/// A document in the shape that chat clients know.
#[derive(Serialize)]
struct ToolDocument {
    id: String,
    title: String,
    url: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Reads a page, or the section that `guide#anchor` names.
pub(super) fn fetch(view: &View, arguments: Arguments) -> Result<String, ToolError> {
    let given: FetchArguments = read(&["id", "max_tokens", "cursor"], arguments)?;
    let max_tokens = within("max_tokens", given.max_tokens.unwrap_or(1_200), 1_600)?;
    let max_tokens = usize::try_from(max_tokens).unwrap_or(usize::MAX);
    let (id, title, url, text) = document(view, &given.id)?;
    let start = Slice::new(view, None, given.cursor.as_deref())?.offset;
    let (piece, end) = piece(&text, start, max_tokens);
    let next_cursor = (end < text.len()).then(|| Slice::cursor(view, end));
    let answer = ToolDocument { id, title, url, text: piece.to_owned(), next_cursor };
    serde_json::to_string(&answer).map_err(|wrong| ToolError::Failed(Failure::new(wrong)))
}

/// Id, title, address and text of what `reference` names. Whoever names a section is not given the page for it: an agent would
/// take that for the section.
fn document(view: &View, reference: &str) -> Result<(String, String, String, String), ToolError> {
    let is_section = reference.contains('#')
        && !reference.starts_with("[[")
        && view.corpus.names().by_name(reference, None).is_empty();
    if is_section && !leads_into_page(view, reference) {
        return section_document(view, reference);
    }
    let page = find(view, reference)?;
    let text = page_markdown(view, page);
    let page = view.corpus.page(page);
    Ok((page.id(), page.title.to_string(), page.url.to_string(), text))
}

/// Whether `page#anchor` names a place that its author has marked and that is no section.
fn leads_into_page(view: &View, reference: &str) -> bool {
    let Some((page, anchor)) = reference.split_once('#') else { return false };
    let page = find(view, page).ok().map(|page| view.corpus.page(page));
    page.is_some_and(|page| {
        let is_section = page.sections.iter().any(|section| *section.anchor == *anchor);
        !is_section && page.anchors.iter().any(|own| **own == *anchor)
    })
}

fn section_document(view: &View, reference: &str) -> Result<(String, String, String, String), ToolError> {
    let params = section::SectionParams { id: reference.to_owned() };
    let found = section::SectionQuestion::answer(view, params)?;
    let text = found.text.unwrap_or_else(|| "*This section is for readers with access to it.*".to_owned());
    let headings = found.heading_path.iter().map(|one| &**one).collect::<Vec<_>>().join(" › ");
    Ok((found.section.id, headings, found.section.url, text))
}

/// The part of `text` from byte `start` that fits `max_tokens`, whole paragraphs where it can be, and where it ends.
fn piece(text: &str, start: usize, max_tokens: usize) -> (&str, usize) {
    let start = (start.min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let rest = &text[start..];
    let mut end = 0;
    let mut left = max_tokens;
    for line in rest.split_inclusive('\n') {
        // A JSON string writes a line break with two signs, and quotes too.
        let n_tokens = tokens(line) + 1 + line.matches('"').count();
        if n_tokens > left {
            break;
        }
        left -= n_tokens;
        end += line.len();
    }
    if end == 0 && !rest.is_empty() {
        end = words(rest, max_tokens);
    }
    (&rest[..end], start + end)
}

/// Bytes of `text` up to the last space within `max_tokens`: for a line that is longer than a piece.
fn words(text: &str, max_tokens: usize) -> usize {
    let mut end = 0;
    let mut n_tokens = 0;
    for word in text.split_inclusive(' ') {
        n_tokens += tokens(word);
        if n_tokens > max_tokens && end > 0 {
            break;
        }
        end += word.len();
    }
    // One word beyond all measure, such as a line of base64, is cut where it must be: a token has three bytes or more.
    let longest = max_tokens * 3;
    if end > longest && !text[..end].contains(' ') {
        return (0..=longest).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(end).max(1);
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_joined_are_the_text() {
        let text = format!("# Title\n\nA paragraph of words.\n{}\n\nÄnd\n", "long ".repeat(300));
        let (mut joined, mut start, mut n_pieces) = (String::new(), 0, 0);
        while start < text.len() {
            let (piece, end) = piece(&text, start, 100);
            assert!(tokens(piece) <= 110, "{} tokens", tokens(piece));
            joined += piece;
            start = end;
            n_pieces += 1;
        }
        assert_eq!(joined, text);
        assert!(n_pieces > 2);
    }

    #[test]
    fn a_word_without_end_is_cut_between_characters() {
        let text = "ü".repeat(4_000);
        let (piece, end) = piece(&text, 0, 100);
        assert_eq!(piece.len(), end);
        assert!(end <= 300);
    }
}
