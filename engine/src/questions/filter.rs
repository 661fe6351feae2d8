//! Filters that search and the lists of pages share: one parameter for each facet of the index.

use gradus_index::{FACETS, Filters};
use serde_json::{Value, json};

use super::choice::one_of;
use super::params::{Pairs, Parameter, ParameterKind, Params};
use super::refusal::Refusal;

/// Values of one facet are alternatives; facets narrow each other.
#[derive(Clone, Debug, Default)]
pub struct FilterParams(Filters);

impl FilterParams {
    /// The same, with only the `values` of the facet called `name` admitted.
    ///
    /// # Errors
    /// If the facet has a fixed set of values and one is not among them.
    pub fn with(self, name: &str, values: Vec<String>) -> Result<Self, Refusal> {
        let choices = FACETS.iter().find(|facet| facet.name == name).map(|facet| (facet.choices)()).unwrap_or_default();
        let all: Vec<(&str, ())> = choices.iter().map(|choice| (*choice, ())).collect();
        if !all.is_empty() {
            values.iter().try_for_each(|value| one_of(name, value, &all))?;
        }
        Ok(Self(self.0.with(name, values)))
    }

    /// The filters of the index.
    pub fn into_filters(self) -> Filters {
        self.0
    }
}

/// The schema of a value of `facet`: one of few, or any text.
fn values(facet: &gradus_index::Facet) -> Value {
    match (facet.choices)() {
        choices if choices.is_empty() => json!({ "type": "string" }),
        choices => json!({ "type": "string", "enum": choices }),
    }
}

impl Params for FilterParams {
    fn names() -> Vec<&'static str> {
        FACETS.iter().map(|facet| facet.name).collect()
    }

    fn described() -> Vec<Parameter> {
        let describe = |facet: &gradus_index::Facet| Parameter {
            name: facet.name.to_owned(),
            doc: facet.values.to_owned(),
            required: false,
            kind: ParameterKind::List,
            openapi: json!({
                "name": facet.name,
                "in": "query",
                "description": facet.values,
                "required": false,
                "schema": { "type": "array", "items": values(facet) },
            }),
        };
        FACETS.iter().map(describe).collect()
    }

    fn from_pairs(pairs: &Pairs) -> Result<Self, Refusal> {
        FACETS.iter().try_fold(Self::default(), |filters, facet| {
            let given = pairs.iter().filter(|(name, _)| name == facet.name);
            let values = given.flat_map(|(_, list)| list.split(',')).map(str::trim);
            filters.with(facet.name, values.filter(|value| !value.is_empty()).map(str::to_owned).collect())
        })
    }
}
