//! The draft: pages as they are read, with references that are not resolved yet.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::body::{BodyLink, Places};
use crate::config::Config;
use crate::fields::spelling;
use crate::identity::Wanted;
use crate::limits::{self, Limits};
use crate::readings::Readings;
use crate::references::Surroundings;
use crate::site::{Placed, SourceSite};
use crate::source::decode;
use crate::value::{Node, SourcePlace, Value, line_column};
use crate::web::Survey;
use gradus_corpus::{Access, Code, Diagnostic, Edge, Kind, Page, Position};

/// Endings of texts that are not read, and what they are.
const UNREAD: &[(&str, &str)] = &[
    ("rst", "reStructuredText"),
    ("adoc", "AsciiDoc"),
    ("asciidoc", "AsciiDoc"),
    ("org", "Org"),
    ("ipynb", "Jupyter"),
    ("rmd", "R Markdown"),
    ("textile", "Textile"),
];

/// Everything read so far.
pub(crate) struct Draft {
    pub(crate) config: Config,
    pub(crate) pages: Vec<Page>,
    /// Edges whose `to` is a number of [`Draft::references`]; of those with count 0, nobody minds if they name nothing.
    pub(crate) edges: Vec<Edge>,
    pub(crate) references: Interner,
    /// What the author calls the field of an entry, by where it stands and its number, where the relation is called otherwise.
    pub(crate) written: FxHashMap<(Position, u32), Box<str>>,
    pub(crate) links: Vec<(u32, BodyLink)>,
    /// Where the words of the texts of a page stand, in the order of its sections and their texts.
    pub(crate) places: Vec<(u32, Vec<Places>)>,
    pub(crate) question_concepts: Vec<PendingConcept>,
    pub(crate) excluded: Vec<(u32, u32)>,
    pub(crate) files: Vec<Box<str>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) limits: Limits,
    pub(crate) central_file: Option<u32>,
    /// What it is called, whether it is there or not.
    pub(crate) central_name: String,
    /// What of it cannot be read and may speak of access.
    pub(crate) central_lost: String,
    /// Where pages have their places in series.
    pub(crate) series_places: FxHashMap<String, SourcePlace>,
    pub(crate) site: SourceSite,
    /// The ids that pages want.
    pub(crate) wanted: Vec<Wanted>,
    /// Where the site shows the pages of files.
    pub(crate) placed: Vec<Placed>,
    /// Guides that stand where concepts do.
    pub(crate) long_concepts: Vec<u32>,
    /// Whether a generator adds text to the pages that is not in their files, in their order.
    pub(crate) partial: Vec<bool>,
    pub(crate) around: Surroundings,
    /// Pages of rows that say all of themselves: the pages in them are numbers of [`Draft::references`].
    pub(crate) whole: FxHashSet<u32>,
    /// The files that such rows name.
    pub(crate) row_files: FxHashMap<Box<str>, u32>,
    /// What the pages of a published site have in common.
    pub(crate) survey: Survey,
    pub(crate) central_concepts: BTreeMap<String, Value>,
    pub(crate) central_guides: BTreeMap<String, Value>,
    /// Whether the central file does not say which of its entries are concepts.
    pub(crate) is_central_bare: bool,
    /// What the central file says of access where it says it of no page that can be told, by the names that it has there.
    pub(crate) central_locks: Vec<(String, SourcePlace)>,
    /// Pages that their own first sentence describes.
    pub(crate) self_described: FxHashSet<u32>,
    /// The texts that an earlier load has read, and those of this one; `None` where nobody will load again.
    pub(crate) readings: Option<Readings>,
    /// The next moment at which a date of a page means something else, in seconds since 1970.
    pub(crate) until: Option<i64>,
}

/// A concept that a question names.
pub(crate) struct PendingConcept {
    pub(crate) page: u32,
    pub(crate) question_idx: usize,
    pub(crate) reference: u32,
    pub(crate) position: Position,
}

/// Strings by number.
#[derive(Default)]
pub(crate) struct Interner {
    numbers: FxHashMap<Box<str>, u32>,
}

impl Interner {
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = crate::value::narrow(self.numbers.len() as u64);
        self.numbers.insert(text.into(), number);
        number
    }

    /// The strings in the order of their numbers.
    pub(crate) fn into_strings(self) -> Vec<Box<str>> {
        let mut strings: Vec<(u32, Box<str>)> = self.numbers.into_iter().map(|(text, number)| (number, text)).collect();
        strings.sort_unstable();
        strings.into_iter().map(|(_, text)| text).collect()
    }
}

impl Draft {
    pub(crate) fn new(config: Config, site: SourceSite) -> Self {
        Self {
            config,
            pages: Vec::new(),
            edges: Vec::new(),
            references: Interner::default(),
            written: FxHashMap::default(),
            links: Vec::new(),
            places: Vec::new(),
            question_concepts: Vec::new(),
            excluded: Vec::new(),
            files: Vec::new(),
            diagnostics: Vec::new(),
            limits: Limits::new(limits::TEXT_BYTES),
            central_file: None,
            central_name: String::new(),
            central_lost: String::new(),
            series_places: FxHashMap::default(),
            site,
            wanted: Vec::new(),
            placed: Vec::new(),
            long_concepts: Vec::new(),
            partial: Vec::new(),
            around: Surroundings::default(),
            whole: FxHashSet::default(),
            row_files: FxHashMap::default(),
            survey: Survey::default(),
            central_concepts: BTreeMap::new(),
            central_guides: BTreeMap::new(),
            is_central_bare: false,
            central_locks: Vec::new(),
            self_described: FxHashSet::default(),
            readings: None,
            until: None,
        }
    }

    /// The number of a file, which is new.
    pub(crate) fn file(&mut self, path: &str) -> u32 {
        self.files.push(path.into());
        crate::value::narrow(self.files.len() as u64 - 1)
    }

    pub(crate) fn tell(&mut self, diagnostic: Diagnostic) {
        if self.limits.may_tell(diagnostic.code) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Tells of a problem at a place in a file.
    pub(crate) fn tell_at(&mut self, code: Code, position: Position, len: u32, message: String) {
        let file = self.files.get(position.file as usize).map_or("", |file| file);
        let mut told = Diagnostic::new(code, message, file, position);
        told.len = len;
        self.tell(told);
    }

    /// Tells of content that the settings of the generator name and the source does not hold.
    pub(crate) fn tell_of_elsewhere(&mut self) {
        let file = self.site.facts.found_by.clone().unwrap_or_default();
        for folder in self.site.facts.elsewhere.clone() {
            let message = format!("the content in `{folder}` lies outside the source");
            self.tell(Diagnostic::new(Code::ContentElsewhere, message, &file, Position::default()));
        }
    }

    /// Tells of `files` that are text of other kinds, which a generator may read and nobody here does: the first of each kind.
    pub(crate) fn tell_of_unread(&mut self, files: &[String]) {
        let root = self.site.facts.content_root.clone();
        for (ending, what) in UNREAD {
            let is_such = |path: &&String| {
                let inside = root.is_empty() || path.strip_prefix(&*root).is_some_and(|rest| rest.starts_with('/'));
                inside && path.rsplit_once('.').is_some_and(|(_, own)| own.eq_ignore_ascii_case(ending))
            };
            let mut such = files.iter().filter(is_such);
            let Some(first) = such.next() else { continue };
            let n = such.count();
            let more = if n > 0 { format!(" and {n} more") } else { String::new() };
            let message = format!("this file{more} of {what} is not read: only Markdown and HTML are");
            self.tell(Diagnostic::new(Code::NotAPage, message, first, Position::default()));
        }
    }

    /// The text in the `bytes` of a file; what is wrong with them is told.
    pub(crate) fn decoded(&mut self, file: u32, bytes: Vec<u8>) -> Option<String> {
        match decode(bytes) {
            Ok((text, flaw)) => {
                if let Some(at) = flaw {
                    let (line, column) = line_column(&text, at);
                    let message = "this byte is not UTF-8".to_owned();
                    self.tell_at(Code::NotUtf8, Position { file, line, column }, 1, message);
                }
                Some(text)
            }
            Err((code, why)) => {
                self.tell_at(code, Position { file, line: 0, column: 0 }, 0, why);
                None
            }
        }
    }

    /// Reads the central file; `false` where it is no text.
    pub(crate) fn central(&mut self, path: &str, bytes: Vec<u8>) -> bool {
        let file = self.file(path);
        self.central_file = Some(file);
        let Some(text) = self.decoded(file, bytes) else { return false };
        let value = self.yaml_file(file, &text, Code::UnreadableFrontMatter);
        let sections = [value.get("concepts").cloned(), value.get("guides").cloned()];
        let [concepts, guides] = sections;
        self.is_central_bare = concepts.is_none() && guides.is_none();
        let concepts = if self.is_central_bare { Some(value) } else { concepts };
        self.central_concepts = self.central_entries(concepts);
        self.central_guides = self.central_entries(guides);
        true
    }

    /// Takes what a file of the site declares as a central file does; the central file itself goes before.
    pub(crate) fn declare_by_site(&mut self) {
        let Some((path, mut value)) = self.site.rules().central() else { return };
        let path = self.site.path_from_source(&path);
        let file = self.file(&path);
        self.central_file.get_or_insert(file);
        value.shift(file, 0);
        for (slug, fields) in self.central_entries(value.get("concepts").cloned()) {
            self.central_concepts.entry(slug).or_insert(fields);
        }
        for (path, fields) in self.central_entries(value.get("guides").cloned()) {
            self.central_guides.entry(path).or_insert(fields);
        }
    }

    /// The entries of a map by slug, or of a list whose entries say their `id` themselves.
    fn central_entries(&mut self, section: Option<Value>) -> BTreeMap<String, Value> {
        let mut entries: BTreeMap<String, Value> = BTreeMap::new();
        let Some(section) = section else { return entries };
        let (position, len) = (section.position, section.len);
        let named: Vec<(Option<String>, Value)> = match section.node {
            Node::Map(members) => members.into_iter().map(|(name, value)| (Some(name), value)).collect(),
            Node::List(values) => values.into_iter().map(|value| (entry_name(&value), value)).collect(),
            Node::Null => return entries,
            Node::Text(_) => {
                self.tell_at(
                    Code::UnreadableFrontMatter,
                    position,
                    len,
                    "this is neither a map nor a list of pages".to_owned(),
                );
                return entries;
            }
        };
        let all: Vec<_> = named.iter().filter_map(|(name, value)| Some((name.clone()?, value.place()))).collect();
        for (name, mut value) in named {
            let (position, len) = (value.position, value.len);
            let Some(name) = name else {
                self.tell_at(Code::UnreadableFrontMatter, position, len, "an entry of a list needs an `id`".to_owned());
                if self.locks(&value) {
                    named_in(&value, &mut self.central_locks);
                }
                continue;
            };
            if self.is_list_of_locks(&name, &value) {
                let message = format!("`{name}` means nothing here; the pages that it names are locked");
                let mut told = self.diagnostic(Code::UnreadableFrontMatter, value.key, message);
                told.help = Some("write `guides: {name: {access: pro}}`".to_owned());
                self.tell(told);
                named_in(&value, &mut self.central_locks);
                // Where it names none, it stands beside those that it is meant for.
                if value.text().is_some() {
                    self.central_locks.extend(all.iter().cloned());
                }
                continue;
            }
            match &value.node {
                Node::Map(_) | Node::Null => {}
                // An entry that is a name only declares a page of that name.
                Node::Text(text) if *text == name => value.node = Node::Null,
                _ => {
                    self.tell_at(Code::UnreadableFrontMatter, position, len, format!("'{name}' is no map of fields"));
                    if value.text() != Some(Access::Free.as_str()) {
                        self.central_locks.push((name, value.place()));
                    }
                    continue;
                }
            }
            if let Some(first) = entries.get_mut(&name) {
                let beside = if add_access(first, value) { ", except that its `access` locks" } else { "" };
                let message = format!("'{name}' is declared twice; this one is left out{beside}");
                self.tell_at(Code::DuplicateId, position, len, message);
                continue;
            }
            entries.insert(name, value);
        }
        entries
    }

    /// What the central file says of a page: of a concept by its slug, of a guide by its slug or path.
    pub(crate) fn central_fields(&mut self, kind: Kind, slug: &str, path: &str) -> Option<Value> {
        match kind {
            Kind::Concept => self.central_concepts.remove(slug),
            Kind::Guide => self.central_guides.remove(slug).or_else(|| self.central_guides.remove(path)),
        }
    }

    /// Declares the concepts of the central file that have no page of their own.
    pub(crate) fn declare_central_rest(&mut self) {
        self.lock_what_is_meant();
        let file = self.central_file.unwrap_or_default();
        for (slug, fields) in std::mem::take(&mut self.central_concepts) {
            let position =
                if fields.position.line > 0 { fields.position } else { Position { file, line: 0, column: 0 } };
            self.declare_central(&slug, fields, position);
        }
        for (path, fields) in std::mem::take(&mut self.central_guides) {
            let message = format!("'{path}' is declared here, and there is no such guide");
            self.tell_at(Code::UnknownReference, fields.position, fields.len, message);
        }
    }
}

/// Adds to `names` all that stands in `value`, names of its members and texts, with where.
fn named_in(value: &Value, names: &mut Vec<(String, SourcePlace)>) {
    match &value.node {
        Node::Null => {}
        Node::Text(text) => names.push((text.clone(), value.place())),
        Node::List(values) => values.iter().for_each(|value| named_in(value, names)),
        Node::Map(members) => members.iter().for_each(|(name, value)| {
            names.push((name.clone(), value.key));
            named_in(value, names);
        }),
    }
}

/// Adds to `first` what another entry of the same name says of access; whether it says anything.
fn add_access(first: &mut Value, other: Value) -> bool {
    let members = other.members().unwrap_or_default().into_iter();
    let said: Vec<(String, Value)> = members.filter(|(name, _)| spelling(name) == Some("access")).collect();
    let says = !said.is_empty();
    match &mut first.node {
        Node::Map(members) => members.extend(said),
        node => *node = Node::Map(said),
    }
    says
}

/// What an entry of a list of pages calls itself.
fn entry_name(entry: &Value) -> Option<String> {
    let named = ["id", "slug", "path"].iter().find_map(|key| entry.get(key).and_then(Value::text));
    named.or_else(|| entry.text()).map(str::to_owned)
}
