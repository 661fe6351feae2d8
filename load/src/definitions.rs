//! Link definitions: `[label]: url` counts for its whole document, and a section is read alone.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, Parser};
use rustc_hash::FxHashMap;

use gradus_corpus::markdown::options;

/// The definitions of a document, by label.
pub(crate) struct Definitions<'a> {
    text: &'a str,
    by_label: FxHashMap<String, Range<usize>>,
}

impl<'a> Definitions<'a> {
    /// The definitions in `text`.
    pub(crate) fn of(text: &'a str) -> Self {
        let parser = Parser::new_ext(text, options());
        let all = parser.reference_definitions().iter();
        let by_label = all.map(|(label, definition)| (label.to_lowercase(), definition.span.clone())).collect();
        Self { text, by_label }
    }

    /// `part` of the document with the definitions behind it that its links need from elsewhere. Those that stand at
    /// `hidden_from` or later are not taken: a reader of `part` may not read there.
    pub(crate) fn complete(&self, part: &str, hidden_from: usize) -> String {
        let mut needed: Vec<Range<usize>> = Vec::new();
        if !self.by_label.is_empty() {
            let note = |broken: BrokenLink<'_>| {
                let found = self.by_label.get(&broken.reference.to_lowercase());
                needed.extend(found.filter(|span| span.start < hidden_from).cloned());
                None
            };
            Parser::new_with_broken_link_callback(part, options(), Some(note)).for_each(drop);
        }
        needed.sort_unstable_by_key(|span| span.start);
        needed.dedup();
        let mut completed = part.to_owned();
        for span in needed {
            completed.push_str("\n\n");
            completed.push_str(self.text[span].trim_end());
            completed.push('\n');
        }
        completed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_gets_the_definitions_it_needs() {
        let text =
            "[one][a] and [b]\n\n# H\n\n[a]: https://example.org/a\n[B]: <https://example.org/b> \"B\"\n[c]: /c\n";
        let definitions = Definitions::of(text);
        let part = &text[..text.find('#').unwrap()];
        assert_eq!(
            definitions.complete(part, text.len()),
            "[one][a] and [b]\n\n\n\n[a]: https://example.org/a\n\n\n[B]: <https://example.org/b> \"B\"\n"
        );
        assert_eq!(definitions.complete(part, part.len()), part, "what is hidden stays where it is");
        assert_eq!(definitions.complete(text, text.len()), text, "what is there already is not said twice");
    }
}
