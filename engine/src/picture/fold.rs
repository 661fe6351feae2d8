//! Folding: steps in a row, each of which only leads to the next, as one.

use super::{PictureEdge, PictureNode};

/// Steps whose titles a folded one tells.
const TOLD: usize = 8;

/// `nodes` with each chain of nodes that only lead to each other as one; the last node, which is the goal, stays alone.
pub(super) fn fold(nodes: &[PictureNode], edges: &[PictureEdge]) -> (Vec<PictureNode>, Vec<PictureEdge>) {
    let mut sorted: Vec<(usize, usize)> = edges.iter().map(|edge| (edge.from, edge.to)).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let (mut n_after, mut n_before, mut after) = (vec![0; nodes.len()], vec![0; nodes.len()], vec![0; nodes.len()]);
    for (from, to) in &sorted {
        n_after[*from] += 1;
        n_before[*to] += 1;
        after[*from] = *to;
    }
    let goal = nodes.len().saturating_sub(1);
    let goes_on = |node: usize| {
        let next = after[node];
        (n_after[node] == 1 && n_before[next] == 1 && next != goal).then_some(next)
    };
    let mut group = vec![usize::MAX; nodes.len()];
    let mut chains: Vec<Vec<usize>> = Vec::new();
    let is_gone_on_to: Vec<bool> = {
        let mut is = vec![false; nodes.len()];
        (0..nodes.len()).filter_map(goes_on).for_each(|next| is[next] = true);
        is
    };
    for start in (0..nodes.len()).filter(|node| !is_gone_on_to[*node]) {
        let mut chain = vec![start];
        while let Some(next) = goes_on(chain[chain.len() - 1]).filter(|next| !chain.contains(next)) {
            chain.push(next);
        }
        chain.iter().for_each(|node| group[*node] = chains.len());
        chains.push(chain);
    }
    let folded = chains.iter().map(|chain| folded(nodes, chain)).collect();
    let between = edges.iter().filter(|edge| group[edge.from] != group[edge.to]);
    let between = between.filter(|edge| group[edge.from].max(group[edge.to]) < chains.len());
    let edges = between.map(|edge| PictureEdge { from: group[edge.from], to: group[edge.to], ..*edge }).collect();
    (folded, edges)
}

fn folded(nodes: &[PictureNode], chain: &[usize]) -> PictureNode {
    let (first, last) = (&nodes[chain[0]], &nodes[chain[chain.len() - 1]]);
    if chain.len() == 1 {
        return first.clone();
    }
    let told: Vec<&str> = chain.iter().take(TOLD).map(|node| nodes[*node].title.as_str()).collect();
    let more = if chain.len() > TOLD { ", …" } else { "" };
    let is_in_line = chain.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let label = if is_in_line {
        format!("{}–{}", first.label, last.label)
    } else {
        format!("{} +{}", first.label, chain.len() - 1)
    };
    PictureNode {
        label,
        title: format!("{} steps in a row: {}{more}", chain.len(), told.join(", ")),
        href: first.href.clone(),
        class: format!("{} more", first.class),
    }
}

#[cfg(test)]
mod tests {
    use super::super::EdgeLine;
    use super::*;

    #[test]
    fn chains_are_folded_and_the_goal_is_not() {
        let node =
            |n: usize| PictureNode { label: (n + 1).to_string(), title: format!("T{n}"), ..PictureNode::default() };
        let nodes: Vec<PictureNode> = (0..6).map(node).collect();
        let edge = |(from, to)| PictureEdge { from, to, line: EdgeLine::Solid };
        let (nodes, edges) = fold(&nodes, &[(0, 1), (1, 2), (2, 5), (3, 4), (4, 5)].map(edge));
        let labels: Vec<&str> = nodes.iter().map(|node| node.label.as_str()).collect();
        assert_eq!(labels, ["1–3", "4–5", "6"]);
        assert_eq!(edges, [(0, 2), (1, 2)].map(edge));
        assert_eq!(nodes[0].title, "3 steps in a row: T0, T1, T2");
    }
}
