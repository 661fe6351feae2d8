//! HTML that authors wrote, as pages show it: the load made it safe, this makes it fit.
//!
//! Its tags are those that [`gradus_load`] writes, each closed, with every value in double quotes.

/// `html` with what scrolls within reach of the keyboard, and pictures of other hosts, which no page may load, as links.
pub(super) fn shown(html: &str) -> String {
    let mut shown = String::with_capacity(html.len() + 64);
    let mut rest = html;
    let mut open_links = 0_usize;
    while let Some(start) = rest.find('<') {
        let (text, tag_on) = rest.split_at(start);
        let end = tag_on.find('>').map_or(tag_on.len(), |end| end + 1);
        let (tag, after) = tag_on.split_at(end);
        shown.push_str(text);
        rest = after;
        match name(tag) {
            "pre" | "table" => {
                let (head, tail) = tag.split_at(1 + name(tag).len());
                shown.extend([head, " tabindex=\"0\"", tail]);
            }
            "img" => picture(&mut shown, tag, open_links > 0),
            other => {
                match other {
                    "a" => open_links += 1,
                    "/a" => open_links = open_links.saturating_sub(1),
                    _ => {}
                }
                shown.push_str(tag);
            }
        }
    }
    shown.push_str(rest);
    shown
}

/// The name of a tag, with the slash before it where it closes an element.
fn name(tag: &str) -> &str {
    let inner = tag.trim_start_matches('<');
    inner.split(|char: char| char.is_whitespace() || char == '>').next().unwrap_or_default()
}

/// A picture as its words, which lead to it where that is an address of the web and no link stands around it.
fn picture(shown: &mut String, tag: &str, is_in_link: bool) {
    let source = attribute(tag, "src");
    let words = Some(attribute(tag, "alt")).filter(|alt| !alt.is_empty()).unwrap_or(source);
    if !is_in_link && (source.starts_with("https://") || source.starts_with("http://")) {
        shown.extend(["<a href=\"", source, "\">", words, "</a>"]);
    } else {
        shown.extend(["<em>", words, "</em>"]);
    }
}

/// The value of an attribute as it stands there, escaped; empty where it is not there.
fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let value = tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
    value.map_or("", |(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scrolls_is_reached_and_pictures_are_links() {
        let cases = [
            ("<p>a &lt; b</p><pre><code>x</code></pre>", "<p>a &lt; b</p><pre tabindex=\"0\"><code>x</code></pre>"),
            ("<table dir=\"rtl\"><tr></tr></table>", "<table tabindex=\"0\" dir=\"rtl\"><tr></tr></table>"),
            (
                "<img src=\"https://h.org/a.png\" alt=\"A &quot;b&quot;\" />",
                "<a href=\"https://h.org/a.png\">A &quot;b&quot;</a>",
            ),
            ("<a href=\"/x\"><img src=\"https://h.org/a.png\" alt=\"A\" /></a>", "<a href=\"/x\"><em>A</em></a>"),
            ("<img src=\"/a.png\" />", "<em>/a.png</em>"),
            ("no end <b", "no end <b"),
        ];
        for (html, expected) in cases {
            assert_eq!(shown(html), expected, "{html}");
        }
    }
}
