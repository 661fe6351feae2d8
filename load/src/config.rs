//! `gradus.toml`: what a site says of itself.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::site::Generator;
use crate::value::SourcePlace;
use gradus_corpus::{Code, Diagnostic, Severity};

/// The settings of a content source. None is ever required.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Name of the site.
    pub title: Option<String>,
    /// Prefix of every URL, without a slash at its end.
    pub base_url: Option<String>,
    /// Language of the content.
    pub lang: Option<String>,
    /// How anchors are made from headings; the generator's way where it is not said.
    pub anchors: Option<Anchors>,
    /// The generator, where it is not to be recognised.
    pub generator: Option<Generator>,
    /// Foreign field names and what they are called here.
    pub fields: BTreeMap<String, String>,
    /// Whether links that lead out of the content's folder are followed.
    pub follow_links: bool,
    /// Severities by code; `None` is off.
    pub(crate) severities: BTreeMap<Code, Option<Severity>>,
    /// What time it is for dates that publish or withhold, in seconds since 1970.
    pub(crate) now: i64,
    /// The `[serve]` table, for the server.
    pub serve: toml::Table,
    /// Where the keys and values of that table stand.
    pub(crate) places: BTreeMap<String, (SourcePlace, SourcePlace)>,
}

/// How a generator makes anchors from headings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Anchors {
    /// GitHub, Docusaurus, Starlight, VitePress.
    #[default]
    Github,
    /// Hugo.
    Hugo,
    /// MkDocs and its Material theme.
    Mkdocs,
    /// mdBook.
    Mdbook,
}

impl Config {
    /// `diagnostic` with the severity that the site wants, or nothing where it wants none.
    pub fn judge(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if let Some(severity) = self.severities.get(&diagnostic.code) {
            diagnostic.severity = (*severity)?;
        }
        Some(diagnostic)
    }

    /// A problem with the setting `key` of the `[serve]` table: at its value, or, where it means nothing, at the key.
    pub fn serve_problem(&self, key: &str, code: Code, message: String) -> Diagnostic {
        let (key, value) = self.places.get(key).copied().unwrap_or_default();
        let place = if code == Code::UnknownSetting { key } else { value };
        Diagnostic { len: place.len, ..Diagnostic::new(code, message, crate::CONFIG_FILE, place.position) }
    }
}

impl Anchors {
    /// The anchor of a heading, made unique among those `taken` on the page. An id that the author gave wins.
    /// `taken` holds with each anchor the last number that was put behind it, so that a thousand headings of one title
    /// cost a thousand steps.
    pub(crate) fn unique(self, id: Option<&str>, title: &str, taken: &mut FxHashMap<String, u32>) -> String {
        let base = id.map_or_else(|| self.slug(title), str::to_owned);
        let join = if self == Self::Mkdocs { '_' } else { '-' };
        let mut anchor = base.clone();
        let mut n = taken.get(&base).copied().unwrap_or_default();
        while taken.contains_key(&anchor) {
            n += 1;
            anchor = format!("{base}{join}{n}");
        }
        taken.insert(base, n);
        taken.entry(anchor.clone()).or_default();
        anchor
    }

    /// The anchor that the generator makes of a heading's text.
    fn slug(self, title: &str) -> String {
        let title = title.trim().to_lowercase();
        let keep = |char: char| char.is_alphanumeric() || char == '_' || char == '-' || char.is_whitespace();
        let kept = title.chars().filter(|char| keep(*char) && (self != Self::Mkdocs || char.is_ascii()));
        let mut slug = String::with_capacity(title.len());
        for char in kept {
            let char = if char.is_whitespace() { '-' } else { char };
            // MkDocs folds runs of hyphens; the others keep what punctuation leaves behind.
            if !(self == Self::Mkdocs && char == '-' && slug.ends_with('-')) {
                slug.push(char);
            }
        }
        if self == Self::Mkdocs { slug.trim_matches('-').to_owned() } else { slug }
    }
}
