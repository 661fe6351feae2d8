//! Loads a source and tells what is in it, how long it took and what was wrong: `cargo run --release -p gradus-corpus
//! --example load -- PATH`.

use std::collections::BTreeMap;
use std::time::Instant;

use gradus_corpus::{Input, load};

#[expect(clippy::print_stdout, reason = "this is what the example is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("which path?")?;
    let started = Instant::now();
    let loaded = load(&Input::Path(path.into()), &mut |_| {})?;
    let took = started.elapsed();
    let corpus = &loaded.corpus;
    println!("{} concepts, {} guides in {took:?}", corpus.n_concepts(), corpus.n_pages() - corpus.n_concepts());
    let mut edges: BTreeMap<&str, usize> = BTreeMap::new();
    for edge in corpus.edges() {
        *edges.entry(edge.relation.as_str()).or_default() += 1;
    }
    println!("edges: {edges:?}");
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in &loaded.diagnostics {
        *codes.entry(diagnostic.code).or_default() += 1;
    }
    println!("diagnostics: {codes:?}");
    for diagnostic in loaded.diagnostics.iter().take(8) {
        let at = diagnostic.position;
        let (file, message) = (&diagnostic.file, &diagnostic.message);
        let help = diagnostic.help.as_deref().unwrap_or_default();
        println!("{file}:{}:{}: {} {message} {help}", at.line, at.column, diagnostic.code);
    }
    Ok(())
}
