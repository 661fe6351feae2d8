//! Mentions: which concepts does a text name?

use std::sync::LazyLock;

use fst::{Map, MapBuilder};

use super::keys::{fold, fold_char};
use crate::normal::{clusters, push_normal};
use crate::page::{Kind, Page, PageId};

/// Finds the names of concepts in texts.
pub struct Finder {
    names: Map<Vec<u8>>,
    /// For each concept and name with a casing of its own: the casing. Sorted.
    cased: Vec<(PageId, Box<str>)>,
    /// By letter or digit of ASCII in lower case: whether a name starts with it. Most words start no name, and are passed over.
    starts: [bool; 128],
}

/// A single word that stands for a concept only as it is written: an everyday word, or an acronym that spells one.
fn needs_casing(name: &str) -> bool {
    static EVERYDAY: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let mut words: Vec<&str> = include_str!("../everyday.txt").split_whitespace().collect();
        words.sort_unstable();
        words
    });
    let is_acronym = name.len() <= 4 && name.chars().all(|char| char.is_uppercase() || char.is_numeric());
    let is_word = !fold(name).contains(' ');
    is_word && (is_acronym || EVERYDAY.binary_search(&name.to_lowercase().as_str()).is_ok())
}

impl Finder {
    /// A finder for the titles and names of the concepts among `pages`. A name that several carry belongs to the first.
    pub fn new<'a>(pages: impl Iterator<Item = (PageId, &'a Page)>) -> Self {
        let mut entries: Vec<(Box<str>, PageId)> = Vec::new();
        let mut cased = Vec::new();
        for (id, page) in pages.filter(|(_, page)| page.kind == Kind::Concept) {
            for name in std::iter::once(&page.title).chain(&page.names) {
                entries.push((fold(name).into(), id));
                if needs_casing(name) {
                    cased.push((id, name.clone()));
                }
            }
        }
        entries.retain(|(key, _)| !key.is_empty());
        entries.sort_unstable();
        entries.dedup_by(|later, kept| later.0 == kept.0);
        cased.sort_unstable();
        let mut names = MapBuilder::memory();
        for (key, page) in &entries {
            // Keys come sorted and each once, which is all that the builder asks for.
            let inserted = names.insert(key.as_bytes(), u64::from(page.0));
            debug_assert!(inserted.is_ok());
        }
        let mut starts = [false; 128];
        for (key, _) in &entries {
            if let Some(starts) = starts.get_mut(usize::from(key.as_bytes()[0])) {
                *starts = true;
            }
        }
        Self { names: names.into_map(), cased, starts }
    }

    /// Calls `found` with each name in `text` and its byte offset: whole words, the longest at each place, none inside
    /// another. O(text).
    pub fn find(&self, text: &str, mut found: impl FnMut(PageId, usize)) {
        let mut skip_to = 0;
        let mut before = ' ';
        let mut normal = String::new();
        for (at, char) in text.char_indices() {
            let starts_word = char.is_alphanumeric() && !(before.is_alphanumeric() || before == '_');
            before = char;
            if starts_word
                && at >= skip_to
                && self.may_start(&text[at..])
                && let Some((concept, end)) = self.longest(text, at, &mut normal)
            {
                found(concept, at);
                skip_to = end;
            }
        }
    }

    /// Whether a name may start where `rest` does, as far as its first letter tells.
    fn may_start(&self, rest: &str) -> bool {
        match rest.as_bytes() {
            // Marks that change a letter stand behind it, and are not of ASCII.
            [first, next, ..] if first.is_ascii() && next.is_ascii() => {
                self.starts[usize::from(first.to_ascii_lowercase())]
            }
            [first] => self.starts.get(usize::from(first.to_ascii_lowercase())).is_some_and(|starts| *starts),
            _ => true,
        }
    }

    /// The longest name that starts at `start`, and where it ends. A plural `s` belongs to it. `normal` is room to work in.
    fn longest(&self, text: &str, start: usize, normal: &mut String) -> Option<(PageId, usize)> {
        let transducer = self.names.as_fst();
        let mut node = transducer.root();
        let mut value = fst::raw::Output::zero();
        let mut best = None;
        let mut in_gap = false;
        for (at, cluster) in clusters(&text[start..]) {
            normal.clear();
            push_normal(cluster, normal);
            for char in normal.chars() {
                let folded = fold_char(char);
                if folded.is_none() && in_gap {
                    continue;
                }
                in_gap = folded.is_none();
                for byte in folded.unwrap_or(' ').encode_utf8(&mut [0; 4]).bytes() {
                    let Some(idx) = node.find_input(byte) else { return best };
                    let step = node.transition(idx);
                    value = value.cat(step.out);
                    node = transducer.node(step.addr);
                }
            }
            let end = start + at + cluster.len();
            if node.is_final() && !in_gap {
                let name_end = word_end(text, end);
                let page = u32::try_from(value.cat(node.final_output()).value()).map(PageId);
                if let (Some(name_end), Ok(page)) = (name_end, page)
                    && self.is_cased_right(page, &text[start..end])
                {
                    best = Some((page, name_end));
                }
            }
        }
        best
    }

    fn is_cased_right(&self, page: PageId, written: &str) -> bool {
        let start = self.cased.partition_point(|(cased, _)| *cased < page);
        let casings = self.cased[start..].iter().take_while(|(cased, _)| *cased == page).map(|(_, name)| name);
        let mut alike = casings.filter(|name| fold(name) == fold(written)).peekable();
        alike.peek().is_none() || alike.any(|name| **name == *written)
    }
}

/// Where the word that a name ends in ends: at `end`, or one plural `s` later; `None` where the word goes on.
fn word_end(text: &str, end: usize) -> Option<usize> {
    let goes_on = |at: usize| text[at..].chars().next().is_some_and(|next| next.is_alphanumeric() || next == '_');
    if !goes_on(end) {
        return Some(end);
    }
    (text[end..].starts_with('s') && !goes_on(end + 1)).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concept(slug: &str, title: &str, names: &[&str]) -> Page {
        let mut page = Page::new(Kind::Concept, slug);
        page.title = title.into();
        page.names = names.iter().map(|name| (*name).into()).collect();
        page
    }

    fn pages() -> Vec<Page> {
        vec![
            concept("attention", "Attention", &[]),
            concept("kv-cache", "KV cache", &["key-value cache"]),
            concept("paged-attention", "PagedAttention", &["paged attention"]),
            concept("rag", "RAG", &["retrieval-augmented generation"]),
            concept("word2vec", "Café’s naïve Łódź", &["설명"]),
        ]
    }

    fn found(text: &str) -> String {
        let pages = pages();
        let finder = Finder::new((0..).map(PageId).zip(&pages));
        let mut found = Vec::new();
        finder.find(text, |page, at| found.push(format!("{}@{at}", pages[page.idx()].slug)));
        found.join(" ")
    }

    #[test]
    fn names_are_found_as_whole_words_and_the_longest_wins() {
        assert_eq!(found("The KV-cache and KV\ncaches."), "kv-cache@4 kv-cache@17");
        assert_eq!(found("paged attention is no attention; Attention is."), "paged-attention@0 attention@33");
        assert_eq!(found("a rag, RAG, ragged kv cached"), "rag@7");
        assert_eq!(found("retrieval augmented generations"), "rag@0");
        assert_eq!(found(""), "");
    }

    #[test]
    fn names_are_found_however_their_letters_are_composed() {
        assert_eq!(found("the cafe\u{301}'s nai\u{308}ve lodz, CAFÉS NAÏVE"), "word2vec@4");
        assert_eq!(found("\u{1109}\u{1165}\u{11af}\u{1106}\u{1167}\u{11bc}, KV\u{ad} cache"), "word2vec@0 kv-cache@20");
    }
}
