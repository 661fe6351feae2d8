//! Stems: what the forms of a word share (Snowball, by the `frostem` crate). Names and acronyms have none in the language:
//! they are kept apart, so that `ropes` does not find RoPE, nor `clipping` CLIP.

use frostem::{Algorithm, Stemmer};
use gradus_corpus::normal::push_normal;
use rustc_hash::FxHashMap;

use super::casing::{Casing, singular};
use super::tokens::Token;

/// Stems that are remembered: more than most vocabularies hold.
const MAX_STEMS: usize = 1 << 18;
/// Before an acronym, and before another name, in a field of stems.
const ACRONYM: char = '\u{1}';
const NAME: char = '\u{2}';

/// The stemmer of a language.
#[derive(Clone)]
pub struct Stems {
    stemmer: Option<Stemmer>,
    /// Stems of words met before.
    known: FxHashMap<String, String>,
}

impl Stems {
    /// The stems of the language of a BCP 47 tag, English where there is no tag. Languages that the stemmer does not know
    /// have words as their own stems.
    pub fn new(lang: Option<&str>) -> Self {
        let primary = lang.and_then(|lang| lang.split(['-', '_']).next()).unwrap_or("en");
        Self { stemmer: algorithm(primary).map(Stemmer::new), known: FxHashMap::default() }
    }

    /// The stem of a folded word.
    pub fn stem(&self, word: &str) -> String {
        self.stemmer.as_ref().map_or_else(|| word.to_owned(), |stemmer| stemmer.stem(word).into_owned())
    }

    /// What stands for a token of a text in a field of stems; `written` is how it stands there.
    pub(crate) fn indexed_form(&mut self, token: &Token, written: &str) -> String {
        let mut form = String::new();
        self.push_indexed_form(&token.text, token.casing, written, &mut form);
        form
    }

    /// Puts behind `out` what stands for a word in a field of stems: `text` is its normal form, `written` how it stands there.
    pub(super) fn push_indexed_form(&mut self, text: &str, casing: Casing, written: &str, out: &mut String) {
        match casing {
            Casing::Acronym | Casing::Mixed => {
                out.push(if casing == Casing::Acronym { ACRONYM } else { NAME });
                push_normal(singular(written), out);
            }
            Casing::Plain => {
                if let Some(stem) = self.known.get(text) {
                    return out.push_str(stem);
                }
                let stem = self.stem(text);
                out.push_str(&stem);
                if self.known.len() < MAX_STEMS {
                    self.known.insert(text.to_owned(), stem);
                }
            }
        }
    }

    /// What may stand for a word of a query in a field of stems.
    pub(crate) fn query_forms(&self, word: &str, casing: Casing) -> Vec<String> {
        let mut forms = vec![acronym_stem(word), format!("{NAME}{word}")];
        if casing != Casing::Mixed {
            forms.extend(word.strip_suffix('s').map(acronym_stem));
            forms.push(self.stem(word));
        }
        forms
    }
}

/// What stands for a folded acronym in a field of stems.
pub(crate) fn acronym_stem(acronym: &str) -> String {
    format!("{ACRONYM}{acronym}")
}

fn algorithm(primary: &str) -> Option<Algorithm> {
    Some(match primary.to_ascii_lowercase().as_str() {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "nl" => Algorithm::Dutch,
        "en" => Algorithm::English,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nb" | "nn" | "no" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "es" => Algorithm::Spanish,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::tokens;

    #[test]
    fn stems_follow_the_language() {
        assert_eq!(["caching", "caches", "rope"].map(|word| Stems::new(None).stem(word)), ["cach", "cach", "rope"]);
        assert_eq!(Stems::new(Some("de-AT")).stem("katzen"), "katz");
        assert_eq!(Stems::new(Some("tlh")).stem("caches"), "caches");
    }

    #[test]
    fn names_are_not_conflated_with_words() {
        let meet = |asked: &str, written: &str| {
            let mut stems = Stems::new(None);
            let (asked, written) = (tokens(asked).remove(0), (tokens(written).remove(0), written));
            let indexed = stems.indexed_form(&written.0, written.1);
            stems.query_forms(&asked.text, asked.casing).contains(&indexed)
        };
        for (asked, written) in [("llm", "LLMs"), ("llms", "LLM"), ("GPUs", "GPU"), ("LoRA", "LoRAs"), ("rope", "RoPE")]
        {
            assert!(meet(asked, written), "{asked} {written}");
        }
        for (asked, written) in [("ropes", "RoPE"), ("clipping", "CLIP"), ("RoPE", "ropes")] {
            assert!(!meet(asked, written), "{asked} {written}");
        }
        assert!(meet("caches", "CACHING"), "capitals alone make no acronym");
    }
}
