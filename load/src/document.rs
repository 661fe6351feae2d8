//! Documents: from fields and a body to a page of the draft.

mod address;

use std::borrow::Cow;

use address::aliases;

use crate::anchors::Anchors;
use crate::body::{self, Body, Dialect};
use crate::draft::Draft;
use crate::fields::{canonical, is_often_prose, list, reference};
use crate::identity::{self, Wanted};
use crate::requirements;
use crate::row::{RowPage, SiteRow};
use crate::settings::is_site_address;
use crate::site::{Generator, Leaf, NoPage, Place, Placed, is_index, stem_of};
use crate::value::{Node, Value, narrow};
use crate::web::WebPage;
use crate::withheld::Shown;
use gradus_corpus::{Access, Code, Edge, Kind, Origin, Page, Position, Prose, Relation, Strength, reading_minutes};
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
        let has_front_matter = text.starts_with(['-', '+', '{']) && body.len() < text.len();
        self.add(Document { path, fields, body, body_line, position, is_file: true, has_front_matter, web: None });
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
        self.add(Document {
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
        self.add(Document {
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
        self.add(Document {
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

    fn add(&mut self, mut document: Document<'_>) {
        let from_top = self.site.path_from_top(document.path);
        self.inherit(&mut document, &from_top);
        if document.is_file {
            self.own_fields(&mut document);
        }
        let place = match self.place(&document, &from_top) {
            Ok(place) => place,
            Err(NoPage(why)) => {
                let message = format!("this is no page of the site: {why}");
                return self.tell_at(Code::NotAPage, Position { line: 0, column: 0, ..document.position }, 0, message);
            }
        };
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
            return;
        }
        if declared.is_some() && !self.is_local_id(&document) {
            self.changed_id(document.get("id"), &slug, kind);
        }
        let idx = narrow(self.pages.len() as u64);
        self.wanted.push(Wanted { page: idx, is_declared: declared.is_some(), is_local: self.is_local_id(&document) });
        self.misshapen(&document);
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
    }

    /// What the text of a document says, read as its generator reads it.
    fn body_of(&self, document: &Document<'_>, access: Access) -> Body {
        if let Some(page) = &document.web {
            return body::published_body(page, access);
        }
        let rules = self.site.rules();
        let has_term_anchors = rules.has_term_anchors();
        let mut dialect = Dialect { has_term_anchors, ..Dialect::of(document.path, self.anchors()) };
        dialect.is_mdx = rules.reads_mdx(document.path).unwrap_or(dialect.is_mdx);
        body::read(document.body, document.body_line, dialect, access)
    }

    /// Adds the fields that the folder of a file hands down and the file does not give itself.
    fn inherit(&self, document: &mut Document<'_>, from_top: &str) {
        if !document.is_file {
            return;
        }
        let mut inherited = self.site.rules().inherited(from_top);
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
        let leaf =
            Leaf { path, fields: &document.fields, body: document.body, has_front_matter: document.has_front_matter };
        let rules = if document.is_file { self.site.rules() } else { self.site.plain() };
        rules.place(&leaf)
    }

    /// The id that the author gave, in one segment.
    fn declared(&self, document: &Document<'_>, kind: Kind) -> Option<String> {
        let (_, value) = document.named("id").or_else(|| document.named("slug"))?;
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

    fn page(
        &mut self,
        document: &Document<'_>,
        kind: Kind,
        slug: &str,
        access: Access,
        body: &mut Body,
        place: &Place,
    ) -> Page {
        let mut page = Page::new(kind, slug);
        let own = || document.text("title").map(str::to_owned);
        let counts =
            body.is_title_first || !matches!(self.site.facts.generator, Generator::Docusaurus | Generator::Mkdocs);
        let heading = || body.title.take().filter(|_| counts && !place.is_titled_by_stem);
        let title = place.nav_title.clone().or_else(own).or_else(heading);
        let is_untitled = title.is_none();
        if let Some(title) = title {
            page.title = title.into();
        } else if !document.path.is_empty() {
            page.title = place.stem_title.as_str().into();
        }
        page.url = self.url_of(document, &page, place);
        page.path = document.path.into();
        page.description =
            document.text("description").map(Into::into).or_else(|| body.first_paragraph.take().map(Into::into));
        if document.text("description").is_none() {
            self.self_described.insert(narrow(self.pages.len() as u64));
        }
        let (urls, names) = aliases(document);
        page.old_urls = urls;
        if self.site.facts.generator == Generator::Hugo {
            // What other sites mean for a name is an address beside the page's to Hugo.
            let folder = place.url.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
            page.old_urls.extend(names.iter().map(|name| format!("{folder}/{name}").into()));
        }
        page.names = names;
        page.names.retain(|name| **name != *page.title);
        page.category = document.list("category").into_iter().next();
        page.tags = document.list("tags");
        page.tracks = document.list("tracks");
        page.level = self.level_of(document.get("level"));
        page.sources = self.sources_of(document.get("sources"));
        let lang = document.text("lang").map(Into::into).or_else(|| place.lang.clone());
        page.version = place.version.clone();
        page.lang = lang.or_else(|| self.config.lang.as_deref().or(place.usual_lang).map(Into::into));
        page.updated = self.updated_of(document.get("updated"));
        page.authors = document.list("authors");
        page.access = access;
        page.order = self.choice(document, "order", |text| text.parse().ok());
        page.series = document.list("series").into_iter().next();
        page.position = document.position;
        self.time(document, &mut page, body.n_words);
        if is_untitled && !document.is_empty() {
            let title = document.fields.iter().find(|(name, _)| canonical(name) == Some("title"));
            self.untitled(title.map(|(_, value)| value), &page, document.position);
        }
        self.place_in_series(document.get("order"), &page);
        page
    }

    fn time(&mut self, document: &Document<'_>, page: &mut Page, n_words: usize) {
        let words = n_words + page.description.as_deref().map_or(0, |text| text.split_whitespace().count());
        page.minutes = reading_minutes(words);
        if let Some(minutes) = self.time_of(document.get("time")) {
            page.minutes = minutes;
            page.estimated = false;
        }
    }

    /// The edges that the fields declare.
    fn relations(&mut self, page: u32, document: &Document<'_>) -> Vec<Prose> {
        let mut prose = Vec::new();
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
            let written = value.written.as_deref().unwrap_or(name);
            let (said, outside): (Vec<&Value>, Vec<&Value>) =
                value.entries().iter().partition(|entry| requirements::outside(entry).is_none());
            prose.extend(outside.into_iter().filter_map(|entry| {
                Some(Prose { text: requirements::outside(entry)?.into(), position: entry.position })
            }));
            for entry in said.into_iter().flat_map(requirements::entries) {
                let may_be_prose = entry.may_be_prose || is_often_prose(name);
                self.relation(page, relation, strength, (written, &entry.value), may_be_prose);
            }
        }
        for entry in document.get("related_exclude").map_or(&[][..], Value::entries) {
            if let Some(text) = reference(entry).and_then(Value::text) {
                let reference = self.references.intern(text);
                self.excluded.push((page, reference));
            }
        }
        prose
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
