//! Filters that search and the lists of pages share.

use gradus_corpus::{Access, Kind, Level, Page};
use gradus_index::Filters;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{AskError, comma_list};

/// Values of one field are alternatives; fields narrow each other.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct FilterAsk {
    /// `concept`, `guide`.
    #[serde(deserialize_with = "comma_list")]
    pub kind: Vec<String>,
    /// Categories.
    #[serde(deserialize_with = "comma_list")]
    pub category: Vec<String>,
    /// Tags.
    #[serde(deserialize_with = "comma_list")]
    pub tag: Vec<String>,
    /// Tracks.
    #[serde(deserialize_with = "comma_list")]
    pub track: Vec<String>,
    /// `beginner`, `intermediate`, `advanced`.
    #[serde(deserialize_with = "comma_list")]
    pub level: Vec<String>,
    /// `free`, `pro`.
    #[serde(deserialize_with = "comma_list")]
    pub access: Vec<String>,
    /// Language tags.
    #[serde(deserialize_with = "comma_list")]
    pub lang: Vec<String>,
}

impl FilterAsk {
    /// The filters, checked.
    ///
    /// # Errors
    /// If a kind, level or access does not exist.
    pub fn filters(self) -> Result<Filters, AskError> {
        known("kind", &self.kind, Kind::ALL, Kind::as_str)?;
        known("level", &self.level, Level::ALL, Level::as_str)?;
        known("access", &self.access, Access::ALL, Access::as_str)?;
        let Self { kind, category, tag, track, level, access, lang } = self;
        let given = [
            ("kind", kind),
            ("category", category),
            ("tag", tag),
            ("track", track),
            ("level", level),
            ("access", access),
            ("lang", lang),
        ];
        Ok(given.into_iter().fold(Filters::default(), |filters, (facet, values)| filters.with(facet, values)))
    }
}

/// Checks that each of `given` is the spelling of one of `all`.
///
/// # Errors
/// If one is not: all that exist are suggested.
pub fn known<T: Copy>(name: &str, given: &[String], all: &[T], spell: fn(T) -> &'static str) -> Result<(), AskError> {
    let spellings = || all.iter().map(|value| spell(*value));
    match given.iter().find(|given| !spellings().any(|spelling| spelling == given.as_str())) {
        None => Ok(()),
        Some(unknown) => {
            let all: Vec<&str> = spellings().collect();
            let why = format!("'{unknown}' is none of {}", all.join(", "));
            Err(AskError::invalid(name, why).suggesting(all.into_iter().map(str::to_owned).collect()))
        }
    }
}

/// Whether `page` passes `filters`.
pub fn passes(page: &Page, filters: &Filters) -> bool {
    filters.pass(page)
}
