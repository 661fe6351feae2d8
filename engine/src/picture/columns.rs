//! Three columns: what comes before a page, the page, and what it unlocks.

use super::layout::boxed;
use super::svg::{Drawing, DrawnEdge, DrawnNode, Picture, Piece, Point, Shape, Tip};
use super::{EdgeLine, PictureCaption, PictureNode};

/// Nodes shown on either side; of more the rest is counted.
const SHOWN: usize = 6;
/// Between one column and the next.
const COLUMN_GAP: f64 = 54.0;
/// Between one box and the next below it.
const ROW_GAP: f64 = 12.0;

/// What stands in the columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnNodes {
    /// What comes before, each with how sure that is.
    pub before: Vec<(PictureNode, EdgeLine)>,
    /// The page itself.
    pub centre: PictureNode,
    /// What it unlocks, each with how sure that is.
    pub after: Vec<(PictureNode, EdgeLine)>,
    /// Where whoever wants all of `before` is led.
    pub all_before: String,
    /// Where whoever wants all of `after` is led.
    pub all_after: String,
}

/// A page between what it needs and what needs it, from left to right, at most six on a side and a box with what `more`
/// says of how many more there are.
pub fn columns(nodes: &ColumnNodes, more: &dyn Fn(usize) -> String, caption: PictureCaption) -> Picture {
    let before = shown(&nodes.before, more, &nodes.all_before);
    let after = shown(&nodes.after, more, &nodes.all_after);
    let before_column = Column::new(&before);
    let centre_column = Column::new(&[(nodes.centre.clone(), EdgeLine::Solid)]);
    let after_column = Column::new(&after);
    let height =
        [&before_column, &centre_column, &after_column].map(|column| column.height).into_iter().fold(0.0, f64::max);
    let mut left = 0.0;
    let mut drawn = Vec::new();
    let mut sides = Vec::new();
    for column in [before_column, centre_column, after_column] {
        sides.push((left, left + column.width));
        if !column.nodes.is_empty() {
            let width = column.width;
            drawn.push(column.put(left, height));
            left += width + COLUMN_GAP;
        } else {
            drawn.push(Vec::new());
        }
    }
    let middle = height / 2.0;
    let point = |x: f64, y: f64| Point { x, y };
    let into = drawn[0].iter().zip(&before).map(|(node, (_, line))| {
        edge(point(node.centre.x + node.width / 2.0, node.centre.y), point(sides[1].0, middle), *line)
    });
    let out_of = drawn[2].iter().zip(&after).map(|(node, (_, line))| {
        edge(point(sides[1].1, middle), point(node.centre.x - node.width / 2.0, node.centre.y), *line)
    });
    let edges = into.chain(out_of).collect();
    let all = before.into_iter().map(|(node, _)| node);
    let all = all.chain([nodes.centre.clone()]).chain(after.into_iter().map(|(node, _)| node));
    Picture::new(all.collect(), Drawing { nodes: drawn.concat(), edges }, caption)
}

/// The first of `nodes`, and one that counts the rest.
fn shown(nodes: &[(PictureNode, EdgeLine)], more: &dyn Fn(usize) -> String, all: &str) -> Vec<(PictureNode, EdgeLine)> {
    // One more takes no more room than to say that there is one more.
    let n_shown = if nodes.len() <= SHOWN + 1 { nodes.len() } else { SHOWN };
    let mut shown = nodes[..n_shown].to_vec();
    let n_more = nodes.len() - n_shown;
    if n_more > 0 {
        let (label, title) = (more(n_more), more(n_more));
        let surest = nodes[n_shown..].iter().map(|(_, line)| *line).min().unwrap_or_default();
        shown.push((PictureNode { label, title, href: all.to_owned(), class: "more".to_owned() }, surest));
    }
    shown
}

/// Boxes below each other, all of one width.
struct Column {
    nodes: Vec<(Vec<String>, f64)>,
    width: f64,
    height: f64,
}

impl Column {
    fn new(nodes: &[(PictureNode, EdgeLine)]) -> Self {
        let (mut sized, mut width, mut height) = (Vec::with_capacity(nodes.len()), 0.0_f64, 0.0_f64);
        for (node, _) in nodes {
            let (lines, (box_width, box_height)) = boxed(&node.label);
            width = width.max(box_width);
            height += box_height + if sized.is_empty() { 0.0 } else { ROW_GAP };
            sized.push((lines, box_height));
        }
        Self { nodes: sized, width, height }
    }

    /// The boxes with their left sides at `left`, in the middle of `height`.
    fn put(self, left: f64, height: f64) -> Vec<DrawnNode> {
        let mut top = (height - self.height) / 2.0;
        let mut drawn = Vec::with_capacity(self.nodes.len());
        for (lines, height) in self.nodes {
            let centre = Point { x: left + self.width / 2.0, y: top + height / 2.0 };
            drawn.push(DrawnNode { centre, width: self.width, height, shape: Shape::Box, lines });
            top += height + ROW_GAP;
        }
        drawn
    }
}

fn edge(start: Point, end: Point, line: EdgeLine) -> DrawnEdge {
    let middle = f64::midpoint(start.x, end.x);
    let curve = Piece::Curve(Point { x: middle, y: start.y }, Point { x: middle, y: end.y }, end);
    DrawnEdge { start, pieces: vec![curve], tips: vec![Tip::right(end)], line }
}
