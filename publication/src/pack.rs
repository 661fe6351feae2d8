//! Packs: documents put together for transport.

use std::io::Read;

use serde::{Deserialize, Serialize};

use crate::cut::MAX_PIECE_BYTES;
use crate::digest::ContentHash;
use crate::error::{PublicationError, Result};
use crate::store::{BlobKind, BlobName};

/// Largest pack as it is stored, in bytes: etcd takes requests of 1.5 MiB.
pub(crate) const MAX_PACK_BYTES: usize = 1 << 20;
/// Bytes of documents after which a pack is closed: text becomes a third and less.
const FULL_BYTES: usize = 2 << 20;
/// Bytes that a pack may unpack to: no writer makes larger ones, and more is made to harm.
const MAX_UNPACKED_BYTES: u64 = (FULL_BYTES + MAX_PIECE_BYTES) as u64;
/// How hard is compressed: the default, beyond which a tenth less costs three times as long.
const LEVEL: i32 = 3;

/// A pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackEntry {
    /// Its name.
    pub hash: ContentHash,
    /// Bytes that it takes in a store.
    pub stored_bytes: u64,
    /// Bytes of the documents in it.
    pub bytes: u64,
}

/// A pack that is to be stored.
pub(crate) struct NewPack {
    /// How a manifest names it.
    pub(crate) entry: PackEntry,
    /// As it is stored.
    pub(crate) bytes: Vec<u8>,
    /// The pieces in it, and where each begins.
    pub(crate) pieces: Vec<(ContentHash, u64)>,
}

/// Puts pieces into packs.
#[derive(Default)]
pub(crate) struct Packer {
    pieces: Vec<(ContentHash, Vec<u8>)>,
    n_bytes: usize,
    done: Vec<NewPack>,
}

impl Packer {
    /// Takes a piece.
    pub(crate) fn add(&mut self, hash: ContentHash, bytes: &[u8]) -> Result<()> {
        self.n_bytes += bytes.len();
        self.pieces.push((hash, bytes.to_vec()));
        if self.n_bytes >= FULL_BYTES {
            self.close()?;
        }
        Ok(())
    }

    /// All packs.
    pub(crate) fn finish(mut self) -> Result<Vec<NewPack>> {
        self.close()?;
        Ok(self.done)
    }

    fn close(&mut self) -> Result<()> {
        self.n_bytes = 0;
        let pieces = std::mem::take(&mut self.pieces);
        seal(&pieces, &mut self.done)
    }
}

/// Makes one pack of `pieces`, or several where one would be too large.
fn seal(pieces: &[(ContentHash, Vec<u8>)], done: &mut Vec<NewPack>) -> Result<()> {
    if pieces.is_empty() {
        return Ok(());
    }
    let mut at = 0;
    let places: Vec<(ContentHash, u64)> = pieces
        .iter()
        .map(|(hash, bytes)| {
            let place = (*hash, at);
            at += bytes.len() as u64;
            place
        })
        .collect();
    let plain: Vec<u8> = pieces.iter().flat_map(|(_, bytes)| bytes).copied().collect();
    let bytes = packed(&plain)?;
    if bytes.len() > MAX_PACK_BYTES && pieces.len() > 1 {
        let (first, rest) = pieces.split_at(pieces.len() / 2);
        seal(first, done)?;
        return seal(rest, done);
    }
    let entry = PackEntry { hash: ContentHash::of(&bytes), stored_bytes: bytes.len() as u64, bytes: at };
    done.push(NewPack { entry, bytes, pieces: places });
    Ok(())
}

/// `plain` as it is stored.
pub(crate) fn packed(plain: &[u8]) -> Result<Vec<u8>> {
    let failed = |why: std::io::Error| PublicationError::Damaged { what: "a pack".to_owned(), why: why.to_string() };
    zstd::bulk::compress(plain, LEVEL).map_err(failed)
}

/// What the pack of `entry` holds, of which `bytes` were checked against its name.
///
/// # Errors
/// If it is no pack, or larger than its entry says.
pub(crate) fn unpacked(entry: &PackEntry, bytes: &[u8]) -> Result<Vec<u8>> {
    let name = BlobName { kind: BlobKind::Pack, hash: entry.hash };
    let damaged = |why: String| PublicationError::Damaged { what: name.to_string(), why };
    if entry.bytes > MAX_UNPACKED_BYTES {
        return Err(damaged(format!("it would unpack to {} bytes", entry.bytes)));
    }
    let plain = unpacked_within(bytes, entry.bytes).map_err(|error| damaged(error.to_string()))?;
    let is_whole = plain.len() as u64 == entry.bytes;
    if is_whole { Ok(plain) } else { Err(damaged(format!("{} bytes are in it", plain.len()))) }
}

/// What `bytes` unpack to, which is `max` bytes at most.
pub(crate) fn unpacked_within(bytes: &[u8], max: u64) -> std::io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    zstd::stream::read::Decoder::new(bytes)?.take(max + 1).read_to_end(&mut plain)?;
    if plain.len() as u64 > max {
        return Err(std::io::Error::other(format!("it unpacks to more than {max} bytes")));
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that no compressor makes smaller: a chain of hashes.
    fn noise(len: usize, seed: u8) -> Vec<u8> {
        let mut out = vec![seed];
        while out.len() < len {
            out.extend(
                ContentHash::of(&out[out.len().saturating_sub(64)..]).to_string().bytes().map(|byte| byte ^ seed),
            );
        }
        out.truncate(len);
        out
    }

    #[test]
    fn pieces_come_back_from_packs_that_etcd_takes() {
        let mut packer = Packer::default();
        let pieces: Vec<Vec<u8>> = (0..20).map(|seed| noise(MAX_PIECE_BYTES, seed)).collect();
        for piece in &pieces {
            packer.add(ContentHash::of(piece), piece).unwrap();
        }
        let packs = packer.finish().unwrap();
        assert!(packs.len() > 1 && packs.iter().all(|pack| pack.bytes.len() <= MAX_PACK_BYTES));
        let mut found = 0;
        for pack in &packs {
            let plain = unpacked(&pack.entry, &pack.bytes).unwrap();
            for (hash, at) in &pack.pieces {
                let at = usize::try_from(*at).unwrap();
                assert_eq!(ContentHash::of(&plain[at..at + MAX_PIECE_BYTES]), *hash);
                found += 1;
            }
        }
        assert_eq!(found, pieces.len());
    }

    #[test]
    fn what_unpacks_to_more_than_it_says_is_refused() {
        let bytes = packed(&vec![0; 1 << 20]).unwrap();
        let entry = PackEntry { hash: ContentHash::of(&bytes), stored_bytes: bytes.len() as u64, bytes: 10 };
        let error = unpacked(&entry, &bytes).unwrap_err().to_string();
        assert!(error.contains("is damaged: it unpacks to more than 10 bytes"), "{error}");
        let huge = PackEntry { bytes: u64::MAX, ..entry };
        assert!(unpacked(&huge, &bytes).is_err());
    }
}
