//! `gradus.toml`: what a site says of itself.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::site::Generator;
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
    /// Severities by code; `None` is off.
    severities: BTreeMap<String, Option<Severity>>,
    /// What time it is for dates that publish or withhold, in seconds since 1970.
    pub(crate) now: i64,
    /// The `[serve]` table, for the server.
    pub serve: toml::Table,
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
    anchors: Option<Anchors>,
    generator: Option<Generator>,
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

const TABLES: &[(&str, &[&str])] = &[
    ("site", &["title", "base_url", "lang", "anchors", "generator"]),
    ("fields", &[]),
    ("diagnostics", &[]),
    ("serve", &[]),
];

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
            generator: file.site.generator,
            fields: fields.collect(),
            severities: severities.collect(),
            now: 0,
            serve: file.serve,
        })
    }

    /// `diagnostic` with the severity that the site wants, or nothing where it wants none.
    pub fn judge(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if let Some(severity) = self.severities.get(diagnostic.code.as_str()) {
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
    unknown.extend(file.diagnostics.keys().filter(|code| Code::parse(code).is_none()).cloned());
    unknown.extend(file.fields.keys().filter(|ours| !crate::fields::NAMES.contains(&ours.as_str())).cloned());
    unknown
}

fn unknown(text: &str, key: &str) -> Diagnostic {
    let (line, column) = text.find(key).map_or((1, 1), |at| crate::value::line_column(text, at));
    let position = gradus_corpus::Position { file: 0, line, column };
    let mut told =
        Diagnostic::new(Code::UnknownSetting, format!("`{key}` means nothing here"), crate::CONFIG_FILE, position);
    told.len = crate::value::narrow(key.chars().count() as u64);
    let known = TABLES.iter().flat_map(|(table, keys)| std::iter::once(*table).chain(keys.iter().copied()));
    let known = known.chain(crate::fields::NAMES.iter().copied()).chain(Code::ALL.iter().map(|code| code.as_str()));
    let nearest = known.map(|name| (strsim::damerau_levenshtein(name, key), name)).min();
    told.help = nearest.filter(|(edits, _)| *edits <= 3).map(|(_, name)| format!("did you mean `{name}`?"));
    told
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
