//! HTML that is safe by construction.
//!
//! Nothing of an author's HTML is copied. What is written is a tag of a fixed list with attributes of a fixed list, every value
//! escaped and every address looked at, or text, escaped; each element is closed in the text that opened it. So whatever an
//! author writes, no script, style or handler can come of it, and no text can change what stands behind it.

use std::borrow::Cow;
use std::ops::Range;

/// Elements of HTML that authors may write, with what each may carry beside what all may.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("abbr", &[]),
    ("article", &[]),
    ("aside", &[]),
    ("b", &[]),
    ("bdi", &[]),
    ("bdo", &[]),
    ("blockquote", &[]),
    ("br", &[]),
    ("caption", &[]),
    ("center", &[]),
    ("cite", &[]),
    ("code", &[]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("data", &[]),
    ("dd", &[]),
    ("del", &[]),
    ("details", &["open"]),
    ("dfn", &[]),
    ("div", &[]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("footer", &[]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("header", &[]),
    ("hr", &[]),
    ("i", &[]),
    ("img", &["src", "alt", "width", "height"]),
    ("ins", &[]),
    ("kbd", &[]),
    ("li", &["value"]),
    ("main", &[]),
    ("mark", &[]),
    ("nav", &[]),
    ("ol", &["start", "reversed"]),
    ("p", &[]),
    ("picture", &[]),
    ("pre", &[]),
    ("q", &[]),
    ("rp", &[]),
    ("rt", &[]),
    ("ruby", &[]),
    ("s", &[]),
    ("samp", &[]),
    ("section", &[]),
    ("small", &[]),
    ("span", &[]),
    ("strike", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", CELL),
    ("tfoot", &[]),
    ("th", CELL),
    ("thead", &[]),
    ("time", &[]),
    ("tr", &[]),
    ("tt", &[]),
    ("u", &[]),
    ("ul", &[]),
    ("var", &[]),
    ("wbr", &[]),
];
const CELL: &[&str] = &["colspan", "rowspan", "align"];
/// What every element may carry.
const EVERYWHERE: &[&str] = &["title", "lang", "dir", "id"];
/// Elements that have no inside.
const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];
/// Elements that stand in lines of text.
const PHRASING: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark", "q",
    "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr",
];
/// Schemes that lead somewhere and run nothing.
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];
/// Those of them that pages and sources have.
const WEB_SCHEMES: &[&str] = &["http", "https", "mailto"];

/// Elements that may be open in each other; those beyond are not written. Browsers stop at 512 too.
const MAX_DEPTH: usize = 256;

/// The name of an element that may be written, as HTML spells it.
pub(super) fn element(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let found = ELEMENTS.binary_search_by(|(known, _)| (*known).cmp(lower.as_str()));
    found.ok().map(|idx| ELEMENTS[idx].0)
}

/// Whether a link can lead to `id`, as HTML has it.
pub(super) fn is_id(id: &str) -> bool {
    !id.is_empty() && !id.contains(char::is_whitespace)
}

/// Whether an element has no inside.
pub(super) fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// Whether an element stands in lines of text, rather than on lines of its own.
pub(super) fn is_phrasing(name: &str) -> bool {
    PHRASING.contains(&name)
}

/// An address that runs nothing: `#` in place of any other.
pub(super) fn safe_url(url: &str) -> Cow<'_, str> {
    let is_safe = scheme(url).is_none_or(|scheme| SCHEMES.contains(&scheme.as_str()));
    Cow::Borrowed(if is_safe { url.trim() } else { "#" })
}

/// The scheme that a browser finds in an address, in lower case; `None` of one that begins where it stands.
fn scheme(url: &str) -> Option<String> {
    // Browsers pass over white space and control characters in a scheme.
    let skipped = |char: &char| !(char.is_control() || char.is_whitespace() || is_invisible(*char));
    let (scheme, _) = url.split(['/', '?', '#']).next().unwrap_or_default().split_once(':')?;
    Some(scheme.chars().filter(skipped).collect::<String>().to_ascii_lowercase())
}

/// Whether an address leads somewhere and runs nothing.
pub(crate) fn is_safe_url(url: &str) -> bool {
    safe_url(url) == url
}

/// Whether an address that a field gives, and that other programs will follow, leads to a page or a mailbox.
pub(crate) fn is_web_address(url: &str) -> bool {
    is_safe_url(url) && scheme(url).is_none_or(|scheme| WEB_SCHEMES.contains(&scheme.as_str()))
}

fn is_invisible(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
}

/// A text in HTML while it is written.
#[derive(Debug, Default)]
pub(super) struct HtmlWriter {
    pub(super) text: String,
    open: Vec<Open>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    name: &'static str,
    /// Whether the Markdown parser opened it, and closes it.
    is_markdown: bool,
    /// Where its tag begins.
    at: usize,
    /// Whether it was opened in the text before, and goes on here.
    goes_on: bool,
}

impl HtmlWriter {
    /// Writes text.
    pub(super) fn push(&mut self, text: &str) {
        html_escape::encode_text_to_string(text, &mut self.text);
    }

    /// Writes what is HTML already.
    pub(super) fn raw(&mut self, html: &str) {
        self.text.push_str(html);
    }

    /// Whether an element of this name is open.
    pub(super) fn is_in(&self, name: &str) -> bool {
        self.open.iter().rev().take(MAX_DEPTH).any(|open| open.name == name)
    }

    /// Begins a new line unless one begins.
    pub(super) fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Writes ` name="value"`.
    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        html_escape::encode_double_quoted_attribute_to_string(value, &mut self.text);
        self.text.push('"');
    }

    /// Writes ` name="url"` and tells where the address stands.
    pub(super) fn address(&mut self, name: &str, url: &str) -> Range<usize> {
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        let start = self.text.len();
        self.text.push_str(&escaped_url(url));
        let end = self.text.len();
        self.text.push('"');
        start..end
    }

    /// Opens an element of Markdown: writes `<name`, which the caller ends.
    pub(super) fn open(&mut self, name: &'static str) {
        self.open.push(Open { name, is_markdown: true, at: self.text.len(), goes_on: false });
        self.text.push('<');
        self.text.push_str(name);
    }

    /// Closes the element that Markdown opened last, and what authors left open in it. `true` if one was open.
    pub(super) fn close(&mut self) -> bool {
        while let Some(open) = self.open.pop() {
            if open.goes_on && self.is_empty(open) {
                self.text.truncate(open.at);
            } else {
                self.end(open.name);
            }
            if open.is_markdown {
                return true;
            }
        }
        false
    }

    /// Whether nothing stands in an element yet.
    fn is_empty(&self, open: Open) -> bool {
        let tag_end = self.text[open.at..].find('>').map_or(self.text.len(), |end| open.at + end + 1);
        self.text[tag_end..].trim().is_empty()
    }

    /// Opens an element of an author's HTML with those of its attributes that it may carry; where its address stands.
    pub(super) fn open_raw<'v>(
        &mut self,
        name: &'static str,
        attributes: impl Iterator<Item = (&'v str, &'v str)>,
    ) -> Option<Range<usize>> {
        if self.open.len() >= MAX_DEPTH {
            return None;
        }
        let own = ELEMENTS.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, own)| own);
        let mut address = None;
        let mut seen: Vec<&str> = Vec::new();
        let at = self.text.len();
        self.text.push('<');
        self.text.push_str(name);
        for (key, value) in attributes {
            // Links led to names before they led to ids.
            let key = if name == "a" && key.eq_ignore_ascii_case("name") { "id" } else { key };
            let known = own.iter().chain(EVERYWHERE).find(|known| known.eq_ignore_ascii_case(key)).copied();
            let Some(known) = known.filter(|known| !seen.contains(known)) else { continue };
            seen.push(known);
            match known {
                "href" | "src" => address = Some(self.address(known, value)),
                "id" if !is_id(value) => {}
                _ => self.attribute(known, value),
            }
        }
        if is_void(name) {
            self.text.push_str(" />");
        } else {
            self.text.push('>');
            self.open.push(Open { name, is_markdown: false, at, goes_on: false });
        }
        address
    }

    /// Closes an element of an author's HTML, if it is open in what Markdown has opened last.
    pub(super) fn close_raw(&mut self, name: &str) {
        let own = self.open.iter().rposition(|open| open.is_markdown).map_or(0, |idx| idx + 1);
        if let Some(idx) = self.open[own..].iter().rposition(|open| open.name == name) {
            for open in self.open.split_off(own + idx).into_iter().rev() {
                self.end(open.name);
            }
        }
    }

    /// Closes everything; what Markdown has opened is given, so that it can go on in the next text. Elements in which
    /// nothing stands yet go there whole.
    pub(super) fn finish(&mut self) -> Vec<&'static str> {
        let names = self.open.iter().filter(|open| open.is_markdown).map(|open| open.name).collect();
        while let Some(open) = self.open.pop() {
            if self.is_empty(open) {
                self.text.truncate(open.at);
            } else {
                self.end(open.name);
            }
        }
        names
    }

    /// Opens again what was open in the text before.
    pub(super) fn resume(&mut self, names: Vec<&'static str>) {
        for name in names {
            self.open(name);
            self.text.push('>');
            if let Some(open) = self.open.last_mut() {
                open.goes_on = true;
            }
        }
    }

    fn end(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }
}

/// `url`, made safe, as the value of an attribute.
pub(super) fn escaped_url(url: &str) -> String {
    let mut escaped = String::with_capacity(url.len());
    for byte in safe_url(url).bytes() {
        match byte {
            b'&' => escaped.push_str("&amp;"),
            b'\'' => escaped.push_str("&#x27;"),
            _ if byte.is_ascii_alphanumeric() || b"-_.!~*();/?:@=+$,#%[]".contains(&byte) => {
                escaped.push(char::from(byte))
            }
            _ => escaped.extend(['%', hex(byte >> 4), hex(byte & 15)]),
        }
    }
    escaped
}

fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()
}

/// `html` with other addresses at these places. Where there is none, the link becomes the text that it shows.
pub(crate) fn patched(html: &str, addresses: &[(Range<usize>, Option<String>)]) -> String {
    let mut edits: Vec<(Range<usize>, String)> = Vec::with_capacity(addresses.len());
    // Nobody is to be left without a page for a link whose place is lost.
    for (place, url) in addresses.iter().filter(|(place, _)| html.get(place.clone()).is_some()) {
        match url {
            Some(url) => edits.push((place.clone(), escaped_url(url))),
            None => edits.extend(tags_around(html, place).into_iter().flatten().map(|tag| (tag, String::new()))),
        }
    }
    edits.sort_by_key(|(place, _)| place.start);
    let mut patched = String::with_capacity(html.len());
    let mut at = 0;
    for (place, text) in edits {
        patched.push_str(&html[at..place.start]);
        patched.push_str(&text);
        at = place.end;
    }
    patched.push_str(&html[at..]);
    patched
}

/// The two tags of the link whose address stands at `address`; `None` for what is no link, such as an image. O(link).
fn tags_around(html: &str, address: &Range<usize>) -> Option<[Range<usize>; 2]> {
    let start = html[..address.start].strip_suffix("<a href=\"")?.len();
    let inside = address.end + html[address.end..].find('>')? + 1;
    let mut n_inner = 0_usize;
    for (at, _) in html[inside..].match_indices('<') {
        let rest = &html[inside + at..];
        if rest.starts_with("<a ") || rest.starts_with("<a>") {
            n_inner += 1;
        } else if rest.starts_with("</a>") {
            let Some(left) = n_inner.checked_sub(1) else {
                let end = inside + at;
                return Some([start..inside, end..end + "</a>".len()]);
            };
            n_inner = left;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_elements_is_sorted() {
        assert!(ELEMENTS.is_sorted_by_key(|(name, _)| *name));
        assert_eq!((element("IMG"), element("script")), (Some("img"), None));
    }

    #[test]
    fn addresses_run_nothing() {
        for url in [
            "javascript:x",
            " JaVa\tScript:x",
            "data:text/html,x",
            "vbscript:x",
            "\u{1}javascript:x",
            "file:///x",
            "x\u{200b}y:z",
        ] {
            assert_eq!(safe_url(url), "#", "{url:?}");
        }
        for url in ["https://x.y/z:1", "mailto:a@b", "a.md", "/x:y", "#a:b", "?a=b:c", "tel:1", "//x.y"] {
            assert_eq!(safe_url(url), url);
        }
    }

    #[test]
    fn elements_are_closed_where_they_were_opened() {
        let mut html = HtmlWriter::default();
        html.open("p");
        html.raw(">");
        html.open_raw("b", [("onclick", "x"), ("title", "\"><script>")].into_iter());
        html.close_raw("p");
        html.push("<&");
        html.close();
        html.close_raw("b");
        assert_eq!(html.text, "<p><b title=\"&quot;&gt;&lt;script&gt;\">&lt;&amp;</b></p>");
        assert!(!html.close());
    }

    #[test]
    fn places_that_links_lead_to_keep_their_ids() {
        let mut html = HtmlWriter::default();
        for (element, attributes) in [
            ("span", &[("id", "x"), ("class", "y"), ("ID", "z")][..]),
            ("a", &[("name", "old\"><b>")]),
            ("p", &[("name", "no"), ("id", "two words")]),
        ] {
            html.open_raw(element, attributes.iter().copied());
            html.close_raw(element);
        }
        assert_eq!(html.text, "<span id=\"x\"></span><a id=\"old&quot;&gt;&lt;b&gt;\"></a><p></p>");
    }

    #[test]
    fn addresses_are_put_in_later() {
        let mut html = HtmlWriter::default();
        let place = html.open_raw("a", [("href", "a.md")].into_iter()).unwrap();
        html.push("x");
        html.finish();
        assert_eq!(patched(&html.text, &[(place.clone(), Some("/a?b&c".to_owned()))]), "<a href=\"/a?b&amp;c\">x</a>");
        assert_eq!(patched(&html.text, &[(place, None)]), "x");
    }

    #[test]
    fn links_that_lead_nowhere_become_their_text() {
        let html = "<p><a href=\"b\" title=\"&gt;\">x <a href=\"c\">y</a> <img src=\"d\" alt=\"\" /></a> z</p>";
        let at = |text: &str| html.find(text).map(|at| at + 1..at + 2).unwrap();
        let edits = [(at("\"b\""), None), (at("\"c\""), Some("/c".to_owned())), (at("\"d\""), None)];
        assert_eq!(patched(html, &edits), "<p>x <a href=\"/c\">y</a> <img src=\"d\" alt=\"\" /> z</p>");
    }
}
