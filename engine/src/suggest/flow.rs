//! Which of two pages is the more general, from who names whom: a PageRank over what pages name, and reference distance.

use super::near::as_f32;
use super::net::{Net, Told};

/// The chance that a reader of a page goes on to what it names.
const DAMPING: f32 = 0.85;
/// Rounds after which ranks no longer move.
const ROUNDS: usize = 50;

/// What the net as a whole says of its pages.
pub(super) struct Flow {
    /// The logarithm of each page's rank.
    rank: Vec<f32>,
    /// By how much the logarithms of two pages usually differ.
    rank_spread: f32,
    /// Of what each page names, the share that names a page in turn: rows by page, sorted.
    shares: Vec<Vec<(u32, f32)>>,
    /// By how much these shares usually differ between two pages.
    share_spread: f32,
    /// How much earlier two pages usually name each other.
    early_spread: f32,
    /// How rare the name of each page is.
    pub(super) rarity: Vec<f32>,
    /// 0 where texts are short and name few others, 1 where they are long and name many. See `start` in [`super::signal`].
    pub(super) length: f32,
}

/// Whether `told` names the other page or links to it as something that belongs here.
fn refers(told: &Told) -> bool {
    told.count > 0 || told.link.is_some()
}

impl Flow {
    /// O(rounds · names + pairs two steps apart).
    pub(super) fn new(net: &Net) -> Self {
        let n = net.len();
        let rank = ranks(net);
        let mut n_naming = vec![0_usize; n];
        let mut early = 0.0;
        let mut n_named = 0;
        for (node, told) in (0..).zip(&net.told) {
            for one in told.iter().filter(|one| one.count > 0) {
                n_naming[one.node as usize] += 1;
                n_named += 1;
                let back = net.says(one.node, node).map_or(0.0, |back| back.earliness);
                // A pair that both name is met from both ends.
                early += (one.earliness - back).powi(2) * if back > 0.0 { 1.0 } else { 2.0 };
            }
        }
        let shares = shares(net);
        let pairs = as_f32(n * n.saturating_sub(1)).max(1.0);
        let share_spread = (2.0 * shares.iter().flatten().map(|(_, share)| share * share).sum::<f32>() / pairs).sqrt();
        let rarity = n_naming.iter().map(|count| ((as_f32(n) + 1.0) / (as_f32(*count) + 1.0)).ln()).collect();
        Self {
            rank_spread: spread(&rank),
            rank,
            shares,
            share_spread: share_spread.max(1e-6),
            early_spread: (early / pairs).sqrt().max(1e-6),
            rarity,
            length: length(net, n_named),
        }
    }

    /// By how much the logarithm of the rank of `one` is above that of `other`.
    pub(super) fn rank_gap(&self, one: u32, other: u32) -> f32 {
        self.rank[one as usize] - self.rank[other as usize]
    }

    /// The same in multiples of the usual.
    pub(super) fn rank_gap_relative(&self, one: u32, other: u32) -> f32 {
        self.rank_gap(one, other) / self.rank_spread
    }

    /// Of what `other` names, the share that names `one`, less the reverse: reference distance (Liang, Wu, Huang and Giles,
    /// 2015), in multiples of the usual.
    pub(super) fn reference_distance(&self, one: u32, other: u32) -> f32 {
        let share = |of: u32, to: u32| {
            let row = &self.shares[of as usize];
            row.binary_search_by_key(&to, |(node, _)| *node).map_or(0.0, |at| row[at].1)
        };
        (share(other, one) - share(one, other)) / self.share_spread
    }

    /// How much earlier one page names the other than the other way round, in multiples of the usual.
    pub(super) fn early_gap(&self, there: f32, back: f32) -> f32 {
        (there - back) / self.early_spread
    }
}

/// PageRank (Brin and Page, 1998) over what pages name, often named ones more.
fn ranks(net: &Net) -> Vec<f32> {
    let n = as_f32(net.len());
    let weight = |told: &Told| as_f32(told.count as usize + usize::from(told.link.is_some())).ln_1p();
    let sums: Vec<f32> = net.told.iter().map(|told| told.iter().map(weight).sum()).collect();
    let mut rank = vec![1.0 / n; net.len()];
    for _ in 0..ROUNDS {
        let lost: f32 = rank.iter().zip(&sums).filter(|(_, sum)| **sum == 0.0).map(|(rank, _)| rank).sum();
        let mut next = vec![(1.0 - DAMPING) / n + DAMPING * lost / n; net.len()];
        for (node, told) in net.told.iter().enumerate().filter(|(node, _)| sums[*node] > 0.0) {
            for one in told {
                next[one.node as usize] += DAMPING * rank[node] * weight(one) / sums[node];
            }
        }
        rank = next;
    }
    rank.iter().map(|rank| (rank * n).max(1e-9).ln()).collect()
}

/// The root of the mean square by which two values differ.
fn spread(values: &[f32]) -> f32 {
    let n = as_f32(values.len()).max(1.0);
    let mean = values.iter().sum::<f32>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / n;
    (2.0 * variance).sqrt().max(1e-6)
}

fn shares(net: &Net) -> Vec<Vec<(u32, f32)>> {
    let refs: Vec<Vec<u32>> =
        net.told.iter().map(|told| told.iter().filter(|one| refers(one)).map(|one| one.node).collect()).collect();
    let mut counts = vec![0_u32; net.len()];
    let row = |own: &Vec<u32>| {
        let mut touched = Vec::new();
        for middle in own {
            for end in &refs[*middle as usize] {
                if counts[*end as usize] == 0 {
                    touched.push(*end);
                }
                counts[*end as usize] += 1;
            }
        }
        touched.sort_unstable();
        let n = as_f32(own.len()).max(1.0);
        touched.into_iter().map(|end| (end, as_f32(std::mem::take(&mut counts[end as usize]) as usize) / n)).collect()
    };
    refs.iter().map(row).collect()
}

/// Names of other pages on a page, and words, from which texts count as long.
const LONG_NAMED: f32 = 4.0;
const LONG_WORDS: f32 = 400.0;

/// 0 where texts are short and name few others, 1 where they are long and name many; half of it is reached where a text of
/// 400 words names 4 others and the logarithms of both together are exceeded by one half.
fn length(net: &Net, n_named: usize) -> f32 {
    let mut n_words = net.n_words.clone();
    n_words.sort_unstable();
    let median = n_words.get(n_words.len() / 2).map_or(0.0, |median| as_f32(*median as usize));
    let named = as_f32(n_named) / as_f32(net.len()).max(1.0);
    let above = (named.max(0.01) / LONG_NAMED).ln() + (median.max(1.0) / LONG_WORDS).ln();
    1.0 / (1.0 + (-2.0 * (above - 0.5)).exp())
}
