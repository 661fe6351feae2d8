//! Pages: from the fields and the text of a document to what readers are told of it.

use super::Document;
use crate::body::Body;
use crate::draft::Draft;
use crate::fields::{self, canonical, list};
use crate::site::{Generator, Place};
use crate::value::narrow;
use gradus_corpus::{Access, Kind, Page};

/// Words a minute of a careful reader of technical text: Brysbaert (2019) finds 238 for English non-fiction, and code and
/// formulas slow that down.
const WORDS_A_MINUTE: usize = 200;

impl Draft {
    pub(super) fn page(
        &mut self,
        document: &Document<'_>,
        kind: Kind,
        slug: &str,
        access: Access,
        body: &mut Body,
        place: &Place,
    ) -> Page {
        let mut page = Page::new(kind, slug);
        let own = || document.text("title").map(str::to_owned);
        let generator = self.site.facts.generator;
        let counts = body.is_title_first || !matches!(generator, Generator::Docusaurus | Generator::Mkdocs);
        // Docusaurus looks for a heading in the Markdown before there is any HTML.
        let counts = counts && !(body.is_title_html && generator == Generator::Docusaurus);
        let heading = || body.title.take().filter(|_| counts && !place.is_titled_by_stem);
        let title = place.nav_title.clone().or_else(own).or_else(heading);
        let is_untitled = title.is_none();
        if let Some(title) = title {
            page.title = title.into();
        } else if !document.path.is_empty() {
            page.title = place.stem_title.as_str().into();
        }
        let base = self.config.base_url.as_deref();
        let has_address = !document.path.is_empty() || document.text("url").is_some();
        page.url = match document.text("url").filter(|url| url.contains("://")) {
            Some(url) => url.into(),
            None if has_address => self.site.absolute(&place.url, base).into(),
            None => self.site.absolute(&page.url, base).into(),
        };
        page.path = document.path.into();
        page.description =
            document.text("description").map(Into::into).or_else(|| body.first_paragraph.take().map(Into::into));
        let (urls, names) = aliases(document);
        page.old_urls = urls;
        if self.site.facts.generator == Generator::Hugo {
            // What other sites mean for a name is an address beside the page's to Hugo.
            let folder = place.url.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
            page.old_urls.extend(names.iter().map(|name| format!("{folder}/{name}").into()));
        }
        page.names = names;
        page.names.retain(|name| **name != *page.title);
        page.category = document.list("category").into_iter().next();
        page.tags = document.list("tags");
        page.tracks = document.list("tracks");
        page.level = self.level_of(document.get("level"));
        page.sources = document.get("sources").map(fields::sources).unwrap_or_default();
        let lang = document.text("lang").map(Into::into).or_else(|| place.lang.clone());
        page.version = place.version.clone();
        page.lang = lang.or_else(|| self.config.lang.as_deref().or(place.usual_lang).map(Into::into));
        page.updated = self.updated_of(document.get("updated"));
        page.authors = document.list("authors");
        page.access = access;
        page.order = self.choice(document, "order", |text| text.parse().ok());
        page.series = document.list("series").into_iter().next();
        page.position = document.position;
        self.time(document, &mut page, body.n_words);
        if is_untitled && !document.is_empty() {
            let title = document.fields.iter().find(|(name, _)| canonical(name) == Some("title"));
            self.untitled(title.map(|(_, value)| value), &page, document.position);
        }
        self.place_in_series(document.get("order"), &page);
        page
    }

    fn time(&mut self, document: &Document<'_>, page: &mut Page, n_words: usize) {
        let words = n_words + page.description.as_deref().map_or(0, |text| text.split_whitespace().count());
        page.minutes = narrow(words.div_ceil(WORDS_A_MINUTE) as u64).max(1);
        if let Some(minutes) = self.time_of(document.get("time")) {
            page.minutes = minutes;
            page.estimated = false;
        }
    }
}

/// Old URLs and other names: an entry that begins with `/` or holds `://` is a URL.
fn aliases(document: &Document<'_>) -> (Vec<Box<str>>, Vec<Box<str>>) {
    let entries = document.fields.iter().filter(|(key, _)| matches!(canonical(key), Some("aliases" | "aka")));
    let mut all: Vec<Box<str>> = entries.flat_map(|(_, value)| list(value)).collect();
    let mut seen = rustc_hash::FxHashSet::default();
    all.retain(|entry| seen.insert(entry.clone()));
    all.into_iter().partition(|entry| entry.starts_with('/') || entry.contains("://"))
}
