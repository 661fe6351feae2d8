//! Languages that nobody configured: folders and suffixes that are tags, where several of them stand side by side.
//!
//! `de` alone may be anything; `de` beside `fr`, or `cache.de.md` beside `cache.md`, is a language.

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::{extension, without_extension};
use super::ground::parent;

/// Tags that documentation is written in.
const TAGS: &[&str] = &[
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "en-gb", "en-us", "es", "es-es", "es-mx", "et", "fa", "fi",
    "fr", "fr-fr", "he", "hi", "hr", "hu", "id", "it", "ja", "ja-jp", "ko", "ko-kr", "lt", "lv", "ms", "nb", "nl",
    "no", "pl", "pt", "pt-br", "pt-pt", "ro", "ru", "sk", "sl", "sr", "sv", "ta", "te", "th", "tr", "uk", "vi", "zh",
    "zh-cn", "zh-hans", "zh-hant", "zh-tw",
];
/// How deep folders of languages lie: `docs/de/…`.
const MAX_DEPTH: usize = 3;

/// The languages of a site, as its files lie.
#[derive(Debug, Default)]
pub(super) struct Languages {
    /// Folders that are tags, beside others that are.
    folders: FxHashSet<String>,
    /// Paths whose suffix is a tag.
    suffixed: FxHashSet<String>,
}

impl Languages {
    /// Looks at all `files`. O(files).
    pub(super) fn of<'f>(files: impl Iterator<Item = &'f str>) -> Self {
        let mut folders: FxHashMap<&str, FxHashSet<&str>> = FxHashMap::default();
        let mut stems: FxHashMap<&str, Vec<(Option<&str>, &str)>> = FxHashMap::default();
        for file in files {
            let ends = file.match_indices('/').map(|(at, _)| &file[..at]).take(MAX_DEPTH);
            for folder in ends.filter(|folder| is_tag(parent(folder).1)) {
                folders.entry(parent(folder).0).or_default().insert(folder);
            }
            let stem = without_extension(file);
            let suffix = stem.rsplit_once('.').map(|(_, suffix)| suffix).filter(|suffix| is_tag(suffix));
            let base = suffix.map_or(stem, |suffix| &stem[..stem.len() - suffix.len() - 1]);
            stems.entry(base).or_default().push((suffix, file));
        }
        let several = folders.into_values().filter(|tags| tags.len() > 1);
        let together = stems.into_values().filter(|files| files.len() > 1).flatten();
        Self {
            folders: several.flatten().map(str::to_owned).collect(),
            suffixed: together.filter(|(suffix, _)| suffix.is_some()).map(|(_, file)| file.to_owned()).collect(),
        }
    }

    /// The language of a file, as its path writes it.
    pub(super) fn find<'p>(&self, path: &'p str) -> Option<&'p str> {
        if self.suffixed.contains(path) {
            let stem = without_extension(path);
            return Some(&stem[stem.len() - extension(stem).len()..]);
        }
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]).take(MAX_DEPTH);
        folders.filter(|folder| self.folders.contains(*folder)).last().map(|folder| parent(folder).1)
    }
}

fn is_tag(name: &str) -> bool {
    let lower = name.to_ascii_lowercase().replace('_', "-");
    TAGS.binary_search(&lower.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_sorted() {
        assert!(TAGS.is_sorted());
    }

    #[test]
    fn tags_are_languages_beside_others() {
        let files =
            ["docs/de/a.md", "docs/pt-BR/a.md", "x/it/a.md", "cache.md", "cache.de.md", "alone.de.md", "v1.2.md"];
        let languages = Languages::of(files.into_iter());
        let found = files.map(|file| languages.find(file).unwrap_or("-"));
        assert_eq!(found, ["de", "pt-BR", "-", "-", "de", "-", "-"]);
    }
}
