//! Rows that say all of themselves: what they name by full ids.

use rustc_hash::FxHashSet;

use super::Resolver;
use gradus_corpus::{Code, Kind, Page, PageId, Position};

impl Resolver {
    /// Points everything that the `rows`, pages by their numbers in the draft, name at the pages that are meant. What names
    /// none is left out and told.
    pub(super) fn rows(&mut self, rows: &FxHashSet<u32>) {
        let mut rows: Vec<PageId> = rows.iter().map(|row| self.moved[*row as usize]).collect();
        rows.sort_unstable();
        for row in rows {
            let missing = self.row(row);
            for (number, position) in missing {
                let message = format!("the row names '{}', which is not here", self.entries[number]);
                self.tell(Code::UnknownReference, position, 0, message, None);
            }
        }
    }

    /// The numbers of the names that name nothing.
    fn row(&mut self, id: PageId) -> Vec<(usize, Position)> {
        // What stays is found by its id all the same.
        let own = &mut self.pages[id.idx()];
        let stay = Page::new(own.kind, &own.slug);
        let mut page = std::mem::replace(own, stay);
        let mut missing = Vec::new();
        let mut follow = |target: &mut PageId, position: Position| {
            let found = self.by_full_id(&self.entries[target.idx()]);
            match found {
                Some(found) => *target = found,
                None => missing.push((target.idx(), position)),
            }
            found.is_some()
        };
        let position = page.position;
        page.related_exclude.retain_mut(|target| follow(target, position));
        for question in &mut page.questions {
            question.concepts.retain_mut(|concept| follow(concept, position));
        }
        for section in &mut page.sections {
            for text in std::iter::once(&mut section.text).chain(section.locked.as_deref_mut()) {
                text.mentions.retain_mut(|mention| follow(&mut mention.concept, mention.position));
                text.mentions.sort_unstable_by_key(|mention| mention.concept);
                text.links.retain_mut(|link| follow(&mut link.target, link.position));
            }
        }
        self.pages[id.idx()] = page;
        missing
    }

    /// The page of this full id.
    pub(super) fn by_full_id(&self, id: &str) -> Option<PageId> {
        let (kind, slug) = id.split_once(':')?;
        let wanted = (Kind::parse(kind)?, slug);
        let found = self.pages.binary_search_by(|page| (page.kind, &*page.slug).cmp(&wanted)).ok()?;
        Some(PageId(crate::value::narrow(found as u64)))
    }
}
