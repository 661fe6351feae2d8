//! Locks of the central file that name no page exactly.
//!
//! A central file says `access` of a page by a name. Where that name is the id or the path of no page (of another kind, in another
//! casing, by its title or its file's name alone), guessing that nobody is meant would show what was to be paid for. So every page
//! that may be meant is locked whole, and told. Pages are read before that is known: what was read as free is moved behind the lock.

use crate::access::{is_access, is_near, is_paid, speaks_of_access};
use crate::draft::Draft;
use crate::identity;
use crate::site::stem_of;
use crate::value::{Node, SourcePlace, Value};
use gradus_corpus::{Access, Code, Kind, Page, Section};
use rustc_hash::FxHashMap;

/// Names for every page.
const EVERYTHING: &[&str] = &["*", "**", "all", "default", "defaults", "everything"];

/// A name in the central file that may lock, and where it stands.
struct LooseLock {
    name: String,
    place: SourcePlace,
    /// Whether it stands among concepts, where a guide of the same name is somebody else.
    is_concept: bool,
    /// Whether it may be the name of many pages: nothing but access is said of it, or it is written as a path.
    may_be_many: bool,
}

impl Draft {
    /// Whether a page at `path` that declares the id `declared` may be locked: by one of its `fields`, or in the central file.
    pub(crate) fn may_lock(&self, fields: &[(String, Value)], path: &str, declared: Option<&str>) -> bool {
        let is_locked = |(name, value): &(String, Value)| is_access(name) && !is_free(value);
        let names = [Kind::Concept, Kind::Guide].map(|kind| identity::of_path(path, kind));
        let names = names.iter().map(String::as_str).chain([path]).chain(declared);
        let mut entries =
            names.flat_map(|name| [self.central_concepts.get(name), self.central_guides.get(name)]).flatten();
        fields.iter().any(is_locked) || entries.any(|entry| self.locks(entry))
    }

    /// Locks the pages that the entries of the central file may mean which no page has taken.
    pub(crate) fn lock_what_is_meant(&mut self) {
        let locks = self.loose_locks();
        if locks.is_empty() {
            return;
        }
        let mut by_name: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (idx, page) in (0_u32..).zip(&self.pages) {
            names(page).for_each(|name| by_name.entry(key(name)).or_default().push(idx));
        }
        for lock in locks {
            let named = by_name.get(&key(&lock.name)).cloned().unwrap_or_default();
            let meant = if named.is_empty() && lock.may_be_many { self.below(&lock.name) } else { named };
            for idx in meant {
                if !self.may_mean(&lock, &self.pages[idx as usize]) {
                    continue;
                }
                self.lock_whole(idx);
                let id = self.pages[idx as usize].id();
                let message = format!("'{}' may mean `{id}`, which is locked for it", lock.name);
                let mut told = self.diagnostic(Code::InvalidValue, lock.place, message);
                told.help = Some("write the path of its file".to_owned());
                self.tell(told);
            }
        }
    }

    /// The pages that a name means which is that of a folder, of everything, or a pattern of paths: those below what stands before
    /// its first sign. More may be locked than is meant, and never less.
    fn below(&self, name: &str) -> Vec<u32> {
        let lower = name.trim().to_lowercase().replace('~', "/");
        let literal = lower.split(['*', '?', '[', '{']).next().unwrap_or_default();
        let is_pattern = literal.len() < lower.len();
        let start = literal.trim_start_matches("./").trim_start_matches('/');
        let is_below = |page: &Page| {
            let path = page.path.to_lowercase();
            let inside = path.strip_prefix(start);
            EVERYTHING.contains(&lower.as_str())
                || is_pattern && inside.is_some()
                || !start.is_empty() && inside.is_some_and(|rest| start.ends_with('/') || rest.starts_with('/'))
        };
        (0_u32..).zip(&self.pages).filter(|(_, page)| is_below(page)).map(|(idx, _)| idx).collect()
    }

    fn loose_locks(&self) -> Vec<LooseLock> {
        let lock = |name: &str, place, is_concept, may_be_many| {
            let may_be_many = may_be_many || name.contains(['/', '*']);
            LooseLock { name: name.to_owned(), place, is_concept, may_be_many }
        };
        let concepts = self.central_concepts.iter().map(|(name, entry)| (name, entry, !self.is_central_bare));
        let guides = self.central_guides.iter().map(|(name, entry)| (name, entry, false));
        let locking = concepts.chain(guides).filter(|(_, entry, _)| self.locks(entry));
        let odd = self.central_locks.iter().map(|(name, place)| lock(name, *place, false, true));
        let locking =
            locking.map(|(name, entry, is_concept)| lock(name, entry.place(), is_concept, !self.is_described(entry)));
        locking.chain(odd).collect()
    }

    /// Whether an entry of the central file says anything of a page but who may read it.
    fn is_described(&self, entry: &Value) -> bool {
        let Node::Map(members) = &entry.node else { return false };
        members.iter().any(|(name, _)| self.known(name).is_some_and(|known| known != "access"))
    }

    /// Whether an entry of the central file speaks of access, and does not say `free`.
    pub(crate) fn locks(&self, entry: &Value) -> bool {
        let Node::Map(members) = &entry.node else { return false };
        members.iter().any(|(name, value)| {
            let is_access = self.known(name).as_deref() == Some("access");
            let is_meant = is_access || is_near(name, &self.config);
            // `{access:pro}` is a name without a value.
            let is_run_together = !is_meant && matches!(value.node, Node::Null) && speaks_of_access(name, &self.config);
            let is_below = || self.known(name).is_none() && self.locks(value);
            is_meant && !is_free(value) || is_run_together || is_paid(name, value) || is_below()
        })
    }

    /// Whether an entry of the central file is no page of the name, but says what is locked: `access: {page.md: pro}`, `pro: [page]`.
    pub(crate) fn is_list_of_locks(&self, name: &str, value: &Value) -> bool {
        let is_name = is_access(name) || is_near(name, &self.config) || is_paid(name, &Value::of_text("true"));
        is_name
            && match &value.node {
                Node::Null => false,
                Node::Text(_) => !is_free(value),
                Node::List(_) => true,
                // A page may be called so, and is told by its fields.
                Node::Map(members) => members.iter().all(|(name, _)| self.known(name).is_none()),
            }
    }

    /// Whether a page of the name may be meant that nothing has locked yet.
    fn may_mean(&self, lock: &LooseLock, page: &Page) -> bool {
        let may_be_concept = page.kind == Kind::Concept || self.is_in_folder_of_concepts(&page.path);
        page.access == Access::Free && (may_be_concept || !lock.is_concept)
    }

    /// Moves all text of a page behind the lock.
    fn lock_whole(&mut self, idx: u32) {
        let page = &mut self.pages[idx as usize];
        page.access = Access::Pro;
        if self.self_described.contains(&idx) {
            page.description = None;
        }
        page.sections.iter_mut().for_each(lock_section);
        let of_page = self.places.iter_mut().find(|(page, _)| *page == idx);
        if let Some((_, places)) = of_page {
            // A section has two texts now, of which the first is empty.
            *places = std::mem::take(places).into_iter().flat_map(|place| [Default::default(), place]).collect();
        }
        self.links.iter_mut().filter(|(page, _)| *page == idx).for_each(|(_, link)| link.is_locked = true);
    }
}

/// What a central file may call a page by.
fn names(page: &Page) -> impl Iterator<Item = &str> {
    let file = page.path.rsplit('/').next().unwrap_or_default();
    [&*page.slug, &page.path, &page.title, file].into_iter().filter(|name| !name.is_empty())
}

fn lock_section(section: &mut Section) {
    section.access = Access::Pro;
    section.locked = Some(Box::new(std::mem::take(&mut section.text)));
}

/// Whether a value says that everybody may read; an empty one says nothing.
pub(crate) fn is_free(value: &Value) -> bool {
    match &value.node {
        Node::Null => true,
        Node::Text(text) => matches!(text.trim().to_lowercase().as_str(), "" | "free" | "false" | "no" | "0"),
        Node::List(_) | Node::Map(_) => false,
    }
}

/// A name of a page as names are compared here: without its kind, its ending and the slashes around it, in small letters.
fn key(name: &str) -> String {
    let lower = name.trim().to_lowercase();
    let bare = ["concept:", "guide:"].iter().find_map(|kind| lower.strip_prefix(kind)).unwrap_or(&lower);
    let bare = bare.trim_start_matches("./").trim_matches('/');
    stem_of(bare).replace('~', "/").replace(char::is_whitespace, "-")
}
