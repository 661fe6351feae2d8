//! Instructions that the main questions take on content that never changes, counted by Valgrind: a figure that neither a busy
//! machine nor its clock moves. `scripts/instructions` runs it and fails where a question takes 5 % more than it did.
//!
//! What is counted is from the parameters to the bytes of the answer, as every door asks it. The numbers below were measured when
//! what they tell of was last changed on purpose; who makes a question cheaper writes the new number down, so that it stays so.

#![expect(missing_docs, reason = "the macros make items that nobody can document")]
#![expect(clippy::expect_used, reason = "a measurement of something else is worse than none")]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use gradus_engine::questions::answer::AnswerBody;
use gradus_engine::questions::questions;
use gradus_engine::snapshot::{Snapshot, disk};
use gradus_engine::viewer::Viewer;
use gradus_load::Input;
use gungraun::{Callgrind, EventKind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn file() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("instructions.gradus")
}

/// Writes the curriculum down once: building it under Valgrind would take minutes.
fn write_curriculum() {
    let curriculum = Input::Path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../content"));
    let snapshot = Snapshot::build(&curriculum, &mut |_| {}).expect("the curriculum can be read");
    disk::save(&snapshot, &file()).expect("the snapshot can be written");
}

struct Asked {
    snapshot: Snapshot,
    path: &'static str,
    pairs: Vec<(String, String)>,
}

/// The question at `url`, asked twice before it counts: the first asker fills what is kept.
fn asked(path: &'static str, query: &str) -> Asked {
    let snapshot = disk::open(&file(), "the built-in curriculum").expect("the snapshot was written");
    let pairs = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let asked = Asked { snapshot, path, pairs };
    assert!(answer(&asked) > 0 && answer(&asked) > 0, "an answer is not empty");
    asked
}

/// Bytes of the answer.
fn answer(asked: &Asked) -> usize {
    let entry = questions().iter().find(|entry| entry.path == asked.path).expect("there is such a question");
    let call = entry.read(&asked.pairs).expect("the parameters can be read");
    let answer = call.answer(asked.snapshot.view(Viewer::Anonymous)).expect("it is answered");
    match answer.body().expect("it can be written") {
        AnswerBody::Json(json) => json.len(),
        AnswerBody::Text { text, .. } => text.len(),
        AnswerBody::Pieces { pieces, .. } => pieces.map(|piece| piece.len()).sum(),
    }
}

/// At most a twentieth more instructions than were `measured`.
fn near(measured: u64) -> LibraryBenchmarkConfig {
    let mut config = LibraryBenchmarkConfig::default();
    config.tool(Callgrind::default().hard_limits([(EventKind::Ir, measured + measured / 20)]));
    config
}

#[library_benchmark(teardown = drop)]
#[bench::search(args = ("/v1/search", "q=paged attention"), setup = asked, config = near(885_597))]
#[bench::search_of_a_prefix(args = ("/v1/search", "q=specul"), setup = asked, config = near(520_167))]
#[bench::search_with_a_typo(args = ("/v1/search", "q=atention"), setup = asked, config = near(900_714))]
#[bench::suggest(args = ("/v1/suggest", "q=kv"), setup = asked, config = near(23_452))]
#[bench::concept(args = ("/v1/concepts/{id}", "id=pagedattention"), setup = asked, config = near(79_234))]
#[bench::closure(args = ("/v1/concepts/{id}/prerequisites", "id=pagedattention"), setup = asked, config = near(247_505))]
#[bench::closure_of_ids(
    args = ("/v1/concepts/{id}/prerequisites", "id=pagedattention&fields=items.id"), setup = asked, config = near(103_356)
)]
#[bench::path(args = ("/v1/path", "from=tokenization&to=pagedattention"), setup = asked, config = near(29_352))]
#[bench::plan(args = ("/v1/plan", "target=pagedattention&known=attention"), setup = asked, config = near(499_986))]
#[bench::next(args = ("/v1/next", "known=attention&goal=pagedattention"), setup = asked, config = near(100_263))]
#[bench::related(args = ("/v1/concepts/{id}/related", "id=kv-cache"), setup = asked, config = near(1_501_758))]
#[bench::graph(args = ("/v1/graph", "center=kv-cache&depth=2"), setup = asked, config = near(385_110))]
fn question(asked: Asked) -> (Asked, usize) {
    let n_bytes = answer(black_box(&asked));
    // Given back, so that dropping the content is not counted.
    (asked, n_bytes)
}

library_benchmark_group!(name = asked_questions, setup = write_curriculum(), benchmarks = question);
main!(library_benchmark_groups = asked_questions);
