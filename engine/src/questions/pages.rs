//! Pages: lists of them, a concept, a guide.

use gradus_corpus::{Edge, Level, Origin, Page, PageId, QuestionKind, Relation, Strength};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::filter::{FilterAsk, passes};
use super::section::{GuideSection, SectionRef, dress_section, section_html, section_ref};
use super::{AskError, List, Ref, Slice, View, find_concept, find_guide};

/// Which pages, in which order.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct PagesAsk {
    /// `title`, `level`, `minutes` or `unlocks` (most first); by id where not given.
    pub sort: Option<String>,
    /// Items a page, at most 100, 20 where not given.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<usize>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// A page in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageItem<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// Definition or summary.
    pub description: Option<&'a str>,
    /// The shelf it stands on.
    pub category: Option<&'a str>,
    /// Labels.
    pub tags: &'a [Box<str>],
    /// Tracks it belongs to.
    pub tracks: &'a [Box<str>],
    /// `beginner`, `intermediate` or `advanced`.
    pub level: Option<&'static str>,
    /// Minutes to learn it.
    pub minutes: u32,
    /// Whether the minutes were counted from words.
    pub estimated: bool,
    /// `free` or `pro`.
    pub access: &'static str,
    /// How many pages need it directly.
    pub unlocks_count: usize,
}

/// A concept whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConceptAnswer<'a> {
    /// Which concept.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// One sentence.
    pub description: Option<&'a str>,
    /// Other names and acronyms.
    pub aliases: &'a [Box<str>],
    /// The shelf it stands on.
    pub category: Option<&'a str>,
    /// Labels.
    pub tags: &'a [Box<str>],
    /// Tracks it belongs to.
    pub tracks: &'a [Box<str>],
    /// `beginner`, `intermediate` or `advanced`.
    pub level: Option<&'static str>,
    /// Minutes to learn it.
    pub minutes: u32,
    /// Whether the minutes were counted from words.
    pub estimated: bool,
    /// Its own page.
    pub body_html: String,
    /// Where its facts come from.
    pub sources: Vec<SourceAnswer<'a>>,
    /// What it needs directly.
    pub prerequisites: Vec<Needed<'a>>,
    /// Prerequisites that name no page, in the author's words.
    pub prose_prerequisites: Vec<&'a str>,
    /// What needs it directly.
    pub unlocks: Vec<Needed<'a>>,
    /// The guides that teach it, with the section that does.
    pub taught_by: Vec<TaughtBy<'a>>,
    /// Contrasts, parts, improvements; `_by` where the other concept says it of this one.
    pub relations: Vec<Related<'a>>,
    /// The snapshot that answered.
    pub generation: &'a str,
}

/// Where a fact comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceAnswer<'a> {
    /// As cited.
    pub title: &'a str,
    /// Where to read it.
    pub url: Option<&'a str>,
    /// Year of publication.
    pub year: Option<i32>,
}

/// The other end of a prerequisite edge.
#[derive(Debug, Serialize, ToSchema)]
pub struct Needed<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// `required` or `recommended`.
    pub strength: &'static str,
    /// Why, in the author's words.
    pub reason: Option<&'a str>,
    /// How the edge came to be known.
    pub origin: &'static str,
}

/// A guide that teaches a concept.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaughtBy<'a> {
    /// Which guide.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// The section that names the concept most; null where none does that the viewer may read.
    pub section: Option<SectionRef<'a>>,
}

/// The other end of a relation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Related<'a> {
    /// `contrasts`, `part_of`, `improves_on`, `has_part`, `improved_by`, `related`.
    pub relation: &'static str,
    /// Which page.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// Why, in the author's words.
    pub reason: Option<&'a str>,
}

/// A guide whole, as far as the viewer may read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuideAnswer<'a> {
    /// Which guide.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// What it is about.
    pub description: Option<&'a str>,
    /// The shelf it stands on.
    pub category: Option<&'a str>,
    /// Labels.
    pub tags: &'a [Box<str>],
    /// Tracks it belongs to.
    pub tracks: &'a [Box<str>],
    /// `beginner`, `intermediate` or `advanced`.
    pub level: Option<&'static str>,
    /// Minutes to read it.
    pub minutes: u32,
    /// Whether the minutes were counted from words.
    pub estimated: bool,
    /// `free` or `pro`.
    pub access: &'static str,
    /// Whether anything of it is withheld from the viewer.
    pub locked: bool,
    /// Who wrote it.
    pub authors: &'a [Box<str>],
    /// Date of its last change.
    pub updated: Option<&'a str>,
    /// Where its facts come from.
    pub sources: Vec<SourceAnswer<'a>>,
    /// Its sections in order.
    pub sections: Vec<GuideSection<'a>>,
    /// The concepts that it teaches.
    pub teaches: Vec<Ref<'a>>,
    /// What it assumes.
    pub prerequisites: Vec<Needed<'a>>,
    /// Prerequisites that name no page, in the author's words.
    pub prose_prerequisites: Vec<&'a str>,
    /// Guides to read together with it.
    pub companion: Vec<Ref<'a>>,
    /// How many questions it has.
    pub questions: QuestionCounts,
    /// The snapshot that answered.
    pub generation: &'a str,
}

/// How many questions a guide has.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionCounts {
    /// Quiz questions.
    pub quiz: usize,
    /// Interview questions.
    pub interview: usize,
}

/// The concepts, or the guides, that pass the filters.
///
/// # Errors
/// If a parameter is wrong.
pub fn list_pages<'a>(
    view: &'a View,
    pages: impl Iterator<Item = PageId>,
    ask: &PagesAsk,
    filters: FilterAsk,
) -> Result<List<PageItem<'a>>, AskError> {
    let slice = Slice::new(view, ask.limit, ask.cursor.as_deref())?;
    let filters = filters.filters()?;
    let corpus = &view.corpus;
    let mut passing: Vec<PageId> = pages.filter(|page| passes(corpus.page(*page), &filters)).collect();
    match ask.sort.as_deref() {
        None => {}
        Some("title") => passing.sort_by_cached_key(|page| corpus.page(*page).title.to_lowercase()),
        Some("level") => passing.sort_by_key(|page| corpus.page(*page).level.map_or(u8::MAX, |level| level as u8)),
        Some("minutes") => passing.sort_by_key(|page| corpus.page(*page).minutes),
        Some("unlocks") => passing.sort_by_key(|page| std::cmp::Reverse(view.graph.n_dependents(*page))),
        Some(other) => {
            return Err(AskError::invalid("sort", format_args!("'{other}' is none of title, level, minutes, unlocks")));
        }
    }
    Ok(slice.cut(view, &passing, |page| dress_item(view, *page)))
}

fn dress_item(view: &View, id: PageId) -> PageItem<'_> {
    let page = view.corpus.page(id);
    PageItem {
        page: Ref::new(&view.corpus, id),
        description: page.description.as_deref(),
        category: page.category.as_deref(),
        tags: &page.tags,
        tracks: &page.tracks,
        level: page.level.map(Level::as_str),
        minutes: page.minutes,
        estimated: page.estimated,
        access: page.access.as_str(),
        unlocks_count: view.graph.n_dependents(id),
    }
}

/// The concept that `reference` names.
///
/// # Errors
/// If there is none.
pub fn concept<'a>(view: &'a View, reference: &str) -> Result<ConceptAnswer<'a>, AskError> {
    let id = find_concept(view, reference)?;
    let page = view.corpus.page(id);
    Ok(ConceptAnswer {
        page: Ref::new(&view.corpus, id),
        description: page.description.as_deref(),
        aliases: &page.names,
        category: page.category.as_deref(),
        tags: &page.tags,
        tracks: &page.tracks,
        level: page.level.map(Level::as_str),
        minutes: page.minutes,
        estimated: page.estimated,
        body_html: page.sections.iter().map(|section| section_html(section, true)).collect(),
        sources: sources(page),
        prerequisites: needs(view, id),
        prose_prerequisites: page.prose_prerequisites.iter().map(|prose| &*prose.text).collect(),
        unlocks: needed_by(view, id),
        taught_by: taught_by(view, id),
        relations: relations(view, id),
        generation: &view.generation,
    })
}

/// The guide that `reference` names.
///
/// # Errors
/// If there is none.
pub fn guide<'a>(view: &'a View, reference: &str) -> Result<GuideAnswer<'a>, AskError> {
    let id = find_guide(view, reference)?;
    let page = view.corpus.page(id);
    let declared = |relation| view.corpus.declared_by(id).iter().filter(move |edge| edge.relation == relation);
    let refs = |relation| declared(relation).map(|edge| Ref::new(&view.corpus, edge.to)).collect();
    let count = |kind| page.questions.iter().filter(|question| question.kind == kind).count();
    Ok(GuideAnswer {
        page: Ref::new(&view.corpus, id),
        description: page.description.as_deref(),
        category: page.category.as_deref(),
        tags: &page.tags,
        tracks: &page.tracks,
        level: page.level.map(Level::as_str),
        minutes: page.minutes,
        estimated: page.estimated,
        access: page.access.as_str(),
        locked: page.is_locked(),
        authors: &page.authors,
        updated: page.updated.as_deref(),
        sources: sources(page),
        sections: page.sections.iter().map(|section| dress_section(page, section)).collect(),
        teaches: refs(Relation::Teaches),
        prerequisites: needs(view, id),
        prose_prerequisites: page.prose_prerequisites.iter().map(|prose| &*prose.text).collect(),
        companion: refs(Relation::Companion),
        questions: QuestionCounts { quiz: count(QuestionKind::Quiz), interview: count(QuestionKind::Interview) },
        generation: &view.generation,
    })
}

fn sources(page: &Page) -> Vec<SourceAnswer<'_>> {
    page.sources
        .iter()
        .map(|source| SourceAnswer { title: &source.title, url: source.url.as_deref(), year: source.year })
        .collect()
}

fn is_prerequisite(edge: &Edge) -> bool {
    matches!(edge.relation, Relation::Requires | Relation::Assumes) && edge.origin != Origin::Inferred
}

fn needs(view: &View, id: PageId) -> Vec<Needed<'_>> {
    let edges = view.corpus.declared_by(id).iter().filter(|edge| is_prerequisite(edge));
    by_strength(edges.map(|edge| needed(view, edge, edge.to)).collect())
}

fn needed_by(view: &View, id: PageId) -> Vec<Needed<'_>> {
    let edges = view.graph.dependents(id).map(|idx| &view.corpus.declared()[idx as usize]);
    by_strength(edges.map(|edge| needed(view, edge, edge.from)).collect())
}

fn by_strength(mut all: Vec<Needed<'_>>) -> Vec<Needed<'_>> {
    all.sort_by_key(|needed| needed.strength != Strength::Required.as_str());
    all
}

fn needed<'a>(view: &'a View, edge: &'a Edge, other: PageId) -> Needed<'a> {
    Needed {
        page: Ref::new(&view.corpus, other),
        strength: edge.strength.as_str(),
        reason: edge.reason.as_deref(),
        origin: edge.origin.as_str(),
    }
}

fn taught_by(view: &View, concept: PageId) -> Vec<TaughtBy<'_>> {
    let dress = |guide: PageId| TaughtBy {
        page: Ref::new(&view.corpus, guide),
        section: view.corpus.page(guide).teaching_section(concept).map(|idx| section_ref(view.corpus.page(guide), idx)),
    };
    view.graph.taught_by(concept).map(dress).collect()
}

fn relations(view: &View, id: PageId) -> Vec<Related<'_>> {
    let said = view.corpus.declared_by(id).iter().filter_map(|edge| {
        let relation = typed(edge.relation)?;
        Some(Related { relation, page: Ref::new(&view.corpus, edge.to), reason: edge.reason.as_deref() })
    });
    let said_of = view.graph.related_by(id).filter_map(|idx| {
        let edge = &view.corpus.declared()[idx as usize];
        let relation = reverse(edge.relation)?;
        Some(Related { relation, page: Ref::new(&view.corpus, edge.from), reason: edge.reason.as_deref() })
    });
    let mut all: Vec<Related<'_>> = said.chain(said_of).collect();
    all.sort_by(|a, b| (a.relation, &a.page.id).cmp(&(b.relation, &b.page.id)));
    all.dedup_by(|later, kept| later.relation == kept.relation && later.page.id == kept.page.id);
    all
}

fn typed(relation: Relation) -> Option<&'static str> {
    matches!(relation, Relation::Contrasts | Relation::PartOf | Relation::ImprovesOn | Relation::Related)
        .then(|| relation.as_str())
}

fn reverse(relation: Relation) -> Option<&'static str> {
    match relation {
        Relation::Contrasts => Some("contrasts"),
        Relation::PartOf => Some("has_part"),
        Relation::ImprovesOn => Some("improved_by"),
        _ => None,
    }
}
