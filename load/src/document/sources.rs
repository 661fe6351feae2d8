//! Sources of documents: files of Markdown and HTML, rows of JSON Lines, entries of the central file.

use std::borrow::Cow;

use super::{Document, place_at};
use crate::draft::Draft;
use crate::row::{RowPage, SiteRow};
use crate::site::NoPage;
use crate::site::is_site_address;
use crate::value::{Node, Value};
use crate::web::WebPage;
use gradus_corpus::{Code, Position};

impl Draft {
    /// Adds a Markdown document.
    pub(crate) fn markdown(&mut self, path: &str, file: u32, text: &str, questions: Option<Value>) {
        let n_told = self.diagnostics.len();
        if text.trim().is_empty() {
            self.tell_at(Code::EmptyPage, Position { file, line: 0, column: 0 }, 0, "the file is empty".to_owned());
        }
        let (mut fields, body, body_line) = self.metadata(file, text);
        if let Some(questions) = questions {
            fields.push(("questions".to_owned(), questions));
        }
        let position = Position { file, line: 1, column: 1 };
        let has_front_matter = text.starts_with(['-', '+', '{']) && body.len() < text.len();
        let document = Document { path, fields, body, body_line, position, is_file: true, has_front_matter, web: None };
        if let Err(NoPage(why)) = self.add(document) {
            // What is wrong with a file that nobody sees as a page need not be told.
            let forgotten = self.diagnostics.split_off(n_told.min(self.diagnostics.len()));
            forgotten.iter().for_each(|told| self.limits.forget(told.code));
            let message = format!("this is no page of the site: {why}");
            self.tell_at(Code::NotAPage, Position { line: 0, column: 0, ..position }, 0, message);
        }
    }

    /// Adds a page of a published site.
    pub(crate) fn html(&mut self, path: &str, file: u32, text: &str) {
        let position = Position { file, line: 1, column: 1 };
        if let Some(why) = self.survey.no_page(path) {
            let message = format!("this is no page of the site: {why}");
            return self.tell_at(Code::NotAPage, Position { line: 0, column: 0, ..position }, 0, message);
        }
        let mut page = WebPage::read(text, path, &self.survey);
        let mut fields = std::mem::take(&mut page.fields);
        fields.iter_mut().for_each(|(_, value)| place_at(value, position));
        self.add_page(Document {
            path,
            fields,
            body: "",
            body_line: 1,
            position,
            has_front_matter: true,
            is_file: true,
            web: Some(page),
        });
    }

    /// Adds a page that its author wrote in HTML, with front matter, for a generator.
    pub(crate) fn content_html(&mut self, path: &str, file: u32, text: &str) {
        let (fields, body, body_line) = self.metadata(file, text);
        // The tree counts lines from the top of what it is given.
        let above = "\n".repeat(body_line.saturating_sub(1) as usize);
        let source = above + &without_shortcodes(body);
        let web = Some(WebPage::part(&source));
        let position = Position { file, line: 1, column: 1 };
        let has_front_matter = body.len() < text.len();
        let document = Document { path, fields, body: "", body_line, position, is_file: true, has_front_matter, web };
        if let Err(NoPage(why)) = self.add(document) {
            let message = format!("this is no page of the site: {why}");
            self.tell_at(Code::NotAPage, Position { line: 0, column: 0, ..position }, 0, message);
        }
    }

    /// Adds line `n` of a JSON Lines file.
    pub(crate) fn json_line(&mut self, file: u32, n: u32, line: &[u8]) {
        if line.trim_ascii().is_empty() {
            return;
        }
        let position = Position { file, line: n, column: 1 };
        // Only rows that are written here have sections.
        if memchr::memmem::find(line, b"\"sections\":[").is_some()
            && let Some(row) = RowPage::read(line)
        {
            return self.row(row);
        }
        let Some(mut value) = self.json_object(file, n, line) else { return };
        if value.get("kind").and_then(Value::text) == Some("site")
            && let Ok(row) = serde_json::from_slice::<SiteRow<'_>>(line)
        {
            return self.site_of_row(row);
        }
        if let Some(sections) = value.get("sections").filter(|sections| matches!(sections.node, Node::List(_))) {
            let message = "`sections` do not fit this row as they are written by an export; the body is read anew";
            self.tell_at(Code::InvalidValue, sections.key.position, sections.key.len, message.to_owned());
        }
        // Edges stand in exports for other tools; the pages say the same.
        if value.get("kind").and_then(Value::text) == Some("edge") {
            return;
        }
        let text = |key: &str| value.get(key).and_then(Value::text).unwrap_or_default().to_owned();
        let (body, path) = (text("body"), text("path"));
        if let Node::Map(members) = &mut value.node {
            members.retain(|(key, _)| key != "body");
        }
        let fields = self.named(value);
        self.add_page(Document {
            path: &path,
            fields,
            body: &body,
            body_line: n,
            position,
            is_file: false,
            has_front_matter: false,
            web: None,
        });
    }

    /// Takes what a row says of the site as a whole, where the site's settings do not say it.
    fn site_of_row(&mut self, row: SiteRow<'_>) {
        let take = |own: &mut Option<String>, said: Option<Cow<'_, str>>| {
            if own.is_none() {
                *own = said.map(Cow::into_owned);
            }
        };
        take(&mut self.config.title, row.title);
        take(&mut self.config.base_url, row.base_url.filter(|url| is_site_address(url)));
        take(&mut self.config.lang, row.lang);
    }

    /// Adds a concept of the central file that has no file of its own.
    pub(crate) fn declare_central(&mut self, slug: &str, fields: Value, position: Position) {
        let mut fields = self.named(fields);
        fields.insert(0, ("id".to_owned(), Value::of_text(slug)));
        fields.insert(0, ("kind".to_owned(), Value::of_text("concept")));
        self.add_page(Document {
            path: "",
            fields,
            body: "",
            body_line: position.line,
            position,
            is_file: false,
            has_front_matter: false,
            web: None,
        });
    }
}

/// `html` with blanks in place of the shortcodes and tags of templates.
fn without_shortcodes(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('{') {
        let close = match rest.as_bytes().get(at + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => {
                kept.push_str(&rest[..=at]);
                rest = &rest[at + 1..];
                continue;
            }
        };
        let Some(len) = rest[at..].find(close).map(|len| len + close.len()) else { break };
        kept.push_str(&rest[..at]);
        kept.extend(rest[at..at + len].chars().map(|char| if char == '\n' { '\n' } else { ' ' }));
        rest = &rest[at + len..];
    }
    kept + rest
}
