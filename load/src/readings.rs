//! Readings: the bodies that one load has read, for the next one to take.
//!
//! A body depends on its text and on how it is read, and on nothing else. To read it is the larger part of a load, and of a
//! source that has changed nearly every text is as it was. The price is the memory of the bodies, which only who loads again
//! pays.

use std::sync::Arc;

use gradus_corpus::{Access, wide_fingerprint};
use rustc_hash::FxHashMap;

use crate::body::{self, Body, Dialect};

/// The bodies that a load has read, by what they were read from.
#[derive(Debug, Default)]
pub struct Readings {
    /// Of the load before.
    earlier: FxHashMap<u128, Arc<Body>>,
    /// Of this one.
    current: FxHashMap<u128, Arc<Body>>,
}

impl Readings {
    /// How many bodies are kept.
    pub fn len(&self) -> usize {
        self.current.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.current.is_empty()
    }

    /// Begins another load: of what was kept, that is kept on which it takes too.
    pub(crate) fn begin(&mut self) {
        self.earlier = std::mem::take(&mut self.current);
    }

    /// Forgets what the load that ends has not taken.
    pub(crate) fn end(&mut self) {
        self.earlier = FxHashMap::default();
    }

    /// As [`body::read`], read before or now. O(text), with a small constant where it was read before.
    pub(crate) fn read(&mut self, raw: &str, first_line: u32, dialect: Dialect<'_>, access: Access) -> Body {
        let key = wide_fingerprint(&(raw, first_line, dialect, access));
        let known = self.current.get(&key).cloned().or_else(|| self.earlier.remove(&key));
        let body = known.unwrap_or_else(|| Arc::new(body::read(raw, first_line, dialect, access)));
        self.current.insert(key, Arc::clone(&body));
        Body::clone(&body)
    }
}
