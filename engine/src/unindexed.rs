//! Content with its graph and without an index: for what asks neither a search nor what is related.
//!
//! An index takes several times as long to build as everything else.

use std::sync::Arc;

use gradus_corpus::{Corpus, Diagnostic};
use gradus_graph::Graph;
use gradus_load::{Input, Loaded, Progress, load};

use crate::diagnose;
use crate::snapshot::{Snapshot, SnapshotError, snapshot_path};
use crate::viewer::Viewer;

/// What a source holds, with all of its locked text.
pub struct UnindexedContent {
    /// The pages and what is declared of them.
    pub corpus: Arc<Corpus>,
    /// The graph over them.
    pub graph: Arc<Graph>,
    /// What was wrong with the content.
    pub diagnostics: Arc<[Diagnostic]>,
}

impl UnindexedContent {
    /// Reads `input`, or opens it where it is a snapshot on disk, telling `progress` how far that is. O(text).
    ///
    /// # Errors
    /// If the source or its settings cannot be read, or the snapshot cannot be used.
    pub fn read(input: &Input, progress: &mut dyn FnMut(Progress)) -> Result<Self, SnapshotError> {
        if snapshot_path(input).is_some() {
            let snapshot = Snapshot::build(input, progress)?;
            let view = snapshot.view(Viewer::Pro);
            let (corpus, graph) = (Arc::clone(&view.corpus), Arc::clone(&view.graph));
            return Ok(Self { corpus, graph, diagnostics: snapshot.diagnostics });
        }
        let Loaded { corpus, mut diagnostics, config, .. } = load(input, progress)?;
        let graph = Graph::new(&corpus);
        diagnose::graph(&corpus, &graph, &config, &mut diagnostics);
        Ok(Self { corpus: Arc::new(corpus), graph: Arc::new(graph), diagnostics: diagnostics.into() })
    }
}
