//! The snapshot: everything that a request answers from, built as a whole and never changed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use gradus_corpus::{Corpus, Diagnostic};
use gradus_graph::Graph;
use gradus_index::Index;
use gradus_load::{Input, LoadError, Loaded, Progress, SiteFacts};

use crate::diagnose;
use crate::questions::status::Counts;
use crate::relate::tuned::{Tuned, TunedError};
use crate::relate::{Evidence, Relatedness};
use crate::viewer::Viewer;

/// What one class of viewers may see, with the graph and the index over exactly that.
pub struct View {
    /// The content.
    pub corpus: Corpus,
    /// The graph over it.
    pub graph: Graph,
    /// The full-text index over it.
    pub index: Index,
    /// What relates its pages.
    pub relatedness: Relatedness,
    /// The name of this content and what was tuned for it; the start of every `ETag` and cursor.
    pub generation: String,
    /// How much of what there is.
    pub counts: Counts,
}

/// The views of all classes of viewers and the diagnostics of one load.
pub struct Snapshot {
    public: Arc<View>,
    pro: Arc<View>,
    /// What was wrong with the content.
    pub diagnostics: Arc<[Diagnostic]>,
    /// What was found out about the site that the content belongs to.
    pub site: SiteFacts,
    /// What the content was loaded from, for people.
    pub source: String,
    /// When it was built, seconds since 1970.
    pub built_at: u64,
    /// How long that took, in milliseconds.
    pub build_ms: u64,
}

/// Why no snapshot could be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The source or its configuration cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The index could not be built.
    #[error("cannot build the full-text index")]
    Index(#[from] gradus_index::BuildError),
    /// The tuned weights cannot be read.
    #[error("cannot read the tuned weights")]
    Tuned(#[from] TunedError),
}

impl View {
    /// Builds graph and index over `corpus`, and learns what relates its pages unless that is `tuned`.
    /// O(pages + edges + text).
    ///
    /// # Errors
    /// If the index cannot be built.
    pub fn build(corpus: Corpus, tuned: Option<&Tuned>) -> Result<Self, BuildError> {
        let graph = Graph::new(&corpus);
        let index = Index::build(&corpus)?;
        let counts = Counts::of(&corpus, graph.cycles().len());
        let relatedness = Relatedness::new(&corpus, &graph, &index, tuned);
        let generation = generation(&corpus, tuned);
        Ok(Self { generation, corpus, graph, index, relatedness, counts })
    }

    /// What its pages are related by.
    pub fn evidence(&self) -> Evidence<'_> {
        let Self { corpus, graph, index, relatedness, .. } = self;
        Evidence { corpus, graph, index, shelves: &relatedness.shelves }
    }
}

/// The corpus' own name, or one for it together with what was tuned: answers differ where weights do.
fn generation(corpus: &Corpus, tuned: Option<&Tuned>) -> String {
    let generation = corpus.generation();
    let Some(tuned) = tuned else { return generation };
    let mut hasher = DefaultHasher::new();
    generation.hash(&mut hasher);
    for weights in [tuned.guides, tuned.concepts].into_iter().flatten() {
        weights.0.map(f32::to_bits).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

impl Snapshot {
    /// Loads `input` and builds the views. Where nothing is locked, all viewers share one.
    ///
    /// # Errors
    /// If the source cannot be read at all; bad content is told in [`Snapshot::diagnostics`].
    pub fn build(input: &Input, progress: &mut dyn FnMut(Progress)) -> Result<Self, BuildError> {
        let started = Instant::now();
        let Loaded { corpus, mut diagnostics, config, site } = gradus_load::load(input, progress)?;
        let tuned = Tuned::read(input)?;
        let public = corpus.public().map(|public| View::build(public, tuned.as_ref())).transpose()?.map(Arc::new);
        let pro = Arc::new(View::build(corpus, tuned.as_ref())?);
        diagnose::graph(&pro, &config, &mut diagnostics);
        gradus_load::quote(input, &mut diagnostics);
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Self {
            public: public.unwrap_or_else(|| Arc::clone(&pro)),
            pro,
            diagnostics: diagnostics.into(),
            site,
            source: input.to_string(),
            built_at: since_1970.as_secs(),
            build_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }

    /// Whether `other` shows every viewer the same content.
    pub fn same_content(&self, other: &Self) -> bool {
        (&self.public.generation, &self.pro.generation) == (&other.public.generation, &other.pro.generation)
    }

    /// What `viewer` may see.
    pub fn view(&self, viewer: Viewer) -> &Arc<View> {
        match viewer {
            Viewer::Anonymous => &self.public,
            Viewer::Pro => &self.pro,
        }
    }
}
