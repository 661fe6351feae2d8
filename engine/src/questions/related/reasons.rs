//! Reasons: evidence that a reader can check.
//!
//! A reason is looked up in the corpus when it is told, not remembered from the ranking: it is true whatever the weights.

use gradus_corpus::{PageId, Relation, Strength};
use gradus_graph::StrengthFilter;
use gradus_index::{Aspect, SharedWords, builds_sentences};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::limits;
use crate::questions::answer::Str;
use crate::questions::reference::Ref;
use crate::relate::rank::PEERS;
use crate::view::View;

/// Reasons for one page: more are not read.
const MAX_REASONS: usize = 3;
/// Names in one reason.
const MAX_NAMES: usize = 3;

/// Evidence for a relation.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Reason<'a> {
    /// `pinned`, `requires`, `required`, `prepares`, `needs`, `relation`, `shared`, `linked`, `series`, `cited`, `citing`,
    /// `text`, `code`, `shelf`, `near` or `fallback`.
    pub kind: Str<'a>,
    /// For readers.
    pub text: String,
    /// The concepts it names.
    pub concepts: Vec<Ref<'a>>,
    /// The other pages it names.
    pub pages: Vec<Ref<'a>>,
    /// The words it names.
    pub words: Vec<Str<'a>>,
}

/// A reason and how much it tells.
struct FoundReason<'a> {
    /// How unlikely the same would be of any other page: the natural logarithm of how many pages there are for one of which it
    /// would hold. What authors state is beyond that.
    tells: f32,
    reason: Reason<'a>,
}

/// Why `other` is related to `page`: what authors state first, then what would be least likely by chance, never none.
pub(super) fn reasons<'a>(
    view: &'a View,
    page: PageId,
    other: PageId,
    is_pinned: bool,
    is_fallback: bool,
) -> Vec<Reason<'a>> {
    if is_fallback {
        return vec![on_shelf(view, page, other).unwrap_or_else(|| plain("fallback", "from the same collection"))];
    }
    let pinned = is_pinned.then(|| plain("pinned", "recommended by the author"));
    let stated = pinned.into_iter().chain(prerequisite(view, page, other)).chain(relation(view, page, other));
    let found = [shared, in_series, linked, cited, alike, same_code, citing, shelved];
    let mut found: Vec<FoundReason<'a>> = found.into_iter().filter_map(|find| find(view, page, other)).collect();
    // Of what tells as much, the more direct comes first.
    found.sort_by(|a, b| b.tells.total_cmp(&a.tells));
    let found = found.into_iter().map(|evidence| evidence.reason);
    let mut reasons: Vec<Reason<'a>> = stated.chain(found).take(MAX_REASONS).collect();
    if reasons.is_empty() {
        reasons.push(same_stems(view, page, other).unwrap_or_else(|| near(view, page, other)));
    }
    reasons
}

/// The logarithm of how many pages there are for one of `n`.
fn rarity(view: &View, n: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "pages are fewer than 2^24")]
    let share = view.corpus.n_pages() as f32 / n.max(1) as f32;
    share.ln().max(0.0)
}

fn plain<'a>(kind: &'static str, text: impl Into<String>) -> Reason<'a> {
    Reason { kind: kind.into(), text: text.into(), concepts: Vec::new(), pages: Vec::new(), words: Vec::new() }
}

/// One prepares for the other.
fn prerequisite<'a>(view: &'a View, page: PageId, other: PageId) -> Option<Reason<'a>> {
    match (view.graph.need(page, other), view.graph.need(other, page)) {
        (Some(Strength::Required), _) => return Some(plain("required", "needed before this")),
        (_, Some(Strength::Required)) => return Some(plain("requires", "builds on this")),
        (Some(Strength::Recommended), _) => return Some(plain("required", "recommended before this")),
        (_, Some(Strength::Recommended)) => return Some(plain("requires", "better understood after this")),
        (None, None) => {}
    }
    let told = [
        (StrengthFilter::Required, "teaches what this assumes", "assumes what this teaches"),
        (StrengthFilter::All, "teaches what helps here", "better understood after what this teaches"),
    ];
    told.into_iter().find_map(|(strengths, from_there, from_here)| {
        let concepts = |before, after| -> Vec<PageId> {
            let pages = view.graph.prepares(before, after, strengths);
            pages.into_iter().filter(|page| view.corpus.is_concept(*page)).collect()
        };
        let (before, after) = (concepts(other, page), concepts(page, other));
        if !before.is_empty() && before.len() >= after.len() {
            return Some(naming(view, "prepares", from_there, &before));
        }
        (!after.is_empty()).then(|| naming(view, "needs", from_here, &after))
    })
}

/// An author states how two concepts stand to each other.
fn relation<'a>(view: &'a View, page: PageId, other: PageId) -> Option<Reason<'a>> {
    let told = [
        (Relation::Contrasts, "contrasted with this", "contrasted with this"),
        (Relation::PartOf, "this is a part of it", "a part of this"),
        (Relation::ImprovesOn, "this improves on it", "improves on this"),
        (Relation::Companion, "read together with this", "read together with this"),
        (Relation::Related, "recommended here", "recommends this"),
    ];
    told.into_iter().find_map(|(relation, from_here, from_there)| {
        let is_pin = matches!(relation, Relation::Companion | Relation::Related);
        if !is_pin && view.graph.states(page, relation, other) {
            return Some(plain("relation", from_here));
        }
        view.graph.states(other, relation, page).then(|| plain("relation", from_there))
    })
}

/// Both speak of the same concepts. Names that are words of every sentence, such as `if` and `not`, are none that a text
/// speaks of.
fn shared<'a>(view: &'a View, page: PageId, other: PageId) -> Option<FoundReason<'a>> {
    let shared = view.graph.shared_concepts(page, other);
    let told: [(&[Relation], &str); 3] = [
        (&[Relation::Teaches], "both teach"),
        (&[Relation::Mentions, Relation::Links], "both speak of"),
        (&[Relation::Assumes], "both assume or recommend"),
    ];
    told.into_iter().find_map(|(relations, text)| {
        let states = |from, to| relations.iter().any(|relation| view.graph.states(from, *relation, to));
        let is_name = |concept: PageId| {
            !relations.contains(&Relation::Mentions) || !builds_sentences(&view.corpus.page(concept).title)
        };
        let both = |concept: &PageId| states(page, *concept) && states(other, *concept) && is_name(*concept);
        let concepts: Vec<PageId> = shared.iter().copied().filter(both).take(MAX_NAMES).collect();
        let tells = concepts.iter().map(|concept| view.graph.tells_of_sharing(page, relations, *concept)).sum();
        (!concepts.is_empty()).then(|| FoundReason { tells, reason: naming(view, "shared", text, &concepts) })
    })
}

/// They are parts of one series.
fn in_series<'a>(view: &'a View, page: PageId, other: PageId) -> Option<FoundReason<'a>> {
    let distance = view.relatedness.shelves.series_distance(&view.corpus, page, other)?;
    let name = view.corpus.page(page).series.as_deref()?;
    let place = match distance {
        1 => "next in the series",
        -1 => "before this in the series",
        _ => "in the same series",
    };
    let n_as_near = usize::try_from(2 * distance.unsigned_abs()).unwrap_or(usize::MAX);
    Some(FoundReason { tells: rarity(view, n_as_near), reason: plain("series", format!("{place}: {name}")) })
}

/// One's text links to the other.
fn linked<'a>(view: &'a View, page: PageId, other: PageId) -> Option<FoundReason<'a>> {
    let told = [(page, other, "linked from here"), (other, page, "links here")];
    told.into_iter().find(|(from, to, _)| view.graph.states(*from, Relation::Links, *to)).map(|(from, _, text)| {
        FoundReason { tells: rarity(view, view.graph.n_neighbours(from)), reason: plain("linked", text) }
    })
}

/// A third page speaks of both.
fn cited<'a>(view: &'a View, page: PageId, other: PageId) -> Option<FoundReason<'a>> {
    let third = view.graph.citing_both(page, other)?;
    let told = [
        (Relation::Links, "both linked from"),
        (Relation::Related, "both recommended in"),
        (Relation::Teaches, "both taught in"),
    ];
    let states = |relation, to| view.graph.states(third, relation, to);
    let told = told.into_iter().find(|(relation, _)| states(*relation, page) && states(*relation, other));
    let needed =
        both_need(view.graph.need(third, page), view.graph.need(third, other), ["both needed for", "both prepare"]);
    let text = told.map(|(_, text)| text).or(needed).unwrap_or("both connected with");
    Some(FoundReason { tells: through_tells(view, page, third), reason: through(view, "cited", text, third) })
}

/// Both speak of a third page.
fn citing<'a>(view: &'a View, page: PageId, other: PageId) -> Option<FoundReason<'a>> {
    let third = view.graph.cited_by_both(page, other)?;
    let told = [
        (Relation::Links, "both link to"),
        (Relation::Related, "both recommend"),
        (Relation::PartOf, "both a part of"),
    ];
    let states = |from, relation| view.graph.states(from, relation, third);
    let told = told.into_iter().find(|(relation, _)| states(page, *relation) && states(other, *relation));
    let needed =
        both_need(view.graph.need(page, third), view.graph.need(other, third), ["both build on", "both come after"]);
    let text = told.map(|(_, text)| text).or(needed).unwrap_or("both connected with");
    Some(FoundReason { tells: through_tells(view, page, third), reason: through(view, "citing", text, third) })
}

/// What to say of two needs: the first where both are requirements, the second where one is a recommendation.
fn both_need(one: Option<Strength>, other: Option<Strength>, texts: [&str; 2]) -> Option<&str> {
    let (one, other) = (one?, other?);
    let is_required = one == Strength::Required && other == Strength::Required;
    Some(texts[usize::from(!is_required)])
}

/// How unlikely it is by chance that `page` and another are joined by `third`: any of its neighbours might join them.
fn through_tells(view: &View, page: PageId, third: PageId) -> f32 {
    rarity(view, view.graph.n_neighbours(third).saturating_mul(view.graph.n_neighbours(page)))
}

/// Their texts share telling words.
fn alike<'a>(view: &'a View, page: PageId, other: PageId) -> Option<FoundReason<'a>> {
    same_words(view, Aspect::Text, page, other, ["text", "same words"])
}

/// Their code shares telling words.
fn same_code<'a>(view: &'a View, page: PageId, other: PageId) -> Option<FoundReason<'a>> {
    same_words(view, Aspect::Code, page, other, ["code", "same code"])
}

fn same_words<'a>(
    view: &'a View,
    aspect: Aspect,
    page: PageId,
    other: PageId,
    [kind, text]: [&'static str; 2],
) -> Option<FoundReason<'a>> {
    let SharedWords { words, tells } = view.index.shared_words(aspect, page, other, MAX_NAMES);
    let reason = || Reason { words: strs(&words), ..plain(kind, format!("{text}: {}", words.join(", "))) };
    (!words.is_empty()).then(|| FoundReason { tells, reason: reason() })
}

/// [`on_shelf`], which tells the more the fewer stand there.
fn shelved<'a>(view: &'a View, page: PageId, other: PageId) -> Option<FoundReason<'a>> {
    let reason = on_shelf(view, page, other)?;
    Some(FoundReason { tells: view.relatedness.shelves.nearness(page, other), reason })
}

/// They stand on one shelf.
fn on_shelf<'a>(view: &'a View, page: PageId, other: PageId) -> Option<Reason<'a>> {
    let (this, that) = (view.corpus.page(page), view.corpus.page(other));
    if let Some(category) = this.category.as_deref().filter(|_| this.category == that.category) {
        return Some(plain("shelf", format!("in the same category: {category}")));
    }
    let folder = this.path.rsplit_once('/')?.0;
    let is_same = that.path.rsplit_once('/').is_some_and(|(other, _)| other == folder);
    is_same.then(|| plain("shelf", format!("in the same folder: {folder}")))
}

/// Their texts share words, though not in the same form: a word of one would not be found in the other.
fn same_stems<'a>(view: &'a View, page: PageId, other: PageId) -> Option<Reason<'a>> {
    (view.index.cosine(page, other) > 0.0).then(|| plain("text", "forms of the same words"))
}

/// Nothing joins the two directly. What is said of them is looked up as everything else is.
fn near<'a>(view: &'a View, page: PageId, other: PageId) -> Reason<'a> {
    let peers = view.index.similar(&view.corpus, page, Aspect::Text, PEERS);
    let citing = peers.iter().map(|(peer, _)| *peer).find(|peer| view.graph.stated_of(*peer).contains(&other));
    if let Some(peer) = citing {
        return through(view, "near", "connected with what reads like this", peer);
    }
    let meets = |starts: &[(PageId, f32)]| {
        let met = view.graph.walk_from(page, starts, None, limits::RELATED_CANDIDATES);
        met.into_iter().any(|(met, _)| met == other)
    };
    if meets(&[(page, 1.0)]) {
        return plain("near", "a few steps away in the graph");
    }
    let sum: f32 = peers.iter().map(|(_, cosine)| cosine).sum();
    let starts: Vec<(PageId, f32)> =
        peers.iter().map(|(peer, cosine)| (*peer, cosine / sum.max(f32::MIN_POSITIVE))).collect();
    if meets(&starts) {
        return plain("near", "a few steps away from what reads like this");
    }
    on_shelf(view, page, other).unwrap_or_else(|| plain("fallback", "from the same collection"))
}

/// A reason that names a page between the two.
fn through<'a>(view: &'a View, kind: &'static str, words: &str, third: PageId) -> Reason<'a> {
    let text = format!("{words}: {}", view.corpus.page(third).title);
    let named = vec![Ref::new(&view.corpus, third)];
    if view.corpus.is_concept(third) {
        Reason { concepts: named, ..plain(kind, text) }
    } else {
        Reason { pages: named, ..plain(kind, text) }
    }
}

/// A reason that names concepts: as many as a reader takes in at a glance.
fn naming<'a>(view: &'a View, kind: &'static str, words: &str, concepts: &[PageId]) -> Reason<'a> {
    let concepts = &concepts[..concepts.len().min(MAX_NAMES)];
    let titles: Vec<&str> = concepts.iter().map(|concept| &*view.corpus.page(*concept).title).collect();
    Reason { concepts: Ref::all(&view.corpus, concepts), ..plain(kind, format!("{words}: {}", titles.join(", "))) }
}

fn strs<'a>(words: &[&'a str]) -> Vec<Str<'a>> {
    words.iter().map(|word| Str::from(*word)).collect()
}
