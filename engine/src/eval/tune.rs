//! Weights from lists that people made, and whether they are better on lists that they were not learned from.

use gradus_corpus::{PageId, Relation};
use gradus_graph::HiddenEdges;

use super::related::{GoldList, PLACES, Quality};
use crate::relate::learn::{Example, from_lists};
use crate::relate::rank::{RelatedCandidate, candidates, rank};
use crate::relate::signal::Weights;
use crate::relate::variety::varied;
use crate::view::View;

/// Parts of the lists; each is ranked with what the others teach.
const FOLDS: usize = 5;
/// Lists from which weights are learned at all.
pub const MIN_LISTS: usize = 20;

/// What tuning came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// How many lists there were.
    pub n_lists: usize,
    /// With the weights in force.
    pub before: Quality,
    /// With weights learned from other lists.
    pub after: Quality,
    /// What all lists teach.
    pub weights: Weights,
}

impl Trial {
    /// Whether the learned weights find more and put it higher.
    pub fn wins(&self) -> bool {
        self.after.ndcg > self.before.ndcg && self.after.recall >= self.before.recall
    }
}

/// A list with what could be on it.
struct ListCandidates<'a> {
    candidates: Vec<RelatedCandidate>,
    list: &'a GoldList,
}

/// Tries to learn from `lists`, all of pages of one kind. What a page states of those on its list is hidden: pins would
/// tell themselves. `None` of fewer than [`MIN_LISTS`].
pub fn tune(view: &View, lists: &[GoldList]) -> Option<Trial> {
    let first = lists.first().filter(|_| lists.len() >= MIN_LISTS)?;
    let prepared: Vec<ListCandidates<'_>> = lists.iter().map(|list| prepare(view, list)).collect();
    let in_force = view.relatedness.weights(&view.corpus, first.page);
    let before = Quality::of(prepared.iter().map(|one| (first_places(view, one, in_force), &*one.list.related)));
    let folds: Vec<Weights> = (0..FOLDS).map(|fold| learn(&prepared, |at| at % FOLDS != fold)).collect();
    let held_out = prepared.iter().enumerate();
    let after = held_out.map(|(at, one)| (first_places(view, one, &folds[at % FOLDS]), &*one.list.related));
    let after = Quality::of(after);
    Some(Trial { n_lists: lists.len(), before, after, weights: learn(&prepared, |_| true) })
}

/// The authors' pins as lists: the guides, or concepts, of which two or more are pinned.
pub fn pinned_lists(view: &View, pages: impl Iterator<Item = PageId>) -> Vec<GoldList> {
    let lists = pages.filter_map(|page| {
        let declared = view.corpus.declared_by(page).iter();
        let pins = declared.filter(|edge| matches!(edge.relation, Relation::Related | Relation::Companion));
        let pins = pins.map(|edge| edge.to).filter(|to| *to != page);
        GoldList::new(page, pins.filter(|to| view.corpus.is_concept(*to) == view.corpus.is_concept(page)).collect())
    });
    lists.filter(|list| list.related.len() >= 2).collect()
}

fn prepare<'a>(view: &View, list: &'a GoldList) -> ListCandidates<'a> {
    let hidden = HiddenEdges::new(list.page, &list.related);
    ListCandidates { candidates: candidates(view.evidence(), list.page, Some(&hidden)), list }
}

fn first_places(view: &View, one: &ListCandidates<'_>, weights: &Weights) -> Vec<PageId> {
    let ranked = rank(&one.candidates, weights);
    varied(&view.index, &ranked, PLACES).into_iter().map(|chosen| chosen.ranked.page).collect()
}

/// The weights that the lists at the positions in `is_taught` teach.
fn learn(prepared: &[ListCandidates<'_>], is_taught: impl Fn(usize) -> bool) -> Weights {
    let taught = prepared.iter().enumerate().filter(|(at, _)| is_taught(*at));
    let examples: Vec<Example> =
        taught.filter_map(|(_, one)| Example::new(&one.candidates, &one.list.related)).collect();
    from_lists(&examples)
}
