//! Quartz: a vault of notes as a site.
//!
//! <https://quartz.jzhao.xyz/configuration>

use super::address::{base_path, encode, extension, without_extension};
use super::ground::{join, parent, within};
use super::{
    Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, pattern, script, setting, setting_text,
};
use crate::anchors::Anchors;
use crate::value::{Value, null};

/// The rules of one Quartz site.
struct Quartz {
    root: String,
    base: String,
    ignored: Vec<String>,
    /// Whether only notes that say `publish: true` are published.
    is_explicit: bool,
}

/// The site whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, text) = ground.first(folder, &["quartz.config.ts", "quartz.config.js"])?;
    let settings = script::settings(&text, "configuration", &|path| ground.read(&join(folder, path)));
    let mut rules = Quartz::new(join(folder, "content"), &settings);
    rules.is_explicit =
        text.lines().any(|line| line.contains("ExplicitPublish(") && !line.trim_start().starts_with("//"));
    let roots = vec![rules.root.clone()];
    let base_path = rules.base.clone();
    Some(Found { generator: Generator::Quartz, by: Some(by), roots, base_path, rules: Box::new(rules) })
}

/// The rules for content without settings.
pub(super) fn by_default(root: &str) -> Box<dyn Rules> {
    Box::new(Quartz::new(root.to_owned(), &null()))
}

impl Quartz {
    fn new(root: String, settings: &Value) -> Self {
        let base = setting_text(settings, "configuration.baseUrl").map_or_else(
            || "/".to_owned(),
            |url| {
                let url = if url.contains("://") { url.to_owned() } else { format!("https://{url}") };
                base_path(&url)
            },
        );
        let ignored = setting(settings, "configuration.ignorePatterns").map_or(&[][..], Value::entries);
        let ignored = ignored.iter().filter_map(Value::text).map(str::to_owned).collect();
        Self { root, base, ignored, is_explicit: false }
    }
}

/// The path of a note in addresses.
fn slug_of(stem: &str) -> String {
    let mut slug = String::with_capacity(stem.len());
    for char in stem.chars() {
        match char {
            char if char.is_whitespace() => slug.push('-'),
            '&' => slug.push_str("-and-"),
            '%' => slug.push_str("-percent"),
            '?' | '#' => {}
            char => slug.push(char),
        }
    }
    slug
}

impl Rules for Quartz {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        if extension(inner) != "md" {
            return Err(NoPage("Quartz reads only `.md`".to_owned()));
        }
        let is_ignored =
            |glob: &String| pattern::matches(glob, inner) || pattern::matches(&format!("{glob}/**"), inner);
        if self.ignored.iter().any(is_ignored) {
            return Err(NoPage("`ignorePatterns` leaves it out".to_owned()));
        }
        if self.is_explicit && leaf.text("publish") != Some("true") {
            return Err(NoPage("it does not say `publish: true`".to_owned()));
        }
        let stem = without_extension(inner);
        let (folder, name) = parent(stem);
        let path = if matches!(name, "index" | "_index") {
            if folder.is_empty() { String::new() } else { format!("{}/", slug_of(folder)) }
        } else {
            slug_of(stem)
        };
        Ok(Place {
            url: encode(&format!("{}{path}", self.base)),
            stem_title: name.to_owned(),
            is_titled_by_stem: true,
            ..Place::default()
        })
    }

    fn anchors(&self) -> Anchors {
        Anchors::Quartz
    }

    fn order(&self, _placed: &[Placed]) -> Order {
        Order::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_notes_become_addresses() {
        let slugs = ["Doughs/Rye & Spelt", "50% Rye", "C# minor", "v1.2"].map(slug_of);
        assert_eq!(slugs, ["Doughs/Rye--and--Spelt", "50-percent-Rye", "C-minor", "v1.2"]);
    }
}
