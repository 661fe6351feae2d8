//! Parameters that take one of a few values. Casing does not matter.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};

use super::refusal::Refusal;

/// What `given`, the value of the parameter `name`, spells among `all`; `None` where it is not given.
///
/// # Errors
/// If it spells none: all that exist are told.
pub fn choice<T: Copy>(name: &str, given: Option<&str>, all: &[(&'static str, T)]) -> Result<Option<T>, Refusal> {
    given.map(|given| one_of(name, given, all)).transpose()
}

/// What each of `given` spells among `all`, spelled by `spell`.
///
/// # Errors
/// If one spells none.
pub fn choices<T: Copy>(
    name: &str,
    given: &[String],
    all: &[T],
    spell: fn(T) -> &'static str,
) -> Result<Vec<T>, Refusal> {
    let all: Vec<(&'static str, T)> = all.iter().map(|value| (spell(*value), *value)).collect();
    given.iter().map(|given| one_of(name, given, &all)).collect()
}

/// The spellings of a choice.
pub(super) fn spellings<T>(all: &[(&'static str, T)]) -> impl Iterator<Item = &'static str> {
    all.iter().map(|(spelling, _)| *spelling)
}

/// What `given` spells among `all`.
///
/// # Errors
/// If it spells none.
pub(super) fn one_of<T: Copy>(name: &str, given: &str, all: &[(&'static str, T)]) -> Result<T, Refusal> {
    let found = all.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(given.trim()));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let spellings: Vec<&str> = all.iter().map(|(spelling, _)| *spelling).collect();
        let shown: String = given.chars().take(100).collect();
        let refusal = Refusal::invalid(name, format_args!("'{shown}' is none of {}", spellings.join(", ")));
        let near = nearest(&shown.trim().to_lowercase(), &spellings).map_or(spellings, |near| vec![near]);
        refusal.suggesting(near.into_iter().map(str::to_owned).collect())
    })
}

/// Which of `spellings` is mistyped as `given`, in one edit, from six letters on in two, or shortened to it, as turtle is to `ttl`.
fn nearest<'a>(given: &str, spellings: &[&'a str]) -> Option<&'a str> {
    let most = if given.chars().count() < 6 { 1 } else { 2 };
    let is_short_for = |spelling: &str| {
        let mut rest = spelling.chars();
        given.len() > 1
            && given.chars().next() == spelling.chars().next()
            && given.chars().all(|char| rest.any(|one| one == char))
    };
    let edits = |spelling: &&'a str| (strsim::osa_distance(spelling, given), *spelling);
    let near = spellings.iter().map(edits).filter(|(edits, spelling)| *edits <= most || is_short_for(spelling));
    near.min().map(|(_, spelling)| spelling)
}

/// The value of the parameter `name`, `default` where it is not given.
///
/// # Errors
/// If it is below 1 or above `max`.
pub fn bounded(name: &str, given: Option<i64>, default: usize, max: usize) -> Result<usize, Refusal> {
    match given {
        None => Ok(default),
        Some(value) => match usize::try_from(value) {
            Ok(value) if (1..=max).contains(&value) => Ok(value),
            _ => Err(Refusal::invalid(name, format_args!("{value} is not within 1 and {max}"))),
        },
    }
}

/// The schema of a parameter that takes one of `spellings`.
pub(super) fn one_of_these(spellings: impl IntoIterator<Item = &'static str>) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(spellings)).into()
}

/// The schema of a parameter that takes several of `spellings`.
pub(super) fn list_of(spellings: impl IntoIterator<Item = &'static str>) -> Schema {
    ArrayBuilder::new().items(RefOr::T(one_of_these(spellings))).into()
}

/// The schema of a parameter whose text has the shape of `pattern`.
pub(super) fn text_like(pattern: &str) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).into()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_what_is_near_is_suggested() {
        let spellings = ["jsonl", "jsonld", "turtle", "csv", "mermaid"];
        for (given, near) in [
            ("ttl", Some("turtle")),
            ("json", Some("jsonl")),
            ("tutrle", Some("turtle")),
            ("svg", None),
            ("t", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, &spellings), near, "{given}");
        }
    }
}
