//! The files in which settings of MkDocs and of Zensical lie.

use super::content;
use crate::site::ground::{join, parent, within};
use crate::site::settings::{from_toml, from_yaml, laid_over};
use crate::site::{Ground, setting, setting_text};
use crate::value::Value;

/// How many files of settings inherit from each other.
const MAX_PARENTS: u32 = 8;

/// The settings of Zensical in `folder`, with their file.
pub(super) fn of_zensical(ground: &Ground<'_>, folder: &str) -> Option<(String, Value)> {
    let (by, text) = ground.first(folder, &["zensical.toml"])?;
    let settings = from_toml(&text);
    let project = setting(&settings, "project").cloned();
    Some((by, project.unwrap_or(settings)))
}

/// The settings of MkDocs in `folder`, with their file: the usual one, else one that is named to a build, `mkdocs-en.yml`, whose
/// content the source holds or lies in.
pub(super) fn of_mkdocs(ground: &Ground<'_>, folder: &str) -> Option<(String, Value)> {
    let usual = ["mkdocs.yml", "mkdocs.yaml"].iter().find_map(|name| read(ground, join(folder, name)));
    let (by, settings) = usual.or_else(|| named(ground, folder))?;
    Some((by, inherited(ground, folder, settings, MAX_PARENTS)))
}

fn read(ground: &Ground<'_>, path: String) -> Option<(String, Value)> {
    let settings = from_yaml(&ground.read(&path)?);
    Some((path, settings))
}

/// Settings under a name of their own that no others build on. Folders above the source are not looked through: whatever is put
/// there would be news of the source.
fn named(ground: &Ground<'_>, folder: &str) -> Option<(String, Value)> {
    within(folder, ground.source())?;
    let names = ground.names_in(folder);
    let named: Vec<(String, Value)> =
        names.iter().filter(|name| is_such(name)).filter_map(|name| read(ground, join(folder, name))).collect();
    let base_of = |(_, settings): &(String, Value)| setting_text(settings, "INHERIT").map(|path| join(folder, path));
    let bases: Vec<String> = named.iter().filter_map(base_of).collect();
    named.into_iter().filter(|(by, _)| !bases.contains(by)).find(|(_, settings)| {
        let whole = inherited(ground, folder, settings.clone(), MAX_PARENTS);
        setting(&whole, "site_name").is_some() && ground.meets(&content(folder, &whole))
    })
}

/// Whether a name is that of settings for one of several builds: `mkdocs-en.yml`, `mkdocs.insiders.yaml`.
fn is_such(name: &str) -> bool {
    let rest = name.strip_prefix("mkdocs").filter(|rest| rest.starts_with(['-', '_', '.']));
    rest.and_then(|rest| rest.strip_suffix(".yml").or_else(|| rest.strip_suffix(".yaml")))
        .is_some_and(|rest| !rest.is_empty())
}

fn inherited(ground: &Ground<'_>, folder: &str, settings: Value, n_more: u32) -> Value {
    let Some(path) = setting_text(&settings, "INHERIT").filter(|_| n_more > 0).map(|path| join(folder, path)) else {
        return settings;
    };
    let Some(text) = ground.read(&path) else { return settings };
    let under = inherited(ground, parent(&path).0, from_yaml(&text), n_more - 1);
    laid_over(under, settings)
}
