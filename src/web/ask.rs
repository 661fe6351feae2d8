//! Asking: the one way from a page to the table of questions.

use askama::Template;
use axum::http::Uri;
use axum::response::Html;
use gradus_engine::questions::params::{Params, read_params};
use gradus_engine::questions::question::Question;
use gradus_engine::questions::refusal::{QuestionError, Refusal};

use super::visit::PageVisit;
use crate::http::params::{PairList, query_pairs};
use crate::http::problem::Fault;

/// What the view of `visit` answers to `Q`, asked with `pairs`.
///
/// # Errors
/// If the question is refused, or its answer cannot be given.
pub(super) fn ask<'a, Q: Question>(
    visit: &'a PageVisit,
    pairs: &[(&str, &str)],
) -> Result<Q::Answer<'a>, QuestionError> {
    let pairs: PairList = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Q::answer(visit.view(), read::<Q::Params>(&pairs)?)
}

/// Parameters from pairs.
fn read<P: Params>(pairs: &PairList) -> Result<P, Refusal> {
    read_params(pairs)
}

/// The parameters of a page's address: those that it knows and that are not empty. A form sends empty fields, and readers
/// follow links with marks that others have added.
pub(super) struct Given(PairList);

impl Given {
    /// What `uri` gives of `known` parameters.
    ///
    /// # Errors
    /// If one is not UTF-8.
    pub(super) fn new(uri: &Uri, known: &[&str]) -> Result<Self, Fault> {
        let is_given = |(name, value): &(String, String)| known.contains(&name.as_str()) && !value.trim().is_empty();
        Ok(Self(query_pairs(uri)?.into_iter().filter(is_given).collect()))
    }

    /// The same, with this pair where its name is not given.
    #[must_use]
    pub(super) fn or(mut self, (name, value): (&str, &str)) -> Self {
        if self.get(name).is_empty() {
            self.0.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// The first value of `name`; empty where it is not given.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value.trim())
    }

    /// All values of `name`.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.trim())
    }

    /// All of them.
    pub(super) fn pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.trim())).collect()
    }
}

/// The page that `template` makes.
///
/// # Errors
/// If it cannot be written, which is our fault.
pub(super) fn render(template: &impl Template) -> Result<Html<String>, Fault> {
    template.render().map(Html).map_err(Fault::internal)
}
