//! Completions: names that begin, or have a word that begins, with what is typed, typos aside.

use std::sync::LazyLock;

use fst::{IntoStreamer, Map, Streamer};
use gradus_corpus::normal::normal;
use gradus_corpus::{Corpus, PageId};
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};
use serde::{Deserialize, Serialize};

use crate::fst_maps::sorted;

/// Completions looked at before the best are chosen, so that one letter costs no more than ten.
const MAX_SEEN: usize = 4_000;
/// Names from which only their beginnings are completed: their inner words would take minutes to sort.
const MAX_INNER: usize = 300_000;
/// Letters from which a beginning tells which name is meant.
const BEGUN_CHARS: usize = 2;
/// Letters from which one typo is forgiven, and from which two are.
const TYPO_CHARS: [usize; 2] = [4, 8];

/// Letters of a name of several words from which two of them may be wrong.
const MISSPELLED_CHARS: usize = 6;
/// Names that are looked at for a misspelled one: where more begin alike, a beginning tells little.
const MAX_ALIKE: usize = 200;

/// All names, and where in them a completion can begin.
#[derive(Serialize, Deserialize)]
pub(crate) struct Completions {
    names: Vec<CompletedName>,
    /// Name and byte offset of a word in its folded form, sorted by what follows.
    starts: Vec<(u32, u16)>,
    /// What follows, and the first of `starts` that it follows.
    #[serde(with = "gradus_corpus::fst_bytes")]
    tails: Map<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct CompletedName {
    pub(crate) page: PageId,
    pub(crate) shown: Box<str>,
    folded: Box<str>,
    /// Whether nobody calls it so, but a reader may type it.
    is_initials: bool,
}

impl CompletedName {
    /// Whether `words` are it but for two letters behind the first of one word.
    fn is_near(&self, words: &[&str]) -> bool {
        let mut own = self.folded.split(' ');
        let mut n_others = 0;
        let is_near = words.iter().all(|word| {
            let Some(own) = own.next() else { return false };
            n_others += usize::from(own != *word);
            own == *word || own.chars().next() == word.chars().next() && strsim::osa_distance(own, word) <= 2
        });
        is_near && n_others == 1 && own.next().is_none()
    }

    /// Whether `words`, in their normal form, are the whole of it, and somebody calls it so.
    pub(crate) fn is_called(&self, words: &str) -> bool {
        !self.is_initials && *self.folded == *words
    }

    /// Its words in their normal form, with a space between.
    pub(crate) fn words(&self) -> &str {
        &self.folded
    }
}

impl Completions {
    /// O(words log words).
    pub(crate) fn new(corpus: &Corpus) -> Self {
        let mut names = Vec::new();
        for (id, page) in corpus.pages().filter(|(_, page)| page.is_searchable) {
            for shown in std::iter::once(&page.title).chain(&page.names) {
                names.push(CompletedName {
                    page: id,
                    shown: shown.clone(),
                    folded: spaced(shown).into(),
                    is_initials: false,
                });
                let initials = acronym(shown);
                if initials.chars().count() > 1 {
                    names.push(CompletedName {
                        page: id,
                        shown: shown.clone(),
                        folded: initials.into(),
                        is_initials: true,
                    });
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
        let tails = sorted(runs(&starts, |start| tail(&names, *start)).map(|(at, run)| (tail(&names, run), at as u64)));
        Self { tails, names, starts }
    }

    /// The first of `starts` that `typed` or what comes behind it follows.
    fn first(&self, typed: &str) -> usize {
        let next = self.tails.range().ge(typed).into_stream().next().map(|(_, at)| at);
        next.and_then(|at| usize::try_from(at).ok()).unwrap_or(self.starts.len())
    }

    /// The pages whose names begin with `typed`, shortest name first, at most `max`; none where too little is typed to tell.
    /// Unless the last word `is_open`, a name must go on with another.
    pub(crate) fn begun(&self, typed: &str, is_open: bool, max: usize) -> Vec<PageId> {
        let mut typed = spaced(typed);
        if typed.chars().count() < BEGUN_CHARS {
            return Vec::new();
        }
        if !is_open {
            typed.push(' ');
        }
        let beginning = self.starts[self.first(&typed)..].iter().take(MAX_SEEN);
        let beginning = beginning.take_while(|start| tail(&self.names, **start).starts_with(&*typed));
        let mut begun: Vec<(usize, PageId)> = beginning
            .filter(|(_, at)| *at == 0)
            .map(|(number, _)| &self.names[*number as usize])
            .filter(|name| !name.is_initials)
            .map(|name| (name.folded.len(), name.page))
            .collect();
        begun.sort_unstable();
        let mut pages: Vec<PageId> = Vec::new();
        for (_, page) in begun {
            if pages.len() < max && !pages.contains(&page) {
                pages.push(page);
            }
        }
        pages
    }

    /// The names that have a word that begins with `typed`: whole names first, then beginnings, then the rest; short ones
    /// first.
    pub(crate) fn complete(&self, typed: &str, admits: &dyn Fn(PageId) -> bool) -> Vec<&CompletedName> {
        let fitting =
            self.starts[self.first(typed)..].iter().take_while(|start| tail(&self.names, **start).starts_with(typed));
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

impl Completions {
    /// The names that have a word that begins as `typed` might have been meant, nearest first, then short ones. The first
    /// letter counts as right where that gives any: it is the one that people mistype least.
    pub(crate) fn complete_typo(&self, typed: &str, admits: &dyn Fn(PageId) -> bool) -> Vec<&CompletedName> {
        let n_chars = typed.chars().count();
        let (Some(first), true) = (typed.chars().next(), n_chars >= TYPO_CHARS[0]) else { return Vec::new() };
        let automaton = prefix_automaton(typed, n_chars >= TYPO_CHARS[1]);
        let first = first.to_string();
        let behind = format!("{first}\u{10ffff}");
        let alike = self.tails.search(&automaton).ge(&first).lt(&behind);
        let mut near = self.near(&automaton, alike.into_stream());
        if near.is_empty() {
            near = self.near(&automaton, self.tails.search(&automaton).into_stream());
        }
        let mut fitting: Vec<(u8, usize, PageId, u32)> = Vec::new();
        for (edits, at) in near {
            let start = self.starts[at];
            let same =
                self.starts[at..].iter().take_while(|other| tail(&self.names, **other) == tail(&self.names, start));
            fitting.extend(same.map(|(number, _)| {
                let name = &self.names[*number as usize];
                (edits, name.folded.len(), name.page, *number)
            }));
        }
        fitting.retain(|(_, _, page, _)| admits(*page));
        fitting.sort_unstable();
        fitting.into_iter().map(|(.., number)| &self.names[number as usize]).collect()
    }

    /// The names of as many words as `words`, two at least, of which all but one are the same and one, whose first letter is
    /// right, is other by two letters at most. Names that nobody uses are none. A look at some hundred names.
    pub(crate) fn misspelled<'a>(&'a self, words: &'a [&str]) -> impl Iterator<Item = &'a CompletedName> {
        let [first, rest @ ..] = words else { return Vec::new().into_iter() };
        let typed = words.join(" ");
        if rest.is_empty() || typed.chars().count() < MISSPELLED_CHARS {
            return Vec::new().into_iter();
        }
        // The first word is right, or all behind it are.
        let like_first = self.beginning(&format!("{first} ")).filter(|(_, at)| *at == 0);
        let like_rest = self.beginning(&rest.join(" ")).filter(|(_, at)| *at > 0);
        let names = like_first.chain(like_rest).map(|(number, _)| &self.names[number as usize]);
        let mut near: Vec<&CompletedName> = names.filter(|name| !name.is_initials && name.is_near(words)).collect();
        near.dedup_by_key(|name| name.page);
        near.into_iter()
    }

    /// Where what begins with `typed` stands, none where that is much.
    fn beginning(&self, typed: &str) -> impl Iterator<Item = (u32, u16)> + '_ {
        let start = self.first(typed);
        let typed = typed.to_owned();
        let begins = move |start: &&(u32, u16)| tail(&self.names, **start).starts_with(&*typed);
        let beginning: Vec<(u32, u16)> =
            self.starts[start..].iter().take(MAX_ALIKE).take_while(begins).copied().collect();
        beginning.into_iter()
    }

    fn near(&self, automaton: &DFA, mut found: fst::map::Stream<'_, &DFA>) -> Vec<(u8, usize)> {
        let mut near = Vec::new();
        while let Some((tail, at)) = found.next() {
            if let (Distance::Exact(edits), Ok(at)) = (automaton.eval(tail), usize::try_from(at)) {
                near.push((edits, at));
            }
            if near.len() == MAX_SEEN {
                break;
            }
        }
        near
    }
}

fn prefix_automaton(typed: &str, is_long: bool) -> DFA {
    static ONE: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
    static TWO: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));
    if is_long { TWO.build_prefix_dfa(typed) } else { ONE.build_prefix_dfa(typed) }
}

/// The first of each run of equal keys, with its position.
fn runs<'a, T: Copy, K: PartialEq + ?Sized + 'a>(
    sorted: &'a [T],
    key: impl Fn(&'a T) -> &'a K,
) -> impl Iterator<Item = (usize, T)> {
    let is_first = move |at: usize| at == 0 || key(&sorted[at - 1]) != key(&sorted[at]);
    (0..sorted.len()).filter(move |at| is_first(*at)).map(|at| (at, sorted[at]))
}

/// Folded, with every run of what is no letter or digit as one space.
pub(crate) fn spaced(name: &str) -> String {
    let folded = normal(name);
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

fn tail(names: &[CompletedName], (number, at): (u32, u16)) -> &str {
    &names[number as usize].folded[usize::from(at)..]
}
