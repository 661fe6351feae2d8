//! Markdown of a published text.

use super::super::machine::escaped;

/// Markdown while it is written.
#[derive(Default)]
pub(super) struct Markdown {
    pub(super) text: String,
    /// What lines begin with in the quotes and items that are open: in their first line, and in those behind it.
    open: Vec<MarkdownFrame>,
    /// Line breaks that are due before the next words.
    due: usize,
}

struct MarkdownFrame {
    first: Option<String>,
    rest: &'static str,
    /// Whether anything stands in it yet.
    is_begun: bool,
}

impl Markdown {
    /// Opens a quote or an item of a list, the item number `n` of an ordered one. Anything else has no sign of its own.
    pub(super) fn open(&mut self, name: &str, n: usize) {
        let frame = match name {
            "blockquote" => MarkdownFrame { first: None, rest: "> ", is_begun: false },
            "ul" | "ol" => MarkdownFrame { first: None, rest: "", is_begun: false },
            "li" => {
                let is_bullet = n == 0;
                let first = if is_bullet { "- ".to_owned() } else { format!("{n}. ") };
                MarkdownFrame { first: Some(first), rest: if is_bullet { "  " } else { "   " }, is_begun: false }
            }
            _ => return,
        };
        self.block();
        self.open.push(frame);
    }

    /// Closes what was opened last of these.
    pub(super) fn close(&mut self, name: &str) {
        if matches!(name, "blockquote" | "ul" | "ol" | "li") {
            self.open.pop();
            self.block();
        }
    }

    /// Lets the next words begin a block.
    pub(super) fn block(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.due = 2;
    }

    /// Lets the next words begin a line.
    pub(super) fn line(&mut self) {
        self.due = self.due.max(1);
    }

    /// Writes words.
    pub(super) fn words(&mut self, words: &str) {
        let is_first = self.begin();
        let escaped = escaped(words);
        // What would begin a heading or a list.
        let number = escaped.trim_start_matches(|char: char| char.is_ascii_digit());
        let is_number = number.len() < escaped.len() && number.starts_with(['.', ')']);
        if is_first && is_number {
            let digits = escaped.len() - number.len();
            self.text.push_str(&escaped[..digits]);
            self.text.push('\\');
            self.text.push_str(number);
            return;
        }
        if is_first && escaped.starts_with(['#', '-', '+', '=', '~', '>', '|']) {
            self.text.push('\\');
        }
        self.text.push_str(&escaped);
    }

    /// Writes signs as they are.
    pub(super) fn signs(&mut self, signs: &str) {
        self.begin();
        self.text.push_str(signs);
    }

    pub(super) fn space(&mut self) {
        if self.due == 0 && !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }

    /// Writes a block of code.
    pub(super) fn code(&mut self, code: &str, language: &str) {
        let mut fence = "```".to_owned();
        while code.contains(&fence) {
            fence.push('`');
        }
        self.block();
        self.signs(&format!("{fence}{language}"));
        for line in code.lines() {
            self.line();
            self.signs(line);
        }
        self.line();
        self.signs(&fence);
        self.block();
    }

    /// The text as a whole.
    pub(super) fn finish(self) -> String {
        let trimmed = self.text.trim_end();
        if trimmed.is_empty() { String::new() } else { format!("{trimmed}\n\n") }
    }

    /// Begins the line that is due; whether one begins.
    fn begin(&mut self) -> bool {
        let is_first = self.due > 0 || self.text.is_empty();
        if !is_first {
            return false;
        }
        let marks: String = self.open.iter().filter(|frame| frame.is_begun).map(|frame| frame.rest).collect();
        if !self.text.is_empty() {
            // Items stand close together.
            let is_item = self.open.last().is_some_and(|frame| frame.first.is_some());
            let is_close = is_item && self.open.len() > 1 || self.due == 1;
            self.text.push('\n');
            if !is_close {
                self.text.push_str(marks.trim_end());
                self.text.push('\n');
            }
        }
        for frame in &mut self.open {
            frame.is_begun = true;
            match frame.first.take() {
                Some(first) => self.text.push_str(&first),
                None => self.text.push_str(frame.rest),
            }
        }
        self.due = 0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_markdown() {
        let mut markdown = Markdown::default();
        markdown.words("1. a * b");
        markdown.open("ul", 0);
        markdown.open("li", 0);
        markdown.words("x");
        markdown.close("li");
        markdown.open("li", 0);
        markdown.words("y");
        markdown.code("let a;\n```", "rust");
        markdown.close("li");
        markdown.close("ul");
        markdown.open("blockquote", 0);
        markdown.words("# q");
        markdown.block();
        markdown.words("r");
        markdown.close("blockquote");
        assert_eq!(
            markdown.finish(),
            "1\\. a \\* b\n- x\n- y\n\n  ````rust\n  let a;\n  ```\n  ````\n\n> \\# q\n>\n> r\n\n"
        );
    }
}
