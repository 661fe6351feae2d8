//! `gradus.toml`: what a site says of itself.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::anchors::Anchors;
use gradus_corpus::codes;
use gradus_corpus::{Diagnostic, Severity};

/// The settings of a content source. None is ever required.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Name of the site.
    pub title: Option<String>,
    /// Prefix of every URL, without a slash at its end.
    pub base_url: Option<String>,
    /// Language of the content.
    pub lang: Option<String>,
    /// How the site's generator makes anchors from headings.
    pub anchors: Anchors,
    /// Foreign field names and what they are called here.
    pub fields: BTreeMap<String, String>,
    /// Severities by code; `None` is off.
    severities: BTreeMap<String, Option<Severity>>,
    /// The `[serve]` table, for the server.
    pub serve: toml::Table,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct File {
    site: Site,
    fields: BTreeMap<String, OneOrMany>,
    diagnostics: BTreeMap<String, Level>,
    serve: toml::Table,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Site {
    title: Option<String>,
    base_url: Option<String>,
    lang: Option<String>,
    anchors: Anchors,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Off,
    Info,
    Warning,
    Error,
}

const TABLES: &[(&str, &[&str])] =
    &[("site", &["title", "base_url", "lang", "anchors"]), ("fields", &[]), ("diagnostics", &[]), ("serve", &[])];

impl Config {
    /// Reads the text of a `gradus.toml`. Keys that mean nothing are told in `diagnostics`.
    ///
    /// # Errors
    /// If it is not TOML or a value has the wrong type: the message with line and column.
    pub(crate) fn read(text: &str, diagnostics: &mut Vec<Diagnostic>) -> Result<Self, String> {
        let wrong = |error: toml::de::Error| {
            let (line, column) = error.span().map_or((1, 1), |span| crate::value::line_column(text, span.start));
            format!("{line}:{column}: {}", error.message())
        };
        let table: toml::Table = toml::from_str(text).map_err(wrong)?;
        let file: File = toml::from_str(text).map_err(wrong)?;
        for key in unknown_keys(&table, &file) {
            diagnostics.push(unknown(text, &key));
        }
        let severities = file.diagnostics.into_iter().map(|(code, level)| {
            let severity = match level {
                Level::Off => None,
                Level::Info => Some(Severity::Info),
                Level::Warning => Some(Severity::Warning),
                Level::Error => Some(Severity::Error),
            };
            (code, severity)
        });
        let fields = file.fields.into_iter().flat_map(|(ours, foreign)| {
            let foreign = match foreign {
                OneOrMany::One(name) => vec![name],
                OneOrMany::Many(names) => names,
            };
            foreign.into_iter().map(move |name| (name, ours.clone()))
        });
        Ok(Self {
            title: file.site.title,
            base_url: file.site.base_url.map(|url| url.trim_end_matches('/').to_owned()),
            lang: file.site.lang,
            anchors: file.site.anchors,
            fields: fields.collect(),
            severities: severities.collect(),
            serve: file.serve,
        })
    }

    /// `diagnostic` with the severity that the site wants, or nothing where it wants none.
    pub fn judge(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if let Some(severity) = self.severities.get(diagnostic.code) {
            diagnostic.severity = (*severity)?;
        }
        Some(diagnostic)
    }
}

fn unknown_keys(table: &toml::Table, file: &File) -> Vec<String> {
    let mut unknown = Vec::new();
    for (name, value) in table {
        match TABLES.iter().find(|(table, _)| table == name) {
            None => unknown.push(name.clone()),
            Some((_, keys)) if !keys.is_empty() => {
                let inner = value.as_table().into_iter().flat_map(toml::Table::keys);
                unknown.extend(inner.filter(|key| !keys.contains(&key.as_str())).cloned());
            }
            Some(_) => {}
        }
    }
    unknown.extend(file.diagnostics.keys().filter(|code| codes::find(code).is_none()).cloned());
    unknown.extend(file.fields.keys().filter(|ours| !crate::fields::NAMES.contains(&ours.as_str())).cloned());
    unknown
}

fn unknown(text: &str, key: &str) -> Diagnostic {
    let (line, column) = text.find(key).map_or((1, 1), |at| crate::value::line_column(text, at));
    let position = gradus_corpus::Position { file: 0, line, column };
    let mut told = Diagnostic::new("G026", format!("`{key}` means nothing here"), crate::CONFIG_FILE, position);
    told.len = crate::value::narrow(key.chars().count() as u64);
    let known = TABLES.iter().flat_map(|(table, keys)| std::iter::once(*table).chain(keys.iter().copied()));
    let known = known.chain(crate::fields::NAMES.iter().copied()).chain(codes::CODES.iter().map(|code| code.code));
    let nearest = known.map(|name| (strsim::damerau_levenshtein(name, key), name)).min();
    told.help = nearest.filter(|(edits, _)| *edits <= 3).map(|(_, name)| format!("did you mean `{name}`?"));
    told
}
