//! Two snapshots, compared.

use std::collections::{BTreeMap, BTreeSet};

use gradus_corpus::{Code, Corpus, PageId, Relation, Severity};
use gradus_engine::limits;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::view::View;
use gradus_engine::viewer::Viewer;
use gradus_graph::{ClosureOptions, StrengthFilter};
use serde::Serialize;

/// Ways that got longer that are told: the worst.
const LONGER_WAYS: usize = 20;

/// What a change does.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct GraphChange {
    /// Full ids of pages that are new.
    pub(super) pages_added: Vec<String>,
    /// Full ids of pages that are gone.
    pub(super) pages_removed: Vec<String>,
    /// Prerequisites that are declared now.
    pub(super) prerequisites_added: Vec<NeedChange>,
    /// Prerequisites that are no longer.
    pub(super) prerequisites_removed: Vec<NeedChange>,
    /// Groups that need each other now.
    pub(super) cycles_added: Vec<Vec<String>>,
    /// Concepts that no guide teaches any more.
    pub(super) untaught: Vec<String>,
    /// Pages before which there is more to learn, the worst first.
    pub(super) longer: Vec<LongerWay>,
    /// Errors and warnings that are new.
    pub(super) problems: Vec<NewProblem>,
}

/// A prerequisite.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub(super) struct NeedChange {
    /// What needs it.
    pub(super) to: String,
    /// The prerequisite.
    pub(super) from: String,
}

/// A page before which there is more to learn than before.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct LongerWay {
    pub(super) page: String,
    pub(super) steps_before: usize,
    pub(super) steps_after: usize,
    pub(super) minutes_before: u32,
    pub(super) minutes_after: u32,
}

/// A content problem.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct NewProblem {
    pub(super) code: &'static str,
    pub(super) severity: &'static str,
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) message: String,
}

impl GraphChange {
    /// Whether it breaks something: a cycle is made, a concept loses its teacher, or an error is new.
    pub(super) fn is_worse(&self) -> bool {
        let is_error = |problem: &NewProblem| problem.severity == Severity::Error.as_str();
        !self.cycles_added.is_empty() || !self.untaught.is_empty() || self.problems.iter().any(is_error)
    }
}

/// What `viewer` gets otherwise in `after` than in `before`.
pub(super) fn compare(before: &Snapshot, after: &Snapshot, viewer: Viewer) -> GraphChange {
    let (old, new) = (before.view(viewer), after.view(viewer));
    let (old_pages, new_pages) = (pages(&old.corpus), pages(&new.corpus));
    let (old_needs, new_needs) = (needs(&old.corpus), needs(&new.corpus));
    let only = |one: &BTreeMap<String, PageId>, other: &BTreeMap<String, PageId>| -> Vec<String> {
        one.keys().filter(|id| !other.contains_key(*id)).cloned().collect()
    };
    let old_cycles = cycles(old);
    let both = || new_pages.iter().filter_map(|(id, page)| Some((id, *old_pages.get(id)?, *page)));
    let lost = both()
        .filter(|(_, was, is)| old.graph.taught_by(*was).next().is_some() && new.graph.taught_by(*is).next().is_none());
    let mut longer: Vec<LongerWay> = both().filter_map(|(id, was, is)| longer_way(id, (old, was), (new, is))).collect();
    longer.sort_by_key(|way| (std::cmp::Reverse(way.minutes_after - way.minutes_before), way.page.clone()));
    longer.truncate(LONGER_WAYS);
    GraphChange {
        pages_added: only(&new_pages, &old_pages),
        pages_removed: only(&old_pages, &new_pages),
        prerequisites_added: new_needs.difference(&old_needs).cloned().collect(),
        prerequisites_removed: old_needs.difference(&new_needs).cloned().collect(),
        cycles_added: cycles(new).into_iter().filter(|cycle| !old_cycles.contains(cycle)).collect(),
        untaught: lost.map(|(id, ..)| id.clone()).collect(),
        longer,
        problems: problems(before, after),
    }
}

fn pages(corpus: &Corpus) -> BTreeMap<String, PageId> {
    corpus.pages().map(|(id, page)| (page.id(), id)).collect()
}

fn needs(corpus: &Corpus) -> BTreeSet<NeedChange> {
    let is_need = |relation| matches!(relation, Relation::Requires | Relation::Assumes);
    let id = |page| corpus.page(page).id();
    let edges = corpus.declared().iter().filter(|edge| is_need(edge.relation));
    edges.map(|edge| NeedChange { to: id(edge.from), from: id(edge.to) }).collect()
}

fn cycles(view: &View) -> BTreeSet<Vec<String>> {
    let of = view.graph.cycles().iter().filter(|cycle| cycle.len() > 1);
    of.map(|cycle| cycle.iter().map(|page| view.corpus.page(*page).id()).collect()).collect()
}

/// How many steps, and minutes, there are before a page.
fn way(view: &View, page: PageId) -> (usize, u32) {
    let options = ClosureOptions {
        depth: None,
        strength: StrengthFilter::Required,
        reduce: false,
        max_pages: limits::CLOSURE_PAGES,
    };
    let closure = view.graph.prerequisites(page, &options);
    (closure.pages.len(), closure.pages.iter().map(|page| view.corpus.page(*page).minutes).sum())
}

fn longer_way(id: &str, (old, was): (&View, PageId), (new, is): (&View, PageId)) -> Option<LongerWay> {
    let ((steps_before, minutes_before), (steps_after, minutes_after)) = (way(old, was), way(new, is));
    let is_longer = minutes_after > minutes_before && steps_after > steps_before;
    is_longer.then(|| LongerWay { page: id.to_owned(), steps_before, steps_after, minutes_before, minutes_after })
}

/// Errors and warnings that were not there. Lines move: what is told alike of the same file is the same.
fn problems(before: &Snapshot, after: &Snapshot) -> Vec<NewProblem> {
    let mut known: BTreeMap<(Code, &str, &str), usize> = BTreeMap::new();
    for one in before.diagnostics.iter() {
        *known.entry((one.code, &one.file, &one.message)).or_default() += 1;
    }
    let mut new = Vec::new();
    for one in after.diagnostics.iter().filter(|one| one.severity != Severity::Info) {
        let left = known.entry((one.code, &one.file, &one.message)).or_default();
        if *left > 0 {
            *left -= 1;
            continue;
        }
        new.push(NewProblem {
            code: one.code.as_str(),
            severity: one.severity.as_str(),
            file: one.file.to_string(),
            line: one.position.line,
            message: one.message.clone(),
        });
    }
    new
}
