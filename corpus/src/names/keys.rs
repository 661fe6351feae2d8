//! Keys: the forms in which names, paths and URLs are looked up.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::normal::push_normal;

/// What Markdown files are called behind their stems.
const MARKDOWN: &[&str] = &["md", "mdx", "markdown", "mkd", "mkdn", "mdown", "mkdown", "qmd"];

/// A name in the form in which names are compared: its normal form, with hyphens, underscores and space as one space.
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut normal = String::new();
    push_normal(name, &mut normal);
    for char in normal.chars() {
        match fold_char(char) {
            Some(char) => folded.push(char),
            None if folded.is_empty() || folded.ends_with(' ') => {}
            None => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Whether two names are the same but for what [`fold`] leaves out.
pub fn same_name(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

/// A character of a normal form; `None` for what separates words.
pub(super) fn fold_char(char: char) -> Option<char> {
    (!(char.is_whitespace() || matches!(char, '-' | '_'))).then_some(char)
}

/// `[[Name|text]]` and `[[Name#Heading]]` as `Name`, everything else as it is.
pub fn unwrap_wikilink(reference: &str) -> &str {
    let inner = reference.strip_prefix('!').unwrap_or(reference);
    let Some(inner) = inner.strip_prefix("[[").and_then(|inner| inner.strip_suffix("]]")) else {
        return reference;
    };
    // In a table the bar is written `\|`.
    let name = inner.split('|').next().unwrap_or(inner).trim_end_matches('\\');
    match name.split_once('#') {
        Some((name, _)) if !name.trim().is_empty() => name.trim(),
        _ => name.trim(),
    }
}

/// The text and the name in `[[text|name]]`, as wikis have it that put the text first; each is the other where only one stands there.
pub fn text_and_name(written: &str) -> (&str, &str) {
    let inner = written.trim_start_matches("[[").trim_end_matches("]]");
    let (text, name) = inner.rsplit_once('|').unwrap_or((inner, inner));
    (text.trim(), name.trim())
}

/// Whether `path` has the extension of a Markdown file.
pub fn is_markdown(path: &str) -> bool {
    extension(path).is_some_and(|extension| MARKDOWN.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// What stands behind the last dot of the last segment of `path`, if it can be an extension.
pub fn extension(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, extension) = name.rsplit_once('.')?;
    let is_extension =
        (1..=10).contains(&extension.len()) && extension.chars().all(|char| char.is_ascii_alphanumeric());
    (is_extension && !stem.is_empty()).then_some(extension)
}

/// `text` with `%20` and the like as the characters that they stand for; what is no UTF-8 then stays as it is.
pub fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let byte = match (first, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The segments of `path` without empty ones and `.`, with `..` carried out; `None` where it leads out of the root.
pub fn segments(path: &str) -> Option<Vec<&str>> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            segment => segments.push(segment),
        }
    }
    Some(segments)
}

/// `path` without the extension of Markdown and without a last `index`: what both a file and its folder are called.
pub(super) fn bare_path(path: &str) -> &str {
    let stem = if is_markdown(path) { path.rsplit_once('.').map_or(path, |(stem, _)| stem) } else { path };
    match stem.rsplit_once('/') {
        Some((folder, last)) if is_index(last) => folder,
        None if is_index(stem) => "",
        _ => stem,
    }
}

/// Whether a file of this stem stands for its folder.
fn is_index(stem: &str) -> bool {
    ["index", "_index", "readme"].iter().any(|index| stem.eq_ignore_ascii_case(index))
}

/// The key of a file's `path`, as it is written: composed letters, segments resolved. `None` where it leads out of the root.
pub(super) fn path_key(path: &str) -> Option<String> {
    let mut key = "./".to_owned();
    key.extend(segments(path)?.join("/").nfc());
    Some(key)
}

/// The address of the place `anchor` on the page at `url`. Where the browser routes by what stands behind `#`, as docsify has
/// it, a query names the place.
pub fn place_url(url: &str, anchor: &str) -> String {
    let sign = if url.contains("/#/") { "?id=" } else { "#" };
    format!("{url}{sign}{anchor}")
}

/// The key of a URL: the path of it from the root of the host, decoded, without extension, last `index`, query, fragment
/// and slash at the end. `None` where it is none.
pub fn url_key(url: &str) -> Option<String> {
    let url = url.replacen("/#/", "/", 1);
    let url = url.split(['#', '?']).next().unwrap_or_default();
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => url,
    };
    let decoded = percent_decoded(path);
    let bare = bare_path(decoded.strip_suffix(".html").or_else(|| decoded.strip_suffix(".htm")).unwrap_or(&decoded));
    let mut key = "/".to_owned();
    key.extend(bare_path(&segments(bare)?.join("/")).nfc());
    Some(key)
}

/// A key of a path or URL in lower case: some file systems and sites take no notice of it, and authors link accordingly.
/// Accents count, since no site shows `/ä` at `/a`.
pub(super) fn loose(key: &str) -> String {
    key.to_lowercase()
}

/// A segment of a path without a number that only orders it: `01-intro` as `intro`.
pub fn without_number(segment: &str) -> &str {
    let rest = segment.trim_start_matches(|char: char| char.is_ascii_digit());
    let stripped = rest.strip_prefix(['-', '_', '.', ' ']).map(|rest| rest.trim_start_matches([' ', '-', '_', '.']));
    stripped.filter(|rest| rest.len() < segment.len() - 1 && rest.starts_with(char::is_alphabetic)).unwrap_or(segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unwrapped_and_folded() {
        for (written, name) in [
            ("[[A b|c]]", "A b"),
            ("[[A\\|c]]", "A"),
            ("![[A#H]]", "A"),
            ("[[#H]]", "#H"),
            ("[x](y)", "[x](y)"),
            ("!x", "!x"),
        ] {
            assert_eq!(unwrap_wikilink(written), name, "{written}");
        }
        for spelling in ["KV cache", " kv-cache ", "KV_Cache", "ＫＶ – cache", "Kv\u{a0}cache"] {
            assert_eq!(fold(spelling), "kv cache", "{spelling}");
        }
    }

    #[test]
    fn keys_of_paths_and_urls() {
        let path = |path| path_key(path).unwrap_or_else(|| "out".to_owned());
        assert_eq!(path("a/./b/../c.md"), "./a/c.md");
        assert_eq!(path("../c.md"), "out");
        assert_eq!(path("gru\u{308}n.md"), "./grün.md");
        let url = |url| url_key(url).unwrap_or_else(|| "out".to_owned());
        assert_eq!(url("https://x.org/a/b%20c/?q#f"), "/a/b c");
        assert_eq!(url("https://x.org"), "/");
        assert_eq!((url("https://x.org/d/#/a?id=b"), url("/#/")), ("/d/a".to_owned(), "/".to_owned()));
        assert_eq!((place_url("/a", "b"), place_url("/#/a", "b")), ("/a#b".to_owned(), "/#/a?id=b".to_owned()));
        for same in ["/a", "/a/", "/a.html", "/a/index.html", "/a/index", "a", "/a.md", "/a/README.md"] {
            assert_eq!(url(same), "/a", "{same}");
        }
    }

    #[test]
    fn percent_encoding_is_decoded_where_it_makes_text() {
        for (text, decoded) in
            [("a%20b", "a b"), ("gr%C3%BCn", "grün"), ("100%", "100%"), ("%zz", "%zz"), ("%FF", "%FF"), ("%", "%")]
        {
            assert_eq!(percent_decoded(text), decoded);
        }
    }

    #[test]
    fn extensions_and_numbers() {
        assert!(is_markdown("a.MDX") && !is_markdown("a.mdb") && !is_markdown("md") && !is_markdown(".md"));
        assert_eq!((extension("a.b/c"), extension("v1.2 beta"), extension("x.tar.gz")), (None, None, Some("gz")));
        let cases = ["01-intro", "02_setup", "1. a", "3d", "2024-01-02-x", "1.2", "10"];
        let stripped: Vec<&str> = cases.iter().map(|case| without_number(case)).collect();
        assert_eq!(stripped, ["intro", "setup", "a", "3d", "2024-01-02-x", "1.2", "10"]);
    }
}
