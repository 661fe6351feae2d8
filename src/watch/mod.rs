//! Watching the content on disk, whatever happens to it.
//!
//! The system tells of changes below a folder that it was asked about, and of nothing else: not that a link on the way to
//! the folder now leads elsewhere, nor that the folder was removed and another one made in its place, nor what a link inside
//! it leads to. So besides listening, a thread looks every second at what cannot be heard, and listens anew where that has
//! changed. While it cannot listen at all it says so, tries again, and compares the whole content now and then instead.

mod sight;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Context;
use notify_debouncer_full::notify::event::{EventKind, ModifyKind};
use notify_debouncer_full::notify::{self, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache, new_debouncer};

use crate::priority::step_back;
use gradus_engine::host::Host;
use gradus_engine::limits;
use sight::{Links, Root, fingerprint};

/// How well the content is watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WatchState {
    /// Nobody asked for it.
    #[default]
    Off,
    /// Changes are heard of.
    Watching,
    /// They are not, and it is tried again.
    Lost,
}

/// The state of a watch, for those who ask.
#[derive(Clone, Default)]
pub struct WatchHealth(Arc<Mutex<WatchState>>);

impl WatchHealth {
    /// The state.
    pub fn state(&self) -> WatchState {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this is another state than before.
    fn set(&self, state: WatchState) -> bool {
        let before = std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), state);
        before != state
    }
}

/// What the thread is told.
enum Notice {
    /// Something has changed.
    Changed,
    /// The folder itself was moved or removed, or the system hears nothing any more.
    Deaf(String),
    /// It shall end.
    Stop,
}

/// Watches until it is dropped.
pub struct Watcher(Sender<Notice>);

impl Drop for Watcher {
    fn drop(&mut self) {
        // It is not waited for: it may be in the middle of a load.
        if self.0.send(Notice::Stop).is_err() {
            tracing::error!("the watch had ended before it was told to");
        }
    }
}

/// Reloads `host` a moment after the file at `path`, or something in that folder, has changed. How well that goes is told by
/// `health`.
///
/// # Errors
/// If no thread can be started.
pub fn watch(host: Arc<Host>, path: &Path, health: WatchHealth) -> anyhow::Result<Watcher> {
    let (notices, heard) = channel();
    let mut watch = Watch {
        host,
        root: Root::of(path),
        links: Links::below(path),
        path: path.to_owned(),
        health,
        ears: None,
        was_heard: None,
        notices: notices.clone(),
    };
    watch.listen();
    let thread = std::thread::Builder::new().name("gradus-watch".to_owned());
    let run = move || {
        step_back();
        watch.run(&heard);
    };
    thread.spawn(run).context("cannot watch for changes")?;
    Ok(Watcher(notices))
}

/// The watch of one source, on its thread.
struct Watch {
    host: Arc<Host>,
    path: PathBuf,
    health: WatchHealth,
    /// What the path led to when it was last looked at.
    root: Root,
    /// What the links inside of it led to.
    links: Links,
    ears: Option<Debouncer<RecommendedWatcher, RecommendedCache>>,
    /// While nothing can be heard: when all was last compared, and what came out.
    was_heard: Option<(Instant, u64)>,
    notices: Sender<Notice>,
}

impl Watch {
    fn run(&mut self, heard: &Receiver<Notice>) {
        loop {
            match heard.recv_timeout(limits::WATCH_LOOK) {
                Ok(Notice::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Notice::Changed) => self.reload("the content has changed"),
                Ok(Notice::Deaf(why)) => self.lose(&why),
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.look();
        }
    }

    /// Looks at what cannot be heard.
    fn look(&mut self) {
        let root = Root::of(&self.path);
        if root != self.root {
            let is_gone = root == Root::Gone;
            self.root = root;
            self.lose(if is_gone { "it is gone" } else { "another one stands in its place" });
            if !is_gone {
                self.listen();
            }
            self.reload("the source was replaced");
            return;
        }
        if self.ears.is_none() && self.listen() {
            // Nobody knows what has changed while nobody listened.
            self.reload("the content is watched again");
            return;
        }
        if self.links.have_changed() {
            self.reload("what a link leads to has changed");
            return;
        }
        self.compare();
    }

    /// While nothing can be heard, compares the content with what it was.
    fn compare(&mut self) {
        let Some((compared_at, before)) = self.was_heard else { return };
        if compared_at.elapsed() < limits::WATCH_COMPARE {
            return;
        }
        let now = fingerprint(&self.path);
        self.was_heard = Some((Instant::now(), now));
        if now != before {
            self.reload("the content has changed");
        }
    }

    fn reload(&mut self, why: &str) {
        let links = Links::below(&self.path);
        if links != self.links {
            // Folders behind new links are heard of only from now on; and what is written from now on is heard of, so that nothing
            // is lost between the load and the next notice.
            self.links = links;
            self.ears = None;
            self.listen();
        }
        self.host.note(why, &self.host.reload(&mut |_| {}));
    }

    fn lose(&mut self, why: &str) {
        self.ears = None;
        self.was_heard.get_or_insert_with(|| (Instant::now(), fingerprint(&self.path)));
        if self.health.set(WatchState::Lost) {
            tracing::warn!(source = %self.path.display(), why, "the content is not watched any more; this is tried again");
        }
    }

    /// Listens, and tells whether that goes.
    fn listen(&mut self) -> bool {
        match ears(&self.path, &self.notices) {
            Ok(ears) => {
                self.ears = Some(ears);
                self.was_heard = None;
                if self.health.set(WatchState::Watching) {
                    tracing::debug!(source = %self.path.display(), "watching");
                }
                true
            }
            Err(error) => {
                self.lose(&format!("{error:#}"));
                false
            }
        }
    }
}

/// Hears of changes of the file at `path`, or in that folder.
fn ears(path: &Path, notices: &Sender<Notice>) -> anyhow::Result<Debouncer<RecommendedWatcher, RecommendedCache>> {
    // Many programs save a file by putting another in its place, which only its folder sees.
    let file = path.file_name().filter(|_| path.is_file()).map(ToOwned::to_owned);
    let (folder, mode) = match (&file, path.parent()) {
        (None, _) => (path, RecursiveMode::Recursive),
        (Some(_), Some(folder)) if folder != Path::new("") => (folder, RecursiveMode::NonRecursive),
        (Some(_), _) => (Path::new("."), RecursiveMode::NonRecursive),
    };
    let (watched, notices) = (folder.to_owned(), notices.clone());
    let on_change = move |events: DebounceEventResult| {
        let notice = match events {
            Ok(events) => match events.iter().find(|event| is_end(event, &watched)) {
                Some(_) => Some(Notice::Deaf("it was moved or removed".to_owned())),
                None => events.iter().any(|event| is_change(event, file.as_deref())).then_some(Notice::Changed),
            },
            Err(errors) => {
                let told: Vec<String> = errors.iter().map(notify::Error::to_string).collect();
                Some(Notice::Deaf(told.join(", ")))
            }
        };
        // A watch that has ended needs no notice.
        if notice.is_some_and(|notice| notices.send(notice).is_err()) {
            tracing::debug!("nobody listens to the watch");
        }
    };
    let mut ears = new_debouncer(limits::WATCH_QUIET, None, on_change).context("cannot listen for changes")?;
    ears.watch(folder, mode).with_context(|| format!("cannot watch {}", folder.display()))?;
    Ok(ears)
}

/// Whether the watched folder itself is not where it was any more.
fn is_end(event: &DebouncedEvent, watched: &Path) -> bool {
    let is_gone = matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
    is_gone && event.paths.first().is_some_and(|path| path == watched)
}

fn is_change(event: &DebouncedEvent, file: Option<&std::ffi::OsStr>) -> bool {
    let is_ours = |path: &PathBuf| file.is_none() || path.file_name() == file;
    // Reading the content is an event too; reacting to it would reload for ever. Where the system has lost events, anything
    // may have changed.
    event.need_rescan() || !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(is_ours)
}
