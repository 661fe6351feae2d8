//! Metadata `gradus.toml`: every finding is told at its value, and the default is taken for what cannot be.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::access;
use crate::config::Config;
use crate::fields;
use crate::format::{Metadata, toml as toml_text};
use crate::site::{Generator, is_site_address};
use crate::value::{Node, SourcePlace, Value};
use crate::values::near;
use gradus_corpus::{Code, Diagnostic, Severity};

/// The tables, and the keys of those that have a fixed list of them here.
const TABLES: &[(&str, &[&str])] = &[
    (
        "site",
        &["title", "base_url", "lang", "anchors", "generator", "html", "login_url", "upgrade_url", "token_cookie"],
    ),
    ("content", &["follow_links"]),
    ("graph", &["inferred"]),
    ("fields", &[]),
    ("diagnostics", &[]),
    ("serve", &[]),
];

/// What `generator` may be.
const GENERATORS: [&str; Generator::ALL.len()] = {
    let mut names = [""; Generator::ALL.len()];
    let mut idx = 0;
    while idx < names.len() {
        names[idx] = Generator::ALL[idx].as_str();
        idx += 1;
    }
    names
};

/// What a diagnostic may be made.
const LEVELS: &[(&str, Option<Severity>)] = &[
    ("off", None),
    ("info", Some(Severity::Info)),
    ("warning", Some(Severity::Warning)),
    ("error", Some(Severity::Error)),
];

/// The settings in `text`, and what is wrong with it.
pub(crate) fn read(text: &str) -> (Config, Vec<Diagnostic>) {
    let Metadata { value, flaws } = toml_text::read(text);
    let mut reader = SettingsReader { root: value, findings: Vec::new() };
    for flaw in flaws {
        reader.tell(Code::InvalidSetting, flaw.place, flaw.message, flaw.help, flaw.replacement);
    }
    reader.unknown_keys();
    let config = Config {
        title: reader.text("site", "title"),
        base_url: reader.base_url(),
        lang: reader.lang(),
        login_url: reader.address("login_url"),
        upgrade_url: reader.address("upgrade_url"),
        token_cookie: reader.cookie_name(),
        anchors: reader.one_of("site", "anchors", &["github", "hugo", "mkdocs", "mdbook"]),
        generator: reader.one_of("site", "generator", &GENERATORS),
        html: reader.text("site", "html"),
        follow_links: reader.truth("content", "follow_links").unwrap_or_default(),
        infers: reader.one_of::<Switch>("graph", "inferred", &["off", "on"]).map(|switch| switch == Switch::On),
        fields: reader.fields(),
        severities: reader.severities(),
        serve: serve(text),
        places: reader.places("serve"),
        now: 0,
    };
    (config, reader.findings)
}

/// The table that the server reads by itself; empty where the text is not TOML, which has been told.
fn serve(text: &str) -> toml::Table {
    let table: Option<toml::Table> = toml::from_str(text).ok();
    let serve = table.and_then(|mut table| table.remove("serve"));
    serve.and_then(|serve| serve.try_into().ok()).unwrap_or_default()
}

/// A setting that is on or off.
#[derive(Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Switch {
    Off,
    On,
}

struct SettingsReader {
    root: Value,
    findings: Vec<Diagnostic>,
}

impl SettingsReader {
    fn tell(
        &mut self,
        code: Code,
        place: SourcePlace,
        message: String,
        help: Option<String>,
        replacement: Option<(String, bool)>,
    ) {
        let mut told = Diagnostic::new(code, message, crate::CONFIG_FILE, place.position);
        (told.len, told.help) = (place.len, help);
        if let Some((replacement, is_safe)) = replacement {
            told.replace(&replacement, is_safe);
        }
        self.findings.push(told);
    }

    fn invalid(&mut self, value: &Value, message: String, help: Option<String>) {
        self.tell(Code::InvalidSetting, value.place(), message, help, None);
    }

    /// Tells of a key that means nothing, where `known` do.
    fn unknown<'a>(&mut self, name: &str, value: &Value, known: impl Iterator<Item = &'a str>) {
        if access::is_access(name) || access::is_paid(name, value) || access::is_near(name, &Config::default()) {
            // Who says here what is to be paid for must not believe that it is.
            let message = format!("`{name}` means nothing here, and speaks of access: nothing is locked by it");
            let help =
                "write `access: pro` in the pages, or in `concepts.yaml` (`guides: {name: {access: pro}}`)".to_owned();
            return self.tell(Code::InvalidSetting, value.key, message, Some(help), None);
        }
        let meant = near(name, known);
        let help = meant.map(|meant| format!("did you mean `{meant}`?"));
        let replacement = meant.map(|meant| (meant.to_owned(), true));
        self.tell(Code::UnknownSetting, value.key, format!("`{name}` means nothing here"), help, replacement);
    }

    /// The members of a table.
    fn members(&self, table: &str) -> Vec<(String, Value)> {
        self.root.get(table).cloned().and_then(Value::members).unwrap_or_default()
    }

    fn unknown_keys(&mut self) {
        for (name, value) in self.root.clone().members().unwrap_or_default() {
            let Some((table, keys)) = TABLES.iter().find(|(table, _)| *table == name) else {
                self.unknown(&name, &value, TABLES.iter().map(|(table, _)| *table));
                continue;
            };
            let Node::Map(members) = &value.node else {
                self.invalid(&value, format!("`{table}` is a table"), Some(format!("write `[{table}]`")));
                continue;
            };
            for (key, inner) in members.iter().filter(|(key, _)| !keys.is_empty() && !keys.contains(&key.as_str())) {
                self.unknown(key, inner, keys.iter().copied());
            }
        }
    }

    fn value(&self, table: &str, key: &str) -> Option<Value> {
        self.root.get(table)?.get(key).cloned()
    }

    fn text(&mut self, table: &str, key: &str) -> Option<String> {
        let value = self.value(table, key)?;
        let text = value.text().map(str::to_owned);
        if text.is_none() {
            self.invalid(&value, format!("`{key}` is a text that is not empty"), None);
        }
        text
    }

    fn truth(&mut self, table: &str, key: &str) -> Option<bool> {
        let value = self.value(table, key)?;
        let truth = value.text().and_then(|text| text.parse().ok());
        if truth.is_none() {
            self.invalid(&value, format!("`{key}` is `true` or `false`"), None);
        }
        truth
    }

    /// The value of a setting that is one of a few words.
    fn one_of<T: DeserializeOwned>(&mut self, table: &str, key: &str, known: &[&str]) -> Option<T> {
        let value = self.value(table, key)?;
        let text = value.text().unwrap_or_default();
        let read = toml::Value::String(text.to_owned()).try_into().ok();
        if read.is_none() {
            let help = near(text, known.iter().copied()).map(|meant| format!("did you mean `{meant}`?"));
            self.invalid(&value, format!("`{key}` is one of {}", known.join(", ")), help);
        }
        read
    }

    fn base_url(&mut self) -> Option<String> {
        let url = self.text("site", "base_url")?;
        if is_site_address(&url) {
            return Some(url.trim_end_matches('/').to_owned());
        }
        if let Some(value) = self.value("site", "base_url") {
            let help = Some("write it whole, such as `https://docs.example.org`".to_owned());
            self.invalid(&value, format!("'{url}' is no address of a site"), help);
        }
        None
    }

    /// An address that a reader is sent to: of the web, or a path of the same host.
    fn address(&mut self, key: &str) -> Option<String> {
        let url = self.text("site", key)?;
        let is_ours = url.starts_with('/') && !url.starts_with("//");
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        if (is_ours || is_web) && !url.contains(char::is_whitespace) {
            return Some(url);
        }
        if let Some(value) = self.value("site", key) {
            let help =
                Some("write it whole, such as `https://example.org/login`, or from the root, as `/login`".to_owned());
            self.invalid(&value, format!("'{url}' is no address"), help);
        }
        None
    }

    /// The name of a cookie: a token of HTTP, RFC 6265, section 4.1.1.
    fn cookie_name(&mut self) -> Option<String> {
        let name = self.text("site", "token_cookie")?;
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.bytes().all(is_token) {
            return Some(name);
        }
        if let Some(value) = self.value("site", "token_cookie") {
            self.invalid(&value, format!("'{name}' is no name of a cookie"), None);
        }
        None
    }

    fn lang(&mut self) -> Option<String> {
        let lang = self.text("site", "lang")?;
        if is_language(&lang) {
            return Some(lang);
        }
        if let Some(value) = self.value("site", "lang") {
            let help = Some("write a tag such as `en`, `pt-BR` or `zh-Hans`".to_owned());
            self.invalid(&value, format!("'{lang}' is no language"), help);
        }
        None
    }

    /// The site's own names of fields.
    fn fields(&mut self) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        for (ours, value) in self.members("fields") {
            if !fields::NAMES.contains(&ours.as_str()) {
                self.unknown(&ours, &value, fields::NAMES.iter().copied());
            }
            let texts: Option<Vec<&str>> = value.entries().iter().map(Value::text).collect();
            match texts.filter(|texts| !texts.is_empty()) {
                Some(texts) => names.extend(texts.into_iter().map(|name| (name.to_owned(), ours.clone()))),
                None => self.invalid(&value, format!("`{ours}` is the name of a field, or a list of such names"), None),
            }
        }
        names
    }

    fn severities(&mut self) -> BTreeMap<Code, Option<Severity>> {
        let mut severities = BTreeMap::new();
        for (name, value) in self.members("diagnostics") {
            let Some(code) = Code::parse(&name) else {
                self.unknown(&name, &value, std::iter::empty());
                continue;
            };
            let given = value.text().unwrap_or_default();
            match LEVELS.iter().find(|(level, _)| *level == given) {
                Some((_, severity)) => {
                    severities.insert(code, *severity);
                }
                None => {
                    let known: Vec<&str> = LEVELS.iter().map(|(level, _)| *level).collect();
                    let help = near(given, known.iter().copied()).map(|meant| format!("did you mean `{meant}`?"));
                    self.invalid(&value, format!("'{given}' is none of {}", known.join(", ")), help);
                }
            }
        }
        severities
    }

    /// Where the values of a table stand, with the places of their keys.
    fn places(&self, table: &str) -> BTreeMap<String, (SourcePlace, SourcePlace)> {
        let members = self.members(table).into_iter();
        members.map(|(key, value)| (key, (value.key, value.place()))).collect()
    }
}

/// Whether a text has the shape of a BCP 47 tag: two or three letters, and parts of up to eight letters and digits.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split(['-', '_']);
    let is_primary = |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    parts.next().is_some_and(is_primary)
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
