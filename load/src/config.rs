//! `gradus.toml`: what a site says of itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::anchors::Anchors;
use crate::site::Generator;
use crate::value::SourcePlace;
use gradus_corpus::{Code, Diagnostic, Severity};

/// The settings of a content source. None is ever required.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Config {
    /// Name of the site.
    pub title: Option<String>,
    /// Prefix of every URL, without a slash at its end.
    pub base_url: Option<String>,
    /// Language of the content.
    pub lang: Option<String>,
    /// Where readers sign in, for the pages of the server to lead there.
    pub login_url: Option<String>,
    /// Where readers get to read what is locked.
    pub upgrade_url: Option<String>,
    /// The cookie that holds a reader's token, where the site sets one.
    pub token_cookie: Option<String>,
    /// How anchors are made from headings; the generator's way where it is not said.
    pub anchors: Option<Anchors>,
    /// The generator, where it is not to be recognised.
    pub generator: Option<Generator>,
    /// The folder with the HTML that was built of this content, relative to the source: addresses and anchors are read off it.
    pub html: Option<String>,
    /// Foreign field names and what they are called here.
    pub fields: BTreeMap<String, String>,
    /// Whether plans and prerequisites take what the texts speak for where nobody has said otherwise; `None` where the site does not say,
    /// and then they do not.
    pub infers: Option<bool>,
    /// Whether links that lead out of the content's folder are followed.
    pub follow_links: bool,
    /// Severities by code; `None` is off.
    pub(crate) severities: BTreeMap<Code, Option<Severity>>,
    /// What time it is for dates that publish or withhold, in seconds since 1970.
    #[serde(skip)]
    pub(crate) now: i64,
    /// The `[serve]` table, for the server. It says how this machine serves, and is not written down with the content.
    #[serde(skip)]
    pub serve: toml::Table,
    /// Where the keys and values of that table stand.
    #[serde(skip)]
    pub(crate) places: BTreeMap<String, (SourcePlace, SourcePlace)>,
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
