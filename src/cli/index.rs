//! `gradus index`.

use std::time::Instant;

use gradus_engine::snapshot::disk::{self, SavedSnapshot};
use gradus_engine::viewer::Viewer;
use indicatif::DecimalBytes;

use super::args::IndexArgs;
use super::{Outcome, counted, print, serve};

/// Writes the snapshot of a source.
pub(super) fn index(args: &IndexArgs) -> anyhow::Result<Outcome> {
    let started = Instant::now();
    let input = serve::input(args.path.as_ref());
    let snapshot = serve::built(&input)?;
    let SavedSnapshot { path, n_bytes, is_private } = disk::save(&snapshot, &args.out)?;
    let n_pages = counted(snapshot.view(Viewer::Pro).corpus.n_pages(), "page");
    let (path, took_ms) = (path.display(), started.elapsed().as_millis());
    print(&format!("{path}\n  {n_pages} from {input}, {} in {took_ms} ms\n", DecimalBytes(n_bytes)))?;
    if is_private {
        print("  it holds locked text: only you may read it\n")?;
    }
    print(&format!("  serve it with: gradus serve {path}\n"))?;
    Ok(Outcome::Done)
}
