//! Pages: from the fields and the text of a document to what readers are told of it.

use super::Document;
use super::address::aliases;
use crate::body::Body;
use crate::draft::Draft;
use crate::fields::canonical;
use crate::site::{Generator, Place};
use crate::value::narrow;
use gradus_corpus::{Access, Kind, Page, reading_minutes};

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
        let counts = body.is_title_first
            || !matches!(generator, Generator::Docusaurus | Generator::Mkdocs | Generator::Zensical);
        // Docusaurus looks for a heading in the Markdown before there is any HTML.
        let counts = counts && !(body.is_title_html && generator == Generator::Docusaurus);
        let heading = || body.title.take().filter(|_| counts && !place.is_titled_by_stem);
        let title = place.nav_title.clone().or_else(own).or_else(heading);
        // Where a site calls its pages after their files, none is without a title.
        let is_untitled = title.is_none() && generator != Generator::Wiki;
        if let Some(title) = title {
            page.title = title.into();
        } else if !document.path.is_empty() {
            page.title = place.stem_title.as_str().into();
        }
        page.url = self.url_of(document, &page, place);
        page.path = document.path.into();
        page.description =
            document.text("description").map(Into::into).or_else(|| body.first_paragraph.take().map(Into::into));
        if document.text("description").is_none() {
            self.self_described.insert(narrow(self.pages.len() as u64));
        }
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
        page.sources = self.sources_of(document.get("sources"));
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
        page.minutes = reading_minutes(words);
        if let Some(minutes) = self.time_of(document.get("time")) {
            page.minutes = minutes;
            page.estimated = false;
        }
    }
}
