//! What authors have declared: it teaches, and nothing that it says or implies is proposed again.

use gradus_corpus::{Corpus, Relation};
use rustc_hash::FxHashSet;

use super::near::{Near, as_f32};
use super::net::Net;

/// Pages like one whose prerequisites are looked at.
const PEERS: usize = 10;

/// The prerequisites that are declared among the pages of a net.
pub(super) struct Known {
    /// What each page needs, sorted.
    needs: Vec<Vec<u32>>,
    /// How many pages need each.
    n_needing: Vec<u32>,
    /// What each page needs or teaches, directly or not, sorted.
    closures: Vec<Vec<u32>>,
}

impl Known {
    /// O(pages + closures).
    pub(super) fn new(corpus: &Corpus, net: &Net) -> Self {
        let mut needs: Vec<Vec<u32>> = vec![Vec::new(); net.len()];
        let mut n_needing = vec![0; net.len()];
        let mut leads = Vec::new();
        for (node, page) in net.pages.iter().enumerate() {
            let declared = |relations: &[Relation]| {
                let edges = corpus.declared_by(*page).iter().filter(|edge| relations.contains(&edge.relation));
                let mut own: Vec<u32> = edges.filter_map(|edge| net.node(edge.to)).collect();
                own.sort_unstable();
                own.dedup();
                own.retain(|need| *need as usize != node);
                own
            };
            let own = declared(&[Relation::Requires, Relation::Assumes]);
            own.iter().for_each(|need| n_needing[*need as usize] += 1);
            // Who reads a guide is led through what the concepts need that it teaches.
            leads.push([&own[..], &declared(&[Relation::Teaches])].concat());
            needs[node] = own;
        }
        let closures = (0..net.len()).map(|node| closure(&leads, node)).collect();
        Self { needs, n_needing, closures }
    }

    /// How many pages there are.
    pub(super) fn len(&self) -> usize {
        self.needs.len()
    }

    /// What `node` needs, as its author says.
    pub(super) fn needs(&self, node: u32) -> &[u32] {
        &self.needs[node as usize]
    }

    /// Whether `to` is declared to need `from`.
    pub(super) fn declares(&self, from: u32, to: u32) -> bool {
        self.needs[to as usize].binary_search(&from).is_ok()
    }

    /// Whether `to` needs or teaches `from`, directly or not.
    pub(super) fn implies(&self, from: u32, to: u32) -> bool {
        self.closures[to as usize].binary_search(&from).is_ok()
    }

    /// What share of the pages most like `to` are declared to need `from`.
    pub(super) fn peers(&self, near: &Near, from: u32, to: u32) -> f32 {
        let (mut all, mut needing) = (0.0, 0.0);
        for (peer, cosine) in near.nearest[to as usize].iter().take(PEERS) {
            all += cosine;
            if self.declares(from, *peer) {
                needing += cosine;
            }
        }
        if all > 0.0 { needing / all } else { 0.0 }
    }

    /// How many others are declared to need `from`, as a logarithm.
    pub(super) fn needed(&self, from: u32, to: u32) -> f32 {
        let others = self.n_needing[from as usize] - u32::from(self.declares(from, to));
        as_f32(others as usize).ln_1p()
    }
}

fn closure(leads: &[Vec<u32>], node: usize) -> Vec<u32> {
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    let mut open = leads[node].clone();
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            open.extend(&leads[next as usize]);
        }
    }
    let mut closure: Vec<u32> = seen.into_iter().collect();
    closure.sort_unstable();
    closure
}
