//! A million concepts with ten million prerequisite edges: from JSON Lines to a snapshot, and closures of about a hundred
//! pages in it. `cargo bench --bench scale`; a first argument sets another number of concepts.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::{Duration, Instant};

use gradus_corpus::PageId;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::viewer::Viewer;
use gradus_graph::{ClosureOptions, StrengthFilter};
use gradus_load::Input;

/// Prerequisites of each concept that has so many before it.
const DEGREE: u64 = 11;
/// Concepts of a topic.
const TOPIC: u64 = 128;
/// Closures measured.
const N_CLOSURES: usize = 20_000;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A generator of numbers that are the same at every run (SplitMix64; Steele, Lea and Flood, 2014).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// Concepts in topics whose later ones require earlier ones, so that closures stay near a hundred.
fn write(path: &std::path::Path, n_concepts: u64) -> std::io::Result<()> {
    let mut numbers = Numbers(1);
    let mut file = BufWriter::new(File::create(path)?);
    for concept in 0..n_concepts {
        let start = concept - concept % TOPIC;
        let mut below = BTreeSet::new();
        while (below.len() as u64) < DEGREE.min(concept - start) {
            below.insert(start + numbers.below(concept - start));
        }
        let below: Vec<String> = below.iter().map(|below| format!("\"c{below}\"")).collect();
        writeln!(
            file,
            "{{\"kind\":\"concept\",\"id\":\"c{concept}\",\"title\":\"Concept {concept}\",\"description\":\"What number \
             {concept} is about.\",\"prerequisites\":[{}]}}",
            below.join(",")
        )?;
    }
    file.flush()
}

/// Resident memory now and at its peak, in MiB, as Linux tells it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
    };
    format!("{} MiB resident, {} MiB at the peak", of("VmRSS"), of("VmHWM"))
}

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let n_concepts = std::env::args().skip(1).find_map(|given| given.parse().ok()).unwrap_or(1_000_000);
    let path = std::env::temp_dir().join(format!("gradus-scale-{}.jsonl", std::process::id()));
    write(&path, n_concepts)?;
    let started = Instant::now();
    let loaded = gradus_load::load(&Input::Path(path.clone()), &mut |_| {})?;
    println!("load alone: {:.1?}, {}", started.elapsed(), memory());
    drop(loaded);
    let started = Instant::now();
    let snapshot = Snapshot::build(&Input::Path(path.clone()), &mut |_| {})?;
    println!("load, graph and index: {:.1?}, {}", started.elapsed(), memory());
    std::fs::remove_file(&path)?;
    let view = snapshot.view(Viewer::Pro);
    println!("{} concepts, {} edges", view.corpus.n_concepts(), view.corpus.declared().len());
    let ask = ClosureOptions { depth: None, strength: StrengthFilter::Required, reduce: false, max_pages: 10_000 };
    let mut numbers = Numbers(2);
    let mut times = Vec::with_capacity(N_CLOSURES);
    let mut n_pages = 0;
    for _ in 0..N_CLOSURES {
        // The last of each topic has the largest closure.
        let concept = numbers.below(n_concepts / TOPIC) * TOPIC + TOPIC - 1;
        let target = view.corpus.find(gradus_corpus::Kind::Concept, &format!("c{concept}")).unwrap_or(PageId(0));
        let started = Instant::now();
        let closure = view.graph.prerequisites(target, &ask);
        times.push(started.elapsed());
        n_pages += closure.pages.len();
    }
    times.sort_unstable();
    let at = |share: usize| -> Duration { times[N_CLOSURES * share / 100] };
    let mean = n_pages / N_CLOSURES;
    println!("closures of {mean} pages: {:.1?} median, {:.1?} at the 95th percentile", at(50), at(95));
    Ok(())
}
