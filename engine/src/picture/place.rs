//! Places within layers: each node as near to its neighbours as the order and the distances allow.

use super::layers::Layers;

/// Rounds down and up; after some dozen nothing moves by a pixel.
const ROUNDS: usize = 25;
/// What the points of an edge weigh: a bent edge is worse than a node beside the middle of its neighbours.
const POINT_WEIGHT: f64 = 6.0;

/// What is put into a row: how wide it is, where it wants to be, and how much that counts.
#[derive(Clone, Copy, Debug)]
struct Wish {
    width: f64,
    x: f64,
    weight: f64,
}

/// The centres of all nodes and points, none nearer to another of its row than `gap`.
///
/// Each row is put where the squares of the distances from the mean of the neighbours are least in its order: pooling
/// adjacent violators (Ayer and others, 1955), down and up by turns. O(rounds · edges).
pub(super) fn placed(layers: &Layers, rows: &[Vec<usize>], widths: &[f64], gap: f64) -> Vec<f64> {
    let (above, below) = layers.neighbours();
    let mut x = vec![0.0; layers.layer.len()];
    for row in rows {
        let all: Vec<Wish> = row.iter().map(|vertex| Wish { width: widths[*vertex], x: 0.0, weight: 1.0 }).collect();
        row.iter().zip(apart(&all, gap)).for_each(|(vertex, at)| x[*vertex] = at);
    }
    let weight =
        |one: usize, other: usize| if layers.is_node(one) && layers.is_node(other) { 1.0 } else { POINT_WEIGHT };
    for round in 0..ROUNDS {
        let is_down = round % 2 == 0;
        let is_last = round + 3 >= ROUNDS;
        for step in 0..rows.len() {
            let row = if is_down { &rows[step] } else { &rows[rows.len() - 1 - step] };
            let wish = |vertex: &usize| {
                let (first, second) = if is_down { (&above, &below) } else { (&below, &above) };
                // A row looks at the one that was put before it, in the last rounds at both.
                let near = first[*vertex]
                    .iter()
                    .chain(second[*vertex].iter().filter(|_| is_last || first[*vertex].is_empty()));
                let (sum, total) = near.fold((0.0, 0.0), |(sum, total), other| {
                    let weight = weight(*vertex, *other);
                    (sum + weight * x[*other], total + weight)
                });
                let width = widths[*vertex];
                if total > 0.0 {
                    Wish { width, x: sum / total, weight: total }
                } else {
                    Wish { width, x: x[*vertex], weight: 0.1 }
                }
            };
            let wishes: Vec<Wish> = row.iter().map(wish).collect();
            row.iter().zip(apart(&wishes, gap)).for_each(|(vertex, at)| x[*vertex] = at);
        }
    }
    x
}

/// Where each of `wishes` comes to stand: in their order, apart by `gap`, with the least sum of weighted squares.
fn apart(wishes: &[Wish], gap: f64) -> Vec<f64> {
    // With the widths before it taken off, a place must only not be left of the one before.
    let mut offsets = Vec::with_capacity(wishes.len());
    let mut offset = 0.0;
    for (at, wish) in wishes.iter().enumerate() {
        if at > 0 {
            offset += f64::midpoint(wishes[at - 1].width, wish.width) + gap;
        }
        offsets.push(offset);
    }
    // Blocks that stand together: the sum of weighted places, the weight, and how many they are.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for (wish, offset) in wishes.iter().zip(&offsets) {
        let mut block = ((wish.x - offset) * wish.weight, wish.weight, 1);
        while let Some(last) = blocks.last().filter(|last| last.0 / last.1 >= block.0 / block.1) {
            block = (block.0 + last.0, block.1 + last.1, block.2 + last.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    let places = blocks.iter().flat_map(|(sum, weight, n)| std::iter::repeat_n(sum / weight, *n));
    places.zip(offsets).map(|(place, offset)| place + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wants_the_same_place_stands_around_it() {
        let wish = |x| Wish { width: 10.0, x, weight: 1.0 };
        assert_eq!(apart(&[wish(0.0), wish(0.0)], 10.0), [-10.0, 10.0]);
        assert_eq!(apart(&[wish(0.0), wish(50.0)], 10.0), [0.0, 50.0]);
        let heavy = Wish { weight: 3.0, ..wish(0.0) };
        assert_eq!(apart(&[heavy, wish(0.0)], 10.0), [-5.0, 15.0]);
    }
}
