//! How much is read of a source and told of it, so that no content takes all memory.

use std::collections::BTreeMap;

use gradus_corpus::{Code, Diagnostic, Position};

/// Problems of one kind that are told: who has more mends them by a rule and not one by one. Counted by kind, so that many
/// remarks do not hide an error.
const TOLD_OF_A_KIND: u64 = 2_000;

/// Bytes of text that are read of a source unless [`Terms`](crate::Terms) say otherwise: the index over as much takes more
/// memory than the machines have that a site is served from.
pub(crate) const TEXT_BYTES: u64 = 4 << 30;

/// What is left of the limits of one load.
#[derive(Debug)]
pub(crate) struct Limits {
    told: BTreeMap<Code, u64>,
    bytes_left: u64,
    /// The file whose text did not fit.
    first_left_out: Option<String>,
}

impl Limits {
    pub(crate) fn new(text_bytes: u64) -> Self {
        Self { told: BTreeMap::new(), bytes_left: text_bytes, first_left_out: None }
    }

    /// Whether one more problem of this kind is told.
    pub(crate) fn may_tell(&mut self, code: Code) -> bool {
        let n = self.told.entry(code).or_default();
        *n += 1;
        *n <= TOLD_OF_A_KIND
    }

    /// Whether no more problems of this kind are told.
    pub(crate) fn is_full(&self, code: Code) -> bool {
        self.told.get(&code).is_some_and(|n| *n >= TOLD_OF_A_KIND)
    }

    /// Whether `bytes` more of the file at `path` may be read.
    pub(crate) fn may_read(&mut self, path: &str, bytes: usize) -> bool {
        match self.bytes_left.checked_sub(bytes as u64) {
            Some(left) if self.first_left_out.is_none() => self.bytes_left = left,
            _ => {
                self.first_left_out.get_or_insert_with(|| path.to_owned());
            }
        }
        self.first_left_out.is_none()
    }

    /// What has to be told of the limits themselves, beside what was `told`. What is not told any more is as bad as its kind is
    /// and stands where the last of the kind does.
    pub(crate) fn findings(&self, told: &[Diagnostic]) -> Vec<Diagnostic> {
        let full = self.first_left_out.iter().map(|path| {
            let why = "the content is larger than what is read of one source; nothing is read from here on".to_owned();
            Diagnostic::new(Code::LimitReached, why, path, Position::default())
        });
        let more = self.told.iter().filter(|(_, n)| **n > TOLD_OF_A_KIND).filter_map(|(code, n)| {
            let last = told.iter().rev().find(|told| told.code == *code)?;
            let message = format!("{} more problems of the kind {code} are not told", n - TOLD_OF_A_KIND);
            let mut found = Diagnostic::new(Code::LimitReached, message, &last.file, last.position);
            found.severity = code.severity();
            Some(found)
        });
        full.chain(more).collect()
    }

    /// Takes back that a problem of this kind was told.
    pub(crate) fn forget(&mut self, code: Code) {
        if let Some(n) = self.told.get_mut(&code) {
            *n = n.saturating_sub(1);
        }
    }
}
