//! References: where does a link lead?
//!
//! One resolver for everything that a text or metadata may write: Markdown links, wikilinks, shortcodes, roles, attributes
//! of HTML and JSX, entries of front matter. Edges, the targets of links in HTML and diagnostics are three uses of its one
//! answer, so that they cannot disagree.
//!
//! Key decision: what is not found is told only where this loader knows everything that the reference could mean. Links
//! out of the site, into parts of it that the source does not hold, to what a build makes, and whatever a template has yet
//! to fill in are answered with "nobody can tell". The price is that a broken one among them stays untold.

mod anchors;
mod elsewhere;
mod files;
mod find;
mod suggest;
mod surroundings;
mod target;

pub(crate) use anchors::{PlaceInPage, near as anchor_near};
pub(crate) use files::encoded;
pub(crate) use suggest::target as suggested;
pub(crate) use surroundings::Surroundings;

use std::cell::{OnceCell, RefCell};

use anchors::PagePlaces;
use rustc_hash::FxHashMap;

use gradus_corpus::names::Names;
use gradus_corpus::{Page, PageId};

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// A page.
    Page {
        page: PageId,
        place: PlaceInPage,
        /// Query of the link, as it was written.
        query: Box<str>,
        /// Other pages that it may mean just as well.
        others: Vec<PageId>,
    },
    /// A file that is no page, with its URL where the site's rules are known.
    Asset { url: Option<Box<str>> },
    /// A page that its author has not published: its path.
    Withheld(Box<str>),
    /// Something out of the site.
    External,
    /// Nobody can tell.
    Unknowable,
    /// Nothing.
    Broken,
}

/// The resolver.
pub(crate) struct References<'a> {
    names: &'a Names,
    pages: &'a [Page],
    partial: &'a [bool],
    around: &'a Surroundings,
    /// The pages whose texts declare a label.
    labels: OnceCell<FxHashMap<&'a str, PageId>>,
    /// The places of the pages that links lead into.
    places: RefCell<FxHashMap<PageId, PagePlaces<'a>>>,
    /// The languages of the pages, in lower case, that of most of them first.
    langs: OnceCell<Vec<String>>,
    /// The first segments of the pages' URLs.
    sections: OnceCell<Vec<String>>,
}

impl<'a> References<'a> {
    /// A resolver over `pages`, some of which are `partial`, in the same order.
    pub(crate) fn new(names: &'a Names, pages: &'a [Page], partial: &'a [bool], around: &'a Surroundings) -> Self {
        Self {
            names,
            pages,
            partial,
            around,
            labels: OnceCell::new(),
            places: RefCell::default(),
            langs: OnceCell::new(),
            sections: OnceCell::new(),
        }
    }
}
