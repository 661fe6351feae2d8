//! Heads of pages.

use super::tree::{ROOT, Tree};
use crate::value::Value;

/// What stands in the head of a page.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// `<title>`, with single spaces.
    pub(crate) title: Option<String>,
    pub(crate) canonical: Option<String>,
    /// Where the page sends its readers at once.
    pub(crate) refresh: Option<String>,
    pub(crate) base: Option<String>,
    pub(crate) lang: Option<String>,
    /// Contents of `<meta>` by name, in lower case.
    metas: Vec<(String, String)>,
}

impl Head {
    /// The head of a document.
    pub(crate) fn of(tree: &Tree) -> Self {
        let mut head = Self::default();
        for id in tree.below(ROOT) {
            let attribute = |name: &str| tree.attribute(id, name).map(str::trim).filter(|value| !value.is_empty());
            match tree.name(id) {
                "html" => head.lang = attribute("lang").map(str::to_owned),
                // Pictures have titles of their own.
                "title" if head.title.is_none() && !tree.above(id).any(|above| tree.name(above) == "svg") => {
                    head.title = Some(tree.words(id)).filter(|title| !title.is_empty());
                }
                "base" if head.base.is_none() => head.base = attribute("href").map(str::to_owned),
                "link" if attribute("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                    head.canonical = head.canonical.or_else(|| attribute("href").map(str::to_owned));
                }
                "meta" => head.meta(&attribute),
                _ => {}
            }
        }
        head
    }

    fn meta<'t>(&mut self, attribute: &dyn Fn(&str) -> Option<&'t str>) {
        let Some(content) = attribute("content") else { return };
        if attribute("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh")) {
            self.refresh = self.refresh.take().or_else(|| refresh(content));
        }
        if let Some(name) = attribute("name").or_else(|| attribute("property")) {
            self.metas.push((name.to_lowercase(), content.to_owned()));
        }
    }

    fn metas<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h str> {
        self.metas.iter().filter(move |(own, _)| own == name).map(|(_, content)| content.as_str())
    }

    /// What the page is described by.
    pub(super) fn description(&self) -> Option<&str> {
        self.metas("description").next().or_else(|| self.metas("og:description").next())
    }

    /// The labels of the page.
    pub(super) fn keywords(&self) -> Option<&str> {
        self.metas("keywords").next()
    }

    /// What it says as the fields of a page; nothing that most pages of the site say alike.
    pub(super) fn fields(&self, is_common: &dyn Fn(&str) -> bool) -> Vec<(String, Value)> {
        let own = |text: Option<&str>| text.filter(|text| !is_common(text)).map(Value::of_text);
        let text = |text: Option<&str>| text.map(Value::of_text);
        let mut fields = vec![
            ("description", own(self.description())),
            ("tags", own(self.keywords())),
            ("lang", text(self.lang.as_deref())),
            ("updated", text(self.metas("article:modified_time").next())),
            ("authors", text(self.metas("author").next())),
            ("category", text(self.metas("article:section").next())),
        ];
        // What publishers and we call it.
        let tiers = ["article:content_tier", "content_tier", "access"];
        let tier = tiers.iter().find_map(|name| self.metas(name).next());
        if let Some(tier) = tier {
            let access = if matches!(tier.to_lowercase().as_str(), "locked" | "metered") { "pro" } else { tier };
            fields.push(("access", Some(Value::of_text(access))));
        }
        let is_robots = |(name, _): &&(String, String)| matches!(name.as_str(), "robots" | "googlebot");
        fields.extend(self.metas.iter().filter(is_robots).map(|(_, content)| ("robots", Some(robots(content)))));
        let labels: Vec<Value> = self.metas("article:tag").map(Value::of_text).collect();
        if !labels.is_empty() {
            fields.push(("tags", Some(Value::of_list(labels))));
        }
        fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

/// What a page says to robots; `none` is short for two of its words.
fn robots(content: &str) -> Value {
    let is_none = content.split(',').any(|word| word.trim().eq_ignore_ascii_case("none"));
    Value::of_text(if is_none { "noindex, nofollow" } else { content })
}

/// The address in `0; url=…`, if readers are sent there at once.
fn refresh(content: &str) -> Option<String> {
    let (seconds, rest) = content.split_once([';', ','])?;
    let rest = rest.trim_start();
    let url = rest.get(..3).filter(|name| name.eq_ignore_ascii_case("url")).map_or(rest, |_| &rest[3..]);
    let url = url.trim_start().trim_start_matches('=').trim().trim_matches(['"', '\'']);
    // What waits longer is a page that reads itself anew.
    let is_soon = seconds.trim().parse::<f64>().is_ok_and(|seconds| seconds <= 10.0);
    (is_soon && !url.is_empty()).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read() {
        let head = Head::of(&Tree::read(
            "<html lang=de><title> A\n B </title><link rel=canonical href=https://x.y/a><base href=/b/>\
             <meta name=Description content=D><meta http-equiv=Refresh content=\"0; URL='../new/'\">\
             <svg><title>no</title></svg>",
        ));
        assert_eq!(head.title.as_deref(), Some("A B"));
        assert_eq!(head.canonical.as_deref(), Some("https://x.y/a"));
        assert_eq!(head.refresh.as_deref(), Some("../new/"));
        assert_eq!((head.base.as_deref(), head.lang.as_deref()), (Some("/b/"), Some("de")));
        assert_eq!(head.description(), Some("D"));
    }

    #[test]
    fn what_reads_itself_anew_is_no_redirect() {
        assert_eq!((refresh("30"), refresh("300; url=/x")), (None, None));
        assert_eq!(refresh("0;/x").as_deref(), Some("/x"));
    }
}
