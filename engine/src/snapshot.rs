//! The snapshot: everything that a request answers from, built as a whole and never changed.

pub mod cache;
pub mod disk;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use gradus_corpus::{Access, Code, Corpus, Diagnostic, Page, PageId, PublicationNumber, Severity};
use gradus_load::{Config, Input, LoadError, Loaded, Progress, Readings, SiteFacts, Terms, load_after, load_on};
use rustc_hash::FxHashSet;

use crate::diagnose;
use crate::relate::tuned::{TunedError, TunedWeights};
use crate::suggest::verdicts::{Verdicts, VerdictsError};
use crate::view::{Provenance, View, generation};
use crate::viewer::Viewer;
use disk::DiskError;

/// The views of all classes of viewers and the diagnostics of one load.
pub struct Snapshot {
    public: View,
    pro: View,
    is_locked: bool,
    /// What was wrong with the content.
    pub diagnostics: Arc<[Diagnostic]>,
    /// What was found out about the site that the content belongs to.
    pub site: SiteFacts,
    /// What the site says of itself.
    pub config: Config,
    /// What it was published as, if it was.
    publication: Option<PublicationNumber>,
    /// Until when dates in the content mean what they meant, in seconds since 1970.
    until: Option<i64>,
}

/// What a snapshot is made of.
pub(crate) struct SnapshotParts {
    pub(crate) pro: View,
    /// Where anything is locked.
    pub(crate) public: Option<View>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) config: Config,
    pub(crate) site: SiteFacts,
    /// Pairs that are never inferred.
    pub(crate) rejected: Arc<FxHashSet<(PageId, PageId)>>,
    /// What the source is called.
    pub(crate) source: String,
    /// Milliseconds that making the public view took.
    pub(crate) public_ms: u64,
}

/// Why no snapshot could be built.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The source or its configuration cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// It is a snapshot on disk that cannot be used.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The index could not be built.
    #[error("cannot build the full-text index")]
    Index(#[from] gradus_index::BuildError),
    /// Nothing is left of the content: a disk that is not mounted, or a build that failed, looks the same as this.
    #[error(
        "the source holds no page any more, and held {n_before} before; where that is meant, ask for it: \
         POST /admin/reload?allow_empty=true"
    )]
    Emptied {
        /// Pages that it held.
        n_before: usize,
    },
    /// Nothing was published yet.
    #[error("nothing was published yet")]
    Unpublished,
    /// That it is served could not be kept, so that a restart would go back.
    #[error("cannot keep that it is served")]
    Unkept(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The tuned weights cannot be read.
    #[error("cannot read the tuned weights")]
    Tuned(#[from] TunedError),
    /// What people have said of proposals cannot be read.
    #[error("cannot read what was said of proposals")]
    Verdicts(#[from] VerdictsError),
}

impl Snapshot {
    /// Loads `input` and builds the views. Where nothing is locked, all viewers share one.
    ///
    /// # Errors
    /// If the source cannot be read at all; bad content is told in [`Snapshot::diagnostics`].
    pub fn build(input: &Input, progress: &mut dyn FnMut(Progress)) -> Result<Self, SnapshotError> {
        Self::on(Terms::now(), input, progress)
    }

    /// The same on other terms.
    ///
    /// # Errors
    /// If the source cannot be read at all.
    pub fn on(terms: Terms, input: &Input, progress: &mut dyn FnMut(Progress)) -> Result<Self, SnapshotError> {
        Self::made(None, input, || load_on(terms, input, progress))
    }

    /// The same, with what is as it was taken over: texts of `readings`, and views of `old`.
    ///
    /// # Errors
    /// If the source cannot be read at all.
    pub fn renew(
        old: Option<&Self>,
        readings: &mut Readings,
        input: &Input,
        terms: Terms,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, SnapshotError> {
        Self::made(old, input, || load_after(readings, terms, input, progress))
    }

    fn made(
        old: Option<&Self>,
        input: &Input,
        load: impl FnOnce() -> Result<Loaded, LoadError>,
    ) -> Result<Self, SnapshotError> {
        if let Some(path) = snapshot_path(input) {
            input.note_read(path);
            return Ok(disk::open(path, &input.name())?);
        }
        let started = Instant::now();
        let Loaded { corpus, mut diagnostics, config, site, until } = load()?;
        let tuned = TunedWeights::read(input)?;
        let view = |viewer: Viewer, corpus: Corpus| match old
            .and_then(|old| old.view_named(&generation(&corpus, tuned.as_ref())))
        {
            Some(view) => Ok(view.clone()),
            None => View::build(old.map(|old| old.view(viewer)), corpus, tuned.as_ref()),
        };
        let started_public = Instant::now();
        let public = corpus.public().map(|corpus| view(Viewer::Anonymous, corpus)).transpose()?;
        let public_ms = millis(started_public);
        let pro = view(Viewer::Pro, corpus)?;
        diagnose::graph(&pro.corpus, &pro.graph, &config, &mut diagnostics);
        gradus_load::quote(input, &mut diagnostics);
        let rejected = Arc::new(Verdicts::read(input)?.rejected_in(&pro.corpus));
        let source = input.name();
        let parts = SnapshotParts { pro, public, diagnostics, config, site, rejected, source, public_ms };
        Ok(Self { until, ..Self::of(parts, started) })
    }

    /// A snapshot of parts that are ready, as a load that was `started` then.
    pub(crate) fn of(parts: SnapshotParts, started: Instant) -> Self {
        let SnapshotParts { mut pro, mut public, diagnostics, config, site, rejected, source, public_ms } = parts;
        for view in public.iter_mut().chain([&mut pro]) {
            view.infer(config.infers.unwrap_or_default(), &rejected);
        }
        let provenance = Provenance {
            source,
            built_at: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            build_ms: millis(started),
            diagnostics: count(diagnostics.iter()),
            publication: None,
        };
        if let Some(public) = &mut public {
            let told = told_to_everybody(&public.corpus, &diagnostics);
            public.provenance =
                Arc::new(Provenance { build_ms: public_ms, diagnostics: count(told), ..provenance.clone() });
        }
        pro.provenance = Arc::new(provenance);
        let is_locked = public.is_some();
        let public = public.unwrap_or_else(|| pro.clone());
        Self { public, pro, is_locked, diagnostics: diagnostics.into(), site, config, publication: None, until: None }
    }

    /// The same, published as `number`.
    #[must_use]
    pub fn published_as(mut self, number: PublicationNumber) -> Self {
        self.publication = Some(number);
        for view in [&mut self.public, &mut self.pro] {
            Arc::make_mut(&mut view.provenance).publication = Some(number);
        }
        self
    }

    /// What it was published as; `None` where it was read from a source of its own.
    pub fn publication(&self) -> Option<PublicationNumber> {
        self.publication
    }

    /// When a date in its content comes that publishes or withdraws a page, in seconds since 1970; `None` where none does.
    pub fn until(&self) -> Option<i64> {
        self.until
    }

    /// Whether some of the content is withheld from viewers without the `pro` entitlement.
    pub fn is_locked(&self) -> bool {
        self.is_locked
    }

    /// The view with this generation, if it is one of this snapshot's.
    fn view_named(&self, generation: &str) -> Option<&View> {
        [&self.pro, &self.public].into_iter().find(|view| view.content() == generation)
    }

    /// Whether `other` shows every viewer the same content.
    pub fn same_content(&self, other: &Self) -> bool {
        (&self.public.generation, &self.pro.generation) == (&other.public.generation, &other.pro.generation)
    }

    /// What `viewer` may see.
    pub fn view(&self, viewer: Viewer) -> &View {
        match viewer {
            Viewer::Anonymous => &self.public,
            Viewer::Pro => &self.pro,
        }
    }

    /// Facts about the load.
    pub fn provenance(&self) -> &Provenance {
        &self.pro.provenance
    }
}

/// The file that `input` is, where it is a snapshot on disk.
pub(crate) fn snapshot_path(input: &Input) -> Option<&Path> {
    input.path().filter(|path| disk::is_snapshot(path))
}

/// The settings of `input`, a source or a snapshot on disk; the defaults where it has none.
///
/// # Errors
/// If they cannot be read or are broken.
pub fn read_config(input: &Input) -> Result<Config, SnapshotError> {
    match snapshot_path(input) {
        Some(path) => Ok(disk::read_config(path)?),
        None => Ok(gradus_load::read_config(input)?),
    }
}

/// Milliseconds since `started`.
pub(crate) fn millis(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn count<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) -> BTreeMap<&'static str, usize> {
    let mut counts: BTreeMap<&'static str, usize> = Severity::ALL.iter().map(|one| (one.as_str(), 0)).collect();
    diagnostics.for_each(|one| *counts.entry(one.severity.as_str()).or_default() += 1);
    counts
}

/// What of `diagnostics` depends on no text that is withheld from `public`: nothing that stands in the file of a locked page
/// or of its questions, and not how many problems there are in all.
fn told_to_everybody<'a>(
    public: &Corpus,
    diagnostics: &'a [Diagnostic],
) -> impl Iterator<Item = &'a Diagnostic> + use<'a> {
    let file = |page: &Page| public.files().get(page.position.file as usize).cloned();
    let locked = public.pages().filter(|(_, page)| page.access == Access::Pro);
    let locked: FxHashSet<Box<str>> = locked
        .flat_map(|(_, page)| {
            [file(page), Some(page.path.clone()), Some(gradus_load::questions_file(&page.path).into())]
        })
        .flatten()
        .collect();
    diagnostics.iter().filter(move |one| one.code != Code::LimitReached && !locked.contains(&one.file))
}
