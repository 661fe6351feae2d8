//! Leaves: content files as the rules of a generator see them.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::value::Value;

/// A content file and what it says of itself.
pub(crate) struct Leaf<'a> {
    /// Its path from the top of the ground.
    pub(crate) path: &'a str,
    pub(crate) fields: &'a [(String, Value)],
    pub(crate) body: &'a str,
    /// Whether front matter stands at its very start, be it empty.
    pub(crate) has_front_matter: bool,
}

impl Leaf<'_> {
    /// The value of the field `name`, in any casing.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        let exact = self.fields.iter().find(|(key, _)| key == name);
        let found = exact.or_else(|| self.fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)));
        found.map(|(_, value)| value)
    }

    /// The text of the field `name`.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::text)
    }

    /// Its first heading of level one, as plain text. O(text up to it).
    pub(super) fn heading(&self) -> Option<String> {
        self.heading_that(|level| level == HeadingLevel::H1)
    }

    /// Its first heading, as plain text. O(text up to it).
    pub(super) fn first_heading(&self) -> Option<String> {
        self.heading_that(|_| true)
    }

    pub(super) fn heading_that(&self, is_meant: impl Fn(HeadingLevel) -> bool) -> Option<String> {
        let mut heading: Option<String> = None;
        for event in Parser::new_ext(self.body, Options::ENABLE_WIKILINKS) {
            match (event, &mut heading) {
                (Event::Start(Tag::Heading { level, .. }), None) if is_meant(level) => heading = Some(String::new()),
                (Event::Text(text) | Event::Code(text), Some(heading)) => heading.push_str(&text),
                (Event::SoftBreak | Event::HardBreak, Some(heading)) => heading.push(' '),
                (Event::End(TagEnd::Heading(_)), Some(_)) => break,
                _ => {}
            }
        }
        heading.map(|heading| heading.trim().to_owned()).filter(|heading| !heading.is_empty())
    }

    /// The number of the field `name`.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.text(name)?.parse().ok().filter(|number: &f64| number.is_finite())
    }
}
