//! What a page says of its own publication, in the words of the generators.
//!
//! Where the generator is known, its own words withhold a page and those of others do not: the site shows such a page, and
//! a reader may find what the site shows. Where it is not known, every word counts. What keeps a page out of search counts
//! everywhere.

use rustc_hash::FxHashSet;

use crate::draft::Draft;
use crate::fields::nearest;
use crate::moment::Moment;
use crate::site::Generator;
use crate::spelling::normal;
use crate::value::{Node, SourcePlace, Value};
use crate::values::AHEAD;
use gradus_corpus::{Code, Position};

/// Where a page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shown {
    /// Everywhere.
    Whole,
    /// At its address, but no search finds it.
    OutOfSearch,
    /// Nowhere.
    Nowhere,
}

/// What a value must be for its field to withhold a page.
#[derive(Clone, Copy)]
enum When {
    /// A yes; for what is neither yes nor no, too: a draft is not published by a slip of the pen.
    YesOrUnclear,
    Yes,
    No,
    /// One of these words, or a no.
    Says(&'static [&'static str]),
    /// A text that holds this word.
    Holds(&'static str),
    Future,
    Past,
}

/// The fields that withhold a page, by their normalised names from the outermost on, and what each does.
const RULES: &[(&[&str], When, Shown)] = &[
    (&["draft"], When::YesOrUnclear, Shown::Nowhere),
    (&["published"], When::No, Shown::Nowhere),
    (&["published"], When::Future, Shown::Nowhere),
    (&["publish"], When::No, Shown::Nowhere),
    (&["public"], When::No, Shown::Nowhere),
    (&["dgpublish"], When::No, Shown::Nowhere),
    (&["private"], When::Yes, Shown::Nowhere),
    (&["unlisted"], When::Yes, Shown::Nowhere),
    (&["listed"], When::No, Shown::Nowhere),
    (&["hidden"], When::Yes, Shown::Nowhere),
    (&["headless"], When::Yes, Shown::Nowhere),
    (&["render"], When::No, Shown::Nowhere),
    (&["permalink"], When::No, Shown::Nowhere),
    (&["build", "render"], When::Says(&["never", "link"]), Shown::Nowhere),
    (&["build", "list"], When::Says(&["never"]), Shown::OutOfSearch),
    (&["status"], When::Says(&["draft", "hidden", "private", "unpublished"]), Shown::Nowhere),
    (&["visibility"], When::Says(&["draft", "hidden", "private", "unlisted"]), Shown::Nowhere),
    (&["publishdate"], When::Future, Shown::Nowhere),
    (&["pubdate"], When::Future, Shown::Nowhere),
    (&["expirydate"], When::Past, Shown::Nowhere),
    (&["unpublishdate"], When::Past, Shown::Nowhere),
    (&["search"], When::No, Shown::OutOfSearch),
    (&["search", "exclude"], When::Yes, Shown::OutOfSearch),
    (&["searchable"], When::No, Shown::OutOfSearch),
    (&["excludesearch"], When::Yes, Shown::OutOfSearch),
    (&["searchexclude"], When::Yes, Shown::OutOfSearch),
    (&["excludefromsearch"], When::Yes, Shown::OutOfSearch),
    (&["insearchindex"], When::No, Shown::OutOfSearch),
    (&["pagefind"], When::No, Shown::OutOfSearch),
    (&["nosearch"], When::Yes, Shown::OutOfSearch),
    (&["noindex"], When::Yes, Shown::OutOfSearch),
    (&["seo", "noindex"], When::Yes, Shown::OutOfSearch),
    (&["robotsnoindex"], When::Yes, Shown::OutOfSearch),
    (&["robots"], When::Holds("noindex"), Shown::OutOfSearch),
    (&["robots", "index"], When::No, Shown::OutOfSearch),
    (&["seo", "robots"], When::Holds("noindex"), Shown::OutOfSearch),
    (&["head", "content"], When::Holds("noindex"), Shown::OutOfSearch),
    (&["head", "attrs", "content"], When::Holds("noindex"), Shown::OutOfSearch),
    (&["meta", "content"], When::Holds("noindex"), Shown::OutOfSearch),
    (&["meta", "robots"], When::Holds("noindex"), Shown::OutOfSearch),
];

/// The fields by which `generator` withholds a page, by the normalised names of the outermost; nothing where all do.
fn own_words(generator: Generator, is_post: bool) -> Option<&'static [&'static str]> {
    match generator {
        // VitePress publishes whatever lies there, as others do; what says that it is a draft was not meant to be.
        Generator::Plain
        | Generator::Obsidian
        | Generator::Exercism
        | Generator::Vitepress
        | Generator::Vuepress
        | Generator::Mintlify
        | Generator::DocBuilder
        | Generator::Eleventy
        | Generator::Docsify
        | Generator::Gitbook
        | Generator::Wiki
        | Generator::Nextra
        | Generator::Fumadocs => None,
        Generator::Docusaurus => Some(&["draft", "unlisted"]),
        Generator::Hugo => Some(&[
            "draft",
            "date",
            "publishdate",
            "pubdate",
            "published",
            "expirydate",
            "unpublishdate",
            "headless",
            "build",
        ]),
        Generator::Mkdocs | Generator::Zensical if is_post => Some(&["draft"]),
        Generator::Starlight | Generator::Quarto => Some(&["draft"]),
        Generator::Quartz => Some(&["draft", "publish"]),
        Generator::Jekyll if is_post => Some(&["published", "date"]),
        Generator::Hexo | Generator::Jekyll => Some(&["published"]),
        Generator::Mkdocs | Generator::Zensical | Generator::Mdbook | Generator::Sphinx | Generator::Html => Some(&[]),
        Generator::Okf => Some(&["status"]),
    }
}

/// Whether the field `name` says something of publication.
pub(crate) fn is_known(name: &str) -> bool {
    let normal = normal(name);
    normal == "date" || RULES.iter().any(|(path, _, _)| path[0] == normal)
}

/// Fields of other tools that hold what a page says of itself, one of which may hold `draft`.
const HOLDERS: &[&str] = &["params", "meta", "metadata", "page", "frontmatter", "options", "settings", "extra"];

/// Whether a field `name`, inside `outer` if it stands in another, means nothing and may be meant for `draft`.
pub(crate) fn is_near_draft(name: &str, outer: Option<&str>) -> bool {
    let normal = normal(name);
    match outer {
        Some(outer) => normal == "draft" && HOLDERS.contains(&self::normal(outer).as_str()),
        None => normal == "isdraft" || normal != "drift" && nearest(name) == Some("draft"),
    }
}

/// Whether a text that could not be read may say that the page is a draft: a line of it begins with the name of that field,
/// and does not end with a no.
pub(crate) fn speaks_of_draft(text: &str) -> bool {
    text.lines().any(|line| {
        let (name, value) = line.split_once([':', '=']).unwrap_or((line, ""));
        normal(name.trim_matches(['"', '\'', '{'])) == "draft"
            && truth(value.trim().trim_matches(['"', '\'', '}', ','])) != Some(false)
    })
}

/// A value as a yes or a no.
fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "on" | "1" | "y" => Some(true),
        "false" | "no" | "off" | "0" | "n" => Some(false),
        _ => None,
    }
}

fn holds(when: When, text: &str, now: i64) -> bool {
    let date = |is_due: fn(i64, i64) -> bool| Moment::parse(text).is_some_and(|moment| is_due(moment.seconds, now));
    match when {
        When::YesOrUnclear => truth(text) != Some(false),
        When::Yes => truth(text) == Some(true),
        When::No => truth(text) == Some(false),
        When::Says(words) => truth(text) == Some(false) || words.iter().any(|word| text.eq_ignore_ascii_case(word)),
        When::Holds(word) => text.to_lowercase().contains(word),
        When::Future => date(|moment, now| moment > now),
        When::Past => date(|moment, now| moment <= now),
    }
}

/// The next moment after `now` at which a date in `value` means something else, whatever its field: it comes, or it no longer lies
/// too far [`AHEAD`] to be believed.
fn next_date(value: &Value, now: i64) -> Option<i64> {
    match &value.node {
        Node::Null => None,
        Node::Text(text) => {
            let comes = Moment::parse(text)?.seconds;
            [comes.saturating_sub(AHEAD), comes].into_iter().find(|moment| *moment > now)
        }
        Node::List(values) => values.iter().filter_map(|value| next_date(value, now)).min(),
        Node::Map(members) => members.iter().filter_map(|(_, value)| next_date(value, now)).min(),
    }
}

/// A value that withholds a page, under the name of its field, and what it does.
struct Finding<'a> {
    name: String,
    value: &'a Value,
    shown: Shown,
}

/// The scalars at `path` under the members of maps, also of those in lists.
fn at_path<'a>(value: &'a Value, path: &[&str], name: &str, found: &mut Vec<(String, &'a Value)>) {
    match (&value.node, path.split_first()) {
        (Node::Text(_), None) => found.push((name.to_owned(), value)),
        (Node::List(values), _) => values.iter().for_each(|inner| at_path(inner, path, name, found)),
        (Node::Map(members), Some((first, rest))) => {
            for (key, inner) in members.iter().filter(|(key, _)| normal(key) == *first) {
                at_path(inner, rest, &format!("{name}.{key}"), found);
            }
        }
        _ => {}
    }
}

/// The field that withholds a page most, if any does; of those that withhold it elsewhere and not by these `words`, one, if
/// no other does.
fn strictest<'a>(fields: &'a [(String, Value)], now: i64, words: Option<&[&str]>) -> Option<Finding<'a>> {
    let is_ours = |own: &str| words.is_none_or(|words| words.contains(&own));
    let mut worst: Option<Finding<'_>> = None;
    let mut foreign: Option<Finding<'_>> = None;
    let mut has_publish_date = false;
    let mut date = None;
    let mut seen: FxHashSet<String> = FxHashSet::default();
    for (name, value) in fields.iter().filter(|(_, value)| !matches!(value.node, Node::Null)) {
        let written = value.written.as_deref().unwrap_or(name);
        let own = normal(written);
        // What stands further behind comes from elsewhere and is weaker.
        if !seen.insert(own.clone()) {
            continue;
        }
        has_publish_date |= matches!(own.as_str(), "publishdate" | "pubdate");
        if own == "date" {
            date = Some((written, value));
        }
        if own == "draft" && is_ours("draft") && matches!(value.node, Node::Map(_) | Node::List(_)) {
            // Nobody can say what this means; a draft is not published by a slip of the pen.
            worst = Some(Finding { name: written.to_owned(), value, shown: Shown::Nowhere });
        }
        for (path, when, shown) in RULES.iter().filter(|(path, _, _)| path[0] == own) {
            let mut found = Vec::new();
            at_path(value, &path[1..], written, &mut found);
            for (name, value) in found {
                if !value.text().is_some_and(|text| holds(*when, text, now)) {
                    continue;
                }
                if *shown == Shown::Nowhere && !is_ours(&own) {
                    foreign.get_or_insert(Finding { name, value, shown: Shown::Whole });
                } else if worst.as_ref().is_none_or(|worst| worst.shown < *shown) {
                    worst = Some(Finding { name, value, shown: *shown });
                }
            }
        }
    }
    // A date to come is when the page will be published, unless another field says when that is.
    if let Some((name, value)) = date.filter(|_| !has_publish_date && is_ours("date"))
        && value.text().is_some_and(|text| holds(When::Future, text, now))
    {
        return Some(Finding { name: name.to_owned(), value, shown: Shown::Nowhere });
    }
    worst.or(foreign)
}

impl Draft {
    /// Where the page at `position` with these fields, a post of a blog or not, is shown; what of it is withheld is told,
    /// with the field that says so.
    pub(crate) fn shown(&mut self, fields: &[(String, Value)], is_post: bool, position: Position) -> Shown {
        let now = self.config.now;
        let dates = fields.iter().filter_map(|(_, value)| next_date(value, now));
        self.until = dates.chain(self.until).min();
        let generator = self.site.facts.generator;
        let finding = strictest(fields, now, own_words(generator, is_post));
        let Some(Finding { name, value, shown }) = finding else { return Shown::Whole };
        let text = value.text().unwrap_or_default();
        let outcome = match shown {
            Shown::Whole => format!("this means nothing to {}, and the page is shown", generator.as_str()),
            Shown::OutOfSearch => "no search finds the page, which is shown at its address".to_owned(),
            Shown::Nowhere => "the page is left out".to_owned(),
        };
        let place = if value.key.position.line > 0 { value.key } else { value.place() };
        // What a page has from its folder stands in another file, which is not told.
        let is_own = place.position.file == position.file || Some(place.position.file) == self.central_file;
        let place = if is_own { place } else { SourcePlace { position, len: 0 } };
        self.tell_at(Code::Withheld, place.position, place.len, format!("`{name}: {text}`: {outcome}"));
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::yaml;

    /// 2026-01-01.
    const NOW: i64 = 1_767_225_600;

    fn shown(text: &str) -> Shown {
        let fields = yaml::read(text).value.members().unwrap();
        strictest(&fields, NOW, None).map_or(Shown::Whole, |finding| finding.shown)
    }

    #[test]
    fn every_usual_spelling_withholds() {
        for text in [
            "draft: true",
            "draft: True",
            "draft: yes",
            "draft: soon",
            "draft: {value: true}",
            "public: false",
            "Draft: true",
            "published: false",
            "published: no",
            "publish: false",
            "dg-publish: false",
            "private: true",
            "unlisted: true",
            "listed: false",
            "hidden: true",
            "headless: true",
            "build: {render: never}",
            "build: {render: false}",
            "_build:\n  render: link",
            "permalink: false",
            "status: draft",
            "status: Draft",
            "visibility: private",
            "date: 2999-01-01",
            "publishDate: 2026-01-02",
            "pubDate: 2026-01-02",
            "published: 2026-06-01",
            "expiryDate: 2025-12-31",
            "expiryDate: 2026-01-01",
            "unpublishdate: 2001-01-01",
            "search: {exclude: true}\ndraft: true",
        ] {
            assert_eq!(shown(text), Shown::Nowhere, "{text}");
        }
    }

    #[test]
    fn what_may_be_meant_for_a_draft_is_known() {
        for name in ["drafts", "drft", "isDraft", "is_draft", "darft"] {
            assert!(is_near_draft(name, None), "{name}");
        }
        for name in ["craft", "drift", "raft", "graph", "draw"] {
            assert!(!is_near_draft(name, None), "{name}");
        }
        assert!(is_near_draft("draft", Some("params")) && !is_near_draft("draft", Some("pull_request")));
        for text in ["draft:true", "x: 1\ndraft = true", "\"draft\": yes x", "Draft:"] {
            assert!(speaks_of_draft(text), "{text}");
        }
        for text in ["draft:false", "drafty: true", "title: a draft: x"] {
            assert!(!speaks_of_draft(text), "{text}");
        }
    }

    #[test]
    fn what_is_kept_out_of_search_keeps_its_address() {
        for text in [
            "search:\n  exclude: true",
            "search: false",
            "search_exclude: true",
            "excludeSearch: true",
            "nosearch: true",
            "pagefind: false",
            "noindex: true",
            "robots: noindex, nofollow",
            "robotsNoIndex: true",
            "seo: {noindex: true}",
            "in_search_index: false",
            "build: {list: never}",
            "head:\n  - tag: meta\n    attrs: {name: robots, content: noindex}",
        ] {
            assert_eq!(shown(text), Shown::OutOfSearch, "{text}");
        }
    }

    #[test]
    fn what_says_nothing_of_publication_is_shown() {
        for text in [
            "draft: false",
            "draft:",
            "published: true",
            "published: 2020-01-01",
            "publish: true",
            "status: new",
            "date: 2020-01-01",
            "date: 2999-01-01\npublishDate: 2020-01-01",
            "expiryDate: 2999-01-01",
            "sitemap: false",
            "search: {boost: 2}",
            "robots: index",
            "build: {list: local}",
            "permalink: /x/",
        ] {
            assert_eq!(shown(text), Shown::Whole, "{text}");
        }
    }
}
