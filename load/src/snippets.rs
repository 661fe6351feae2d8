//! The offending lines: looked up after the load, so that no text is kept for the sake of problems that may not come.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};

use crate::source::{BYTE_ORDER_MARK, Input, MAX_BYTES};
use gradus_corpus::Diagnostic;

/// Characters of a line that are quoted.
const QUOTED_CHARS: usize = 400;

/// The text of the file at `path`, relative to `input`, as it lies there; `None` where it cannot be read or is no text.
pub fn source_text(input: &Input, path: &str) -> Option<String> {
    String::from_utf8(input.read(path).ok()??).ok()
}

/// Gives every diagnostic of the files of `input` that has none its line. Files are read once each; one that has become
/// unreadable leaves its lines out.
pub fn quote(input: &Input, diagnostics: &mut [Diagnostic]) {
    let mut by_file: BTreeMap<Box<str>, Vec<usize>> = BTreeMap::new();
    let is_unquoted = |one: &Diagnostic| one.position.line > 0 && one.line_text.is_none();
    for (idx, diagnostic) in diagnostics.iter().enumerate().filter(|(_, diagnostic)| is_unquoted(diagnostic)) {
        by_file.entry(diagnostic.file.clone()).or_default().push(idx);
    }
    for (file, mut wanted) in by_file {
        wanted.sort_by_key(|idx| diagnostics[*idx].position.line);
        let Ok(mut lines) = input.open(&file) else { continue };
        let mut line = Vec::new();
        let mut quoted: Box<str> = "".into();
        let mut n = 0;
        for idx in wanted {
            let is_new = n < diagnostics[idx].position.line;
            while n < diagnostics[idx].position.line {
                line.clear();
                match (&mut lines).take(MAX_BYTES).read_until(b'\n', &mut line) {
                    Ok(read) if read > 0 => n += 1,
                    _ => break,
                }
            }
            if is_new {
                // Once a line and not once a problem: a line may be long and hold many.
                let text = String::from_utf8_lossy(&line);
                let text = text.trim_end().trim_start_matches(BYTE_ORDER_MARK);
                quoted = text.chars().take(QUOTED_CHARS).collect();
            }
            if n == diagnostics[idx].position.line {
                diagnostics[idx].line_text = Some(quoted.clone());
            }
        }
    }
}
