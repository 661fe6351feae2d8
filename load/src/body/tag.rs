//! Tags of HTML and JSX.

use std::borrow::Cow;

/// Bytes in which a tag must end. Longer ones are data rather than markup, and a search for the end of each tag that has none
/// must not cost the whole text each time.
const MAX_BYTES: usize = 4_096;

/// A tag.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// As written; empty for a fragment of JSX.
    pub(super) name: &'a str,
    pub(super) attributes: Vec<Attribute<'a>>,
    /// Whether it is `</name>`.
    pub(super) closes: bool,
    /// Whether it is `<name/>`.
    pub(super) is_empty: bool,
    /// Its length in bytes.
    pub(super) len: usize,
}

/// An attribute whose value is known: text, or an expression that is nothing but text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    /// As written.
    pub(super) name: &'a str,
    /// With its entities read.
    pub(super) value: Cow<'a, str>,
}

impl<'a> Tag<'a> {
    /// The tag at the start of `text`; `None` where none is.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        Self::read_within(text, MAX_BYTES)
    }

    /// The tag at the start of `text`, if it ends within `max` bytes.
    pub(super) fn read_within(text: &'a str, max: usize) -> Option<Self> {
        let bounded = &text[..text.floor_char_boundary(max)];
        let mut rest = bounded.strip_prefix('<')?;
        let mut tag = Tag::default();
        if let Some(behind) = rest.strip_prefix('/') {
            tag.closes = true;
            rest = behind;
        }
        let name_len = rest.find(|char: char| !is_name(char)).unwrap_or(rest.len());
        let is_tag = rest.starts_with(|first: char| first.is_ascii_alphabetic()) || rest.starts_with('>');
        if !is_tag {
            return None;
        }
        tag.name = &rest[..name_len];
        rest = &rest[name_len..];
        loop {
            rest = rest.trim_start();
            match rest.as_bytes().first()? {
                b'>' => {
                    tag.len = bounded.len() - rest.len() + 1;
                    return Some(tag);
                }
                b'/' => {
                    tag.is_empty = rest.starts_with("/>");
                    rest = &rest[1..];
                }
                b'{' => rest = &rest[braces_len_within(rest, max)?..],
                b'<' => return None,
                _ => rest = tag.attribute(rest, max)?,
            }
        }
    }

    /// Reads the attribute at the start of `text` and gives what stands behind it.
    fn attribute(&mut self, text: &'a str, max: usize) -> Option<&'a str> {
        let len =
            text.find(|char: char| char.is_whitespace() || matches!(char, '=' | '>' | '/' | '<')).unwrap_or(text.len());
        // A sign of equality that nothing stands before is part of a name, as in HTML.
        let len = len.max(text.chars().next()?.len_utf8());
        let (name, rest) = text.split_at(len);
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            self.attributes.push(Attribute { name, value: "".into() });
            return Some(rest);
        };
        let value = value.trim_start();
        let (value, rest) = match value.as_bytes().first()? {
            quote @ (b'"' | b'\'') => {
                let end = value[1..].find(char::from(*quote))? + 1;
                (Some(&value[1..end]), &value[end + 1..])
            }
            b'{' => {
                let len = braces_len_within(value, max)?;
                (literal(&value[1..len - 1]), &value[len..])
            }
            _ => {
                let end = value.find(|char: char| char.is_whitespace() || char == '>').unwrap_or(value.len());
                (Some(&value[..end]), &value[end..])
            }
        };
        if let Some(value) = value {
            self.attributes.push(Attribute { name, value: html_escape::decode_html_entities(value) });
        }
        Some(rest)
    }

    /// The value of the first attribute of one of these names, in their order, that has one.
    pub(super) fn value(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let named = self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name));
            named.map(|attribute| attribute.value.trim()).filter(|value| !value.is_empty())
        })
    }

    /// Whether it has an attribute of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }

    /// Whether it is a component rather than an element of HTML.
    pub(super) fn is_component(&self) -> bool {
        self.name.is_empty()
            || self.name.starts_with(|first: char| first.is_ascii_uppercase())
            || self.name.contains('.')
    }
}

fn is_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.' | ':')
}

/// Length of the braces at the start of `text`, what is in quotes left aside; `None` where they do not end.
pub(super) fn braces_len(text: &str) -> Option<usize> {
    braces_len_within(text, MAX_BYTES)
}

fn braces_len_within(text: &str, max: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    for (at, char) in text.char_indices().take_while(|(at, _)| *at < max) {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match (quote, char) {
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if char == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(char),
            (None, '{') => depth += 1,
            (None, '}') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            (None, _) => {}
        }
    }
    None
}

/// The text that an expression is, if it is nothing else, or the one that a call such as `useBaseUrl('/x')` is given.
pub(super) fn literal(expression: &str) -> Option<&str> {
    let expression = expression.trim();
    let call = expression.split_once('(').filter(|(name, _)| name.chars().all(|char| char.is_ascii_alphanumeric()));
    let inner = call.map_or(expression, |(_, inner)| inner.trim_end_matches(".default").trim_end_matches(')').trim());
    let quote = inner.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'))?;
    let text = inner[1..].strip_suffix(quote)?;
    let is_template = quote == '`' && text.contains("${");
    (!is_template && !text.contains(quote)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told = Tag::read(text).map_or("none".to_owned(), |tag| {
            let attributes: String =
                tag.attributes.iter().map(|attribute| format!(" {}={}", attribute.name, attribute.value)).collect();
            let kind = if tag.closes { "/" } else { "" };
            let empty = if tag.is_empty { " empty" } else { "" };
            format!("{kind}{}{attributes}{empty} {}", tag.name, tag.len)
        });
        assert_eq!(told, expected, "of {text}");
    }

    #[test]
    fn tags_of_html_and_jsx() {
        check("<a href='x' b>y", "a href=x b= 14");
        check("<br/>", "br empty 5");
        check("</Tabs >", "/Tabs 8");
        check("<>x", " 2");
        check("<T a={[\"x > y\"]} {...all} b=\"1 > 2\">z", "T b=1 > 2 36");
        check("<I src={require('./a.png').default} t={`x`} u={y} v={\"&lt;\"}/>", "I src=./a.png t=x v=< empty 62");
        check("<a href=a&amp;b title=\"&quot;\">", "a href=a&b title=\" 31");
        check("<T\n  a=\"ü\"\n>", "T a=ü 13");
        for text in ["< a>", "<1>", "a<b", "<a <b>", "<a \"", "<T a={ >", "<", "<!-- x -->", "<https://x.y>z"] {
            assert_eq!(Tag::read(text).filter(|tag| tag.name != "https:"), None, "{text}");
        }
    }
}
