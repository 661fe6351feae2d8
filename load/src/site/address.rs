//! Parts of addresses that several generators make alike.

use std::fmt::Write as _;

/// Percent-encodes a path as browsers do: what a path may hold stays as it is.
pub(crate) fn encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:@/".contains(&byte) {
            encoded.push(char::from(byte));
        } else if byte == b'%' {
            encoded.push_str("%25");
        } else {
            // Writing to a string cannot fail.
            write!(encoded, "%{byte:02X}").unwrap_or_default();
        }
    }
    encoded
}

/// `path` with the percent-encoded bytes of it as what they stand for; unchanged where they are no UTF-8.
pub(crate) fn decode(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex =
            |at: usize| tail.get(at).and_then(|byte| char::from(*byte).to_digit(16)).and_then(|n| u8::try_from(n).ok());
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(high << 4 | low);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

/// Whether pages of a site can stand below `url`.
pub fn is_site_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let has_host = |rest: &str| rest.starts_with(|char: char| char.is_alphanumeric() || char == '[');
    rest.is_some_and(has_host) && !url.contains(char::is_whitespace)
}

/// The path of an absolute URL or of a base path, with a slash at both ends.
pub(crate) fn base_path(url: &str) -> String {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => url,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    if path.is_empty() { "/".to_owned() } else { format!("/{path}/") }
}

/// The segments of `parts`, joined by one slash each; no slash at the ends.
pub(crate) fn path_of(parts: &[&str]) -> String {
    let segments = parts.iter().flat_map(|part| part.split('/')).filter(|segment| !segment.is_empty());
    segments.collect::<Vec<_>>().join("/")
}

/// A path without the extension of its file name.
pub(crate) fn without_extension(path: &str) -> &str {
    let name_at = path.rfind('/').map_or(0, |at| at + 1);
    match path[name_at..].rfind('.') {
        Some(dot) if dot > 0 => &path[..name_at + dot],
        _ => path,
    }
}

/// The extension of a path, in lower case.
pub(crate) fn extension(path: &str) -> String {
    let stem = without_extension(path);
    path[stem.len()..].trim_start_matches('.').to_lowercase()
}

/// `text` with its first letter in upper case.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A date at the start of `text`: year, month and day, divided by `-` or `/`, and what stands behind it.
pub(crate) fn leading_date(text: &str) -> Option<([&str; 3], &str)> {
    let divider = |at: usize| text.as_bytes().get(at).copied().filter(|byte| matches!(byte, b'-' | b'/'));
    let year = text.get(..4).filter(|year| is_number(year))?;
    divider(4)?;
    let number = |from: usize| {
        let len = text[from..].bytes().take(2).take_while(u8::is_ascii_digit).count();
        (len > 0).then(|| (&text[from..from + len], from + len))
    };
    let (month, end) = number(5)?;
    divider(end)?;
    let (day, end) = number(end + 1)?;
    let is_day = (1..=12).contains(&month.parse().unwrap_or(0)) && (1..=31).contains(&day.parse().unwrap_or(0));
    (is_day && !text[end..].starts_with(|char: char| char.is_ascii_digit())).then(|| ([year, month, day], &text[end..]))
}

/// A segment as github-slugger makes it: lower case, hyphens for spaces, signs dropped.
pub(crate) fn slug(segment: &str) -> String {
    let lower = segment.to_lowercase();
    let kept = lower.chars().filter(|char| char.is_alphanumeric() || matches!(char, '_' | '-' | ' '));
    kept.map(|char| if char == ' ' { '-' } else { char }).collect()
}

/// Whether `text` is digits and nothing else.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encoded_once() {
        assert_eq!(encode("/my dir/ü ö&é?.html"), "/my%20dir/%C3%BC%20%C3%B6&%C3%A9%3F.html");
        assert_eq!(decode("/my%20dir/%C3%BC%zz"), "/my dir/ü%zz");
        assert_eq!(decode("%FF"), "%FF", "what is no UTF-8 stays");
    }

    #[test]
    fn a_base_is_a_path_with_a_slash_at_both_ends() {
        let of = ["https://a.b/c/d", "https://a.b", "/base", "", "https://a.b/"].map(base_path);
        assert_eq!(of, ["/c/d/", "/", "/base/", "/", "/"]);
    }

    #[test]
    fn dates_are_read_off_names() {
        assert_eq!(leading_date("2024-3-05-rye"), Some((["2024", "3", "05"], "-rye")));
        assert_eq!(leading_date("2023/11/30/x"), Some((["2023", "11", "30"], "/x")));
        assert_eq!(
            (leading_date("2024-13-01"), leading_date("2024-01-011"), leading_date("1-2-3")),
            (None, None, None)
        );
    }

    #[test]
    fn extensions_are_those_of_the_name() {
        assert_eq!((without_extension("a.b/c.d.md"), extension("a.b/c.d.MD")), ("a.b/c.d", "md".to_owned()));
        assert_eq!((without_extension("a.b/c"), without_extension(".hidden")), ("a.b/c", ".hidden"));
    }
}
