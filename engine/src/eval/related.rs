//! Related pages against lists that people made.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use gradus_corpus::PageId;
use serde::Deserialize;

use super::metrics::{Grades, hit, mean, ndcg, recall};
use crate::questions::related::ranked_by;
use crate::relate::signal::{Signal, Weights};
use crate::view::View;

/// Places that are looked at.
pub(super) const PLACES: usize = 10;
/// Places of which one must be right for a hit.
const HIT_PLACES: usize = 5;

/// A list that people made for a page.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldList {
    /// Whose list.
    pub page: PageId,
    /// What is on it, by id.
    pub related: Vec<PageId>,
}

/// Lists and what of them names no page of the corpus.
#[derive(Debug, Default)]
pub struct Gold {
    /// The lists, by page.
    pub lists: Vec<GoldList>,
    /// Names without a page, as they stand.
    pub unknown: Vec<String>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    related: Vec<String>,
}

impl Gold {
    /// Reads JSON Lines of `{"id": page, "related": [page]}`. Pages are resolved as in every question; those of the other
    /// kind than their list's and those that do not exist are left out, and the latter told.
    ///
    /// # Errors
    /// If the file cannot be read or a line is not of this shape.
    pub fn read(view: &View, path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut lists: BTreeMap<PageId, Vec<PageId>> = BTreeMap::new();
        let mut unknown = Vec::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let row: Row = serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), number + 1))?;
            let Some(page) = find(view, None, &row.id, &mut unknown) else { continue };
            let related = row.related.iter().filter_map(|name| find(view, Some(page), name, &mut unknown));
            lists.entry(page).or_default().extend(related.filter(|other| *other != page));
        }
        Ok(Self {
            lists: lists.into_iter().filter_map(|(page, related)| GoldList::new(page, related)).collect(),
            unknown,
        })
    }
}

impl GoldList {
    /// The list of `related` pages; `None` of none.
    pub fn new(page: PageId, mut related: Vec<PageId>) -> Option<Self> {
        related.sort_unstable();
        related.dedup();
        (!related.is_empty()).then_some(Self { page, related })
    }
}

/// The page that `name` names, of the kind of `like` if given, else a guide before a concept.
fn find(view: &View, like: Option<PageId>, name: &str, unknown: &mut Vec<String>) -> Option<PageId> {
    let found = view.corpus.names().resolve(name).pages;
    let wants_concept = like.is_some_and(|like| view.corpus.is_concept(like));
    let of_kind = found.iter().copied().find(|page| view.corpus.is_concept(*page) == wants_concept);
    let page = if like.is_some() { of_kind } else { of_kind.or_else(|| found.first().copied()) };
    if found.is_empty() {
        unknown.push(name.to_owned());
    }
    page
}

/// How good lists are, as means over pages.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    /// How much of the lists stands among the first 10.
    pub recall: f64,
    /// Normalised discounted cumulated gain of the first 10.
    pub ndcg: f64,
    /// How many answers have something of the list among the first 5.
    pub hit: f64,
}

impl Quality {
    /// The quality of `ranked` lists, each with what should be on it.
    pub fn of<'a>(lists: impl Iterator<Item = (Vec<PageId>, &'a [PageId])>) -> Self {
        let measured: Vec<[f64; 3]> = lists
            .map(|(ranked, wanted)| {
                let grades: Grades<PageId> = wanted.iter().map(|page| (*page, 1)).collect();
                [recall(&ranked, &grades, PLACES), ndcg(&ranked, &grades, PLACES), hit(&ranked, &grades, HIT_PLACES)]
            })
            .collect();
        let column = |at: usize| mean(measured.iter().map(|one| one[at]));
        Self { recall: column(0), ndcg: column(1), hit: column(2) }
    }
}

impl std::fmt::Display for Quality {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "recall@{PLACES} {:.3}  nDCG@{PLACES} {:.3}  hit@{HIT_PLACES} {:.3}",
            self.recall, self.ndcg, self.hit
        )
    }
}

/// What the signals find of `lists`, with the weights that `weigh` makes of those in force.
pub fn measure(view: &View, lists: &[GoldList], weigh: impl Fn(&Weights) -> Weights) -> Quality {
    Quality::of(lists.iter().map(|list| {
        let weights = weigh(view.relatedness.weights(&view.corpus, list.page));
        (ranked_by(view, list.page, &weights, PLACES), &*list.related)
    }))
}

/// The quality with each signal alone and with each left out.
pub fn ablation(view: &View, lists: &[GoldList]) -> Vec<(String, Quality)> {
    let alone =
        |signal: &Signal| (format!("{} alone", signal.as_str()), measure(view, lists, |_| Weights::only(*signal)));
    let left_out = |signal: &Signal| {
        (format!("without {}", signal.as_str()), measure(view, lists, |weights| weights.without(*signal)))
    };
    Signal::ALL.iter().map(alone).chain(Signal::ALL.iter().map(left_out)).collect()
}
