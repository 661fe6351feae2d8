//! Replicas under faults: three members of etcd, three replicas, four publishers and readers that check the order of what they
//! are shown. Each row does something to them and prints what came of it.
//!
//! ```sh
//! GRADUS_WHOLE_SUITE=1 cargo test --test replicas                # the short form, as scripts/test runs it: under 4 minutes
//! cargo test --release --test replicas -- long                   # the long form: 100 rounds of faults, sizes, a balancer
//! cargo test --release --test replicas -- long leader-killed     # some rows of it
//! ```
//!
//! Over all rows nothing that was acknowledged may be lost or doubled, no answer torn, and no reader shown an older publication than
//! before. How long writes may stand still is a bar of the long form; the short one allows twice that, since it runs unoptimised
//! beside other things.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a row that cannot go on says so by panicking, and its figures are printed"
)]

#[cfg(feature = "bucket")]
mod bucket;
mod engine;
mod faults;
mod places;
#[expect(dead_code, reason = "other tests ask for more")]
#[path = "../it/process.rs"]
mod process;
mod rows;
mod scene;
mod secured;
mod sizes;
mod stores;

use std::process::ExitCode;
use std::time::Instant;

/// How long and how hard a run is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunForm {
    Short,
    Long,
}

impl RunForm {
    /// `short` or `long` of something.
    pub(crate) fn of<T>(self, short: T, long: T) -> T {
        if self == Self::Short { short } else { long }
    }
}

/// What came of a row.
pub(crate) enum RowOutcome {
    /// It held; what was measured.
    Held(String),
    /// It did not; what should not have been.
    Failed(String),
    /// This machine cannot do it; what is missing.
    Impossible(String),
}

impl From<Result<String, String>> for RowOutcome {
    fn from(result: Result<String, String>) -> Self {
        result.map_or_else(Self::Failed, Self::Held)
    }
}

/// A row.
type Row = (&'static str, fn(RunForm) -> RowOutcome);

const ROWS: &[Row] = &[
    ("replica-killed", rows::replica_killed),
    ("leader-killed", rows::leader_killed),
    ("leader-stopped", rows::leader_stopped),
    ("rolling", rows::rolling),
    ("leader-paused", rows::leader_paused),
    ("two-killed", rows::two_killed),
    ("all-killed", rows::all_killed),
    ("power-cut", rows::power_cut),
    ("partition", rows::partition),
    ("publisher-killed", stores::publisher_killed),
    ("pack-damaged", stores::pack_damaged),
    ("bad-publication", stores::bad_publication),
    ("at-once", stores::at_once),
    ("store-full", stores::store_full),
    ("disk-full", stores::disk_full),
    ("clock-off", stores::clock_off),
    ("secured", secured::secured),
    #[cfg(feature = "bucket")]
    ("bucket", bucket::bucket),
    ("sizes", sizes::sizes),
    ("balancer", sizes::balancer),
];

/// Rows of the long form alone: they need an optimised build to say anything.
const LONG_ROWS: &[&str] = &["sizes", "balancer"];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let is_wanted = std::env::var_os("GRADUS_WHOLE_SUITE").is_some_and(|value| value == "1");
    if args.is_empty() && !is_wanted {
        println!("replicas are not put to the test by a bare `cargo test`: GRADUS_WHOLE_SUITE=1 runs the short form");
        return ExitCode::SUCCESS;
    }
    let form = if args.iter().any(|arg| arg == "long") { RunForm::Long } else { RunForm::Short };
    let wanted: Vec<&String> = args.iter().filter(|arg| !matches!(arg.as_str(), "long" | "short")).collect();
    let is_wanted = |name: &str| match wanted.as_slice() {
        [] => form == RunForm::Long || !LONG_ROWS.contains(&name),
        wanted => wanted.iter().any(|one| *one == name),
    };
    let mut n_failed = 0;
    for (name, row) in ROWS.iter().filter(|(name, _)| is_wanted(name)) {
        let started = Instant::now();
        let (mark, told) = match row(form) {
            RowOutcome::Held(told) => ("ok  ", told),
            RowOutcome::Impossible(missing) => ("----", format!("not run: {missing}")),
            RowOutcome::Failed(told) => {
                n_failed += 1;
                ("FAIL", told)
            }
        };
        println!("{mark} {name:<16} {told}  [{:.1} s]", started.elapsed().as_secs_f32());
    }
    if n_failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
