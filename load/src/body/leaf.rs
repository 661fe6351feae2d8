//! What begins a line: admonitions, directives, fences, formulas, modules, labels, tables of contents.

use super::attributes::AttributeList;
use super::common_mark::Id;
use super::scanner::{Scanner, line_at};

/// Lines that stand where a table of contents comes.
const CONTENTS: &[&str] = &["[toc]", "[[toc]]", "[[_toc_]]", "{{toc}}", "{{ toc }}", "${toc}"];

impl<'a> Scanner<'a> {
    /// Writes the text of a line whose quotes and list items are written.
    pub(super) fn leaf(&mut self) {
        let line = line_at(self.raw, self.at);
        let is_written = match line.as_bytes().first() {
            None => return,
            Some(b'`' | b'~') => self.fence_or_directive(line),
            Some(b'#') => self.heading(line),
            Some(b':') => self.colons(line),
            Some(b'!' | b'?' | b'=') => self.admonition(line),
            Some(b'/') => self.block(line),
            Some(b'[') => self.callout(line) || self.contents(line) || self.comment_in_brackets(line),
            Some(b'+') => self.block_break(line),
            Some(b'<') => {
                self.open_element(line);
                false
            }
            Some(b'(') => self.label(line),
            Some(b'$' | b'\\') => self.formula(line),
            Some(b'%') => self.comment(line),
            Some(b'{') => self.attributes_of_block(line) || self.contents(line),
            Some(b'^') => self.block_id(line),
            Some(b'-') => self.snippet(line),
            Some(b'i' | b'e') => self.module(line),
            Some(b'T' | b'1') => self.kramdown_contents(line),
            Some(b'\n' | b'\r') => {
                self.keep_line(line.len());
                true
            }
            _ => false,
        };
        if !is_written {
            self.inline();
        }
    }

    /// Writes a title in bold as a paragraph of its own, and ends the line.
    pub(super) fn block_title(&mut self, title: &'a str) {
        let title = title.trim();
        if !title.is_empty() {
            self.end_paragraph();
            // Both are slices of the same text, so that names in a title know their place.
            let at = (title.as_ptr() as usize).saturating_sub(self.raw.as_ptr() as usize).min(self.raw.len());
            self.out.put("**", at);
            self.out.copy(title, at);
            self.out.put("**\n", at);
            let prefix = self.line.prefix.trim_end().to_owned();
            self.out.put(&prefix, at);
        }
        self.out.put("\n", self.at);
        self.is_paragraph = false;
    }

    fn heading(&mut self, line: &'a str) -> bool {
        let len = line.bytes().take_while(|byte| *byte == b'#').count();
        let is_spaced = line[len..].starts_with([' ', '\t', '\n', '\r']) || line.len() == len;
        let is_python = self.dialect.anchors.is_python();
        if !is_python && (!is_spaced || len > 6) {
            return false;
        }
        if self.at < self.inner_until {
            self.at += len;
            self.line.is_cut = true;
            return false;
        }
        self.is_paragraph = false;
        self.line.is_heading = true;
        self.out.copy(&line[..len.min(6)], self.at);
        if !is_spaced {
            self.out.put(" ", self.at);
        }
        self.at += len;
        false
    }

    /// `!!! note "Title"`, `??? tip`, `=== "Tab"`.
    fn admonition(&mut self, line: &'a str) -> bool {
        let mark = line.as_bytes()[0];
        let Some(rest) =
            line.strip_prefix("!!!").or_else(|| line.strip_prefix("???")).or_else(|| line.strip_prefix("==="))
        else {
            return false;
        };
        let rest = rest.trim_start_matches(['+', '!']);
        let quoted = rest.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).map(|(title, _)| title);
        let is_opener = rest.starts_with(' ')
            && if mark == b'=' {
                quoted.is_some()
            } else {
                rest.trim_start().starts_with(|first: char| first.is_alphabetic() || first == '"')
            };
        if !is_opener {
            return false;
        }
        self.end_paragraph();
        let opener = self.column();
        self.at += line.len();
        match quoted.filter(|title| !title.trim().is_empty()) {
            Some(title) => {
                self.out.put("> ", self.at);
                self.line.prefix.push_str("> ");
                self.block_title(title);
            }
            None => self.out.put("\n", self.at),
        }
        self.is_paragraph = false;
        self.open_frame(None, opener);
        true
    }

    /// `/// note | Title` of pymdownx, its options and its end.
    fn block(&mut self, line: &'a str) -> bool {
        let Some(info) = line.strip_prefix("///") else { return false };
        let info = info.trim_start_matches('/').trim();
        if !info.is_empty() && !info.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return false;
        }
        self.at += line.len();
        loop {
            let option = line_at(self.raw, self.at);
            let is_option = option.starts_with("    ") && option.contains(':') && !info.is_empty();
            if !is_option {
                break;
            }
            self.at += option.len();
        }
        let (kind, title) = info.split_once('|').unwrap_or((info, ""));
        self.block_title(if kind.trim() == "html" { "" } else { title });
        true
    }

    /// `> [!NOTE] Title`.
    fn callout(&mut self, line: &'a str) -> bool {
        let Some(rest) = line.strip_prefix("[!").filter(|_| self.line.is_quoted && !self.is_paragraph) else {
            return false;
        };
        let Some((kind, title)) = rest.split_once(']') else { return false };
        let is_kind = !kind.is_empty() && kind.chars().all(|char| char.is_alphanumeric() || "-_| ".contains(char));
        if !is_kind || title.starts_with(['(', '[']) {
            return false;
        }
        self.at += line.len();
        self.block_title(title.trim_start_matches(['+', '-']));
        true
    }

    /// `[//]: # "text"`: a definition that nobody refers to is how Markdown's authors write comments.
    fn comment_in_brackets(&mut self, line: &'a str) -> bool {
        let is_comment = line.starts_with("[//]:") && !self.is_paragraph;
        if is_comment {
            self.drop_line();
        }
        is_comment
    }

    /// `+++ {"key": "value"}` of MyST divides blocks.
    fn block_break(&mut self, line: &'a str) -> bool {
        let is_break = self.dialect.anchors.reads_labels() && line.starts_with("+++");
        if is_break {
            self.drop_line();
        }
        is_break
    }

    fn contents(&mut self, line: &'a str) -> bool {
        let line = line.trim().to_ascii_lowercase();
        let is_contents = CONTENTS.contains(&line.as_str());
        if is_contents {
            self.drop_line();
        }
        is_contents
    }

    /// `* TOC` over `{:toc}`: the table of contents of kramdown.
    fn kramdown_contents(&mut self, line: &'a str) -> bool {
        let below = line_at(self.raw, self.at + line.len());
        let is_contents = below.trim_start().starts_with("{:toc");
        if is_contents {
            // The mark of the list item stands already; an empty item is no text.
            self.at += line.len() + below.len();
            self.out.put("\n", self.at);
        }
        is_contents
    }

    /// `(label)=` of MyST.
    fn label(&mut self, line: &'a str) -> bool {
        let label = line.trim_end().strip_prefix('(').and_then(|rest| rest.strip_suffix(")="));
        let Some(label) = label.filter(|label| !label.is_empty() && !label.contains(['(', ')'])) else { return false };
        self.out.ids.push(Id::label(self.out.text.len(), label));
        self.drop_line();
        true
    }

    /// `$$ … $$` and `\[ … \]` over several lines.
    fn formula(&mut self, line: &'a str) -> bool {
        let close = match line.get(..2) {
            Some("$$") => "$$",
            Some("\\[") if line.trim_end() == "\\[" => "\\]",
            _ => return false,
        };
        let start = self.at + 2;
        let Some(end) = self.find_end(close, start) else { return false };
        if end < self.at + line.len() && !self.raw[end + 2..self.at + line.len()].trim().is_empty() {
            return false;
        }
        self.code(start, end, "math");
        self.at = end + 2;
        self.inline();
        true
    }

    /// `%% … %%` of Obsidian over several lines, and `% …` of MyST.
    fn comment(&mut self, line: &'a str) -> bool {
        if self.dialect.anchors.reads_labels() && !line.starts_with("%%") {
            self.drop_line();
            return true;
        }
        if !line.starts_with("%%") || line[2..].contains("%%") {
            return false;
        }
        let Some(end) = self.find_end("%%", self.at + 2) else { return false };
        self.at = end + 2;
        self.line.is_cut = true;
        self.inline();
        true
    }

    /// An attribute list on a line of its own belongs to the block above it, in MyST to the one below.
    fn attributes_of_block(&mut self, line: &'a str) -> bool {
        let trimmed = line.trim_end();
        let Some(list) = AttributeList::read(trimmed).filter(|list| list.len == trimmed.len()) else { return false };
        if !self.dialect.reads_attributes() {
            return false;
        }
        if let Some(id) = list.id {
            let at = self.out.text.len();
            self.out.ids.push(if self.dialect.anchors.reads_labels() {
                Id::label(at, id)
            } else {
                Id::attribute(at, id)
            });
        }
        let is_paragraph = self.is_paragraph;
        self.out.trim_end_to(self.line.start);
        self.at += line.len();
        if is_paragraph && self.line.prefix.is_empty() {
            return true;
        }
        self.out.put("\n", self.at);
        true
    }

    /// `^id` of Obsidian on a line of its own.
    fn block_id(&mut self, line: &'a str) -> bool {
        let id = line.trim();
        let is_id = id.len() > 1 && id[1..].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_id {
            self.out.ids.push(Id::place(self.out.text.len(), id));
            self.drop_line();
        }
        is_id
    }

    /// `--8<-- "file"`, and the same around a list of files.
    fn snippet(&mut self, line: &'a str) -> bool {
        let Some(file) = line.strip_prefix("--8<--") else { return false };
        if file.trim().is_empty() {
            self.leave_out("\n--8<--");
        } else {
            self.drop_line();
        }
        true
    }

    /// `import` and `export` of MDX.
    fn module(&mut self, line: &'a str) -> bool {
        let is_top = self.line.prefix.is_empty() && !self.is_paragraph;
        if !is_top || !is_module(line, self.dialect.is_mdx) {
            return false;
        }
        self.at += module_end(self.rest());
        self.out.put("\n", self.at);
        true
    }
}

/// Whether a line begins a module statement rather than a sentence.
fn is_module(line: &str, is_mdx: bool) -> bool {
    if let Some(rest) = line.strip_prefix("import ") {
        let names = rest.trim_start();
        let has_source = [" from '", " from \"", "} from"].iter().any(|from| rest.contains(from));
        return has_source
            || names.starts_with(['\'', '"'])
            || names.starts_with('{') && !names.contains('.')
            || is_mdx && names.starts_with("* as");
    }
    let Some(rest) = line.strip_prefix("export ") else { return false };
    let is_declared = ["const ", "let ", "var ", "function ", "async ", "class ", "type ", "interface "];
    let begins = is_declared.iter().any(|word| rest.starts_with(word)) && (is_mdx || rest.contains(['=', '(', '{']));
    begins || rest.starts_with("default ") && (is_mdx || rest.contains(['(', '{', ';'])) || rest.starts_with(['{', '*'])
}

/// Where the statement of a module at the start of `text` ends. One whose brackets stay open ends with its paragraph.
fn module_end(text: &str) -> usize {
    let mut depth = 0_i64;
    let mut at = 0;
    let mut paragraph_end = None;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            paragraph_end.get_or_insert(at);
            if depth <= 0 {
                return at;
            }
        }
        let count = |set: &str| i64::try_from(line.matches(|char| set.contains(char)).count()).unwrap_or(0);
        depth += count("{[(") - count("}])");
        at += line.len();
        let goes_on = depth > 0 || line.trim_end().ends_with(['=', ',', '+', '?', '&', '|', '.']);
        if !goes_on {
            return at;
        }
    }
    paragraph_end.unwrap_or(at)
}
