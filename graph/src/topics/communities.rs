//! Communities of a network: the Leiden algorithm (Traag, Waltman and van Eck, 2019) over modularity.
//!
//! Unlike label propagation and Louvain's method it leaves no community that is not connected. Where the paper draws nodes
//! and merges at random, they are taken in their order and the best is taken, the first of equals; weights are whole numbers,
//! so that gains are compared exactly. The same network gives the same communities on every machine.

use std::collections::VecDeque;

use crate::csr::narrow;

/// Visits of a node, on average, after which moving stops. Few networks need ten.
const MAX_VISITS: usize = 50;

/// An undirected network with whole weights.
#[derive(Debug, Default)]
pub(super) struct Network {
    offsets: Vec<usize>,
    /// Neighbours and the weight of the edge there, each edge at both ends.
    entries: Vec<(u32, u64)>,
    /// Weight of all edges of each node, a loop counted twice.
    degrees: Vec<u64>,
    /// Weight of all edges, counted at both ends.
    total: u64,
}

/// Nodes in communities.
struct Partition {
    of: Vec<u32>,
    /// The degrees of each community's nodes.
    degrees: Vec<u64>,
    /// Communities without nodes.
    empty: Vec<u32>,
}

/// Weights to communities, kept to be filled again.
struct CommunityWeights {
    to: Vec<u64>,
    seen: Vec<u32>,
}

impl Network {
    /// The network of `rows`: the neighbours of each node with weights, an edge in the rows of both its ends.
    pub(super) fn new(rows: impl Iterator<Item = Vec<(u32, u64)>>) -> Self {
        let mut network = Self { offsets: vec![0], ..Self::default() };
        for row in rows {
            network.degrees.push(row.iter().map(|(_, weight)| weight).sum());
            network.entries.extend(row);
            network.offsets.push(network.entries.len());
        }
        network.total = network.degrees.iter().sum();
        network
    }

    fn n_nodes(&self) -> usize {
        self.degrees.len()
    }

    fn row(&self, node: u32) -> &[(u32, u64)] {
        &self.entries[self.offsets[node as usize]..self.offsets[node as usize + 1]]
    }

    /// What it is worth that a node or community of degree `degree`, joined to another of degree `other` by `weight`, is in
    /// one community with it: the change of modularity times `total²/2`.
    fn gain(&self, weight: u64, degree: u64, other: u64) -> i128 {
        i128::from(self.total) * i128::from(weight) - i128::from(degree) * i128::from(other)
    }

    /// The network whose nodes are `communities` numbered from 0 to `n`.
    fn aggregate(&self, communities: &[u32], n: usize) -> Self {
        let mut members = vec![Vec::new(); n];
        (0..).zip(communities).for_each(|(node, community)| members[*community as usize].push(node));
        let mut weights = CommunityWeights::new(n);
        // A loop holds both ends of each edge inside, so that degrees stay what they were.
        Self::new(members.iter().map(|nodes: &Vec<u32>| {
            for (near, weight) in nodes.iter().flat_map(|node| self.row(*node)) {
                weights.add(communities[*near as usize], *weight);
            }
            let mut row: Vec<(u32, u64)> = weights.drain().collect();
            row.sort_unstable();
            row
        }))
    }
}

impl CommunityWeights {
    fn new(n_communities: usize) -> Self {
        Self { to: vec![0; n_communities], seen: Vec::new() }
    }

    fn add(&mut self, community: u32, weight: u64) {
        if self.to[community as usize] == 0 {
            self.seen.push(community);
        }
        self.to[community as usize] += weight;
    }

    fn drain(&mut self) -> impl Iterator<Item = (u32, u64)> + '_ {
        let to = &mut self.to;
        self.seen.drain(..).map(|community| (community, std::mem::take(&mut to[community as usize])))
    }
}

/// The community of each node, numbered by their first nodes. Near O(edges).
pub(super) fn communities(network: Network) -> Vec<u32> {
    let mut network = network;
    let mut place: Vec<u32> = (0..narrow(network.n_nodes())).collect();
    let mut partition = Partition::singletons(&network);
    loop {
        partition.move_nodes(&network);
        let (of, n) = numbered(&partition.of);
        let (refined, n_refined) = numbered(&refine(&network, &of, n));
        // Refined communities are connected, whole ones need not be; where refining splits one up again, its parts stay.
        if n_refined == network.n_nodes() {
            break;
        }
        let aggregated = network.aggregate(&refined, n_refined);
        let mut initial = vec![0; n_refined];
        refined.iter().zip(&of).for_each(|(part, whole)| initial[*part as usize] = *whole);
        place.iter_mut().for_each(|at| *at = refined[*at as usize]);
        partition = Partition::new(&aggregated, initial);
        network = aggregated;
    }
    numbered(&place).0
}

impl Partition {
    fn singletons(network: &Network) -> Self {
        Self::new(network, (0..narrow(network.n_nodes())).collect())
    }

    fn new(network: &Network, of: Vec<u32>) -> Self {
        let mut degrees = vec![0; network.n_nodes()];
        let mut sizes = vec![0_u32; network.n_nodes()];
        for (community, degree) in of.iter().zip(&network.degrees) {
            degrees[*community as usize] += degree;
            sizes[*community as usize] += 1;
        }
        let empty = (0..).zip(sizes).filter(|(_, size)| *size == 0).map(|(community, _)| community).collect();
        Self { of, degrees, empty }
    }

    /// Moves each node to the community where it is worth most, until none gains by moving.
    fn move_nodes(&mut self, network: &Network) {
        let mut queue: VecDeque<u32> = (0..narrow(network.n_nodes())).collect();
        let mut is_queued = vec![true; network.n_nodes()];
        let mut weights = CommunityWeights::new(network.n_nodes());
        let mut visits = 0;
        while let Some(node) = queue.pop_front().filter(|_| visits < network.n_nodes() * MAX_VISITS) {
            visits += 1;
            is_queued[node as usize] = false;
            let (was, now) = (self.of[node as usize], self.best(network, node, &mut weights));
            if was == now {
                continue;
            }
            for (near, _) in network.row(node) {
                if self.of[*near as usize] != now && !std::mem::replace(&mut is_queued[*near as usize], true) {
                    queue.push_back(*near);
                }
            }
        }
    }

    /// Puts `node` where it is worth most, and tells where that is. It stays where no other place is worth more.
    fn best(&mut self, network: &Network, node: u32, weights: &mut CommunityWeights) -> u32 {
        let degree = network.degrees[node as usize];
        let was = self.of[node as usize];
        self.degrees[was as usize] -= degree;
        for (near, weight) in network.row(node).iter().filter(|(near, _)| *near != node) {
            weights.add(self.of[*near as usize], *weight);
        }
        let worth = |weight: u64, community: u32| network.gain(weight, degree, self.degrees[community as usize]);
        let mut best = (worth(weights.to[was as usize], was), was);
        if best.0 < 0 {
            // On its own it is worth nothing, which is more.
            best = (0, self.empty.last().copied().unwrap_or(was));
        }
        for (community, weight) in weights.drain() {
            let worth = network.gain(weight, degree, self.degrees[community as usize]);
            if worth > best.0 || worth == best.0 && best.1 != was && community < best.1 {
                best = (worth, community);
            }
        }
        let now = best.1;
        if self.empty.last() == Some(&now) {
            self.empty.pop();
        }
        if now != was && self.degrees[was as usize] == 0 {
            self.empty.push(was);
        }
        self.degrees[now as usize] += degree;
        self.of[node as usize] = now;
        now
    }
}

/// Splits each of the `n` communities of `of` into parts that are connected: from single nodes, each joins the part of its
/// community where it is worth most, if it and the part are well connected with the rest of the community.
fn refine(network: &Network, of: &[u32], n: usize) -> Vec<u32> {
    let mut whole = vec![0_u64; n];
    of.iter().zip(&network.degrees).for_each(|(community, degree)| whole[*community as usize] += degree);
    let inside = |node: u32| {
        let row = network.row(node).iter().filter(move |(near, _)| *near != node);
        row.filter(move |(near, _)| of[*near as usize] == of[node as usize])
    };
    let mut part: Vec<u32> = (0..narrow(of.len())).collect();
    let mut degrees = network.degrees.clone();
    let mut is_single = vec![true; of.len()];
    // Weight from each part to the rest of its community.
    let mut outward: Vec<u64> = part.iter().map(|node| inside(*node).map(|(_, weight)| weight).sum()).collect();
    let mut weights = CommunityWeights::new(of.len());
    for node in 0..narrow(of.len()) {
        let (degree, whole) = (network.degrees[node as usize], whole[of[node as usize] as usize]);
        let own = outward[node as usize];
        if !is_single[node as usize] || network.gain(own, degree, whole - degree) < 0 {
            continue;
        }
        inside(node).for_each(|(near, weight)| weights.add(part[*near as usize], *weight));
        let mut best = (0, node, 0);
        for (other, weight) in weights.drain() {
            let rest = whole - degrees[other as usize];
            let is_well_connected = network.gain(outward[other as usize], degrees[other as usize], rest) >= 0;
            let worth = network.gain(weight, degree, degrees[other as usize]);
            if is_well_connected && (worth > best.0 || worth == best.0 && worth > 0 && other < best.1) {
                best = (worth, other, weight);
            }
        }
        let (_, joined, weight) = best;
        if joined != node {
            part[node as usize] = joined;
            is_single[joined as usize] = false;
            degrees[joined as usize] += degree;
            outward[joined as usize] = outward[joined as usize] + own - 2 * weight;
        }
    }
    part
}

/// `of` with communities numbered by their first nodes, and how many there are.
fn numbered(of: &[u32]) -> (Vec<u32>, usize) {
    let mut number = vec![u32::MAX; of.len()];
    let mut n = 0;
    let mut numbered = Vec::with_capacity(of.len());
    for community in of {
        let number = &mut number[*community as usize];
        if *number == u32::MAX {
            *number = n;
            n += 1;
        }
        numbered.push(*number);
    }
    (numbered, n as usize)
}
