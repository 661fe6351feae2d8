//! Mentions: names of concepts in all texts.

use super::Resolver;
use crate::value::Lines;
use gradus_corpus::markdown::prose;
use gradus_corpus::names::Finder;
use gradus_corpus::{Mention, PageId, Position, Text};

impl Resolver {
    /// Finds the names of concepts in all texts.
    pub(super) fn mentions(&mut self, text_lines: &[(u32, Vec<u32>)]) {
        if text_lines.is_empty() {
            return;
        }
        let finder = Finder::new((0..).map(PageId).zip(&self.pages));
        for (page, lines) in text_lines {
            let id = self.moved[*page as usize];
            let page = &mut self.pages[id.idx()];
            let file = page.position.file;
            let texts = page.sections.iter_mut();
            let texts =
                texts.flat_map(|section| std::iter::once(&mut section.text).chain(section.locked.as_deref_mut()));
            for (text, line) in texts.zip(lines) {
                text.mentions = mentions_in(&finder, text, id, file, *line);
            }
        }
    }
}

fn mentions_in(finder: &Finder, text: &Text, page: PageId, file: u32, first_line: u32) -> Vec<Mention> {
    let prose = prose(&text.markdown);
    let mut mentions: Vec<Mention> = Vec::new();
    let mut lines = Lines::new(&text.markdown, first_line);
    finder.find(&prose.text, |concept, at| {
        if concept == page || prose.is_code(at) {
            return;
        }
        match mentions.iter_mut().find(|mention| mention.concept == concept) {
            Some(mention) => mention.count += 1,
            None => {
                let (line, column) = lines.at(prose.source(at));
                mentions.push(Mention { concept, count: 1, position: Position { file, line, column } });
            }
        }
    });
    mentions.sort_unstable_by_key(|mention| mention.concept);
    mentions
}
