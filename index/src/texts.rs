//! The plain texts of all documents, from which passages are cut.

use serde::{Deserialize, Serialize};

/// Prose and code of each document, one behind the other.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Texts {
    all: String,
    /// Where the prose and where the code of each document ends.
    ends: Vec<[usize; 2]>,
}

impl Texts {
    pub(crate) fn push(&mut self, prose: &str, code: &str) {
        self.all.push_str(prose);
        let prose_end = self.all.len();
        self.all.push_str(code);
        self.ends.push([prose_end, self.all.len()]);
    }

    pub(crate) fn prose(&self, doc: u32) -> &str {
        let start = (doc as usize).checked_sub(1).map_or(0, |before| self.ends[before][1]);
        &self.all[start..self.ends[doc as usize][0]]
    }

    pub(crate) fn code(&self, doc: u32) -> &str {
        let [start, end] = self.ends[doc as usize];
        &self.all[start..end]
    }
}
