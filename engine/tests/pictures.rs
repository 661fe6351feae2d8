//! Pictures, read back from their SVG: no edge runs through a box, and the same content gives the same bytes.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use gradus_engine::picture::{
    ColumnNodes, EdgeLine, Picture, PictureCaption, PictureEdge, PictureNode, boxes, columns, discs, network,
};
use proptest::prelude::*;

/// Corners of a box: left, top, right, bottom.
type Corners = [f64; 4];

/// The value of the attribute `name` in the start of an element.
fn attribute<'a>(element: &'a str, name: &str) -> &'a str {
    element.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap()
}

fn number(element: &str, name: &str) -> f64 {
    attribute(element, name).parse().unwrap()
}

/// The boxes and discs of a picture.
fn drawn_boxes(svg: &str) -> Vec<Corners> {
    let rects = svg.split("<rect").skip(1).map(|rect| {
        let (x, y) = (number(rect, "x"), number(rect, "y"));
        [x, y, x + number(rect, "width"), y + number(rect, "height")]
    });
    let circles = svg.split("<circle").skip(1).map(|circle| {
        let (x, y, r) = (number(circle, "cx"), number(circle, "cy"), number(circle, "r"));
        [x - r, y - r, x + r, y + r]
    });
    rects.chain(circles).collect()
}

/// The edges of a picture as points along them, near enough to miss no box.
fn drawn_edges(svg: &str) -> Vec<Vec<(f64, f64)>> {
    svg.split("<path class=\"e").skip(1).map(|path| points(attribute(path, "d"))).collect()
}

fn points(path: &str) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for piece in path.split(['M', 'L', 'C']).skip(1) {
        let numbers: Vec<f64> = piece.split(' ').map(|number| number.parse().unwrap()).collect();
        let pairs: Vec<(f64, f64)> = numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect();
        match pairs[..] {
            [to] if points.is_empty() => points.push(to),
            [to] => {
                let from = *points.last().unwrap();
                points.extend((1..=20).map(|step| along(from, from, to, to, f64::from(step) / 20.0)));
            }
            [one, other, to] => {
                let from = *points.last().unwrap();
                points.extend((1..=40).map(|step| along(from, one, other, to, f64::from(step) / 40.0)));
            }
            _ => unreachable!("{piece}"),
        }
    }
    points
}

/// The point at `t` of a cubic.
fn along(a: (f64, f64), b: (f64, f64), c: (f64, f64), d: (f64, f64), t: f64) -> (f64, f64) {
    let at = |a: f64, b: f64, c: f64, d: f64| {
        let s = 1.0 - t;
        s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
    };
    (at(a.0, b.0, c.0, d.0), at(a.1, b.1, c.1, d.1))
}

/// What is wrong with a picture: edges through boxes, boxes over boxes, anything beyond its borders.
fn faults(picture: &Picture) -> Vec<String> {
    let svg = picture.inline();
    let (boxes, edges) = (drawn_boxes(&svg), drawn_edges(&svg));
    let mut faults = Vec::new();
    for (at, [left, top, right, bottom]) in boxes.iter().enumerate() {
        // An edge begins and ends at the border of a box.
        let is_inside =
            |(x, y): &(f64, f64)| *x > left + 0.2 && *x < right - 0.2 && *y > top + 0.2 && *y < bottom - 0.2;
        for edge in edges.iter().filter(|edge| edge.iter().any(is_inside)) {
            faults.push(format!("an edge from {:?} runs through box {at} at {left},{top}", edge[0]));
        }
        for (other, [l, t, r, b]) in boxes.iter().enumerate().skip(at + 1) {
            if l < right && r > left && t < bottom && b > top {
                faults.push(format!("box {other} lies over box {at}"));
            }
        }
        if *left < -0.1 || *top < -0.1 || *right > picture.width - 11.9 || *bottom > picture.height - 11.9 {
            faults.push(format!("box {at} lies beyond {} × {}", picture.width, picture.height));
        }
    }
    let is_beyond = |(x, y): &&(f64, f64)| *x < -0.1 || *y < -0.1 || *x > picture.width || *y > picture.height;
    faults.extend(edges.iter().flatten().filter(is_beyond).map(|point| format!("an edge leads beyond: {point:?}")));
    faults
}

fn node(label: &str) -> PictureNode {
    let class = "c".to_owned();
    PictureNode { label: label.to_owned(), title: label.to_owned(), href: format!("#{label}"), class }
}

fn caption() -> PictureCaption {
    PictureCaption { prefix: "p".to_owned(), title: "Title".to_owned(), description: "What.".to_owned() }
}

fn edge((from, to): (usize, usize)) -> PictureEdge {
    PictureEdge { from, to, line: EdgeLine::Solid }
}

proptest! {
    #[test]
    fn no_edge_runs_through_a_box(
        titles in prop::collection::vec("[a-zA-Z]{1,12}( [a-z]{1,14}){0,5}", 1..28),
        edges in prop::collection::vec((0_usize..28, 0_usize..28), 0..60),
        with_circles in any::<bool>(),
    ) {
        let n = titles.len();
        let nodes: Vec<PictureNode> = titles.iter().map(|title| node(title)).collect();
        let edges = edges.into_iter().map(|(from, to)| (from % n, to % n));
        let edges: Vec<PictureEdge> = edges.filter(|(from, to)| with_circles || from < to).map(edge).collect();
        let boxes = boxes(&nodes, &edges, caption());
        prop_assert_eq!(faults(&boxes), Vec::<String>::new(), "{}", boxes.inline());
        let network = network(&nodes, &edges, caption());
        prop_assert_eq!(faults(&network), Vec::<String>::new(), "{}", network.inline());
        prop_assert!(!network.inline().contains("class=\"tip\""), "what is joined without a direction has no arrow");
        let discs = discs(&nodes, &edges, caption());
        prop_assert_eq!(faults(&discs), Vec::<String>::new(), "{}", discs.inline());
        // Every pair of nodes that an edge joins is joined once.
        let mut pairs: Vec<(usize, usize)> = edges.iter().filter(|edge| edge.from != edge.to).map(|edge| (edge.from.min(edge.to), edge.from.max(edge.to))).collect();
        pairs.sort_unstable();
        pairs.dedup();
        prop_assert_eq!(drawn_edges(&boxes.inline()).len(), pairs.len());
        prop_assert_eq!(drawn_boxes(&boxes.inline()).len(), n);
    }

    #[test]
    fn columns_are_clear_of_their_edges(before in prop::collection::vec("[a-z]{1,12}( [a-z]{1,14}){0,5}", 0..12), after in prop::collection::vec("[A-Z]{1,20}", 0..12)) {
        let side = |titles: &[String]| titles.iter().map(|title| (node(title), [EdgeLine::Solid, EdgeLine::Dashed, EdgeLine::Dotted][title.len() % 3])).collect();
        let nodes = ColumnNodes { before: side(&before), centre: node("Centre"), after: side(&after), ..ColumnNodes::default() };
        let picture = columns(&nodes, &|n| format!("{n} more"), caption());
        prop_assert_eq!(faults(&picture), Vec::<String>::new(), "{}", picture.inline());
        let shown = |n: usize| if n > 7 { 7 } else { n };
        prop_assert_eq!(drawn_boxes(&picture.inline()).len(), shown(before.len()) + 1 + shown(after.len()));
    }

    #[test]
    fn the_same_is_drawn_in_the_same_bytes(n in 1_usize..40, edges in prop::collection::vec((0_usize..40, 0_usize..40), 0..90)) {
        let nodes: Vec<PictureNode> = (0..n).map(|n| node(&n.to_string())).collect();
        let edges: Vec<PictureEdge> = edges.into_iter().map(|(from, to)| edge((from % n, to % n))).collect();
        let mut turned = edges.clone();
        turned.reverse();
        for draw in [boxes, discs] {
            let drawn = draw(&nodes, &edges, caption()).file();
            prop_assert_eq!(&drawn, &draw(&nodes, &edges, caption()).file());
            prop_assert_eq!(&drawn, &draw(&nodes, &turned, caption()).file(), "the order of edges says nothing");
        }
    }
}

#[test]
fn a_picture_is_text_for_a_page_and_for_a_file() {
    let nodes = [node("One & <two>"), PictureNode { href: String::new(), ..node("Two") }];
    let picture = boxes(&nodes, &[PictureEdge { line: EdgeLine::Dashed, ..edge((0, 1)) }], caption());
    let inline = picture.inline();
    assert!(
        inline.contains("One &amp; &lt;two&gt;</title>")
            && inline.contains("<a class=\"c\" href=\"#One &amp; &lt;two&gt;\">")
    );
    assert!(inline.contains("<a class=\"c\"><title>Two"), "a node that leads nowhere is no link: {inline}");
    assert!(inline.contains("class=\"e rec\"") && inline.contains("<title id=\"p-title\">Title</title>"));
    for absent in ["<style", "style=", "url(", "\"title\""] {
        assert!(!inline.contains(absent), "{absent}: {inline}");
    }
    assert!(picture.file().contains("<style>") && picture.file().replace(style(&picture.file()), "") == inline + "\n");
}

fn style(file: &str) -> &str {
    let end = file.find("</style>").unwrap() + "</style>".len();
    &file[file.find("<style>").unwrap()..end]
}

#[test]
fn long_ways_are_folded_beside_a_list() {
    let nodes: Vec<PictureNode> = (1..=40).map(|n| node(&n.to_string())).collect();
    let edges: Vec<PictureEdge> = (1..40).map(|n| edge((n - 1, n))).collect();
    let folded = discs(&nodes, &edges, caption()).inline();
    assert!(folded.contains(">1–39</text>") && folded.contains("Steps in a row are drawn as one."), "{folded}");
    assert!(!discs(&nodes[..30], &edges[..29], caption()).inline().contains("in a row"));
}

#[test]
fn many_nodes_are_drawn_in_a_moment() {
    let nodes: Vec<PictureNode> = (0..500).map(|n| node(&format!("Title of {n}"))).collect();
    let edges: Vec<PictureEdge> =
        (0..500).flat_map(|n| (1..6).map(move |k| edge((n, (n * 7 + k * 31) % 500)))).collect();
    let drawn = boxes(&nodes, &edges, caption());
    assert!(drawn.width > 0.0 && drawn.inline().len() > 100_000);
}
