//! Concepts that the texts speak of and no page stands for: glossary entries, terms that are defined or set apart, links to
//! pages that are not there, tags, and what headings and many pages name.
//!
//! A sighting alone says little: headings are mostly captions and bold is mostly emphasis. What is sighted in several ways, on
//! several pages, and named in others' texts, is a concept.

mod phrase;
mod sight;

use std::collections::BTreeMap;

use gradus_corpus::names::fold;
use gradus_corpus::{Corpus, Kind, PageId};
use gradus_load::Input;
use rustc_hash::FxHashMap;

use super::cue::sentences_of;
use super::evidence::{EvidenceKind, ProposalEvidence};
use super::near::as_f32;
use super::role::{SectionRole, role_of};
use super::source_lines::SourceLines;
use super::words::Vocabulary;
use sight::{Sighting, SightingKind, sightings};

/// Score from which a concept is shown: two ways of being sighted, or one sure one, and a second page that names it.
const SHOWN_SCORE: f32 = 3.2;
/// Characters of a defining sentence.
const DEFINITION_CHARS: usize = 300;

/// A concept that no page stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct ConceptProposal {
    /// What most texts call it.
    pub name: Box<str>,
    /// What it could be called by in URLs.
    pub slug: Box<str>,
    /// Its acronym or long form, and other spellings.
    pub aliases: Vec<Box<str>>,
    /// The sentence that defines it, if one does.
    pub definition: Option<Box<str>>,
    /// The page that explains it, and the position of the section there.
    pub taught_in: Option<(PageId, usize)>,
    /// How many pages name it.
    pub n_pages: usize,
    /// In what ways it was sighted.
    pub kinds: Vec<&'static str>,
    /// How sure it is that this is a concept, from 0 to 1.
    pub confidence: f32,
    /// A line that speaks of it.
    pub evidence: ProposalEvidence,
}

/// A name with all its sightings.
#[derive(Default)]
struct SightedName {
    /// Its spellings, with how often each was sighted.
    spellings: BTreeMap<Box<str>, usize>,
    sightings: Vec<Sighting>,
    /// Long form of an acronym, or acronym of a long form.
    other: Option<String>,
    /// How often it stands in each section: page, section, count.
    named: Vec<(PageId, usize, usize)>,
}

/// The concepts that the texts of `corpus`, which was loaded from `input`, speak of, the surest first. O(text).
pub fn find_concepts(corpus: &Corpus, input: Option<&Input>) -> Vec<ConceptProposal> {
    let mut lines = SourceLines::new(input, corpus);
    let mut sighted: BTreeMap<String, SightedName> = BTreeMap::new();
    for (id, page) in corpus.pages() {
        for sighting in sightings(id, page) {
            let known = |kind| !corpus.names().by_name(&sighting.name, Some(kind)).is_empty();
            if known(Kind::Concept) {
                continue;
            }
            let of = sighted.entry(fold(&sighting.name)).or_default();
            *of.spellings.entry(sighting.name.clone()).or_default() += 1;
            of.other = of.other.take().or_else(|| sighting.other.clone());
            of.sightings.push(sighting);
        }
    }
    join_acronyms(&mut sighted);
    join_plurals(&mut sighted);
    count(corpus, &mut sighted);
    let mut found: Vec<ConceptProposal> =
        sighted.iter().filter_map(|(key, of)| proposal(corpus, key, of, &mut lines)).collect();
    found.sort_by(|one, other| other.confidence.total_cmp(&one.confidence).then_with(|| one.name.cmp(&other.name)));
    found
}

/// Puts an acronym and its long form together, under the long form.
fn join_acronyms(sighted: &mut BTreeMap<String, SightedName>) {
    let pairs: Vec<(String, String)> = sighted
        .iter()
        .filter_map(|(key, of)| of.other.as_ref().map(|other| (key.clone(), fold(other))))
        .filter(|(one, other)| one.len() < other.len())
        .collect();
    for (short, long) in pairs {
        let Some(of) = sighted.remove(&short) else { continue };
        let into = sighted.entry(long).or_default();
        into.other = of.spellings.keys().next().map(ToString::to_string);
        into.sightings.extend(of.sightings);
        if into.spellings.is_empty()
            && let Some(long) = of.other
        {
            into.spellings.insert(long.into(), 1);
        }
    }
}

/// Puts a plural and its singular together.
fn join_plurals(sighted: &mut BTreeMap<String, SightedName>) {
    let plurals: Vec<String> = sighted
        .keys()
        .filter(|key| key.strip_suffix('s').is_some_and(|one| sighted.contains_key(one)))
        .cloned()
        .collect();
    for plural in plurals {
        let Some(of) = sighted.remove(&plural) else { continue };
        if let Some(into) = plural.strip_suffix('s').and_then(|one| sighted.get_mut(one)) {
            into.sightings.extend(of.sightings);
        }
    }
}

/// Counts where the names stand in the texts: forms of a word count alike, and the longest name at a place alone.
fn count(corpus: &Corpus, sighted: &mut BTreeMap<String, SightedName>) {
    let mut vocabulary = Vocabulary::new(corpus.site().lang.as_deref());
    let mut names: FxHashMap<Vec<u32>, usize> = FxHashMap::default();
    let mut longest = 0;
    let language = vocabulary.language(corpus.site().lang.as_deref().or(Some("en")), "");
    for (at, of) in sighted.values().enumerate() {
        for name in of.spellings.keys().map(|name| &**name).chain(of.other.as_deref()) {
            let stems = vocabulary.name(language, name);
            longest = longest.max(stems.len());
            names.entry(stems).or_insert(at);
        }
    }
    let mut named: Vec<Vec<(PageId, usize, usize)>> = vec![Vec::new(); sighted.len()];
    let mut words = Vec::new();
    for (id, page) in corpus.pages() {
        for (section_idx, section) in page.sections.iter().enumerate() {
            for text in section.texts().filter(|_| role_of(&section.title) != SectionRole::Onward) {
                words.clear();
                vocabulary.read(language, &text.plain, &mut words);
                let stems: Vec<u32> = words.iter().map(|word| word.stem).collect();
                let mut at = 0;
                while at < stems.len() {
                    let name = (1..=longest.min(stems.len() - at))
                        .rev()
                        .find_map(|len| Some((names.get(&stems[at..at + len])?, len)));
                    let Some((idx, len)) = name else {
                        at += 1;
                        continue;
                    };
                    match named[*idx].last_mut() {
                        Some((page, section, count)) if (*page, *section) == (id, section_idx) => *count += 1,
                        _ => named[*idx].push((id, section_idx, 1)),
                    }
                    at += len;
                }
            }
        }
    }
    sighted.values_mut().zip(named).for_each(|(of, named)| of.named = named);
}

fn proposal(corpus: &Corpus, key: &str, of: &SightedName, lines: &mut SourceLines<'_>) -> Option<ConceptProposal> {
    let mut pages: Vec<PageId> = of.named.iter().map(|(page, ..)| *page).collect();
    pages.dedup();
    let n_pages = pages.len();
    let score = score(of, n_pages);
    if score < SHOWN_SCORE {
        return None;
    }
    let name = best_spelling(of)?;
    let mut kinds: Vec<&'static str> = of.sightings.iter().map(|one| one.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let definition = of
        .sightings
        .iter()
        .filter_map(|one| one.definition.as_deref())
        .min_by_key(|text| text.len() > DEFINITION_CHARS);
    let definition = definition.map(|text| text.chars().take(DEFINITION_CHARS).collect::<String>().into());
    let taught_in = taught_in(corpus, of);
    let sighting = of.sightings.iter().min_by_key(|one| (one.definition.is_none(), one.page, one.section))?;
    let mut aliases: Vec<Box<str>> = of.other.iter().map(|other| other.as_str().into()).collect();
    aliases.extend(of.spellings.keys().filter(|spelling| fold(spelling) != fold(&name)).cloned());
    aliases.dedup();
    aliases.retain(|alias| **alias != *name);
    Some(ConceptProposal {
        slug: slug(key, &name).into(),
        name,
        aliases,
        definition,
        taught_in,
        n_pages,
        kinds,
        confidence: 1.0 - (-0.35 * (score - SHOWN_SCORE + 2.0)).exp(),
        evidence: evidence(corpus, sighting, lines),
    })
}

/// What the sightings of a name are worth: each way counts once and a little more for each further page.
fn score(of: &SightedName, n_pages: usize) -> f32 {
    let mut score = 0.0;
    for kind in SightingKind::ALL {
        let mut pages: Vec<PageId> = of.sightings.iter().filter(|one| one.kind == *kind).map(|one| one.page).collect();
        pages.dedup();
        if !pages.is_empty() && pages.len() >= kind.n_pages_needed() {
            score += kind.worth() * (1.0 + 0.5 * (as_f32(pages.len())).ln());
        }
    }
    let named: usize = of.named.iter().map(|(.., count)| count).sum();
    // What is set apart and then never named again is a caption.
    let spread = as_f32(n_pages.saturating_sub(1)).ln_1p() + 0.3 * as_f32(named).ln_1p();
    score + spread.min(3.0)
}

/// The spelling that was sighted most, of equals the first.
fn best_spelling(of: &SightedName) -> Option<Box<str>> {
    // A map goes by spelling, and the first of equals is the last from behind.
    let best = of.spellings.iter().rev().max_by_key(|(_, count)| **count)?;
    Some(best.0.clone())
}

/// The section that explains a concept: one that is headed by it or defines it, and names it most.
fn taught_in(corpus: &Corpus, of: &SightedName) -> Option<(PageId, usize)> {
    let mut worth: BTreeMap<(PageId, usize), usize> = BTreeMap::new();
    for (page, section, count) in &of.named {
        *worth.entry((*page, *section)).or_default() += (*count).min(5);
    }
    for one in of.sightings.iter().filter(|one| corpus.page(one.page).kind == Kind::Guide) {
        *worth.entry((one.page, one.section)).or_default() += one.kind.teaches();
    }
    let best = worth.into_iter().max_by_key(|(place, worth)| (*worth, std::cmp::Reverse(*place)))?;
    (best.1 > 1).then_some(best.0)
}

fn evidence(corpus: &Corpus, sighting: &Sighting, lines: &mut SourceLines<'_>) -> ProposalEvidence {
    let page = corpus.page(sighting.page);
    let name = fold(&sighting.name);
    let plain = page.sections.get(sighting.section).map_or("", |section| &section.text.plain);
    let sentence =
        sighting.definition.as_deref().or_else(|| sentences_of(plain).find(|sentence| fold(sentence).contains(&name)));
    let text: Box<str> = sentence.unwrap_or(&sighting.name).chars().take(240).collect::<String>().into();
    let line = lines.line_of(page.position.file, page.position.line, &text).unwrap_or(page.position.line);
    ProposalEvidence { kind: EvidenceKind::Mention, file: lines.path(page.position.file).into(), line, text }
}

/// A slug of `name`: its words with hyphens between.
fn slug(key: &str, name: &str) -> String {
    let slug: Vec<&str> = key.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if slug.is_empty() { name.to_owned() } else { slug.join("-") }
}
