//! Words of texts as numbers: equal numbers are forms of one word.

use gradus_corpus::normal::normal;
use gradus_index::Stems;
use rustc_hash::FxHashMap;

/// Words that hardly any text of a language goes without, and that others hardly hold.
const FUNCTION_WORDS: [(&str, &[&str]); 7] = [
    ("en", &["the", "and", "of", "is", "that", "with", "for", "this", "are", "it"]),
    ("it", &["il", "che", "di", "è", "della", "sono", "una", "gli", "nel", "con"]),
    ("fr", &["le", "les", "des", "est", "une", "dans", "qui", "pour", "sur", "du"]),
    ("de", &["der", "die", "und", "ist", "das", "ein", "eine", "nicht", "mit", "den"]),
    ("es", &["el", "los", "las", "una", "es", "que", "del", "por", "como", "y"]),
    ("pt", &["o", "os", "uma", "não", "são", "que", "em", "do", "da", "é"]),
    ("nl", &["het", "een", "van", "de", "en", "dat", "zijn", "niet", "voor", "met"]),
];
/// Words that are read to tell a language.
const LANGUAGE_WORDS: usize = 400;

/// A word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WordAt {
    /// The number of its stem.
    pub(super) stem: u32,
    /// Bytes in the text.
    pub(super) start: usize,
    /// The first byte behind it.
    pub(super) end: usize,
}

/// Numbers of stems, given as they are met.
pub(super) struct Vocabulary {
    site_lang: Option<Box<str>>,
    languages: Vec<LanguageStems>,
    stems: FxHashMap<String, u32>,
}

/// The stemmer of a language, and the numbers of its words as they are written.
struct LanguageStems {
    lang: Box<str>,
    stems: Stems,
    known: FxHashMap<Box<str>, u32>,
}

impl Vocabulary {
    /// No words yet; `lang` is the language of pages that say none.
    pub(super) fn new(lang: Option<&str>) -> Self {
        Self { site_lang: lang.map(Into::into), languages: Vec::new(), stems: FxHashMap::default() }
    }

    /// How many stems were met.
    pub(super) fn len(&self) -> usize {
        self.stems.len()
    }

    /// The position of the language of a page that says `lang` and begins with `text`: where neither it nor the site says,
    /// the one whose function words it holds most.
    pub(super) fn language(&mut self, lang: Option<&str>, text: &str) -> usize {
        let lang = lang.or(self.site_lang.as_deref()).unwrap_or_else(|| guess(text)).to_owned();
        let known = self.languages.iter().position(|language| *language.lang == *lang);
        known.unwrap_or_else(|| {
            let stems = Stems::new(Some(&lang));
            self.languages.push(LanguageStems { lang: lang.into(), stems, known: FxHashMap::default() });
            self.languages.len() - 1
        })
    }

    /// Puts the words of `text` behind `words`. Characters of scripts without spaces are words of their own. O(text).
    pub(super) fn read(&mut self, language: usize, text: &str, words: &mut Vec<WordAt>) {
        let mut start = None;
        for (at, char) in text.char_indices() {
            let goes_on = char.is_alphanumeric() && !is_unspaced(char);
            if let (Some(from), false) = (start, goes_on) {
                words.push(self.word(language, text, from, at));
                start = None;
            }
            if is_unspaced(char) {
                words.push(self.word(language, text, at, at + char.len_utf8()));
            } else if goes_on && start.is_none() {
                start = Some(at);
            }
        }
        if let Some(from) = start {
            words.push(self.word(language, text, from, text.len()));
        }
    }

    /// The stems of a name.
    pub(super) fn name(&mut self, language: usize, name: &str) -> Vec<u32> {
        let mut words = Vec::new();
        self.read(language, name, &mut words);
        words.into_iter().map(|word| word.stem).collect()
    }

    fn word(&mut self, language: usize, text: &str, start: usize, end: usize) -> WordAt {
        let LanguageStems { lang, stems, known } = &mut self.languages[language];
        let written = &text[start..end];
        if let Some(stem) = known.get(written) {
            return WordAt { stem: *stem, start, end };
        }
        let next = u32::try_from(self.stems.len()).unwrap_or(u32::MAX);
        let word = normal(written);
        let stem = if &**lang == ITALIAN { without_ending(&word).to_owned() } else { stems.stem(&word) };
        let stem = *self.stems.entry(stem).or_insert(next);
        known.insert(written.into(), stem);
        WordAt { stem, start, end }
    }
}

/// The language whose adjectives the stemmer takes for verbs: `lineare` and `lineari` are two words to it.
const ITALIAN: &str = "it";
/// Letters of a stem, at least.
const STEM_LETTERS: usize = 3;

/// An Italian noun or adjective without what tells gender and number.
fn without_ending(word: &str) -> &str {
    let stem = word.trim_end_matches(['a', 'e', 'i', 'o']);
    let stem = stem.strip_suffix('h').unwrap_or(stem);
    if stem.chars().count() < STEM_LETTERS { word } else { stem }
}

fn is_unspaced(char: char) -> bool {
    matches!(char, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

fn guess(text: &str) -> &'static str {
    let mut counts = [0_usize; FUNCTION_WORDS.len()];
    for word in text.split(|char: char| !char.is_alphabetic()).filter(|word| !word.is_empty()).take(LANGUAGE_WORDS) {
        let word = word.to_lowercase();
        for (count, (_, words)) in counts.iter_mut().zip(FUNCTION_WORDS) {
            *count += usize::from(words.contains(&word.as_str()));
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    let found = counts.iter().zip(FUNCTION_WORDS).find(|(count, _)| **count == most && most > 0);
    found.map_or("en", |(_, (lang, _))| lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_have_one_number_in_their_own_language() {
        let mut vocabulary = Vocabulary::new(None);
        let english = vocabulary.language(None, "the cat and the dog that is here");
        assert_eq!(vocabulary.name(english, "Random Variables"), vocabulary.name(english, "random variable"));
        let italian = vocabulary.language(None, "il gatto e il cane che sono nella casa della nonna");
        assert_ne!(english, italian);
        assert_eq!(vocabulary.name(italian, "equazione lineare"), vocabulary.name(italian, "equazioni lineari"));
        assert_eq!(vocabulary.name(italian, "esempio di teoria"), vocabulary.name(italian, "esempi di teorie"));
    }

    #[test]
    fn scripts_without_spaces_are_read_by_character() {
        let mut vocabulary = Vocabulary::new(Some("zh"));
        let chinese = vocabulary.language(None, "");
        let (name, text) = (vocabulary.name(chinese, "函数"), vocabulary.name(chinese, "一个函数是"));
        assert_eq!((name.len(), &text[2..4]), (2, &name[..]));
    }
}
