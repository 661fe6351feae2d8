//! Layouts: from nodes and edges to places, lines and curves.

use super::crossings::ordered;
use super::fold::fold;
use super::layers::{LayerEdge, Layers};
use super::place::placed;
use super::svg::{Drawing, DrawnEdge, DrawnNode, Piece, Point, Shape, Tip};
use super::text::{LINE_HEIGHT, wrapped};
use super::{FOLDED_FROM, Picture, PictureCaption, PictureEdge, PictureNode};

/// Width of a line of text in a box, in user units.
const TEXT_WIDTH: f64 = 150.0;
/// Lines of text in a box.
const MAX_LINES: usize = 2;
/// From a box's edge to its text, at the sides.
const PADDING: f64 = 14.0;
/// Height of a box without text.
const BOX_HEIGHT: f64 = 18.0;
/// Narrowest box.
const MIN_BOX_WIDTH: f64 = 56.0;
/// Diameter of a disc.
const DISC: f64 = 32.0;
/// Width that an edge keeps free where it passes a layer.
const POINT_WIDTH: f64 = 8.0;
/// Between neighbours of a layer.
const GAP: f64 = 20.0;
/// Between one layer and the next, at least and at most: the further an edge leads sideways, the more.
const LAYER_GAPS: (f64, f64) = (30.0, 72.0);
/// How much of the way sideways is added to the gap between layers.
const SLANT: f64 = 0.12;
/// Between parts that nothing joins.
const PART_GAP: f64 = 32.0;
/// Between edges at one side of a box, at most.
const PORT_GAP: f64 = 14.0;
/// Width from which on parts are put below each other.
const BOXES_WIDTH: f64 = 900.0;
/// The same for discs, which stand beside a list.
const DISCS_WIDTH: f64 = 280.0;

/// How a kind of picture looks.
struct Look {
    sizes: Vec<(f64, f64)>,
    has_tips: bool,
    max_width: f64,
}

/// Nodes as boxes, foundations at the top. Edges among fewer nodes than there are, loops and doubles are left out; one edge
/// of each circle is drawn upwards. O(passes · (edges + layers they cross)).
pub fn boxes(nodes: &[PictureNode], edges: &[PictureEdge], caption: PictureCaption) -> Picture {
    let (lines, sizes) = nodes.iter().map(|node| boxed(&node.label)).unzip();
    let drawing = drawing(&Look { sizes, has_tips: true, max_width: BOXES_WIDTH }, Shape::Box, lines, edges);
    Picture::new(nodes.to_vec(), drawing, caption)
}

/// Nodes as boxes that edges join without a direction: no heads of arrows, otherwise as [`boxes`].
pub fn network(nodes: &[PictureNode], edges: &[PictureEdge], caption: PictureCaption) -> Picture {
    let (lines, sizes) = nodes.iter().map(|node| boxed(&node.label)).unzip();
    let drawing = drawing(&Look { sizes, has_tips: false, max_width: BOXES_WIDTH }, Shape::Box, lines, edges);
    Picture::new(nodes.to_vec(), drawing, caption)
}

/// Nodes as discs with their numbers, first ones at the top: a picture beside a list. Where there are more than
/// [`FOLDED_FROM`], steps in a row that lead nowhere else are drawn as one, and the description says so.
pub fn discs(nodes: &[PictureNode], edges: &[PictureEdge], mut caption: PictureCaption) -> Picture {
    let (mut nodes, mut edges) = (nodes.to_vec(), edges.to_vec());
    if nodes.len() > FOLDED_FROM {
        let n_before = nodes.len();
        (nodes, edges) = fold(&nodes, &edges);
        if nodes.len() < n_before {
            caption.description.push_str(" Steps in a row are drawn as one.");
        }
    }
    let lines: Vec<Vec<String>> = nodes.iter().map(|node| vec![node.label.clone()]).collect();
    let size = |lines: &Vec<String>| ((super::text_width(&lines[0]) + PADDING).max(DISC), DISC);
    let sizes = lines.iter().map(size).collect();
    let drawing = drawing(&Look { sizes, has_tips: false, max_width: DISCS_WIDTH }, Shape::Disc, lines, &edges);
    Picture::new(nodes, drawing, caption)
}

/// `label` in lines, and width and height of the box around them.
#[expect(clippy::cast_precision_loss, reason = "a box has few lines")]
pub(super) fn boxed(label: &str) -> (Vec<String>, (f64, f64)) {
    let lines = wrapped(label, TEXT_WIDTH, MAX_LINES);
    let widest = lines.iter().map(|line| super::text_width(line)).fold(0.0, f64::max);
    let height = BOX_HEIGHT + LINE_HEIGHT * lines.len() as f64;
    (lines, ((widest + 2.0 * PADDING).max(MIN_BOX_WIDTH).ceil(), height))
}

/// All parts side by side and below each other, nodes in their order.
fn drawing(look: &Look, shape: Shape, lines: Vec<Vec<String>>, edges: &[PictureEdge]) -> Drawing {
    let n_nodes = look.sizes.len();
    let mut nodes: Vec<DrawnNode> = Vec::with_capacity(n_nodes);
    nodes.extend(look.sizes.iter().zip(lines).map(|((width, height), lines)| DrawnNode {
        centre: Point::default(),
        width: *width,
        height: *height,
        shape,
        lines,
    }));
    let mut drawn_edges = Vec::new();
    let (mut left, mut top, mut row_height) = (0.0_f64, 0.0_f64, 0.0_f64);
    for part in parts(n_nodes, edges) {
        let mut drawn = Part::new(look, &part, edges);
        let (from, to) = drawn.extent();
        let (width, height) = (to.x - from.x, to.y - from.y);
        if left > 0.0 && left + width > look.max_width {
            (left, top, row_height) = (0.0, top + row_height + PART_GAP, 0.0);
        }
        drawn.shift(left - from.x, top - from.y);
        part.iter().zip(&drawn.centres).for_each(|(node, centre)| nodes[*node].centre = *centre);
        drawn_edges.append(&mut drawn.edges);
        left += width + PART_GAP;
        row_height = row_height.max(height);
    }
    Drawing { nodes, edges: drawn_edges }
}

/// The nodes of each part that edges join, larger parts first, then by their first nodes.
fn parts(n_nodes: usize, edges: &[PictureEdge]) -> Vec<Vec<usize>> {
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); n_nodes];
    for edge in edges.iter().filter(|edge| edge.from.max(edge.to) < n_nodes) {
        near[edge.from].push(edge.to);
        near[edge.to].push(edge.from);
    }
    let mut is_seen = vec![false; n_nodes];
    let mut parts = Vec::new();
    for start in 0..n_nodes {
        let (mut part, mut open) = (Vec::new(), vec![start]);
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut is_seen[node], true) {
                part.push(node);
                open.extend(&near[node]);
            }
        }
        part.sort_unstable();
        parts.push(part);
    }
    parts.retain(|part| !part.is_empty());
    parts.sort_by_key(|part| (std::cmp::Reverse(part.len()), part[0]));
    parts
}

/// A part with places of its own.
struct Part {
    sizes: Vec<(f64, f64)>,
    centres: Vec<Point>,
    edges: Vec<DrawnEdge>,
}

/// Where the layers of a part stand.
struct Bands<'a> {
    layers: &'a Layers,
    x: &'a [f64],
    /// The upper and lower edge of each layer.
    bands: Vec<(f64, f64)>,
}

impl Part {
    fn new(look: &Look, part: &[usize], edges: &[PictureEdge]) -> Self {
        let sizes: Vec<(f64, f64)> = part.iter().map(|node| look.sizes[*node]).collect();
        let local = |node: usize| part.binary_search(&node).ok();
        let inner = edges
            .iter()
            .filter_map(|edge| Some(PictureEdge { from: local(edge.from)?, to: local(edge.to)?, line: edge.line }));
        let layers = Layers::new(part.len(), &inner.collect::<Vec<_>>());
        let rows = ordered(&layers);
        let mut widths = vec![POINT_WIDTH; layers.layer.len()];
        widths.iter_mut().zip(&sizes).for_each(|(width, (size, _))| *width = *size);
        let x = placed(&layers, &rows, &widths, GAP);
        let bands = Bands { layers: &layers, x: &x, bands: bands(&layers, &rows, &x, &sizes) };
        let middle = |node: usize| {
            let (top, bottom) = bands.bands[layers.layer[node]];
            Point { x: x[node], y: f64::midpoint(top, bottom) }
        };
        let centres: Vec<Point> = (0..part.len()).map(middle).collect();
        let ports = ports(&layers, &x, &sizes, look.has_tips);
        let draw = |(edge, ports): (&LayerEdge, &(f64, f64))| bands.edge(edge, *ports, &centres, &sizes, look.has_tips);
        let drawn = layers.edges.iter().zip(&ports).map(draw).collect();
        Self { sizes, centres, edges: drawn }
    }

    /// The corners of what it covers, edges included: they may lead around all nodes.
    fn extent(&self) -> (Point, Point) {
        let boxes = self.centres.iter().zip(&self.sizes).flat_map(|(centre, (width, height))| {
            let (x, y) = (width / 2.0, height / 2.0);
            [Point { x: centre.x - x, y: centre.y - y }, Point { x: centre.x + x, y: centre.y + y }]
        });
        let points = self.edges.iter().flat_map(DrawnEdge::points);
        let mut all = boxes.chain(points);
        let first = all.next().unwrap_or_default();
        all.fold((first, first), |(from, to), one| {
            (Point { x: from.x.min(one.x), y: from.y.min(one.y) }, Point { x: to.x.max(one.x), y: to.y.max(one.y) })
        })
    }

    fn shift(&mut self, x: f64, y: f64) {
        self.centres.iter_mut().for_each(|centre| centre.shift(x, y));
        self.edges.iter_mut().for_each(|edge| edge.shift(x, y));
    }
}

/// The upper and lower edges of layers, as far apart as the edges between them need.
fn bands(layers: &Layers, rows: &[Vec<usize>], x: &[f64], sizes: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut sideways = vec![0.0_f64; rows.len()];
    for pair in layers.edges.iter().flat_map(|edge| edge.points.windows(2)) {
        let row = layers.layer[pair[0]];
        sideways[row] = sideways[row].max((x[pair[0]] - x[pair[1]]).abs());
    }
    let mut bands = Vec::with_capacity(rows.len());
    let mut top = 0.0;
    for (row, sideways) in rows.iter().zip(sideways) {
        let heights = row.iter().filter_map(|vertex| sizes.get(*vertex)).map(|(_, height)| *height);
        let bottom = top + heights.fold(0.0, f64::max);
        bands.push((top, bottom));
        top = bottom + (LAYER_GAPS.0 + SLANT * sideways).min(LAYER_GAPS.1);
    }
    bands
}

/// How far from the middle of its ends each edge leaves and arrives: in the order of where it leads to.
fn ports(layers: &Layers, x: &[f64], sizes: &[(f64, f64)], are_spread: bool) -> Vec<(f64, f64)> {
    let mut ports = vec![(0.0, 0.0); layers.edges.len()];
    if !are_spread {
        return ports;
    }
    for is_lower_end in [false, true] {
        let mut at_node: Vec<Vec<(f64, usize)>> = vec![Vec::new(); layers.n_nodes];
        for (idx, edge) in layers.edges.iter().enumerate() {
            let n = edge.points.len();
            let (node, next) =
                if is_lower_end { (edge.points[n - 1], edge.points[n - 2]) } else { (edge.points[0], edge.points[1]) };
            at_node[node].push((x[next], idx));
        }
        for (node, mut all) in at_node.into_iter().enumerate() {
            all.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            #[expect(clippy::cast_precision_loss, reason = "a node has some hundred edges")]
            let (n, step) = (all.len() as f64, PORT_GAP.min(0.6 * sizes[node].0 / all.len() as f64));
            for (at, (_, idx)) in all.into_iter().enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "a node has some hundred edges")]
                let offset = (at as f64 - (n - 1.0) / 2.0) * step;
                if is_lower_end { ports[idx].1 = offset } else { ports[idx].0 = offset }
            }
        }
    }
    ports
}

impl Bands<'_> {
    /// `edge` as straight lines within layers, where nothing else stands at its place, and curves between them.
    fn edge(
        &self,
        edge: &LayerEdge,
        (leaves, arrives): (f64, f64),
        centres: &[Point],
        sizes: &[(f64, f64)],
        has_tips: bool,
    ) -> DrawnEdge {
        let (first, last) = (edge.points[0], edge.points[edge.points.len() - 1]);
        let start = Point { x: centres[first].x + leaves, y: centres[first].y + sizes[first].1 / 2.0 };
        let end = Point { x: centres[last].x + arrives, y: centres[last].y - sizes[last].1 / 2.0 };
        let mut pieces = Vec::new();
        let mut at = start;
        let line_to = |at: &mut Point, y: f64, pieces: &mut Vec<Piece>| {
            if (at.y - y).abs() > 0.01 {
                at.y = y;
                pieces.push(Piece::Line(*at));
            }
        };
        line_to(&mut at, self.bands[self.layers.layer[first]].1, &mut pieces);
        for vertex in &edge.points[1..] {
            let (top, bottom) = self.bands[self.layers.layer[*vertex]];
            let x = if *vertex == last { end.x } else { self.x[*vertex] };
            let to = Point { x, y: top };
            let middle = f64::midpoint(at.y, to.y);
            pieces.push(Piece::Curve(Point { x: at.x, y: middle }, Point { x: to.x, y: middle }, to));
            at = to;
            line_to(&mut at, if *vertex == last { end.y } else { bottom }, &mut pieces);
        }
        let tips = [(edge.points_down, Tip::down(end)), (edge.points_up, Tip::up(start))];
        let tips = tips.into_iter().filter(|(is_there, _)| *is_there && has_tips).map(|(_, tip)| tip).collect();
        DrawnEdge { start, pieces, tips, line: edge.line }
    }
}
