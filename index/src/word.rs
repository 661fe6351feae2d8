//! Words of a query, and the terms of the dictionary that stand for them.

use std::sync::Arc;

use tantivy::postings::TermInfo;

use crate::field::Field;
use crate::weights;

/// How terms came to stand for a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Via {
    Exact,
    Stem,
    Prefix,
    /// Edits.
    Typo(u8),
}

impl Via {
    /// What a match counts, relative to an exact one.
    pub(crate) fn weight(self) -> f32 {
        match self {
            Self::Exact | Self::Stem => 1.0,
            Self::Prefix => weights::COMPLETION,
            Self::Typo(0 | 1) => weights::TYPO[0],
            Self::Typo(_) => weights::TYPO[1],
        }
    }
}

/// Where postings of a term are, and what a match there counts.
pub(crate) type TermPlace = (Field, f32, TermInfo);

/// Documents that hold a word and what they score, by document; read once, when the index is built.
pub(crate) type SharedScores = Arc<[(u32, f32)]>;

/// Terms that stand for a word in the same way. They count as one term: the rarest of many completions is not the best.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) via: Via,
    /// Words as texts hold them; empty for stems, which texts do not hold, and for completions, which are many.
    pub(crate) terms: Vec<String>,
    pub(crate) postings: Vec<TermPlace>,
    /// Inverse document frequency times what the way counts.
    pub(crate) weight: f32,
    /// Documents that hold one of the terms, at most.
    pub(crate) n_docs: u64,
}

/// Where the scores of a word come from. Of several sources the best counts in each document.
#[derive(Clone, Debug)]
pub(crate) enum WordSource {
    /// Terms that stand for it in one way, read when they are asked for.
    Terms(Group),
    /// The form that is asked for and the stem of all forms, read when they are asked for. They add up.
    FormAndStem(Group, Group),
    /// Any of `sources`, scored when the index was built, times `weight`.
    Kept { sources: Vec<WordSource>, weight: f32, scores: SharedScores },
}

impl WordSource {
    /// Its groups, the most faithful first.
    fn groups(&self) -> Vec<&Group> {
        match self {
            Self::Terms(group) => vec![group],
            Self::FormAndStem(form, stem) => vec![form, stem],
            Self::Kept { sources, .. } => sources.iter().flat_map(Self::groups).collect(),
        }
    }

    /// What a match of its most faithful terms tells.
    fn mass(&self) -> f32 {
        match self {
            Self::Terms(group) => group.weight,
            Self::FormAndStem(form, stem) => form.weight + stem.weight,
            Self::Kept { sources, .. } => sources.first().map_or(0.0, Self::mass),
        }
    }

    /// Changes each of its groups.
    fn change(&mut self, change: &dyn Fn(&mut Group)) {
        match self {
            Self::Terms(group) => change(group),
            Self::FormAndStem(form, stem) => {
                change(form);
                change(stem);
            }
            Self::Kept { sources, .. } => sources.iter_mut().for_each(|source| source.change(change)),
        }
    }

    /// The same for a word `edits` away, for which `term` was written: it counts `weight` as much.
    pub(crate) fn guessed(mut self, term: &str, edits: u8, weight: f32) -> Self {
        self.change(&|group| {
            group.via = Via::Typo(edits);
            group.terms = vec![term.to_owned()];
            group.weight *= weight;
        });
        if let Self::Kept { weight: of, .. } = &mut self {
            *of *= weight;
        }
        self
    }
}

/// A word of a query and what it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// What it counts in the query, relative to one that is said once; nothing where it builds the sentence only.
    pub(crate) share: f32,
    /// The most faithful first.
    pub(crate) sources: Vec<WordSource>,
    /// Where it stands in texts: its stem and, where it is seldom a whole word, its commonest completions.
    pub(crate) places: Vec<(Field, TermInfo)>,
}

impl Word {
    /// A word that stands for what `sources` say.
    pub(crate) fn new(text: &str, sources: impl IntoIterator<Item = WordSource>) -> Self {
        Self { text: text.to_owned(), share: 1.0, sources: sources.into_iter().collect(), places: Vec::new() }
    }

    /// All terms that stand for it, the most faithful first.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.sources.iter().flat_map(WordSource::groups)
    }

    /// Whether nothing is known that it could stand for.
    pub(crate) fn is_unknown(&self) -> bool {
        self.sources.is_empty()
    }

    /// Remembers what all its sources score, and forgets postings that are many.
    pub(crate) fn keep(&mut self, scores: SharedScores) {
        let mut sources = std::mem::take(&mut self.sources);
        let forget = |group: &mut Group| {
            if group.via == Via::Prefix {
                group.postings = Vec::new();
            }
        };
        sources.iter_mut().for_each(|source| source.change(&forget));
        self.sources = vec![WordSource::Kept { sources, weight: 1.0, scores }];
    }

    /// The term that it was probably meant to be, where it is none itself.
    pub(crate) fn mended(&self) -> Option<&str> {
        let typo = self.groups().next().filter(|group| matches!(group.via, Via::Typo(_)))?;
        typo.terms.first().map(String::as_str)
    }

    /// The term that it was probably meant to be.
    pub(crate) fn meant(&self) -> &str {
        self.mended().unwrap_or(&self.text)
    }

    /// What a match of it tells: the weight of its most faithful groups, or of its completions where those are commoner,
    /// times its share.
    pub(crate) fn mass(&self) -> f32 {
        let faithful = self.sources.first().map_or(0.0, WordSource::mass);
        let completed = self.groups().last().filter(|group| group.via == Via::Prefix);
        self.share * completed.map_or(faithful, |group| faithful.min(group.weight))
    }

    /// Postings to be read at most.
    pub(crate) fn n_docs(&self) -> u64 {
        self.groups().map(|group| group.n_docs).sum()
    }
}
