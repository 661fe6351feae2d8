//! The table of names: a finite-state transducer from keys to pages, each with the claim that the page has to the key.

use std::sync::LazyLock;

use fst::{IntoStreamer, Map, MapBuilder, Streamer};
use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder};
use serde::{Deserialize, Serialize};

use crate::page::PageId;

/// Near names that are looked at before the best are chosen.
const NEAR_NAMES: usize = 2_000;
/// Set in a value of the transducer that is a position in `shared` rather than a page.
const SHARED: u64 = 1 << 63;
/// Bits of a value behind the claim.
const PAGE_BITS: u32 = 32;

/// By what right a key stands for a page, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum NameClaim {
    /// The key is the page's id, to the letter.
    Id,
    /// It is its title, to the letter.
    Title,
    /// It is another name of it, to the letter.
    Alias,
    /// It is its id but for case, accents, hyphens.
    IdFolded,
    /// It is its title but for these.
    TitleFolded,
    /// It is another name but for these.
    AliasFolded,
    /// It is the path of its file with the extension, to the letter.
    Path,
    /// It is the page's URL, to the letter.
    Url,
    /// It is the path or URL, but for case, extension or `index`.
    PathFolded,
    /// It is an URL that the page once had.
    OldUrl,
    /// It is the end of its path: the stem of its file, or that with folders before it.
    Ending,
}

impl NameClaim {
    const ALL: [Self; 11] = [
        Self::Id,
        Self::Title,
        Self::Alias,
        Self::IdFolded,
        Self::TitleFolded,
        Self::AliasFolded,
        Self::Path,
        Self::Url,
        Self::PathFolded,
        Self::OldUrl,
        Self::Ending,
    ];

    /// Names to the letter, folded names, paths and ends of paths are looked up apart: a claim of one sort says nothing of another.
    fn sort(self) -> u8 {
        match self {
            Self::Ending => 2,
            Self::Path | Self::Url | Self::PathFolded | Self::OldUrl => 1,
            Self::IdFolded | Self::TitleFolded | Self::AliasFolded => 3,
            Self::Id | Self::Title | Self::Alias => 0,
        }
    }
}

/// Keys and the pages that claim them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct NameTable {
    #[serde(with = "crate::fst_bytes")]
    keys: Map<Vec<u8>>,
    /// The claims of keys that several pages have, each run sorted, with its length before it.
    shared: Vec<u64>,
}

impl NameTable {
    /// The table of `entries`; of several claims of one sort of one page to one key the strongest counts. O(n log n).
    pub(super) fn new(mut entries: Vec<(Box<str>, NameClaim, PageId)>) -> Self {
        entries.retain(|(key, ..)| !key.is_empty());
        entries.sort_unstable();
        let mut shared = Vec::new();
        let mut builder = MapBuilder::memory();
        let mut run: Vec<(PageId, NameClaim)> = Vec::new();
        for same_key in entries.chunk_by(|(a, ..), (b, ..)| a == b) {
            run.clear();
            run.extend(same_key.iter().map(|(_, claim, page)| (*page, *claim)));
            run.sort_unstable();
            run.dedup_by_key(|(page, claim)| (*page, claim.sort()));
            run.sort_unstable_by_key(|(page, claim)| (*claim, *page));
            let value = if let [only] = run.as_slice() {
                packed(*only)
            } else {
                let at = shared.len() as u64;
                shared.push(run.len() as u64);
                shared.extend(run.iter().copied().map(packed));
                SHARED | at
            };
            // Keys come sorted and each once, which is all that the builder asks for.
            let inserted = builder.insert(same_key[0].0.as_bytes(), value);
            debug_assert!(inserted.is_ok());
        }
        Self { keys: builder.into_map(), shared }
    }

    /// Who claims `key`, strongest claim first, then by id.
    pub(super) fn get(&self, key: &str) -> impl Iterator<Item = (NameClaim, PageId)> + '_ {
        self.keys.get(key).into_iter().flat_map(|value| self.claims(value))
    }

    fn claims(&self, value: u64) -> impl Iterator<Item = (NameClaim, PageId)> + '_ {
        let alone = (value & SHARED == 0).then_some(value);
        let at = usize::try_from(value & !SHARED).ok().filter(|_| alone.is_none());
        let n = at.and_then(|at| usize::try_from(self.shared[at]).ok()).unwrap_or_default();
        let run = at.map_or(&[][..], |at| &self.shared[at + 1..=at + n]);
        alone.into_iter().chain(run.iter().copied()).filter_map(unpacked)
    }

    /// The pages that `value` of [`Self::within_two_edits`] or [`Self::beginning_alike`] stands for.
    pub(super) fn pages(&self, value: u64) -> impl Iterator<Item = PageId> + '_ {
        self.claims(value).map(|(_, page)| page)
    }

    /// Keys within two edits of `wanted`: edits, key and value, nearest first.
    pub(super) fn within_two_edits(&self, wanted: &str) -> Vec<(u8, String, u64)> {
        static BUILDER: LazyLock<LevenshteinAutomatonBuilder> =
            LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));
        let automaton = BUILDER.build_dfa(wanted);
        let mut near = Vec::new();
        let mut found = self.keys.search(&automaton).into_stream();
        while let Some((key, value)) = found.next() {
            if let (Distance::Exact(edits), Ok(key)) = (automaton.eval(key), std::str::from_utf8(key)) {
                near.push((edits, key.to_owned(), value));
            }
            if near.len() == NEAR_NAMES {
                break;
            }
        }
        near.sort();
        near
    }

    /// Values of the keys that share the longest beginning with `wanted`, of `n_chars` at least, shortest key first.
    pub(super) fn beginning_alike(&self, wanted: &str, n_chars: usize) -> Vec<u64> {
        let ends = wanted.char_indices().map(|(at, char)| at + char.len_utf8());
        let ends: Vec<usize> = ends.skip(n_chars.saturating_sub(1)).collect();
        for end in ends.into_iter().rev() {
            let prefix = &wanted[..end];
            let mut alike = Vec::new();
            let mut found = self.keys.range().ge(prefix).into_stream();
            while let Some((key, value)) = found.next() {
                if !key.starts_with(prefix.as_bytes()) || alike.len() == NEAR_NAMES {
                    break;
                }
                alike.push((key.len(), key.to_owned(), value));
            }
            if !alike.is_empty() {
                alike.sort();
                return alike.into_iter().map(|(_, _, value)| value).collect();
            }
        }
        Vec::new()
    }
}

fn packed((page, claim): (PageId, NameClaim)) -> u64 {
    (claim as u64) << PAGE_BITS | u64::from(page.0)
}

fn unpacked(value: u64) -> Option<(NameClaim, PageId)> {
    let claim = usize::try_from(value >> PAGE_BITS).ok().and_then(|claim| NameClaim::ALL.get(claim))?;
    let page = u32::try_from(value & u64::from(u32::MAX)).ok()?;
    Some((*claim, PageId(page)))
}
