//! What a page is learned from.

use gradus_graph::Material;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::card::Card;
use super::section_parts::SectionRef;
use crate::view::View;

/// What to learn from.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct MaterialAnswer<'a> {
    /// The guide; null where the concept's own page is the lesson.
    pub guide: Option<Card<'a>>,
    /// The section of the guide; null where the whole guide is the lesson.
    pub section: Option<SectionRef<'a>>,
}

impl<'a> MaterialAnswer<'a> {
    /// `material` as it is told.
    pub(super) fn new(view: &'a View, material: Material) -> Self {
        let section = material.guide.zip(material.section);
        Self {
            guide: material.guide.map(|guide| Card::new(view, guide)),
            section: section.map(|(guide, idx)| SectionRef::new(view.corpus.page(guide), idx)),
        }
    }

    /// The title and address of what to read; `None` of a concept's own page.
    pub fn place(&self) -> Option<(&str, &str)> {
        let section = self.section.as_ref().map(|section| (&*section.title, section.url.as_str()));
        section.or(self.guide.as_ref().map(|guide| (&*guide.title, &*guide.url)))
    }
}
