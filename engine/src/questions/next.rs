//! Next: what can be learned now?

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::card::Card;
use super::choice::bounded;
use super::list::{List, ListItem};
use super::material::MaterialAnswer;
use super::question::{AnswerCost, Question, question};
use super::reference::{Ref, find, find_list};
use super::refusal::{QuestionError, Refusal, RefusalCode};
use super::sheet::SheetRow;
use crate::limits;
use crate::view::View;

question! {
    /// What can be learned now: what can be opened first, then what unlocks most towards the goal, then what takes fewest
    /// minutes.
    NextQuestion
}

/// What is known and what is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct NextParams {
    /// What the reader knows; each counts with its whole closure.
    #[param(max_items = 5000)]
    pub known: Vec<String>,
    /// Where the reader wants to get; everything where not given.
    pub goal: Option<String>,
    /// Only concepts of this track.
    pub track: Vec<String>,
    /// Items, at most 100, 20 where not given.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
}

/// A concept whose required prerequisites are all known.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct NextItem<'a> {
    /// Which concept, and what learning it takes.
    #[serde(flatten)]
    pub page: Card<'a>,
    /// What to learn it from.
    #[serde(flatten)]
    pub material: MaterialAnswer<'a>,
    /// The concepts that it needs and that need it in turn: they are learned together.
    pub together: Vec<Ref<'a>>,
    /// How many concepts on the way to the goal need it, directly or not; without a goal, how many need it directly.
    pub unlocks_count: usize,
    /// The concepts that it unlocks directly.
    pub unlocks: Vec<Ref<'a>>,
}

impl Question for NextQuestion {
    const NAME: &'static str = "next";
    const COMMAND: &'static str = "next";
    const PATH: &'static str = "/v1/next";
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownConcept);

    type Params = NextParams;
    type Answer<'a> = List<NextItem<'a>>;

    fn cost(_: &NextParams) -> AnswerCost {
        AnswerCost::MayBlock
    }

    fn answer(view: &View, params: NextParams) -> Result<List<NextItem<'_>>, QuestionError> {
        let limit = bounded("limit", params.limit, limits::DEFAULT_PAGE_ITEMS, limits::PAGE_ITEMS)?;
        let known = find_list(view, "known", &params.known)?;
        let goal = params.goal.as_deref().map(|goal| find(view, goal)).transpose()?;
        let track = gradus_index::Filters::default().with("track", params.track);
        let corpus = &*view.corpus;
        let can_open = |page, section| view.can_open(page, section);
        let frontier = view.graph.frontier(&known, goal, &|page| track.pass(corpus.page(page)), &can_open);
        let frontier = frontier.map_err(|too_far| Refusal::invalid("goal", too_far))?;
        let total = frontier.len();
        let dress = |next: &gradus_graph::FrontierPage| NextItem {
            page: Card::new(view, next.page).with_lesson(view, next.page, next.lesson),
            material: MaterialAnswer::new(view, next.lesson.material),
            together: Ref::all(corpus, &next.together),
            unlocks_count: next.unlocks_count,
            unlocks: Ref::all(corpus, &next.unlocks),
        };
        let items = frontier.iter().take(limit).map(dress).collect();
        Ok(List { items, total, next_cursor: None, generation: view.generation.clone() })
    }
}

impl ListItem for NextItem<'_> {
    fn row(&self) -> SheetRow {
        let unlocks = if self.unlocks_count > 0 { format!("unlocks {}", self.unlocks_count) } else { String::new() };
        let together = Ref::titles(&self.together);
        let together = if together.is_empty() { together } else { format!("together with {together}") };
        SheetRow::new(&self.page.id, &self.page.title, &self.page.url, &[&self.page.remark(), &unlocks, &together])
    }
}
