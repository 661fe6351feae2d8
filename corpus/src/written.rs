//! A corpus written down and read back.

use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error};
use serde::{Serialize, Serializer};

use crate::corpus::{Corpus, Site};
use crate::edge::Edge;
use crate::names::Names;
use crate::page::Page;

/// The parts of a corpus, as they are written.
#[derive(Serialize)]
#[serde(rename = "Corpus")]
struct WrittenCorpus<'a> {
    pages: Vec<&'a Page>,
    declared: &'a [Edge],
    files: &'a [Box<str>],
    site: &'a Site,
    names: &'a Names,
}

/// The same, as they are read.
#[derive(serde::Deserialize)]
#[serde(rename = "Corpus")]
struct ReadCorpus {
    pages: Vec<Page>,
    declared: Vec<Edge>,
    files: Vec<Box<str>>,
    site: Site,
    names: Names,
}

impl Serialize for Corpus {
    /// Writes all of it, locked text too where it holds any. O(text).
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        WrittenCorpus {
            pages: self.pages().map(|(_, page)| page).collect(),
            declared: self.declared(),
            files: self.files(),
            site: self.site(),
            names: self.names(),
        }
        .serialize(to)
    }
}

impl<'de> Deserialize<'de> for Corpus {
    /// Reads what was written. O(text).
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let ReadCorpus { pages, declared, files, site, names } = ReadCorpus::deserialize(from)?;
        if !pages.is_sorted_by(|a, b| (a.kind, &a.slug) < (b.kind, &b.slug)) {
            return Err(D::Error::custom("pages do not stand in the order of their ids"));
        }
        Ok(Self::of_parts(pages.into_iter().map(Arc::new).collect(), declared, files, site, Arc::new(names)))
    }
}
