//! Variety: near copies are told once, and what repeats the list so far waits.

use gradus_corpus::PageId;
use gradus_index::Index;

use super::rank::RankedPage;

/// The cosine from which a page is a near copy of another.
const COPY: f32 = 0.95;
/// How much of a page's score is lost where it says the same as one already chosen.
const REPETITION: f32 = 0.1;

/// A chosen page and the near copies of it that came later.
#[derive(Clone, Debug, PartialEq)]
pub struct VariedPage {
    /// The page.
    pub ranked: RankedPage,
    /// Its near copies.
    pub copies: Vec<PageId>,
}

/// The first `n` of `ranked`, chosen one after another by score less what earlier choices say already (Carbonell and
/// Goldstein, 1998). Looks at twice as many; O(n²) pairs of texts.
pub fn varied(index: &Index, ranked: &[RankedPage], n: usize) -> Vec<VariedPage> {
    let mut pool: Vec<(RankedPage, f32)> = ranked.iter().take(2 * n).map(|ranked| (*ranked, 0.0)).collect();
    let mut chosen: Vec<VariedPage> = Vec::with_capacity(n);
    while chosen.len() < n && !pool.is_empty() {
        let worth = |(ranked, repeated): &(RankedPage, f32)| ranked.score - REPETITION * repeated * ranked.score.abs();
        let best = (0..pool.len()).max_by(|a, b| worth(&pool[*a]).total_cmp(&worth(&pool[*b])).then(b.cmp(a)));
        let Some(best) = best else { break };
        let (ranked, _) = pool.remove(best);
        let mut copies = Vec::new();
        pool.retain_mut(|(other, repeated)| {
            let cosine = index.cosine(ranked.page, other.page);
            *repeated = repeated.max(cosine);
            if cosine >= COPY {
                copies.push(other.page);
            }
            cosine < COPY
        });
        chosen.push(VariedPage { ranked, copies });
    }
    chosen
}
