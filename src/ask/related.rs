//! Related pages: what to read before, beside and after this one, and why?

use gradus_corpus::{PageId, Relation};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::filter::known;
use super::list::bounded;
use super::{AskError, List, Ref, View, comma_list, find_list};
use crate::limits;

/// Candidates that each signal may name.
const CANDIDATES: usize = 100;
/// Flattens the ranks of a signal in the fusion of ranks: small, so that what a signal is sure of counts.
const RANK_OFFSET: f32 = 10.0;
/// Names in one reason.
const REASON_CONCEPTS: usize = 3;

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
}

/// Evidence for a relation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reason<'a> {
    /// `pinned`, `needs`, `prepares`, `shared`, `linked`, `series`, `text`, `graph` or `fallback`.
    pub kind: &'static str,
    /// For readers.
    pub text: String,
    /// The concepts it names.
    pub concepts: Vec<Ref<'a>>,
}

/// What speaks for a candidate.
#[derive(Default)]
struct Evidence {
    score: f32,
    shared: Vec<PageId>,
    cosine: f32,
}

/// The pages of the same kind that are related to `page`: the author's pins, then a fusion of shared concepts, a random
/// walk over the graph, and text.
///
/// Signals are fused by reciprocal ranks (Cormack, Clarke and Büttcher, 2009): their scores have no common scale.
///
/// # Errors
/// If a parameter is wrong.
pub fn related<'a>(view: &'a View, page: PageId, ask: &RelatedAsk) -> Result<List<RelatedItem<'a>>, AskError> {
    let limit = bounded("limit", ask.limit, 10, limits::RELATED_ITEMS)?;
    known("group", &ask.group, &["before", "similar", "after"], |group| group)?;
    let mut excluded = find_list(view, "exclude", &ask.exclude)?;
    excluded.extend(&view.corpus.page(page).related_exclude);
    let pins = pins(view, page);
    let mut evidence = evidence(view, page);
    let mut ranked: Vec<PageId> = evidence.keys().copied().filter(|other| !pins.contains(other)).collect();
    ranked.sort_by(|a, b| evidence[b].score.total_cmp(&evidence[a].score).then(a.cmp(b)));
    let best = evidence.values().map(|evidence| evidence.score).fold(0.0, f32::max);
    let stretched = fallback(view, page, &pins, &ranked);
    let all = pins.iter().chain(&ranked).chain(&stretched).copied().filter(|other| !excluded.contains(other));
    let items = all
        .map(|other| {
            let found = evidence.remove(&other).unwrap_or_default();
            let is_pinned = pins.contains(&other);
            let group = group(view, page, other);
            let score = if best > 0.0 { found.score / best } else { 0.0 };
            let reasons = reasons(view, page, other, is_pinned, &found);
            let fallback = stretched.contains(&other);
            RelatedItem { page: Ref::new(&view.corpus, other), score, group, pinned: is_pinned, fallback, reasons }
        })
        .filter(|item| ask.group.is_empty() || ask.group.iter().any(|group| group == item.group));
    let mut items: Vec<RelatedItem<'_>> = items.collect();
    let total = items.len();
    items.truncate(limit);
    Ok(List { items, total, next_cursor: None, generation: view.generation.clone() })
}

/// What the author chose, in the order of the declaration; companions first.
fn pins(view: &View, page: PageId) -> Vec<PageId> {
    let same_kind = |other: PageId| view.corpus.is_concept(other) == view.corpus.is_concept(page);
    let mut declared: Vec<_> = view
        .corpus
        .declared_by(page)
        .iter()
        .filter(|edge| matches!(edge.relation, Relation::Companion | Relation::Related) && same_kind(edge.to))
        .collect();
    declared.sort_by_key(|edge| (edge.relation != Relation::Companion, edge.position, edge.to));
    let mut pins: Vec<PageId> = Vec::new();
    declared.iter().filter(|edge| edge.to != page).for_each(|edge| {
        if !pins.contains(&edge.to) {
            pins.push(edge.to);
        }
    });
    pins
}

fn evidence(view: &View, page: PageId) -> FxHashMap<PageId, Evidence> {
    let mut all: FxHashMap<PageId, Evidence> = FxHashMap::default();
    #[expect(clippy::cast_precision_loss, reason = "ranks are below a hundred")]
    let by_rank = |rank: usize| 1.0 / (RANK_OFFSET + rank as f32);
    for (rank, shared) in view.graph.shared(page).into_iter().take(CANDIDATES).enumerate() {
        let evidence = all.entry(shared.page).or_default();
        evidence.score += by_rank(rank);
        evidence.shared = shared.concepts;
    }
    for (rank, (other, _)) in view.graph.walk_from(page).into_iter().take(CANDIDATES).enumerate() {
        all.entry(other).or_default().score += by_rank(rank);
    }
    for (rank, (other, cosine)) in view.index.similar(&view.corpus, page, CANDIDATES).into_iter().enumerate() {
        let evidence = all.entry(other).or_default();
        evidence.score += by_rank(rank);
        evidence.cosine = cosine;
    }
    all
}

/// Where nothing is related at all: what stands on the same shelf, then whatever there is.
fn fallback(view: &View, page: PageId, pins: &[PageId], ranked: &[PageId]) -> Vec<PageId> {
    if !(pins.is_empty() && ranked.is_empty()) {
        return Vec::new();
    }
    let corpus = &view.corpus;
    let same_kind: Vec<PageId> =
        if corpus.is_concept(page) { corpus.concepts().collect() } else { corpus.guides().collect() };
    let shelf = |other: PageId| corpus.page(other).category != corpus.page(page).category;
    let mut others: Vec<PageId> = same_kind.into_iter().filter(|other| *other != page).collect();
    others.sort_by_key(|other| (shelf(*other), *other));
    others.truncate(limits::RELATED_ITEMS);
    others
}

fn group(view: &View, page: PageId, other: PageId) -> &'static str {
    let before = view.graph.prepares(other, page).len();
    let after = view.graph.prepares(page, other).len();
    match before.cmp(&after) {
        std::cmp::Ordering::Greater => "before",
        std::cmp::Ordering::Less => "after",
        std::cmp::Ordering::Equal => "similar",
    }
}

fn reasons<'a>(view: &'a View, page: PageId, other: PageId, is_pinned: bool, found: &Evidence) -> Vec<Reason<'a>> {
    let mut reasons = Vec::new();
    let plain = |kind, text: &str| Reason { kind, text: text.to_owned(), concepts: Vec::new() };
    if is_pinned {
        reasons.push(plain("pinned", "recommended by the author"));
    }
    let taught_before = concepts_of(view, view.graph.prepares(other, page));
    if !taught_before.is_empty() {
        reasons.push(naming(view, "prepares", "teaches what this assumes", &taught_before));
    }
    let taught_here = concepts_of(view, view.graph.prepares(page, other));
    if !taught_here.is_empty() {
        reasons.push(naming(view, "needs", "assumes what this teaches", &taught_here));
    }
    let both_teach = |concept: &PageId| {
        view.graph.states(page, Relation::Teaches, *concept) && view.graph.states(other, Relation::Teaches, *concept)
    };
    let (taught, named): (Vec<PageId>, Vec<PageId>) = found.shared.iter().copied().partition(both_teach);
    if !taught.is_empty() {
        reasons.push(naming(view, "shared", "both teach", &taught));
    } else if !named.is_empty() {
        reasons.push(naming(view, "shared", "both speak of", &named));
    }
    if view.graph.states(page, Relation::Links, other) {
        reasons.push(plain("linked", "linked from here"));
    } else if view.graph.states(other, Relation::Links, page) {
        reasons.push(plain("linked", "links here"));
    }
    let (this, that) = (view.corpus.page(page), view.corpus.page(other));
    if this.series.is_some() && this.series == that.series {
        reasons.push(plain("series", "in the same series"));
    }
    if reasons.is_empty() && found.cosine > 0.0 {
        reasons.push(plain("text", "uses the same words"));
    }
    if reasons.is_empty() && found.score > 0.0 {
        reasons.push(plain("graph", "near it in the graph of links and concepts"));
    }
    if reasons.is_empty() {
        reasons.push(plain("fallback", "from the same collection"));
    }
    reasons
}

fn concepts_of(view: &View, pages: Vec<PageId>) -> Vec<PageId> {
    pages.into_iter().filter(|page| view.corpus.is_concept(*page)).collect()
}

/// A reason that names concepts: as many as a reader takes in at a glance.
fn naming<'a>(view: &'a View, kind: &'static str, words: &str, concepts: &[PageId]) -> Reason<'a> {
    let concepts = &concepts[..concepts.len().min(REASON_CONCEPTS)];
    let titles: Vec<&str> = concepts.iter().map(|concept| &*view.corpus.page(*concept).title).collect();
    Reason { kind, text: format!("{words}: {}", titles.join(", ")), concepts: Ref::all(&view.corpus, concepts) }
}
