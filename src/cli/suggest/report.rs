//! Proposals as people and programs read them.

use std::fmt::Write as _;

use gradus_engine::suggest::{ConceptProposal, Proposal, ProposalEvidence, Proposals, effect};
use gradus_engine::unindexed::UnindexedContent;
use serde_json::{Value, json};

use crate::cli::args::Format;
use crate::cli::ask::terminal_width;
use crate::cli::counted;
use crate::cli::layout::cut;

/// Columns where nobody says how many there are.
const COLUMNS: usize = 80;

/// `proposals` in `format`. Where all are told, what each would change is not: nobody reads that many.
pub(super) fn prerequisites(
    content: &UnindexedContent,
    proposals: &Proposals,
    format: Format,
    all: bool,
) -> anyhow::Result<String> {
    let item = |proposal: &Proposal| item(content, proposal, all);
    match format {
        Format::Json => json_list(proposals.list.iter().map(item)),
        Format::Ndjson => json_lines(proposals.list.iter().map(item)),
        Format::Table => table(content, proposals),
        Format::Md => markdown(content, proposals),
    }
}

/// `found` in `format`.
pub(super) fn concepts(
    content: &UnindexedContent,
    found: &[ConceptProposal],
    format: Format,
) -> anyhow::Result<String> {
    let item = |one: &ConceptProposal| concept(content, one);
    match format {
        Format::Json => json_list(found.iter().map(item)),
        Format::Ndjson => json_lines(found.iter().map(item)),
        Format::Table | Format::Md => concept_list(content, found, format == Format::Md),
    }
}

fn json_list(items: impl Iterator<Item = Value>) -> anyhow::Result<String> {
    Ok(serde_json::to_string(&items.collect::<Vec<_>>())? + "\n")
}

fn json_lines(items: impl Iterator<Item = Value>) -> anyhow::Result<String> {
    let mut out = String::new();
    for item in items {
        writeln!(out, "{}", serde_json::to_string(&item)?)?;
    }
    Ok(out)
}

/// Six digits are more than anything here is sure of, and keep the order of what is nearly alike.
fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 1e6).round() / 1e6
}

fn evidence(evidence: &ProposalEvidence) -> Value {
    json!({ "kind": evidence.kind.as_str(), "file": evidence.file, "line": evidence.line, "text": evidence.text })
}

fn item(content: &UnindexedContent, proposal: &Proposal, is_short: bool) -> Value {
    let (from, to) = (content.corpus.page(proposal.from), content.corpus.page(proposal.to));
    let mut item = json!({
        "from": from.id(),
        "to": to.id(),
        "relation": proposal.relation.as_str(),
        "confidence": rounded(proposal.confidence),
        "evidence": evidence(&proposal.evidence),
    });
    if !is_short {
        let effect = effect(&content.corpus, &content.graph, proposal.from, proposal.to);
        item["effect"] = json!({
            "depth_before": effect.depth_before,
            "depth_after": effect.depth_after,
            "minutes_before": effect.minutes_before,
            "minutes_after": effect.minutes_after,
            "plans": effect.n_plans,
        });
    }
    item
}

fn table(content: &UnindexedContent, proposals: &Proposals) -> anyhow::Result<String> {
    let width = terminal_width().unwrap_or(COLUMNS);
    let mut out = String::new();
    for proposal in &proposals.list {
        let title = |page| &content.corpus.page(page).title;
        let evidence = &proposal.evidence;
        let percent = proposal.confidence * 100.0;
        let effect = effect(&content.corpus, &content.graph, proposal.from, proposal.to);
        let head = format!("{percent:3.0} %  {} → {}", title(proposal.from), title(proposal.to));
        let place = format!("       {}:{}: {}", evidence.file, evidence.line, evidence.text);
        let more = effect.minutes_after - effect.minutes_before;
        let change = format!(
            "       depth {} → {}, {more} min more before it; changes {}",
            effect.depth_before,
            effect.depth_after,
            counted(effect.n_plans, "plan")
        );
        for line in [head, place, change] {
            writeln!(out, "{}", cut(&line, width))?;
        }
    }
    if proposals.list.is_empty() {
        out.push_str("nothing to propose\n");
    } else {
        let taught = match proposals.n_taught_by {
            0 => "weighed as measured on other sites; declare some prerequisites and they teach the rest".to_owned(),
            n => format!("weighed by what {n} declared prerequisites teach"),
        };
        writeln!(out, "{} proposals, {taught}", proposals.list.len())?;
        out.push_str("accept with --accept FROM,TO or --accept all, reject with --reject, then --write\n");
    }
    Ok(out)
}

fn markdown(content: &UnindexedContent, proposals: &Proposals) -> anyhow::Result<String> {
    let mut out = String::new();
    for proposal in &proposals.list {
        let link = |page| {
            let page = content.corpus.page(page);
            if page.url.is_empty() { page.title.to_string() } else { format!("[{}]({})", page.title, page.url) }
        };
        let evidence = &proposal.evidence;
        let percent = proposal.confidence * 100.0;
        writeln!(out, "- [ ] {} before {} ({percent:.0} %)", link(proposal.from), link(proposal.to))?;
        writeln!(out, "  - `{}:{}`: {}", evidence.file, evidence.line, evidence.text)?;
    }
    Ok(out)
}

fn concept(content: &UnindexedContent, one: &ConceptProposal) -> Value {
    let taught_in = one.taught_in.map(|(page, section)| {
        let of = content.corpus.page(page);
        let section = of.sections.get(section);
        json!({
            "id": of.id(),
            "title": of.title,
            "section": section.map(|section| &section.title),
            "anchor": section.map(|section| &section.anchor),
        })
    });
    json!({
        "name": one.name,
        "slug": one.slug,
        "aliases": one.aliases,
        "definition": one.definition,
        "taught_in": taught_in,
        "pages": one.n_pages,
        "sighted_as": one.kinds,
        "confidence": rounded(one.confidence),
        "evidence": evidence(&one.evidence),
    })
}

fn concept_list(content: &UnindexedContent, found: &[ConceptProposal], is_markdown: bool) -> anyhow::Result<String> {
    let width = if is_markdown { usize::MAX } else { terminal_width().unwrap_or(COLUMNS) };
    let mut out = String::new();
    for one in found {
        let percent = one.confidence * 100.0;
        let aliases = if one.aliases.is_empty() { String::new() } else { format!(" ({})", one.aliases.join(", ")) };
        let head = if is_markdown {
            format!("- [ ] **{}**{aliases}, named on {} pages", one.name, one.n_pages)
        } else {
            format!("{percent:3.0} %  {}{aliases}; {} pages", one.name, one.n_pages)
        };
        writeln!(out, "{}", cut(&head, width))?;
        let indent = if is_markdown { "  - " } else { "       " };
        let text = one.definition.as_deref().unwrap_or(&one.evidence.text);
        writeln!(out, "{}", cut(&format!("{indent}{}:{}: {text}", one.evidence.file, one.evidence.line), width))?;
        if let Some((page, section)) = one.taught_in {
            let page = content.corpus.page(page);
            let section = page.sections.get(section).filter(|section| !section.title.is_empty());
            let section = section.map_or_else(String::new, |section| format!(" › {}", section.title));
            writeln!(out, "{}", cut(&format!("{indent}taught in {}{section}", page.title), width))?;
        }
    }
    if found.is_empty() {
        out.push_str("nothing to propose\n");
    }
    Ok(out)
}
