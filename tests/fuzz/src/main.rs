//! The fuzzer: libFuzzer's own `main`, with one target, which `GRADUS_FUZZ` names. `scripts/fuzz` builds and runs it.
#![no_main]

use std::sync::LazyLock;

use gradus_fuzz::{Target, target};
use libfuzzer_sys::fuzz_target;

/// The target; without a name that means one there is nothing to try.
static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("GRADUS_FUZZ").unwrap_or_default();
    target(&name).unwrap_or_else(|| std::process::exit(2))
});

fuzz_target!(|bytes: &[u8]| (TARGET.run)(bytes));
