//! How the time of building a graph grows with what it is built from: `cargo bench -p gradus-graph --bench growth`.
//!
//! Each line is one kind of content at doubling sizes, with the exponent `e` of `time = c · size^e` that fits them. Sizes
//! stay where a processor's caches do. What says O(pages + edges) shall stay near 1; anything above `MAX_EXPONENT` ends the
//! bench with an error.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use gradus_corpus::{
    Corpus, Edge, Kind, Mention, Origin, Page, PageId, Parts, Position, Relation, Section, Strength, Text,
};
use gradus_graph::{Graph, PlanOptions};

/// The exponent up to which growth counts as linear: sorting and caches add a tenth to 1, and a busy machine up to two
/// more. What is quadratic shows an exponent near 2.
const MAX_EXPONENT: f64 = 1.3;
/// Times that each size is measured; the fastest counts, because other programs only ever make it slower.
const RUNS: usize = 15;
/// How many times the first size is doubled.
const DOUBLINGS: u32 = 4;

/// What is measured: a name, the first size, and what takes so long at a size.
type Case = (&'static str, usize, fn(usize) -> Duration);

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn main() -> ExitCode {
    let cases: [Case; 5] = [
        ("build: one guide of n sections that teaches n concepts", 500, |n| building(&one_guide(n))),
        ("build: n concepts that require 8 each", 500, |n| building(&layered(n, 8))),
        ("build: one concept that requires n others, and is required by n", 500, |n| building(&star(n))),
        ("build: n guides that follow each other", 500, |n| building(&series(n))),
        ("plan: to one concept that requires n others, each in a section of one guide", 500, planning),
    ];
    let mut is_linear = true;
    for (name, first, measure) in cases {
        let sizes: Vec<usize> = (0..=DOUBLINGS).map(|doubling| first << doubling).collect();
        let times = fastest(&sizes, measure);
        let exponent = exponent(&sizes, &times);
        let told: Vec<String> = sizes.iter().zip(&times).map(|(size, time)| format!("{size}: {time:.1?}")).collect();
        println!("{name}: exponent {exponent:.2} ({})", told.join(", "));
        is_linear &= exponent <= MAX_EXPONENT;
    }
    if is_linear { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The fastest of some runs of each size, one after another: an allocator that has just served a size serves it at its best.
fn fastest(sizes: &[usize], measure: fn(usize) -> Duration) -> Vec<Duration> {
    sizes.iter().map(|size| (0..RUNS).map(|_| measure(*size)).min().unwrap_or_default()).collect()
}

fn building(corpus: &Corpus) -> Duration {
    let started = Instant::now();
    std::hint::black_box(Graph::new(corpus));
    started.elapsed()
}

fn planning(n: usize) -> Duration {
    let graph = Graph::new(&one_guide(n));
    let targets = [PageId(0)];
    let options = PlanOptions::new(&targets, &[]);
    let started = Instant::now();
    let plan = graph.plan(&options);
    let elapsed = started.elapsed();
    assert!(plan.is_ok_and(|plan| !plan.steps.is_empty()), "a plan without steps measures nothing");
    elapsed
}

/// The median slope between two logarithms (Theil, 1950; Sen, 1968): a size that a busy machine slowed down does not move it
/// far.
#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn exponent(sizes: &[usize], times: &[Duration]) -> f64 {
    let points: Vec<(f64, f64)> =
        sizes.iter().zip(times).map(|(size, time)| ((*size as f64).ln(), time.as_secs_f64().ln())).collect();
    let slope = |a: &(f64, f64), b: &(f64, f64)| (b.1 - a.1) / (b.0 - a.0);
    let pairs = points.iter().enumerate().flat_map(|(at, one)| points[..at].iter().map(move |other| slope(other, one)));
    let mut slopes: Vec<f64> = pairs.collect();
    slopes.sort_by(f64::total_cmp);
    slopes[slopes.len() / 2]
}

fn slug(idx: usize) -> String {
    format!("c{idx:07}")
}

fn id(idx: usize) -> PageId {
    PageId(u32::try_from(idx).unwrap_or(u32::MAX))
}

fn edge(from: usize, relation: Relation, to: usize) -> Edge {
    let (strength, origin, position) = (Strength::Required, Origin::FrontMatter, Position::default());
    Edge { from: id(from), relation, to: id(to), strength, origin, count: 1, reason: None, position }
}

fn concepts(n: usize) -> Vec<Page> {
    (0..n).map(|idx| Page::new(Kind::Concept, &slug(idx))).collect()
}

fn corpus(pages: Vec<Page>, edges: Vec<Edge>) -> Corpus {
    Corpus::assemble(Parts { pages, edges, ..Parts::default() })
}

/// A guide with a section a concept, each of which names its own concept most and its neighbours too. The first concept
/// requires all others.
fn one_guide(n: usize) -> Corpus {
    let mut pages = concepts(n);
    let mention = |concept: usize, count: u32| Mention { concept: id(concept), count, position: Position::default() };
    let section = |idx: usize| {
        let text = Text {
            markdown: "Some words that somebody reads.".into(),
            mentions: vec![mention(idx, 3), mention((idx + 1) % n, 1), mention((idx + 7) % n, 1)],
            ..Text::default()
        };
        Section::new(&slug(idx), &slug(idx), 2, text, None)
    };
    let mut guide = Page::new(Kind::Guide, "guide");
    guide.minutes = u32::try_from(n).unwrap_or(u32::MAX);
    guide.sections = (0..n).map(section).collect();
    pages.push(guide);
    let teaches = (0..n).map(|concept| edge(n, Relation::Teaches, concept));
    let requires = (1..n).map(|concept| edge(0, Relation::Requires, concept));
    corpus(pages, teaches.chain(requires).collect())
}

fn layered(n: usize, degree: usize) -> Corpus {
    let below = |from: usize| (1..=degree).filter_map(move |step| from.checked_sub(step * step));
    corpus(concepts(n), (0..n).flat_map(|from| below(from).map(move |to| edge(from, Relation::Requires, to))).collect())
}

fn star(n: usize) -> Corpus {
    let below = (1..=n).map(|to| edge(0, Relation::Requires, to));
    let above = (n + 1..=2 * n).map(|from| edge(from, Relation::Requires, 0));
    corpus(concepts(2 * n + 1), below.chain(above).collect())
}

fn series(n: usize) -> Corpus {
    let pages = (0..n).map(|idx| Page::new(Kind::Guide, &slug(idx))).collect();
    corpus(pages, (1..n).map(|from| edge(from, Relation::Follows, from - 1)).collect())
}
