//! Code that no fence marks: it gets one, so that the parser sees what it is.

use super::scanner::{Scanner, indentation};

impl Scanner<'_> {
    /// Writes what stands between `start` and `end` of the file as code: as a span where it is a part of a line, else as a
    /// block.
    pub(super) fn code(&mut self, start: usize, end: usize, language: &str) {
        let code = &self.raw[start..end];
        let is_display = language == "math" && !self.line.is_visible;
        if !is_display && !code.contains('\n') {
            return self.span(code, start);
        }
        self.end_paragraph();
        let fence = "`".repeat(longest_run(code).max(2) + 1);
        let code = unwrapped(code);
        let first_line_end = code.find('\n').map_or(0, |newline| newline + 1);
        // A line that holds nothing but the end of the tag before is none of the code.
        let (skipped, code) =
            if code[..first_line_end].trim().is_empty() { code.split_at(first_line_end) } else { ("", code) };
        let mut at = start + (self.raw[start..end].find(code).unwrap_or(skipped.len()));
        let code = code.trim_end();
        let mut block = format!("{fence}{language}\n");
        let prefix = std::mem::take(&mut self.line.prefix);
        let columns = shallowest(code);
        self.out.put(&block, at);
        let in_quote = prefix.contains('>') && self.frames.iter().all(|frame| frame.element.is_some());
        for line in code.split_inclusive('\n') {
            let line = if in_quote { self.without_quote(line, &mut at) } else { line };
            let (indent, column) = indentation(line);
            self.out.put(&prefix, at);
            self.out.put(&" ".repeat(column.saturating_sub(columns)), at);
            self.out.copy(line[indent.min(line.len())..].trim_end_matches(['\n', '\r']), at + indent.min(line.len()));
            self.out.put("\n", at);
            at += line.len();
        }
        block = format!("{prefix}{fence}\n{prefix}");
        self.out.put(&block, end);
        self.line.prefix = prefix;
        self.line.start = self.out.text.len();
        self.line.is_visible = false;
        self.line.is_cut = true;
        self.is_paragraph = false;
    }

    /// A line of code without the marks of the quote that it stands in.
    fn without_quote<'l>(&self, line: &'l str, at: &mut usize) -> &'l str {
        let inner = line.trim_start_matches([' ', '>']);
        let inner = &line[line.len() - inner.len()..];
        *at += line.len() - inner.len();
        inner
    }

    fn span(&mut self, code: &str, start: usize) {
        let trimmed = code.trim();
        if trimmed.is_empty() {
            self.line.is_cut = true;
            return;
        }
        let ticks = "`".repeat(longest_run(trimmed) + 1);
        let pad = if trimmed.starts_with('`') || trimmed.ends_with('`') { " " } else { "" };
        let at = start + (code.len() - code.trim_start().len());
        self.out.put(&format!("{ticks}{pad}"), at);
        self.out.copy(trimmed, at);
        self.out.put(&format!("{pad}{ticks}"), at);
        self.line.is_visible = true;
    }
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|char| char != '`').map(str::len).max().unwrap_or(0)
}

/// The columns that every line has before its text.
fn shallowest(code: &str) -> usize {
    let lines = code.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| indentation(line).1).min().unwrap_or(0)
}

/// The code in a template literal, which JSX needs around it.
fn unwrapped(code: &str) -> &str {
    let inner = code.trim().strip_prefix("{`").and_then(|code| code.strip_suffix("`}"));
    inner.unwrap_or(code)
}
