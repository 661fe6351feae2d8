//! Sites: what a generator makes of the files of its content.
//!
//! A generator is recognised by the settings that lie in the source, above it or beside it. Its rules, one file a
//! generator, say of each content file where the site shows it, and of all of them together in which order they are read.
//! Settings are read and never run; what cannot be read of them has the generator's own default.

mod address;
mod docbuilder;
mod docsify;
mod docusaurus;
mod eleventy;
mod exercism;
mod generator;
mod gitbook;
mod ground;
mod hexo;
mod html;
mod hugo;
mod jekyll;
mod languages;
mod leaf;
mod mdbook;
mod mintlify;
mod mkdocs;
mod next;
mod obsidian;
mod okf;
mod pattern;
mod plain;
mod quarto;
mod quartz;
mod rules;
mod script;
mod search;
mod settings;
mod sphinx;
mod starlight;
mod summary;
mod vitepress;
mod wiki;

use std::io::Read as _;

use crate::source::Input;
pub use address::is_site_address;
pub(crate) use address::{decode as decoded, encode as encoded};
pub use generator::{Generator, SiteFacts};
pub(crate) use ground::{Ground, join as joined, names_in};
pub(crate) use html::STEM_TITLE;
pub(crate) use leaf::Leaf;
pub(crate) use pattern::Ignored;
pub(crate) use plain::{exact_url, is_index, plain_url, segments, stem_of};
pub(crate) use rules::{NoPage, Order, Place, Placed, Rules, Step, Track};
use search::{Found, by_default, probe, search};
use settings::{is_set, setting, setting_text};

/// A site: its generator with the rules.
pub(crate) struct SourceSite {
    pub(crate) facts: SiteFacts,
    /// Where the source lies below the top of the ground.
    source: String,
    rules: Box<dyn Rules>,
    plain: plain::Plain,
}

impl SourceSite {
    /// The site that `ground` belongs to, whose source holds `files` of all kinds: the `configured` generator, else what the
    /// source itself is, else the one whose settings lie nearest.
    pub(crate) fn find<'f>(
        ground: &Ground<'_>,
        files: impl Iterator<Item = &'f str>,
        configured: Option<Generator>,
    ) -> Self {
        // What is published often lies in the folder of what makes it.
        let is_published = || probe(ground, ground.source(), None).is_none() && html::is_published(files, ground);
        let configured = configured.or_else(|| is_published().then_some(Generator::Html));
        let found = match configured {
            Some(Generator::Plain | Generator::Html) => None,
            configured => search(ground, configured),
        };
        let found = found.unwrap_or_else(|| Found {
            generator: configured.unwrap_or_default(),
            by: None,
            roots: vec![ground.source().to_owned()],
            base_path: "/".to_owned(),
            rules: by_default(ground, configured.unwrap_or_default()),
        });
        let source = ground.source().to_owned();
        let root = found.roots.iter().find_map(|root| ground::within(root, &source)).unwrap_or_default().to_owned();
        // Who names a part of a site as the source means that part.
        let is_whole = found.by.as_ref().is_some_and(|by| ground::within(by, &source).is_some());
        let roots =
            found.roots.iter().filter(|root| is_whole && ground::within(root, &source).is_none() && ground.has(root));
        let facts = SiteFacts {
            generator: found.generator,
            elsewhere: roots.map(|root| from_source(root, &source)).collect(),
            found_by: found.by.map(|by| from_source(&by, &source)),
            content_root: root,
            built: None,
            base_path: found.base_path,
        };
        Self { facts, source, rules: found.rules, plain: plain::Plain::new("", std::iter::empty()) }
    }

    /// The path from the top of the ground of a file of the source.
    pub(crate) fn path_from_top(&self, path: &str) -> String {
        ground::join(&self.source, path)
    }

    /// The path from the source of a file that lies somewhere under the top.
    pub(crate) fn path_from_source(&self, path: &str) -> String {
        from_source(path, &self.source)
    }

    /// The rules for the files of the source.
    pub(crate) fn rules(&self) -> &dyn Rules {
        &*self.rules
    }

    /// Whether a file of HTML is content that the generator makes a page of: it lies where pages do and begins with front
    /// matter.
    pub(crate) fn reads_html(&self, input: &Input, path: &str) -> bool {
        let mut start = [0; 3];
        let begins = |start: &[u8]| matches!(start, b"---" | b"+++");
        self.rules.reads_html(&self.path_from_top(path))
            && input.open(path).is_ok_and(|mut file| file.read_exact(&mut start).is_ok())
            && begins(&start)
    }

    /// The rules for what no generator knows: rows of JSON Lines.
    pub(crate) fn plain(&self) -> &dyn Rules {
        &self.plain
    }

    /// `path`, an address from the root of the host, on the host and under the path of `base_url`.
    pub(crate) fn absolute(&self, path: &str, base_url: Option<&str>) -> String {
        let Some(base_url) = base_url else { return path.to_owned() };
        let configured = address::base_path(base_url);
        let host = base_url.len() - configured.trim_end_matches('/').len();
        if self.facts.generator != Generator::Plain && path.starts_with(&configured) {
            return format!("{}{path}", &base_url[..host]);
        }
        let inner = path.strip_prefix(&self.facts.base_path).unwrap_or(path).trim_start_matches('/');
        format!("{base_url}/{inner}")
    }
}

/// `path` from the top as it is written from the source.
fn from_source(path: &str, source: &str) -> String {
    if let Some(inner) = ground::within(path, source) {
        return inner.to_owned();
    }
    let shared = path.split('/').zip(source.split('/')).take_while(|(a, b)| a == b).count();
    let up = source.split('/').count() - shared;
    let down: Vec<&str> = path.split('/').skip(shared).collect();
    format!("{}{}", "../".repeat(up), down.join("/"))
}
