//! Compressed files as streams: read to their very end, checked, and bounded.
//!
//! A file may consist of several frames (Zstandard) or members (gzip), as tools that append write it; what lies behind the
//! last of them is no silence but an error, as is a checksum that does not fit.

use std::io::{self, BufRead, BufReader, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Times its size that a file may unpack to. Text shrinks to a tenth, and rows of JSON to a thirtieth; more is made to harm.
const MAX_GROWTH: u64 = 100;
/// Bytes that any file may unpack to: small ones may hold one line many times.
const FREE_BYTES: u64 = 4 << 20;

/// The text of a compressed file of `packed_bytes`, by its name; nothing where it is not compressed.
pub(crate) fn unpacked<'a>(name: &str, raw: Box<dyn Read + 'a>, packed_bytes: u64) -> Box<dyn BufRead + 'a> {
    let lower = name.to_ascii_lowercase();
    let raw = BufReader::with_capacity(1 << 18, raw);
    let inner: Box<dyn Read + 'a> = if lower.ends_with(".gz") {
        Box::new(flate2::bufread::MultiGzDecoder::new(raw))
    } else if lower.ends_with(".zst") {
        Box::new(Frames { source: raw, decoder: FrameDecoder::new(), is_open: false })
    } else {
        return Box::new(raw);
    };
    let left = packed_bytes.saturating_mul(MAX_GROWTH).max(FREE_BYTES);
    Box::new(BufReader::with_capacity(1 << 18, Bounded { inner, left }))
}

/// A stream that ends with an error in our words, where it is damaged or grows without bound.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => io::Error::other("its compressed data end too soon"),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                io::Error::other("its compressed data are damaged, or something else stands behind them")
            }
            _ => error,
        })?;
        let Some(left) = self.left.checked_sub(n as u64) else {
            return Err(io::Error::other(format!("it unpacks to more than {MAX_GROWTH} times its size")));
        };
        self.left = left;
        Ok(n)
    }
}

/// All frames of a Zstandard file, one after the other.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    /// Whether a frame has begun and has not been checked at its end.
    is_open: bool,
}

fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

impl<R: BufRead> Frames<R> {
    /// Begins the next frame that holds data. `false` at the end of the file.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let length = u64::from(length);
                    let skipped = io::copy(&mut (&mut self.source).take(length), &mut io::sink())?;
                    if skipped < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(_) => return Err(damaged()),
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.is_open {
                if !self.begin()? {
                    return Ok(0);
                }
                self.is_open = true;
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let step = self.decoder.decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1));
                if step.is_err() {
                    let is_over = self.source.fill_buf()?.is_empty();
                    return Err(if is_over { io::ErrorKind::UnexpectedEof.into() } else { damaged() });
                }
            }
            let n = self.decoder.read(buffer)?;
            if n > 0 || buffer.is_empty() {
                return Ok(n);
            }
            self.is_open = false;
            let told = self.decoder.get_checksum_from_data();
            if told.is_some() && told != self.decoder.get_calculated_checksum() {
                return Err(damaged());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    use std::io::Write;

    fn read(name: &str, bytes: &[u8]) -> (String, Option<String>) {
        let mut text = Vec::new();
        let error = unpacked(name, Box::new(bytes), bytes.len() as u64).read_to_end(&mut text).err();
        (String::from_utf8(text).unwrap(), error.map(|error| error.to_string()))
    }

    fn zstd(text: &str) -> Vec<u8> {
        compress_to_vec(text.as_bytes(), CompressionLevel::Fastest)
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(text.as_bytes()).unwrap();
        gzip.finish().unwrap()
    }

    #[test]
    fn every_frame_and_member_is_read() {
        let skippable = [&[0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
        assert_eq!(read("a.zst", &[zstd("one "), zstd("two")].concat()), ("one two".to_owned(), None));
        assert_eq!(read("a.zst", &[skippable.clone(), zstd("one"), skippable].concat()), ("one".to_owned(), None));
        assert_eq!(read("a.gz", &[gzip("one "), gzip("two")].concat()), ("one two".to_owned(), None));
        assert_eq!(read("a.zst", b""), (String::new(), None));
    }

    #[test]
    fn what_is_damaged_is_an_error_and_what_lies_before_is_kept() {
        let damaged = Some("its compressed data are damaged, or something else stands behind them".to_owned());
        let short = Some("its compressed data end too soon".to_owned());
        for (name, whole) in [("a.zst", zstd("one two three")), ("a.gz", gzip("one two three"))] {
            let kept = "one two three".to_owned();
            assert_eq!(
                read(name, &[&whole[..], b"some garbage behind it"].concat()),
                (kept, damaged.clone()),
                "{name}"
            );
            assert_eq!(read(name, &whole[..whole.len() - 1]).1, short, "{name}");
        }
        let mut wrong = gzip("one two three");
        let len = wrong.len();
        wrong[len - 6] ^= 0xFF;
        assert_eq!(read("a.gz", &wrong).1, damaged);
    }

    #[test]
    fn a_small_file_does_not_unpack_without_bound() {
        let bomb = gzip(&"x".repeat(64 << 20));
        let (text, error) = read("a.gz", &bomb);
        assert!(text.len() <= 8 << 20, "{}", text.len());
        assert_eq!(error.as_deref(), Some("it unpacks to more than 100 times its size"));
    }
}
