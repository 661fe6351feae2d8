//! The number of a publication: which of several versions of the same content came later.

use std::fmt;
use std::str::FromStr;

/// The number that content was published under. Later publications are greater; equal content may have several, since going back
/// is a publication too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicationNumber {
    /// Counts how often the record of all publications was lost and begun anew: a higher one is later whatever the sequence.
    pub epoch: u32,
    /// Counts publications, from 1.
    pub seq: u64,
}

impl PublicationNumber {
    /// The first publication there ever is.
    pub const FIRST: Self = Self { epoch: 0, seq: 1 };

    /// The number of the publication after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self { seq: self.seq.saturating_add(1), ..self }
    }
}

/// `42`, and `1.42` in later epochs.
impl fmt::Display for PublicationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.epoch > 0 {
            write!(f, "{}.", self.epoch)?;
        }
        write!(f, "{}", self.seq)
    }
}

/// A text that is no number of a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPublicationNumber;

impl fmt::Display for NoPublicationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the number of a publication looks like 42, or 1.42 in a later epoch")
    }
}

impl std::error::Error for NoPublicationNumber {}

impl FromStr for PublicationNumber {
    type Err = NoPublicationNumber;

    fn from_str(text: &str) -> Result<Self, NoPublicationNumber> {
        let (epoch, seq) = text.split_once('.').unwrap_or(("0", text));
        // `parse` would take a sign.
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(epoch) || !is_number(seq) {
            return Err(NoPublicationNumber);
        }
        let wrong = |_| NoPublicationNumber;
        Ok(Self { epoch: epoch.parse().map_err(wrong)?, seq: seq.parse().map_err(wrong)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> PublicationNumber {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for text in ["1", "42", "1.1", "4294967295.18446744073709551615"] {
            assert_eq!(number(text).to_string(), text);
        }
        for text in ["", " 42", "+1", "-1", "1.", ".1", "1.2.3", "0x1", "18446744073709551616"] {
            assert_eq!(text.parse::<PublicationNumber>(), Err(NoPublicationNumber), "{text}");
        }
    }

    #[test]
    fn an_epoch_is_later_whatever_the_sequence() {
        assert!(number("1.1") > number("42") && number("42") > number("41") && number("42").next() == number("43"));
    }
}
