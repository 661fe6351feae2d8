//! Weights from examples: a linear ranker that tells what belongs on a list from what does not.

use gradus_corpus::{PageId, Relation};
use gradus_graph::HiddenEdges;
use libm::expf;
use rustc_hash::FxHashSet;

use super::rank::{RelatedCandidate, candidates};
use super::signal::{N_SIGNALS, Signal, Strengths, Weights};
use super::{LearnedWeights, RelatedEvidence, WeightSource};
use crate::limits;

/// Pages with links from which there is something to learn.
const MIN_SAMPLES: usize = 20;
/// How strongly weights are held to where they start when links teach: links are a hint, not what a reader looks for.
const TRUST_IN_START: f32 = 0.05;
/// The share of links that are answered by one back from which texts name the way up, and at which they leave it out. Chosen
/// between the documentations that were looked at: .13 and .13 where authors list overviews, .18 to .49 elsewhere.
const MUTUAL_LINKS: [f32; 2] = [0.25, 0.15];
/// The share of pages that something links to at which links lead nowhere, and from which there is a way to every page: .92
/// and .93 where authors list overviews.
const LINKED_PAGES: [f32; 2] = [0.6, 0.8];
/// The same when lists that people made teach.
const TRUST_IN_START_OF_LISTS: f32 = 0.01;
/// Steps of the ascent, and the length of the first.
const STEPS: usize = 150;
const STEP: f32 = 0.3;

/// A list that is known, among all that could be on it.
#[derive(Clone, Debug)]
pub struct Example {
    rows: Vec<Strengths>,
    /// Positions in `rows` of what is on the list.
    wanted: Vec<usize>,
}

impl Example {
    /// The list of `wanted` pages, sorted by id, among `candidates`. `None` where there is nothing to tell apart.
    pub fn new(candidates: &[RelatedCandidate], wanted: &[PageId]) -> Option<Self> {
        let is_wanted = |candidate: &RelatedCandidate| wanted.binary_search(&candidate.page).is_ok();
        let positions: Vec<usize> =
            candidates.iter().enumerate().filter(|(_, one)| is_wanted(one)).map(|(at, _)| at).collect();
        let tells = !positions.is_empty() && positions.len() < candidates.len();
        let rows = candidates.iter().map(|candidate| candidate.strengths).collect();
        tells.then_some(Self { rows, wanted: positions })
    }
}

/// Weights for `pages`, all of one kind. Links teach two things: whether texts leave out the way up to overviews
/// (`way_up_left_out`), which decides where weights start, and what folders and categories tell. Half of what some pages
/// state of others is hidden, and the weight of the shelf is moved towards what finds it again. The other signals keep their
/// weights: what hidden links are found by, such as what near pages link to, is not what readers look for next
/// (docs/related.md). At most [`limits::RELATED_SAMPLES`] pages are asked.
pub fn from_links(evidence: RelatedEvidence<'_>, pages: &[PageId]) -> LearnedWeights {
    let linking: Vec<PageId> =
        pages.iter().copied().filter(|page| evidence.graph.stated_of(*page).len() >= 2).collect();
    let every = linking.len().div_ceil(limits::RELATED_SAMPLES).max(1);
    let examples: Vec<Example> =
        linking.iter().step_by(every).filter_map(|page| hidden_links(evidence, *page)).collect();
    if examples.len() < MIN_SAMPLES {
        return LearnedWeights { weights: Weights::default(), source: WeightSource::Default };
    }
    let mut weights = Weights::below_overviews(way_up_left_out(evidence, pages));
    let shelf = Signal::Shelf as usize;
    weights.0[shelf] = fit(&examples, &weights, TRUST_IN_START).0[shelf];
    LearnedWeights { weights, source: WeightSource::Links }
}

/// How much of the way up the texts of `pages` leave out, 0 to 1. All of it where overviews link to nearly every page and
/// hardly a page links back: what is missing then is what links here. Nothing where links go both ways, or where they are
/// too few to lead anywhere. Concepts have no overviews: they are joined by what they need. O(links).
fn way_up_left_out(evidence: RelatedEvidence<'_>, pages: &[PageId]) -> f32 {
    let RelatedEvidence { corpus, graph, .. } = evidence;
    let (mut n_links, mut n_mutual) = (0, 0);
    let mut linked: FxHashSet<PageId> = FxHashSet::default();
    for page in pages.iter().copied().filter(|page| !corpus.is_concept(*page)) {
        for other in graph.stated(page, Relation::Links).filter(|other| !corpus.is_concept(*other)) {
            n_links += 1;
            n_mutual += usize::from(graph.states(other, Relation::Links, page));
            linked.insert(other);
        }
    }
    let share = |part: usize, whole: usize| as_f32(part) / as_f32(whole.max(1));
    let slope = |value: f32, [none, all]: [f32; 2]| ((value - none) / (all - none)).clamp(0.0, 1.0);
    slope(share(n_mutual, n_links), MUTUAL_LINKS) * slope(share(linked.len(), pages.len()), LINKED_PAGES)
}

#[expect(clippy::cast_precision_loss, reason = "links are far fewer than 2^24")]
fn as_f32(count: usize) -> f32 {
    count as f32
}

/// Weights that put what is on the lists of `examples` first.
pub fn from_lists(examples: &[Example]) -> Weights {
    fit(examples, &Weights::default(), TRUST_IN_START_OF_LISTS)
}

/// Every other page that `page` states something of, hidden, among what could be in its place.
fn hidden_links(evidence: RelatedEvidence<'_>, page: PageId) -> Option<Example> {
    let stated = evidence.graph.stated_of(page);
    let held: Vec<PageId> = stated.iter().copied().step_by(2).collect();
    let hidden = HiddenEdges::new(page, &held);
    let mut found = candidates(evidence, page, Some(&hidden));
    found.retain(|candidate| {
        stated.binary_search(&candidate.page).is_err() || held.binary_search(&candidate.page).is_ok()
    });
    Example::new(&found, &held)
}

/// Maximises the mean log probability that a soft choice by score falls on what is wanted (Cao et al., 2007), less
/// `trust` times half the square of the way from `start`. Steps shrink as gradients add up (Duchi, Hazan and Singer, 2011).
fn fit(examples: &[Example], start: &Weights, trust: f32) -> Weights {
    let mut weights = *start;
    let mut squares = [0.0_f32; N_SIGNALS];
    for _ in 0..STEPS {
        let mut gradient = [0.0_f32; N_SIGNALS];
        examples.iter().for_each(|example| add_gradient(example, &weights, &mut gradient));
        #[expect(clippy::cast_precision_loss, reason = "examples are at most thousands")]
        let n = examples.len().max(1) as f32;
        for (at, signal) in Signal::ALL.iter().enumerate() {
            let slope = gradient[at] / n - trust * (weights.0[at] - start.0[at]);
            squares[at] += slope * slope;
            weights.0[at] += STEP * slope / (squares[at].sqrt() + 1e-6);
            if !signal.is_signed() {
                weights.0[at] = weights.0[at].max(0.0);
            }
        }
    }
    weights
}

fn add_gradient(example: &Example, weights: &Weights, gradient: &mut Strengths) {
    let scores: Vec<f32> = example.rows.iter().map(|row| weights.score(row)).collect();
    let best = scores.iter().copied().fold(f32::MIN, f32::max);
    // By the crate, so that weights are the same on every machine.
    let chances: Vec<f32> = scores.iter().map(|score| expf(score - best)).collect();
    let sum: f32 = chances.iter().sum();
    for (row, chance) in example.rows.iter().zip(chances) {
        gradient.iter_mut().zip(row).for_each(|(slope, strength)| *slope -= chance / sum * strength);
    }
    #[expect(clippy::cast_precision_loss, reason = "lists are short")]
    let share = 1.0 / example.wanted.len() as f32;
    for at in &example.wanted {
        gradient.iter_mut().zip(&example.rows[*at]).for_each(|(slope, strength)| *slope += share * strength);
    }
}
