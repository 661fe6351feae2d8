//! Fields of metadata: their many spellings, and what their values mean.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::spelling::normal;
use crate::value::{Node, Value};
use gradus_corpus::{Level, Source};

/// The fields that mean something, by the name they have here.
pub(crate) const NAMES: &[&str] = &[
    "kind",
    "title",
    "id",
    "slug",
    "url",
    "description",
    "aliases",
    "aka",
    "tags",
    "category",
    "tracks",
    "prerequisites",
    "recommended",
    "teaches",
    "related",
    "related_exclude",
    "companion",
    "contrasts",
    "part_of",
    "improves_on",
    "level",
    "time",
    "order",
    "series",
    "access",
    "sources",
    "lang",
    "draft",
    "updated",
    "authors",
    "questions",
    "body",
    "path",
];

/// Foreign names of fields.
const ALSO: &[(&str, &str)] = &[
    ("name", "title"),
    ("permalink", "url"),
    ("summary", "description"),
    ("abstract", "description"),
    ("alias", "aliases"),
    ("redirect_from", "aliases"),
    ("keywords", "tags"),
    ("categories", "category"),
    ("track", "tracks"),
    ("prereqs", "prerequisites"),
    ("requires", "prerequisites"),
    ("requirements", "prerequisites"),
    ("depends_on", "prerequisites"),
    ("competencyRequired", "prerequisites"),
    ("concepts", "teaches"),
    ("covers", "teaches"),
    ("learning_objectives", "teaches"),
    ("see_also", "related"),
    ("links", "related"),
    ("further_reading", "related"),
    ("difficulty", "level"),
    ("skill_level", "level"),
    ("skilllevels", "level"),
    ("educationalLevel", "level"),
    ("minutes", "time"),
    ("minutes_to_complete", "time"),
    ("time_estimation", "time"),
    ("timeRequired", "time"),
    ("duration", "time"),
    ("weight", "order"),
    ("sidebar_position", "order"),
    ("sidebar.order", "order"),
    ("language", "lang"),
    ("lastmod", "updated"),
    ("last_update", "updated"),
    ("lastUpdated", "updated"),
    ("date", "updated"),
    ("author", "authors"),
    ("contributors", "authors"),
    ("resources", "sources"),
];

/// Names that other tools give fields of their own, near as they are to some of ours: no slips of the pen.
const OTHERS: &[&str] = &[
    "accent",
    "batch",
    "bath",
    "code",
    "cover",
    "data",
    "font",
    "hide",
    "icon",
    "image",
    "images",
    "kinds",
    "label",
    "labels",
    "layer",
    "layout",
    "line",
    "link",
    "list",
    "main",
    "math",
    "menu",
    "model",
    "mode",
    "module",
    "name",
    "nav",
    "node",
    "page",
    "part",
    "parts",
    "post",
    "rank",
    "related_posts",
    "relates",
    "section",
    "serie",
    "side",
    "slugs",
    "sort",
    "source",
    "state",
    "status",
    "style",
    "subtitle",
    "table",
    "tab",
    "tabs",
    "tab_title",
    "tagline",
    "theme",
    "timeline",
    "titles",
    "toc",
    "track",
    "type",
    "types",
    "uid",
    "uri",
    "urls",
    "user",
    "uuid",
    "value",
    "version",
    "videos",
    "view",
    "void",
    "work",
    "year",
];

/// The names that say something of publication, for those who misspell them.
const PUBLICATION: &[&str] = &[
    "published",
    "publish",
    "private",
    "unlisted",
    "hidden",
    "headless",
    "publishDate",
    "expiryDate",
    "pagefind",
    "noindex",
];

/// Every name that means something, without its casing and hyphens, and as it is spelled in the lists above.
static SPELLINGS: LazyLock<FxHashMap<String, &'static str>> = LazyLock::new(|| {
    let known = ALSO.iter().map(|(foreign, _)| *foreign).chain(NAMES.iter().copied());
    known.map(|name| (normal(name), name)).collect()
});

/// What an unknown field may have been meant to be: its normal form, and as it is spelled. `access` is another matter.
static LIKELY: LazyLock<Vec<(String, &'static str)>> = LazyLock::new(|| {
    let own = NAMES.iter().filter(|name| **name != "access");
    let known = own.chain(ALSO.iter().map(|(foreign, _)| foreign)).chain(PUBLICATION);
    known.map(|name| (normal(name), *name)).collect()
});

/// What the field `name`, as the lists spell it, is called here, if it means anything.
pub(crate) fn canonical(name: &str) -> Option<&'static str> {
    let own = NAMES.iter().find(|known| **known == name).copied();
    own.or_else(|| ALSO.iter().find(|(foreign, _)| *foreign == name).map(|(_, known)| *known))
}

/// The field `name` as the lists spell it, whatever its casing and hyphens, if it means anything.
pub(crate) fn spelling(name: &str) -> Option<&'static str> {
    SPELLINGS.get(&normal(name)).copied()
}

/// The name that the unknown field `name` was most likely meant to be: one edit away, from six letters on two; the first
/// letter stays where there are few. `None` where it is far from all, or a word of its own.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    let given = normal(name);
    let n_chars = given.chars().count();
    if n_chars < 4 || OTHERS.contains(&given.as_str()) {
        return None;
    }
    let most = if n_chars < 6 { 1 } else { 2 };
    let near = LIKELY.iter().filter_map(|(own, known)| {
        let is_like = n_chars >= 6 || own.chars().next() == given.chars().next();
        let is_likely = own.chars().count() > 3 && own.chars().count().abs_diff(n_chars) <= most && is_like;
        let edits = is_likely.then(|| strsim::damerau_levenshtein(own, &given)).filter(|edits| *edits <= most)?;
        Some((edits, *known))
    });
    near.min().map(|(_, name)| name)
}

/// Whether entries of a foreign field that resolve to nothing are prose rather than mistakes.
pub(crate) fn is_often_prose(name: &str) -> bool {
    matches!(name, "concepts" | "covers" | "learning_objectives" | "links" | "further_reading" | "see_also")
}

/// The texts of a list, or of a comma-separated string.
pub(crate) fn list(value: &Value) -> Vec<Box<str>> {
    let split = matches!(value.node, Node::Text(_));
    let texts = value.entries().iter().filter_map(label);
    let parts = texts.flat_map(|text| {
        let parts: Vec<&str> = if split { text.split(',').collect() } else { vec![text] };
        parts.into_iter().map(|part| part.trim().trim_start_matches('#').into()).collect::<Vec<Box<str>>>()
    });
    let mut parts: Vec<Box<str>> = parts.filter(|part| !part.is_empty()).collect();
    let mut seen = rustc_hash::FxHashSet::default();
    parts.retain(|part| seen.insert(part.clone()));
    parts
}

/// The text of a value, or the name that an object has.
fn label(value: &Value) -> Option<&str> {
    value.text().or_else(|| ["label", "name", "title"].iter().find_map(|key| value.get(key)?.text()))
}

/// The reference that an entry makes: text, a `[[link]]` that YAML read as nested lists, or an object's `concept`.
pub(crate) fn reference(entry: &Value) -> Option<&Value> {
    match &entry.node {
        Node::Text(_) => entry.text().map(|_| entry),
        Node::List(inner) => {
            if let [only] = inner.as_slice() {
                reference(only)
            } else {
                None
            }
        }
        Node::Map(_) => {
            ["concept", "guide", "id", "slug", "ref", "title", "name"].iter().find_map(|key| reference(entry.get(key)?))
        }
        Node::Null => None,
    }
}

/// The source of a fact that an entry of `sources` tells.
pub(crate) fn source(entry: &Value) -> Option<Source> {
    let text = |key: &str| entry.get(key).and_then(Value::text);
    let (title, url) = match entry.text() {
        Some(text) if text.contains("://") => (text, Some(text)),
        Some(text) => (text, None),
        None => (text("title").or_else(|| text("url"))?, text("url")),
    };
    let year = text("year").and_then(|year| year.parse().ok());
    Some(Source { title: title.into(), url: url.map(Into::into), year })
}

/// A level in one of its usual spellings.
pub(crate) fn level(text: &str) -> Option<Level> {
    match text.to_lowercase().as_str() {
        "beginner" | "introductory" | "basic" | "easy" | "novice" | "1" => Some(Level::Beginner),
        "intermediate" | "medium" | "2" => Some(Level::Intermediate),
        "advanced" | "expert" | "hard" | "3" => Some(Level::Advanced),
        _ => None,
    }
}

/// Minutes from `25`, `25m`, `25 min`, `1h30m`, `1H30M`, `PT1H30M`, `2 hours`; a part of a minute counts as one. `None`
/// for anything else.
pub fn minutes(text: &str) -> Option<u32> {
    let text = text.trim().to_ascii_lowercase();
    // Of ISO 8601 (`P1DT2H`) the days have a place of their own, and only after a `T` an `M` is minutes and not months.
    let (date, time) = match text.strip_prefix('p') {
        Some(period) => period.split_once('t').map_or((period, None), |(date, time)| (date, Some(time))),
        None => ("", Some(text.as_str())),
    };
    let mut total = days(date)? * 24.0 * 60.0;
    let mut rest = time.unwrap_or_default().trim();
    if rest.is_empty() && (date.is_empty() || time.is_some()) {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|char: char| !(char.is_ascii_digit() || char == '.')).unwrap_or(rest.len());
        let number: f64 = rest[..end].parse().ok()?;
        rest = rest[end..].trim_start();
        let end = rest.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(rest.len());
        total += number
            * match &rest[..end] {
                "" if rest.is_empty() => 1.0,
                "m" | "min" | "mins" | "minute" | "minutes" => 1.0,
                "h" | "hr" | "hrs" | "hour" | "hours" => 60.0,
                "s" | "sec" | "secs" | "second" | "seconds" => 1.0 / 60.0,
                _ => return None,
            };
        rest = rest[end..].trim_start();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be within range")]
    (0.0..=f64::from(u32::MAX)).contains(&total).then(|| total.ceil() as u32)
}

/// The days of the date part of an ISO 8601 duration: `2w`, `1d`; years and months have no fixed length.
fn days(date: &str) -> Option<f64> {
    let (weeks, rest) = date.split_once('w').unwrap_or(("0", date));
    let days = if rest.is_empty() { "0" } else { rest.strip_suffix('d')? };
    Some(7.0 * weeks.parse::<f64>().ok()? + days.parse::<f64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn minutes_are_read_in_every_spelling() {
        let given = [
            "25",
            "25m",
            "1H30M",
            "PT25M",
            "pt1h",
            "1.5h",
            "90 minutes",
            "2 hours 5 min",
            "PT30S",
            "P1D",
            "P1DT2H",
            "p1w",
            "P1.5DT1M",
        ];
        let read: Vec<_> = given.iter().map(|text| minutes(text).unwrap()).collect();
        assert_eq!(read, [25, 25, 90, 25, 60, 90, 90, 125, 1, 1_440, 1_560, 10_080, 2_161]);
        for text in ["", "soon", "-5", "1d", "P", "PT", "P1M", "P1H", "P1DT", "h", "1e9", "99999999999999"] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }
}
