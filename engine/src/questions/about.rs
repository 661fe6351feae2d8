//! Questions about one page: what those of a kind share.

use gradus_corpus::{Kind, PageId};
use utoipa::openapi::schema::Schema as ApiSchema;

use super::answer::Answer;
use super::params::{Both, Params};
use super::question::{AnswerCost, Documentation, Question};
use super::reference::{PageParams, find_concept, find_guide, may_be};
use super::refusal::{QuestionError, Refusal, RefusalCode};
use crate::view::View;

/// A question about one page of a kind, which stands in its path as `{id}`. All that follows from that is in the
/// [`Question`] that it is.
pub trait QuestionAbout: Documentation + 'static {
    /// Its name in OpenAPI and for agents.
    const NAME: &'static str;
    /// The command that asks it.
    const COMMAND: &'static str;
    /// Its path, with `{id}` in it.
    const PATH: &'static str;
    /// Of which kind the page is.
    const KIND: Kind;
    /// What the answer takes.
    const COST: AnswerCost;

    /// What it is asked with beside the page.
    type Params: Params;
    /// What it answers.
    type Answer<'a>: Answer + 'a;

    /// What OpenAPI tells of the values of a parameter, as in [`Question::shapes`].
    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        Vec::new()
    }

    /// Asks `view` about `page`.
    ///
    /// # Errors
    /// If a parameter is wrong.
    fn about<'a>(view: &'a View, page: PageId, params: &Self::Params) -> Result<Self::Answer<'a>, Refusal>;
}

impl<Q: QuestionAbout> Question for Q {
    const NAME: &'static str = Q::NAME;
    const COMMAND: &'static str = Q::COMMAND;
    const PATH: &'static str = Q::PATH;
    const SUBJECT: &'static [&'static str] = &["id"];
    const REFUSES: Option<RefusalCode> = Some(match Q::KIND {
        Kind::Concept => RefusalCode::UnknownConcept,
        Kind::Guide => RefusalCode::UnknownGuide,
    });

    type Params = Both<PageParams, Q::Params>;
    type Answer<'a> = Q::Answer<'a>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        Q::shapes()
    }

    fn cost(_: &Self::Params) -> AnswerCost {
        Q::COST
    }

    fn fits(Both(page, _): &Self::Params) -> bool {
        may_be(Q::KIND, &page.id)
    }

    fn answer<'a>(view: &'a View, Both(page, params): Self::Params) -> Result<Self::Answer<'a>, QuestionError> {
        let page = match Q::KIND {
            Kind::Concept => find_concept(view, &page.id)?,
            Kind::Guide => find_guide(view, &page.id)?,
        };
        Ok(Q::about(view, page, &params)?)
    }
}
