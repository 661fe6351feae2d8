//! The settings of a Hugo site, from one file or from a folder of files.

use std::collections::BTreeMap;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{Entry, dated};
use crate::site::ground::join;
use crate::site::settings::{from_toml, from_yaml, laid_over};
use crate::site::{Ground, address, is_set, setting, setting_text};
use crate::value::{Node, Value, null};

/// What the settings say of addresses.
pub(super) struct HugoProject {
    pub(super) base: String,
    pub(super) default_lang: String,
    pub(super) default_in_folder: bool,
    /// The languages that the settings name.
    pub(super) langs: Vec<String>,
    pub(super) mounts: Vec<Mount>,
    /// Patterns of addresses by the section that they hold for, in lower case.
    pub(super) permalinks: BTreeMap<String, String>,
    pub(super) is_ugly: bool,
    pub(super) ignored: Vec<Regex>,
    /// Whether the settings name a language at all.
    pub(super) says_lang: bool,
    pub(super) has_term_anchors: bool,
    /// Whether anchors are made of ASCII only.
    pub(super) is_ascii: bool,
    keeps_case: bool,
    drops_accents: bool,
    dates_names: bool,
}

/// A folder that is content.
pub(super) struct Mount {
    /// Where it lies, from the top of the ground.
    pub(super) source: String,
    /// Its path below the content.
    pub(super) target: String,
    pub(super) lang: Option<String>,
}

const ENDINGS: [&str; 4] = ["toml", "yaml", "yml", "json"];
/// Parts of the settings that may be files of their own.
const PARTS: [&str; 5] = ["languages", "permalinks", "module", "markup", "frontmatter"];

/// The settings in `folder`, keys in lower case, and the file that told.
pub(super) fn settings(ground: &Ground<'_>, folder: &str) -> Option<(String, Value)> {
    let read = |path: String| {
        let text = ground.read(&path)?;
        let value = if path.ends_with("toml") { from_toml(&text) } else { from_yaml(&text) };
        Some((path, lower(value)))
    };
    let named = |name: &str| ENDINGS.iter().find_map(|ending| read(join(folder, &format!("{name}.{ending}"))));
    if let Some(found) = named("hugo") {
        return Some(found);
    }
    // Other programs have a file called `config` too; only Hugo's names a `baseURL`, a title or languages.
    let is_hugo = |value: &Value| {
        ["baseurl", "defaultcontentlanguage", "languagecode"].iter().any(|key| value.get(key).is_some())
    };
    if let Some(found) = named("config").filter(|(_, value)| is_hugo(value)) {
        return Some(found);
    }
    let (by, mut whole) = named("config/_default/hugo").or_else(|| named("config/_default/config"))?;
    for part in PARTS {
        if let Some((_, value)) = named(&format!("config/_default/{part}")) {
            let over = Value { node: Node::Map(vec![(part.to_owned(), value)]), ..null() };
            whole = laid_over(whole, over);
        }
    }
    Some((by, whole))
}

/// `value` with its keys in lower case.
fn lower(value: Value) -> Value {
    let node = match value.node {
        Node::Map(members) => {
            Node::Map(members.into_iter().map(|(key, value)| (key.to_lowercase(), lower(value))).collect())
        }
        Node::List(values) => Node::List(values.into_iter().map(lower).collect()),
        node => node,
    };
    Value { node, ..value }
}

impl HugoProject {
    /// Reads the settings of the site in `folder`.
    pub(super) fn read(folder: &str, settings: &Value) -> Self {
        let text = |path: &str| setting_text(settings, path);
        let members = |path: &str| match setting(settings, path).map(|value| &value.node) {
            Some(Node::Map(members)) => members.as_slice(),
            _ => &[],
        };
        let langs: Vec<String> = members("languages").iter().map(|(lang, _)| lang.clone()).collect();
        let mut permalinks = BTreeMap::new();
        for (section, pattern) in members("permalinks").iter().chain(members("permalinks.page")) {
            if let Some(pattern) = pattern.text() {
                permalinks.insert(section.clone(), pattern.to_owned());
            }
        }
        let ignored = setting(settings, "ignorefiles").map_or(&[][..], Value::entries);
        let date_fields = setting(settings, "frontmatter.date").map_or(&[][..], Value::entries);
        Self {
            base: address::base_path(text("baseurl").unwrap_or("/")),
            default_lang: text("defaultcontentlanguage").unwrap_or("en").to_lowercase(),
            default_in_folder: is_set(settings, "defaultcontentlanguageinsubdir", true),
            mounts: mounts(folder, settings, members("languages")),
            permalinks,
            is_ugly: is_set(settings, "uglyurls", true),
            ignored: ignored.iter().filter_map(|pattern| Regex::new(pattern.text()?).ok()).collect(),
            says_lang: !langs.is_empty() || text("defaultcontentlanguage").is_some(),
            langs,
            is_ascii: text("markup.goldmark.parser.autoheadingidtype") == Some("github-ascii"),
            has_term_anchors: is_set(settings, "markup.goldmark.parser.autodefinitiontermid", true),
            keeps_case: is_set(settings, "disablepathtolower", true),
            drops_accents: is_set(settings, "removepathaccents", true),
            dates_names: date_fields.iter().any(|field| field.text() == Some(":filename")),
        }
    }

    /// A path as it stands in an address: lower case, hyphens for spaces, signs dropped.
    pub(super) fn sanitised(&self, path: &str) -> String {
        let kept = path.chars().filter_map(|char| match char {
            ' ' => Some('-'),
            '-' | '_' | '.' | '#' | '+' | '~' | '/' | '%' => Some(char),
            char if char.is_alphanumeric() || is_combining_mark(char) => Some(char),
            _ => None,
        });
        let kept: String = if self.drops_accents {
            kept.collect::<String>().nfd().filter(|char| !is_combining_mark(*char)).nfc().collect()
        } else {
            kept.collect()
        };
        if self.keeps_case { kept } else { kept.to_lowercase() }
    }

    /// A slug or title as one segment of an address: runs of hyphens are one.
    pub(super) fn slugified(&self, text: &str) -> String {
        let sanitised = self.sanitised(text.trim());
        let mut slug = String::with_capacity(sanitised.len());
        for char in sanitised.chars() {
            if !(char == '-' && slug.ends_with('-')) {
                slug.push(char);
            }
        }
        slug
    }

    /// The day that the name of a file says, where the settings let it.
    pub(super) fn date_in_name(&self, entry: &Entry) -> Option<String> {
        self.dates_names.then(|| dated(&entry.stem))?.map(|(day, _)| day)
    }

    /// What stands behind the day in a name.
    pub(super) fn slug_in_name<'n>(&self, name: &'n str) -> Option<&'n str> {
        self.dates_names.then(|| dated(name))?.map(|(_, rest)| rest).filter(|rest| !rest.is_empty())
    }
}

/// The folders of the content: those that are mounted, those of languages, else the one.
fn mounts(folder: &str, settings: &Value, langs: &[(String, Value)]) -> Vec<Mount> {
    let text = |value: &Value, name: &str| setting_text(value, name).map(str::to_owned);
    let mut mounts = Vec::new();
    for mount in setting(settings, "module.mounts").map_or(&[][..], Value::entries) {
        let (Some(source), Some(target)) = (text(mount, "source"), text(mount, "target")) else { continue };
        let target = join("", &target);
        let Some(inner) = crate::site::ground::within(&target, "content") else { continue };
        mounts.push(Mount { source: join(folder, &source), target: inner.to_owned(), lang: text(mount, "lang") });
    }
    for (lang, options) in langs {
        if let Some(source) = text(options, "contentdir") {
            mounts.push(Mount { source: join(folder, &source), target: String::new(), lang: Some(lang.clone()) });
        }
    }
    if mounts.is_empty() {
        let source = join(folder, setting_text(settings, "contentdir").unwrap_or("content"));
        mounts.push(Mount { source, target: String::new(), lang: None });
    }
    mounts
}
