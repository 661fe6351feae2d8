//! What fits into a budget.

use std::collections::BTreeMap;

use gradus_corpus::PageId;
use rustc_hash::{FxHashMap, FxHashSet};

use super::answer::{DeferReason, Plan};
use super::cover::Cover;
use super::is_within;
use super::options::{PlanOptions, TooFar};
use super::start::PlanStart;
use super::way::{KnownPages, Way};
use crate::graph::Graph;

/// Recommended pages that are tried one by one against a budget; what is recommended beyond them is left out.
const MAX_TRIED: usize = 256;

/// Concepts taken into a plan as long as there is time for them, and what they cost.
struct BudgetFill<'a> {
    graph: &'a Graph,
    cover: Cover<'a>,
    /// The group of each concept that shares lessons with others.
    group_of: FxHashMap<u32, usize>,
    /// The concepts taken, by group, and the minutes of their lessons.
    taken: Vec<(Vec<u32>, u32)>,
    /// Minutes spent.
    minutes: u32,
}

impl Graph {
    /// `way` with what its pages recommend and what `start` puts before them, as far as the budget allows: what adds fewest minutes first, then by id. What
    /// was left out is told in the order in which it was tried.
    pub(super) fn with_recommended(
        &self,
        options: &PlanOptions<'_>,
        known: &KnownPages,
        start: &PlanStart,
        way: Way,
    ) -> Result<(Way, Vec<(PageId, DeferReason)>), TooFar> {
        let (mut way, mut taken, mut deferred) = (way, Vec::new(), Vec::new());
        let mut tried: FxHashSet<u32> = FxHashSet::default();
        loop {
            let mut candidates = self.recommended(&way, known);
            candidates.extend(start.before(&way));
            candidates.retain(|(page, _)| tried.insert(*page));
            let (for_reader, others) = candidates.into_iter().partition(|(page, _)| (options.recommend)(PageId(*page)));
            candidates = for_reader;
            deferred.extend(told_as(DeferReason::RecommendedForOthers, others));
            if candidates.is_empty() {
                return Ok((way, deferred));
            }
            let all = [taken.clone(), candidates.clone()].concat();
            let longer = self.way(options.targets, known, &all)?;
            if options.budget.is_none() || is_within(self.choose(options, &longer, true).minutes, options.budget) {
                (way, taken) = (longer, all);
                continue;
            }
            candidates = self.cheapest_first(options, known, &taken, candidates)?;
            for (tries, candidate) in candidates.into_iter().enumerate() {
                let page = PageId(candidate.0);
                let all = [taken.clone(), vec![candidate]].concat();
                let longer = self.way(options.targets, known, &all)?;
                if tries < MAX_TRIED && is_within(self.choose(options, &longer, true).minutes, options.budget) {
                    (way, taken) = (longer, all);
                } else if !way.has(page.0) {
                    deferred.push((page, DeferReason::RecommendedOverBudget));
                }
            }
        }
    }

    /// `candidates` by the minutes that each alone would add, then by id.
    fn cheapest_first(
        &self,
        options: &PlanOptions<'_>,
        known: &KnownPages,
        taken: &[(u32, u32)],
        candidates: Vec<(u32, u32)>,
    ) -> Result<Vec<(u32, u32)>, TooFar> {
        let mut priced = Vec::with_capacity(candidates.len());
        for (tries, candidate) in candidates.into_iter().enumerate() {
            let minutes = if tries < MAX_TRIED {
                let longer = self.way(options.targets, known, &[taken.to_vec(), vec![candidate]].concat())?;
                self.choose(options, &longer, true).minutes
            } else {
                u32::MAX
            };
            priced.push((minutes, candidate));
        }
        priced.sort_unstable();
        Ok(priced.into_iter().map(|(_, candidate)| candidate).collect())
    }

    /// As much of `way` as the budget allows, in the order of the whole plan: each page that there is still time for and
    /// that needs nothing that was left out. Guides on the way need not be read whole where their sections do.
    pub(super) fn as_far_as_it_goes(&self, options: &PlanOptions<'_>, known: &KnownPages, mut way: Way) -> Plan {
        let budget = options.budget.unwrap_or(u32::MAX);
        let mut filling = BudgetFill::new(self, options, &way);
        let mut left_out: FxHashSet<u32> = FxHashSet::default();
        let mut deferred = Vec::new();
        let order = self.order(options, &way, &self.choose(options, &way, false));
        for component in &order.components {
            let places = order.graph.components()[*component as usize].iter().copied();
            // Nothing has to be left out for want of what a known page needs.
            let unknown = places.filter(|place| way.known.binary_search(&PageId(way.pages[*place as usize])).is_err());
            let unknown: Vec<u32> = unknown.collect();
            if unknown.is_empty() {
                continue;
            }
            let steps = unknown.iter().filter(|place| way.is_step[**place as usize]);
            let pages: Vec<u32> = steps.map(|place| way.pages[*place as usize]).collect();
            let lacks = order.graph.needs(*component).any(|need| left_out.contains(&need));
            if !lacks && filling.take(&pages, budget) {
                continue;
            }
            left_out.insert(*component);
            let reason = if lacks { DeferReason::NeedsDeferred } else { DeferReason::RequiredOverBudget };
            deferred.extend(pages.into_iter().map(|page| (PageId(page), reason)));
        }
        for (page, _) in &deferred {
            way.drop_step(page.0);
        }
        let fits = deferred.is_empty();
        if options.include_recommended {
            let recommended = self.recommended(&way, known).into_iter();
            let (for_reader, others) = recommended.partition(|(page, _)| (options.recommend)(PageId(*page)));
            deferred.extend(told_as(DeferReason::RecommendedOverBudget, for_reader));
            deferred.extend(told_as(DeferReason::RecommendedForOthers, others));
        }
        let choice = self.choose(options, &way, false);
        Plan { deferred, fits, ..self.describe_plan(options, &way, &choice) }
    }
}

/// Pages that were left out for `reason`.
fn told_as(reason: DeferReason, pages: Vec<(u32, u32)>) -> impl Iterator<Item = (PageId, DeferReason)> {
    pages.into_iter().map(move |(page, _)| (PageId(page), reason))
}

impl<'a> BudgetFill<'a> {
    fn new(graph: &'a Graph, options: &'a PlanOptions<'a>, way: &Way) -> Self {
        let cover = Cover::new(graph, options);
        let steps: Vec<u32> = way.steps().map(|place| way.pages[place as usize]).collect();
        let groups = cover.groups(&steps);
        let taken = groups.iter().map(|_| (Vec::new(), 0)).collect();
        let members = (0..).zip(groups).flat_map(|(group, members)| members.into_iter().map(move |page| (page, group)));
        Self { graph, cover, group_of: members.collect(), taken, minutes: 0 }
    }

    /// Takes `pages` if all of them together with what was taken before cost no more than `budget`.
    fn take(&mut self, pages: &[u32], budget: u32) -> bool {
        let mut minutes = self.minutes;
        let mut grown: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for page in pages {
            match self.group_of.get(page) {
                Some(group) => grown.entry(*group).or_insert_with(|| self.taken[*group].0.clone()).push(*page),
                None => minutes = minutes.saturating_add(self.graph.minutes[*page as usize]),
            }
        }
        let mut priced = Vec::with_capacity(grown.len());
        for (group, pages) in grown {
            let price = self.cover.cheapest(&pages).minutes;
            minutes = (minutes - self.taken[group].1).saturating_add(price);
            priced.push((group, pages, price));
        }
        if minutes > budget {
            return false;
        }
        self.minutes = minutes;
        for (group, pages, price) in priced {
            self.taken[group] = (pages, price);
        }
        true
    }
}
