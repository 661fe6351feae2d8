//! Suggestions: names that begin, or have a word that begins, with what is typed.

use gradus_corpus::{Corpus, Kind, PageId};

use crate::Index;
use crate::analysis::fold;

/// Completions looked at before the best are chosen, so that one letter costs no more than ten.
const MAX_SEEN: usize = 4_000;
/// Names from which only their beginnings are completed: their inner words would take minutes to sort.
const MAX_INNER: usize = 300_000;

/// A page whose name fits what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Which page.
    pub page: PageId,
    /// The name that fits.
    pub matched: Box<str>,
}

/// All names, and where in them a completion can begin.
#[derive(Default)]
pub(crate) struct Completions {
    names: Vec<Name>,
    /// Name and byte offset of a word in its folded form, sorted by what follows.
    starts: Vec<(u32, u16)>,
}

struct Name {
    page: PageId,
    shown: Box<str>,
    folded: Box<str>,
}

impl Completions {
    /// O(words log words).
    pub(crate) fn new(corpus: &Corpus) -> Self {
        let mut names = Vec::new();
        for (id, page) in corpus.pages() {
            for shown in std::iter::once(&page.title).chain(&page.names) {
                names.push(Name { page: id, shown: shown.clone(), folded: spaced(shown).into() });
                let initials = acronym(shown);
                if initials.chars().count() > 1 {
                    names.push(Name { page: id, shown: shown.clone(), folded: initials.into() });
                }
            }
        }
        let inner = names.len() <= MAX_INNER;
        let mut starts: Vec<(u32, u16)> = Vec::new();
        for (number, name) in (0..).zip(&names) {
            let words = name.folded.match_indices(' ').map(|(at, _)| at + 1).filter(|_| inner);
            starts.extend(std::iter::once(0).chain(words).filter_map(|at| Some((number, u16::try_from(at).ok()?))));
        }
        starts.sort_by(|a, b| tail(&names, *a).cmp(tail(&names, *b)).then(a.cmp(b)));
        Self { names, starts }
    }

    /// The names that have a word that begins with `typed`: whole names first, then beginnings, then the rest; short ones
    /// first.
    fn complete(&self, typed: &str, admits: &dyn Fn(PageId) -> bool) -> Vec<&Name> {
        let first = self.starts.partition_point(|start| tail(&self.names, *start) < typed);
        let fitting = self.starts[first..].iter().take_while(|start| tail(&self.names, **start).starts_with(typed));
        let mut fitting: Vec<(bool, bool, usize, PageId, u32)> = fitting
            .take(MAX_SEEN)
            .map(|(number, at)| (*number, *at, &self.names[*number as usize]))
            .filter(|(_, _, name)| admits(name.page))
            .map(|(number, at, name)| (*name.folded != *typed, at != 0, name.folded.len(), name.page, number))
            .collect();
        fitting.sort_unstable();
        fitting.into_iter().map(|(.., number)| &self.names[number as usize]).collect()
    }
}

impl Index {
    /// Names that fit `typed`, best first, each page once, at most `limit`. Where none fits, the nearest by typos.
    ///
    /// A binary search and a look at some thousand names at most.
    pub fn suggest(&self, corpus: &Corpus, typed: &str, kind: Option<Kind>, limit: usize) -> Vec<Suggestion> {
        let typed_folded = spaced(typed);
        if typed_folded.is_empty() {
            return Vec::new();
        }
        let admits = |page: PageId| kind.is_none_or(|kind| corpus.page(page).kind == kind);
        let mut suggestions: Vec<Suggestion> = Vec::new();
        for name in self.completions.complete(&typed_folded, &admits) {
            if suggestions.len() == limit {
                break;
            }
            if !suggestions.iter().any(|suggestion| suggestion.page == name.page) {
                suggestions.push(Suggestion { page: name.page, matched: name.shown.clone() });
            }
        }
        if suggestions.is_empty() {
            let near = corpus.names().nearest(typed, limit.saturating_mul(2)).into_iter().filter(|page| admits(*page));
            suggestions =
                near.take(limit).map(|page| Suggestion { page, matched: corpus.page(page).title.clone() }).collect();
        }
        suggestions
    }
}

/// Folded, with every run of what is no letter or digit as one space.
fn spaced(name: &str) -> String {
    let folded = fold(name);
    folded.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The initials of a name of several words.
fn acronym(name: &str) -> String {
    let spaced = spaced(name);
    if spaced.contains(' ') {
        spaced.split(' ').filter_map(|word| word.chars().next()).collect()
    } else {
        String::new()
    }
}

fn tail(names: &[Name], (number, at): (u32, u16)) -> &str {
    &names[number as usize].folded[usize::from(at)..]
}
