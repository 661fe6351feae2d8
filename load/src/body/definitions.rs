//! Link definitions: `[label]: url` counts for its whole document, and a section is read alone.

use std::ops::Range;

use pulldown_cmark::RefDefs;
use rustc_hash::FxHashMap;

use super::common_mark::CommonMark;
use crate::value::{Lines, narrow};

/// The definitions of a part of a document.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    by_label: FxHashMap<String, Definition>,
    /// Where they stand in the text, in order.
    spans: Vec<Range<usize>>,
}

/// A definition.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) span: Range<usize>,
    pub(super) url: String,
    pub(super) title: String,
    /// Where it stands in the file.
    pub(super) place: (u32, u32),
    /// Its length in characters.
    pub(super) len: u32,
}

impl Definitions {
    /// The definitions that the parser found in the part of `source` that begins at `start`.
    pub(super) fn of(found: &RefDefs<'_>, source: &CommonMark, start: usize, raw: &str, first_line: u32) -> Self {
        let mut all: Vec<_> = found.iter().collect();
        all.sort_unstable_by_key(|(_, definition)| definition.span.start);
        let mut lines = Lines::new(raw, first_line);
        let mut definitions = Self::default();
        for (label, definition) in all {
            let span = definition.span.start + start..definition.span.end + start;
            let place = lines.at(source.source(span.start));
            let len = narrow(source.text[span.clone()].trim_end().chars().count() as u64);
            let title = definition.title.as_deref().unwrap_or_default().to_owned();
            definitions.spans.push(span.clone());
            let definition = Definition { span, url: definition.dest.to_string(), title, place, len };
            definitions.by_label.insert(normalised(label), definition);
        }
        definitions
    }

    pub(super) fn get(&self, label: &str) -> Option<&Definition> {
        if self.by_label.is_empty() { None } else { self.by_label.get(&normalised(label)) }
    }

    /// The text at `range` without the definitions in it.
    pub(super) fn without(&self, text: &str, range: Range<usize>, out: &mut String) {
        let mut at = range.start;
        let first = self.spans.partition_point(|span| span.end <= range.start);
        for span in self.spans[first..].iter().take_while(|span| span.start < range.end) {
            out.push_str(&text[at..span.start.max(at)]);
            at = span.end.min(range.end);
        }
        out.push_str(&text[at..range.end]);
    }
}

/// A label as labels are compared.
fn normalised(label: &str) -> String {
    let words: Vec<String> = label.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}
