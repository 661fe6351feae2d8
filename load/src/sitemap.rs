//! Sitemaps: the addresses that a published site lists, and the files that are shown there.

use rustc_hash::{FxHashMap, FxHashSet};

use gradus_corpus::names::percent_decoded;

/// The addresses that a sitemap lists.
pub(crate) fn locations(xml: &str) -> Vec<String> {
    let parts = xml.split("<loc>").skip(1);
    let inner = parts.filter_map(|part| part.split_once("</loc>")).map(|(inner, _)| inner.trim());
    inner.map(|url| html_escape::decode_html_entities(url).into_owned()).collect()
}

/// Which of the pages at `paths` are shown at one of `urls`. O(text of both).
pub(crate) fn listed(paths: &[&str], urls: &[String]) -> FxHashSet<String> {
    let mut by_form: FxHashMap<String, &str> = FxHashMap::default();
    for path in paths {
        for form in forms(path) {
            by_form.entry(form).or_insert(path);
        }
    }
    let found = urls.iter().filter_map(|url| {
        let url = percent_decoded(url);
        let start = url.find("://").map_or(0, |at| at + 3);
        let mut ends = url[start..].match_indices('/').map(|(at, _)| &url[start + at + 1..]);
        ends.find_map(|end| by_form.get(end).map(|path| (*path).to_owned()))
    });
    found.collect()
}

/// The addresses, relative to the base, that the file at `path` may have; the usual one first.
pub(crate) fn forms(path: &str) -> Vec<String> {
    if path == "index.html" {
        return vec![String::new(), path.to_owned()];
    }
    if let Some(folder) = path.strip_suffix("/index.html") {
        return vec![format!("{folder}/"), folder.to_owned(), path.to_owned()];
    }
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    vec![path.to_owned(), stem.to_owned(), format!("{stem}/")]
}
