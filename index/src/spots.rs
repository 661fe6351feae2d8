//! Spots: where a text may hold what a query asks for, found without reading its words.
//!
//! Reading the words of all texts that are shown took four fifths of a search; most stretches of text cannot hold what is looked
//! for. In a stretch between blanks of nothing but ASCII, without an apostrophe and without a dot before a letter, every word and
//! every part of one stands letter by letter, in whatever casing. So a search for the words' beginnings tells which of these
//! stretches are worth reading; all others are.

use std::ops::Range;

use aho_corasick::Span;
use aho_corasick::packed::Searcher;

/// Beginnings of words that are looked for.
#[derive(Default)]
pub(crate) struct Spots {
    /// `None` where it cannot be searched for all of them at once: then every stretch is one.
    searcher: Option<Searcher>,
}

impl Spots {
    /// Where words that begin with any of `beginnings`, which are in their normal form, may stand.
    pub(crate) fn new<'a>(beginnings: impl Iterator<Item = &'a str>) -> Self {
        // What is not ASCII stands in stretches that are read in any case.
        let beginnings: Vec<&str> = beginnings.filter(|beginning| beginning.is_ascii()).collect();
        let has_all = beginnings.iter().all(|beginning| !beginning.is_empty());
        Self { searcher: has_all.then(|| Searcher::new(beginnings)).flatten() }
    }

    /// The stretches of `text`. O(text).
    pub(crate) fn stretches<'a>(&'a self, text: &'a str) -> Stretches<'a> {
        Stretches { text, lower: text.to_ascii_lowercase(), spots: self, at: 0, next_odd: None }
    }
}

/// The stretches of a text that are worth reading.
pub(crate) struct Stretches<'a> {
    text: &'a str,
    lower: String,
    spots: &'a Spots,
    at: usize,
    /// The next byte, from `at` or from before it, that is not written letter by letter.
    next_odd: Option<usize>,
}

impl Stretches<'_> {
    /// The next stretch that may hold what is looked for.
    pub(crate) fn next_spot(&mut self) -> Option<Range<usize>> {
        let spot = self.odd().min(self.found());
        if spot >= self.text.len() {
            return None;
        }
        let before = self.text.as_bytes()[self.at..spot].iter().rposition(u8::is_ascii_whitespace);
        Some(self.up_to_blank(before.map_or(self.at, |blank| self.at + blank + 1), spot))
    }

    /// The next stretch, whatever it holds.
    pub(crate) fn next_any(&mut self) -> Option<Range<usize>> {
        let behind = &self.text.as_bytes()[self.at..];
        let start = self.at + behind.iter().position(|byte| !byte.is_ascii_whitespace())?;
        Some(self.up_to_blank(start, start))
    }

    /// The stretch from `start` to the first blank behind `spot`, which is passed.
    fn up_to_blank(&mut self, start: usize, spot: usize) -> Range<usize> {
        let bytes = self.text.as_bytes();
        let end = bytes[spot..].iter().position(u8::is_ascii_whitespace).map_or(bytes.len(), |blank| spot + blank);
        self.at = end;
        start..end
    }

    /// Where a beginning of a word is found next, or the end of the text.
    fn found(&self) -> usize {
        let Some(searcher) = &self.spots.searcher else { return self.first_letter() };
        let span = Span::from(self.at..self.lower.len());
        searcher.find_in(self.lower.as_bytes(), span).map_or(self.lower.len(), |found| found.start())
    }

    fn first_letter(&self) -> usize {
        let behind = &self.text.as_bytes()[self.at..];
        behind.iter().position(|byte| !byte.is_ascii_whitespace()).map_or(self.text.len(), |letter| self.at + letter)
    }

    /// The next byte that may belong to a word that is not written letter by letter, or the end of the text.
    fn odd(&mut self) -> usize {
        if let Some(next) = self.next_odd.filter(|next| *next >= self.at) {
            return next;
        }
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while at < bytes.len() {
            let block = &bytes[at..bytes.len().min(at + BLOCK)];
            // Without a branch for each byte, so that many are looked at by one instruction.
            if block.iter().fold(false, |may_be, byte| may_be | may_be_odd(*byte))
                && let Some(odd) = (at..at + block.len()).find(|at| is_odd(bytes, *at))
            {
                return *self.next_odd.insert(odd);
            }
            at += block.len();
        }
        *self.next_odd.insert(bytes.len())
    }
}

/// Bytes that are looked at together.
const BLOCK: usize = 32;

fn may_be_odd(byte: u8) -> bool {
    !byte.is_ascii() | (byte == b'\'') | (byte == b'.')
}

fn is_odd(bytes: &[u8], at: usize) -> bool {
    may_be_odd(bytes[at]) && (bytes[at] != b'.' || bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic))
}
