//! What a viewer may see.

use std::sync::Arc;

use crate::corpus::Corpus;
use crate::page::{Access, Page, reading_minutes};

impl Corpus {
    /// The corpus as a viewer without the `pro` entitlement may see it: of a pro guide its metadata, headings, preview
    /// and prompts. Locked text, what was found in it, choices, answers and explanations are gone, not hidden. Minutes that no
    /// author gave are those of what is left: a count of locked words would tell of them.
    ///
    /// Shares every page that has nothing to withhold; `None` where no page has.
    pub fn public(&self) -> Option<Self> {
        let mut public = self.clone();
        let mut withheld = false;
        for page in &mut public.pages {
            if page.access == Access::Pro {
                withheld = true;
                withhold(Arc::make_mut(page));
            }
        }
        withheld.then_some(public)
    }
}

fn withhold(page: &mut Page) {
    // Some of them stand in locked text.
    page.anchors.clear();
    for section in &mut page.sections {
        section.withheld |= section.locked.take().is_some();
    }
    for question in &mut page.questions {
        question.choices = None;
        question.answer = None;
        question.explanation = None;
        question.locked = true;
    }
    if page.estimated {
        page.minutes = reading_minutes(n_words(page));
    }
}

/// The words of what is left of a page.
fn n_words(page: &Page) -> usize {
    let count = |text: &str| text.split_whitespace().count();
    let in_texts = page.sections.iter().map(|section| {
        count(&section.title) + section.texts().map(|text| count(&text.plain) + count(&text.code)).sum::<usize>()
    });
    in_texts.sum::<usize>() + page.description.as_deref().map_or(0, count)
}
