//! Cutting large files where their content says so, so that a changed row moves its surroundings and not the whole file.

use std::ops::Range;

/// Largest piece, in bytes. Most documents are smaller and stay whole.
pub(crate) const MAX_PIECE_BYTES: usize = 256 << 10;
/// Smallest piece of a file that is cut, in bytes: each is named in the manifest.
const MIN_PIECE_BYTES: usize = 16 << 10;
/// One line in so many ends a piece: with rows of some hundred bytes, every fifty kilobytes.
const LINES_A_CUT: u64 = 256;

/// The pieces that `bytes` are kept in: one, unless they are large. Behind which lines a file is cut depends on these lines alone,
/// so that equal stretches of two files give equal pieces. O(bytes).
pub(crate) fn pieces(bytes: &[u8]) -> Vec<Range<usize>> {
    if bytes.len() <= MAX_PIECE_BYTES {
        return if bytes.is_empty() { Vec::new() } else { std::iter::once(0..bytes.len()).collect() };
    }
    let mut cut = Vec::new();
    let (mut from, mut to) = (0, 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if to - from + line.len() > MAX_PIECE_BYTES && to > from {
            cut.push(from..to);
            from = to;
        }
        to += line.len();
        while to - from > MAX_PIECE_BYTES {
            cut.push(from..from + MAX_PIECE_BYTES);
            from += MAX_PIECE_BYTES;
        }
        if to - from >= MIN_PIECE_BYTES && fnv(line).is_multiple_of(LINES_A_CUT) {
            cut.push(from..to);
            from = to;
        }
    }
    if from < to {
        cut.push(from..to);
    }
    cut
}

/// FNV-1a (Fowler, Noll and Vo): it has only to spread, and is the same everywhere.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn rows(n: usize) -> Vec<String> {
        (0..n).map(|n| format!("{{\"id\":\"row-{n}\",\"body\":\"{}\"}}\n", "text of it ".repeat(20))).collect()
    }

    #[test]
    fn pieces_cover_a_file_and_are_bounded() {
        let long_line = "x".repeat(3 * MAX_PIECE_BYTES + 5);
        for text in [String::new(), "a".to_owned(), long_line, rows(5_000).concat()] {
            let cut = pieces(text.as_bytes());
            let joined: Vec<u8> = cut.iter().flat_map(|piece| &text.as_bytes()[piece.clone()]).copied().collect();
            assert_eq!(joined, text.as_bytes());
            assert!(cut.iter().all(|piece| !piece.is_empty() && piece.len() <= MAX_PIECE_BYTES));
        }
    }

    #[test]
    fn a_changed_row_moves_few_pieces() {
        let mut rows = rows(10_000);
        let all = |rows: &[String]| {
            let text = rows.concat();
            pieces(text.as_bytes()).into_iter().map(|piece| text[piece].to_owned()).collect::<BTreeSet<_>>()
        };
        let before = all(&rows);
        rows[5_000] = "{\"id\":\"another\"}\n".to_owned();
        rows.insert(2_000, "{\"id\":\"new\"}\n".to_owned());
        let after = all(&rows);
        let n_new = after.difference(&before).count();
        assert!(before.len() > 20 && n_new <= 4, "{n_new} of {} pieces are new", after.len());
    }
}
