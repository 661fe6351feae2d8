//! Headings while they are read.

use std::borrow::Cow;

use crate::anchors::Anchors;

/// A heading that is open.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) level: u8,
    /// Where it begins in the text.
    pub(super) start: usize,
    /// Line and column in the file.
    pub(super) place: (u32, u32),
    /// The id that HTML gives it.
    pub(super) id: Option<String>,
    /// Whether it is written in HTML.
    pub(super) is_html: bool,
    /// As readers see it.
    pub(super) title: String,
    /// As the generator's anchors see it.
    slug: String,
    /// As the further ids of MyST see it.
    pub(super) alias: String,
    /// Whether it has several lines.
    pub(super) is_long: bool,
    /// Whether hyphens in it stay as they are, whatever the typographer makes of them elsewhere.
    pub(super) keeps_dashes: bool,
}

impl Heading {
    pub(super) fn new(level: u8, start: usize, id: Option<String>, is_html: bool) -> Self {
        let (title, slug, alias) = (String::new(), String::new(), String::new());
        Self { level, start, place: (0, 0), id, is_html, title, slug, alias, is_long: false, keeps_dashes: false }
    }

    pub(super) fn text(&mut self, text: &str, anchors: Anchors) {
        self.title.push_str(text);
        if anchors.is_smart() && !self.keeps_dashes {
            without_dashes(text, anchors.has_long_dashes(), &mut self.slug);
        } else {
            self.slug.push_str(text);
        }
    }

    pub(super) fn code(&mut self, code: &str) {
        self.title.push_str(code);
        self.slug.push_str(code);
        self.alias.push_str(code);
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
        self.is_long = true;
        match anchors.line_join() {
            Some(join) => self.slug.push_str(join),
            None => self.slug.clear(),
        }
    }

    /// The text that its anchor is made of.
    pub(super) fn slug(&self, anchors: Anchors) -> Cow<'_, str> {
        if !anchors.is_python() {
            return Cow::Borrowed(&self.slug);
        }
        // Python-Markdown joins runs of spaces and tabs before anything else is read.
        let words: Vec<&str> = self.slug.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        Cow::Owned(without_emoji_names(&words.join(" ")).into_owned())
    }

    /// Whether it is an address written out and nothing else.
    pub(super) fn is_address(&self) -> bool {
        let title = self.title.trim();
        (title.starts_with("https://") || title.starts_with("http://")) && !title.contains(char::is_whitespace)
    }
}

/// Appends `text` without the hyphens that a typographer makes dashes of.
fn without_dashes(text: &str, has_long: bool, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find("--") {
        out.push_str(&rest[..at]);
        let run = rest[at..].bytes().take_while(|byte| *byte == b'-').count();
        // Three make an em dash, two an en dash; one that is left over stays. Where three make none, they stay.
        let n_kept = if has_long {
            usize::from(run % 3 == 1)
        } else if run == 2 {
            0
        } else {
            run
        };
        out.extend(std::iter::repeat_n('-', n_kept));
        rest = &rest[at + run..];
    }
    out.push_str(rest);
}

/// `text` without names between colons, such as `:bread:`.
fn without_emoji_names(text: &str) -> Cow<'_, str> {
    if !text.contains(':') {
        return Cow::Borrowed(text);
    }
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
    };
    let mut kept = String::with_capacity(text.len());
    let mut parts = text.split(':').peekable();
    kept.push_str(parts.next().unwrap_or_default());
    while let Some(part) = parts.next() {
        match parts.peek() {
            Some(behind) if is_name(part) => {
                kept.push_str(behind);
                parts.next();
            }
            _ => kept.extend([":", part]),
        }
    }
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_of_the_typographer_are_no_hyphens() {
        let slug = |anchors, text: &str| {
            let mut heading = Heading::new(2, 0, None, false);
            heading.text(text, anchors);
            heading.slug(anchors).into_owned()
        };
        assert_eq!(slug(Anchors::Hugo, "a -- b --- c - d"), "a  b  c - d");
        assert_eq!(slug(Anchors::Astro, "a -- b --- c"), "a  b --- c");
        assert_eq!(slug(Anchors::Github, "--verbose"), "--verbose");
        assert_eq!(slug(Anchors::Mkdocs, "a :bread: b: c"), "a  b: c");
    }
}
