//! Cards: what answers show of a page before anybody opens it.

use gradus_corpus::work::checkpoint;
use gradus_corpus::{Access, Level, PageId};
use gradus_graph::{Material, PageLesson};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Str, strs};
use super::reference::Ref;
use super::sheet::SheetFields;
use crate::view::View;

/// A page as it is shown among others.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Card<'a> {
    /// Full id, `kind:slug`.
    #[schema(example = "concept:kv-cache")]
    pub id: String,
    /// `concept` or `guide`.
    pub kind: Str<'a>,
    /// What readers call it.
    pub title: Str<'a>,
    /// Where the site shows it.
    pub url: Str<'a>,
    /// One sentence: a concept's definition, a guide's summary.
    pub description: Option<Str<'a>>,
    /// The shelf it stands on.
    pub category: Option<Str<'a>>,
    /// `beginner`, `intermediate` or `advanced`.
    pub level: Option<Str<'a>>,
    /// Minutes to read it, or to learn it where that is what is asked: then those of the lesson that teaches it.
    pub minutes: u32,
    /// `free` or `pro`; of what is to be learned, that of its lesson.
    pub access: Str<'a>,
    /// Whether anything of it, or of its lesson, is withheld from the viewer.
    pub locked: bool,
}

impl<'a> Card<'a> {
    /// The card of a page that is to be read.
    pub fn new(view: &'a View, id: PageId) -> Self {
        // Long answers are made of cards.
        checkpoint();
        let page = view.corpus.page(id);
        Self {
            id: page.id(),
            kind: page.kind.as_str().into(),
            title: (&page.title).into(),
            url: (&page.url).into(),
            description: page.description.as_ref().map(Str::from),
            category: page.category.as_ref().map(Str::from),
            level: page.level.map(|level| Level::as_str(level).into()),
            minutes: page.minutes,
            access: page.access.as_str().into(),
            locked: page.is_locked(),
        }
    }

    /// The card of a page that is to be learned: minutes and access are those of what a plan would have it learned from.
    /// So a page takes equally long wherever it is told what learning it takes.
    pub fn to_learn(view: &'a View, id: PageId) -> Self {
        Self::new(view, id).with_lesson(view, id, view.lesson(id))
    }

    /// The same as what is learned from `lesson`.
    pub(super) fn with_lesson(self, view: &View, id: PageId, lesson: PageLesson) -> Self {
        let PageLesson { material, minutes, is_locked } = lesson;
        let access = material_access(view, Some(id), material);
        Self { minutes, access: access.as_str().into(), locked: is_locked, ..self }
    }

    /// The cards of pages that are to be read, in their order.
    pub fn all(view: &'a View, pages: &[PageId]) -> Vec<Self> {
        pages.iter().map(|page| Self::new(view, *page)).collect()
    }

    /// The cards of pages that are to be learned, in their order.
    pub fn all_to_learn(view: &'a View, pages: &[PageId]) -> Vec<Self> {
        pages.iter().map(|page| Self::to_learn(view, *page)).collect()
    }

    /// The reference to the same page.
    pub fn to_ref(&self) -> Ref<'a> {
        let (kind, title, url) = (self.kind.clone(), self.title.clone(), self.url.clone());
        Ref { id: self.id.clone(), kind, title, url }
    }

    /// The titles of `cards`, with commas between.
    pub(super) fn titles<'c>(cards: impl IntoIterator<Item = &'c Self>) -> String
    where
        'a: 'c,
    {
        cards.into_iter().map(|card| &*card.title).collect::<Vec<_>>().join(", ")
    }

    /// What a list on a terminal says of a page beside its title: minutes, and the lock.
    pub(super) fn remark(&self) -> String {
        let lock = if self.locked { " (locked)" } else { "" };
        format!("{} min{lock}", self.minutes)
    }
}

/// Who may open `material`, which is what `page` is learned from.
pub(super) fn material_access(view: &View, page: Option<PageId>, material: Material) -> Access {
    let Some(taught_in) = material.guide.or(page).map(|page| view.corpus.page(page)) else { return Access::Free };
    let section = material.section.and_then(|idx| taught_in.sections.get(idx));
    section.map_or(taught_in.access, |section| section.access)
}

/// What every page tells of itself.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PageFacts<'a> {
    /// Which page.
    #[serde(flatten)]
    pub card: Card<'a>,
    /// Other names and acronyms.
    pub aliases: Vec<Str<'a>>,
    /// Labels.
    pub tags: Vec<Str<'a>>,
    /// Tracks it belongs to.
    pub tracks: Vec<Str<'a>>,
    /// Whether the minutes were counted from words.
    pub estimated: bool,
    /// BCP 47 tag of its language.
    pub lang: Option<Str<'a>>,
    /// Date of its last change.
    pub updated: Option<Str<'a>>,
}

impl<'a> PageFacts<'a> {
    /// The facts of `id`.
    pub fn new(view: &'a View, id: PageId) -> Self {
        let page = view.corpus.page(id);
        Self {
            card: Card::new(view, id),
            aliases: strs(&page.names),
            tags: strs(&page.tags),
            tracks: strs(&page.tracks),
            estimated: page.estimated,
            lang: page.lang.as_ref().map(Str::from),
            updated: page.updated.as_ref().map(Str::from),
        }
    }

    /// How they stand on a terminal.
    pub(super) fn fields(&self) -> SheetFields {
        let card = &self.card;
        SheetFields::default()
            .text("id", &card.id)
            .text("title", &card.title)
            .text("url", &card.url)
            .maybe("description", card.description.as_ref())
            .list("aliases", &self.aliases)
            .maybe("category", card.category.as_ref())
            .list("tags", &self.tags)
            .list("tracks", &self.tracks)
            .maybe("level", card.level.as_ref())
            .text("minutes", &card.minutes)
    }
}
