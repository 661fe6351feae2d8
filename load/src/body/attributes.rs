//! Attribute lists: `{#id .class key=value}`.

/// Bytes in which a list must end.
const MAX_BYTES: usize = 1_024;

/// An attribute list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AttributeList<'a> {
    pub(super) id: Option<&'a str>,
    /// Its length in bytes, braces included.
    pub(super) len: usize,
}

impl<'a> AttributeList<'a> {
    /// The attribute list at the start of `text`; `None` where the braces hold anything else. Bare words are attributes only
    /// behind a colon or another attribute, or as `data-…`: `{id}` is what paths and formulas are written with.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let bounded = &text[..text.floor_char_boundary(MAX_BYTES)];
        let line = &bounded[..memchr::memchr(b'\n', bounded.as_bytes()).unwrap_or(bounded.len())];
        let inner = line.strip_prefix('{')?;
        let end = inner.find('}')?;
        let len = end + 2;
        let inner = &inner[..end];
        let (is_marked, list) = inner.strip_prefix(':').map_or((false, inner), |list| (true, list));
        let mut id = None;
        let mut n_attributes = 0;
        let mut rest = list.trim();
        // `{::x}` and `{:/x}` are extensions of kramdown, `{: }` is a list of nothing.
        if is_marked && rest.starts_with([':', '/']) {
            return None;
        }
        if is_marked && rest.is_empty() {
            return Some(Self { id, len });
        }
        while !rest.is_empty() {
            let (token, behind) = token(rest);
            match token.as_bytes()[0] {
                b'#' if token.len() > 1 => id = Some(&token[1..]),
                b'.' if token.len() > 1 && !token[1..].starts_with(['.', ' ']) => {}
                _ if token.starts_with("id=") => {
                    id = Some(token[3..].trim_matches(['"', '\''])).filter(|id| !id.is_empty())
                }
                _ if is_marked
                    || n_attributes > 0 && is_name(token)
                    || token.strip_prefix("data-").is_some_and(is_name) => {}
                first if first.is_ascii_alphabetic() && is_pair(token) => {}
                _ => return None,
            }
            n_attributes += 1;
            rest = behind.trim_start();
        }
        (n_attributes > 0).then_some(Self { id, len })
    }
}

/// Whether a token is `key=value`.
fn is_pair(token: &str) -> bool {
    token.split_once('=').is_some_and(|(key, value)| !value.is_empty() && is_name(key))
}

/// Whether a token may name an attribute.
fn is_name(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(&byte))
}

/// The first token of `text` and what stands behind it. Spaces in quotes belong to it.
fn token(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, char) in text.char_indices() {
        match quote {
            Some(open) if char == open => quote = None,
            Some(_) => {}
            None if char == '"' || char == '\'' => quote = Some(char),
            None if char.is_whitespace() => return text.split_at(at),
            None => {}
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_attributes_are_attributes() {
        let ids = [("{#a}", "a"), ("{ #a .b }", "a"), ("{: #a b}", "a"), ("{#x-1 k=\"v w\"}", "x-1")];
        for (text, id) in ids {
            assert_eq!(AttributeList::read(text), Some(AttributeList { id: Some(id), len: text.len() }), "{text}");
        }
        for text in
            ["{.cls}", "{: .note }", "{width=3}", "{:.no_toc}", "{: }", "{ data-search-exclude }", "{ .grid markdown }"]
        {
            assert_eq!(AttributeList::read(text).map(|list| list.id), Some(None), "{text}");
        }
        for text in [
            "{id}",
            "{a, b}",
            "{}",
            "{HOME}",
            "{a=}",
            "{ }",
            "{#}",
            "{#a",
            "{...x}",
            "{1=2}",
            "{data-}",
            "{markdown .x}",
        ] {
            assert_eq!(AttributeList::read(text), None, "{text}");
        }
    }
}
