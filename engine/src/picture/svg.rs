//! SVG: a drawing as text, for a page or for a file.

use std::fmt::{self, Write as _};

use super::text::{FONT_SIZE, LINE_HEIGHT};
use super::{EdgeLine, PictureCaption, PictureNode};

/// Around a drawing.
const MARGIN: f64 = 6.0;
/// How far the head of an arrow reaches, along its edge and to each side.
const TIP: (f64, f64) = (7.0, 3.6);
/// Radius of a box's corners.
const CORNER: f64 = 6.0;

/// Colours for light and dark; shape and text carry the meaning.
const STYLE: &str = "<style>\
.picture{color-scheme:light dark;font-family:\"Source Sans 3\",system-ui,sans-serif;background:#fbfaf6}\
.picture .e{stroke:#8a8f89}.picture .tip{fill:#8a8f89}\
.picture .box,.picture .disc{fill:#fff;stroke:#8a8f89}\
.picture text{fill:#1b2322}\
.picture .g .box{stroke:#2a4fb5}\
.picture .locked .box,.picture .locked .disc{stroke:#8a5200}\
.picture .goal .box,.picture .goal .disc{fill:#0a6a4d;stroke:#0a6a4d}.picture .goal text{fill:#fbfaf6;font-weight:700}\
.picture a:hover .box,.picture a:focus .box,.picture a:hover .disc,.picture a:focus .disc{stroke:#0a6a4d;stroke-width:3}\
@media(prefers-color-scheme:dark){.picture{background:#121716}\
.picture .e{stroke:#7a8682}.picture .tip{fill:#7a8682}\
.picture .box,.picture .disc{fill:#1a201f;stroke:#7a8682}.picture text{fill:#e7e9e4}\
.picture .g .box{stroke:#a5b8ff}.picture .locked .box,.picture .locked .disc{stroke:#f2b960}\
.picture .goal .box,.picture .goal .disc{fill:#74d6ab;stroke:#74d6ab}.picture .goal text{fill:#121716}\
.picture a:hover .box,.picture a:focus .box,.picture a:hover .disc,.picture a:focus .disc{stroke:#74d6ab}}\
</style>";

/// A place in user units: x to the right, y down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    pub(super) fn shift(&mut self, x: f64, y: f64) {
        self.x += x;
        self.y += y;
    }
}

/// What stands behind the text of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Box,
    Disc,
}

/// A node at its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DrawnNode {
    pub(super) centre: Point,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) shape: Shape,
    pub(super) lines: Vec<String>,
}

/// A piece of an edge, from where the one before ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Piece {
    Line(Point),
    /// A cubic with its two controls.
    Curve(Point, Point, Point),
}

/// The head of an arrow: where it points, and where it comes from as a direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tip {
    at: Point,
    from: (f64, f64),
}

impl Tip {
    pub(super) fn down(at: Point) -> Self {
        Self { at, from: (0.0, -1.0) }
    }

    pub(super) fn up(at: Point) -> Self {
        Self { at, from: (0.0, 1.0) }
    }

    pub(super) fn right(at: Point) -> Self {
        Self { at, from: (-1.0, 0.0) }
    }
}

/// An edge at its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DrawnEdge {
    pub(super) start: Point,
    pub(super) pieces: Vec<Piece>,
    pub(super) tips: Vec<Tip>,
    pub(super) line: EdgeLine,
}

impl DrawnEdge {
    /// Its ends and those of its pieces; it leads nowhere beyond them.
    pub(super) fn points(&self) -> impl Iterator<Item = Point> + '_ {
        let ends = self.pieces.iter().map(|piece| match piece {
            Piece::Line(to) | Piece::Curve(_, _, to) => *to,
        });
        std::iter::once(self.start).chain(ends)
    }

    pub(super) fn shift(&mut self, x: f64, y: f64) {
        self.start.shift(x, y);
        self.tips.iter_mut().for_each(|tip| tip.at.shift(x, y));
        for piece in &mut self.pieces {
            match piece {
                Piece::Line(to) => to.shift(x, y),
                Piece::Curve(one, other, to) => [one, other, to].into_iter().for_each(|point| point.shift(x, y)),
            }
        }
    }
}

/// Nodes and edges at their places, the first corner at the origin.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Drawing {
    pub(super) nodes: Vec<DrawnNode>,
    pub(super) edges: Vec<DrawnEdge>,
}

/// A drawing that can be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    nodes: Vec<PictureNode>,
    pub(super) drawing: Drawing,
    caption: PictureCaption,
    /// Width in user units, which are the pixels of a page at its natural size.
    pub width: f64,
    /// Height in the same units.
    pub height: f64,
}

impl Picture {
    pub(super) fn new(nodes: Vec<PictureNode>, drawing: Drawing, caption: PictureCaption) -> Self {
        let boxes =
            drawing.nodes.iter().map(|node| (node.centre.x + node.width / 2.0, node.centre.y + node.height / 2.0));
        let points = drawing.edges.iter().flat_map(DrawnEdge::points).map(|point| (point.x, point.y));
        let (x, y) = boxes.chain(points).fold((0.0, 0.0), |(x, y): (f64, f64), one| (x.max(one.0), y.max(one.1)));
        let (width, height) = ((x + 2.0 * MARGIN).ceil(), (y + 2.0 * MARGIN).ceil());
        Self { nodes, drawing, caption, width, height }
    }

    /// As an element of a page, without any style: it takes that of the page.
    pub fn inline(&self) -> String {
        self.write("")
    }

    /// As a file of its own, with its style.
    pub fn file(&self) -> String {
        self.write(STYLE) + "\n"
    }

    fn write(&self, style: &str) -> String {
        let PictureCaption { prefix, title, description } = &self.caption;
        let (width, height, prefix) = (self.width, self.height, escape(prefix));
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" viewBox=\"-{MARGIN} -{MARGIN} {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"graphics-document\" \
             aria-labelledby=\"{prefix}-title {prefix}-desc\"><title id=\"{prefix}-title\">{}</title>\
             <desc id=\"{prefix}-desc\">{}</desc>{style}",
            escape(title),
            escape(description)
        );
        out.push_str("<g fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\">");
        self.drawing.edges.iter().for_each(|edge| put_edge(&mut out, edge));
        out.push_str("</g><g fill=\"currentColor\">");
        self.drawing.edges.iter().flat_map(|edge| &edge.tips).for_each(|tip| put_tip(&mut out, *tip));
        put(&mut out, format_args!("</g><g font-size=\"{FONT_SIZE}\" font-weight=\"500\" text-anchor=\"middle\">"));
        self.nodes.iter().zip(&self.drawing.nodes).for_each(|(node, drawn)| put_node(&mut out, node, drawn));
        out.push_str("</g></svg>");
        out
    }
}

fn put_edge(out: &mut String, edge: &DrawnEdge) {
    let class = match edge.line {
        EdgeLine::Solid => "e",
        EdgeLine::Dashed => "e rec\" stroke-dasharray=\"3 4",
        EdgeLine::Dotted => "e inf\" stroke-dasharray=\"1 4\" stroke-linecap=\"round",
    };
    put(out, format_args!("<path class=\"{class}\" d=\"M{}", edge.start));
    for piece in &edge.pieces {
        match piece {
            Piece::Line(to) => put(out, format_args!("L{to}")),
            Piece::Curve(one, other, to) => put(out, format_args!("C{one} {other} {to}")),
        }
    }
    out.push_str("\"/>");
}

fn put_tip(out: &mut String, tip: Tip) {
    let (x, y) = tip.from;
    let back = Point { x: tip.at.x + x * TIP.0, y: tip.at.y + y * TIP.0 };
    let (left, right) = (
        Point { x: back.x - y * TIP.1, y: back.y + x * TIP.1 },
        Point { x: back.x + y * TIP.1, y: back.y - x * TIP.1 },
    );
    put(out, format_args!("<path class=\"tip\" d=\"M{}L{left}L{right}z\"/>", tip.at));
}

fn put_node(out: &mut String, node: &PictureNode, drawn: &DrawnNode) {
    let href = if node.href.is_empty() { String::new() } else { format!(" href=\"{}\"", escape(&node.href)) };
    put(out, format_args!("<a class=\"{}\"{href}><title>{}</title>", escape(&node.class), escape(&node.title)));
    let Point { x, y } = drawn.centre;
    let (left, top) = (x - drawn.width / 2.0, y - drawn.height / 2.0);
    let look = "fill=\"none\" stroke=\"currentColor\"";
    let (width, height) = (Number(drawn.width), Number(drawn.height));
    match drawn.shape {
        Shape::Disc if drawn.width <= drawn.height => {
            let radius = Number(drawn.height / 2.0);
            put(
                out,
                format_args!(
                    "<circle class=\"disc\" cx=\"{}\" cy=\"{}\" r=\"{radius}\" {look}/>",
                    Number(x),
                    Number(y)
                ),
            );
        }
        Shape::Disc | Shape::Box => {
            let (class, corner) =
                if drawn.shape == Shape::Box { ("box", CORNER) } else { ("disc", drawn.height / 2.0) };
            put(
                out,
                format_args!(
                    "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\" rx=\"{}\" {look}/>",
                    Number(left),
                    Number(top),
                    Number(corner)
                ),
            );
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a node has few lines")]
    let first = y - (drawn.lines.len() as f64 - 1.0) / 2.0 * LINE_HEIGHT + 0.34 * FONT_SIZE;
    let mut baseline = first;
    for line in &drawn.lines {
        put(
            out,
            format_args!(
                "<text x=\"{}\" y=\"{}\" fill=\"currentColor\">{}</text>",
                Number(x),
                Number(baseline),
                escape(line)
            ),
        );
        baseline += LINE_HEIGHT;
    }
    out.push_str("</a>");
}

/// A length with at most one digit behind the point, and none where it is 0.
struct Number(f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round();
        // Not minus nothing, which is written otherwise than nothing.
        let tenths = if tenths == 0.0 { 0.0 } else { tenths };
        write!(f, "{}", tenths / 10.0)
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", Number(self.x), Number(self.y))
    }
}

/// Text for XML content and attributes, without the characters that XML 1.0 has no way to write.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            control if control.is_control() && !matches!(control, '\t' | '\n' | '\r') => {}
            '\u{fffe}' | '\u{ffff}' => {}
            plain => out.push(plain),
        }
    }
    out
}

/// Writing to a `String` cannot fail.
fn put(out: &mut String, text: fmt::Arguments<'_>) {
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok());
}
