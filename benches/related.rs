//! Related pages of every page of a source: how long does an answer take? `cargo bench --bench related -- SOURCE`, the
//! built-in curriculum where not given; `debian_packages.py` beside this file writes a large graph.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use gradus::builtin::curriculum;
use gradus_engine::questions::related::{RelatedParams, related};
use gradus_engine::relate::Relatedness;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::viewer::Viewer;
use gradus_load::Input;

/// Answers measured, evenly taken from all pages.
const N_ANSWERS: usize = 20_000;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let source = std::env::args().skip(1).find(|given| !given.starts_with('-')).map(PathBuf::from);
    let input = source.map_or_else(curriculum, Input::Path);
    let started = Instant::now();
    let snapshot = Snapshot::build(&input, &mut |_| {})?;
    println!("load: {:.2?}", started.elapsed());
    let view = snapshot.view(Viewer::Pro);
    let started = Instant::now();
    let learned = Relatedness::new(&view.corpus, &view.graph, &view.index, None);
    println!("of that, weights: {:.2?} ({:?})", started.elapsed(), learned.guides.source);
    let every = (view.corpus.n_pages() / N_ANSWERS).max(1);
    let ask = RelatedParams::default();
    let mut took: Vec<(Duration, String)> = Vec::new();
    for (page, found) in view.corpus.pages().step_by(every) {
        let started = Instant::now();
        let answer = related(view, page, &ask).map_err(|error| format!("{error:?}"))?;
        took.push((started.elapsed(), found.id()));
        assert!(!answer.items.is_empty());
    }
    took.sort();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100].0;
    let (longest, page) = &took[took.len() - 1];
    println!("{} answers: p50 {:.1?}, p90 {:.1?}, p99 {:.1?}", took.len(), at(50), at(90), at(99));
    println!("longest {longest:.1?}, of {page}");
    Ok(())
}
