//! The container: parts one behind the other, with their lengths and checksums before them.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `\x89gradus\n`: no text, and a copy that changes ends of lines is noticed |
//! | 4 | the number of the form, little endian like all numbers here |
//! | 4 | how many parts there are |
//! | 16 a part | length, then XXH3 of 64 bits |
//! | 8 | XXH3 of all that stands before it |
//! | | the parts, and nothing behind them |

use gradus_corpus::checksum;

use super::error::Damage;

/// How a snapshot begins.
pub(super) const MAGIC: &[u8; 8] = b"\x89gradus\n";
/// The number of the form: raised whenever anything that is written changes, so that nobody reads it as what it is not. A test
/// that pins the bytes of a small snapshot tells when.
pub(super) const FORM: u32 = 5;
/// More parts than any form has: a damaged number is not believed.
const MAX_PARTS: u32 = 64;
const FIXED_BYTES: usize = MAGIC.len() + 8;

/// A part of a file that has not been looked at.
pub(super) struct FilePart<'a> {
    bytes: &'a [u8],
    checksum: u64,
}

impl<'a> FilePart<'a> {
    /// Its bytes, if they are those that were written. Some gigabytes a second.
    pub(super) fn checked(&self) -> Result<&'a [u8], Damage> {
        if checksum(self.bytes) == self.checksum {
            Ok(self.bytes)
        } else {
            Err(Damage::Corrupt("a checksum does not fit".to_owned()))
        }
    }
}

/// What stands before `parts`, and its checksum, which names all of them.
pub(super) fn head(parts: &[Vec<u8>]) -> (Vec<u8>, u64) {
    let mut head = MAGIC.to_vec();
    head.extend(FORM.to_le_bytes());
    head.extend(u32::try_from(parts.len()).unwrap_or(u32::MAX).to_le_bytes());
    for part in parts {
        head.extend((part.len() as u64).to_le_bytes());
        head.extend(checksum(part).to_le_bytes());
    }
    let sum = checksum(&head);
    head.extend(sum.to_le_bytes());
    (head, sum)
}

/// The parts of `file`, with nothing read but what stands before them.
pub(super) fn parts(file: &[u8]) -> Result<Vec<FilePart<'_>>, Damage> {
    let beginning = &file[..file.len().min(MAGIC.len())];
    if !MAGIC.starts_with(beginning) || beginning.is_empty() {
        return Err(Damage::Foreign);
    }
    let found = number::<4>(file, MAGIC.len()).map(u32::from_le_bytes).ok_or(Damage::CutShort)?;
    match found.cmp(&FORM) {
        std::cmp::Ordering::Greater => return Err(Damage::Newer { found, ours: FORM }),
        std::cmp::Ordering::Less => return Err(Damage::Older { found, ours: FORM }),
        std::cmp::Ordering::Equal => {}
    }
    let n_parts = number::<4>(file, MAGIC.len() + 4).map(u32::from_le_bytes).ok_or(Damage::CutShort)?;
    if n_parts > MAX_PARTS {
        return Err(Damage::Corrupt("it says that it has more parts than any".to_owned()));
    }
    let head_end = FIXED_BYTES + 16 * n_parts as usize;
    let sum = number::<8>(file, head_end).map(u64::from_le_bytes).ok_or(Damage::CutShort)?;
    if checksum(&file[..head_end]) != sum {
        return Err(Damage::Corrupt("the checksum of its beginning does not fit".to_owned()));
    }
    let mut rest = &file[head_end + 8..];
    let mut parts = Vec::new();
    for at in (FIXED_BYTES..head_end).step_by(16) {
        let (len, checksum) = (number(file, at).map(u64::from_le_bytes), number(file, at + 8).map(u64::from_le_bytes));
        let (Some(len), Some(checksum)) = (len.and_then(|len| usize::try_from(len).ok()), checksum) else {
            return Err(Damage::CutShort);
        };
        let (bytes, behind) = rest.split_at_checked(len).ok_or(Damage::CutShort)?;
        parts.push(FilePart { bytes, checksum });
        rest = behind;
    }
    if rest.is_empty() { Ok(parts) } else { Err(Damage::Corrupt("something stands behind its end".to_owned())) }
}

/// `N` bytes at `at`.
fn number<const N: usize>(file: &[u8], at: usize) -> Option<[u8; N]> {
    file.get(at..at + N)?.try_into().ok()
}
