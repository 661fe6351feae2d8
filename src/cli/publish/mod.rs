//! `gradus publish`.

mod told;
mod tree;

use std::io::IsTerminal;
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use gradus_corpus::Severity;
use gradus_engine::eval::search::{answer, measure};
use gradus_engine::snapshot::Snapshot;
use gradus_engine::viewer::Viewer;
use gradus_load::{Input, Terms};
use gradus_publication::{
    Preparation, Prepared, PruneTerms, Publication, PublicationError, PublicationFacts, PublicationStore, PutCounts,
    StoreAddress, promote, prune, restore,
};
use indicatif::DecimalBytes;

use super::args::{AskFlags, Format, PublishArgs};
use super::eval::judged;
use super::{Outcome, complain, counted, diff, print, serve};
use told::{history_json, history_table, publication_json};
use tree::SourceTree;

/// The name by which `--promote` calls the channel that has none.
const MAIN: &str = "main";

/// Publishes, or does to what is published what the flags say.
pub(super) fn publish(args: &PublishArgs, flags: &AskFlags) -> anyhow::Result<Outcome> {
    let address = args.store.at(&args.to);
    let store = address.open()?;
    let told = if args.history {
        return show_history(&store, flags.format);
    } else if args.prune {
        return prune_store(&store, args);
    } else if let Some(number) = args.restore {
        restore(&store, number, facts(args, None)).map(|publication| (publication, None))
    } else if let Some(channel) = &args.promote {
        promote_from(&address, &store, channel, args).map(|publication| (publication, None))
    } else {
        match publish_source(&store, args)? {
            SourceOutcome::Refused => return Ok(Outcome::Findings),
            SourceOutcome::Published(publication, counts) => Ok((publication, counts)),
            SourceOutcome::Failed(error) => Err(error),
        }
    };
    match told {
        Ok((publication, counts)) => {
            print(&match flags.format {
                Format::Json | Format::Ndjson => {
                    publication_json(&publication, counts.is_some() || args.path.is_none())?
                }
                Format::Table | Format::Md => format!("{}\n", publication.number()),
            })?;
            Ok(Outcome::Done)
        }
        Err(error @ PublicationError::Moved(_)) => {
            complain(&format!("error: {error}; look at it, then publish again, or at once with --rebase"));
            Ok(Outcome::Overtaken)
        }
        Err(error) => Err(error.into()),
    }
}

/// What came of publishing a source.
enum SourceOutcome {
    /// The content does not hold what is asked of it.
    Refused,
    /// It is published; nothing was put where it was before.
    Published(Publication, Option<PutCounts>),
    /// The store did not take it.
    Failed(PublicationError),
}

fn publish_source(store: &PublicationStore, args: &PublishArgs) -> anyhow::Result<SourceOutcome> {
    let Some(path) = &args.path else {
        bail!("name the SOURCE that is published, such as gradus publish ./docs --to URL")
    };
    let started = Instant::now();
    let (input, notes) = Input::noted(path).with_context(|| format!("cannot read {}", path.display()))?;
    let terms = Terms::now();
    let mut bar = serve::bar();
    let snapshot = Snapshot::on(terms, &input, &mut |progress| bar(progress))?;
    drop(bar);
    if !is_fit(&snapshot, path, args)? {
        return Ok(SourceOutcome::Refused);
    }
    let tree = SourceTree::new(path, &notes)?;
    let generation = snapshot.view(Viewer::Pro).generation.clone();
    let n_pages = snapshot.view(Viewer::Pro).corpus.n_pages();
    // A publisher needs the memory of one snapshot for the packs.
    drop(snapshot);
    let facts = facts(args, revision(args, path));
    loop {
        let mut preparation = match Preparation::begin(store, args.anew) {
            Ok(preparation) => preparation,
            Err(error) => return Ok(SourceOutcome::Failed(error)),
        };
        tree.add_to(&mut preparation)?;
        let prepared = preparation.finish(&tree.source, terms.now, generation.clone())?;
        if let Some(head) = prepared.head().filter(|_| prepared.is_published && !args.anew && args.new_epoch.is_none())
        {
            complain(&format!("nothing has changed since {} was published", head.number()));
            return Ok(SourceOutcome::Published(head.clone(), None));
        }
        match put(store, &prepared, facts.clone()) {
            Err(PublicationError::Moved(number)) if args.rebase => {
                let number = number.map_or_else(String::new, |number| format!(" {number}"));
                complain(&format!("someone published{number} meanwhile: publishing after that"));
            }
            Err(error) => return Ok(SourceOutcome::Failed(error)),
            Ok((publication, counts)) => {
                complain(&format!(
                    "{} from {}: {} of {} put, in {} ms",
                    counted(n_pages, "page"),
                    path.display(),
                    counted(counts.n_blobs, "blob"),
                    DecimalBytes(counts.bytes),
                    started.elapsed().as_millis()
                ));
                return Ok(SourceOutcome::Published(publication, Some(counts)));
            }
        }
    }
}

fn put(
    store: &PublicationStore,
    prepared: &Prepared,
    facts: PublicationFacts,
) -> Result<(Publication, PutCounts), PublicationError> {
    let (manifest, counts) = prepared.put(store)?;
    Ok((prepared.advance(store, manifest, facts)?, counts))
}

/// Whether `snapshot` may be published; says why not.
fn is_fit(snapshot: &Snapshot, path: &Path, args: &PublishArgs) -> anyhow::Result<bool> {
    let view = snapshot.view(Viewer::Pro);
    let n_errors = view.provenance.n_diagnostics(Severity::Error);
    if n_errors > 0 && !args.force {
        complain(&format!(
            "{} in the content: gradus check {}; --force publishes it all the same",
            counted(n_errors, "error"),
            path.display()
        ));
        return Ok(false);
    }
    if view.corpus.n_pages() == 0 && !args.force {
        complain(&format!("{} holds no page; --force publishes that", path.display()));
        return Ok(false);
    }
    let (Some(golden), Some(floor)) = (&args.golden, args.floor) else { return Ok(true) };
    let measured = measure(view, &answer(view, &judged(view, std::slice::from_ref(golden))?)?, 0);
    if measured.ndcg_at_10 < floor {
        complain(&format!("nDCG@10 {:.4} is below the floor of {floor:.4}: nothing is published", measured.ndcg_at_10));
    }
    Ok(measured.ndcg_at_10 >= floor)
}

/// What the record says of who publishes.
fn facts(args: &PublishArgs, revision: Option<String>) -> PublicationFacts {
    PublicationFacts {
        at: now(),
        by: args.by.clone(),
        revision: args.revision.clone().or(revision).unwrap_or_default(),
        new_epoch: args.new_epoch,
        restores: None,
    }
}

/// The revision that the source at `path` is checked out at, if its repository tells.
fn revision(args: &PublishArgs, path: &Path) -> Option<String> {
    if args.revision.is_some() {
        return None;
    }
    let folder = if path.is_dir() {
        path
    } else {
        path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
    };
    diff::revision_of(folder)
}

fn promote_from(
    address: &StoreAddress,
    store: &PublicationStore,
    channel: &str,
    args: &PublishArgs,
) -> Result<Publication, PublicationError> {
    let channel = (channel != MAIN).then(|| channel.to_owned());
    if channel == address.channel {
        return Err(PublicationError::Address(
            "a channel is promoted to another one: name that by --channel, or none".to_owned(),
        ));
    }
    let other = StoreAddress { channel, ..address.clone() }.open()?.register.head()?;
    let other = other.ok_or_else(|| PublicationError::Missing("a publication of that channel".to_owned()))?.publication;
    let head = store.register.head()?;
    if let Some(head) = head.as_ref().filter(|head| head.publication.manifest == other.manifest) {
        complain(&format!("nothing has changed since {} was published", head.publication.number()));
        return Ok(head.publication.clone());
    }
    let facts = PublicationFacts { revision: other.revision.clone(), ..facts(args, None) };
    promote(store, head.as_ref(), other.manifest, facts)
}

fn show_history(store: &PublicationStore, format: Format) -> anyhow::Result<Outcome> {
    let history = store.register.history()?;
    print(&match format {
        Format::Json | Format::Ndjson => history_json(&history)?,
        Format::Table | Format::Md if history.is_empty() => {
            complain("nothing was published yet");
            return Ok(Outcome::Findings);
        }
        Format::Table | Format::Md => history_table(&history),
    })?;
    Ok(Outcome::Done)
}

fn prune_store(store: &PublicationStore, args: &PublishArgs) -> anyhow::Result<Outcome> {
    let pruned = prune(store, PruneTerms { keep: args.keep, older_than: args.older_than, now: now() })?;
    let (publications, blobs) = (counted(pruned.n_publications, "publication"), counted(pruned.n_blobs, "blob"));
    print(&format!("{publications} forgotten, {blobs} removed\n"))?;
    if std::io::stderr().is_terminal() {
        complain("what was put within the last hour stays, named or not: somebody may be about to publish it");
    }
    Ok(Outcome::Done)
}

/// Now, in seconds since 1970.
fn now() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX)
}
