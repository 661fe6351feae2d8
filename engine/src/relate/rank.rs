//! From signals to a ranking.

use gradus_corpus::{PageId, Relation};
use gradus_graph::HiddenEdges;
use gradus_index::Aspect;
use rustc_hash::FxHashMap;

use super::RelatedEvidence;
use super::signal::{N_SIGNALS, Signal, Strengths, Weights};
use crate::limits;

/// Pages that read alike from which peers and the blended walk start.
pub const PEERS: usize = 10;
/// How much of the blended walk starts at the page itself; the rest starts at its peers.
const AT_HOME: f32 = 0.5;

/// A page that something speaks for.
#[derive(Clone, Debug, PartialEq)]
pub struct RelatedCandidate {
    /// Which page.
    pub page: PageId,
    /// What each signal says, 0 to 1.
    pub strengths: Strengths,
}

/// A ranked page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankedPage {
    /// Which page.
    pub page: PageId,
    /// The weighted sum of what the signals say.
    pub score: f32,
}

/// Pages with scores, best first.
type ScoreList = Vec<(PageId, f32)>;

/// Every page of the kind of `page` that a signal names, with what all signals say, by id. What is `hidden` does not count.
pub fn candidates(evidence: RelatedEvidence<'_>, page: PageId, hidden: Option<&HiddenEdges>) -> Vec<RelatedCandidate> {
    let lists = lists(evidence, page, hidden);
    let mut found: FxHashMap<PageId, Strengths> = FxHashMap::default();
    for (signal, scored) in &lists {
        let best = scored.iter().map(|(_, score)| *score).fold(0.0, f32::max);
        for (other, score) in scored.iter().filter(|(_, score)| *score > 0.0) {
            found.entry(*other).or_insert([0.0; N_SIGNALS])[*signal as usize] = (score / best).sqrt();
        }
    }
    let mut candidates: Vec<RelatedCandidate> =
        found.into_iter().map(|(page, strengths)| RelatedCandidate { page, strengths }).collect();
    candidates.retain(|candidate| evidence.strangers.may_be_related(page, candidate.page));
    candidates.sort_unstable_by_key(|candidate| candidate.page);
    describe(evidence, page, hidden, &mut candidates);
    candidates
}

/// The signals that name pages. A further one, such as the nearness of embeddings, is one more line.
fn lists(evidence: RelatedEvidence<'_>, page: PageId, hidden: Option<&HiddenEdges>) -> Vec<(Signal, ScoreList)> {
    let RelatedEvidence { corpus, graph, index, shelves, .. } = evidence;
    let n = limits::RELATED_CANDIDATES;
    let text = index.similar(corpus, page, Aspect::Text, n);
    let peers = &text[..text.len().min(PEERS)];
    let common = graph.in_common(page, hidden, n);
    let blend = graph.walk_from(page, &seeds(page, peers), hidden, n);
    vec![
        (Signal::Peers, graph.stated_by_peers(page, peers, hidden, n)),
        (Signal::Text, text),
        (Signal::Names, index.similar(corpus, page, Aspect::Names, n)),
        (Signal::Code, index.similar(corpus, page, Aspect::Code, n)),
        (Signal::LinksHere, graph.stated_by(page, hidden, n)),
        (Signal::Neighbours, common.neighbours),
        (Signal::CitedTogether, common.cited),
        (Signal::CitingTogether, common.citing),
        (Signal::Concepts, graph.shared(page, n)),
        (Signal::Walk, graph.walk_from(page, &[(page, 1.0)], hidden, n)),
        (Signal::Blend, blend),
        (Signal::Series, shelves.in_series(corpus, page)),
    ]
}

/// Where the blended walk starts.
fn seeds(page: PageId, peers: &[(PageId, f32)]) -> Vec<(PageId, f32)> {
    let sum: f32 = peers.iter().map(|(_, cosine)| cosine).sum();
    if sum <= 0.0 {
        return vec![(page, 1.0)];
    }
    let peers = peers.iter().map(|(peer, cosine)| (*peer, (1.0 - AT_HOME) * cosine / sum));
    std::iter::once((page, AT_HOME)).chain(peers).collect()
}

/// The signals that name no page but tell of those that others name.
fn describe(
    evidence: RelatedEvidence<'_>,
    page: PageId,
    hidden: Option<&HiddenEdges>,
    candidates: &mut [RelatedCandidate],
) {
    let RelatedEvidence { graph, shelves, .. } = evidence;
    let mut set = |signal: Signal, score: &dyn Fn(PageId) -> f32| {
        let scores: Vec<f32> = candidates.iter().map(|candidate| score(candidate.page)).collect();
        let best = scores.iter().copied().fold(0.0, f32::max);
        for (candidate, score) in candidates.iter_mut().zip(scores).filter(|(_, score)| *score > 0.0) {
            candidate.strengths[signal as usize] = (score / best).sqrt();
        }
    };
    set(Signal::Shelf, &|other| shelves.nearness(page, other));
    #[expect(clippy::cast_precision_loss, reason = "a page has far fewer than 2^24 neighbours")]
    set(Signal::Popular, &|other| (graph.n_neighbours(other) as f32).ln_1p());
    let is_linked = |other: PageId| {
        graph.states(page, Relation::Links, other) && !hidden.is_some_and(|hidden| hidden.is_target(other))
    };
    set(Signal::Linked, &|other| if is_linked(other) { 1.0 } else { 0.0 });
}

/// `candidates` by their scores, best first, ties by id.
pub fn rank(candidates: &[RelatedCandidate], weights: &Weights) -> Vec<RankedPage> {
    let score =
        |candidate: &RelatedCandidate| RankedPage { page: candidate.page, score: weights.score(&candidate.strengths) };
    let mut ranked: Vec<RankedPage> = candidates.iter().map(score).collect();
    ranked.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.page.cmp(&b.page)));
    ranked
}
