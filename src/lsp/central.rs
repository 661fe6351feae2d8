//! Where a central file says what a page is called.

use gradus_corpus::PageId;
use ls_types::Range;

use super::symbol::{part, values};
use super::text::LinedText;
use super::world::World;

/// The names that the entry of `page` in a file of YAML with the text `text` gives: its key first, then its fields.
pub(super) fn declared_names(world: &World, page: PageId, text: &LinedText) -> Vec<(Range, String)> {
    let page = world.corpus.page(page);
    let Some(first) = (page.position.line as usize).checked_sub(1) else { return Vec::new() };
    let indent = (page.position.column as usize).saturating_sub(1);
    let indent_of = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let key = |n: &usize| {
        let line = text.line(*n).trim_start_matches([' ', '-']);
        line.split_once(':').is_some_and(|(key, _)| key.trim_matches(['"', '\'']) == &*page.slug)
    };
    let key = (0..=first).rev().find(key).and_then(|n| part(text, n, &page.slug, 0));
    let mut found: Vec<(Range, String)> = key.into_iter().collect();
    let is_inside = |line: &str| line.trim().is_empty() || indent_of(line) >= indent;
    for n in (first..text.n_lines()).take_while(|n| is_inside(text.line(*n))) {
        let line = text.line(n);
        let Some((key, value)) = line.split_once(':').filter(|_| indent_of(line) == indent) else { continue };
        let key = key.trim_start_matches([' ', '-']).trim();
        if matches!(world.desk.field(key), Some("title" | "id" | "slug" | "aliases" | "aka")) {
            found.extend(values(text, n, line.len() - value.len()));
        }
    }
    found
}
