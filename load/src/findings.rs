//! Findings: what a load found on the machine, and whether another would find the same.
//!
//! Key decision: contents are compared, not times: a copy, a checkout and a restored backup are the content that they hold. And
//! everything that a load asks of the disk is asked again, also what it asked in vain: a file of settings that was not there and
//! is there now would change everything. Where something cannot be asked again, there are no findings.

use std::io;
use std::path::{Path, PathBuf};

use gradus_corpus::checksum;
use serde::{Deserialize, Serialize};

use crate::notes::{DiskAnswer, Looked, Notes};
use crate::site::names_in;
use crate::source::{open_plain, walk};

/// What a load found.
#[derive(Debug, Serialize, Deserialize)]
pub struct Findings {
    contents: Vec<(PathBuf, u64)>,
    present: Vec<PathBuf>,
    answers: Vec<(PathBuf, DiskAnswer)>,
    /// Until when dates in the content mean what they meant, in seconds since 1970.
    until: Option<i64>,
}

impl Findings {
    /// What a load found that took `notes` and whose dates hold `until` then; `None` if something of it cannot be asked again, or a
    /// file was written since. O(bytes read).
    ///
    /// # Errors
    /// If a file can no longer be read.
    pub fn of(notes: &Notes, until: Option<i64>) -> io::Result<Option<Self>> {
        let Some(answers) = notes.answers() else { return Ok(None) };
        let mut findings =
            Self { contents: Vec::new(), present: Vec::new(), answers: answers.into_iter().collect(), until };
        for (path, looked) in notes.all() {
            match looked {
                Looked::Seen => findings.present.push(path),
                Looked::Read(stamp) => {
                    let Some(bytes) = stamp.read(&path)? else { return Ok(None) };
                    findings.contents.push((path, checksum(&bytes)));
                }
            }
        }
        Ok(Some(findings))
    }

    /// Until when dates in the content mean what they meant, in seconds since 1970; `None` where no time changes that.
    pub fn until(&self) -> Option<i64> {
        self.until
    }

    /// Whether a load at the moment `now`, in seconds since 1970, would find the same. O(bytes read).
    pub fn hold(&self, now: i64) -> bool {
        self.until.is_none_or(|until| now < until)
            && self.answers.iter().all(|(path, answer)| is_answered(path, *answer))
            && self.present.iter().all(|path| path.exists())
            && self.contents.iter().all(|(path, sum)| content(path).is_ok_and(|found| found == *sum))
    }
}

fn is_answered(path: &Path, answer: DiskAnswer) -> bool {
    match answer {
        DiskAnswer::Nothing => !path.exists(),
        DiskAnswer::NoFile => !path.is_file(),
        DiskAnswer::Names(sum) => names_in(path).1 == sum,
        DiskAnswer::Tree { follows_links, sum } => walk(path, follows_links).is_ok_and(|listing| listing.sum() == sum),
    }
}

fn content(path: &Path) -> io::Result<u64> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut open_plain(path)?, &mut bytes)?;
    Ok(checksum(&bytes))
}
