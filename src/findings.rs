//! What is wrong with content, as `check` and editors are told of it.

use gradus_corpus::{Corpus, Diagnostic};
use gradus_engine::diagnose;
use gradus_graph::Graph;
use gradus_load::{Config, Input, quote};

use crate::settings;

/// Adds to `diagnostics`, which loading `input` gave, what the settings of the server and the graph show, and quotes the lines.
pub(crate) fn complete(
    input: &Input,
    corpus: &Corpus,
    graph: &Graph,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) {
    diagnostics.extend(settings::problems(config).into_iter().filter_map(|told| config.judge(told)));
    diagnose::graph(corpus, graph, config, diagnostics);
    quote(input, diagnostics);
}
