//! Which pages may need which, and what the first then states of the second.

use std::collections::BTreeMap;

use gradus_corpus::names::fold;
use gradus_corpus::{Corpus, Page, PageId, Relation};
use gradus_graph::Graph;
use rustc_hash::{FxHashMap, FxHashSet};

/// How often a guide that names a concept most has to name it to be taken for one that explains it.
const NAMED_TO_EXPLAIN: u32 = 3;

/// Pages that are looked at together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProposalScope {
    /// A concept needs a concept.
    Concepts,
    /// A guide needs a guide.
    Guides,
    /// A guide assumes a concept that it does not teach.
    Assumed,
}

impl ProposalScope {
    pub(super) const ALL: [Self; 3] = [Self::Concepts, Self::Guides, Self::Assumed];

    /// The pages among which what this is about is found, sorted; none where there are no two of them.
    pub(super) fn pages(self, corpus: &Corpus) -> Vec<PageId> {
        let (concepts, guides) = (corpus.concepts(), corpus.guides());
        let pages: Vec<PageId> = match self {
            Self::Concepts => concepts.collect(),
            Self::Guides => guides.collect(),
            Self::Assumed if concepts.len() > 0 && guides.len() > 0 => concepts.chain(guides).collect(),
            Self::Assumed => Vec::new(),
        };
        if pages.len() > 1 { pages } else { Vec::new() }
    }

    /// What is stated.
    pub(super) fn relation(self) -> Relation {
        if self == Self::Assumed { Relation::Assumes } else { Relation::Requires }
    }

    /// Whether `from` may be a prerequisite of `to` at all.
    pub(super) fn admits(self, corpus: &Corpus, from: PageId, to: PageId) -> bool {
        self != Self::Assumed || corpus.is_concept(from) && !corpus.is_concept(to)
    }
}

/// Which guides explain which concepts: nobody assumes what they explain themselves.
pub(super) struct Explained {
    /// The guides that explain each concept, by position.
    by: Vec<Vec<PageId>>,
    /// Of each concept that stands in the file of a guide too, nothing is assumed: the guide is needed, as guides are.
    is_guide: Vec<bool>,
    /// The concepts that each guide names, sorted; none of one that is a concept too.
    used: FxHashMap<PageId, Vec<PageId>>,
}

impl Explained {
    /// Where no guide says that it teaches a concept, the one that names it most does. O(text).
    pub(super) fn new(corpus: &Corpus, graph: &Graph) -> Self {
        let paths: FxHashSet<&str> = corpus.guides().map(|guide| &*corpus.page(guide).path).collect();
        let is_guide = |concept| paths.contains(&*corpus.page(concept).path) && !corpus.page(concept).path.is_empty();
        let is_guide: Vec<bool> = corpus.concepts().map(is_guide).collect();
        let concept_paths: FxHashSet<&str> = corpus.concepts().map(|concept| &*corpus.page(concept).path).collect();
        let mut most: Vec<(u32, Vec<PageId>)> = vec![(NAMED_TO_EXPLAIN, Vec::new()); corpus.n_concepts()];
        let mut used = FxHashMap::default();
        for guide in corpus.guides().filter(|guide| !concept_paths.contains(&*corpus.page(*guide).path)) {
            let mut counts: BTreeMap<PageId, u32> = BTreeMap::new();
            for text in corpus.page(guide).sections.iter().flat_map(|section| section.texts()) {
                text.mentions.iter().for_each(|mention| *counts.entry(mention.concept).or_default() += mention.count);
                let linked = text.links.iter().filter(|link| corpus.is_concept(link.target));
                linked.for_each(|link| *counts.entry(link.target).or_default() += 1);
            }
            for (concept, count) in &counts {
                let (highest, guides) = &mut most[concept.idx()];
                if *count > *highest {
                    (*highest, *guides) = (*count, Vec::new());
                }
                if *count == *highest {
                    guides.push(guide);
                }
            }
            used.insert(guide, counts.into_keys().collect());
        }
        let by = corpus.concepts().zip(most).map(|(concept, (_, naming_most))| {
            let teaching: Vec<PageId> = graph.taught_by(concept).collect();
            if teaching.is_empty() { naming_most } else { teaching }
        });
        Self { by: by.collect(), is_guide, used }
    }

    /// Whether `guide` can assume `concept`: it names it and does not explain it, and something that does not come later does.
    pub(super) fn can_assume(&self, corpus: &Corpus, graph: &Graph, guide: PageId, concept: PageId) -> bool {
        let by = &self.by[concept.idx()];
        let comes_before = |teacher: &PageId| graph.reads_before(guide, *teacher) != Some(true);
        let page = corpus.page(concept);
        let is_explained =
            by.iter().any(comes_before) || by.is_empty() && (page.description.is_some() || !page.sections.is_empty());
        let uses = self.used.get(&guide).is_some_and(|used| used.binary_search(&concept).is_ok());
        uses && is_explained
            && !self.is_guide[concept.idx()]
            && !by.contains(&guide)
            && !heads(corpus.page(guide), page)
    }
}

/// Whether the title of `guide`, or a heading in it, holds a name of `concept`.
fn heads(guide: &Page, concept: &Page) -> bool {
    let names: Vec<String> = std::iter::once(&concept.title).chain(&concept.names).map(|name| fold(name)).collect();
    let headings = guide.sections.iter().map(|section| &section.title);
    std::iter::once(&guide.title).chain(headings).any(|heading| {
        let heading = format!(" {} ", fold(heading));
        names.iter().any(|name| !name.is_empty() && heading.contains(&format!(" {name} ")))
    })
}
