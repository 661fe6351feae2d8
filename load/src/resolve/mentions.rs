//! Mentions: names of concepts in all texts.

use rustc_hash::FxHashMap;

use super::Resolver;
use crate::body::Places;
use gradus_corpus::names::Finder;
use gradus_corpus::{Mention, PageId, Position, Text};

impl Resolver {
    /// Finds the names of concepts in all texts, whose words stand at `places`.
    pub(super) fn mentions(&mut self, places: &[(u32, Vec<Places>)]) {
        if places.is_empty() {
            return;
        }
        let finder = Finder::new((0..).map(PageId).zip(&self.pages));
        for (page, places) in places {
            let id = self.moved[*page as usize];
            let page = &mut self.pages[id.idx()];
            let file = page.position.file;
            let texts = page.sections.iter_mut();
            let texts =
                texts.flat_map(|section| std::iter::once(&mut section.text).chain(section.locked.as_deref_mut()));
            for (text, places) in texts.zip(places) {
                text.mentions = mentions_in(&finder, text, id, file, places);
            }
        }
    }
}

fn mentions_in(finder: &Finder, text: &Text, page: PageId, file: u32, places: &Places) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = Vec::new();
    let mut known: FxHashMap<PageId, usize> = FxHashMap::default();
    finder.find(&text.plain, |concept, at| {
        if concept == page || places.is_code(at) {
            return;
        }
        match known.get(&concept) {
            Some(idx) => mentions[*idx].count += 1,
            None => {
                let (line, column) = places.at(&text.plain, at);
                known.insert(concept, mentions.len());
                mentions.push(Mention { concept, count: 1, position: Position { file, line, column } });
            }
        }
    });
    mentions.sort_unstable_by_key(|mention| mention.concept);
    mentions
}
