//! A publication, as the register records it.

use gradus_corpus::PublicationNumber;
use serde::{Deserialize, Serialize};

use crate::digest::ContentHash;
use crate::error::{PublicationError, Result};

/// Longest record that is read, in bytes: some hundreds are written.
const MAX_RECORD_BYTES: usize = 64 << 10;

/// What stands in a register under the number of a publication. Fields that newer versions add are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    epoch: u32,
    seq: u64,
    /// Names what is published.
    pub manifest: ContentHash,
    /// Names the attempt to publish, so that who lost the answer finds out whether it was theirs that came through.
    pub attempt: String,
    /// When, in seconds since 1970 by the publisher's clock. It is told and never compared.
    pub at: i64,
    /// Who, as they say.
    #[serde(default)]
    pub by: String,
    /// The revision of the source, as the publisher says.
    #[serde(default)]
    pub revision: String,
    /// Files in it.
    pub files: usize,
    /// Bytes of these files.
    pub bytes: u64,
    /// The publication whose content this one brings back.
    #[serde(default)]
    pub restores: Option<String>,
}

impl Publication {
    /// What is published under `number` by `attempt`; the rest is for the publisher to fill in.
    pub fn new(number: PublicationNumber, manifest: ContentHash, attempt: String) -> Self {
        let PublicationNumber { epoch, seq } = number;
        let (by, revision) = (String::new(), String::new());
        Self { epoch, seq, manifest, attempt, at: 0, by, revision, files: 0, bytes: 0, restores: None }
    }

    /// The number.
    pub fn number(&self) -> PublicationNumber {
        PublicationNumber { epoch: self.epoch, seq: self.seq }
    }

    /// As it is written down.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // Strings and numbers always serialise.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads what `place` holds.
    pub(crate) fn read(place: &str, bytes: &[u8]) -> Result<Self> {
        let damaged = |why: String| PublicationError::Damaged { what: place.to_owned(), why };
        if bytes.len() > MAX_RECORD_BYTES {
            return Err(damaged(format!("{} bytes are no record of a publication", bytes.len())));
        }
        serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))
    }
}

/// The name of the record of `number` in a store: names sort as numbers do.
pub(crate) fn record_name(number: PublicationNumber) -> String {
    format!("{:010}.{:020}", number.epoch, number.seq)
}

/// The number that a record is named by; `None` for names of anything else.
pub(crate) fn record_number(name: &str) -> Option<PublicationNumber> {
    let (epoch, seq) = name.split_once('.')?;
    let number = PublicationNumber { epoch: epoch.parse().ok()?, seq: seq.parse().ok()? };
    (record_name(number) == name).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_records_sort_as_their_numbers() {
        let numbers = ["9", "10", "1.2", "10.1"].map(|text| text.parse::<PublicationNumber>().unwrap());
        let names = numbers.map(record_name);
        assert!(names.is_sorted(), "{names:?}");
        assert_eq!(names.map(|name| record_number(&name)), numbers.map(Some));
        assert_eq!(record_number(".tmp-1.2"), None);
    }

    #[test]
    fn a_record_with_fields_of_tomorrow_is_read() {
        let number = "7".parse().unwrap();
        let published = Publication::new(number, ContentHash::of(b"m"), "a".to_owned());
        let mut told: serde_json::Value = serde_json::from_slice(&published.to_bytes()).unwrap();
        told["tomorrow"] = true.into();
        assert_eq!(Publication::read("it", told.to_string().as_bytes()).unwrap(), published);
        let error = Publication::read("publications/7", b"{").unwrap_err().to_string();
        assert!(error.starts_with("publications/7 is damaged: "), "{error}");
    }
}
