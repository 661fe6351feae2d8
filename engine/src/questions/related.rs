//! Related pages: what to read before, beside and after this one, and why?

mod reasons;

use gradus_corpus::{Corpus, Kind, PageId, Relation};
use gradus_graph::StrengthFilter;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::Schema as ApiSchema;
use utoipa::{IntoParams, ToSchema};

pub use reasons::Reason;

use super::about::QuestionAbout;
use super::answer::Str;
use super::card::Card;
use super::choice::{bounded, choice, list_of, spellings};
use super::list::{List, ListItem};
use super::question::{AnswerCost, question};
use super::reference::{Ref, find_list};
use super::refusal::Refusal;
use super::sheet::SheetRow;
use crate::limits;
use crate::relate::rank::{RankedPage, candidates, rank};
use crate::relate::signal::Weights;
use crate::relate::variety::{VariedPage, varied};
use crate::view::View;

question! {
    /// Concepts related to a concept, and why.
    ConceptRelatedQuestion
}

question! {
    /// Guides related to a guide, and why.
    GuideRelatedQuestion
}

/// Which related pages.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct RelatedParams {
    /// Items, at most 50, 10 where not given.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 50)]
    pub limit: Option<i64>,
    /// `before`, `similar`, `after`.
    pub group: Vec<String>,
    /// Pages to leave out, such as those the reader has seen.
    pub exclude: Vec<String>,
}

/// A related page.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RelatedItem<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: Card<'a>,
    /// Strength within one answer, 1 for the best; pins stand first whatever it is.
    pub score: f32,
    /// `before` if it teaches what this page needs, `after` if it needs what this page teaches, else `similar`.
    pub group: Str<'a>,
    /// Whether the author chose it.
    pub pinned: bool,
    /// Whether nothing but its being here speaks for it.
    pub fallback: bool,
    /// Why it is related, strongest reason first.
    pub reasons: Vec<Reason<'a>>,
    /// Near copies of it that would have come later.
    pub also: Vec<Ref<'a>>,
}

impl QuestionAbout for ConceptRelatedQuestion {
    const NAME: &'static str = "concept_related";
    const COMMAND: &'static str = "related";
    const PATH: &'static str = "/v1/concepts/{id}/related";
    const KIND: Kind = Kind::Concept;
    const COST: AnswerCost = AnswerCost::AtOnce;

    type Params = RelatedParams;
    type Answer<'a> = List<RelatedItem<'a>>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        vec![("group", list_of(spellings(&GROUPS)))]
    }

    fn about<'a>(view: &'a View, page: PageId, params: &RelatedParams) -> Result<List<RelatedItem<'a>>, Refusal> {
        related(view, page, params)
    }
}

impl QuestionAbout for GuideRelatedQuestion {
    const NAME: &'static str = "guide_related";
    const COMMAND: &'static str = "related";
    const PATH: &'static str = "/v1/guides/{id}/related";
    const KIND: Kind = Kind::Guide;
    const COST: AnswerCost = AnswerCost::AtOnce;

    type Params = RelatedParams;
    type Answer<'a> = List<RelatedItem<'a>>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        vec![("group", list_of(spellings(&GROUPS)))]
    }

    fn about<'a>(view: &'a View, page: PageId, params: &RelatedParams) -> Result<List<RelatedItem<'a>>, Refusal> {
        related(view, page, params)
    }
}

/// The group of a page beside another.
const GROUPS: [(&str, &str); 3] = [("before", "before"), ("similar", "similar"), ("after", "after")];

/// The pages of the same kind that are related to `page`: the author's pins, then what the signals of relatedness rank.
///
/// # Errors
/// If a parameter is wrong.
pub fn related<'a>(view: &'a View, page: PageId, params: &RelatedParams) -> Result<List<RelatedItem<'a>>, Refusal> {
    let limit = bounded("limit", params.limit, 10, limits::RELATED_ITEMS)?;
    let groups = params.group.iter().map(|one| choice("group", Some(one), &GROUPS));
    let groups: Vec<&str> = groups.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let mut excluded = find_list(view, "exclude", &params.exclude)?;
    excluded.extend(&view.corpus.page(page).related_exclude);
    excluded.push(page);
    let listed = list(view, page, &excluded, view.relatedness.weights(&view.corpus, page));
    let is_wanted = |other: PageId| groups.is_empty() || groups.contains(&group(view, page, other));
    let pins: Vec<PageId> = listed.pins.into_iter().filter(|pin| is_wanted(*pin)).take(limit).collect();
    let mut ranked = listed.ranked;
    if !groups.is_empty() {
        ranked.retain(|ranked| is_wanted(ranked.page));
    }
    let total = pins.len() + ranked.len();
    let best = ranked.iter().map(|ranked| ranked.score).fold(0.0, f32::max);
    let pinned =
        pins.iter().map(|pin| VariedPage { ranked: RankedPage { page: *pin, score: best }, copies: Vec::new() });
    let chosen = varied(&view.index, &ranked, limit - pins.len());
    let items = pinned.chain(chosen).map(|chosen| {
        let other = chosen.ranked.page;
        let is_pinned = pins.contains(&other);
        let score = if best > 0.0 { (chosen.ranked.score / best).max(0.0) } else { 0.0 };
        RelatedItem {
            page: Card::new(view, other),
            score,
            group: group(view, page, other).into(),
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
struct RelatedPages {
    pins: Vec<PageId>,
    ranked: Vec<RankedPage>,
    /// Whether nothing speaks for what is ranked.
    is_fallback: bool,
}

fn list(view: &View, page: PageId, excluded: &[PageId], weights: &Weights) -> RelatedPages {
    let mut pins = pins(view, page);
    pins.retain(|pin| !excluded.contains(pin));
    let mut ranked = rank(&candidates(view.evidence(), page, None), weights);
    ranked.retain(|ranked| !excluded.contains(&ranked.page) && !pins.contains(&ranked.page));
    ranked.retain(|ranked| language(&view.corpus, ranked.page) == language(&view.corpus, page));
    let is_fallback = pins.is_empty() && ranked.is_empty();
    if is_fallback {
        ranked = fallback(view, page, excluded);
    }
    RelatedPages { pins, ranked, is_fallback }
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
fn fallback(view: &View, page: PageId, excluded: &[PageId]) -> Vec<RankedPage> {
    let corpus = &view.corpus;
    let is_concept = corpus.is_concept(page);
    let pages = if is_concept { 0..corpus.n_concepts() } else { corpus.n_concepts()..corpus.n_pages() };
    let same_kind = pages.filter_map(|idx| u32::try_from(idx).ok()).map(PageId);
    let mut others: Vec<RankedPage> = same_kind
        .filter(|other| !excluded.contains(other) && corpus.page(*other).is_searchable)
        .filter(|other| !is_translation(corpus, page, *other))
        .map(|other| RankedPage { page: other, score: view.relatedness.shelves.nearness(page, other) })
        .collect();
    let is_foreign = |other: PageId| language(corpus, other) != language(corpus, page);
    others.sort_by(|a, b| {
        let by_language = is_foreign(a.page).cmp(&is_foreign(b.page));
        by_language.then(b.score.total_cmp(&a.score)).then(a.page.cmp(&b.page))
    });
    others.truncate(limits::RELATED_ITEMS);
    others
}

/// The language that `page` is written in: the first part of its own tag, or the site's; English where nobody says.
fn language(corpus: &Corpus, page: PageId) -> String {
    let tag = corpus.page(page).lang.as_deref().or(corpus.site().lang.as_deref()).unwrap_or("en");
    tag.split(['-', '_']).next().unwrap_or_default().to_lowercase()
}

/// Whether `other` is `page` in another language: it lies at the same path but for parts that name its language.
fn is_translation(corpus: &Corpus, page: PageId, other: PageId) -> bool {
    let plain = |page: PageId| -> Vec<String> {
        let tags = [corpus.page(page).lang.as_deref().unwrap_or_default().to_lowercase(), language(corpus, page)];
        let path = corpus.page(page).path.to_lowercase();
        path.split(['/', '.']).filter(|part| !tags.iter().any(|tag| tag == part)).map(str::to_owned).collect()
    };
    language(corpus, page) != language(corpus, other) && plain(page) == plain(other)
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

impl ListItem for RelatedItem<'_> {
    fn row(&self) -> SheetRow {
        let lock = if self.page.locked { "locked" } else { "" };
        let reasons = self.reasons.iter().take(2).map(|reason| reason.text.as_str());
        let reasons: Vec<&str> = std::iter::once(lock).chain(reasons).collect();
        SheetRow::new(&self.page.id, &self.page.title, &self.page.url, &reasons)
    }
}
