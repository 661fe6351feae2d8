//! Suggestions: what a reader who has begun to type may be looking for.

use gradus_corpus::{Corpus, Kind, PageId};

use crate::Index;
use crate::completions::{CompletedName, spaced};
use crate::facets::primary;

/// A page whose name fits what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Which page.
    pub page: PageId,
    /// The name that fits.
    pub matched: Box<str>,
}

impl Index {
    /// Names that fit `typed`, best first, each page once, at most `limit`. Where none fits, those that it may have been
    /// meant to be. Of a reader's language `lang`, if it is known, the names of pages in it alone, unless `typed` is the whole
    /// name of another and of none in it, or none in it fits.
    ///
    /// A binary search and a look at some thousand names at most.
    pub fn suggest(
        &self,
        corpus: &Corpus,
        typed: &str,
        kind: Option<Kind>,
        lang: Option<&str>,
        limit: usize,
    ) -> Vec<Suggestion> {
        let typed = spaced(typed);
        if typed.is_empty() {
            return Vec::new();
        }
        let admits = |page: PageId| kind.is_none_or(|kind| corpus.page(page).kind == kind);
        let speaks = |name: &CompletedName| {
            lang.is_none_or(|lang| corpus.language(name.page).eq_ignore_ascii_case(primary(lang)))
        };
        let mut names = self.completions.complete(&typed, &admits);
        if names.is_empty() {
            names = self.completions.complete_typo(&typed, &admits);
        }
        if names.iter().any(|name| speaks(name)) {
            let is_asked_for = |name: &CompletedName| name.is_called(&typed);
            let is_own = names.iter().any(|name| is_asked_for(name) && speaks(name));
            names.retain(|name| speaks(name) || !is_own && is_asked_for(name));
        }
        let mut suggestions: Vec<Suggestion> = Vec::new();
        for name in names {
            if suggestions.len() == limit {
                break;
            }
            if !suggestions.iter().any(|suggestion| suggestion.page == name.page) {
                suggestions.push(Suggestion { page: name.page, matched: name.shown.clone() });
            }
        }
        suggestions
    }
}
