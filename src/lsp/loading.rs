//! Loading a source, with the documents that are open as the editor has them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use gradus_corpus::Page;
use gradus_corpus::names::fold;
use gradus_graph::Graph;
use gradus_load::{Input, LoadError, Terms, load_for_editing};

use super::world::{OpenTexts, World};
use crate::findings;

/// What came of a load.
pub(super) struct LoadOutcome {
    /// Which of the session's sources it was.
    pub(super) source: usize,
    /// What was loaded; why not, otherwise.
    pub(super) world: Result<World, LoadError>,
    /// How long that took.
    pub(super) took: Duration,
}

/// Loads `input` on a thread of its own, with `texts` in the places of its files, and tells `to` what came of it.
pub(super) fn load(source: usize, input: Input, texts: OpenTexts, to: impl FnOnce(LoadOutcome) + Send + 'static) {
    std::thread::spawn(move || {
        let started = Instant::now();
        let world = read(input, texts);
        to(LoadOutcome { source, world, took: started.elapsed() });
    });
}

fn read(base: Input, texts: OpenTexts) -> Result<World, LoadError> {
    let edited = texts.iter().fold(base.clone(), |base, (path, text)| {
        let bytes = text.as_str().as_bytes().to_vec();
        Input::Edited { base: Box::new(base), path: path.clone(), bytes }
    });
    let terms = Terms { forgives_settings: true, ..Terms::now() };
    let (mut loaded, desk) = load_for_editing(terms, &edited)?;
    let graph = Graph::new(&loaded.corpus);
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    findings::complete(&edited, &loaded.corpus, &graph, &loaded.config, &mut diagnostics);
    let mut by_file: BTreeMap<Box<str>, Vec<_>> = BTreeMap::new();
    for told in diagnostics {
        by_file.entry(told.file.clone()).or_default().push(told);
    }
    let folded = loaded.corpus.pages().map(|(_, page)| folded(page)).collect();
    Ok(World { corpus: loaded.corpus, graph, desk, diagnostics: by_file, texts, folded, base })
}

/// The names of `page` in the form in which names are compared, a line each.
fn folded(page: &Page) -> String {
    let names = [&page.title, &page.slug].into_iter().chain(&page.names);
    names.map(|name| fold(name)).collect::<Vec<_>>().join("\n")
}
