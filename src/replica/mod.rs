//! A replica: a server that serves what was published, and nothing else.
//!
//! A thread of its own follows the store. What is newer is fetched, checked, laid out as a folder and loaded as any source is;
//! that it is served from now on is kept on the disk before anybody sees it, so that a replica never goes back, not even across
//! a crash. What cannot be read or loaded is refused and told, and the last good publication is served on, as it is while the
//! store is away.

mod standing;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use gradus_corpus::PublicationNumber;
use gradus_engine::host::{Host, LoadSource, explain};
use gradus_engine::viewer::Viewer;
use gradus_load::{Input, Progress};
use gradus_publication::{
    Blobs, LaidTree, Publication, PublicationError, PublicationStore, RegisterHead, ReplicaState, StoreAddress,
};

use crate::priority::step_back;
pub use standing::{ReplicaStanding, StoreState};

/// Time before the store is asked again after it was away: it says itself how long it was tried.
const AWAY: Duration = Duration::from_secs(1);

/// What a replica serves, and how.
#[derive(Clone, Debug)]
pub struct ReplicaSettings {
    /// Where content is published.
    pub store: StoreAddress,
    /// Where it is kept.
    pub state: PathBuf,
    /// Time between two looks at a store that tells of nothing by itself.
    pub poll: Duration,
    /// For how long a reader waits who has seen newer content elsewhere.
    pub wait: Duration,
}

/// Follows what is published.
pub struct Replica {
    host: Arc<Host>,
    store: PublicationStore,
    state: ReplicaState,
    standing: ReplicaStanding,
    poll: Duration,
    serving: Option<ServedTree>,
    /// What went wrong at the last look.
    told: String,
}

/// What is served.
struct ServedTree {
    publication: Publication,
    tree: LaidTree,
}

impl Replica {
    /// A replica that `settings` describe, which serves by `host` and tells `standing` how it goes.
    ///
    /// # Errors
    /// If the store's address is none, or the folder cannot be used.
    pub fn new(settings: &ReplicaSettings, host: Arc<Host>, standing: ReplicaStanding) -> anyhow::Result<Self> {
        let store = settings.store.open()?;
        if let Some(repository) = repository_around(&settings.state) {
            anyhow::bail!(
                "{} lies in the repository {}: what is published, locked text with it, might be committed there, and \
                 settings of that repository might be taken for the site's; name a folder elsewhere by --state",
                settings.state.display(),
                repository.display(),
            );
        }
        let state = ReplicaState::open(&settings.state)?;
        Ok(Self { host, store, state, standing, poll: settings.poll, serving: None, told: String::new() })
    }

    /// Serves what was served before, if anything was and it is still here; the store is not needed for that.
    ///
    /// # Errors
    /// If the record of what was served is damaged: without it nobody knows what would be a step back.
    pub fn resume(&mut self, progress: &mut dyn FnMut(Progress)) -> anyhow::Result<()> {
        let Some(publication) = self.state.serving()? else { return Ok(()) };
        self.standing.note_floor(publication.number());
        if let Err(error) = self.take(&publication, false, progress) {
            // The store may have what is damaged here.
            tracing::warn!(error = explain(&*error), number = %publication.number(), "what was served before cannot be");
        }
        Ok(())
    }

    /// Looks at the store once and serves what is newest there. Returns what that is; what goes wrong is logged, once and not
    /// at every look.
    pub fn look(&mut self, progress: &mut dyn FnMut(Progress)) -> Option<RegisterHead> {
        match self.serve_newest(progress) {
            Ok(head) => {
                self.told.clear();
                Some(head)
            }
            Err(error) => {
                let (why, serves) = (explain(&*error), told(self.standing.served()));
                if why != self.told {
                    tracing::error!(error = why, serves, "what is published is not served");
                    self.told = why;
                }
                None
            }
        }
    }

    fn serve_newest(&mut self, progress: &mut dyn FnMut(Progress)) -> anyhow::Result<RegisterHead> {
        let head = match self.store.register.head() {
            Ok(head) => head,
            Err(error) => {
                self.standing.note_store(StoreState::Away);
                return Err(error).context("what is published is not known");
            }
        };
        self.standing.note_store(StoreState::Reached);
        let floor = self.standing.floor();
        let Some(head) = head else {
            anyhow::ensure!(floor.is_none(), "nothing is published there any more; {} was served here", told(floor));
            anyhow::bail!("nothing was published yet");
        };
        let number = head.publication.number();
        self.standing.note_head(number);
        // One number stands for one publication, also where the record of them was lost and has grown again.
        let kept = self.state.serving()?;
        let is_another = kept.is_some_and(|kept| kept.number() == number && kept != head.publication);
        if floor.is_some_and(|floor| number < floor) || is_another {
            self.standing.refuse(number);
            let another = if is_another { "another " } else { "" };
            anyhow::bail!(
                "{another}{number} is published, and {} was served here: the record of publications was lost or put back; \
                 begin a new epoch (gradus publish SOURCE --to URL --new-epoch)",
                told(floor),
            );
        }
        if self.serving.as_ref().is_none_or(|serving| serving.publication != head.publication) {
            let blobs = self.store.blobs.name();
            if let Err(error) = self.take(&head.publication, true, progress) {
                let is_away =
                    error.downcast_ref().is_some_and(|error| matches!(error, PublicationError::Unreachable { .. }));
                if is_away {
                    self.standing.note_store(StoreState::Away);
                } else {
                    self.standing.refuse(number);
                }
                return Err(error.context(format!("publication {number} of {blobs} is not served")));
            }
        }
        Ok(head)
    }

    /// Lays out and serves `publication`; what of it is not here is fetched if it may come `from_store`.
    fn take(
        &mut self,
        publication: &Publication,
        from_store: bool,
        progress: &mut dyn FnMut(Progress),
    ) -> anyhow::Result<()> {
        let number = publication.number();
        let blobs: Option<&dyn Blobs> = from_store.then_some(&*self.store.blobs);
        let manifest = self.state.manifest(blobs, publication.manifest)?;
        let (generation, moment, program) = (manifest.generation.clone(), manifest.moment, manifest.program.clone());
        let fetched = self.state.fetch(blobs, &manifest)?;
        let before = self.serving.as_ref().map(|serving| &serving.tree);
        let tree = self.state.lay_out(publication, manifest, before)?;
        let source = LoadSource { input: Input::Path(tree.source.clone()), published: Some((number, moment)) };
        let keep = || self.state.set_serving(publication).map_err(Into::into);
        self.host.load_from(source, progress, keep)?;
        self.standing.serve(number);
        let built = self.host.snapshot().map(|snapshot| snapshot.view(Viewer::Pro).generation.clone());
        if built.as_ref() != Some(&generation) && program == env!("CARGO_PKG_VERSION") {
            tracing::warn!(%number, built, published = generation, "what was built here is not what its publisher has built");
        }
        tracing::info!(%number, fetched = fetched.n_blobs, bytes = fetched.bytes, generation = built, "publication served");
        let kept: Vec<_> =
            self.serving.iter().map(|before| before.publication.manifest).chain([publication.manifest]).collect();
        if let Err(error) = self.state.tidy(&tree, &kept) {
            tracing::warn!(error = explain(&error), "what is no longer needed cannot be removed");
        }
        self.serving = Some(ServedTree { publication: publication.clone(), tree });
        Ok(())
    }

    /// Follows the store on a thread of its own, for ever.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn follow(mut self) -> anyhow::Result<()> {
        let run = move || {
            step_back();
            loop {
                // Content that makes a load panic is our fault, and no reason to follow no longer.
                let looked = catch_unwind(AssertUnwindSafe(|| self.look(&mut |_| {})));
                let known = looked.unwrap_or_else(|_| {
                    tracing::error!("a look at the store panicked: what was served before is served on");
                    None
                });
                if self.store.register.wait(known.as_ref(), self.poll).is_err() {
                    std::thread::sleep(AWAY);
                }
            }
        };
        let thread = std::thread::Builder::new().name("gradus-replica".to_owned());
        thread.spawn(run).map(|_| ()).context("cannot follow what is published")
    }
}

/// The repository that `state`, which need not exist, lies in.
fn repository_around(state: &std::path::Path) -> Option<PathBuf> {
    let whole = std::path::absolute(state).ok()?;
    let there = whole.ancestors().find_map(|folder| folder.canonicalize().ok())?;
    there.ancestors().find(|folder| folder.join(".git").exists()).map(std::path::Path::to_owned)
}

fn told(number: Option<PublicationNumber>) -> String {
    number.map_or_else(|| "nothing".to_owned(), |number| number.to_string())
}

/// Whether a reader who has seen `wanted` may be answered from `served`.
pub(crate) fn is_recent(served: Option<PublicationNumber>, wanted: PublicationNumber) -> bool {
    served.is_some_and(|served| served >= wanted)
}
