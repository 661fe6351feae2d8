//! What a fuzzer is let loose on: functions that take any bytes, and panic where what must hold of them does not.
//!
//! A target knows no fuzzer. `cargo test -p gradus-fuzz` asks each what is kept in `tests/fuzz/corpus`, on any machine;
//! `scripts/fuzz` lets libFuzzer find more, guided by what of our code its inputs reach. Coverage is measured in the crates of this
//! workspace alone: what others wrote is found through them, and need not be compiled anew. That takes no nightly compiler.

#![expect(clippy::panic, reason = "a target says by panicking that something does not hold")]

mod content;
mod requests;
#[path = "../../../load/tests/it/safe_html.rs"]
mod safe_html;
mod snapshots;
mod tokens;

/// A target.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, which is also that of its folder of inputs.
    pub name: &'static str,
    /// Tries an input.
    pub run: fn(&[u8]),
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "load", run: content::load_files },
    Target { name: "body", run: content::read_body },
    Target { name: "front-matter", run: content::read_front_matter },
    Target { name: "packed", run: content::unpack },
    Target { name: "query", run: requests::search },
    Target { name: "params", run: requests::ask },
    Target { name: "http", run: requests::serve },
    Target { name: "filters", run: requests::filter },
    Target { name: "jwt", run: tokens::verify },
    Target { name: "snapshot", run: snapshots::open_damaged },
];

/// The target of this name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().find(|target| target.name == name).copied()
}
