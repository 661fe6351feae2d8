//! Content problems that only the graph can see: cycles, redundant edges, concepts that nobody teaches, orphans.

use gradus_corpus::{Code, Corpus, Diagnostic, Edge, PageId, Relation, Strength};
use gradus_graph::Graph;
use gradus_load::Config;

/// The content and the graph over it.
#[derive(Clone, Copy)]
struct Whole<'a> {
    corpus: &'a Corpus,
    graph: &'a Graph,
}

/// Adds to `diagnostics` what `graph`, which is that of `corpus`, shows, with the severities that `config` sets, and sorts
/// them all.
pub fn graph(corpus: &Corpus, graph: &Graph, config: &Config, diagnostics: &mut Vec<Diagnostic>) {
    let view = Whole { corpus, graph };
    let found = cycles(view).chain(redundant(view)).chain(untaught(view)).chain(orphans(view));
    diagnostics.extend(found.filter_map(|diagnostic| config.judge(diagnostic)));
    diagnostics
        .sort_by(|a, b| (&a.file, a.position, a.code, &a.message).cmp(&(&b.file, b.position, b.code, &b.message)));
}

fn cycles(view: Whole<'_>) -> impl Iterator<Item = Diagnostic> + '_ {
    view.graph.cycles().iter().filter(|cycle| cycle.len() > 1).map(move |cycle| {
        let inside = |edge: &&Edge| edge.relation == Relation::Requires && cycle.binary_search(&edge.to).is_ok();
        let edges: Vec<&Edge> = cycle
            .iter()
            .flat_map(|page| view.corpus.declared_by(*page).iter().filter(inside))
            .filter(|edge| edge.strength == Strength::Required && edge.from != edge.to)
            .collect();
        let names: Vec<&str> = cycle.iter().map(|page| &*view.corpus.page(*page).title).collect();
        let kind = view.corpus.page(edges[0].from).kind;
        let message = format!("prerequisite cycle of {} {kind}s: {}", cycle.len(), names.join(", "));
        let mut told = at(view, Code::Cycle, edges[0], message);
        told.notes = edges.iter().map(|edge| note(view, edge)).collect();
        told.help = Some("make one of these edges `recommended`; until then they are learned together".to_owned());
        told
    })
}

/// Required edges that a longer chain of required edges implies and that carry no reason of their own.
fn redundant(view: Whole<'_>) -> impl Iterator<Item = Diagnostic> + '_ {
    view.graph.redundant().map(move |idx| {
        let edge = &view.corpus.declared()[idx as usize];
        let (from, to) = (&view.corpus.page(edge.from).title, &view.corpus.page(edge.to).title);
        let message = format!("'{from}' requires '{to}', which its other prerequisites require already");
        let mut told = at(view, Code::RedundantPrerequisite, edge, message);
        told.help = Some("drop it, or keep it if it tells the reader something".to_owned());
        told
    })
}

fn untaught(view: Whole<'_>) -> impl Iterator<Item = Diagnostic> + '_ {
    let has_guides = view.corpus.n_pages() > view.corpus.n_concepts();
    let bare = move |concept: &PageId| {
        has_guides && view.graph.taught_by(*concept).next().is_none() && view.corpus.page(*concept).sections.is_empty()
    };
    view.corpus.concepts().filter(bare).map(move |concept| {
        let page = view.corpus.page(concept);
        let message = format!("no guide teaches '{}', and its own page has no text", page.title);
        let mut told = Diagnostic::new(
            Code::UntaughtConcept,
            message,
            &view.corpus.files()[page.position.file as usize],
            page.position,
        );
        told.help = Some("list it under `teaches` of a guide, or write its page".to_owned());
        told
    })
}

fn orphans(view: Whole<'_>) -> impl Iterator<Item = Diagnostic> + '_ {
    let has_edges = !view.corpus.declared().is_empty();
    let alone = move |concept: &PageId| {
        has_edges
            && view.graph.n_dependents(*concept) == 0
            && view.corpus.declared_by(*concept).is_empty()
            && view.graph.taught_by(*concept).next().is_none()
    };
    view.corpus.concepts().filter(alone).map(move |concept| {
        let page = view.corpus.page(concept);
        let message = format!("'{}' needs nothing, nothing needs it, and no guide teaches it", page.title);
        Diagnostic::new(Code::Orphan, message, &view.corpus.files()[page.position.file as usize], page.position)
    })
}

fn at(view: Whole<'_>, code: Code, edge: &Edge, message: String) -> Diagnostic {
    Diagnostic::new(code, message, &view.corpus.files()[edge.position.file as usize], edge.position)
}

fn note(view: Whole<'_>, edge: &Edge) -> (Box<str>, gradus_corpus::Position, String) {
    let (from, to) = (&view.corpus.page(edge.from).title, &view.corpus.page(edge.to).title);
    let file = view.corpus.files()[edge.position.file as usize].clone();
    (file, edge.position, format!("'{from}' requires '{to}'"))
}
