//! The siege: what load, hostile clients and bad luck do to a server, each row with its figure.
//!
//! ```sh
//! GRADUS_WHOLE_SUITE=1 cargo test --test siege                   # the short form, as scripts/test runs it: under 3 minutes
//! cargo test --release --test siege -- long                      # the long form: a minute of overload, more clients
//! cargo test --release --test siege -- long overload batches     # some rows of it
//! ```
//!
//! What must hold in any build fails the run. Bars that depend on how fast the build and the machine are hold for the long
//! form and are printed by both.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a row that cannot go on says so by panicking, and its figures are printed"
)]

mod asker;
mod crowd;
#[path = "../it/process.rs"]
mod process;
mod rows;
mod victim;

use std::process::ExitCode;
use std::time::Instant;

/// How hard a siege is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SiegeForm {
    Short,
    Long,
}

impl SiegeForm {
    /// `short` or `long` of something.
    pub(crate) fn of<T>(self, short: T, long: T) -> T {
        if self == Self::Short { short } else { long }
    }
}

/// A row: what is done, and what came of it in words, or what should not have.
type Row = (&'static str, fn(SiegeForm) -> Result<String, String>);

const ROWS: &[Row] = &[
    ("slow-sockets", rows::slow_sockets),
    ("slow-readers", rows::slow_readers),
    ("hang-ups", rows::hang_ups),
    ("batches", rows::batches),
    ("overload", rows::overload),
    ("reload-storm", rows::reload_storm),
    ("watch-faults", rows::watch_faults),
    ("full-disk", rows::full_disk),
    ("stop", rows::stop),
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let is_wanted = std::env::var_os("GRADUS_WHOLE_SUITE").is_some_and(|value| value == "1");
    if args.is_empty() && !is_wanted {
        println!("the siege is not run by a bare `cargo test`: GRADUS_WHOLE_SUITE=1 runs its short form");
        return ExitCode::SUCCESS;
    }
    let form = if args.iter().any(|arg| arg == "long") { SiegeForm::Long } else { SiegeForm::Short };
    let wanted: Vec<&String> = args.iter().filter(|arg| !matches!(arg.as_str(), "long" | "short")).collect();
    let mut n_failed = 0;
    for (name, row) in ROWS.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|one| one == name)) {
        let started = Instant::now();
        let (mark, told) = match row(form) {
            Ok(told) => ("ok  ", told),
            Err(told) => {
                n_failed += 1;
                ("FAIL", told)
            }
        };
        println!("{mark} {name:<14} {told}  [{:.1} s]", started.elapsed().as_secs_f32());
    }
    if n_failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
