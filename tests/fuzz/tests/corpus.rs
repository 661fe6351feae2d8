//! What is kept of inputs: seeds, those that once found a fault, and what chance makes of them.

#![expect(clippy::unwrap_used, reason = "a helper of a test that cannot go on says so by panicking")]

use std::path::PathBuf;

use gradus_fuzz::{TARGETS, Target};

/// Inputs that chance makes for each target: some seconds in a build for development.
const ROUNDS: u64 = 150;
/// The same where everything is to run: some twenty seconds a target at most.
const ROUNDS_OF_WHOLE_SUITE: u64 = 2_000;

/// What is kept for `target`, with its names, sorted.
fn kept(target: Target) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut inputs: Vec<_> = entries.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect();
    inputs.sort();
    inputs
}

#[track_caller]
fn holds(target: Target, name: &str, bytes: &[u8]) {
    let outcome = std::panic::catch_unwind(|| (target.run)(bytes));
    assert!(outcome.is_ok(), "{} does not hold of {name}: {:?}", target.name, String::from_utf8_lossy(bytes));
}

#[test]
fn what_must_hold_holds_of_every_input_that_is_kept() {
    for target in TARGETS {
        let inputs = kept(*target);
        assert!(inputs.len() > 2, "{} has no seeds", target.name);
        inputs.iter().for_each(|(name, bytes)| holds(*target, name, bytes));
    }
}

/// Numbers that look like chance: xorshift64*.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let next = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16;
        usize::try_from(next).unwrap() % n.max(1)
    }

    fn piece<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let start = self.below(bytes.len() + 1);
        let len = self.below((bytes.len() - start).min(40) + 1);
        &bytes[start..start + len]
    }

    /// One of `inputs` with some bytes changed, left out, doubled, or taken from another.
    fn input(&mut self, inputs: &[(String, Vec<u8>)]) -> Vec<u8> {
        let mut bytes = inputs[self.below(inputs.len())].1.clone();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len() + 1);
            match self.below(4) {
                0 if at < bytes.len() => bytes[at] = u8::try_from(self.below(256)).unwrap(),
                1 => drop(bytes.drain(at..at + self.below((bytes.len() - at).min(40) + 1))),
                2 => {
                    let own = self.piece(&bytes).to_vec();
                    bytes.splice(at..at, own);
                }
                _ => {
                    let other = self.below(inputs.len());
                    bytes.splice(at..at, self.piece(&inputs[other].1).to_vec());
                }
            }
        }
        bytes
    }
}

#[test]
fn what_must_hold_holds_of_what_chance_makes_of_them() {
    let given = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let is_whole = std::env::var_os("GRADUS_WHOLE_SUITE").is_some_and(|value| value == "1");
    let rounds = given("GRADUS_FUZZ_ROUNDS").unwrap_or(if is_whole { ROUNDS_OF_WHOLE_SUITE } else { ROUNDS });
    let nanos = std::time::UNIX_EPOCH.elapsed().unwrap().subsec_nanos();
    let seed = given("GRADUS_FUZZ_SEED").unwrap_or_else(|| u64::from(nanos) << 1 | 1);
    for target in TARGETS {
        let (inputs, mut chance) = (kept(*target), Chance(seed));
        for round in 0..rounds {
            let bytes = chance.input(&inputs);
            holds(*target, &format!("round {round} of GRADUS_FUZZ_SEED={seed}"), &bytes);
        }
    }
}

#[test]
fn a_name_means_one_target_or_none() {
    assert!(
        TARGETS.iter().all(|target| gradus_fuzz::target(target.name).is_some_and(|found| found.name == target.name))
    );
    assert!(gradus_fuzz::target("nonsense").is_none());
}
