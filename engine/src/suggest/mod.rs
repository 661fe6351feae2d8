//! Prerequisites where nobody wrote them: proposals from the texts, each with the line that speaks for it.
//!
//! A proposal is a pair of pages for which something can be quoted. What authors declare, what that implies, and what would
//! close a cycle with it, is never proposed. Two dozen signals speak for a pair (`signal`); what they weigh is learned from
//! the declared prerequisites of the same corpus where there are enough, and starts from weights that were measured on other
//! corpora where there are not (`learn`).
//!
//! Key decision: concepts before concepts, guides before guides and concepts before guides (`scope`) are ranked by one rule, and
//! nothing is asked of a model of a language: names, links and where they stand decide. So a proposal can be checked by reading
//! one line, and a thousand pages take a second. The price is that what no text says is not found.

mod candidate;
mod choose;
mod concepts;
mod cue;
mod effect;
mod evidence;
mod flow;
mod known;
mod learn;
mod name_form;
mod near;
mod net;
mod order;
mod page_text;
mod role;
mod scope;
mod signal;
mod source_lines;
mod standing;
pub mod verdicts;
mod words;

use std::collections::BTreeMap;
use std::panic::resume_unwind;

use gradus_corpus::{Corpus, PageId, Relation};
use gradus_graph::Graph;
use gradus_load::Input;
use rustc_hash::FxHashSet;

pub use concepts::{ConceptProposal, find_concepts};
pub use effect::{ProposalEffect, effect};
pub use evidence::{EvidenceKind, ProposalEvidence};

use candidate::{PrerequisiteCandidate, candidates};
use evidence::EvidenceFinder;
use flow::Flow;
use known::Known;
use learn::{ClueWeights, PairLesson};
use near::Near;
use net::Net;
use order::ReadingPlaces;
use scope::ProposalScope;
use signal::Clues;
use source_lines::SourceLines;
use words::Vocabulary;

use crate::limits;

/// A prerequisite that nobody has declared.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The prerequisite.
    pub from: PageId,
    /// What would need it.
    pub to: PageId,
    /// What `to` would state of `from`.
    pub relation: Relation,
    /// The chance that it is one, from 0 to 1.
    pub confidence: f32,
    /// The line that speaks for it.
    pub evidence: ProposalEvidence,
}

/// What to propose.
#[derive(Clone, Copy, Debug)]
pub struct ProposalOptions {
    /// Also pairs that only read alike, and those that contradict a better one: whatever something speaks for.
    pub all: bool,
    /// Proposals less likely than this are left out.
    pub min_confidence: f32,
}

/// Proposals and where their weights come from.
#[derive(Clone, Debug, Default)]
pub struct Proposals {
    /// The proposals, the likeliest first.
    pub list: Vec<Proposal>,
    /// Declared prerequisites that taught the weights; 0 where they are those of the start.
    pub n_taught_by: usize,
}

/// The prerequisites that the texts of `corpus`, which was loaded from `input`, speak for. O(text + pages · nearest pages).
///
/// Without `input` nothing is read but the corpus: for viewers who may not see all of a file. `rejected` pairs, the prerequisite
/// first, are left out.
pub fn propose(
    corpus: &Corpus,
    graph: &Graph,
    input: Option<&Input>,
    rejected: &FxHashSet<(PageId, PageId)>,
    options: ProposalOptions,
) -> Proposals {
    let mut proposals = Proposals::default();
    // Side by side: what each reads of the texts takes most of the time.
    let found = std::thread::scope(|threads| {
        let within = |scope| within(scope, corpus, graph, &mut SourceLines::new(input, corpus), rejected, options);
        let running = ProposalScope::ALL.map(|scope| threads.spawn(move || within(scope)));
        running.map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    for found in found {
        proposals.n_taught_by += found.n_taught_by;
        proposals.list.extend(found.list);
    }
    let order = |one: &Proposal, other: &Proposal| {
        other.confidence.total_cmp(&one.confidence).then((one.to, one.from).cmp(&(other.to, other.from)))
    };
    proposals.list.sort_by(order);
    proposals
}

fn within(
    scope: ProposalScope,
    corpus: &Corpus,
    graph: &Graph,
    lines: &mut SourceLines<'_>,
    rejected: &FxHashSet<(PageId, PageId)>,
    options: ProposalOptions,
) -> Proposals {
    let pages = scope.pages(corpus);
    if pages.is_empty() {
        return Proposals::default();
    }
    let mut vocabulary = Vocabulary::new(corpus.site().lang.as_deref());
    let net = Net::new(corpus, pages, &mut vocabulary, lines);
    let n_nearest = (limits::PROPOSAL_PAIRS / net.len()).max(limits::NEAREST_PAGES);
    let near = Near::new(&net, n_nearest);
    let flow = Flow::new(&net);
    let known = Known::new(corpus, &net);
    let places = ReadingPlaces::new(&net, graph);
    let clues = Clues { net: &net, near: &near, flow: &flow, places: &places, known: &known };
    let found = candidates(scope, corpus, graph, &clues);
    let weights = ClueWeights::at_start(flow.length).learn(&lessons(&found, &known));
    let is_rejected = |from: u32, to: u32| rejected.contains(&(net.pages[from as usize], net.pages[to as usize]));
    let chosen = choose::choose(&found, &weights, &known, &is_rejected, options);
    let mut finder = EvidenceFinder {
        corpus,
        net: &net,
        near: &near,
        vocabulary: &mut vocabulary,
        lines,
        sentences: BTreeMap::new(),
    };
    let list = chosen.into_iter().filter_map(|(confidence, at)| {
        let (from, to) = (found[at].from, found[at].to);
        let evidence = finder.find(from, to)?;
        let (from, to) = (net.pages[from as usize], net.pages[to as usize]);
        Some(Proposal { from, to, relation: scope.relation(), confidence, evidence })
    });
    Proposals { list: list.collect(), n_taught_by: weights.n_taught_by }
}

/// What teaches: declared pairs, and those that nobody declares, where a line speaks for them. What others imply is neither: an
/// author leaves it out. Declared pairs that no line speaks for would teach that lines do not count.
fn lessons<'a>(found: &'a [PrerequisiteCandidate], known: &Known) -> Vec<PairLesson<'a>> {
    let lesson = |one: &'a PrerequisiteCandidate| {
        let is_declared = known.declares(one.from, one.to);
        (is_declared || !known.implies(one.from, one.to)).then_some(PairLesson { row: &one.row, is_declared })
    };
    found.iter().filter(|one| one.has_line).filter_map(lesson).collect()
}
