//! Corpora written as text, for tests and benches of the crates above.
//!
//! ```
//! let corpus = gradus_corpus::fixture::corpus(
//!     "attention <- softmax, matmul
//!      kv-cache <- attention, ?gpu
//!      guide:serving teaches kv-cache; assumes attention; links guide:basics",
//! );
//! assert_eq!(corpus.n_concepts(), 5);
//! ```

use crate::corpus::{Corpus, Parts};
use crate::edge::{Edge, Origin, Relation, Strength};
use crate::page::{Kind, Page, PageId};
use crate::position::Position;

/// The corpus that `text` draws, a statement a line.
///
/// `a <- b, ?c` says that concept `a` requires `b` and recommends `c`; `a teaches b, c; assumes d` states other
/// relations by their names. `guide:g` is a guide. `a @ 25` gives minutes. Pages come to be when they are first named.
///
/// # Panics
/// If a line is none of these.
#[expect(clippy::panic, reason = "a broken fixture is a broken test")]
pub fn corpus(text: &str) -> Corpus {
    let mut parts = Parts::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (subject, rest) = line.split_once(' ').unwrap_or((line, ""));
        let from = named(&mut parts, subject);
        for statement in rest.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
            let (verb, objects) = statement.split_once(' ').unwrap_or((statement, ""));
            if verb == "@" {
                let Ok(minutes) = objects.trim().parse() else { panic!("minutes in fixture line: {line}") };
                parts.pages[from.idx()].minutes = minutes;
                parts.pages[from.idx()].estimated = false;
                continue;
            }
            let relation = if verb == "<-" { Some(Relation::Requires) } else { Relation::parse(verb) };
            let Some(relation) = relation else { panic!("relation in fixture line: {line}") };
            for object in objects.split(',').map(str::trim).filter(|object| !object.is_empty()) {
                let (strength, object) = match object.strip_prefix('?') {
                    Some(object) => (Strength::Recommended, object),
                    None => (Strength::Required, object),
                };
                let to = named(&mut parts, object);
                let position = Position::default();
                let origin = Origin::FrontMatter;
                parts.edges.push(Edge { from, relation, to, strength, origin, count: 1, reason: None, position });
            }
        }
    }
    Corpus::assemble(parts)
}

fn named(parts: &mut Parts, name: &str) -> PageId {
    let (kind, slug) = match name.strip_prefix("guide:") {
        Some(slug) => (Kind::Guide, slug),
        None => (Kind::Concept, name),
    };
    let known = (0..).zip(&parts.pages).find(|(_, page)| page.kind == kind && *page.slug == *slug);
    if let Some((idx, _)) = known {
        return PageId(idx);
    }
    parts.pages.push(Page::new(kind, slug));
    PageId(u32::try_from(parts.pages.len() - 1).unwrap_or(u32::MAX))
}
