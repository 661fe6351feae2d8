//! Entries of metadata: which pages do they name?

use rustc_hash::{FxHashMap, FxHashSet};

use super::Resolver;
use crate::draft::PendingConcept;
use gradus_corpus::names::fold;
use gradus_corpus::{Code, Diagnostic, Edge, Kind, PageId, Position, Prose, Relation, Severity};

/// Words up to which an entry that may be prose is compared with names, and bytes from which.
const NAME_WORDS: usize = 3;
const NAME_BYTES: usize = 4;
/// Words from which a prerequisite that names nothing is taken for prose.
const PROSE_WORDS: usize = 5;

impl Resolver {
    /// Tells of names that two concepts share. The first by id keeps them.
    pub(super) fn duplicate_names(&mut self) {
        let mut first: FxHashMap<String, PageId> = FxHashMap::default();
        let mut told = Vec::new();
        for (id, page) in (0..).map(PageId).zip(&self.pages).filter(|(_, page)| page.kind == Kind::Concept) {
            for name in std::iter::once(&page.title).chain(&page.names) {
                let owner = *first.entry(fold(name)).or_insert(id);
                if owner != id {
                    let other = &self.pages[owner.idx()].slug;
                    told.push((page.position, format!("'{name}' is also a name of the concept '{other}'")));
                }
            }
        }
        for (position, message) in told {
            self.tell(Code::DuplicateName, position, 0, message, None);
        }
    }

    /// Points `edges` at the pages that their entries name, and drops those that name none.
    pub(super) fn edges(&mut self, edges: &mut Vec<Edge>) {
        edges.retain_mut(|edge| self.edge(edge));
    }

    /// Points `edge` at the page that its entry names. `false` where it names none.
    pub(super) fn edge(&mut self, edge: &mut Edge) -> bool {
        edge.from = self.moved[edge.from.idx()];
        let number = edge.to.idx();
        let may_be_prose = edge.count == 0;
        let is_concept = self.pages[edge.from.idx()].kind == Kind::Concept;
        let wants = match edge.relation {
            Relation::Requires | Relation::Teaches => Kind::Concept,
            Relation::Contrasts | Relation::PartOf | Relation::ImprovesOn => Kind::Concept,
            _ if is_concept => Kind::Concept,
            _ => Kind::Guide,
        };
        let pages = self.named(edge.from, number, wants, edge.relation != Relation::Teaches);
        let Some(to) = pages.first().copied() else {
            if !may_be_prose || self.is_near_miss(edge) {
                self.names_nothing(edge, number);
            }
            return false;
        };
        let entry = self.entries[number].clone();
        let len = entry.chars().count();
        if pages.len() > 1 {
            let message = format!("'{entry}' names several pages: {}; the first is taken", self.ids(&pages));
            self.tell(
                Code::AmbiguousReference,
                edge.position,
                len,
                message,
                Some("write the id of the one that is meant".to_owned()),
            );
        } else {
            self.tell_of_namesake(edge, to, &entry);
        }
        if to == edge.from {
            let message = format!("'{entry}' names the page itself");
            self.tell(Code::SelfReference, edge.position, len, message, Some("drop it".to_owned()));
            return false;
        }
        edge.to = to;
        edge.count = 1;
        if edge.relation == Relation::Requires && !is_concept && self.pages[to.idx()].kind == Kind::Concept {
            edge.relation = Relation::Assumes;
        }
        true
    }

    /// The pages that an entry of `from` may mean: an id to the letter, then what the kind `wants` calls so, then the
    /// other kind if it may stand there.
    fn named(&self, from: PageId, number: usize, wants: Kind, may_be_other: bool) -> Vec<PageId> {
        let entry = &self.entries[number];
        let may_be = |page: &PageId| may_be_other || self.pages[page.idx()].kind == wants;
        if let Some(page) = self.by_full_id(entry).filter(may_be) {
            return vec![page];
        }
        let mut by_id = self.names.by_id(gradus_corpus::names::target_of(entry));
        by_id.retain(may_be);
        if let Some(page) = by_id.iter().find(|page| self.pages[page.idx()].kind == wants).or_else(|| by_id.first()) {
            return vec![*page];
        }
        let pages = self.references().entry(from, entry, Some(wants));
        if pages.is_empty() && may_be_other { self.references().entry(from, entry, None) } else { pages }
    }

    /// Tells where a page of the other kind is called the same, so that the author may have meant that one.
    fn tell_of_namesake(&mut self, edge: &Edge, taken: PageId, entry: &str) {
        let namesakes = self.names.by_name(entry, None);
        let page = &self.pages[taken.idx()];
        let other = namesakes.iter().find(|other| **other != taken && self.pages[other.idx()].kind != page.kind);
        let Some(other) = other.filter(|_| namesakes.contains(&taken) && self.names.by_id(entry).is_empty()) else {
            return;
        };
        let other = &self.pages[other.idx()];
        // A long page that explains a concept is a guide and that concept in one.
        if other.url == page.url {
            return;
        }
        let message = format!("'{entry}' names a {} and a {}; `{}` is taken", page.kind, other.kind, page.id());
        let help = format!("write `{}` or `{}`", page.id(), other.id());
        let file = self.files.get(edge.position.file as usize).map_or("", |file| file);
        let mut told = Diagnostic::new(Code::AmbiguousReference, message, file, edge.position);
        told.severity = Severity::Info;
        told.len = crate::value::narrow(entry.chars().count() as u64);
        told.help = Some(help);
        self.diagnostics.push(told);
    }

    /// Whether an entry of a field that often holds prose is the name of a page but for a slip.
    fn is_near_miss(&self, edge: &Edge) -> bool {
        let entry = &self.entries[edge.to.idx()];
        let is_short = || entry.len() >= NAME_BYTES && entry.split_whitespace().count() <= NAME_WORDS;
        matches!(edge.relation, Relation::Teaches | Relation::Related) && is_short() && self.names.near(entry).is_some()
    }

    fn names_nothing(&mut self, edge: &Edge, number: usize) {
        let entry = self.entries[number].clone();
        let len = entry.chars().count();
        let withheld = self.references().withheld(&entry);
        let help = self.did_you_mean(&entry).filter(|_| withheld.is_none());
        let why = match withheld {
            Some(path) => format!("'{path}', which is not published"),
            None => format!("'{entry}', which does not exist"),
        };
        if edge.relation != Relation::Requires {
            let field = self.written.get(&(edge.position, edge.to.0)).map_or(edge.relation.as_str(), |field| field);
            let message = format!("`{field}` names {why}");
            self.tell(Code::UnknownReference, edge.position, len, message, help);
            return self.offer(&entry, edge.position);
        }
        if entry.split_whitespace().count() >= PROSE_WORDS {
            self.tell(Code::ProsePrerequisite, edge.position, len, "this prerequisite is prose".to_owned(), None);
        } else {
            let message = if why.ends_with("published") {
                format!("the prerequisite is {why}; it is kept as prose")
            } else {
                format!("no page is called '{entry}'; the prerequisite is kept as prose")
            };
            self.tell(Code::UnknownPrerequisite, edge.position, len, message, help);
            self.offer(&entry, edge.position);
        }
        let prose = Prose { text: entry, position: edge.position };
        self.pages[edge.from.idx()].prose_prerequisites.push(prose);
    }

    /// Drops the prerequisites of a guide that it teaches itself.
    pub(super) fn drop_what_is_taught(&mut self, edges: &mut Vec<Edge>) {
        let taught: FxHashSet<(PageId, PageId)> =
            edges.iter().filter(|edge| edge.relation == Relation::Teaches).map(|edge| (edge.from, edge.to)).collect();
        edges.retain(|edge| {
            let both = edge.relation == Relation::Assumes && taught.contains(&(edge.from, edge.to));
            if both {
                let title = self.pages[edge.to.idx()].title.clone();
                let message = format!("the guide both teaches and requires '{title}'");
                self.tell(Code::TaughtAndRequired, edge.position, 0, message, Some("drop one of them".to_owned()));
            }
            !both
        });
    }

    pub(super) fn question_concept(&mut self, pending: &PendingConcept) {
        let page = self.moved[pending.page as usize];
        let named = self.named(page, pending.reference as usize, Kind::Concept, false);
        if let Some(concept) = named.first() {
            self.pages[page.idx()].questions[pending.question_idx].concepts.push(*concept);
            return;
        }
        let entry = self.entries[pending.reference as usize].clone();
        let help = self.did_you_mean(&entry);
        let message = format!("a question names the concept '{entry}', which does not exist");
        self.tell(Code::UnknownReference, pending.position, entry.chars().count(), message, help);
        self.offer(&entry, pending.position);
    }

    /// Gives what was just told of the entry at `position` the fix that its help speaks of.
    fn offer(&mut self, entry: &str, position: Position) {
        // What stands in brackets is not the name alone.
        let near = self.names.near(entry).filter(|_| !entry.contains(['[', ']']));
        let slug = near.map(|near| self.pages[near.idx()].slug.clone());
        let told = self.diagnostics.last_mut().filter(|told| told.position == position && told.help.is_some());
        if let (Some(slug), Some(told)) = (slug, told) {
            told.replace(&slug, false);
        }
    }

    fn did_you_mean(&self, entry: &str) -> Option<String> {
        let near = self.names.near(entry)?;
        let page = &self.pages[near.idx()];
        let title = if page.title == page.slug { String::new() } else { format!(" ({})", page.title) };
        Some(format!("did you mean `{}`{title}?", page.slug))
    }
}
