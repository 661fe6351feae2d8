//! Which candidates are proposed: the likeliest, as long as they fit what is declared and each other.

use rustc_hash::FxHashSet;

use super::ProposalOptions;
use super::candidate::PrerequisiteCandidate;
use super::known::Known;
use super::learn::ClueWeights;

/// The chosen of `found` with their chances, by `to`. What is declared or implied, and what would close a cycle with that, is
/// never among them. Unless all are asked for, neither is what only words speak for, nor what the likelier ones imply or close
/// a cycle with.
pub(super) fn choose(
    found: &[PrerequisiteCandidate],
    weights: &ClueWeights,
    known: &Known,
    is_rejected: &dyn Fn(u32, u32) -> bool,
    options: ProposalOptions,
) -> Vec<(f32, usize)> {
    let fits = |one: &PrerequisiteCandidate| {
        !known.implies(one.from, one.to) && !known.implies(one.to, one.from) && !is_rejected(one.from, one.to)
    };
    let likely = found.iter().enumerate().filter(|(_, one)| (options.all || one.is_sound) && fits(one));
    let likely = likely.map(|(at, one)| (weights.chance(&one.row), at));
    let mut chosen: Vec<(f32, usize)> = likely.filter(|(chance, _)| *chance >= options.min_confidence).collect();
    if !options.all {
        // Candidates stand by `to` and `from`, which breaks ties.
        chosen.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        let mut taken = Taken::new(known);
        chosen.retain(|(_, at)| taken.take(found[*at].from, found[*at].to));
        chosen.sort_unstable_by_key(|(_, at)| *at);
    }
    chosen
}

/// What is declared, and what has been taken so far.
struct Taken<'a> {
    known: &'a Known,
    needs: Vec<Vec<u32>>,
}

impl<'a> Taken<'a> {
    fn new(known: &'a Known) -> Self {
        Self { known, needs: vec![Vec::new(); known.len()] }
    }

    /// Takes the prerequisite `from` of `to` unless what stands implies it or closes a cycle with it.
    fn take(&mut self, from: u32, to: u32) -> bool {
        let fits = !self.leads(to, from) && !self.leads(from, to);
        if fits {
            self.needs[to as usize].push(from);
        }
        fits
    }

    /// Whether `page` needs `wanted`, directly or not.
    fn leads(&self, page: u32, wanted: u32) -> bool {
        let mut seen = FxHashSet::default();
        let mut open = vec![page];
        while let Some(at) = open.pop() {
            for need in self.known.needs(at).iter().chain(&self.needs[at as usize]) {
                if *need == wanted {
                    return true;
                }
                if seen.insert(*need) {
                    open.push(*need);
                }
            }
        }
        false
    }
}
