//! Documents: from fields and a body to a page of the draft.

use crate::body::{self, Body, Dialect};
use crate::draft::{Draft, PendingConcept};
use crate::fields::{self, canonical, is_often_prose, list, reference};
use crate::value::{Node, Value, json, locate, narrow, null};
use crate::{front_matter, questions};
use gradus_corpus::{Access, Edge, Kind, Level, Origin, Page, Position, Relation, Strength};

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
        let own = self.fields.iter().find(|(key, _)| key == name);
        own.or_else(|| self.fields.iter().find(|(key, _)| canonical(key) == Some(name)))
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
        let parts = front_matter::split(text);
        let mut fields = match parts.fields {
            Ok(mut fields) => {
                fields.shift(file, 0);
                fields
            }
            Err(error) => {
                let position = Position { file, line: error.line, column: error.column };
                self.tell_at("G001", position, 0, format!("the front matter cannot be read: {}", error.message));
                self.without_fields(parts.header)
            }
        };
        if text.trim().is_empty() {
            self.tell_at("G018", Position { file, line: 0, column: 0 }, 0, "the file is empty".to_owned());
        }
        if !matches!(fields.node, Node::Map(_) | Node::Null) {
            self.tell_at("G001", fields.position, 0, "the front matter is no map of fields".to_owned());
            fields = null();
        }
        let mut fields = self.own_names(fields);
        if let Some(questions) = questions {
            fields.push(("questions".to_owned(), questions));
        }
        let position = Position { file, line: 1, column: 1 };
        self.add(Document { path, fields, body: parts.body, body_line: parts.body_line, position });
    }

    /// Adds line `n` of a JSON Lines file.
    pub(crate) fn json_line(&mut self, file: u32, n: u32, line: &[u8]) {
        if line.trim_ascii().is_empty() {
            return;
        }
        let position = Position { file, line: n, column: 1 };
        let mut value = match json(line) {
            Ok(value) if matches!(value.node, Node::Map(_)) => value,
            Ok(_) => return self.tell_at("G015", position, 0, "the line is no JSON object".to_owned()),
            Err(error) => {
                let position = Position { column: error.column, ..position };
                return self.tell_at("G015", position, 0, format!("the line is not JSON: {}", error.message));
            }
        };
        // Edges stand in exports for other tools; the pages say the same.
        if value.get("kind").and_then(Value::text) == Some("edge") {
            return;
        }
        let text = |key: &str| value.get(key).and_then(Value::text).unwrap_or_default().to_owned();
        let (body, path) = (text("body"), text("path"));
        if let Node::Map(members) = &mut value.node {
            members.retain(|(key, _)| key != "body");
        }
        if let Ok(line) = std::str::from_utf8(line) {
            locate(&mut value, line, n);
            value.shift(file, 0);
        }
        let fields = self.own_names(value);
        self.add(Document { path: &path, fields, body: &body, body_line: n, position });
    }

    /// Adds a concept of the central file that has no file of its own.
    pub(crate) fn declare_central(&mut self, slug: &str, fields: Value, position: Position) {
        let mut fields = self.own_names(fields);
        let known = |value: &str| Value { node: Node::Text(value.to_owned()), ..null() };
        fields.insert(0, ("id".to_owned(), known(slug)));
        fields.insert(0, ("kind".to_owned(), known("concept")));
        self.add(Document { path: "", fields, body: "", body_line: position.line, position });
    }

    /// The fields of a page whose front matter cannot be read: none, but where it speaks of access the page is locked.
    /// A slip of the pen must not publish what was to be paid for.
    fn without_fields(&self, header: &str) -> Value {
        let foreign = self.config.fields.iter().filter(|(_, ours)| *ours == "access").map(|(name, _)| name.as_str());
        if !std::iter::once("access").chain(foreign).any(|name| header.contains(name)) {
            return null();
        }
        let locked = Value { node: Node::Text(Access::Pro.as_str().to_owned()), ..null() };
        Value { node: Node::Map(vec![("access".to_owned(), locked)]), ..null() }
    }

    /// The members of `fields`, with the site's own field names replaced. What stands in a map has a dotted name too.
    fn own_names(&self, fields: Value) -> Vec<(String, Value)> {
        let mut members = fields.members().unwrap_or_default();
        let inner = members.iter().filter_map(|(name, value)| match &value.node {
            Node::Map(inner) => Some(inner.iter().map(move |(key, value)| (format!("{name}.{key}"), value))),
            _ => None,
        });
        let means_something = |name: &str| canonical(name).is_some() || self.config.fields.contains_key(name);
        let dotted: Vec<(String, Value)> = inner
            .flatten()
            .filter(|(name, _)| means_something(name))
            .map(|(name, value)| (name, value.clone()))
            .collect();
        members.extend(dotted);
        for (name, _) in &mut members {
            if let Some(ours) = self.config.fields.get(name) {
                name.clone_from(ours);
            }
        }
        members
    }

    fn add(&mut self, mut document: Document<'_>) {
        let kind = self.kind(&document);
        let declared = document.text("id").or_else(|| document.text("slug")).map(|id| slug_of(id, kind));
        let derived = derived_slug(document.path, document.text("title"));
        let slug = declared.clone().unwrap_or_else(|| derived.clone());
        if let Some(central) = self.central_fields(kind, &slug, document.path).and_then(Value::members) {
            document.fields.extend(central);
        }
        if document.text("draft").is_some_and(|draft| draft.eq_ignore_ascii_case("true")) {
            return self.tell_at("G027", document.position, 0, format!("'{slug}' is a draft"));
        }
        let Some(slug) = self.free_slug(kind, slug, declared.is_some(), &document) else { return };
        self.misshapen(&document);
        let access = self.access(&document, kind);
        let mut body =
            body::read(document.body, document.body_line, Dialect::of(document.path, self.config.anchors), access);
        let idx = narrow(self.pages.len() as u64);
        let mut page = self.page(&document, kind, &slug, access, &mut body);
        if page.description.is_none() && kind == Kind::Concept {
            self.tell_at("G024", document.position, 0, format!("'{}' has no definition", page.title));
        }
        self.relations(idx, &document);
        self.questions(idx, &mut page, &document);
        if !body.sections.is_empty() {
            self.places.push((idx, body.places));
        }
        page.sections = body.sections;
        page.anchors = body.ids;
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
                self.tell_at("G008", value.position, value.len, format!("`{name}` is a text, not a list or a map"));
            }
        }
    }

    /// Who may read a page whole. What cannot be understood is locked: a guess could show what was to be paid for.
    fn access(&mut self, document: &Document<'_>, kind: Kind) -> Access {
        let Some(value) = document.get("access").filter(|value| !matches!(value.node, Node::Null)) else {
            return Access::Free;
        };
        let given = value.text().unwrap_or_default().to_lowercase();
        let access = Access::parse(&given).unwrap_or_else(|| {
            self.tell_at("G008", value.position, value.len, "an access is `free` or `pro`; this is `pro`".to_owned());
            Access::Pro
        });
        if kind == Kind::Concept && access == Access::Pro {
            self.tell_at("G008", value.position, value.len, "only guides have an access; concepts are free".to_owned());
            return Access::Free;
        }
        access
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
            self.tell_at("G008", value.position, value.len, format!("'{text}' is no {name}"));
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
            self.tell_at("G004", position, len, format!("another {kind} is called '{slug}'; this one is '{by_path}'"));
            return Some(by_path);
        }
        self.tell_at("G004", position, len, format!("another {kind} has the id '{slug}'; this one is left out"));
        None
    }

    fn page(&mut self, document: &Document<'_>, kind: Kind, slug: &str, access: Access, body: &mut Body) -> Page {
        let mut page = Page::new(kind, slug);
        let title = document.text("title").map(str::to_owned).or_else(|| body.title.take());
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
        page.level = self.level(document);
        page.sources = document.get("sources").map(fields::sources).unwrap_or_default();
        let lang = document.text("lang").map(Into::into);
        page.lang = lang.or_else(|| self.config.lang.as_deref().map(Into::into));
        page.updated = document
            .get("updated")
            .and_then(|updated| updated.text().or_else(|| updated.get("date")?.text()))
            .map(Into::into);
        page.authors = document.list("authors");
        page.access = access;
        page.order = self.choice(document, "order", |text| text.parse().ok());
        page.series = document.list("series").into_iter().next();
        page.position = document.position;
        self.time(document, &mut page, body.n_words);
        page
    }

    fn level(&mut self, document: &Document<'_>) -> Option<Level> {
        // Lists of levels, as some sites have them, mean their first.
        let value = document.get("level")?.entries().first()?;
        let text = value.text()?;
        let level = fields::level(text);
        if level.is_none() {
            self.tell_at(
                "G008",
                value.position,
                value.len,
                format!("'{text}' is none of beginner, intermediate, advanced"),
            );
        }
        level
    }

    fn time(&mut self, document: &Document<'_>, page: &mut Page, n_words: usize) {
        let words = n_words + page.description.as_deref().map_or(0, |text| text.split_whitespace().count());
        page.minutes = narrow(words.div_ceil(WORDS_A_MINUTE) as u64).max(1);
        let Some(value) = document.get("time") else { return };
        match value.text().and_then(fields::minutes) {
            Some(minutes) => {
                page.minutes = minutes;
                page.estimated = false;
            }
            None => {
                let shown = value.text().unwrap_or("this");
                let message = format!("'{shown}' is no time; write minutes, `25m`, `1h30m` or `PT25M`");
                self.tell_at("G008", value.position, value.len, message);
            }
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
                self.relation(page, relation, strength, entry, is_often_prose(name));
            }
        }
        for entry in document.get("related_exclude").map_or(&[][..], Value::entries) {
            if let Some(text) = reference(entry).and_then(Value::text) {
                let reference = self.references.intern(text);
                self.excluded.push((page, reference));
            }
        }
    }

    fn relation(&mut self, page: u32, relation: Relation, strength: Strength, entry: &Value, may_be_prose: bool) {
        let Some((text, value)) = reference(entry).and_then(|value| Some((value.text()?, value))) else {
            if !matches!(entry.node, Node::Null) {
                let message = format!("this entry of `{relation}` names no page; write a name or `{{concept: name}}`");
                self.tell_at("G008", entry.position, entry.len, message);
            }
            return;
        };
        let strength = match entry.get("strength") {
            None => strength,
            Some(given) => given.text().and_then(Strength::parse).unwrap_or_else(|| {
                let message = "a strength is `required` or `recommended`".to_owned();
                self.tell_at("G008", given.position, given.len, message);
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

    fn questions(&mut self, idx: u32, page: &mut Page, document: &Document<'_>) {
        let entries = document.get("questions").map_or(&[][..], Value::entries);
        for (n, entry) in (1..).zip(entries) {
            let (question, concepts) = match questions::read(n, entry) {
                Ok(read) => read,
                Err(why) => {
                    self.tell_at("G016", entry.position, entry.len, why);
                    continue;
                }
            };
            if page.questions.iter().any(|other| other.id == question.id) {
                self.tell_at(
                    "G017",
                    entry.position,
                    entry.len,
                    format!("another question is called '{}'", question.id),
                );
                continue;
            }
            for concept in concepts.map_or(&[][..], Value::entries).iter().filter_map(reference) {
                if let Some(text) = concept.text() {
                    let reference = self.references.intern(text);
                    let question_idx = page.questions.len();
                    self.question_concepts.push(PendingConcept {
                        page: idx,
                        question_idx,
                        reference,
                        position: concept.position,
                    });
                }
            }
            page.questions.push(question);
        }
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
