//! Proximity: words that stand together in the query and in a text tell more than words that stand apart.

use tantivy::DocSet;
use tantivy::postings::{Postings, SegmentPostings};

use crate::error::QueryError;
use crate::store::Store;
use crate::weights::NEAR_WINDOW;
use crate::word::Word;

/// Where the words of a query stand.
pub(crate) struct Proximity {
    /// For each word, its positions in the document being looked at, and what it tells.
    words: Vec<(Vec<SegmentPostings>, Vec<u32>, f32)>,
}

impl Proximity {
    pub(crate) fn new(store: &Store, words: &[Word]) -> Result<Self, QueryError> {
        let mut opened = Vec::with_capacity(words.len());
        // Words that build the sentence stand between those that tell something.
        for word in words.iter().filter(|word| word.share > 0.0) {
            let postings = word.places.iter().map(|(field, info)| store.positions(*field, info));
            let postings = postings.collect::<Result<_, _>>()?;
            opened.push((postings, Vec::new(), word.mass()));
        }
        Ok(Self { words: opened })
    }

    /// What the nearness of neighbouring words in `doc` adds. Documents must be asked for in order.
    ///
    /// Each pair of neighbours adds what the weaker of them tells, divided by their distance.
    pub(crate) fn of(&mut self, doc: u32) -> f32 {
        for (postings, positions, _) in &mut self.words {
            positions.clear();
            for postings in postings {
                let at = if postings.doc() < doc { postings.seek(doc) } else { postings.doc() };
                if at == doc {
                    postings.append_positions_with_offset(0, positions);
                }
            }
            positions.sort_unstable();
        }
        let pairs = self.words.windows(2);
        pairs.map(|pair| pair[0].2.min(pair[1].2) * nearness(&pair[0].1, &pair[1].1)).sum()
    }
}

/// One divided by the least distance between a position of each, the first one before the second; half of that where it is
/// the other way round; 0 beyond the window. O(positions log positions).
fn nearness(first: &[u32], second: &[u32]) -> f32 {
    let mut best = 0.0_f32;
    for at in first {
        let behind = second.get(second.partition_point(|other| other <= at));
        let before = second[..second.partition_point(|other| other < at)].last();
        for (other, share) in behind.map(|other| (other, 1.0)).into_iter().chain(before.map(|other| (other, 0.5))) {
            if let Ok(distance) = u16::try_from(at.abs_diff(*other))
                && distance <= NEAR_WINDOW
            {
                best = best.max(share / f32::from(distance));
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearness_is_that_of_the_nearest_pair() {
        let cases: [(&[u32], &[u32], f32); 6] = [
            (&[3], &[4], 1.0),
            (&[3], &[5], 0.5),
            (&[4], &[3], 0.5),
            (&[1, 20], &[9, 22], 0.5),
            (&[1], &[30], 0.0),
            (&[], &[1], 0.0),
        ];
        for (first, second, expected) in cases {
            assert!((nearness(first, second) - expected).abs() < f32::EPSILON, "{first:?} {second:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nearness_agrees_with_all_pairs(
            mut first in proptest::collection::vec(0..60_u32, 0..12),
            mut second in proptest::collection::vec(0..60_u32, 0..12),
        ) {
            first.sort_unstable();
            second.sort_unstable();
            let pairs = first.iter().flat_map(|one| second.iter().map(move |other| nearness(&[*one], &[*other])));
            let expected = pairs.fold(0.0, f32::max);
            proptest::prop_assert!((nearness(&first, &second) - expected).abs() < f32::EPSILON);
        }
    }
}
