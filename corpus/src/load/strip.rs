//! What generators put into Markdown that is no text: MDX imports and JSX, Hugo and Liquid shortcodes, fences of
//! admonitions. It is blanked in place, so that every offset and line number stays right.

/// `text` with everything that is not Markdown replaced by spaces. O(text).
pub(super) fn strip(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<String> = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let marker: String = trimmed.chars().take_while(|char| matches!(char, '`' | '~')).collect();
        match &fence {
            Some(open) if marker.starts_with(open.as_str()) && trimmed.trim_end() == marker => fence = None,
            Some(_) => {}
            None if marker.len() >= 3 && marker.chars().all(|char| marker.starts_with(char)) => fence = Some(marker),
            None if is_machinery(trimmed) => {
                blank(&mut out, line);
                continue;
            }
            None => {
                strip_line(&mut out, line);
                continue;
            }
        }
        out.push_str(line);
    }
    out
}

/// Whether the whole line is for a generator, not for a reader.
fn is_machinery(line: &str) -> bool {
    let imports = (line.starts_with("import ")
        && (line.contains(" from ") || line.contains("import '") || line.contains("import \"")))
        || line.starts_with("export const ")
        || line.starts_with("export default ");
    let admonition = line.starts_with(":::") || line.starts_with("!!! ") || line.starts_with("??? ");
    imports || admonition
}

/// Blanks shortcodes and JSX tags, but not what stands in backticks.
fn strip_line(out: &mut String, line: &str) {
    let mut rest = line;
    while let Some(start) = rest.find(['`', '{', '<']) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let len = if rest.starts_with('`') { code_len(rest) } else { 0 };
        if len > 0 {
            out.push_str(&rest[..len]);
            rest = &rest[len..];
            continue;
        }
        let len = machinery_len(rest);
        if len > 0 {
            blank(out, &rest[..len]);
            rest = &rest[len..];
        } else {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[..first]);
            rest = &rest[first..];
        }
    }
    out.push_str(rest);
}

/// Length of the code span at the start of `text`; 0 if it does not end in the line.
fn code_len(text: &str) -> usize {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let end = text[ticks..].find(&text[..ticks]).map(|at| ticks + at + ticks);
    end.unwrap_or(ticks)
}

/// Length of the shortcode or JSX tag at the start of `text`; 0 if there is none.
fn machinery_len(text: &str) -> usize {
    for (open, close) in [("{{<", ">}}"), ("{{%", "%}}"), ("{{", "}}"), ("{%", "%}"), ("{/*", "*/}")] {
        if text.starts_with(open) {
            return text.find(close).map_or(0, |at| at + close.len());
        }
    }
    let name = text.strip_prefix("</").or_else(|| text.strip_prefix('<')).unwrap_or_default();
    if name.starts_with(|first: char| first.is_ascii_uppercase()) || text.starts_with("<>") || text.starts_with("</>") {
        // Generics such as `Vec<String>` are no tags: a tag is closed, or has attributes.
        return text.find('>').map_or(0, |at| at + 1);
    }
    0
}

fn blank(out: &mut String, text: &str) {
    out.extend(text.chars().flat_map(|char| {
        let blank = if char == '\n' { '\n' } else { ' ' };
        std::iter::repeat_n(blank, char.len_utf8())
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machinery_goes_and_offsets_stay() {
        let text = "import X from './x'\n\n<Tabs a=\"ü\">\n{{< figure src=\"x\" >}} text `{{ code }}` {% raw %}\n:::note\nkept\n:::\n```\nimport y from z\n<Tag>\n```\na < b and <b>html</b>\n";
        let stripped = strip(text);
        assert_eq!(stripped.len(), text.len());
        let words: Vec<&str> = stripped.split_whitespace().collect();
        assert_eq!(words.join(" "), "text `{{ code }}` kept ``` import y from z <Tag> ``` a < b and <b>html</b>");
    }
}
