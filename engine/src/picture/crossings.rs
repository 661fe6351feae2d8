//! The order within layers: few crossings.

use super::layers::Layers;

/// Sweeps by barycentres; drawings of some dozen nodes no longer change after fewer.
const SWEEPS: usize = 24;
/// Nodes and points from which on a few sweeps must do: so many nobody looks at one by one.
const MANY: usize = 2_000;
/// Sweeps among many.
const FEW_SWEEPS: usize = 4;
/// Rounds of swaps of neighbours after a sweep.
const SWAP_ROUNDS: usize = 4;

/// The nodes and points of each layer from left to right.
///
/// Sugiyama, Tagawa and Toda's barycentres (1981), down and up by turns, and swaps of neighbours as in Gansner, Koutsofios,
/// North and Vo (1993); the best order that was met is taken. O(sweeps · edges · log edges).
pub(super) fn ordered(layers: &Layers) -> Vec<Vec<usize>> {
    let (above, below) = layers.neighbours();
    let mut rows = first_order(layers, &below);
    // Where each stands in its row.
    let mut place = vec![0; layers.layer.len()];
    rows.iter().for_each(|row| number(row, &mut place));
    let is_small = layers.layer.len() <= MANY;
    let mut best = (n_crossings(&rows, &below, &place), rows.clone());
    for sweep in 0..if is_small { SWEEPS } else { FEW_SWEEPS } {
        let is_down = sweep % 2 == 0;
        let n_rows = rows.len();
        for step in 1..n_rows {
            let row = if is_down { step } else { n_rows - 1 - step };
            sort_by_barycentre(&mut rows[row], if is_down { &above } else { &below }, &place);
            number(&rows[row], &mut place);
        }
        if is_small {
            swap_neighbours(&mut rows, &above, &below, &mut place);
        }
        let crossings = n_crossings(&rows, &below, &place);
        if crossings < best.0 {
            best = (crossings, rows.clone());
        }
        if best.0 == 0 {
            break;
        }
    }
    best.1
}

/// An order to begin with: as a depth-first walk from the first nodes meets them, so that what belongs together stands
/// together.
fn first_order(layers: &Layers, below: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); layers.rows().len()];
    let mut is_seen = vec![false; layers.layer.len()];
    for start in 0..layers.n_nodes {
        let mut open = vec![start];
        while let Some(vertex) = open.pop() {
            if std::mem::replace(&mut is_seen[vertex], true) {
                continue;
            }
            rows[layers.layer[vertex]].push(vertex);
            open.extend(below[vertex].iter().rev());
        }
    }
    rows
}

/// Tells where each of `row` stands.
fn number(row: &[usize], place: &mut [usize]) {
    row.iter().enumerate().for_each(|(at, vertex)| place[*vertex] = at);
}

/// Sorts `row` by the mean place of the `near` of each; what has none stays where it is, as in a sort of the others.
fn sort_by_barycentre(row: &mut [usize], near: &[Vec<usize>], place: &[usize]) {
    let movable: Vec<usize> = (0..row.len()).filter(|at| !near[row[*at]].is_empty()).collect();
    let mut moved: Vec<usize> = movable.iter().map(|at| row[*at]).collect();
    moved.sort_by(|one, other| {
        let [(sum, n), (other_sum, other_n)] = [one, other]
            .map(|vertex| (near[*vertex].iter().map(|other| place[*other]).sum::<usize>(), near[*vertex].len()));
        // Means as whole numbers: sums times the other's count.
        (sum * other_n).cmp(&(other_sum * n))
    });
    movable.into_iter().zip(moved).for_each(|(at, vertex)| row[at] = vertex);
}

/// Swaps neighbours in a row wherever fewer edges cross then.
fn swap_neighbours(rows: &mut [Vec<usize>], above: &[Vec<usize>], below: &[Vec<usize>], place: &mut [usize]) {
    for _ in 0..SWAP_ROUNDS {
        let mut has_swapped = false;
        for row in rows.iter_mut() {
            for at in 1..row.len() {
                let (left, right) = (row[at - 1], row[at]);
                let count = |left: usize, right: usize| {
                    n_crossed(&above[left], &above[right], place) + n_crossed(&below[left], &below[right], place)
                };
                if count(right, left) < count(left, right) {
                    row.swap(at - 1, at);
                    place.swap(left, right);
                    has_swapped = true;
                }
            }
        }
        if !has_swapped {
            return;
        }
    }
}

/// How many edges of one to `left` cross edges of one right of it to `right`.
fn n_crossed(left: &[usize], right: &[usize], place: &[usize]) -> usize {
    left.iter().map(|one| right.iter().filter(|other| place[**other] < place[*one]).count()).sum()
}

/// How many pairs of edges cross. O(edges · log edges).
fn n_crossings(rows: &[Vec<usize>], below: &[Vec<usize>], place: &[usize]) -> usize {
    let mut sum = 0;
    for pair in rows.windows(2) {
        // A Fenwick tree of the ends that were met so far.
        let mut tree = vec![0_usize; pair[1].len() + 1];
        let mut n_met = 0;
        for vertex in &pair[0] {
            let mut ends: Vec<usize> = below[*vertex].iter().map(|other| place[*other]).collect();
            ends.sort_unstable();
            for end in &ends {
                sum += n_met - prefix(&tree, *end + 1);
            }
            for end in ends {
                let mut at = end + 1;
                while at < tree.len() {
                    tree[at] += 1;
                    at += at & at.wrapping_neg();
                }
                n_met += 1;
            }
        }
    }
    sum
}

/// How many of the first `n` places are counted.
fn prefix(tree: &[usize], mut n: usize) -> usize {
    let mut sum = 0;
    while n > 0 {
        sum += tree[n];
        n -= n & n.wrapping_neg();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::{EdgeLine, PictureEdge};
    use super::*;

    fn layers(n_nodes: usize, edges: &[(usize, usize)]) -> Layers {
        let edge = |(from, to): &(usize, usize)| PictureEdge { from: *from, to: *to, line: EdgeLine::Solid };
        Layers::new(n_nodes, &edges.iter().map(edge).collect::<Vec<_>>())
    }

    fn crossings(layers: &Layers, rows: &[Vec<usize>]) -> usize {
        let mut place = vec![0; layers.layer.len()];
        rows.iter().for_each(|row| number(row, &mut place));
        n_crossings(rows, &layers.neighbours().1, &place)
    }

    #[test]
    fn crossings_that_a_swap_avoids_are_avoided() {
        // Two rows of three, each with the one that stands opposite to it.
        let layers = layers(6, &[(0, 5), (1, 4), (2, 3), (0, 4), (2, 4)]);
        assert_eq!(crossings(&layers, &layers.rows()), 5);
        assert_eq!(crossings(&layers, &ordered(&layers)), 0);
    }

    #[test]
    fn crossings_are_counted_as_pairs() {
        let layers = layers(4, &[(0, 2), (0, 3), (1, 2), (1, 3)]);
        assert_eq!(crossings(&layers, &layers.rows()), 1);
    }
}
