//! Goals that are worth a plan, for readers who come without one.

use gradus_engine::questions::page_list::{ConceptsQuestion, GuidesQuestion, PageItem};
use gradus_engine::questions::prerequisites::{ConceptPrerequisitesQuestion, GuidePrerequisitesQuestion};
use gradus_engine::questions::refusal::QuestionError;
use gradus_engine::questions::topics::{TopicsAnswer, TopicsQuestion};

use super::ask::ask;
use super::inference::{INCLUDE, Inference};
use super::lines::LinkLine;
use super::visit::PageVisit;

/// Goals that are proposed.
const GOALS: usize = 6;
/// Goals of one folder: what stands deepest often stands together.
const OF_FOLDER: usize = 2;
/// Pages among which goals are looked for.
const DEEPEST: &str = "24";

/// Goals, and what plans to them are asked with.
pub(super) struct Goals<'a> {
    /// Where authors declare prerequisites: the central concepts of the largest topics.
    topics: Option<TopicsAnswer<'a>>,
    /// Where they do not: what has most before it by what the texts speak for.
    pages: Vec<PageItem<'a>>,
    pairs: &'static [(&'static str, &'static str)],
}

impl<'a> Goals<'a> {
    /// The goals of `visit`. O(pages + edges) where there are no declared prerequisites among concepts.
    ///
    /// # Errors
    /// If a question cannot be answered.
    pub(super) fn of(visit: &'a PageVisit) -> Result<Self, QuestionError> {
        let inference = Inference::of(visit);
        let (has_concepts, pairs) = (visit.view().corpus.n_concepts() > 0, inference.of_plan());
        if has_concepts && inference != Inference::Offered {
            let topics = ask::<TopicsQuestion>(visit, &[("limit", "12")])?;
            return Ok(Self { topics: Some(topics), pages: Vec::new(), pairs });
        }
        let asked = [("sort", "depth"), ("limit", DEEPEST), (INCLUDE.0, inference.value())];
        let deepest = if has_concepts {
            ask::<ConceptsQuestion>(visit, &asked)?.items
        } else {
            ask::<GuidesQuestion>(visit, &asked)?.items
        };
        let mut pages = Vec::new();
        for page in deepest {
            if needs_any(visit, &page.page.card.id, inference)? {
                pages.push(page);
            }
        }
        Ok(Self { topics: None, pages: spread(pages), pairs })
    }

    /// The goals as lines that lead to their plans.
    pub(super) fn lines(&self) -> Vec<LinkLine<'_>> {
        let central = self.topics.iter().flat_map(|topics| &topics.items).filter_map(|topic| topic.central.first());
        let deep = self.pages.iter().map(|page| LinkLine { minutes: None, ..LinkLine::new(&page.page.card) });
        central.map(LinkLine::of_ref).chain(deep).take(GOALS).map(|goal| goal.into_plan(self.pairs)).collect()
    }
}

/// The goals among `deepest`: no two of one name, and few of one folder unless there are no others.
fn spread(deepest: Vec<PageItem<'_>>) -> Vec<PageItem<'_>> {
    let (mut chosen, mut waiting): (Vec<PageItem<'_>>, Vec<PageItem<'_>>) = (Vec::new(), Vec::new());
    for page in deepest {
        let card = &page.page.card;
        if chosen.iter().chain(&waiting).any(|other| other.page.card.title == card.title) {
            continue;
        }
        let n_beside = chosen.iter().filter(|other| folder(&other.page.card.id) == folder(&card.id)).count();
        if n_beside < OF_FOLDER { chosen.push(page) } else { waiting.push(page) }
    }
    chosen.extend(waiting);
    chosen.truncate(GOALS);
    chosen
}

/// Whether a plan to the page with this full id has more than one step.
fn needs_any(visit: &PageVisit, id: &str, inference: Inference) -> Result<bool, QuestionError> {
    let pairs = [("id", id), ("depth", "1"), (INCLUDE.0, inference.value())];
    let closure = if id.starts_with("guide:") {
        ask::<GuidePrerequisitesQuestion>(visit, &pairs)?
    } else {
        ask::<ConceptPrerequisitesQuestion>(visit, &pairs)?
    };
    Ok(!closure.items.is_empty())
}

/// The folder of the page with this full id: its slug up to the last `~`.
fn folder(id: &str) -> &str {
    id.rsplit_once('~').map_or("", |(folder, _)| folder)
}
