//! The settings of a Docusaurus site: which folders hold what, in which versions and languages.

use crate::format::json;
use crate::site::ground::join;
use crate::site::pattern::matches;
use crate::site::{Ground, address, is_set, setting, setting_text};
use crate::value::{Value, null};

/// What the plugins leave out unless told otherwise.
const EXCLUDED: &[&str] = &["**/_*.{js,jsx,ts,tsx,md,mdx}", "**/_*/**", "**/*.test.{js,jsx,ts,tsx}", "**/__tests__/**"];

/// A site.
pub(super) struct DocusaurusProject {
    pub(super) base: String,
    pub(super) trailing_slash: Option<bool>,
    pub(super) default_lang: Option<String>,
    /// How Markdown is read: `mdx`, `md` or by the ending of each file.
    pub(super) format: Option<String>,
    pub(super) instances: Vec<Instance>,
}

/// What an instance holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Docs,
    Blog,
    Pages,
}

/// One folder of content: of a plugin, in one version and one language.
#[derive(Clone)]
pub(super) struct Instance {
    pub(super) what: What,
    /// Its folder from the top of the ground.
    pub(super) folder: String,
    /// Its place on the site, below base path and language.
    pub(super) route: String,
    pub(super) version: Option<Version>,
    pub(super) lang: Option<String>,
    /// The id of the plugin where it is not the first of its kind.
    id: Option<String>,
    /// The file of sidebars from the top; empty where they follow the folders, `None` where there are none.
    pub(super) sidebar: Option<String>,
    pub(super) strips_numbers: bool,
    include: Vec<String>,
    exclude: Vec<String>,
}

/// A version of docs.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) name: String,
    /// Its place below the route of the docs.
    pub(super) path: String,
}

impl Instance {
    /// Whether the file at `inner` is content.
    pub(super) fn includes(&self, inner: &str) -> bool {
        let any = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, inner));
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }
}

impl DocusaurusProject {
    /// Reads the settings in `folder`.
    pub(super) fn read(ground: &Ground<'_>, folder: &str, settings: &Value) -> Self {
        let text = |path: &str| setting_text(settings, path);
        let trailing_slash = text("trailingSlash").and_then(|wanted| wanted.parse().ok());
        let default_lang = text("i18n.defaultLocale").map(str::to_owned);
        let mut project = Self {
            base: address::base_path(text("baseUrl").unwrap_or("/")),
            trailing_slash,
            default_lang,
            format: text("markdown.format").map(str::to_owned),
            instances: Vec::new(),
        };
        for (what, options) in plugins(settings) {
            let instances = instances(ground, folder, what, &options);
            project.instances.extend(instances);
        }
        let locales = setting(settings, "i18n.locales").map_or(&[][..], Value::entries);
        let others =
            locales.iter().filter_map(Value::text).filter(|lang| Some(*lang) != project.default_lang.as_deref());
        let tree = join(folder, text("i18n.path").unwrap_or("i18n"));
        let translated: Vec<Instance> = others
            .flat_map(|lang| project.instances.iter().map(|instance| translated(instance, &tree, lang)))
            .collect();
        project.instances.extend(translated);
        project
    }
}

/// The content plugins with their options: those of presets first, then those named one by one.
fn plugins(settings: &Value) -> Vec<(What, Value)> {
    let mut plugins = Vec::new();
    let kinds = [(What::Docs, "docs"), (What::Blog, "blog"), (What::Pages, "pages")];
    let presets = setting(settings, "presets").map_or(&[][..], Value::entries);
    let named = |entry: &Value| -> (String, Value) {
        let parts = entry.entries();
        // `[require.resolve('x'), …]` is read as a call within the list.
        let name = parts.first().map(|name| name.entries().last().and_then(Value::text).unwrap_or_default());
        (name.unwrap_or_default().to_owned(), parts.get(1).cloned().unwrap_or_else(null))
    };
    for (name, options) in presets.iter().map(named) {
        if name == "classic" || name.ends_with("preset-classic") {
            let enabled = kinds.iter().filter(|(_, key)| !is_set(&options, key, false));
            plugins.extend(enabled.map(|(what, key)| (*what, setting(&options, key).cloned().unwrap_or_else(null))));
        }
    }
    let listed = setting(settings, "plugins").map_or(&[][..], Value::entries);
    for (name, options) in listed.iter().map(named) {
        plugins.extend(
            kinds
                .iter()
                .filter(|(_, key)| name.ends_with(&format!("content-{key}")))
                .map(|(what, _)| (*what, options.clone())),
        );
    }
    if plugins.is_empty() {
        // Settings that could not be read are taken for those of a new site.
        plugins.extend(kinds.map(|(what, _)| (what, null())));
    }
    plugins
}

/// The folders of a plugin in the default language: one a version.
fn instances(ground: &Ground<'_>, folder: &str, what: What, options: &Value) -> Vec<Instance> {
    let text = |path: &str| setting_text(options, path);
    let (path, route) = match what {
        What::Docs => ("docs", "docs"),
        What::Blog => ("blog", "blog"),
        What::Pages => ("src/pages", "/"),
    };
    let patterns = |name: &str| -> Option<Vec<String>> {
        let list = setting(options, name)?.entries();
        Some(list.iter().filter_map(Value::text).map(str::to_owned).collect())
    };
    let sidebar = match setting_text(options, "sidebarPath") {
        Some("false") => None,
        Some(path) => Some(join(folder, path)),
        // A call that makes the path, such as `require.resolve('./sidebars.js')`.
        None => Some(
            setting(options, "sidebarPath")
                .and_then(|call| call.entries().last()?.text())
                .map_or_else(String::new, |path| join(folder, path)),
        ),
    };
    let current = Instance {
        what,
        folder: join(folder, text("path").unwrap_or(path)),
        route: text("routeBasePath").unwrap_or(route).to_owned(),
        version: None,
        lang: None,
        id: text("id").filter(|id| *id != "default").map(str::to_owned),
        sidebar,
        strips_numbers: !is_set(options, "numberPrefixParser", false),
        include: patterns("include").unwrap_or_default(),
        exclude: patterns("exclude").unwrap_or_else(|| EXCLUDED.iter().map(|pattern| (*pattern).to_owned()).collect()),
    };
    if what == What::Docs { versions(ground, folder, options, current) } else { vec![current] }
}

/// The versions of docs whose newest text lies in the folder of `current`.
fn versions(ground: &Ground<'_>, folder: &str, options: &Value, current: Instance) -> Vec<Instance> {
    let prefix = current.id.as_ref().map_or_else(String::new, |id| format!("{id}_"));
    let list = ground.read(&join(folder, &format!("{prefix}versions.json")));
    let kept = list.and_then(|text| json::whole(&text, 1, &mut Vec::new()).ok()).unwrap_or_else(null);
    let kept: Vec<&str> = kept.entries().iter().filter_map(Value::text).collect();
    if kept.is_empty() || is_set(options, "disableVersioning", true) {
        return vec![current];
    }
    let has_current = !is_set(options, "includeCurrentVersion", false);
    let all = has_current.then_some("current").into_iter().chain(kept.iter().copied());
    let only: Option<Vec<&str>> =
        setting(options, "onlyIncludeVersions").map(|list| list.entries().iter().filter_map(Value::text).collect());
    let all: Vec<&str> = all.filter(|name| only.as_ref().is_none_or(|only| only.contains(name))).collect();
    let last = setting_text(options, "lastVersion").or_else(|| kept.iter().find(|name| all.contains(name)).copied());
    let version = |name: &&str| {
        let own = setting(options, "versions")
            .and_then(|versions| versions.get(name))
            .and_then(|version| version.get("path")?.text());
        let path = match own {
            Some(path) => path,
            None if Some(*name) == last => "",
            None if *name == "current" => "next",
            None => name,
        };
        let version = Some(Version { name: (*name).to_owned(), path: path.to_owned() });
        if *name == "current" {
            return Instance { version, ..current.clone() };
        }
        Instance {
            version,
            folder: join(folder, &format!("{prefix}versioned_docs/version-{name}")),
            sidebar: Some(join(folder, &format!("{prefix}versioned_sidebars/version-{name}-sidebars.json"))),
            ..current.clone()
        }
    };
    all.iter().map(version).collect()
}

/// The folder in which `instance` is translated into `lang`; the texts of the plugin's id and version lie apart.
fn translated(instance: &Instance, tree: &str, lang: &str) -> Instance {
    let plugin = match instance.what {
        What::Docs => "docs",
        What::Blog => "blog",
        What::Pages => "pages",
    };
    let id = instance.id.as_deref().map_or_else(String::new, |id| format!("-{id}"));
    let version = match (instance.what, &instance.version) {
        (What::Docs, Some(version)) if version.name != "current" => format!("version-{}", version.name),
        (What::Docs, _) => "current".to_owned(),
        _ => String::new(),
    };
    let folder = join(tree, &format!("{lang}/docusaurus-plugin-content-{plugin}{id}/{version}"));
    Instance { folder, lang: Some(lang.to_owned()), ..instance.clone() }
}
