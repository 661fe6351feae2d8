//! Plans: the cheapest way to the targets, foundations first.

mod cover;
mod lesson;

use gradus_corpus::{PageId, Strength};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Graph;
use crate::closure::Strengths;
use crate::csr::{Entry, narrow};
use crate::local::Local;
pub(crate) use lesson::{Lesson, lessons};

/// What to plan.
pub struct PlanAsk<'a> {
    /// Concepts and guides to reach.
    pub targets: &'a [PageId],
    /// What is known.
    pub known: &'a [PageId],
    /// Whether what is known counts with its closure.
    pub assume: Assume,
    /// Minutes there are.
    pub budget: Option<u32>,
    /// Plan recommended prerequisites too, as far as the budget allows.
    pub include_recommended: bool,
    /// Guides to choose where there is a choice.
    pub prefer: &'a dyn Fn(PageId) -> bool,
}

/// How much a known page vouches for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assume {
    /// For everything it needs.
    #[default]
    Transitive,
    /// For itself alone.
    Exact,
}

/// A plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps in an order in which everything required comes first.
    pub steps: Vec<Step>,
    /// Minutes of all steps.
    pub minutes_total: u32,
    /// Whether the steps reach every target within the budget.
    pub fits: bool,
    /// What was left out for want of time, in the order of the plan.
    pub deferred: Vec<(PageId, DeferReason)>,
    /// Known pages that the targets need, by id.
    pub assumed_known: Vec<PageId>,
    /// Concepts of the steps that no guide teaches, by id.
    pub gaps: Vec<(PageId, GapReason)>,
}

/// A step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The concept to learn; several where they require each other.
    pub concepts: Vec<PageId>,
    /// The guide to learn it from; `None` where its own page is the lesson.
    pub guide: Option<PageId>,
    /// The section of the guide; `None` where the whole guide is the lesson.
    pub section: Option<usize>,
    /// Minutes; those of a lesson that serves several steps stand at its first.
    pub minutes: u32,
    /// Whether a target needs it or only profits from it.
    pub strength: Strength,
    /// The chain from the concept to a target, both included.
    pub why: Vec<PageId>,
    /// Other concepts of the plan that the same lesson teaches, by id.
    pub also_teaches: Vec<PageId>,
}

/// Why a concept was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeferReason {
    /// It helps, but can be skipped, and there is no time.
    RecommendedOverBudget,
    /// It is needed, and there is no time.
    RequiredOverBudget,
}

/// Why a concept has no guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapReason {
    /// No guide teaches it.
    NoGuide,
}

/// Concepts to learn and, for each, the next one on the chain to a target.
struct Needed {
    concepts: Vec<u32>,
    leads_to: FxHashMap<u32, u32>,
    assumed: Vec<PageId>,
}

impl Graph {
    /// The cheapest plan for `ask`; the same for the same ask, always.
    ///
    /// Covering concepts by lessons is weighted set cover: exact by branch and bound for small plans, greedy within
    /// `ln n + 1` of the best beyond (Chvátal, 1979).
    pub fn plan(&self, ask: &PlanAsk<'_>) -> Plan {
        let required = self.needed(ask, &FxHashSet::default());
        let plan = self.schedule(ask, &required, &FxHashSet::default());
        if !ask.include_recommended || !fits(&plan, ask.budget) {
            return self.within_budget(plan, ask.budget);
        }
        self.with_recommended(ask, plan)
    }

    /// Adds recommended concepts one by one, cheapest first, as long as the plan fits.
    fn with_recommended(&self, ask: &PlanAsk<'_>, mut plan: Plan) -> Plan {
        let mut extra = FxHashSet::default();
        let mut deferred = Vec::new();
        let mut tried = FxHashSet::default();
        loop {
            let needed = self.needed(ask, &extra);
            let known = self.known(ask);
            let mut candidates: Vec<u32> = self.recommended_by(ask, &needed);
            candidates
                .retain(|page| !needed.leads_to.contains_key(page) && !tried.contains(page) && !known.contains(page));
            candidates.sort_by_key(|page| (self.minutes[*page as usize], *page));
            candidates.dedup();
            let Some(candidate) = candidates.first().copied() else { break };
            tried.insert(candidate);
            extra.insert(candidate);
            let longer = self.schedule(ask, &self.needed(ask, &extra), &extra);
            if fits(&longer, ask.budget) {
                plan = longer;
            } else {
                extra.remove(&candidate);
                deferred.push((PageId(candidate), DeferReason::RecommendedOverBudget));
            }
        }
        plan.deferred = deferred;
        plan.fits = true;
        plan
    }

    /// The concepts that pages of a plan recommend.
    fn recommended_by(&self, ask: &PlanAsk<'_>, needed: &Needed) -> Vec<u32> {
        let pages = needed.concepts.iter().copied().chain(ask.targets.iter().map(|page| page.0));
        let recommends = |page: u32| {
            let relations = [gradus_corpus::Relation::Requires, gradus_corpus::Relation::Assumes];
            relations.into_iter().flat_map(move |relation| self.from(relation).row(page))
        };
        let weak = pages.flat_map(recommends).filter(|entry: &&Entry| !entry.is_required());
        weak.map(|entry| entry.node).filter(|node| self.is_concept(*node)).collect()
    }

    fn known(&self, ask: &PlanAsk<'_>) -> FxHashSet<u32> {
        match ask.assume {
            Assume::Transitive => self.known_closure(ask.known).into_iter().collect(),
            Assume::Exact => {
                let known = ask.known.iter().flat_map(|page| std::iter::once(*page).chain(self.teaches(*page)));
                known.map(|page| page.0).collect()
            }
        }
    }

    /// What has to be learned for the targets and for `extra`, breadth first from the targets.
    fn needed(&self, ask: &PlanAsk<'_>, extra: &FxHashSet<u32>) -> Needed {
        let known = self.known(ask);
        let mut found = Needed { concepts: Vec::new(), leads_to: FxHashMap::default(), assumed: Vec::new() };
        let mut queue: Vec<(u32, u32)> = Vec::new();
        for target in ask.targets {
            if self.is_concept(target.0) {
                queue.push((target.0, target.0));
            } else {
                queue.extend(self.teaches(*target).map(|concept| (concept.0, target.0)));
                queue.extend(self.needs(*target, Strengths::Required).into_iter().map(|need| (need, target.0)));
            }
        }
        let mut extra: Vec<u32> = extra.iter().copied().collect();
        extra.sort_unstable();
        queue.extend(extra.into_iter().map(|concept| (concept, concept)));
        let mut next = 0;
        while let Some((page, leads_to)) = queue.get(next).copied() {
            next += 1;
            if known.contains(&page) {
                found.assumed.push(PageId(page));
                continue;
            }
            if found.leads_to.contains_key(&page) {
                continue;
            }
            found.leads_to.insert(page, leads_to);
            if self.is_concept(page) {
                found.concepts.push(page);
            } else {
                queue.extend(self.teaches(PageId(page)).map(|concept| (concept.0, page)));
            }
            queue.extend(self.needs(PageId(page), Strengths::Required).into_iter().map(|need| (need, page)));
        }
        found.assumed.sort_unstable();
        found.assumed.dedup();
        found.concepts.sort_unstable();
        found
    }

    /// Steps for everything needed, in order, whatever they cost.
    fn schedule(&self, ask: &PlanAsk<'_>, needed: &Needed, extra: &FxHashSet<u32>) -> Plan {
        let chosen = self.cover(&needed.concepts, ask.prefer);
        let local: FxHashMap<u32, u32> =
            needed.concepts.iter().enumerate().map(|(idx, page)| (*page, narrow(idx))).collect();
        let needs = |page: u32| self.needs(PageId(page), Strengths::Required);
        let edges: Vec<(u32, u32)> = needed
            .concepts
            .iter()
            .flat_map(|page| {
                needs(*page).into_iter().filter_map(|need| Some((local[page], *local.get(&need)?))).collect::<Vec<_>>()
            })
            .collect();
        let graph = Local::new(needed.concepts.len(), edges.clone());
        let lesson_of = |node: u32| chosen.get(&needed.concepts[node as usize]).copied();
        let mut plan = Plan { fits: true, assumed_known: needed.assumed.clone(), ..Plan::default() };
        let mut paid = FxHashSet::default();
        for component in order(&graph, &edges, &lesson_of) {
            let nodes = &graph.components()[component as usize];
            let concepts: Vec<PageId> = nodes.iter().map(|node| PageId(needed.concepts[*node as usize])).collect();
            // A group that is learned together may need several lessons: one step each, side by side.
            let mut by_lesson: Vec<(Option<u32>, Vec<PageId>)> = Vec::new();
            for (node, concept) in nodes.iter().zip(&concepts) {
                let lesson = lesson_of(*node);
                match by_lesson.iter_mut().find(|(other, _)| *other == lesson) {
                    Some((_, together)) => together.push(*concept),
                    None => by_lesson.push((lesson, vec![*concept])),
                }
            }
            let minutes = by_lesson.iter().map(|(lesson, concepts)| self.price(*lesson, concepts, &mut paid)).sum();
            let lesson = by_lesson.iter().find_map(|(lesson, _)| *lesson).map(|lesson| &self.lessons[lesson as usize]);
            let is_extra = |concept: &PageId| self.is_only_recommended(*concept, needed, extra);
            let also = lesson.map_or(&[][..], |lesson| &lesson.concepts);
            plan.gaps.extend(
                by_lesson
                    .iter()
                    .filter(|(lesson, _)| lesson.is_none())
                    .flat_map(|(_, concepts)| concepts)
                    .map(|concept| (*concept, GapReason::NoGuide)),
            );
            plan.minutes_total = plan.minutes_total.saturating_add(minutes);
            plan.steps.push(Step {
                guide: lesson.map(|lesson| lesson.guide),
                section: lesson.and_then(|lesson| lesson.section),
                minutes,
                strength: if concepts.iter().all(is_extra) { Strength::Recommended } else { Strength::Required },
                why: why(concepts[0], needed),
                also_teaches: also
                    .iter()
                    .filter(|other| local.contains_key(&other.0) && !concepts.contains(other))
                    .copied()
                    .collect(),
                concepts,
            });
        }
        plan.gaps.sort_unstable_by_key(|(concept, _)| *concept);
        plan
    }

    /// Minutes that a lesson adds to a plan: its own once, or those of the concepts' own pages.
    fn price(&self, lesson: Option<u32>, concepts: &[PageId], paid: &mut FxHashSet<u32>) -> u32 {
        match lesson {
            Some(lesson) if paid.insert(lesson) => self.lessons[lesson as usize].minutes,
            Some(_) => 0,
            None => concepts.iter().map(|concept| self.minutes[concept.idx()]).sum(),
        }
    }

    /// Whether the chain from `concept` ends in a recommended concept rather than in a target.
    fn is_only_recommended(&self, concept: PageId, needed: &Needed, extra: &FxHashSet<u32>) -> bool {
        let mut at = concept.0;
        while let Some(next) = needed.leads_to.get(&at) {
            if *next == at {
                break;
            }
            at = *next;
        }
        extra.contains(&at)
    }

    /// The beginning of `plan` that the budget allows; what is left out is told.
    #[expect(clippy::unused_self, reason = "reads as a question to the graph beside its siblings")]
    fn within_budget(&self, mut plan: Plan, budget: Option<u32>) -> Plan {
        if fits(&plan, budget) {
            return plan;
        }
        let budget = budget.unwrap_or(u32::MAX);
        let mut spent = 0_u32;
        let within = plan.steps.iter().take_while(|step| {
            spent = spent.saturating_add(step.minutes);
            spent <= budget
        });
        let n_steps = within.count();
        let rest = plan.steps.split_off(n_steps);
        plan.deferred =
            rest.iter().flat_map(|step| &step.concepts).map(|page| (*page, DeferReason::RequiredOverBudget)).collect();
        plan.minutes_total = plan.steps.iter().map(|step| step.minutes).sum();
        let is_planned = |page: PageId| plan.steps.iter().any(|step| step.concepts.contains(&page));
        plan.gaps = plan.gaps.iter().copied().filter(|(page, _)| is_planned(*page)).collect();
        plan.fits = false;
        plan
    }
}

fn fits(plan: &Plan, budget: Option<u32>) -> bool {
    budget.is_none_or(|budget| plan.minutes_total <= budget)
}

/// The chain from `concept` to a target.
fn why(concept: PageId, needed: &Needed) -> Vec<PageId> {
    let mut chain = vec![concept];
    let mut at = concept.0;
    while let Some(next) = needed.leads_to.get(&at).filter(|next| **next != at) {
        at = *next;
        chain.push(PageId(at));
    }
    chain
}

/// The components in an order in which everything needed comes first: of those that are ready, one of the lesson just
/// begun, else the lowest level, else the first by id.
fn order(graph: &Local, edges: &[(u32, u32)], lesson_of: &dyn Fn(u32) -> Option<u32>) -> Vec<u32> {
    let components = graph.components();
    let levels = graph.levels();
    let mut waits = vec![0_u32; components.len()];
    let mut frees: Vec<Vec<u32>> = vec![Vec::new(); components.len()];
    for (from, to) in edges {
        let (from, to) = (graph.component(*from), graph.component(*to));
        if from != to {
            waits[from as usize] += 1;
            frees[to as usize].push(from);
        }
    }
    let key = |component: u32| (levels[component as usize], components[component as usize][0], component);
    let mut ready: std::collections::BTreeSet<(u32, u32, u32)> =
        (0..narrow(components.len())).filter(|component| waits[*component as usize] == 0).map(key).collect();
    let mut order = Vec::with_capacity(components.len());
    let mut lesson = None;
    while !ready.is_empty() {
        let lesson_at = |component: u32| lesson_of(components[component as usize][0]);
        let going_on =
            ready.iter().find(|(_, _, component)| lesson.is_some() && lesson_at(*component) == lesson).copied();
        let Some(next) = going_on.or_else(|| ready.first().copied()) else { break };
        ready.remove(&next);
        let (_, _, component) = next;
        lesson = lesson_at(component);
        order.push(component);
        for freed in &frees[component as usize] {
            waits[*freed as usize] -= 1;
            if waits[*freed as usize] == 0 {
                ready.insert(key(*freed));
            }
        }
    }
    order
}
