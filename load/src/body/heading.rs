//! Headings while they are read.

use crate::anchors::Anchors;

/// A heading that is open.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) level: u8,
    /// Where it begins in the text.
    pub(super) start: usize,
    /// The id that HTML gives it.
    pub(super) id: Option<String>,
    /// Whether it is written in HTML.
    pub(super) is_html: bool,
    /// As readers see it.
    pub(super) title: String,
    /// As the generator's anchors see it.
    slug: String,
}

impl Heading {
    pub(super) fn new(level: u8, start: usize, id: Option<String>, is_html: bool) -> Self {
        Self { level, start, id, is_html, title: String::new(), slug: String::new() }
    }

    pub(super) fn text(&mut self, text: &str, anchors: Anchors) {
        self.title.push_str(text);
        if anchors.is_smart() { without_dashes(text, &mut self.slug) } else { self.slug.push_str(text) }
    }

    pub(super) fn code(&mut self, code: &str) {
        self.title.push_str(code);
        self.slug.push_str(code);
    }

    /// What stands for an image.
    pub(super) fn alt(&mut self, alt: &str, anchors: Anchors) {
        if anchors.counts_alt_text() {
            self.slug.push_str(alt);
        }
    }

    pub(super) fn footnote(&mut self, number: usize, anchors: Anchors) {
        if anchors.counts_footnotes() {
            self.slug.push_str(&number.to_string());
        }
    }

    pub(super) fn line_break(&mut self, anchors: Anchors) {
        self.title.push(' ');
        match anchors.line_join() {
            Some(join) => self.slug.push_str(join),
            None => self.slug.clear(),
        }
    }

    /// The text that its anchor is made of.
    pub(super) fn slug(&self) -> &str {
        &self.slug
    }
}

/// Appends `text` without the hyphens that a typographer makes dashes of.
fn without_dashes(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find("--") {
        out.push_str(&rest[..at]);
        let run = rest[at..].bytes().take_while(|byte| *byte == b'-').count();
        // Three make an em dash, two an en dash; one that is left over stays.
        if run % 3 == 1 {
            out.push('-');
        }
        rest = &rest[at + run..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_of_the_typographer_are_no_hyphens() {
        let slug = |anchors, text: &str| {
            let mut heading = Heading::new(2, 0, None, false);
            heading.text(text, anchors);
            heading.slug().to_owned()
        };
        assert_eq!(slug(Anchors::Hugo, "a -- b --- c - d"), "a  b  c - d");
        assert_eq!(slug(Anchors::Github, "--verbose"), "--verbose");
    }
}
