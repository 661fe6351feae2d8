//! Patterns of addresses: `/:year/:month/:slug/`.

use super::project::HugoProject;
use crate::site::address::{is_number, leading_date, path_of};

/// What the tokens of a pattern stand for.
pub(super) struct AddressParts<'a> {
    /// The sections above the page, outermost first.
    pub(super) sections: Vec<String>,
    /// The name of the file, or of the folder of a bundle.
    pub(super) name: &'a str,
    pub(super) slug: Option<&'a str>,
    pub(super) title: &'a str,
    pub(super) date: Option<&'a str>,
    /// Whether addresses in its section are those of files.
    pub(super) is_ugly: bool,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The path that `pattern` makes, a slash at its end where it is a folder.
pub(super) fn permalink(pattern: &str, project: &HugoProject, parts: &AddressParts<'_>) -> String {
    let segments: Vec<String> = pattern.split('/').map(|segment| expanded(segment, project, parts)).collect();
    let path = path_of(&segments.iter().map(String::as_str).collect::<Vec<_>>());
    if path.rsplit('/').next().is_some_and(|last| last.contains('.')) && !pattern.ends_with('/') {
        return path;
    }
    if parts.is_ugly { format!("{path}.html") } else { format!("{path}/") }
}

/// A segment with its tokens filled in; several may stand in one.
fn expanded(segment: &str, project: &HugoProject, parts: &AddressParts<'_>) -> String {
    let mut filled = String::new();
    let mut rest = segment;
    while let Some(at) = rest.find(':') {
        filled.push_str(&rest[..at]);
        let token = &rest[at + 1..];
        let len = token.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(token.len());
        let (name, behind) = token.split_at(len);
        let (slice, behind) = match behind.strip_prefix('[').and_then(|slice| slice.split_once(']')) {
            Some((slice, behind)) => (Some(slice), behind),
            None => (None, behind),
        };
        filled.push_str(&value(name, slice, project, parts));
        rest = behind;
    }
    filled + rest
}

fn value(token: &str, slice: Option<&str>, project: &HugoProject, parts: &AddressParts<'_>) -> String {
    let day = parts.date.and_then(|date| leading_date(date)).map(|(day, _)| day);
    let of_day = |idx: usize| day.map_or_else(String::new, |day| format!("{:0>2}", day[idx]));
    let slug = || project.slugified(parts.slug.unwrap_or(parts.title));
    let named = || project.sanitised(parts.name);
    let sections: Vec<String> = parts.sections.iter().map(|section| project.sanitised(section)).collect();
    match token {
        "year" => of_day(0),
        "month" => of_day(1),
        "day" => of_day(2),
        "monthname" => of_day(1)
            .parse::<usize>()
            .ok()
            .and_then(|n| MONTHS.get(n.checked_sub(1)?))
            .map_or_else(String::new, |name| (*name).to_owned()),
        "section" => sections.first().cloned().unwrap_or_default(),
        "sections" => sliced(&sections, slice).join("/"),
        "slug" => slug(),
        "title" => project.slugified(parts.title),
        "filename" | "contentbasename" => named(),
        "slugorfilename" | "slugorcontentbasename" => parts.slug.map_or_else(named, |slug| project.slugified(slug)),
        _ => String::new(),
    }
}

/// `[1:]`, `[:2]`, `[0]` and `[last]` of sections.
fn sliced<'s>(sections: &'s [String], slice: Option<&str>) -> &'s [String] {
    let Some(slice) = slice else { return sections };
    let at = |text: &str, default: usize| match text {
        "last" => sections.len().saturating_sub(1),
        text if is_number(text) => text.parse().unwrap_or(default),
        _ => default,
    };
    let (from, to) = match slice.split_once(':') {
        Some((from, to)) => (at(from, 0), at(to, sections.len())),
        None => (at(slice, 0), at(slice, 0) + 1),
    };
    let to = to.min(sections.len());
    &sections[from.min(to)..to]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::null;

    #[test]
    fn tokens_are_filled_in() {
        let project = HugoProject::read("", &null());
        let sections = vec!["docs".to_owned(), "Deep Down".to_owned()];
        let parts = |slug| AddressParts {
            sections: sections.clone(),
            name: "Old Name",
            slug,
            title: "Rye & Day",
            date: Some("2024-3-05"),
            is_ugly: false,
        };
        let made = |pattern: &str| permalink(pattern, &project, &parts(None));
        assert_eq!(made("/:year/:month/:slug/"), "2024/03/rye-day/");
        assert_eq!(made("/:sections[1:]/:filename"), "deep-down/old-name/");
        assert_eq!(made("/:section/:monthname-:day/:title.html"), "docs/march-05/rye-day.html");
        let ugly = AddressParts { is_ugly: true, ..parts(None) };
        assert_eq!(permalink("/:year/:slug/", &project, &ugly), "2024/rye-day.html");
        assert_eq!(permalink("/:slugorfilename/", &project, &parts(Some("Own Slug"))), "own-slug/");
    }
}
