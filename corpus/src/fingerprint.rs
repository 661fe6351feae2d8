//! Fingerprints: names for content that leave the process, and so have to be the same everywhere.
//!
//! The standard library promises nothing of its hasher, and what a derived `Hash` feeds to it depends on the machine. So a value is
//! first written as `postcard` writes it, a format that is fixed to the byte, and those bytes are hashed by XXH3, whose results
//! are published. The price is a copy of what is hashed, a page at a time.

use std::hash::Hasher;

use serde::Serialize;
use twox_hash::{xxhash3_64, xxhash3_128};

/// The number of the form of answers: raised by whoever changes what is answered of content that has not changed, so that nobody who
/// keeps an answer of before takes it for one of now. The program's version says nothing of that: servers of two versions may
/// stand side by side.
pub const ANSWER_FORMAT: u32 = 5;

/// Hashes values one after another.
#[derive(Default)]
pub struct Fingerprint {
    hasher: xxhash3_64::Hasher,
    written: Vec<u8>,
}

impl Fingerprint {
    /// Adds `value`. O(value).
    #[expect(
        clippy::expect_used,
        reason = "only values that do not know their own length cannot be written, and none is hashed"
    )]
    pub fn add(&mut self, value: &(impl Serialize + ?Sized)) {
        let mut written = std::mem::take(&mut self.written);
        written.clear();
        self.written = postcard::to_extend(value, written).expect("the value can be written");
        self.hasher.write(&self.written);
    }

    /// What was added, as a number: equal for equal values on any machine and with any compiler.
    pub fn finish(&self) -> u64 {
        self.hasher.finish()
    }
}

/// `value` as a number: equal for equal values on any machine and with any compiler. O(value).
pub fn fingerprint(value: &(impl Serialize + ?Sized)) -> u64 {
    let mut fingerprint = Fingerprint::default();
    fingerprint.add(value);
    fingerprint.finish()
}

/// `value` as a number of 128 bits, wide enough to stand for it among all the values that there are: equal for equal values on any
/// machine and with any compiler. No defence against forgers. O(value).
#[expect(
    clippy::expect_used,
    reason = "only values that do not know their own length cannot be written, and none is hashed"
)]
pub fn wide_fingerprint(value: &(impl Serialize + ?Sized)) -> u128 {
    xxhash3_128::Hasher::oneshot(&postcard::to_allocvec(value).expect("the value can be written"))
}

/// `bytes` as a number, XXH3's of 64 bits: tells damage, and is no defence against forgers. Some gigabytes a second.
pub fn checksum(bytes: &[u8]) -> u64 {
    xxhash3_64::Hasher::oneshot(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published results of XXH3 without a seed; where one differs, every name that was ever given out has changed.
    #[test]
    fn fingerprints_are_the_same_everywhere() {
        assert_eq!(checksum(b""), 0x2d06_8005_38d3_94c2);
        assert_eq!(format!("{:016x}", checksum(b"abc")), "78af5f94892f3950");
        // Written as its length and its letters.
        assert_eq!(fingerprint("abc"), checksum(b"\x03abc"));
        assert_eq!(fingerprint(&(300_u32, true)), checksum(&[0xac, 0x02, 1]));
    }
}
