//! Documents: from fields and a body to a page of the draft.

use crate::body::{self, Body};
use crate::draft::Draft;
use crate::fields::{self, canonical, is_often_prose, list, reference};
use crate::value::{Node, Value, narrow};
use crate::withheld::Shown;
use gradus_corpus::{Access, Code, Edge, Kind, Origin, Page, Position, Relation, Strength};

/// Words a minute of a careful reader of technical text: Brysbaert (2019) finds 238 for English non-fiction, and code and
/// formulas slow that down.
const WORDS_A_MINUTE: usize = 200;

/// Fields that are one text each.
const TEXTS: &[&str] = &["title", "id", "slug", "url", "description", "kind", "lang", "draft", "order"];

/// A document before its fields are read.
struct Document<'a> {
    /// Relative path; empty where it has none.
    path: &'a str,
    fields: Vec<(String, Value)>,
    body: &'a str,
    body_line: u32,
    /// What edges are told to come from.
    position: Position,
}

impl Document<'_> {
    /// The field `name`, by its own name first, then by foreign ones.
    fn get(&self, name: &str) -> Option<&Value> {
        self.named(name).map(|(_, value)| value)
    }

    fn named(&self, name: &str) -> Option<&(String, Value)> {
        // An empty field does not hide what another one says.
        let mut given = self.fields.iter().filter(|(_, value)| !matches!(value.node, Node::Null));
        let own = given.clone().find(|(key, _)| key == name);
        own.or_else(|| given.find(|(key, _)| canonical(key) == Some(name)))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::text)
    }

    fn list(&self, name: &str) -> Vec<Box<str>> {
        self.get(name).map(list).unwrap_or_default()
    }
}

impl Draft {
    /// Adds a Markdown document.
    pub(crate) fn markdown(&mut self, path: &str, file: u32, text: &str, questions: Option<Value>) {
        if text.trim().is_empty() {
            self.tell_at(Code::EmptyPage, Position { file, line: 0, column: 0 }, 0, "the file is empty".to_owned());
        }
        let (mut fields, body, body_line) = self.metadata(file, text);
        if let Some(questions) = questions {
            fields.push(("questions".to_owned(), questions));
        }
        let position = Position { file, line: 1, column: 1 };
        self.add(Document { path, fields, body, body_line, position });
    }

    /// Adds line `n` of a JSON Lines file.
    pub(crate) fn json_line(&mut self, file: u32, n: u32, line: &[u8]) {
        if line.trim_ascii().is_empty() {
            return;
        }
        let position = Position { file, line: n, column: 1 };
        let Some(mut value) = self.json_object(file, n, line) else { return };
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
        self.add(Document { path: &path, fields, body: &body, body_line: n, position });
    }

    /// Adds a concept of the central file that has no file of its own.
    pub(crate) fn declare_central(&mut self, slug: &str, fields: Value, position: Position) {
        let mut fields = self.named(fields);
        fields.insert(0, ("id".to_owned(), Value::of_text(slug)));
        fields.insert(0, ("kind".to_owned(), Value::of_text("concept")));
        self.add(Document { path: "", fields, body: "", body_line: position.line, position });
    }

    fn add(&mut self, mut document: Document<'_>) {
        let kind = self.kind(&document);
        let declared = document.text("id").or_else(|| document.text("slug")).map(|id| slug_of(id, kind));
        let derived = derived_slug(document.path, document.text("title"));
        let slug = declared.clone().unwrap_or_else(|| derived.clone());
        document.fields.extend(self.central_metadata(kind, &slug, document.path));
        let shown = self.shown(&document.fields);
        if shown == Shown::Nowhere {
            return;
        }
        self.changed_id(document.get("id"), &slug, kind);
        let Some(slug) = self.free_slug(kind, slug, declared.is_some(), &document) else { return };
        self.misshapen(&document);
        let access = self.access_of(&document.fields);
        let mut body = body::read(document.body, document.body_line, self.config.anchors, access);
        let idx = narrow(self.pages.len() as u64);
        let is_titled = body.title.is_some();
        let mut page = self.page(&document, kind, &slug, access, &mut body);
        page.is_searchable = shown == Shown::Whole;
        if page.description.is_none() && kind == Kind::Concept {
            self.tell_at(Code::UndefinedConcept, document.position, 0, format!("'{}' has no definition", page.title));
        }
        self.relations(idx, &document);
        self.questions(idx, &mut page, document.get("questions"));
        let lines = std::mem::take(&mut body.lines);
        page.sections = body.sections;
        self.headings(&page, is_titled, &lines, document.position.file);
        self.unclosed_code(document.body, document.position.file, document.body_line);
        if !document.body.is_empty() || !document.fields.is_empty() {
            self.without_text(&page, document.body, document.position);
        }
        if !page.sections.is_empty() {
            self.text_lines.push((idx, lines));
        }
        self.links.extend(body.links.into_iter().map(|mut link| {
            link.line = link.line.max(1);
            (idx, link)
        }));
        self.pages.push(page);
    }

    /// Tells of texts that are lists or maps.
    fn misshapen(&mut self, document: &Document<'_>) {
        for (name, value) in &document.fields {
            if canonical(name).is_some_and(|name| TEXTS.contains(&name))
                && matches!(value.node, Node::List(_) | Node::Map(_))
            {
                self.tell_at(
                    Code::InvalidValue,
                    value.position,
                    value.len,
                    format!("`{name}` is a text, not a list or a map"),
                );
            }
        }
    }

    fn kind(&mut self, document: &Document<'_>) -> Kind {
        let folder = |name: &str| document.path.split('/').rev().skip(1).any(|segment| segment == name);
        let by_place = if folder("concepts") || folder("glossary") { Kind::Concept } else { Kind::Guide };
        self.choice(document, "kind", Kind::parse).unwrap_or(by_place)
    }

    /// The value of a field that has few.
    fn choice<T>(&mut self, document: &Document<'_>, name: &str, parse: fn(&str) -> Option<T>) -> Option<T> {
        let value = document.get(name)?;
        let text = value.text()?;
        let parsed = parse(text);
        if parsed.is_none() {
            self.tell_at(Code::InvalidValue, value.position, value.len, format!("'{text}' is no {name}"));
        }
        parsed
    }

    /// A slug that no other page of the kind has. Where the file name made it, the folders help; where the author gave
    /// it, the page is left out.
    fn free_slug(&mut self, kind: Kind, slug: String, is_declared: bool, document: &Document<'_>) -> Option<String> {
        if self.take(kind, &slug) {
            return Some(slug);
        }
        let by_path = path_slug(document.path);
        let (position, len) = document
            .get("id")
            .or_else(|| document.get("slug"))
            .map_or((document.position, 0), |id| (id.position, id.len));
        if !is_declared && !by_path.is_empty() && self.is_free(kind, &by_path) {
            self.take(kind, &by_path);
            self.tell_at(
                Code::DuplicateId,
                position,
                len,
                format!("another {kind} is called '{slug}'; this one is '{by_path}'"),
            );
            return Some(by_path);
        }
        self.tell_at(
            Code::DuplicateId,
            position,
            len,
            format!("another {kind} has the id '{slug}'; this one is left out"),
        );
        None
    }

    fn page(&mut self, document: &Document<'_>, kind: Kind, slug: &str, access: Access, body: &mut Body) -> Page {
        let mut page = Page::new(kind, slug);
        let title = document.text("title").map(str::to_owned).or_else(|| body.title.take());
        let is_untitled = title.is_none();
        if let Some(title) = title {
            page.title = title.into();
        }
        let base = self.config.base_url.as_deref().unwrap_or_default();
        page.url = match document.text("url") {
            Some(url) if url.contains("://") => url.into(),
            Some(url) => format!("{base}/{}", url.trim_start_matches('/')).into(),
            None if document.path.is_empty() => format!("{base}{}", page.url).into(),
            None => format!("{base}{}", url_path(document.path)).into(),
        };
        page.path = document.path.into();
        page.description =
            document.text("description").map(Into::into).or_else(|| body.first_paragraph.take().map(Into::into));
        let (urls, names) = aliases(document);
        page.old_urls = urls;
        page.names = names;
        page.names.retain(|name| **name != *page.title);
        page.category = document.list("category").into_iter().next();
        page.tags = document.list("tags");
        page.tracks = document.list("tracks");
        page.level = self.level_of(document.get("level"));
        page.sources = document.get("sources").map(fields::sources).unwrap_or_default();
        let lang = document.text("lang").map(Into::into);
        page.lang = lang.or_else(|| self.config.lang.as_deref().map(Into::into));
        page.updated = self.updated_of(document.get("updated"));
        page.authors = document.list("authors");
        page.access = access;
        page.order = self.choice(document, "order", |text| text.parse().ok());
        page.series = document.list("series").into_iter().next();
        page.position = document.position;
        self.time(document, &mut page, body.n_words);
        if is_untitled {
            let title = document.fields.iter().find(|(name, _)| canonical(name) == Some("title"));
            self.untitled(title.map(|(_, value)| value), &page, document.position);
        }
        self.place_in_series(document.get("order"), &page);
        page
    }

    fn time(&mut self, document: &Document<'_>, page: &mut Page, n_words: usize) {
        let words = n_words + page.description.as_deref().map_or(0, |text| text.split_whitespace().count());
        page.minutes = narrow(words.div_ceil(WORDS_A_MINUTE) as u64).max(1);
        if let Some(minutes) = self.time_of(document.get("time")) {
            page.minutes = minutes;
            page.estimated = false;
        }
    }

    /// The edges that the fields declare.
    fn relations(&mut self, page: u32, document: &Document<'_>) {
        let declared = [
            ("prerequisites", Relation::Requires, Strength::Required),
            ("recommended", Relation::Requires, Strength::Recommended),
            ("teaches", Relation::Teaches, Strength::Required),
            ("related", Relation::Related, Strength::Required),
            ("companion", Relation::Companion, Strength::Required),
            ("contrasts", Relation::Contrasts, Strength::Required),
            ("part_of", Relation::PartOf, Strength::Required),
            ("improves_on", Relation::ImprovesOn, Strength::Required),
        ];
        for (field, relation, strength) in declared {
            let Some((name, value)) = document.named(field) else { continue };
            for entry in value.entries() {
                let written = value.written.as_deref().unwrap_or(name);
                self.relation(page, relation, strength, (written, entry), is_often_prose(name));
            }
        }
        for entry in document.get("related_exclude").map_or(&[][..], Value::entries) {
            if let Some(text) = reference(entry).and_then(Value::text) {
                let reference = self.references.intern(text);
                self.excluded.push((page, reference));
            }
        }
    }

    fn relation(
        &mut self,
        page: u32,
        relation: Relation,
        strength: Strength,
        (field, entry): (&str, &Value),
        may_be_prose: bool,
    ) {
        let Some((text, value)) = reference(entry).and_then(|value| Some((value.text()?, value))) else {
            return self.no_reference(field, entry);
        };
        let strength = match entry.get("strength") {
            None => strength,
            Some(given) => given.text().and_then(Strength::parse).unwrap_or_else(|| {
                let message = "a strength is `required` or `recommended`".to_owned();
                self.tell_at(Code::InvalidValue, given.position, given.len, message);
                strength
            }),
        };
        let is_central = self.central_file == Some(value.position.file);
        self.edges.push(Edge {
            from: gradus_corpus::PageId(page),
            relation,
            to: gradus_corpus::PageId(self.references.intern(text)),
            strength,
            origin: if is_central { Origin::Central } else { Origin::FrontMatter },
            count: u32::from(!may_be_prose),
            reason: entry.get("reason").and_then(Value::text).map(Into::into),
            position: value.position,
        });
    }
}

/// Old URLs and other names: an entry that begins with `/` or holds `://` is a URL.
fn aliases(document: &Document<'_>) -> (Vec<Box<str>>, Vec<Box<str>>) {
    let entries = document.fields.iter().filter(|(key, _)| matches!(canonical(key), Some("aliases" | "aka")));
    let mut all: Vec<Box<str>> = entries.flat_map(|(_, value)| list(value)).collect();
    let mut seen = rustc_hash::FxHashSet::default();
    all.retain(|entry| seen.insert(entry.clone()));
    all.into_iter().partition(|entry| entry.starts_with('/') || entry.contains("://"))
}

/// The slug that an author's id means: without its kind, one path segment.
fn slug_of(id: &str, kind: Kind) -> String {
    let id = id.strip_prefix(kind.as_str()).and_then(|id| id.strip_prefix(':')).unwrap_or(id);
    let id = id.trim_matches('/');
    id.rsplit('/').next().unwrap_or(id).replace(char::is_whitespace, "-")
}

/// `01-intro` as `intro`.
fn without_number(segment: &str) -> &str {
    let rest = segment.trim_start_matches(|char: char| char.is_ascii_digit());
    let stripped = rest.strip_prefix(['-', '_', '.']).map(|rest| rest.trim_start_matches([' ', '-']));
    stripped
        .filter(|rest| rest.len() < segment.len() - 1 && !rest.is_empty() && rest.starts_with(char::is_alphabetic))
        .unwrap_or(segment)
}

/// The segments of a path as URLs show them: without extension, numbers and a last `index`.
fn segments(path: &str) -> Vec<&str> {
    let stem = if gradus_corpus::names::is_markdown(path) {
        path.rsplit_once('.').map_or(path, |(stem, _)| stem)
    } else {
        path
    };
    let mut segments: Vec<&str> =
        stem.split('/').filter(|segment| !segment.is_empty() && *segment != ".").map(without_number).collect();
    if segments.last().is_some_and(|last| matches!(*last, "index" | "_index" | "README" | "readme")) {
        segments.pop();
    }
    segments
}

fn url_path(path: &str) -> String {
    format!("/{}", segments(path).join("/"))
}

fn derived_slug(path: &str, title: Option<&str>) -> String {
    let slug = segments(path).last().map_or_else(|| title.unwrap_or("index").to_lowercase(), |last| (*last).to_owned());
    slug.replace(|char: char| char.is_whitespace() || char == '/', "-")
}

fn path_slug(path: &str) -> String {
    segments(path).join("-").replace(char::is_whitespace, "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_make_slugs_and_urls() {
        let cases = ["01-intro.md", "docs/02_setup/README.md", "a/b c.mdx", "3d.md", "2024.md", "1.2.md"];
        let made: Vec<String> =
            cases.iter().map(|path| format!("{} {}", derived_slug(path, None), url_path(path))).collect();
        assert_eq!(made, ["intro /intro", "setup /docs/setup", "b-c /a/b c", "3d /3d", "2024 /2024", "1.2 /1.2"]);
    }
}
