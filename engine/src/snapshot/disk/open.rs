//! Reading a snapshot.

use std::path::Path;
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};
use std::time::Instant;

use gradus_corpus::Corpus;
use gradus_graph::Graph;
use gradus_index::Index;
use gradus_load::Config;
use serde::de::DeserializeOwned;

use super::container::{FilePart, parts};
use super::error::{Damage, DiskError};
use super::{Facts, N_PARTS, ViewFacts};
use crate::relate::signal::Weights;
use crate::relate::{LearnedWeights, Relatedness};
use crate::snapshot::{Snapshot, SnapshotParts, millis};
use crate::view::View;

/// The snapshot in the file at `path`, ready to answer. `name` is what it is called where sources are told. O(file).
///
/// # Errors
/// If it cannot be read, or is none that can be used here.
pub fn open(path: &Path, name: &str) -> Result<Snapshot, DiskError> {
    let started = Instant::now();
    let bytes = read(path)?;
    let unusable = |damage| DiskError::Unusable { path: path.to_owned(), damage };
    decode(&bytes, name, started).map_err(unusable)
}

/// What the site says of itself, as the snapshot at `path` has it.
///
/// # Errors
/// As [`open`], as far as that part is concerned.
pub fn read_config(path: &Path) -> Result<Config, DiskError> {
    let bytes = read(path)?;
    let facts = parts(&bytes).and_then(|parts| facts(&parts));
    facts.map(|facts| facts.config).map_err(|damage| DiskError::Unusable { path: path.to_owned(), damage })
}

fn read(path: &Path) -> Result<Vec<u8>, DiskError> {
    std::fs::read(path).map_err(|why| DiskError::Io { what: "read", path: path.to_owned(), why })
}

fn facts(parts: &[FilePart<'_>]) -> Result<Facts, Damage> {
    let facts: Facts = value(parts.first().ok_or(Damage::CutShort)?)?;
    if facts.analyser != gradus_index::analyser() {
        return Err(Damage::OtherAnalyser);
    }
    if parts.len() != N_PARTS[usize::from(facts.views.len() > 1)] {
        return Err(Damage::Corrupt("its parts are not those that it says".to_owned()));
    }
    Ok(facts)
}

fn value<T: DeserializeOwned>(part: &FilePart<'_>) -> Result<T, Damage> {
    postcard::from_bytes(part.checked()?).map_err(|why| Damage::Corrupt(why.to_string()))
}

/// An index, and the milliseconds that reading it took: of the public one nothing that is locked has a part in them.
fn index(part: &FilePart<'_>) -> Result<(Index, u64), Damage> {
    let started = Instant::now();
    let index = Index::from_bytes(part.checked()?).map_err(|why| Damage::Corrupt(why.to_string()))?;
    Ok((index, millis(started)))
}

fn decode(bytes: &[u8], name: &str, started: Instant) -> Result<Snapshot, Damage> {
    let parts = parts(bytes)?;
    let facts = facts(&parts)?;
    // Each part is read by a thread of its own: none needs another.
    let (corpus, indexed) = thread::scope(|scope| {
        let corpus = scope.spawn(|| value::<Corpus>(&parts[1]));
        let views: Vec<_> = parts[2..]
            .chunks(2)
            .map(|view| (scope.spawn(|| value::<Graph>(&view[0])), scope.spawn(|| index(&view[1]))))
            .collect();
        let indexed: Result<Vec<_>, Damage> =
            views.into_iter().map(|(graph, index)| Ok((joined(graph)?, joined(index)?))).collect();
        Ok::<_, Damage>((joined(corpus)?, indexed?))
    })?;
    let public = corpus.public();
    if public.is_some() != (indexed.len() > 1) {
        return Err(Damage::Corrupt("what is locked is not what it says".to_owned()));
    }
    let public_ms = indexed.last().map_or(0, |(_, (_, ms))| *ms);
    let corpora = std::iter::once(corpus).chain(public);
    let mut views = corpora
        .zip(indexed)
        .zip(facts.views)
        .map(|((corpus, (graph, (index, _))), facts)| facts.view(corpus, graph, index));
    let (pro, public) = (views.next().ok_or(Damage::CutShort)?, views.next());
    let rejected = Arc::new(facts.rejected.into_iter().collect());
    let (diagnostics, config, site) = (facts.diagnostics, facts.config, facts.site);
    let parts = SnapshotParts { pro, public, diagnostics, config, site, rejected, source: name.to_owned(), public_ms };
    Ok(Snapshot::of(parts, started))
}

/// What a thread has read.
fn joined<T>(handle: ScopedJoinHandle<'_, Result<T, Damage>>) -> Result<T, Damage> {
    handle.join().unwrap_or_else(|_| Err(Damage::Corrupt("its parts do not fit together".to_owned())))
}

impl ViewFacts {
    fn view(self, corpus: Corpus, graph: Graph, index: Index) -> View {
        let [guides, concepts] =
            self.weights.map(|(strengths, source)| LearnedWeights { weights: Weights(strengths), source });
        let relatedness = Relatedness::known(&corpus, guides, concepts);
        View::of(corpus, graph, index, relatedness, self.counts, self.content)
    }
}
