//! Docs and pages of Docusaurus.

use super::project::Instance;
use crate::site::address::{is_number, without_extension};
use crate::site::ground::parent;
use crate::site::{Leaf, Place};

/// Where an instance shows the doc at `inner`. The address is its slug; a slash at its end is meant.
pub(super) fn place(instance: &Instance, inner: &str, leaf: &Leaf<'_>) -> Place {
    let plain =
        |segment: &str| if instance.strips_numbers { without_number(segment).1.to_owned() } else { segment.to_owned() };
    let (raw_folder, name) = parent(inner);
    let folder = raw_folder.split('/').filter(|segment| !segment.is_empty()).map(plain).collect::<Vec<_>>().join("/");
    let stem = without_extension(name);
    let number = if instance.strips_numbers { without_number(stem).0 } else { None };
    let stem = plain(stem);
    let id = leaf.text("id").unwrap_or(&stem);
    let key = if folder.is_empty() { id.to_owned() } else { format!("{folder}/{id}") };
    let slug = match leaf.text("slug") {
        Some(slug) => against(&folder, slug),
        None if is_index(&stem, &folder) => format!("/{folder}/"),
        None => format!("/{key}"),
    };
    Place {
        url: slug,
        stem_title: id.to_owned(),
        key,
        position: leaf.number("sidebar_position").or(number),
        ..Place::default()
    }
}

/// Where the page at `inner` of `src/pages` is shown.
pub(super) fn page(inner: &str) -> Place {
    let stem = without_extension(inner);
    let (folder, name) = parent(stem);
    let url = if name == "index" { format!("/{folder}/") } else { format!("/{stem}") };
    Place { url, stem_title: name.to_owned(), key: stem.to_owned(), ..Place::default() }
}

/// Whether a doc stands for its folder: it is called `index`, `readme` or as the folder is.
pub(super) fn is_index(stem: &str, folder: &str) -> bool {
    let stem = stem.to_lowercase();
    matches!(stem.as_str(), "index" | "readme") || !folder.is_empty() && parent(folder).1.to_lowercase() == stem
}

/// A slug as an address resolves it that stands in `folder`.
fn against(folder: &str, slug: &str) -> String {
    if slug.starts_with('/') {
        return slug.to_owned();
    }
    let end = if slug.ends_with('/') { "/" } else { "" };
    format!("/{}{end}", crate::site::ground::join(folder, slug))
}

/// The number before a name, and the name: `02-x`, `1. x`, `6___x`. Dates and versions are no such numbers.
pub(super) fn without_number(segment: &str) -> (Option<f64>, &str) {
    let digits = segment.bytes().take_while(u8::is_ascii_digit).count();
    let divided = segment[digits..].trim_start();
    let rest = divided.trim_start_matches(['-', '_', '.']);
    let name = rest.trim_start();
    let looks_like_more = is_date_or_version(segment, digits);
    if digits == 0 || rest.len() == divided.len() || name.is_empty() || looks_like_more {
        return (None, segment);
    }
    (segment[..digits].parse().ok(), name)
}

/// `2024-01-02…`, `2024_01…` and `7.0…`: a number, one divider and a number again.
fn is_date_or_version(segment: &str, digits: usize) -> bool {
    let mut behind = segment[digits..].chars();
    let is_divider = behind.next().is_some_and(|char| matches!(char, '-' | '_' | '.'));
    is_divider && behind.next().is_some_and(|char| is_number(&char.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_off_and_dates_are_not() {
        for (given, name) in [
            ("02-x", "x"),
            ("1. dark", "dark"),
            ("2 - light", "light"),
            ("05--double", "double"),
            ("6___under", "under"),
            ("4.crumb", "crumb"),
            ("0-zero", "zero"),
            ("2024-01-02-oven-log", "2024-01-02-oven-log"),
            ("7.0-steam", "7.0-steam"),
            ("1-2-3", "1-2-3"),
            ("3 steam", "3 steam"),
            ("12", "12"),
            ("3-", "3-"),
        ] {
            assert_eq!(without_number(given).1, name, "{given}");
        }
        assert_eq!(without_number("10_hard").0, Some(10.0));
    }

    #[test]
    fn slugs_are_resolved_in_their_folder() {
        let slugs = ["/x", "y", "./y", "../y", "z/"].map(|slug| against("a/b", slug));
        assert_eq!(slugs, ["/x", "/a/b/y", "/a/b/y", "/a/y", "/a/b/z/"]);
    }
}
