//! `gradus init`: what a folder holds, and settings for it.

use std::fmt::Write as _;

use anyhow::{Context, bail};
use gradus_corpus::{Kind, Relation, Severity};
use gradus_engine::snapshot::Snapshot;
use gradus_engine::suggest::{ProposalOptions, find_concepts, propose};
use gradus_engine::view::View;
use gradus_engine::viewer::Viewer;
use gradus_load::{Generator, Input};

use super::args::InitArgs;
use super::{Outcome, complain, counted, print, serve};

/// The settings of a source.
const CONFIG_FILE: &str = "gradus.toml";
/// Chance from which a proposal is counted.
const COUNTED_CONFIDENCE: f32 = 0.3;
/// Pages that are named as examples.
const EXAMPLES: usize = 3;

/// Looks at a folder, says what it found, and writes settings for it unless there are some.
pub(super) fn init(args: &InitArgs) -> anyhow::Result<Outcome> {
    if !args.path.is_dir() {
        bail!("{} is no folder", args.path.display());
    }
    let input = Input::Path(args.path.clone());
    let mut bar = serve::bar();
    let snapshot = Snapshot::build(&input, &mut |progress| bar(progress))?;
    drop(bar);
    let view = snapshot.view(Viewer::Pro);
    complain(report(view, &snapshot, &input).trim_end());
    let settings = settings(view, &snapshot);
    if args.print {
        print(&settings)?;
        return Ok(Outcome::Done);
    }
    let path = args.path.join(CONFIG_FILE);
    if path.exists() {
        complain(&format!(
            "{} is there already and stays as it is; `gradus init --print` shows what would be written",
            path.display()
        ));
        return Ok(Outcome::Done);
    }
    std::fs::write(&path, settings).with_context(|| format!("cannot write {}", path.display()))?;
    complain(&format!("written to {}; all of it is optional", path.display()));
    Ok(Outcome::Done)
}

/// How many edges of `relation` are declared.
fn n_edges(view: &View, relation: Relation) -> usize {
    view.corpus.declared().iter().filter(|edge| edge.relation == relation).count()
}

/// What was found, a line each, and what to do next.
fn report(view: &View, snapshot: &Snapshot, input: &Input) -> String {
    let corpus = &*view.corpus;
    let (n_concepts, n_guides) = (corpus.n_concepts(), corpus.n_pages() - corpus.n_concepts());
    let facts = &snapshot.site;
    let by = facts.found_by.as_ref().map_or_else(String::new, |by| format!(", by {by}"));
    let mut out = String::new();
    let mut line = |name: &str, text: String| {
        let written = writeln!(out, "{name:<14} {text}");
        debug_assert!(written.is_ok());
    };
    line("generator", format!("{}{by}", facts.generator.as_str()));
    line("pages", format!("{}, {}", counted(n_guides, "guide"), counted(n_concepts, "concept")));
    let titles = corpus.pages().filter(|(_, page)| page.kind == Kind::Guide).take(EXAMPLES);
    let titles: Vec<String> = titles.map(|(_, page)| format!("{} ({})", page.title, page.url)).collect();
    line("such as", titles.join(", "));
    let n_follows = n_edges(view, Relation::Follows);
    line(
        "order",
        if n_follows == 0 {
            "none found".to_owned()
        } else {
            format!("{} know what comes before them", counted(n_follows, "page"))
        },
    );
    let n_needs = n_edges(view, Relation::Requires) + n_edges(view, Relation::Assumes);
    line("prerequisites", format!("{n_needs} declared"));
    let options = ProposalOptions { all: false, min_confidence: COUNTED_CONFIDENCE };
    let n_proposed = propose(corpus, &view.graph, Some(input), &rustc_hash::FxHashSet::default(), options).list.len();
    line("proposed", format!("{}; see `gradus suggest {input}`", counted(n_proposed, "more prerequisite")));
    let n_found = find_concepts(corpus, Some(input)).len();
    line("concepts", format!("{} that no page stands for; see `gradus suggest concepts {input}`", n_found));
    let n_bad = snapshot.diagnostics.iter().filter(|one| one.severity != Severity::Info).count();
    line("problems", format!("{n_bad}; see `gradus check {input}`"));
    out
}

/// Settings that say what was found, every line of them a comment where it is right without being said.
fn settings(view: &View, snapshot: &Snapshot) -> String {
    let generator = snapshot.site.generator;
    let known: Vec<&str> = Generator::ALL.iter().map(|one| one.as_str()).collect();
    let site = view.corpus.site();
    let said = |value: Option<&str>, example: &str| format!("{:?}", value.unwrap_or(example));
    format!(
        "# Settings of Gradus for this folder. None is required: delete what you do not need.\n\
         \n\
         [site]\n\
         # What readers call the site.\n\
         # title = {}\n\
         # Where it is shown, so that answers hold whole addresses.\n\
         # base_url = {}\n\
         # The language of pages that say none.\n\
         # lang = {}\n\
         # Found: {}. One of {}.\n\
         # generator = \"{}\"\n\
         \n\
         [graph]\n\
         # Whether plans go by prerequisites that the texts speak for and nobody has declared, marked as such.\n\
         # inferred = \"on\"\n\
         \n\
         [content]\n\
         # Whether links that lead out of the folder are followed.\n\
         # follow_links = false\n\
         \n\
         [fields]\n\
         # Your own names of fields, such as\n\
         # prerequisites = [\"needs\"]\n\
         \n\
         [diagnostics]\n\
         # What `gradus check` makes of a code: off, info, warning or error, such as\n\
         # G002 = \"error\"\n",
        said(site.title.as_deref(), "My documentation"),
        said(site.base_url.as_deref(), "https://docs.example.org"),
        said(site.lang.as_deref(), "en"),
        generator.as_str(),
        known.join(", "),
        generator.as_str(),
    )
}
