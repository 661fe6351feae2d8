//! Sections while they are read: where their texts end, and what they become.

use std::ops::Range;

use super::forget_lost;
use super::pass::{Pass, SectionDraft, TextDraft};
use gradus_corpus::{Section, Text};

impl Pass<'_> {
    pub(super) fn end_text(&mut self, end: usize) {
        let range = self.from..end.max(self.from);
        self.from = range.end;
        if !range.is_empty() {
            self.text().ranges.push(range);
        }
    }

    /// Ends the section that is open. A lead without any text is none.
    pub(super) fn end_section(&mut self) {
        let open = self.finish_html();
        let SectionDraft { title, anchor, level, text, locked } = std::mem::take(&mut self.section);
        let is_locked = self.holds_text(&locked);
        let is_lead = level == 0 && title.is_empty();
        let idx = self.body.sections.len();
        let has_links = self.body.links.last().is_some_and(|link| link.section_idx == idx);
        self.text().html.resume(open);
        if is_lead && !is_locked && !has_links && !self.holds_text(&text) {
            return;
        }
        self.body.n_words += title.split_whitespace().count();
        let text = self.finished(text);
        let locked = if is_locked { Some(self.finished(locked)) } else { None };
        self.body.sections.push(Section::new(&title, &anchor, level, text, locked));
    }

    /// Closes what is open in the text that is read; what goes on in the next one.
    pub(super) fn finish_html(&mut self) -> Vec<&'static str> {
        let open = self.text().html.finish();
        let len = self.text().html.text.len();
        forget_lost(&mut self.body.links, self.body.sections.len(), self.is_locked, len);
        open
    }

    fn holds_text(&self, draft: &TextDraft) -> bool {
        draft.ranges.iter().any(|range| !self.source.text[range.clone()].trim().is_empty())
    }

    fn finished(&mut self, draft: TextDraft) -> Text {
        let TextDraft { ranges, html, mut plain, labels } = draft;
        plain.trim();
        self.body.n_words += plain.text.split_whitespace().count() + plain.code.split_whitespace().count();
        let mut markdown = String::with_capacity(ranges.iter().map(Range::len).sum());
        for range in ranges {
            self.definitions[0].without(&self.source.text, range, &mut markdown);
        }
        for label in labels {
            if let Some(definition) = self.definition(&label) {
                markdown.truncate(markdown.trim_end().len());
                markdown.push_str("\n\n");
                markdown.push_str(self.source.text[definition.span.clone()].trim_end());
                markdown.push('\n');
            }
        }
        self.body.places.push(plain.places);
        Text { markdown, plain: plain.text, code: plain.code, html: html.text, ..Text::default() }
    }
}
