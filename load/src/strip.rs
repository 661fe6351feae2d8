//! What generators put into Markdown that is no text: MDX imports and JSX, Hugo and Liquid shortcodes, fences of
//! admonitions. It is blanked in place, so that every offset and line number stays right.

/// Bytes in which a tag, shortcode or code span must end. What is longer is shown rather than searched for its end.
const MACHINERY_BYTES: usize = 1_024;

/// Spaces that put a line into an admonition or tab of Python-Markdown.
const INDENT: &str = "    ";

/// What they become: the mark of a quotation, in as many bytes. Left as they are they would make the text code.
const QUOTED: &str = ">   ";

/// `text` with everything that is not Markdown replaced by spaces. O(text).
pub(crate) fn strip(text: &str) -> String {
    let mut strip = Strip { text, at: 0, out: String::with_capacity(text.len()), fence: None, depth: 0 };
    while strip.at < text.len() {
        strip.line();
    }
    strip.out
}

struct Strip<'a> {
    text: &'a str,
    /// What stands before this is in `out`.
    at: usize,
    out: String,
    /// The marker of the code fence that is open.
    fence: Option<&'a str>,
    /// Admonitions that are open, each inside the one before.
    depth: usize,
}

impl<'a> Strip<'a> {
    fn line(&mut self) {
        let line = line_at(self.text, self.at);
        if line.trim().is_empty() {
            return self.keep(line.len());
        }
        let line = self.enter_admonitions(line);
        let trimmed = line.trim_start();
        let marker_len = trimmed.len() - trimmed.trim_start_matches(['`', '~']).len();
        let marker = &trimmed[..marker_len];
        match self.fence {
            Some(open) => {
                if marker.starts_with(open) && trimmed.trim_end() == marker {
                    self.fence = None;
                }
                self.keep(line.len());
            }
            None if marker_len >= 3 && marker.chars().all(|char| marker.starts_with(char)) => {
                self.fence = Some(marker);
                self.keep(line.len());
            }
            None if opens_admonition(line) => {
                self.depth += 1;
                self.blank(line.len());
            }
            None if line.starts_with(":::") => self.blank(line.len()),
            None => match module_len(&self.text[self.at..]) {
                0 => self.inline(),
                len => self.blank(len),
            },
        }
    }

    /// Turns the indentation of the admonitions that a line is in into quotation marks, and gives the rest of the line.
    fn enter_admonitions(&mut self, line: &'a str) -> &'a str {
        let mut rest = line;
        let mut depth = 0;
        while let Some(inner) = rest.strip_prefix(INDENT).filter(|_| depth < self.depth) {
            self.out.push_str(QUOTED);
            self.at += INDENT.len();
            depth += 1;
            rest = inner;
        }
        if depth < self.depth {
            self.depth = depth;
            self.fence = None;
        }
        rest
    }

    /// Blanks shortcodes and JSX tags from here to the end of the line, but not what stands in backticks.
    fn inline(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let Some(start) = rest.find(['`', '{', '<', '\n']) else { return self.keep(rest.len()) };
            self.keep(start);
            let rest = &rest[start..];
            if rest.starts_with('\n') {
                return self.keep(1);
            }
            if rest.starts_with('`') {
                self.keep(code_len(line_at(paragraph(rest), 0)));
                continue;
            }
            match machinery_len(paragraph(rest)) {
                0 => self.keep(1),
                len if self.out.ends_with("](") || self.out.ends_with("}}") => self.join(len),
                len => self.blank(len),
            }
        }
    }

    fn keep(&mut self, len: usize) {
        self.out.push_str(&self.text[self.at..self.at + len]);
        self.at += len;
    }

    /// Keeps a shortcode that is the target of a link, in which Markdown allows no space.
    fn join(&mut self, len: usize) {
        self.out.push_str(&self.text[self.at..self.at + len].replace(char::is_whitespace, "|"));
        self.at += len;
    }

    fn blank(&mut self, len: usize) {
        let blanked = self.text[self.at..self.at + len].chars().flat_map(|char| {
            let blank = if char == '\n' { '\n' } else { ' ' };
            std::iter::repeat_n(blank, char.len_utf8())
        });
        self.out.extend(blanked);
        self.at += len;
    }
}

/// The line that begins at `at`, with its newline.
fn line_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    &rest[..rest.find('\n').map_or(rest.len(), |newline| newline + 1)]
}

/// What of `text` comes before a blank line, [`MACHINERY_BYTES`] at most.
fn paragraph(text: &str) -> &str {
    let text = &text[..text.floor_char_boundary(MACHINERY_BYTES)];
    &text[..text.find("\n\n").unwrap_or(text.len())]
}

/// Whether a line opens an admonition, a foldable one or a tab of Python-Markdown, whose text is indented.
fn opens_admonition(line: &str) -> bool {
    ["!!! ", "??? ", "???+ ", "=== \"", "=== '"].iter().any(|mark| line.starts_with(mark))
}

/// Length of the import or export of MDX that `text` begins with; 0 if it begins with none.
fn module_len(text: &str) -> usize {
    let line = line_at(text, 0);
    let is_from = |text: &str| text.contains(" from '") || text.contains(" from \"");
    if line.starts_with("export const ") || line.starts_with("export default ") || line.starts_with("export function ")
    {
        return paragraph(text).len();
    }
    if line.starts_with("import '") || line.starts_with("import \"") || line.starts_with("import ") && is_from(line) {
        return line.len();
    }
    let several = paragraph(text);
    if line.starts_with("import {") && is_from(several) { several.len() } else { 0 }
}

/// Length of the code span at the start of `line`, or of its backticks if it does not end in the line.
fn code_len(line: &str) -> usize {
    let ticks = line.len() - line.trim_start_matches('`').len();
    let end = line[ticks..].find(&line[..ticks]).map(|at| ticks + at + ticks);
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
    let is_tag = name.starts_with(|first: char| first.is_ascii_uppercase() || first == '>');
    if is_tag { tag_len(text) } else { 0 }
}

/// Length of the JSX tag at the start of `text`: up to the `>` that stands in no braces and no quotes; 0 without one.
fn tag_len(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, char) in text.char_indices() {
        match (quote, char) {
            (Some(open), _) if char == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(char),
            (None, '{') => depth += 1,
            (None, '}') => depth = depth.saturating_sub(1),
            (None, '>') if depth == 0 => return at + 1,
            (None, _) => {}
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let stripped = strip(text);
        assert_eq!(stripped.len(), text.len());
        assert_eq!(stripped.matches('\n').count(), text.matches('\n').count());
        let words: Vec<&str> = stripped.split_whitespace().collect();
        assert_eq!(words.join(" "), expected, "of\n{text}");
    }

    #[test]
    fn machinery_goes_and_offsets_stay() {
        let text = "import X from './x'\n\n<Tabs a=\"ü\">\n{{< figure src=\"x\" >}} text `{{ code }}` {% raw %}\n:::note\nkept\n:::\n```\nimport y from z\n<Tag>\n```\na < b and <b>html</b>\n";
        check(text, "text `{{ code }}` kept ``` import y from z <Tag> ``` a < b and <b>html</b>");
    }

    #[test]
    fn machinery_may_take_several_lines() {
        check("<Tabs\n  items={[\"a > b\"]}\n>\nkept\n</Tabs>\n", "kept");
        check("{{< figure\n  src=\"x\" >}} kept {/* a\nb */}\n", "kept");
        check("import {\n  A,\n} from \"x\"\n\nexport const y = {\n  a: 1,\n}\n\nkept\n", "kept");
        check("a {{ that never ends\n\nkept }}\n", "a {{ that never ends kept }}");
        check("import data from CSV files\nand export them\n", "import data from CSV files and export them");
    }

    #[test]
    fn indented_admonitions_are_quotations() {
        let text = "!!! note \"T\"\n    one\n\n    ```py\n    !!! code\n    ```\n    ??? tip\n        two\n\nout\n\n    code\n";
        check(text, "> one > ```py > !!! code > ``` > > > two out code");
        let code = pulldown_cmark::Parser::new(&strip("!!! note\n    one\n"))
            .any(|event| matches!(event, pulldown_cmark::Event::Start(pulldown_cmark::Tag::CodeBlock(_))));
        assert!(!code);
    }

    #[test]
    fn much_that_never_ends_costs_no_more_than_its_length() {
        for unit in ["{{", "<A", "`` ` ", "{%", "!!! a\n    "] {
            let text = unit.repeat(20_000);
            assert_eq!(strip(&text).len(), text.len());
        }
    }
}
