//! Pictures: layered drawings as SVG, for pages and for files.
//!
//! What needs nothing stands at the top, each node right above the first that needs it, and no edge runs through a box: an
//! edge over several layers has a place of its own in each. The same nodes and edges give the same bytes, always.
//!
//! Layers are those of Sugiyama, Tagawa and Toda (1981), crossings are reduced by barycentres and swaps of neighbours, and
//! places within a layer are the least squares that keep the order (see [`place`](self)). All of it is our own: no drawing
//! takes more than a few passes over its edges, whatever somebody asks to have drawn.
//!
//! A picture goes into a page with [`Picture::inline`]: it has no style of its own and takes the page's, by these classes.
//!
//! | element | class | what it is |
//! |---|---|---|
//! | `svg` | `picture` | the whole |
//! | `a` | `c`, `g` | a concept, a guide; also `goal`, `known`, `locked`, `more` |
//! | `rect`, `circle` | `box`, `disc` | what stands behind the text of a node |
//! | `path` | `e` | an edge; also `rec` where it can be skipped, `inf` where nobody has declared it |
//! | `path` | `tip` | the head of an arrow |
//!
//! Without any style it is drawn in the colour of the text around it. [`Picture::file`] is the same with a style, light and
//! dark, for a file of its own.

mod columns;
mod crossings;
mod fold;
mod layers;
mod layout;
mod place;
mod svg;
mod text;

pub use columns::{ColumnNodes, columns};
pub use layout::{boxes, discs, network};
pub use svg::Picture;
pub(crate) use svg::escape;
pub use text::text_width;

/// Nodes from which on chains of discs are drawn as one.
pub const FOLDED_FROM: usize = 30;

/// A node of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PictureNode {
    /// What is written in it: a title in a box, a number in a disc.
    pub label: String,
    /// What it says when it is pointed at, and to those who do not see it.
    pub title: String,
    /// Where it leads; nowhere where empty.
    pub href: String,
    /// The classes of its link, divided by spaces.
    pub class: String,
}

/// An edge between nodes, by their positions: from what comes first to what needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PictureEdge {
    /// What comes first.
    pub from: usize,
    /// What needs it.
    pub to: usize,
    /// How sure it is.
    pub line: EdgeLine,
}

/// How an edge is drawn: of several in one place the surest counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeLine {
    /// It is required.
    #[default]
    Solid,
    /// It can be skipped.
    Dashed,
    /// Nobody has declared it.
    Dotted,
}

/// What a picture says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PictureCaption {
    /// What the ids in it begin with; different for each picture on a page.
    pub prefix: String,
    /// What it shows.
    pub title: String,
    /// The same in a sentence, with counts.
    pub description: String,
}
