//! Documents: from fields and a body to a page of the draft.

mod address;
mod page;
mod relations;
mod sources;

use crate::access::{is_access, is_paid, is_place_of_own};
use crate::anchors::Anchors;
use crate::body::{self, Body, Dialect};
use crate::draft::Draft;
use crate::fields::{canonical, list};
use crate::identity::{self, Wanted};
use crate::nesting::too_deep;
use crate::site::{Generator, Leaf, NoPage, Place, Placed, is_index, stem_of};
use crate::unknown::locked;
use crate::value::{Node, Value, narrow};
use crate::web::WebPage;
use crate::withheld::Shown;
use gradus_corpus::{Access, Code, Diagnostic, Kind, Position};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};

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
    /// Whether front matter stands at its very start, be it empty.
    has_front_matter: bool,
    /// Whether it is a Markdown file, which the generator of the site has rules for.
    is_file: bool,
    /// The published page that it is; `None` for Markdown.
    web: Option<WebPage<'a>>,
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

    /// Whether its file is empty, of which nothing else is told.
    fn is_empty(&self) -> bool {
        self.body_line == 1 && self.body.trim().is_empty() && self.fields.is_empty()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::text)
    }

    /// What the field `name` says to come next or before; an empty field says that nothing does.
    fn neighbour(&self, name: &str) -> Option<String> {
        let (_, value) = self.fields.iter().find(|(key, _)| key == name)?;
        Some(value.text().unwrap_or_default().to_owned())
    }

    fn list(&self, name: &str) -> Vec<Box<str>> {
        self.get(name).map(list).unwrap_or_default()
    }

    /// It as the rules of a generator see it, at `path` from the top of the ground.
    fn leaf<'d>(&'d self, path: &'d str) -> Leaf<'d> {
        Leaf { path, fields: &self.fields, body: self.body, has_front_matter: self.has_front_matter }
    }
}

impl Draft {
    /// Adds the page that a document is.
    ///
    /// # Errors
    /// If it is none of the site, and why.
    fn add(&mut self, mut document: Document<'_>) -> Result<(), NoPage> {
        let from_top = self.site.path_from_top(document.path);
        self.inherit(&mut document, &from_top);
        if document.is_file {
            self.own_fields(&mut document);
        }
        let place = self.place(&document, &from_top)?;
        let kind = self.kind(&document);
        let declared = self.declared(&document, kind);
        let slug = match &declared {
            Some(declared) => declared.clone(),
            None if document.path.is_empty() => identity::of_title(document.text("title")),
            None => identity::of_path(document.path, kind),
        };
        document.fields.extend(self.central_metadata(kind, &slug, document.path));
        let shown = self.shown(&document.fields, place.is_post, document.position);
        if shown == Shown::Nowhere {
            self.around.withhold(document.path, &place.url, [&*slug, document.text("title").unwrap_or_default()]);
            return Ok(());
        }
        if declared.is_some() && !self.is_local_id(&document) {
            self.changed_id(document.get("id"), &slug, kind);
        }
        if let Some(line) = too_deep(document.body) {
            // Of a text that is not read nobody knows what is locked.
            let position = Position { line: document.body_line + line - 1, column: 1, ..document.position };
            let why = "more lists and quotes begin in this line than are read; the page is left out";
            self.tell(Diagnostic::new(Code::LimitReached, why.to_owned(), document.path, position));
            self.around.withhold(document.path, &place.url, [&*slug, document.text("title").unwrap_or_default()]);
            return Ok(());
        }
        let idx = narrow(self.pages.len() as u64);
        self.wanted.push(Wanted { page: idx, is_declared: declared.is_some(), is_local: self.is_local_id(&document) });
        self.misshapen(&document);
        if let Some(position) = document.get("questions").and_then(|questions| self.locking_question(questions)) {
            document.fields.push(("access".to_owned(), locked(position)));
        }
        let access = self.access_of(&document.fields);
        let mut body = self.body_of(&document, access);
        let mut page = self.page(&document, kind, &slug, access, &mut body, &place);
        page.is_searchable = shown == Shown::Whole;
        if page.description.is_none() && kind == Kind::Concept {
            self.tell_at(Code::UndefinedConcept, document.position, 0, format!("'{}' has no definition", page.title));
        }
        page.prose_prerequisites = self.relations(idx, &document);
        self.questions(idx, &mut page, document.get("questions"));
        page.sections = body.sections;
        page.title_anchor = body.title_anchor.into();
        page.anchors = body.ids;
        self.slips(&body.slips, document.position.file);
        if !document.is_empty() && document.text("description").is_none() {
            self.without_text(&page, document.body, document.position);
        }
        if !page.sections.is_empty() {
            self.places.push((idx, body.places));
        }
        self.links.extend(body.links.into_iter().map(|mut link| {
            link.line = link.line.max(1);
            (idx, link)
        }));
        if document.is_file {
            let (next, previous) = (document.neighbour("pagination_next"), document.neighbour("pagination_prev"));
            self.placed.push(Placed { page: idx, path: from_top, place, next, previous });
        }
        if kind == Kind::Guide && self.is_in_folder_of_concepts(document.path) && document.get("kind").is_none() {
            self.long_concepts.push(idx);
        }
        self.partial.push(body.is_partial);
        self.pages.push(page);
        Ok(())
    }

    /// Adds what no generator has rules for, so that it is a page whatever it says.
    fn add_page(&mut self, document: Document<'_>) {
        let position = Position { line: 0, column: 0, ..document.position };
        if let Err(NoPage(why)) = self.add(document) {
            self.tell_at(Code::NotAPage, position, 0, format!("this is no page of the site: {why}"));
        }
    }

    /// What the text of a document says, read as its generator reads it.
    fn body_of(&mut self, document: &Document<'_>, access: Access) -> Body {
        if let Some(page) = &document.web {
            return body::published_body(page, access);
        }
        let rules = self.site.rules();
        let has_variables = document.is_file && document.body.contains("{{");
        let variables = if has_variables { rules.variables(&document.leaf(document.path)) } else { Vec::new() };
        let mut dialect = Dialect {
            has_term_anchors: rules.has_term_anchors(),
            has_emoji_names: rules.names_emoji(),
            keeps_dashes: rules.keeps_dashes(),
            has_text_first: rules.puts_text_first(),
            variables: &variables,
            ..Dialect::of(document.path, self.anchors())
        };
        dialect.is_mdx = rules.reads_mdx(document.path).unwrap_or(dialect.is_mdx);
        match &mut self.readings {
            Some(readings) => readings.read(document.body, document.body_line, dialect, access),
            None => body::read(document.body, document.body_line, dialect, access),
        }
    }

    /// Adds the fields that the folder of a file hands down and the file does not give itself.
    fn inherit(&self, document: &mut Document<'_>, from_top: &str) {
        if !document.is_file {
            return;
        }
        let mut inherited = self.site.rules().inherited(from_top);
        // Hugo hands down fields that are not its own inside of `params`; what they say of access is said of the page.
        let nested =
            inherited.iter().filter(|(name, _)| is_place_of_own(name)).filter_map(|(_, value)| match &value.node {
                Node::Map(members) => Some(members),
                _ => None,
            });
        let speaks = |(name, value): &&(String, Value)| is_access(name) || is_paid(name, value);
        let spoken = nested.flatten().filter(speaks).map(|(name, value)| {
            let value = if is_access(name) { value.clone() } else { locked(value.position) };
            ("access".to_owned(), value)
        });
        let spoken: Vec<_> = spoken.collect();
        inherited.extend(spoken);
        let own = |name: &str| document.fields.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
        inherited.retain(|(name, _)| !own(name));
        // What a folder hands down is told at the page that has it: the reader of a page looks there.
        inherited.iter_mut().for_each(|(_, value)| place_at(value, document.position));
        document.fields.extend(inherited);
    }

    /// Gives a document what its generator's own fields say where the document says nothing else.
    fn own_fields(&self, document: &mut Document<'_>) {
        for (own, ours) in self.site.rules().own_fields() {
            let said = document.fields.iter().find(|(name, _)| name == own).map(|(_, value)| value.clone());
            if let Some(value) = said.filter(|_| document.get(ours).is_none()) {
                document.fields.push(((*ours).to_owned(), Value { written: Some((*own).into()), ..value }));
            }
        }
    }

    /// Where the site shows a document.
    fn place(&self, document: &Document<'_>, from_top: &str) -> Result<Place, NoPage> {
        let path = if document.is_file { from_top } else { document.path };
        let reads_quarto =
            matches!(self.site.facts.generator, Generator::Quarto | Generator::Plain | Generator::Obsidian);
        if !reads_quarto && path.len() > 4 && path.as_bytes()[path.len() - 4..].eq_ignore_ascii_case(b".qmd") {
            return Err(NoPage("only Quarto reads `.qmd`".to_owned()));
        }
        let rules = if document.is_file { self.site.rules() } else { self.site.plain() };
        rules.place(&document.leaf(path))
    }

    /// The id that the author gave, in one segment.
    fn declared(&self, document: &Document<'_>, kind: Kind) -> Option<String> {
        let (_, value) = document.named("id").or_else(|| document.named("slug"))?;
        // A generator's own ids are those of the original in each of its versions and translations.
        let is_copy = || self.site.rules().is_copy(&self.site.path_from_top(document.path));
        if self.is_local_id(document) && is_copy() {
            return None;
        }
        identity::declared(value.text()?, kind)
    }

    /// Whether the declared id is an address that the generator has within a folder, so that two folders may share it.
    fn is_local_id(&self, document: &Document<'_>) -> bool {
        let is_own = matches!(
            self.site.facts.generator,
            Generator::Docusaurus | Generator::Hugo | Generator::Starlight | Generator::Jekyll | Generator::Quartz
        );
        is_own && document.is_file
    }

    /// How the site makes anchors from headings.
    fn anchors(&self) -> Anchors {
        self.config.anchors.unwrap_or_else(|| self.site.rules().anchors())
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
        // How much is locked is nobody's business, and what a page is would tell.
        let may_lock = || self.may_lock(&document.fields, document.path, document.text("id"));
        let reads_like_one = || match &document.web {
            Some(page) => page.reads_like_a_definition(if may_lock() { usize::MAX } else { DEFINITION_WORDS }),
            None if may_lock() => reads_like_a_definition(document.body, body::preview(document.body)),
            None => reads_like_a_definition(document.body, document.body),
        };
        let is_concept = self.is_in_folder_of_concepts(document.path) && reads_like_one();
        let by_place = if is_concept { Kind::Concept } else { Kind::Guide };
        self.choice(document, "kind", Kind::parse).unwrap_or(by_place)
    }

    /// Whether a page lies where concepts do. The index of such a folder lists them and is none itself.
    pub(crate) fn is_in_folder_of_concepts(&self, path: &str) -> bool {
        let mut segments = path.rsplit('/');
        let is_index = segments.next().is_some_and(|name| is_index(stem_of(name)));
        segments.skip(usize::from(is_index)).any(|folder| matches!(folder, "concepts" | "glossary"))
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
}

/// Puts a value and all in it at `position`.
fn place_at(value: &mut Value, position: Position) {
    value.position = position;
    match &mut value.node {
        Node::List(values) => values.iter_mut().for_each(|value| place_at(value, position)),
        Node::Map(members) => members.iter_mut().for_each(|(_, value)| place_at(value, position)),
        Node::Null | Node::Text(_) => {}
    }
}

/// Words up to which a text without sections reads like a definition.
const DEFINITION_WORDS: usize = 400;

/// Whether a text tells what something is, and no more: its `open` part is short and its only heading is its title.
fn reads_like_a_definition(body: &str, open: &str) -> bool {
    let mut n_headings = 0;
    for event in Parser::new_ext(body, Options::empty()) {
        if let Event::Start(Tag::Heading { level, .. }) = event {
            n_headings += if level == HeadingLevel::H1 { 1 } else { 2 };
        }
        if n_headings > 1 {
            return false;
        }
    }
    open.split_whitespace().count() <= DEFINITION_WORDS
}
