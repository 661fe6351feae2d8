//! Random content with guides whose sections teach several concepts, and what naive plans over it are.

use std::collections::{BTreeMap, BTreeSet};

use gradus_corpus::{
    Corpus, Edge, Kind, Mention, Origin, Page, PageId, Parts, Position, Relation, Section, Strength, Text,
};
use gradus_graph::{GapReason, Graph, Material, Plan, StudyStep};
use proptest::prelude::*;

/// From pages to what they need.
pub(crate) type Needs = BTreeMap<u32, BTreeSet<u32>>;

/// A guide: its minutes, and for each section its words and the concepts that it names.
pub(crate) type GuideText = (u32, Vec<(usize, Vec<usize>)>);

pub(crate) fn corpus(n: usize, links: &[(usize, usize, bool)], minutes: &[u32], guides: &[GuideText]) -> Corpus {
    let mut parts = Parts::default();
    for (idx, minutes) in minutes.iter().take(n).enumerate() {
        let mut page = Page::new(Kind::Concept, &format!("c{idx:02}"));
        page.minutes = *minutes;
        parts.pages.push(page);
    }
    for (from, to, required) in links.iter().filter(|(from, to, _)| from % n != to % n) {
        let strength = if *required { Strength::Required } else { Strength::Recommended };
        parts.edges.push(edge(from % n, Relation::Requires, to % n, strength));
    }
    for (idx, (minutes, sections)) in guides.iter().enumerate() {
        let mut page = Page::new(Kind::Guide, &format!("g{idx:02}"));
        page.minutes = *minutes;
        page.sections = sections.iter().map(|(words, concepts)| section(n, *words, concepts)).collect();
        let taught: BTreeSet<usize> =
            sections.iter().flat_map(|(_, concepts)| concepts.iter().map(|one| one % n)).collect();
        let from = parts.pages.len();
        parts.edges.extend(taught.into_iter().map(|to| edge(from, Relation::Teaches, to, Strength::Required)));
        parts.pages.push(page);
    }
    Corpus::assemble(parts)
}

fn edge(from: usize, relation: Relation, to: usize, strength: Strength) -> Edge {
    let id = |idx: usize| PageId(u32::try_from(idx).unwrap());
    Edge {
        from: id(from),
        relation,
        to: id(to),
        strength,
        origin: Origin::FrontMatter,
        count: 1,
        reason: None,
        position: Position::default(),
    }
}

/// A section of so many words that names each of `concepts` as often as it stands there.
fn section(n: usize, words: usize, concepts: &[usize]) -> Section {
    let mut counts: BTreeMap<usize, u32> = BTreeMap::new();
    concepts.iter().for_each(|concept| *counts.entry(concept % n).or_default() += 1);
    let mention = |(concept, count): (usize, u32)| Mention {
        concept: PageId(u32::try_from(concept).unwrap()),
        count,
        position: Position::default(),
    };
    let text = Text {
        markdown: "word ".repeat(words + 1),
        mentions: counts.into_iter().map(mention).collect(),
        ..Text::default()
    };
    Section::new("Part", "part", 2, text, None)
}

prop_compose! {
    /// Up to eight concepts and `max_guides` guides of up to `max_sections` sections.
    pub(crate) fn any_corpus(max_guides: usize, max_sections: usize)(
        n in 1_usize..9,
        links in prop::collection::vec((0_usize..9, 0_usize..9, prop::bool::weighted(0.75)), 0..16),
        minutes in prop::collection::vec(1_u32..60, 9),
        guides in prop::collection::vec(
            (1_u32..90, prop::collection::vec((0_usize..40, prop::collection::vec(0_usize..9, 0..4)), 1..=max_sections)),
            0..=max_guides,
        ),
    ) -> Corpus {
        corpus(n, &links, &minutes, &guides)
    }
}

pub(crate) fn needs(corpus: &Corpus, strength: Strength) -> Needs {
    let mut needs = Needs::new();
    for edge in corpus.declared().iter().filter(|edge| edge.relation == Relation::Requires && edge.strength == strength)
    {
        needs.entry(edge.from.0).or_default().insert(edge.to.0);
    }
    needs
}

/// `pages` and everything below them.
pub(crate) fn closure(needs: &Needs, pages: impl IntoIterator<Item = u32>) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let mut open: Vec<u32> = pages.into_iter().collect();
    while let Some(page) = open.pop() {
        if found.insert(page) {
            open.extend(needs.get(&page).into_iter().flatten());
        }
    }
    found
}

/// The lessons of a corpus: what can be read, for how many minutes, and what it teaches.
pub(crate) fn lessons(corpus: &Corpus, graph: &Graph) -> Vec<(Material, u32, BTreeSet<u32>)> {
    let mut lessons = Vec::new();
    for guide in corpus.guides() {
        let page = corpus.page(guide);
        let taught: Vec<PageId> = graph.teaches(guide).collect();
        lessons.push((
            Material { guide: Some(guide), section: None },
            page.minutes,
            taught.iter().map(|one| one.0).collect(),
        ));
        let words = |section: usize| page.sections[section].texts().map(|text| text.markdown.len()).sum::<usize>();
        let total: usize = (0..page.sections.len()).map(words).sum();
        for section in 0..page.sections.len() {
            let of_section = taught.iter().filter(|concept| page.teaching_section(**concept) == Some(section));
            let concepts: BTreeSet<u32> = of_section.map(|one| one.0).collect();
            if page.sections.len() > 1 && !concepts.is_empty() {
                let minutes = (page.minutes as usize * words(section)).div_ceil(total).max(1);
                lessons.push((
                    Material { guide: Some(guide), section: Some(section) },
                    u32::try_from(minutes).unwrap(),
                    concepts,
                ));
            }
        }
    }
    lessons
}

pub(crate) fn materials(step: &StudyStep) -> Vec<Material> {
    [step.material].into_iter().chain(step.further.iter().copied()).collect()
}

pub(crate) fn learned(plan: &Plan) -> BTreeSet<u32> {
    plan.steps.iter().flat_map(|step| &step.concepts).map(|page| page.0).collect()
}

/// Checks that nothing is learned before what it needs or twice, that lessons teach what they are read for, and that the
/// minutes are those of the lessons, each once.
pub(crate) fn check(corpus: &Corpus, graph: &Graph, plan: &Plan, known: &BTreeSet<u32>) -> Result<(), TestCaseError> {
    let required = needs(corpus, Strength::Required);
    let lessons = lessons(corpus, graph);
    let mut done = known.clone();
    let mut read: BTreeSet<(Option<PageId>, Option<usize>)> = BTreeSet::new();
    let mut total = 0;
    for step in &plan.steps {
        let mut minutes = 0;
        let materials = materials(step);
        if step.together {
            prop_assert!(step.concepts.len() > 1);
            done.extend(step.concepts.iter().map(|concept| concept.0));
        } else {
            prop_assert_eq!(materials.len(), 1);
        }
        for concept in &step.concepts {
            let lacks = required.get(&concept.0).into_iter().flatten().find(|need| !done.contains(need));
            prop_assert_eq!(lacks, None, "{:?} comes before what it needs", concept);
            prop_assert!(done.insert(concept.0) || step.together);
            let taught = materials
                .iter()
                .any(|material| lessons.iter().any(|lesson| lesson.0 == *material && lesson.2.contains(&concept.0)));
            let is_gap = graph.taught_by(*concept).next().is_none();
            prop_assert_eq!(taught, !is_gap);
            prop_assert_eq!(plan.gaps.contains(&(*concept, GapReason::NoGuide)), is_gap);
            minutes += if is_gap { corpus.page(*concept).minutes } else { 0 };
        }
        for material in materials.iter().filter(|material| material.guide.is_some()) {
            let lesson = lessons.iter().find(|lesson| lesson.0 == *material);
            let price = lesson.map_or(corpus.page(material.guide.unwrap()).minutes, |lesson| lesson.1);
            minutes += if read.insert((material.guide, material.section)) { price } else { 0 };
        }
        prop_assert_eq!(step.minutes, minutes);
        total += minutes;
    }
    prop_assert_eq!(plan.minutes_total, total);
    for (guide, section) in read.iter().filter(|(_, section)| section.is_some()) {
        prop_assert!(!read.contains(&(*guide, None)), "section {:?} of {:?} is paid twice", section, guide);
    }
    Ok(())
}

/// The least minutes in which own pages and those of the `lessons` that `suits` lets pass for a concept teach `concepts`, by
/// trying all sets of lessons.
pub(crate) fn cheapest(
    corpus: &Corpus,
    graph: &Graph,
    concepts: &BTreeSet<u32>,
    suits: &dyn Fn(&Material, u32) -> bool,
) -> u32 {
    let lessons = lessons(corpus, graph);
    let (taught, own): (Vec<u32>, Vec<u32>) =
        concepts.iter().copied().partition(|concept| graph.taught_by(PageId(*concept)).next().is_some());
    let own: u32 = own.iter().map(|concept| corpus.page(PageId(*concept)).minutes).sum();
    let sets = (0..1_u32 << lessons.len()).filter_map(|set| {
        let chosen = || lessons.iter().enumerate().filter(|(idx, _)| set >> idx & 1 == 1).map(|(_, lesson)| lesson);
        let teaches = |concept: &u32| chosen().any(|lesson| lesson.2.contains(concept) && suits(&lesson.0, *concept));
        taught.iter().all(teaches).then(|| chosen().map(|lesson| lesson.1).sum::<u32>())
    });
    own + sets.min().unwrap_or(0)
}
