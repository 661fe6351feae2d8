//! Snippets: the passage that shows best why a page was found.

use gradus_corpus::Page;
use rustc_hash::FxHashSet;

use crate::analysis::{stem, words};
use crate::build::plain;

/// Characters of a passage: two lines of a result list.
const PASSAGE_CHARS: usize = 160;
/// Bytes of a text that are looked through for a passage.
const MAX_BYTES: usize = 20_000;

/// A passage of plain text and what matched in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The passage.
    pub text: String,
    /// First character and one behind the last of each match, in characters, in order, apart from each other.
    pub highlights: Vec<(usize, usize)>,
}

/// Knows what to mark.
#[derive(Default)]
pub(crate) struct Marker {
    terms: FxHashSet<String>,
    stems: FxHashSet<String>,
}

impl Marker {
    pub(crate) fn add(&mut self, term: &str, is_stem: bool) {
        let set = if is_stem { &mut self.stems } else { &mut self.terms };
        set.insert(term.to_owned());
    }

    /// The best passage of the section at `idx`, with its heading if nothing else matches.
    pub(crate) fn of_section(&self, page: &Page, idx: usize) -> Snippet {
        let Some(section) = page.sections.get(idx) else { return Snippet::default() };
        let (text, code) = plain(section);
        let snippet = self.passage(&text);
        if !snippet.highlights.is_empty() || self.is_empty() {
            return snippet;
        }
        let others = [self.passage(&code), self.passage(&section.title), self.passage(&page.title)];
        others.into_iter().find(|other| !other.highlights.is_empty()).unwrap_or(snippet)
    }

    /// The best passage of the description, the text or the names of a page.
    pub(crate) fn of_page(&self, page: &Page) -> Snippet {
        let description = self.passage(page.description.as_deref().unwrap_or_default());
        if !description.highlights.is_empty() || self.is_empty() && !description.text.is_empty() {
            return description;
        }
        for section in &page.sections {
            let (text, code) = plain(section);
            let found = [self.passage(&text), self.passage(&code)].into_iter().find(|one| !one.highlights.is_empty());
            if let Some(found) = found {
                return found;
            }
        }
        let mut names = std::iter::once(&page.title).chain(&page.names).map(|name| self.passage(name));
        let named = names.find(|name| !name.highlights.is_empty());
        named.unwrap_or_else(|| if description.text.is_empty() { self.passage(&page.title) } else { description })
    }

    fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.stems.is_empty()
    }

    fn is_marked(&self, word: &str) -> bool {
        self.terms.contains(word) || !self.stems.is_empty() && self.stems.contains(&stem(word))
    }

    /// The passage with the most different matches, the first of equals, cut between words.
    fn passage(&self, text: &str) -> Snippet {
        let end = (0..=text.len().min(MAX_BYTES)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let text = &text[..end];
        let matches: Vec<(usize, usize, String)> = if self.is_empty() {
            Vec::new()
        } else {
            let marked = words(text).into_iter().filter(|word| self.is_marked(&word.text));
            marked.map(|word| (word.start, word.end, word.text)).collect()
        };
        let start = best_start(text, &matches);
        let start = word_start(text, start);
        let end = passage_end(text, start);
        let passage = text[start..end].trim_end();
        let mut highlights: Vec<(usize, usize)> = Vec::new();
        for (from, to, _) in matches.iter().filter(|(from, to, _)| *from >= start && *to <= start + passage.len()) {
            let from_char = text[start..*from].chars().count();
            let to_char = from_char + text[*from..*to].chars().count();
            match highlights.last_mut() {
                Some((_, last)) if *last >= from_char => *last = (*last).max(to_char),
                _ => highlights.push((from_char, to_char)),
            }
        }
        Snippet { text: passage.replace(['\n', '\r'], " "), highlights }
    }
}

/// Where the window with most different matches begins: a little before its first match.
fn best_start(text: &str, matches: &[(usize, usize, String)]) -> usize {
    let mut best = (0, 0);
    for (idx, (start, ..)) in matches.iter().enumerate() {
        let within = matches[idx..].iter().take_while(|(_, end, _)| end - start <= PASSAGE_CHARS * 3 / 4);
        let distinct: FxHashSet<&str> = within.map(|(_, _, word)| word.as_str()).collect();
        if distinct.len() > best.0 {
            best = (distinct.len(), *start);
        }
    }
    let lead = PASSAGE_CHARS / 4;
    let at = if best.1 <= lead * 2 { 0 } else { best.1 - lead };
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The first word that starts at or behind `at`.
fn word_start(text: &str, at: usize) -> usize {
    if at == 0 {
        return 0;
    }
    let space = text[at..].char_indices().take(PASSAGE_CHARS / 4).find(|(_, char)| char.is_whitespace());
    space.map_or(at, |(offset, char)| at + offset + char.len_utf8())
}

/// The last end of a word within the length of a passage.
fn passage_end(text: &str, start: usize) -> usize {
    let Some((limit, _)) = text[start..].char_indices().nth(PASSAGE_CHARS) else { return text.len() };
    let space = text[start..start + limit].rfind(char::is_whitespace).filter(|space| *space > limit / 2);
    start + space.unwrap_or(limit)
}
