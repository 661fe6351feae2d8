//! Related pages: what to read before, beside and after this one, and why?

mod reasons;

use gradus_corpus::{PageId, Relation};
use gradus_graph::StrengthFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use reasons::Reason;

use super::filter::known;
use super::list::bounded;
use super::{AskError, List, Ref, View, comma_list, find_list};
use crate::limits;
use crate::relate::rank::{Ranked, candidates, rank};
use crate::relate::signal::Weights;
use crate::relate::variety::{Chosen, varied};

/// Which related pages.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct RelatedAsk {
    /// Items, at most 50, 10 where not given.
    pub limit: Option<usize>,
    /// `before`, `similar`, `after`.
    #[serde(deserialize_with = "comma_list")]
    pub group: Vec<String>,
    /// Pages to leave out, such as those the reader has seen.
    #[serde(deserialize_with = "comma_list")]
    pub exclude: Vec<String>,
}

/// A related page.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelatedItem<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// Strength within one answer, 1 for the best; pins stand first whatever it is.
    pub score: f32,
    /// `before` if it teaches what this page needs, `after` if it needs what this page teaches, else `similar`.
    pub group: &'static str,
    /// Whether the author chose it.
    pub pinned: bool,
    /// Whether nothing but its being here speaks for it.
    pub fallback: bool,
    /// Why it is related, strongest reason first.
    pub reasons: Vec<Reason<'a>>,
    /// Near copies of it that would have come later.
    pub also: Vec<Ref<'a>>,
}

/// The pages of the same kind that are related to `page`: the author's pins, then what the signals of relatedness rank.
///
/// # Errors
/// If a parameter is wrong.
pub fn related<'a>(view: &'a View, page: PageId, ask: &RelatedAsk) -> Result<List<RelatedItem<'a>>, AskError> {
    let limit = bounded("limit", ask.limit, 10, limits::RELATED_ITEMS)?;
    known("group", &ask.group, &["before", "similar", "after"], |group| group)?;
    let mut excluded = find_list(view, "exclude", &ask.exclude)?;
    excluded.extend(&view.corpus.page(page).related_exclude);
    excluded.push(page);
    let listed = list(view, page, &excluded, view.relatedness.weights(&view.corpus, page));
    let is_wanted = |other: PageId| ask.group.is_empty() || ask.group.iter().any(|one| one == group(view, page, other));
    let pins: Vec<PageId> = listed.pins.into_iter().filter(|pin| is_wanted(*pin)).take(limit).collect();
    let mut ranked = listed.ranked;
    if !ask.group.is_empty() {
        ranked.retain(|ranked| is_wanted(ranked.page));
    }
    let total = pins.len() + ranked.len();
    let best = ranked.iter().map(|ranked| ranked.score).fold(0.0, f32::max);
    let pinned = pins.iter().map(|pin| Chosen { ranked: Ranked { page: *pin, score: best }, copies: Vec::new() });
    let chosen = varied(&view.index, &ranked, limit - pins.len());
    let items = pinned.chain(chosen).map(|chosen| {
        let other = chosen.ranked.page;
        let is_pinned = pins.contains(&other);
        let score = if best > 0.0 { (chosen.ranked.score / best).max(0.0) } else { 0.0 };
        RelatedItem {
            page: Ref::new(&view.corpus, other),
            score,
            group: group(view, page, other),
            pinned: is_pinned,
            fallback: listed.is_fallback,
            reasons: reasons::reasons(view, page, other, is_pinned, listed.is_fallback),
            also: Ref::all(&view.corpus, &chosen.copies),
        }
    });
    Ok(List { items: items.collect(), total, next_cursor: None, generation: view.generation.clone() })
}

/// The ids of the first `n` related pages if signals weighed `weights`; the author's pins only where they rank.
pub fn ranked_by(view: &View, page: PageId, weights: &Weights, n: usize) -> Vec<PageId> {
    let mut ranked = rank(&candidates(view.evidence(), page, None), weights);
    ranked.retain(|ranked| !view.corpus.page(page).related_exclude.contains(&ranked.page));
    varied(&view.index, &ranked, n).into_iter().map(|chosen| chosen.ranked.page).collect()
}

/// Everything that may be shown.
struct Listed {
    pins: Vec<PageId>,
    ranked: Vec<Ranked>,
    /// Whether nothing speaks for what is ranked.
    is_fallback: bool,
}

fn list(view: &View, page: PageId, excluded: &[PageId], weights: &Weights) -> Listed {
    let mut pins = pins(view, page);
    pins.retain(|pin| !excluded.contains(pin));
    let mut ranked = rank(&candidates(view.evidence(), page, None), weights);
    ranked.retain(|ranked| !excluded.contains(&ranked.page) && !pins.contains(&ranked.page));
    let is_fallback = pins.is_empty() && ranked.is_empty();
    if is_fallback {
        ranked = fallback(view, page, excluded);
    }
    Listed { pins, ranked, is_fallback }
}

/// What the author chose, in the order of the declaration; companions first.
fn pins(view: &View, page: PageId) -> Vec<PageId> {
    let same_kind = |other: PageId| view.corpus.is_concept(other) == view.corpus.is_concept(page);
    let declared = view.corpus.declared_by(page).iter();
    let mut declared: Vec<_> = declared
        .filter(|edge| matches!(edge.relation, Relation::Companion | Relation::Related) && same_kind(edge.to))
        .collect();
    declared.sort_by_key(|edge| (edge.relation != Relation::Companion, edge.position, edge.to));
    let mut pins: Vec<PageId> = Vec::new();
    for edge in declared {
        if !pins.contains(&edge.to) {
            pins.push(edge.to);
        }
    }
    pins
}

/// Where nothing is related at all: what stands on the same shelf, then whatever there is.
fn fallback(view: &View, page: PageId, excluded: &[PageId]) -> Vec<Ranked> {
    let corpus = &view.corpus;
    let is_concept = corpus.is_concept(page);
    let pages = if is_concept { 0..corpus.n_concepts() } else { corpus.n_concepts()..corpus.n_pages() };
    let same_kind = pages.filter_map(|idx| u32::try_from(idx).ok()).map(PageId);
    let mut others: Vec<Ranked> = same_kind
        .filter(|other| !excluded.contains(other) && corpus.page(*other).is_searchable)
        .map(|other| Ranked { page: other, score: view.relatedness.shelves.nearness(page, other) })
        .collect();
    others.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.page.cmp(&b.page)));
    others.truncate(limits::RELATED_ITEMS);
    others
}

fn group(view: &View, page: PageId, other: PageId) -> &'static str {
    let before = view.graph.prepares(other, page, StrengthFilter::All).len();
    let after = view.graph.prepares(page, other, StrengthFilter::All).len();
    match before.cmp(&after) {
        std::cmp::Ordering::Greater => "before",
        std::cmp::Ordering::Less => "after",
        std::cmp::Ordering::Equal => "similar",
    }
}
