//! Searches for known pages: how many are found, and how long does an answer take?
//! `cargo bench --bench search -- SOURCE QUERIES`, where `known_items.py` beside this file writes the queries.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use gradus_engine::questions::filter::FilterParams;
use gradus_engine::questions::search::{SearchParams, search};
use gradus_engine::snapshot::Snapshot;
use gradus_engine::viewer::Viewer;
use gradus_load::Input;

/// Hits a page of results has.
const N_HITS: i64 = 10;
/// Times that each query is asked.
const N_ROUNDS: usize = 10;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut given = std::env::args().skip(1).filter(|given| !given.starts_with('-'));
    let (Some(source), Some(queries)) = (given.next(), given.next()) else {
        println!("nothing to search: give a source and a file of queries");
        return Ok(());
    };
    let queries = std::fs::read_to_string(queries)?;
    let mut by_kind: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for line in queries.lines() {
        let (kind, rest) = line.split_once('\t').ok_or("a line without a tab")?;
        by_kind.entry(kind).or_default().push(rest.split_once('\t').ok_or("a line without a second tab")?);
    }
    let started = Instant::now();
    let snapshot = Snapshot::build(&Input::Path(PathBuf::from(source)), &mut |_| {})?;
    println!("load: {:.2?}", started.elapsed());
    let view = snapshot.view(Viewer::Pro);
    for (kind, queries) in by_kind {
        let mut n_found = 0;
        let mut took: Vec<(Duration, &str)> = Vec::new();
        for (round, (id, q)) in (0..N_ROUNDS).flat_map(|round| queries.iter().map(move |query| (round, query))) {
            let ask = SearchParams { q: (*q).to_owned(), limit: Some(N_HITS), ..SearchParams::default() };
            let started = Instant::now();
            let answer = search(view, ask, FilterParams::default()).map_err(|error| format!("{error:?}"))?;
            took.push((started.elapsed(), q));
            let is_it = answer.items.iter().any(|hit| hit.page.id.rsplit(':').next() == Some(id));
            n_found += usize::from(round == 0 && is_it);
        }
        took.sort();
        let at = |percent: usize| took[(took.len() - 1) * percent / 100].0;
        let mean = took.iter().map(|(took, _)| *took).sum::<Duration>() / u32::try_from(took.len())?;
        let (longest, q) = took[took.len() - 1];
        println!("{kind}: {n_found} of {} among the first {N_HITS}", queries.len());
        println!("  mean {mean:.1?}, p50 {:.1?}, p95 {:.1?}, p99 {:.1?}", at(50), at(95), at(99));
        println!("  longest {longest:.1?}: {q}");
    }
    Ok(())
}
