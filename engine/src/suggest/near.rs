//! Which pages speak of the same: words weighed by how rare they are, and the pages nearest to each.

use super::net::{COMPARED_WORDS, Net};

/// Texts of pages as vectors of words, and the nearest pages of each.
pub(super) struct Near {
    /// How rare each stem is: 0 for one that every page holds.
    rarity: Vec<f32>,
    /// The most telling stems of each page with their weights, by stem; of length 1.
    vectors: Vec<Vec<(u32, f32)>>,
    /// The nearest pages of each with their cosines, best first.
    pub(super) nearest: Vec<Vec<(u32, f32)>>,
    /// The cosine of the tenth nearest of each: what is near there.
    usual: Vec<f32>,
}

/// How many nearest pages tell what is near for a page.
const USUAL: usize = 10;

impl Near {
    /// The `n_nearest` nearest pages of each page of `net`. O(pages · compared words · pages that hold a word).
    pub(super) fn new(net: &Net, n_nearest: usize) -> Self {
        let mut holding = vec![0_u32; net.n_stems];
        net.stems.iter().flatten().for_each(|(stem, _)| holding[*stem as usize] += 1);
        let n = as_f32(net.len()) + 1.0;
        let rarity: Vec<f32> = holding.iter().map(|count| (n / as_f32((*count).max(1) as usize)).ln()).collect();
        let vectors: Vec<Vec<(u32, f32)>> = net.stems.iter().map(|stems| vector(stems, &rarity)).collect();
        let mut postings: Vec<Vec<(u32, f32)>> = vec![Vec::new(); net.n_stems];
        for (node, vector) in (0..).zip(&vectors) {
            vector.iter().for_each(|(stem, weight)| postings[*stem as usize].push((node, *weight)));
        }
        let mut sums = vec![0.0_f32; net.len()];
        let nearest: Vec<Vec<(u32, f32)>> = (0..)
            .zip(&vectors)
            .map(|(node, vector)| {
                let mut touched = Vec::new();
                for (stem, weight) in vector {
                    for (other, other_weight) in &postings[*stem as usize] {
                        if sums[*other as usize] == 0.0 {
                            touched.push(*other);
                        }
                        sums[*other as usize] += weight * other_weight;
                    }
                }
                let mut found: Vec<(u32, f32)> =
                    touched.into_iter().map(|other| (other, std::mem::take(&mut sums[other as usize]))).collect();
                found.retain(|(other, cosine)| *other != node && *cosine > 0.0);
                found.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
                found.truncate(n_nearest);
                found
            })
            .collect();
        let usual = nearest.iter().map(|near| near.get(USUAL - 1).or(near.last()).map_or(1.0, |(_, cosine)| *cosine));
        Self { usual: usual.collect(), rarity, vectors, nearest }
    }

    /// The cosine of the texts of two pages.
    pub(super) fn cosine(&self, one: u32, other: u32) -> f32 {
        let (one, other) = (&self.vectors[one as usize], &self.vectors[other as usize]);
        let (mut left, mut right, mut sum) = (0, 0, 0.0);
        while left < one.len() && right < other.len() {
            match one[left].0.cmp(&other[right].0) {
                std::cmp::Ordering::Less => left += 1,
                std::cmp::Ordering::Greater => right += 1,
                std::cmp::Ordering::Equal => {
                    sum += one[left].1 * other[right].1;
                    left += 1;
                    right += 1;
                }
            }
        }
        sum
    }

    /// `cosine` as a multiple of what is near for `node`, at most 2.
    pub(super) fn relative(&self, node: u32, cosine: f32) -> f32 {
        (cosine / self.usual[node as usize].max(1e-6)).min(2.0)
    }

    /// How near a page of this cosine is among those of `node`: 1 for the nearest, falling with its rank.
    pub(super) fn closeness(&self, node: u32, cosine: f32) -> f32 {
        let near = &self.nearest[node as usize];
        let rank = near.partition_point(|(_, other)| *other > cosine);
        if rank == near.len() { 0.0 } else { 1.0 / (1.0 + as_f32(rank) / 5.0) }
    }

    /// What share of the title of `named` the text of `node` holds, rare words counting most.
    pub(super) fn coverage(&self, net: &Net, named: u32, node: u32) -> f32 {
        let held = &net.stems[node as usize];
        let (mut all, mut found) = (0.0, 0.0);
        let title = net.names[named as usize].first().map_or(&[][..], Vec::as_slice);
        for stem in title {
            // A word that every page holds still counts a little, so that a title of such words can be held.
            let weight = self.rarity[*stem as usize].max(0.01);
            all += weight;
            if held.binary_search_by_key(stem, |(stem, _)| *stem).is_ok() {
                found += weight;
            }
        }
        if all > 0.0 { found / all } else { 0.0 }
    }

    /// What a stem weighs among those of `node`, if it is one of its most telling ones.
    pub(super) fn weight(&self, node: u32, stem: u32) -> Option<f32> {
        let vector = &self.vectors[node as usize];
        vector.binary_search_by_key(&stem, |(stem, _)| *stem).ok().map(|at| vector[at].1)
    }

    /// How rare a stem is.
    pub(super) fn rarity(&self, stem: u32) -> f32 {
        self.rarity[stem as usize]
    }
}

/// The most telling stems of a page, by stem, of length 1.
fn vector(stems: &[(u32, u32)], rarity: &[f32]) -> Vec<(u32, f32)> {
    let weight = |(stem, count): &(u32, u32)| (*stem, (1.0 + as_f32(*count as usize).ln()) * rarity[*stem as usize]);
    let mut vector: Vec<(u32, f32)> = stems.iter().map(weight).filter(|(_, weight)| *weight > 0.0).collect();
    vector.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    vector.truncate(COMPARED_WORDS);
    vector.sort_unstable_by_key(|(stem, _)| *stem);
    let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(1e-9);
    vector.iter_mut().for_each(|(_, weight)| *weight /= length);
    vector
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and pages are far below 2^24")]
pub(super) fn as_f32(n: usize) -> f32 {
    n as f32
}
