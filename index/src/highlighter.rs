//! The highlighter: finds the passage that shows best why a page was found.

use gradus_corpus::work::checkpoint;
use gradus_corpus::{Corpus, Page};
use rustc_hash::FxHashMap;

use crate::Index;
use crate::analysis::{Stems, TokenRef, read_tokens, tokens};
use crate::answer::Snippet;
use crate::names::all_names;
use crate::query_terms::QueryTerms;
use crate::spots::Spots;
use crate::texts::Texts;
use crate::word::Via;

/// Characters of a passage: two lines of a result list.
const PASSAGE_CHARS: usize = 160;
/// Bytes of a text that are looked through for a passage.
const MAX_BYTES: usize = 20_000;
/// What a word tells that counts little in ranking: some passage must be the best one.
const LEAST_MASS: f32 = 0.1;

/// Knows what to mark.
pub(crate) struct Highlighter<'a> {
    /// Words as texts hold them, and which of the query's words they stand for, as bits.
    terms: FxHashMap<String, u64>,
    /// Words whose forms count, and which of the query's words they stand for.
    forms: Vec<StemForm>,
    /// What words may begin with, and which of the query's words that is.
    beginnings: Vec<(String, u64)>,
    /// Names of several words, by their first.
    names: FxHashMap<String, Vec<LongName>>,
    /// What a word of the query tells.
    masses: Vec<f32>,
    /// Where any of these may stand.
    spots: Spots,
    stems: &'a Stems,
}

/// The forms of a word.
struct StemForm {
    stem: String,
    /// What they all begin with: suffixes change the last letter of a stem (`happy`, `happi`), but nothing before it.
    common: String,
    bits: u64,
}

/// A name of several words that the query spells.
struct LongName {
    words: Vec<String>,
    /// Which of the query's words spell it, as bits.
    bits: u64,
}

/// A name that a text has begun to spell.
struct PartialName<'a> {
    name: &'a LongName,
    n_read: usize,
    start: usize,
}

/// What matched in a text.
struct TextMatch {
    start: usize,
    end: usize,
    /// Which of the query's words, as bits.
    words: u64,
}

impl<'a> Highlighter<'a> {
    /// One that marks nothing.
    fn of(stems: &'a Stems) -> Self {
        Self {
            terms: FxHashMap::default(),
            forms: Vec::new(),
            beginnings: Vec::new(),
            names: FxHashMap::default(),
            masses: Vec::new(),
            spots: Spots::default(),
            stems,
        }
    }

    pub(crate) fn new(index: &'a Index, corpus: &Corpus, terms: &QueryTerms) -> Self {
        let mut highlighter = Self::of(&index.stems);
        for word in &terms.words {
            let bit = highlighter.bit(word.mass());
            for group in word.groups() {
                match group.via {
                    Via::Exact => highlighter.add(&word.text, bit),
                    Via::Stem => highlighter.add_form(&word.text, bit),
                    Via::Prefix => highlighter.beginnings.push((word.text.clone(), bit)),
                    Via::Typo(_) => group.terms.iter().for_each(|term| highlighter.add_form(term, bit)),
                }
            }
        }
        for span in &terms.spans {
            let bits = (span.start..span.end).fold(0, |bits, word| bits | 1_u64.unbounded_shl(narrow(word)));
            all_names(corpus.page(span.concept)).for_each(|name| highlighter.add_name(name, bits));
        }
        for word in terms.phrases.iter().flatten() {
            let bit = highlighter.bit(1.0);
            highlighter.add(word, bit);
        }
        for word in &terms.title_words {
            let bit = highlighter.bit(1.0);
            highlighter.add_form(&word.text, bit);
        }
        highlighter.spots = highlighter.spots();
        highlighter
    }

    /// Where what is known by now may stand.
    fn spots(&self) -> Spots {
        let wholes = self.terms.keys().chain(self.names.keys());
        let forms = self.forms.iter().map(|form| &form.common);
        let beginnings = self.beginnings.iter().map(|(beginning, _)| beginning);
        Spots::new(wholes.chain(forms).chain(beginnings).map(String::as_str))
    }

    fn bit(&mut self, mass: f32) -> u64 {
        self.masses.push(mass.max(LEAST_MASS));
        1_u64.unbounded_shl(narrow(self.masses.len() - 1))
    }

    fn add(&mut self, term: &str, bits: u64) {
        *self.terms.entry(term.to_owned()).or_default() |= bits;
    }

    /// Marks `word` and whatever shares its stem.
    fn add_form(&mut self, word: &str, bits: u64) {
        self.add(word, bits);
        self.add(&format!("{word}s"), bits);
        word.strip_suffix('s').into_iter().for_each(|one| self.add(one, bits));
        let stem = self.stems.stem(word);
        let common = stem.char_indices().next_back().map_or("", |(last, _)| &stem[..last]).to_owned();
        if !common.is_empty() {
            self.forms.push(StemForm { stem, common, bits });
        }
    }

    /// Which of the query's words `word` of a text stands for, as bits.
    fn marked(&self, word: &str) -> u64 {
        let mut bits = self.terms.get(word).copied().unwrap_or(0);
        for (beginning, of) in &self.beginnings {
            if word.starts_with(&**beginning) {
                bits |= of;
            }
        }
        for form in self.forms.iter().filter(|form| word.starts_with(&*form.common)) {
            if form.bits & !bits != 0 && self.stems.stem(word) == form.stem {
                bits |= form.bits;
            }
        }
        bits
    }

    fn add_name(&mut self, name: &str, bits: u64) {
        let name: Vec<String> = tokens(name).into_iter().filter(|word| !word.is_part).map(|word| word.text).collect();
        match &*name {
            [] => {}
            [word] => self.add(word, bits),
            [first, ..] => self.names.entry(first.clone()).or_default().push(LongName { words: name, bits }),
        }
    }

    fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.names.is_empty() && self.beginnings.is_empty()
    }

    /// The best passage of the section at `section_idx` of `page`, which is `doc`; of its heading if nothing else matches.
    pub(crate) fn of_section(&self, texts: &Texts, page: &Page, section_idx: usize, doc: u32) -> Snippet {
        let prose = self.passage(texts.prose(doc));
        if !prose.highlights.is_empty() || self.is_empty() {
            return prose;
        }
        let heading = page.sections.get(section_idx).map_or("", |section| &section.title);
        let others = [texts.code(doc), heading, &page.title];
        let mut others = others.into_iter().map(|text| self.passage(text));
        others.find(|other| !other.highlights.is_empty()).unwrap_or(prose)
    }

    /// The best passage of the description, the text or the names of a page whose documents are `docs`.
    pub(crate) fn of_page(&self, texts: &Texts, page: &Page, docs: (u32, u32)) -> Snippet {
        let description = self.passage(page.description.as_deref().unwrap_or_default());
        if !description.highlights.is_empty() || self.is_empty() && !description.text.is_empty() {
            return description;
        }
        let in_texts = (docs.0..docs.1).flat_map(|doc| [texts.prose(doc), texts.code(doc)]);
        let headings = page.sections.iter().map(|section| &*section.title);
        let mut others = all_names(page).chain(in_texts).chain(headings).map(|text| self.passage(text));
        let found = others.find(|other| !other.highlights.is_empty());
        found.unwrap_or_else(|| if description.text.is_empty() { self.passage(&page.title) } else { description })
    }

    /// The passage that holds most of what the query asks, the first of equals, cut between words.
    fn passage(&self, whole: &str) -> Snippet {
        checkpoint();
        let text = &whole[..whole.floor_char_boundary(MAX_BYTES)];
        let matches = if self.is_empty() { Vec::new() } else { self.matches(text) };
        let start = word_start(text, self.best_start(text, &matches));
        let end = passage_end(text, start);
        let passage = text[start..end].trim_end();
        let mut highlights: Vec<(usize, usize)> = Vec::new();
        for found in matches.iter().filter(|found| found.start >= start && found.end <= start + passage.len()) {
            let from = text[start..found.start].chars().count();
            let to = from + text[found.start..found.end].chars().count();
            match highlights.last_mut() {
                Some((_, last)) if *last >= from => *last = (*last).max(to),
                _ => highlights.push((from, to)),
            }
        }
        let (cut_start, cut_end) = (!whole[..start].trim().is_empty(), !whole[end..].trim().is_empty());
        Snippet { text: passage.replace(['\n', '\r', '\t'], " "), highlights, cut_start, cut_end }
    }

    /// The words and names in `text` that the query asks for, in order.
    fn matches(&self, text: &str) -> Vec<TextMatch> {
        let mut reading = TextReading { highlighter: self, matches: Vec::new(), begun: Vec::new() };
        let mut stretches = self.spots.stretches(text);
        // A name that is begun may go on in a stretch in which none begins.
        while let Some(stretch) = if reading.begun.is_empty() { stretches.next_spot() } else { stretches.next_any() } {
            read_tokens(&text[stretch.clone()], &mut |word| reading.read(stretch.start, &word));
        }
        let mut matches = reading.matches;
        matches.sort_by_key(|found| (found.start, found.end));
        matches
    }

    /// Where the window that holds most of what the query asks begins: a little before its first match.
    fn best_start(&self, text: &str, matches: &[TextMatch]) -> usize {
        let mut best = (0.0, 0);
        for (idx, first) in matches.iter().enumerate() {
            let within = matches[idx..].iter().take_while(|found| found.end - first.start <= PASSAGE_CHARS * 3 / 4);
            let words = within.fold(0, |words, found| words | found.words);
            let told = self.masses.iter().enumerate();
            let told: f32 =
                told.filter(|(word, _)| words & 1_u64.unbounded_shl(narrow(*word)) != 0).map(|(_, mass)| mass).sum();
            if told > best.0 {
                best = (told, first.start);
            }
        }
        let lead = PASSAGE_CHARS / 4;
        if best.1 <= lead * 2 { 0 } else { text.floor_char_boundary(best.1 - lead) }
    }
}

/// What has been read of a text.
struct TextReading<'a> {
    highlighter: &'a Highlighter<'a>,
    matches: Vec<TextMatch>,
    /// Names that end in what follows, if it goes on so.
    begun: Vec<PartialName<'a>>,
}

impl TextReading<'_> {
    /// Reads on by a word of a stretch that begins at `offset`.
    fn read(&mut self, offset: usize, word: &TokenRef<'_>) {
        let Self { highlighter, matches, begun } = self;
        let (start, end) = (offset + word.start, offset + word.end);
        let words = highlighter.marked(word.text);
        if words != 0 {
            matches.push(TextMatch { start, end, words });
        }
        if highlighter.names.is_empty() || word.is_part {
            return;
        }
        begun.retain_mut(|begun| {
            let words = &begun.name.words;
            let goes_on = words[begun.n_read] == word.text;
            begun.n_read += 1;
            let is_whole = begun.n_read == words.len();
            if goes_on && is_whole {
                matches.push(TextMatch { start: begun.start, end, words: begun.name.bits });
            }
            goes_on && !is_whole
        });
        if let Some(names) = highlighter.names.get(word.text) {
            begun.extend(names.iter().map(|name| PartialName { name, n_read: 1, start }));
        }
    }
}

/// Queries have 64 words at most, and a few words of phrases; what is shifted out has no bit.
fn narrow(word: usize) -> u32 {
    u32::try_from(word).unwrap_or(u32::MAX)
}

/// The first word that starts at or behind `at`.
fn word_start(text: &str, at: usize) -> usize {
    if at == 0 {
        return text.len() - text.trim_start().len();
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As [`Highlighter::matches`] finds them, from all words of the text.
    fn matches_by_reading_all(highlighter: &Highlighter<'_>, text: &str) -> Vec<(usize, usize, u64)> {
        let mut reading = TextReading { highlighter, matches: Vec::new(), begun: Vec::new() };
        read_tokens(text, &mut |word| reading.read(0, &word));
        in_order(reading.matches)
    }

    fn in_order(matches: Vec<TextMatch>) -> Vec<(usize, usize, u64)> {
        let mut matches: Vec<_> = matches.into_iter().map(|found| (found.start, found.end, found.words)).collect();
        matches.sort_unstable();
        matches
    }

    #[test]
    fn words_that_are_not_written_letter_by_letter_are_found() {
        let stems = Stems::new(None);
        let mut highlighter = Highlighter::of(&stems);
        ["oreilly", "us", "cafe"].iter().for_each(|word| highlighter.add(word, 1));
        highlighter.spots = highlighter.spots();
        let found = |text: &str| in_order(highlighter.matches(text)).len();
        assert_eq!([found("an O'Reilly book"), found("in the U.S. only"), found("a Café")], [1, 1, 1]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn passing_over_stretches_passes_over_no_match(
            text in "([abAB]{1,3}|[abé0-9.']{1,4}|[ab]'[ab]{3}|[ab]\\.[ab]\\.|--?a|->|字a|e\u{301}|[ \n\u{a0}]|[ ,]){0,24}",
            exact in "(a|ab|ba|[ab]{4}|b0|->|é|字a|--a)",
            form in "[ab]{1,4}",
            beginning in "[ab]{1,2}",
            name in "[ab]{1,2}[ -][ab]{1,2}( b)?",
        ) {
            let stems = Stems::new(None);
            let mut highlighter = Highlighter::of(&stems);
            highlighter.add(&gradus_corpus::normal::normal(&exact), 1);
            highlighter.add_form(&form, 2);
            highlighter.beginnings.push((beginning, 4));
            highlighter.add_name(&name, 8);
            highlighter.spots = highlighter.spots();
            prop_assert_eq!(in_order(highlighter.matches(&text)), matches_by_reading_all(&highlighter, &text));
        }
    }
}
