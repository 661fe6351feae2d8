//! Sheets: how an answer stands on a terminal, before anybody has laid it out.

use serde::Serialize;

/// An answer as rows or as fields, and what stands beside them.
pub struct Sheet {
    /// What stands above it, in lines.
    pub head: Vec<String>,
    /// What it is made of.
    pub content: SheetContent,
    /// What stands beside it, above all what is missing from it.
    pub notes: Vec<(&'static str, String)>,
}

/// What a sheet is made of.
pub enum SheetContent {
    /// A list.
    Rows(Vec<SheetRow>),
    /// Steps to go one after another.
    Steps(Vec<SheetRow>),
    /// One thing whole.
    Fields(SheetFields),
}

/// An item of a list.
pub struct SheetRow {
    /// What to call it by.
    pub id: String,
    /// What readers call it.
    pub title: String,
    /// Where the site shows it.
    pub url: Option<String>,
    /// What else to know, in one line.
    pub remark: String,
    /// What else to know, in lines of its own.
    pub below: Vec<String>,
    /// The item as JSON.
    pub json: String,
}

/// Names and values, some of them with names and values inside.
#[derive(Default)]
pub struct SheetFields {
    /// In this order.
    pub fields: Vec<(&'static str, SheetValue)>,
    /// All of it as JSON.
    pub json: String,
}

/// The value of a field.
pub enum SheetValue {
    /// Text.
    Text(String),
    /// Fields.
    Fields(Vec<(String, String)>),
}

impl Sheet {
    /// A list of what `dress` makes of `items`.
    pub fn rows<T: Serialize>(items: &[T], dress: impl Fn(&T) -> SheetRow) -> Self {
        Self::list(SheetRow::all(items, dress))
    }

    /// A list of these rows.
    pub fn list(rows: Vec<SheetRow>) -> Self {
        Self { head: Vec::new(), content: SheetContent::Rows(rows), notes: Vec::new() }
    }

    /// Steps that `dress` makes of `items`.
    pub fn steps<T: Serialize>(items: &[T], dress: impl Fn(&T) -> SheetRow) -> Self {
        Self { head: Vec::new(), content: SheetContent::Steps(SheetRow::all(items, dress)), notes: Vec::new() }
    }

    /// `answer` whole, as these fields.
    pub fn fields<T: Serialize>(answer: &T, mut fields: SheetFields) -> Self {
        fields.json = json(answer);
        Self { head: Vec::new(), content: SheetContent::Fields(fields), notes: Vec::new() }
    }

    /// The same below these lines.
    #[must_use]
    pub fn headed(self, head: Vec<String>) -> Self {
        Self { head, ..self }
    }

    /// The same with a note, unless there is nothing to say.
    #[must_use]
    pub fn note(mut self, name: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.notes.push((name, text));
        }
        self
    }

    /// The same with a note where `is_so`.
    #[must_use]
    pub fn note_if(self, name: &'static str, is_so: bool) -> Self {
        self.note(name, if is_so { "yes" } else { "" })
    }
}

fn json<T: Serialize>(value: &T) -> String {
    // Answers are made of strings, numbers and maps with names, which always serialise.
    serde_json::to_string(value).unwrap_or_default()
}

impl SheetRow {
    /// What `dress` makes of `items`, each with its JSON.
    pub fn all<T: Serialize>(items: &[T], dress: impl Fn(&T) -> Self) -> Vec<Self> {
        items.iter().map(|item| Self { json: json(item), ..dress(item) }).collect()
    }

    /// A row with remarks, of which empty ones do not count.
    pub fn new(id: &str, title: &str, url: &str, remarks: &[&str]) -> Self {
        let remarks: Vec<&str> = remarks.iter().copied().filter(|remark| !remark.is_empty()).collect();
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            url: Some(url.to_owned()),
            remark: remarks.join("; "),
            below: Vec::new(),
            json: String::new(),
        }
    }
}

impl SheetFields {
    /// The same with a text, unless it is empty.
    #[must_use]
    pub fn text<T: ToString + ?Sized>(mut self, name: &'static str, text: &T) -> Self {
        let text = text.to_string();
        if !text.is_empty() {
            self.fields.push((name, SheetValue::Text(text)));
        }
        self
    }

    /// The same with a text where there is one.
    #[must_use]
    pub fn maybe<T: ToString>(self, name: &'static str, text: Option<&T>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// The same with a list, unless it is empty.
    #[must_use]
    pub fn list(self, name: &'static str, entries: impl IntoIterator<Item = impl ToString>) -> Self {
        let entries: Vec<String> = entries.into_iter().map(|entry| entry.to_string()).collect();
        self.text(name, &entries.join(", "))
    }

    /// The same with fields inside a field.
    #[must_use]
    pub fn inside(
        mut self,
        name: &'static str,
        fields: impl IntoIterator<Item = (impl ToString, impl ToString)>,
    ) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.to_string(), value.to_string()));
        self.fields.push((name, SheetValue::Fields(fields.collect())));
        self
    }
}
