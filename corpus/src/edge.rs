//! Edges between pages and where they were declared.

use serde::{Deserialize, Serialize};

use crate::page::PageId;
use crate::position::Position;
use crate::spelled::spelled;

/// What `from` says of `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Relation {
    /// A concept needs a concept, or a guide a guide, before it.
    Requires,
    /// A guide teaches a concept.
    Teaches,
    /// A guide needs a concept that it does not teach.
    Assumes,
    /// A text names a concept.
    Mentions,
    /// A text links to a page.
    Links,
    /// An author's pin.
    Related,
    /// Two guides that are read together.
    Companion,
    /// Two concepts that are easily confused, or alternatives.
    Contrasts,
    /// A concept is a part of another.
    PartOf,
    /// A concept mends a weakness of another.
    ImprovesOn,
    /// This page comes after that one in a series or in the order of a site; it may be read without it.
    Follows,
}

/// Whether a prerequisite can be skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Strength {
    /// It cannot.
    #[default]
    Required,
    /// It helps, but can.
    Recommended,
}

/// How an edge came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// Declared in the page's own metadata.
    FrontMatter,
    /// Declared in `concepts.yaml`.
    Central,
    /// A link in a text.
    Inline,
    /// A name in a text.
    Mention,
    /// Concluded, not said by anybody.
    Inferred,
}

spelled! {
    Relation {
        Requires = "requires", Teaches = "teaches", Assumes = "assumes", Mentions = "mentions", Links = "links",
        Related = "related", Companion = "companion", Contrasts = "contrasts", PartOf = "part_of",
        ImprovesOn = "improves_on", Follows = "follows",
    }
    Strength { Required = "required", Recommended = "recommended" }
    Origin {
        FrontMatter = "front-matter", Central = "central", Inline = "inline", Mention = "mention",
        Inferred = "inferred",
    }
}

/// One statement about two pages: `from` requires, teaches, mentions … `to`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Edge {
    /// The page that states it.
    pub from: PageId,
    /// What it states.
    pub relation: Relation,
    /// The page it is stated of.
    pub to: PageId,
    /// Whether it can be skipped; `Required` where the relation has no strengths.
    pub strength: Strength,
    /// How it came to be known.
    pub origin: Origin,
    /// How often it was found, 1 for what is declared.
    pub count: u32,
    /// Why, in the author's words.
    pub reason: Option<Box<str>>,
    /// Where it is stated.
    pub position: Position,
}
