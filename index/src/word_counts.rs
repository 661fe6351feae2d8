//! Word counts: how often each word stands in each page, kept for the index that is built next.
//!
//! Reading words is most of what comparing texts costs, and of content that has changed nearly every page is as it was. A page is
//! known again by its text; what is kept of it are numbers of words in a lexicon that one index hands to the next. Which stem a
//! word has, and which number that gets, is settled anew each time: both depend on the pages that come before.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gradus_corpus::{Page, Section, wide_fingerprint};
use rustc_hash::FxHashMap;

use crate::analysis::{Stems, read_tokens};
use crate::documents::plain;

/// Bytes of a page that are looked at.
const MAX_BYTES: usize = 200_000;
/// How often a word of the title counts in the whole text, and one of the description.
const TITLE_COUNT: u32 = 10;
const DESCRIPTION_COUNT: u32 = 3;
/// Pages up to which counts are kept, at eight bytes for each word of each page.
const MAX_KEPT_PAGES: usize = 50_000;
/// Words of the lexicon for each that is in use, from which it is forgotten: it only ever grows.
const MAX_UNUSED: usize = 4;
/// No number yet.
const NONE: u32 = u32::MAX;

/// How often a word stands in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct WordCount {
    word: u32,
    text: u32,
    names: u32,
    code: u32,
}

/// Counts of a page by term, each term once.
#[derive(Default)]
pub(crate) struct PageCounts {
    pub(crate) text: Vec<(u32, f32)>,
    pub(crate) names: Vec<(u32, f32)>,
    pub(crate) code: Vec<(u32, f32)>,
}

/// What was counted, for the next index.
#[derive(Default)]
pub(crate) struct WordCounts {
    lexicon: Arc<Mutex<Lexicon>>,
    /// By text, packed, in the order in which words are first met.
    pages: FxHashMap<u128, Arc<[u64]>>,
}

/// Every word that was ever met, and what it stems from.
#[derive(Default)]
struct Lexicon {
    words: FxHashMap<Box<str>, u32>,
    spellings: Vec<Box<str>>,
    languages: FxHashMap<Option<Box<str>>, LexiconStems>,
    /// Numbers of stems, which languages share.
    stems: FxHashMap<Box<str>, u32>,
}

/// The stems of the words of a language.
struct LexiconStems {
    stems: Stems,
    /// By word, as far as it was met.
    of: Vec<u32>,
}

/// Counts the words of pages, one after another, and numbers their stems as they are met.
pub(crate) struct WordCounter<'a> {
    before: &'a WordCounts,
    lexicon: MutexGuard<'a, Lexicon>,
    keeps: bool,
    kept: FxHashMap<u128, Arc<[u64]>>,
    /// By stem: its number here.
    numbers: Vec<u32>,
    /// By number here: how it was first spelled.
    spellings: Vec<Box<str>>,
    /// By word, zero between pages: its position among the counts of the page, and one.
    places: Vec<u32>,
    /// By number, zero between pages.
    sums: Vec<[u32; 3]>,
}

impl WordCounts {
    /// What the counts of a next index may begin with: these, unless most of what they know is in use no more.
    pub(crate) fn for_next(&self, n_in_use: usize) -> Self {
        let n_words = self.lexicon().spellings.len();
        if n_words > MAX_UNUSED * n_in_use.max(1) {
            return Self::default();
        }
        Self { lexicon: Arc::clone(&self.lexicon), pages: self.pages.clone() }
    }

    fn lexicon(&self) -> MutexGuard<'_, Lexicon> {
        self.lexicon.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts `n_pages` pages.
    pub(crate) fn counter(&self, n_pages: usize) -> WordCounter<'_> {
        WordCounter {
            before: self,
            lexicon: self.lexicon(),
            keeps: n_pages <= MAX_KEPT_PAGES,
            kept: FxHashMap::default(),
            numbers: Vec::new(),
            spellings: Vec::new(),
            places: Vec::new(),
            sums: Vec::new(),
        }
    }
}

impl WordCounter<'_> {
    /// The counts of `page`, whose words are those of `lang`. O(text), with a small constant where it was counted before.
    pub(crate) fn count(&mut self, page: &Page, lang: Option<&str>) -> PageCounts {
        if !self.keeps {
            let counts = self.read(page);
            return self.numbered(lang, counts.into_iter());
        }
        let key = key(page);
        if let Some(kept) = self.kept.get(&key).or_else(|| self.before.pages.get(&key)).cloned() {
            let counts = self.numbered(lang, kept.iter().copied().map(WordCount::unpacked));
            self.kept.insert(key, kept);
            return counts;
        }
        let counts = self.read(page);
        if let Some(packed) = counts.iter().map(WordCount::packed).collect::<Option<Vec<u64>>>() {
            self.kept.insert(key, packed.into());
        }
        self.numbered(lang, counts.into_iter())
    }

    /// How terms were first spelled, by their numbers, and what was counted.
    pub(crate) fn finish(self) -> (Vec<Box<str>>, WordCounts) {
        let Self { before, lexicon, kept, spellings, .. } = self;
        drop(lexicon);
        (spellings, WordCounts { lexicon: Arc::clone(&before.lexicon), pages: kept })
    }

    /// The words of `page` in the order in which they are first met.
    fn read(&mut self, page: &Page) -> Vec<WordCount> {
        let Self { lexicon, places, .. } = self;
        let mut counts: Vec<WordCount> = Vec::new();
        let mut add = |text: &str, count: &dyn Fn(&mut WordCount)| {
            read_tokens(text, &mut |word| {
                let word = lexicon.word(word.text);
                if places.len() <= word as usize {
                    places.resize(word as usize + 1, 0);
                }
                let place = &mut places[word as usize];
                if *place == 0 {
                    counts.push(WordCount { word, text: 0, names: 0, code: 0 });
                    *place = narrow(counts.len());
                }
                count(&mut counts[*place as usize - 1]);
            });
        };
        add(&page.title, &|count| count.names += 1);
        page.names.iter().for_each(|name| add(name, &|count| count.names += 1));
        add(&page.title, &|count| count.text += TITLE_COUNT);
        page.names.iter().for_each(|name| add(name, &|count| count.text += 1));
        add(page.description.as_deref().unwrap_or_default(), &|count| count.text += DESCRIPTION_COUNT);
        let mut room = MAX_BYTES;
        for section in &page.sections {
            add(&section.title, &|count| count.text += 1);
            let (text, code) = plain(section);
            if text.len() + code.len() > room {
                break;
            }
            room -= text.len() + code.len();
            add(&text, &|count| count.text += 1);
            add(&code, &|count| count.code += 1);
        }
        counts.iter().for_each(|count| places[count.word as usize] = 0);
        counts
    }

    /// `counts` by the terms that their words are forms of.
    fn numbered(&mut self, lang: Option<&str>, counts: impl Iterator<Item = WordCount>) -> PageCounts {
        let Self { lexicon, numbers, spellings, sums, .. } = self;
        let Lexicon { languages, stems, spellings: words, .. } = &mut **lexicon;
        let lang = lang.map(Box::from);
        let language = languages.entry(lang).or_insert_with_key(|lang| LexiconStems::new(lang.as_deref()));
        let mut met: Vec<u32> = Vec::new();
        for WordCount { word, text, names, code } in counts {
            let spelling = &words[word as usize];
            let stem = language.stem(word, spelling, stems) as usize;
            if numbers.len() <= stem {
                numbers.resize(stem + 1, NONE);
            }
            if numbers[stem] == NONE {
                numbers[stem] = narrow(spellings.len());
                spellings.push(spelling.clone());
                sums.push([0; 3]);
            }
            let sum = &mut sums[numbers[stem] as usize];
            if *sum == [0; 3] {
                met.push(numbers[stem]);
            }
            sum.iter_mut().zip([text, names, code]).for_each(|(sum, count)| *sum += count);
        }
        let mut counts = PageCounts::default();
        for term in met {
            let [text, names, code] = std::mem::take(&mut sums[term as usize]);
            for (list, sum) in [(&mut counts.text, text), (&mut counts.names, names), (&mut counts.code, code)] {
                if sum > 0 {
                    list.push((term, exact(sum)));
                }
            }
        }
        counts
    }
}

impl Lexicon {
    fn word(&mut self, text: &str) -> u32 {
        if let Some(word) = self.words.get(text) {
            return *word;
        }
        let word = narrow(self.spellings.len());
        self.words.insert(text.into(), word);
        self.spellings.push(text.into());
        word
    }
}

impl LexiconStems {
    fn new(lang: Option<&str>) -> Self {
        Self { stems: Stems::new(lang), of: Vec::new() }
    }

    fn stem(&mut self, word: u32, spelling: &str, stems: &mut FxHashMap<Box<str>, u32>) -> u32 {
        if self.of.len() <= word as usize {
            self.of.resize(word as usize + 1, NONE);
        }
        let known = &mut self.of[word as usize];
        if *known == NONE {
            let next = narrow(stems.len());
            *known = *stems.entry(self.stems.stem(spelling).into()).or_insert(next);
        }
        *known
    }
}

impl WordCount {
    const WORD_BITS: u32 = 24;
    const NAMES_BITS: u32 = 8;
    const COUNT_BITS: u32 = 16;

    /// In eight bytes; nothing where a count is too large for that.
    fn packed(&self) -> Option<u64> {
        let parts = [
            (self.word, Self::WORD_BITS),
            (self.text, Self::COUNT_BITS),
            (self.code, Self::COUNT_BITS),
            (self.names, Self::NAMES_BITS),
        ];
        parts
            .into_iter()
            .try_fold(0, |packed, (part, bits)| (part >> bits == 0).then_some(packed << bits | u64::from(part)))
    }

    fn unpacked(mut packed: u64) -> Self {
        let mut part = |bits: u32| {
            let part = packed & ((1 << bits) - 1);
            packed >>= bits;
            u32::try_from(part).unwrap_or(NONE)
        };
        let (names, code) = (part(Self::NAMES_BITS), part(Self::COUNT_BITS));
        let (text, word) = (part(Self::COUNT_BITS), part(Self::WORD_BITS));
        Self { word, text, names, code }
    }
}

/// All of `page` whose words are counted, as one number. O(text).
fn key(page: &Page) -> u128 {
    let sections: Vec<_> = page
        .sections
        .iter()
        .map(|section: &Section| {
            let texts: Vec<_> = section.texts().map(|text| (&text.plain, &text.code)).collect();
            (&section.title, texts)
        })
        .collect();
    wide_fingerprint(&(&page.title, &page.names, &page.description, sections))
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a page has far fewer than 2^24 words")]
fn exact(count: u32) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_packed_where_they_fit() {
        let count = WordCount { word: 0xff_ffff, text: 0xffff, names: 0xff, code: 0 };
        assert_eq!(count.packed().map(WordCount::unpacked), Some(count));
        let count = WordCount { word: 7, text: 1, names: 2, code: 0xffff };
        assert_eq!(count.packed().map(WordCount::unpacked), Some(count));
        assert_eq!(WordCount { word: 1 << 24, ..count }.packed(), None);
        assert_eq!(WordCount { text: 1 << 16, ..count }.packed(), None);
    }
}
