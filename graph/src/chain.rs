//! Chains: which page may stand right before which.

use gradus_corpus::Relation;

use crate::rows::{Rows, StrengthFilter};

/// Why a page of a chain stands right after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChainEdge {
    /// It needs the other one, or a concept that the other one teaches.
    Needs,
    /// The other one teaches it.
    TaughtBy,
    /// It comes after the other one in an order; nobody says that it needs it.
    Follows,
}

/// What may join the pages of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChainRule {
    /// A page requires the one before.
    Requires,
    /// A page needs the one before or something that it teaches, or is taught by it.
    BuildsOn,
    /// The same, or a page follows the one before.
    BuildsOnOrFollows,
}

impl Rows {
    /// The pages that may stand right before `page` in a chain, by id.
    pub(crate) fn right_before(&self, page: u32, rule: ChainRule) -> Vec<u32> {
        let mut found: Vec<u32> = match rule {
            ChainRule::Requires => self.from(Relation::Requires).required(page).collect(),
            ChainRule::BuildsOn | ChainRule::BuildsOnOrFollows => {
                let needs = self.needs(page, StrengthFilter::Required);
                let teachers = needs.iter().chain([&page]).flat_map(|need| self.to(Relation::Teaches).required(*need));
                let teachers: Vec<u32> = teachers.collect();
                [needs, teachers].concat()
            }
        };
        if rule == ChainRule::BuildsOnOrFollows {
            found.extend(self.from(Relation::Follows).required(page));
        }
        in_order(found, page)
    }

    /// Why `page` may stand right after `before`; `None` where it may not.
    pub(crate) fn chain_edge(&self, before: u32, page: u32) -> Option<ChainEdge> {
        let needs = self.needs(page, StrengthFilter::Required);
        let is_needed = |given: u32| needs.binary_search(&given).is_ok();
        let states = |from: u32, relation: Relation, to: u32| self.from(relation).required(from).any(|one| one == to);
        if is_needed(before) || self.teaches(before).any(is_needed) {
            Some(ChainEdge::Needs)
        } else if states(before, Relation::Teaches, page) {
            Some(ChainEdge::TaughtBy)
        } else {
            states(page, Relation::Follows, before).then_some(ChainEdge::Follows)
        }
    }
}

/// `pages` without `page`, by id, each once.
fn in_order(mut pages: Vec<u32>, page: u32) -> Vec<u32> {
    pages.sort_unstable();
    pages.dedup();
    pages.retain(|other| *other != page);
    pages
}
