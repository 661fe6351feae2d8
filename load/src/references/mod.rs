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
mod files;
mod find;
mod suggest;
mod surroundings;
mod target;

pub(crate) use anchors::{PlaceInPage, near as anchor_near};
pub(crate) use files::encoded;
pub(crate) use find::{Destination, References};
pub(crate) use suggest::target as suggested;
pub(crate) use surroundings::Surroundings;
