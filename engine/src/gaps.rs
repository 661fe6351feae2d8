//! What is missing from content: concepts that are used and never taught, guides that need what comes later, and searches that
//! find nothing.

use gradus_corpus::{Corpus, Edge, Kind, PageId, Relation, Strength};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::questions::filter::FilterParams;
use crate::questions::refusal::QuestionError;
use crate::questions::search::{SearchParams, search};
use crate::view::View;

/// Pages whose texts name a concept from which it is in use, though nothing needs it.
const USED_ON: usize = 3;

/// What is missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Gaps {
    /// Concepts that are in use and that no guide teaches, the most used first.
    pub untaught: Vec<UntaughtConcept>,
    /// Guides that need what comes later in the order of the site, in their order.
    pub backward: Vec<BackwardNeed>,
    /// Searches that find nothing, the most frequent first.
    pub unanswered: Vec<AskedQuery>,
}

/// A concept that is in use and that no guide teaches.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UntaughtConcept {
    /// Its full id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Pages that need it.
    pub needed_by: usize,
    /// Pages whose texts name it.
    pub named_on: usize,
    /// Whether its own page has a text to learn it from.
    pub has_text: bool,
}

/// A guide that needs what comes later.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BackwardNeed {
    /// The full id of the guide.
    pub guide: String,
    /// The full id of what it needs.
    pub needs: String,
    /// The full id of the guide that has it, the first in the order.
    pub comes_in: String,
    /// Where the guide says so.
    pub file: String,
    /// The line there.
    pub line: u32,
}

/// What readers have looked for.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AskedQuery {
    /// The query.
    pub q: String,
    /// How often it was asked.
    pub count: u64,
}

impl Gaps {
    /// Whether nothing is missing.
    pub fn is_empty(&self) -> bool {
        self.untaught.is_empty() && self.backward.is_empty() && self.unanswered.is_empty()
    }
}

/// What is missing in `view`, and which of the queries `asked` find nothing in it. O(pages + edges + names in texts), and a search
/// for each query.
///
/// # Errors
/// If a query cannot be asked.
pub fn gaps(view: &View, asked: Vec<AskedQuery>) -> Result<Gaps, QuestionError> {
    let mut unanswered = Vec::new();
    let mut seen = FxHashSet::default();
    for query in asked {
        let ask = SearchParams { q: query.q.clone(), limit: Some(1), ..SearchParams::default() };
        if seen.insert(query.q.clone()) && search(view, ask, FilterParams::default())?.total == 0 {
            unanswered.push(query);
        }
    }
    unanswered.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.q.cmp(&other.q)));
    Ok(Gaps { untaught: untaught(view), backward: backward(view), unanswered })
}

/// Where no guide says what it teaches, nobody can tell what is not taught.
fn untaught(view: &View) -> Vec<UntaughtConcept> {
    let (corpus, graph) = (&*view.corpus, &*view.graph);
    if !corpus.declared().iter().any(|edge| edge.relation == Relation::Teaches) {
        return Vec::new();
    }
    let mut named_on: FxHashMap<PageId, usize> = FxHashMap::default();
    for (id, page) in corpus.pages() {
        let texts = page.sections.iter().flat_map(|section| section.texts());
        let named: FxHashSet<PageId> = texts
            .flat_map(|text| {
                let mentions = text.mentions.iter().map(|mention| mention.concept);
                mentions.chain(text.links.iter().map(|link| link.target))
            })
            .collect();
        named.into_iter().filter(|named| *named != id).for_each(|named| *named_on.entry(named).or_default() += 1);
    }
    let gap = |id: PageId| {
        let page = corpus.page(id);
        UntaughtConcept {
            id: page.id(),
            title: page.title.to_string(),
            needed_by: graph.n_dependents(id),
            named_on: named_on.get(&id).copied().unwrap_or_default(),
            has_text: !page.sections.is_empty(),
        }
    };
    let untaught = corpus.concepts().filter(|id| graph.taught_by(*id).next().is_none());
    let mut gaps: Vec<UntaughtConcept> =
        untaught.map(gap).filter(|gap| gap.needed_by > 0 || gap.named_on >= USED_ON).collect();
    gaps.sort_by(|one, other| {
        let use_of = |gap: &UntaughtConcept| (gap.needed_by, gap.named_on);
        use_of(other).cmp(&use_of(one)).then_with(|| one.id.cmp(&other.id))
    });
    gaps
}

fn backward(view: &View) -> Vec<BackwardNeed> {
    let corpus = &*view.corpus;
    let is_need = |edge: &&Edge| {
        let is_need = matches!(edge.relation, Relation::Requires | Relation::Assumes);
        is_need && edge.strength == Strength::Required && corpus.page(edge.from).kind == Kind::Guide
    };
    let needs = corpus.declared().iter().filter(is_need);
    needs.filter_map(|edge| comes_later(view, edge).map(|later| told(corpus, edge, later))).collect()
}

/// The first guide with what `edge` needs, where all of them come later than the guide that needs it.
fn comes_later(view: &View, edge: &Edge) -> Option<PageId> {
    let having: Vec<PageId> =
        if view.corpus.is_concept(edge.to) { view.graph.taught_by(edge.to).collect() } else { vec![edge.to] };
    let is_later = |guide: &PageId| view.graph.reads_before(edge.from, *guide) == Some(true);
    if having.is_empty() || !having.iter().all(is_later) {
        return None;
    }
    having.into_iter().reduce(
        |first, other| {
            if view.graph.reads_before(other, first) == Some(true) { other } else { first }
        },
    )
}

fn told(corpus: &Corpus, edge: &Edge, later: PageId) -> BackwardNeed {
    let id = |page| corpus.page(page).id();
    let file = corpus.files().get(edge.position.file as usize);
    BackwardNeed {
        guide: id(edge.from),
        needs: id(edge.to),
        comes_in: id(later),
        file: file.map_or_else(String::new, ToString::to_string),
        line: edge.position.line,
    }
}
