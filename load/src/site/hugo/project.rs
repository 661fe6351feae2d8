//! The settings of a Hugo site, from one file or from a folder of files.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{Entry, dated};
use crate::anchors::Anchors;
use crate::site::ground::{join, within};
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
    /// The same of sections themselves.
    pub(super) section_permalinks: BTreeMap<String, String>,
    /// Whether all addresses are those of files, and the sections of which they are.
    is_ugly: bool,
    ugly_sections: Vec<String>,
    /// What the settings hand down to pages.
    pub(super) cascade: Vec<Value>,
    pub(super) ignored: Vec<Regex>,
    /// Whether the settings name a language at all.
    pub(super) says_lang: bool,
    pub(super) has_term_anchors: bool,
    /// How anchors are made.
    pub(super) anchors: Anchors,
    /// Whether the typographer leaves two hyphens as they are.
    pub(super) keeps_dashes: bool,
    /// Whether names of emoji are shown as emoji.
    pub(super) names_emoji: bool,
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
const PARTS: [&str; 7] = ["languages", "permalinks", "module", "markup", "frontmatter", "cascade", "uglyurls"];
/// Where settings lie that are divided into files.
const FOLDER: &str = "config/_default";

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
    let names = ["hugo", "config"].map(|name| format!("{FOLDER}/{name}"));
    let (by, mut whole) = names.iter().find_map(|name| named(name))?;
    let member = |name: &str, value: Value| Value { node: Node::Map(vec![(name.to_owned(), value)]), ..null() };
    for name in ground.names_in(&join(folder, FOLDER)) {
        let Some((stem, ending)) = name.rsplit_once('.') else { continue };
        let (part, lang) = stem.split_once('.').map_or((stem, None), |(part, lang)| (part, Some(lang)));
        let part = part.to_lowercase();
        let is_part = PARTS.contains(&part.as_str()) || lang.is_some() && matches!(part.as_str(), "hugo" | "config");
        if !ENDINGS.contains(&ending) || !is_part {
            continue;
        }
        let Some((_, value)) = read(join(folder, &format!("{FOLDER}/{name}"))) else { continue };
        // What a file says of one language stands below it.
        let over = match (part.as_str(), lang) {
            ("languages" | "hugo" | "config", Some(lang)) => member("languages", member(&lang.to_lowercase(), value)),
            (part, Some(lang)) => member("languages", member(&lang.to_lowercase(), member(part, value))),
            (part, None) => member(part, value),
        };
        whole = laid_over(whole, over);
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
        let disabled = setting(settings, "disablelanguages").map_or(&[][..], Value::entries);
        let is_published = |(lang, options): &&(String, Value)| {
            !is_set(options, "disabled", true) && !disabled.iter().any(|one| one.text() == Some(lang))
        };
        let of_langs: Vec<(String, Value)> = members("languages").iter().filter(is_published).cloned().collect();
        let langs: Vec<String> = of_langs.iter().map(|(lang, _)| lang.clone()).collect();
        let patterns = |paths: &[&str]| -> BTreeMap<String, String> {
            let all = paths.iter().flat_map(|path| members(path));
            all.filter_map(|(section, pattern)| Some((section.clone(), pattern.text()?.to_owned()))).collect()
        };
        let typographer = "markup.goldmark.extensions.typographer";
        let keeps_dashes = is_set(settings, typographer, false)
            || is_set(settings, &format!("{typographer}.disable"), true)
            || text(&format!("{typographer}.endash")) == Some("--");
        let ugly = members("uglyurls").iter().filter(|(_, value)| value.text() == Some("true"));
        let ignored = setting(settings, "ignorefiles").map_or(&[][..], Value::entries);
        let date_fields = setting(settings, "frontmatter.date").map_or(&[][..], Value::entries);
        Self {
            base: address::base_path(text("baseurl").unwrap_or("/")),
            default_lang: text("defaultcontentlanguage").unwrap_or("en").to_lowercase(),
            default_in_folder: is_set(settings, "defaultcontentlanguageinsubdir", true),
            mounts: mounts(folder, settings, &of_langs),
            permalinks: patterns(&["permalinks", "permalinks.page"]),
            section_permalinks: patterns(&["permalinks.section"]),
            cascade: setting(settings, "cascade").map_or(&[][..], Value::entries).to_vec(),
            ugly_sections: ugly.map(|(section, _)| section.clone()).collect(),
            keeps_dashes,
            is_ugly: is_set(settings, "uglyurls", true),
            ignored: ignored.iter().filter_map(|pattern| Regex::new(pattern.text()?).ok()).collect(),
            says_lang: !langs.is_empty() || text("defaultcontentlanguage").is_some(),
            langs,
            anchors: match text("markup.goldmark.parser.autoheadingidtype") {
                Some("github-ascii") => Anchors::HugoAscii,
                Some("blackfriday") => Anchors::HugoBlackfriday,
                _ => Anchors::Hugo,
            },
            has_term_anchors: is_set(settings, "markup.goldmark.parser.autodefinitiontermid", true),
            names_emoji: is_set(settings, "enableemoji", true),
            keeps_case: is_set(settings, "disablepathtolower", true),
            drops_accents: is_set(settings, "removepathaccents", true),
            dates_names: date_fields.iter().any(|field| field.text() == Some(":filename")),
        }
    }

    /// Whether addresses below the folder `top` are those of files.
    pub(super) fn is_ugly(&self, top: &str) -> bool {
        self.is_ugly || self.ugly_sections.contains(&top.to_lowercase())
    }

    /// Takes the folders on top of the content for those of languages, where each is called as one that the settings name.
    pub(super) fn divide_by_language(&mut self, ground: &Ground<'_>) {
        let [mount] = self.mounts.as_slice() else { return };
        if mount.lang.is_some() || !mount.target.is_empty() {
            return;
        }
        let source = mount.source.clone();
        let inside = ground.files().iter().filter_map(|file| within(file, &source));
        let tops: BTreeSet<&str> = inside.map(|inner| inner.split_once('/').map_or("", |(top, _)| top)).collect();
        let is_lang = |top: &&str| self.langs.iter().any(|lang| lang.eq_ignore_ascii_case(top));
        if tops.is_empty() || !tops.iter().all(is_lang) {
            return;
        }
        self.mounts = tops
            .into_iter()
            .map(|top| Mount { source: join(&source, top), target: String::new(), lang: Some(top.to_lowercase()) })
            .collect();
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
