//! HTML that was written here, told from any other.
//!
//! Rows of JSON Lines bring their HTML along. It is shown where it is written as this loader writes it: tags and attributes of
//! the fixed lists, values in double quotes, addresses that run nothing, every element closed in its order. No parser has to be
//! trusted for that, since nothing that needs one is let through.

use super::html::{element, is_id, is_safe_url, is_void};

/// Attributes that are written on any element, beside those with rules of their own.
const PLAIN: &[&str] = &[
    "align", "alt", "checked", "colspan", "dir", "disabled", "height", "lang", "open", "reversed", "rowspan", "span",
    "start", "title", "value", "width",
];
/// Classes that Markdown's own markup has.
const CLASSES: &[&str] = &["footnote-definition", "footnote-definition-label", "footnote-reference"];

/// Whether `html` is such as this loader writes. O(text).
pub(crate) fn is_own_html(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '>']) {
        let Some(tag) = rest[at..].strip_prefix('<') else { return false };
        if let Some(closing) = tag.strip_prefix('/') {
            let Some((name, behind)) = closing.split_once('>') else { return false };
            if open.pop() != Some(name) {
                return false;
            }
            rest = behind;
            continue;
        }
        let name = &tag[..tag.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(tag.len())];
        let is_input = name == "input";
        if element(name) != Some(name) && !is_input {
            return false;
        }
        let Some(behind) = attributes(&tag[name.len()..], is_input) else { return false };
        if !is_void(name) && !is_input {
            open.push(name);
        }
        rest = behind;
    }
    open.is_empty()
}

/// What stands behind the tag whose attributes `text` begins with; `None` where one of them is none of ours.
fn attributes(text: &str, is_input: bool) -> Option<&str> {
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start_matches(' ');
        if let Some(behind) = trimmed.strip_prefix("/>").or_else(|| trimmed.strip_prefix('>')) {
            return Some(behind);
        }
        // Attributes are kept apart by spaces.
        if trimmed.len() == rest.len() {
            return None;
        }
        let (name, value) = trimmed.split_once("=\"")?;
        let (value, behind) = value.split_once('"')?;
        let is_ours = !value.contains(['<', '>']) && may_stand(name, value, is_input);
        rest = is_ours.then_some(behind)?;
    }
}

fn may_stand(name: &str, value: &str, is_input: bool) -> bool {
    match name {
        "href" | "src" => is_safe_url(&html_escape::decode_html_entities(value)),
        "class" => CLASSES.contains(&value) || value.starts_with("language-"),
        "id" => is_id(value),
        "type" => is_input && value == "checkbox",
        name => PLAIN.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_here_is_known() {
        for html in [
            "",
            "<p>a &lt; b</p>\n",
            "<p><a href=\"/x?a&amp;b#c\" title=\"y\">x</a><br />\n<img src=\"a.png\" alt=\"\" /></p>",
            "<ul>\n<li><input disabled=\"\" type=\"checkbox\" checked=\"\"/>\na</li>\n</ul>\n",
            "<pre><code class=\"language-rust\">x</code></pre>",
            "<span id=\"x\"></span>",
            "<sup class=\"footnote-reference\"><a href=\"#fn-a\">1</a></sup>",
        ] {
            assert!(is_own_html(html), "{html}");
        }
    }

    #[test]
    fn what_could_run_or_change_what_follows_is_not() {
        for html in [
            "<script>x</script>",
            "<p",
            "<p>",
            "</p>",
            "<b><i></b></i>",
            "<p onclick=\"x\">a</p>",
            "<p title=x>a</p>",
            "<p title=\"x\"onclick=\"y\">a</p>",
            "<a href=\"javascript:x\">a</a>",
            "<a href=\"java&#x73;cript:x\">a</a>",
            "<a href=\"java&Tab;script:x\">a</a>",
            "<p id=\"x y\">a</p>",
            "<p id=\"\">a</p>",
            "<p class=\"x\">a</p>",
            "<P>a</P>",
            "<!-- a -->",
            "a > b",
            "<p title=\"<\">a</p>",
            "<input type=\"text\"/>",
            "<svg/onload=x>",
        ] {
            assert!(!is_own_html(html), "{html}");
        }
    }
}
