//! Paths: how does one get from this page to that one?

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema, Str};
use super::card::Card;
use super::choice::bounded;
use super::question::{AnswerCost, Question, question};
use super::reference::{Ref, find};
use super::refusal::{Failure, QuestionError, RefusalCode};
use super::sheet::{Sheet, SheetRow};
use crate::limits;
use crate::view::View;

question! {
    /// The cheapest chains of prerequisites from one concept or guide up to another.
    PathQuestion
}

/// From where to where.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
pub struct PathParams {
    /// The concept or guide that is known.
    #[param(example = "attention")]
    pub from: String,
    /// The concept or guide to reach.
    #[param(example = "paged-attention")]
    pub to: String,
    /// How many paths, at most 10, 1 where not given.
    #[serde(default)]
    #[param(value_type = Option<usize>, minimum = 1, maximum = 10)]
    pub k: Option<i64>,
}

/// The cheapest chains of prerequisites.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PathAnswer<'a> {
    /// Whether there is a chain at all.
    pub found: bool,
    /// Chains by how many of their pages are locked, then minutes, then hops, then ids.
    pub paths: Vec<PathChain<'a>>,
    /// Where there is none: the nearest prerequisites that both ends share.
    pub common: Vec<Ref<'a>>,
    /// Whether the search for further chains was given up.
    pub truncated: bool,
    /// The snapshot that answered.
    pub generation: Str<'a>,
}

/// A chain of prerequisites from one page up to another.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PathChain<'a> {
    /// The pages in the order in which to learn them, both ends included.
    pub items: Vec<Card<'a>>,
    /// How many edges it has.
    pub edges: usize,
    /// Minutes to learn all but the first.
    pub minutes: u32,
    /// Minutes among them that the viewer cannot open.
    pub minutes_locked: u32,
}

impl Question for PathQuestion {
    const NAME: &'static str = "path";
    const COMMAND: &'static str = "path";
    const PATH: &'static str = "/v1/path";
    const SUBJECT: &'static [&'static str] = &["from", "to"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownConcept);
    const WANTS_ITEMS: bool = true;

    type Params = PathParams;
    type Answer<'a> = PathAnswer<'a>;

    fn cost(_: &PathParams) -> AnswerCost {
        AnswerCost::MayBlock
    }

    fn answer(view: &View, params: PathParams) -> Result<PathAnswer<'_>, QuestionError> {
        let k = bounded("k", params.k, 1, limits::PATHS)?;
        let (from, to) = (find(view, &params.from)?, find(view, &params.to)?);
        let paths = view.graph.paths(from, to, k, &|page, section| view.can_open(page, section));
        let dress = |path: &gradus_graph::PrerequisitePath| PathChain {
            items: Card::all(view, &path.pages),
            edges: path.pages.len().saturating_sub(1),
            minutes: path.minutes,
            minutes_locked: path.minutes_locked,
        };
        Ok(PathAnswer {
            found: !paths.paths.is_empty(),
            paths: paths.paths.iter().map(dress).collect(),
            common: Ref::all(&view.corpus, &paths.common),
            truncated: paths.truncated,
            generation: (&view.generation).into(),
        })
    }
}

impl Answer for PathAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn sheet(&self) -> Sheet {
        let has_many = self.paths.len() > 1;
        let rows = (1..).zip(&self.paths).flat_map(|(n, chain)| {
            let which = if has_many { format!("chain {n}, {} min", chain.minutes) } else { String::new() };
            SheetRow::all(&chain.items, |page| {
                let lock = if page.locked { "locked" } else { "" };
                SheetRow::new(&page.id, &page.title, &page.url, &[&which, lock])
            })
        });
        let sheet = Sheet::list(rows.collect());
        let minutes = self.paths.first().filter(|_| !has_many).map(|chain| chain.minutes.to_string());
        sheet
            .note("minutes", minutes.unwrap_or_default())
            .note_if("truncated", self.truncated)
            .note("shared", Ref::titles(&self.common))
            .note("found", if self.found { "" } else { "no chain of prerequisites leads there" })
    }

    fn n_found(&self) -> Option<usize> {
        Some(self.paths.len())
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}
