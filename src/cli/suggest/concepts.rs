//! Concepts that the texts speak of: listed, judged, and written into `concepts.yaml`.

use anyhow::bail;
use gradus_corpus::names::fold;
use gradus_corpus::{Corpus, Kind, PageId, Relation};
use gradus_engine::suggest::verdicts::Verdicts;
use gradus_engine::suggest::{ConceptProposal, find_concepts};
use gradus_engine::unindexed::UnindexedContent;
use gradus_load::{Config, Input, NewConcept, add_concepts, add_entries, load, source_text};

use super::amend::{declared_in, file_of};
use super::{ALL, SHOWN, report};
use crate::cli::args::{Format, SuggestArgs};
use crate::cli::changes::{self, FileChange};
use crate::cli::{Outcome, complain, counted, print, with_suggestions};

/// Where concepts without a page are declared.
const CENTRAL_FILE: &str = "concepts.yaml";
/// Names that are offered in place of one that was not found.
const OFFERED: usize = 3;

/// Prints concepts, or does with them what is asked.
pub(super) fn concepts(
    content: &UnindexedContent,
    input: &Input,
    mut verdicts: Verdicts,
    args: &SuggestArgs,
    format: Format,
) -> anyhow::Result<Outcome> {
    let mut found = find_concepts(&content.corpus, Some(input));
    for name in &args.reject {
        let name = named(&found, name).map_or(name.as_str(), |one| &*one.name);
        verdicts.rejected_concepts.push(name.to_owned());
    }
    let rejected: Vec<String> = verdicts.rejected_concepts.iter().map(|name| fold(name)).collect();
    found.retain(|one| !rejected.contains(&fold(&one.name)));
    let is_shown = |one: &&ConceptProposal| one.confidence >= args.min_confidence.unwrap_or_default();
    let limit = args.limit.unwrap_or(if args.all { usize::MAX } else { SHOWN });
    let shown: Vec<ConceptProposal> = found.iter().filter(is_shown).take(limit).cloned().collect();
    for name in &args.accept {
        match named(&found, name) {
            _ if name == ALL => verdicts.accepted_concepts.extend(shown.iter().map(|one| one.name.to_string())),
            Some(one) => verdicts.accepted_concepts.push(one.name.to_string()),
            None => bail!(with_suggestions(&format!("no concept '{name}' is proposed"), &near(&found, name))),
        }
    }
    verdicts.accepted_concepts.retain(|name| !rejected.contains(&fold(name)));
    if args.write || args.diff {
        let takes_shown = args.diff && verdicts.accepted_concepts.is_empty();
        let is_accepted = |one: &&ConceptProposal| verdicts.accepted_concepts.iter().any(|name| **name == *one.name);
        let accepted: Vec<&ConceptProposal> =
            if takes_shown { shown.iter().collect() } else { found.iter().filter(is_accepted).collect() };
        return amend(content, input, &verdicts, &accepted, args.diff);
    }
    if !args.accept.is_empty() || !args.reject.is_empty() {
        let (n_accepted, n_rejected) = (verdicts.accepted_concepts.len(), verdicts.rejected_concepts.len());
        let path = verdicts.write(input)?;
        complain(&format!(
            "{} accepted and {n_rejected} rejected are kept in {}",
            counted(n_accepted, "concept"),
            path.display()
        ));
        return Ok(Outcome::Done);
    }
    print(&report::concepts(content, &shown, format)?)?;
    Ok(if shown.is_empty() { Outcome::Findings } else { Outcome::Done })
}

/// The proposal of this name, slug or other name.
fn named<'a>(found: &'a [ConceptProposal], name: &str) -> Option<&'a ConceptProposal> {
    let wanted = fold(name);
    let is_called = |one: &&ConceptProposal| {
        fold(&one.name) == wanted || *one.slug == *name || one.aliases.iter().any(|alias| fold(alias) == wanted)
    };
    found.iter().find(is_called)
}

/// The names that are most like `name`.
fn near(found: &[ConceptProposal], name: &str) -> Vec<String> {
    let wanted = fold(name);
    let edits = |one: &ConceptProposal| (strsim::damerau_levenshtein(&fold(&one.name), &wanted), one.name.clone());
    let mut near: Vec<_> = found.iter().map(edits).collect();
    near.sort();
    near.into_iter().take(OFFERED).map(|(_, name)| name.to_string()).collect()
}

/// Writes concepts and who teaches them, or shows what would be written.
fn amend(
    content: &UnindexedContent,
    input: &Input,
    verdicts: &Verdicts,
    accepted: &[&ConceptProposal],
    is_shown_only: bool,
) -> anyhow::Result<Outcome> {
    let config = gradus_load::read_config(input)?;
    let Amended { changes, untaught } = amended(&content.corpus, &config, input, accepted)?;
    for (concept, file) in &untaught {
        complain(&format!(
            "{file}: put `{concept}` among what it teaches by hand: nothing can be put behind that list"
        ));
    }
    if is_shown_only {
        print(&changes::diff(&changes))?;
        return Ok(Outcome::Done);
    }
    let Input::Path(root) = input else { bail!("{input} cannot be written to") };
    changes::write(root, &changes)?;
    if !verdicts.accepted_concepts.is_empty() {
        Verdicts { accepted_concepts: Vec::new(), ..verdicts.clone() }.write(input)?;
    }
    complain(&format!("{} written into {}", counted(accepted.len(), "concept"), counted(changes.len(), "file")));
    Ok(if untaught.is_empty() { Outcome::Done } else { Outcome::Findings })
}

/// What accepted concepts make of the files of a source.
struct Amended {
    changes: Vec<FileChange>,
    /// Concepts whose guide cannot be amended, with its file.
    untaught: Vec<(String, String)>,
}

/// Declares `accepted`, and has the guides that explain them teach them. The result is loaded again: where the concepts are not all
/// there afterwards, and nothing else, nothing is changed; a guide that does not teach what was put there is left as it is.
fn amended(corpus: &Corpus, config: &Config, input: &Input, accepted: &[&ConceptProposal]) -> anyhow::Result<Amended> {
    let mut new: Vec<NewConcept> = Vec::new();
    for one in accepted {
        let is_there =
            new.iter().any(|other| *other.slug == *one.slug) || corpus.find(Kind::Concept, &one.slug).is_some();
        if !is_there {
            new.push(NewConcept {
                slug: one.slug.to_string(),
                title: one.name.to_string(),
                aliases: one.aliases.iter().map(ToString::to_string).collect(),
                description: one.definition.as_deref().map(str::to_owned),
            });
        }
    }
    let before = source_text(input, CENTRAL_FILE).unwrap_or_default();
    let Some(after) = add_concepts(&before, &new) else {
        bail!("{CENTRAL_FILE} has a form that nothing can be put behind: write its concepts one below the other");
    };
    let central = FileChange { path: CENTRAL_FILE.to_owned(), before, after };
    let (mut guides, mut untaught) = (Vec::new(), Vec::new());
    for one in accepted {
        let Some((page, _)) = one.taught_in.filter(|(page, _)| corpus.page(*page).kind == Kind::Guide) else {
            continue;
        };
        if !teach(corpus, config, input, (page, &one.slug), &mut guides) {
            untaught.push((one.slug.to_string(), file_of(corpus, page).to_owned()));
        }
    }
    loop {
        let changes: Vec<FileChange> =
            std::iter::once(&central).chain(guides.iter().map(|(_, change)| change)).cloned().collect();
        let edited = changes.iter().fold(input.clone(), |base, change| Input::Edited {
            base: Box::new(base),
            path: change.path.clone(),
            bytes: change.after.clone().into_bytes(),
        });
        let loaded = load(&edited, &mut |_| {})?.corpus;
        let is_whole = new.iter().all(|one| loaded.find(Kind::Concept, &one.slug).is_some());
        if !is_whole || loaded.n_pages() != corpus.n_pages() + new.len() {
            bail!("{CENTRAL_FILE} would not be read as it is meant; nothing is changed");
        }
        let is_read = |page: PageId| {
            let meant: Vec<&ConceptProposal> =
                accepted.iter().filter(|one| one.taught_in.is_some_and(|(guide, _)| guide == page)).copied().collect();
            teaches(&loaded, corpus, page, &meant)
        };
        let n_before = guides.len();
        for (page, change) in guides.extract_if(.., |(page, _)| !is_read(*page)).collect::<Vec<_>>() {
            let own = accepted.iter().filter(|one| one.taught_in.is_some_and(|(guide, _)| guide == page));
            untaught.extend(own.map(|one| (one.slug.to_string(), change.path.clone())));
        }
        if guides.len() == n_before {
            return Ok(Amended { changes, untaught });
        }
    }
}

/// Puts a concept among what `page` teaches; whether that could be done.
fn teach(
    corpus: &Corpus,
    config: &Config,
    input: &Input,
    (page, slug): (PageId, &str),
    guides: &mut Vec<(PageId, FileChange)>,
) -> bool {
    let is_key = |key: &str| config.fields.get(key).is_some_and(|ours| ours == "teaches");
    let file = file_of(corpus, page);
    let known = guides.iter().position(|(other, _)| *other == page);
    let text = known.map(|at| guides[at].1.after.clone()).or_else(|| source_text(input, file));
    let declared = declared_in(corpus, page);
    let after = declared.zip(text.as_deref()).and_then(|(declared, text)| {
        // A file of several pages would move under the others.
        let is_alone = declared == gradus_load::DeclaredIn::FrontMatter;
        is_alone.then(|| add_entries(text, declared, "teaches", &[slug], &is_key))?
    });
    let (Some(before), Some(after)) = (text, after) else { return false };
    match known {
        Some(at) => guides[at].1.after = after,
        None => guides.push((page, FileChange { path: file.to_owned(), before, after })),
    }
    true
}

/// Whether the guide that was `page` of `corpus` teaches in `loaded` what is `meant`.
fn teaches(loaded: &Corpus, corpus: &Corpus, page: PageId, meant: &[&ConceptProposal]) -> bool {
    let of = corpus.page(page);
    let Some(now) = loaded.find(of.kind, &of.slug) else { return false };
    meant.iter().all(|one| {
        let concept = loaded.find(Kind::Concept, &one.slug);
        loaded.declared_by(now).iter().any(|edge| edge.relation == Relation::Teaches && Some(edge.to) == concept)
    })
}
