//! The frame: what every page carries around its own text.

use gradus_engine::questions::export::UNTITLED;
use gradus_engine::questions::question::Question;
use gradus_engine::viewer::Viewer;

use super::assets::{self, AssetUrls};
use super::link;
use super::visit::PageVisit;
use super::words::{self, Words};

/// The part of the site that a page belongs to, marked in the navigation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum NavPlace {
    /// None of those below.
    #[default]
    Elsewhere,
    /// Search, which has a box of its own.
    Search,
    /// The map.
    Map,
    /// Plans.
    Learn,
    /// The reference of the API.
    Api,
    /// The admin listener, which has none of the other pages.
    Operator,
}

/// What every page carries.
pub(super) struct PageFrame<'a> {
    /// The texts of the interface.
    pub(super) w: &'static Words,
    /// The language of the content, where it is another than the interface's.
    pub(super) content_lang: Option<&'a str>,
    /// `rtl` where the content is written from right to left.
    pub(super) dir: &'static str,
    /// The name of the site.
    pub(super) site: &'a str,
    /// Where the page stands.
    pub(super) place: NavPlace,
    /// Whether it leaves out what only a server can do.
    pub(super) has_no_server: bool,
    /// The JSON of the same answer.
    pub(super) json: Option<String>,
    /// The same as Markdown.
    pub(super) markdown: Option<String>,
    /// How many concepts and guides there are; `None` where nothing is loaded.
    pub(super) counts: Option<(usize, usize)>,
    /// What the page is made of.
    pub(super) assets: &'static AssetUrls,
    /// Whether the viewer may read everything.
    pub(super) is_pro: bool,
    /// Where to sign in.
    pub(super) login_url: Option<&'a str>,
    /// Where to get to read what is locked.
    pub(super) upgrade_url: Option<&'a str>,
    /// Whether the newest content could not be loaded.
    pub(super) is_stale: bool,
    /// The name of the content, where the page looks for another.
    pub(super) live: Option<&'a str>,
}

impl<'a> PageFrame<'a> {
    /// The frame of a page of `visit`.
    pub(super) fn new(visit: &'a PageVisit, place: NavPlace) -> Self {
        let (view, config) = (visit.view(), &visit.pinned.snapshot().config);
        let lang = config.lang.as_deref();
        let w = words::of(lang.unwrap_or("en"));
        let kinds = &view.counts.kinds;
        let count = |kind: &str| kinds.get(kind).copied().unwrap_or_default();
        Self {
            w,
            content_lang: lang.filter(|lang| !words::speaks(w, lang)),
            dir: words::direction(lang.unwrap_or("en")),
            site: config.title.as_deref().unwrap_or(UNTITLED),
            place,
            has_no_server: visit.has_no_server,
            json: None,
            markdown: None,
            counts: Some((count("concept"), count("guide"))),
            assets: assets::urls(),
            is_pro: visit.pinned.viewer() == Viewer::Pro,
            login_url: config.login_url.as_deref(),
            upgrade_url: config.upgrade_url.as_deref(),
            is_stale: visit.failure.is_some(),
            live: visit.is_watching.then_some(&*view.generation),
        }
    }

    /// The frame of a page that is made of no content: there is none, or nobody may see it.
    pub(super) fn bare() -> Self {
        Self {
            w: words::of("en"),
            content_lang: None,
            dir: "ltr",
            site: UNTITLED,
            place: NavPlace::Elsewhere,
            has_no_server: false,
            json: None,
            markdown: None,
            counts: None,
            assets: assets::urls(),
            is_pro: false,
            login_url: None,
            upgrade_url: None,
            is_stale: false,
            live: None,
        }
    }

    /// The same, of a page that is made of the answer to `Q` with these parameters.
    #[must_use]
    pub(super) fn of<Q: Question>(self, pairs: &[(&str, &str)]) -> Self {
        self.with_json(&link::answer(Q::PATH, pairs))
    }

    /// The same, of a page that is made of the data at `path`.
    #[must_use]
    pub(super) fn with_json(self, path: &str) -> Self {
        Self { json: (!self.has_no_server).then(|| path.to_owned()), ..self }
    }

    /// The same, of a page that is read as Markdown at `address`.
    #[must_use]
    pub(super) fn with_markdown(self, address: String) -> Self {
        Self { markdown: Some(address), ..self }
    }

    /// Whether there are concepts; what has none says no word of them.
    pub(super) fn has_concepts(&self) -> bool {
        self.counts.is_none_or(|(concepts, _)| concepts > 0)
    }

    /// What a field for a search says while it is empty.
    pub(super) fn search_placeholder(&self) -> &'static str {
        if self.has_concepts() { self.w.search_placeholder } else { self.w.search_guides }
    }

    /// Whether the page stands there.
    pub(super) fn is_at(&self, place: &str) -> bool {
        match self.place {
            NavPlace::Elsewhere => false,
            NavPlace::Search => place == "search",
            NavPlace::Map => place == "map",
            NavPlace::Learn => place == "learn",
            NavPlace::Api => place == "api",
            NavPlace::Operator => place == "operator",
        }
    }
}
