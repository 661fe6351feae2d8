//! What plans are learned from, by who asks: what they can open, how thoroughly they want to learn, and whether they want to
//! stay with a guide.

use std::collections::{BTreeMap, BTreeSet};

use gradus_corpus::{Corpus, Kind, PageId, fixture};
use gradus_graph::{Depth, Graph, Material, Plan, PlanOptions};
use proptest::prelude::*;

use crate::planning::{any_corpus, cheapest, check, corpus, learned, lessons, materials};

fn target(corpus: &Corpus) -> PageId {
    corpus.find(Kind::Concept, "t").unwrap()
}

/// The steps of `plan` as `concepts @ minutes in guide`, with `!` where they are locked.
fn told(corpus: &Corpus, plan: &Plan) -> Vec<String> {
    let slug = |page: PageId| corpus.page(page).slug.to_string();
    let step = |step: &gradus_graph::StudyStep| {
        let concepts: Vec<String> = step.concepts.iter().map(|concept| slug(*concept)).collect();
        let guide = step.material.guide.map_or("itself".to_owned(), slug);
        format!("{} @ {} in {guide}{}", concepts.join(" "), step.minutes, if step.is_locked { "!" } else { "" })
    };
    plan.steps.iter().map(step).collect()
}

/// The plan for the concept `t` of a reader who cannot open the guide `pro`.
fn free(text: &str) -> (Vec<String>, u32) {
    let corpus = fixture::corpus(text);
    let targets = [target(&corpus)];
    let can_open = |page: PageId, _: Option<usize>| &*corpus.page(page).slug != "pro";
    let plan =
        Graph::new(&corpus).plan(&PlanOptions { can_open: &can_open, ..PlanOptions::new(&targets, &[]) }).unwrap();
    (told(&corpus, &plan), plan.minutes_locked)
}

#[test]
fn what_can_be_opened_comes_first_though_it_is_longer() {
    let text = "t\nguide:pro @ 10; teaches t\nguide:free @ 40; teaches t";
    assert_eq!(free(text), (vec!["t @ 40 in free".to_owned()], 0));
}

#[test]
fn a_locked_lesson_is_taken_where_nothing_else_teaches_and_is_told() {
    let text = "a\nt <- a\nguide:pro @ 10; teaches t, a\nguide:free @ 40; teaches a";
    assert_eq!(free(text), (vec!["a @ 40 in free".to_owned(), "t @ 10 in pro!".to_owned()], 10));
}

#[test]
fn a_guide_that_is_wanted_itself_is_told_as_locked() {
    let corpus = fixture::corpus("a\nguide:pro @ 7; <- guide:before; teaches a\nguide:before @ 3");
    let targets = [corpus.find(Kind::Guide, "pro").unwrap()];
    let can_open = |page: PageId, _: Option<usize>| page != targets[0];
    let plan =
        Graph::new(&corpus).plan(&PlanOptions { can_open: &can_open, ..PlanOptions::new(&targets, &[]) }).unwrap();
    let locked: Vec<(u32, u32, bool)> =
        plan.steps.iter().map(|step| (step.minutes, step.minutes_locked, step.is_locked)).collect();
    assert_eq!(locked, [(3, 0, false), (7, 7, true)]);
    assert_eq!((plan.minutes_total, plan.minutes_locked), (10, 7));
}

/// Two guides: `deep` speaks of `t` in two of its three sections, `wide` once and shortly.
fn two_guides() -> Corpus {
    let guides =
        [(60, vec![(50, vec![0]), (50, vec![0, 0]), (50, vec![1])]), (20, vec![(5, vec![0]), (95, vec![1, 1])])];
    corpus(2, &[], &[5, 5], &guides)
}

#[test]
fn quick_takes_the_shortest_section_and_solid_the_guide_of_the_subject() {
    let corpus = two_guides();
    let graph = Graph::new(&corpus);
    let targets = [PageId(0)];
    let material = |depth: Depth| {
        let plan = graph.plan(&PlanOptions { depth, ..PlanOptions::new(&targets, &[]) }).unwrap();
        (plan.steps[0].material, plan.minutes_total)
    };
    let [deep, wide] = ["g00", "g01"].map(|slug| corpus.find(Kind::Guide, slug));
    assert_eq!(material(Depth::Quick), (Material { guide: wide, section: Some(0) }, 2));
    assert_eq!(material(Depth::Solid), (Material { guide: deep, section: None }, 60));
}

#[test]
fn a_section_that_can_be_opened_is_solid_enough_where_its_guide_cannot() {
    let corpus = two_guides();
    let targets = [PageId(0)];
    let can_open = |_: PageId, section: Option<usize>| section.is_some();
    let options = PlanOptions { can_open: &can_open, depth: Depth::Solid, ..PlanOptions::new(&targets, &[]) };
    let plan = Graph::new(&corpus).plan(&options).unwrap();
    assert_eq!((plan.steps[0].material.section, plan.steps[0].is_locked), (Some(0), false));
}

#[test]
fn whoever_keeps_to_guides_reads_an_introduction_first() {
    // By id `c00` comes first, which the second section teaches.
    let corpus = corpus(3, &[(2, 0, true), (2, 1, true)], &[5, 5, 5], &[(30, vec![(50, vec![1]), (50, vec![0])])]);
    let graph = Graph::new(&corpus);
    let targets = [PageId(2)];
    let sections = |keep_to_guides: bool| -> Vec<Option<usize>> {
        // The guide as a whole is as long as both, so that one reads it in one go unless it is locked.
        let can_open = |_: PageId, section: Option<usize>| section.is_some();
        let options = PlanOptions { keep_to_guides, can_open: &can_open, ..PlanOptions::new(&targets, &[]) };
        graph.plan(&options).unwrap().steps.iter().map(|step| step.material.section).collect()
    };
    assert_eq!(sections(false), [Some(1), Some(0), None]);
    assert_eq!(sections(true), [Some(0), Some(1), None]);
}

/// How often the steps of `plan` go from one guide to another.
fn n_changes(plan: &Plan) -> usize {
    plan.steps.windows(2).filter(|pair| pair[0].material.guide != pair[1].material.guide).count()
}

#[test]
fn whoever_keeps_to_guides_changes_less() {
    // Depth first one reads of the first guide, the second, the first and the second again.
    let links = [(6, 4, true), (6, 5, true), (4, 0, true), (4, 1, true), (5, 2, true), (5, 3, true)];
    let guides = [(30, vec![(50, vec![0]), (50, vec![2])]), (30, vec![(50, vec![1]), (50, vec![3])])];
    let corpus = corpus(7, &links, &[5; 7], &guides);
    let graph = Graph::new(&corpus);
    let can_open = |_: PageId, section: Option<usize>| section.is_some();
    let plan = |keep_to_guides: bool| {
        let targets = [PageId(6)];
        graph.plan(&PlanOptions { keep_to_guides, can_open: &can_open, ..PlanOptions::new(&targets, &[]) }).unwrap()
    };
    assert_eq!((n_changes(&plan(false)), n_changes(&plan(true))), (5, 2));
}

/// Whether a reader who may open what the bits of `open` say can open a material: a guide has a bit, its sections another.
fn opens(corpus: &Corpus, open: u32, guide: PageId, section: Option<usize>) -> bool {
    let number = guide.idx() - corpus.n_concepts().min(guide.idx());
    open >> (2 * number + usize::from(section.is_some())) & 1 == 1
}

proptest! {
    #[test]
    fn plans_take_the_cheapest_of_what_can_be_opened(corpus in any_corpus(3, 3), open in 0_u32..64) {
        let graph = Graph::new(&corpus);
        let lessons = lessons(&corpus, &graph);
        let can_open = |page: PageId, section: Option<usize>| corpus.is_concept(page) || opens(&corpus, open, page, section);
        let is_open = |material: &Material| material.guide.is_none_or(|guide| can_open(guide, material.section));
        // A locked lesson suits where all lessons of the concept are locked.
        let suits = |material: &Material, concept: u32| {
            is_open(material) || !lessons.iter().any(|lesson| lesson.2.contains(&concept) && is_open(&lesson.0))
        };
        for target in corpus.concepts() {
            let targets = [target];
            let options = PlanOptions { can_open: &can_open, ..PlanOptions::new(&targets, &[]) };
            let plan = graph.plan(&options).unwrap();
            check(&corpus, &graph, &plan, &BTreeSet::new())?;
            prop_assert_eq!(plan.minutes_total, cheapest(&corpus, &graph, &learned(&plan), &suits));
            let whole = graph.plan(&PlanOptions::new(&targets, &[])).unwrap();
            prop_assert_eq!(learned(&plan), learned(&whole));
            for step in &plan.steps {
                prop_assert_eq!(step.is_locked, !materials(step).iter().all(is_open));
                prop_assert!(step.minutes_locked <= step.minutes && (step.is_locked || step.minutes_locked == 0));
                for (material, concept) in materials(step).iter().flat_map(|one| step.concepts.iter().map(move |concept| (one, concept))) {
                    let teaches = lessons.iter().any(|lesson| lesson.0 == *material && lesson.2.contains(&concept.0));
                    prop_assert!(!teaches || is_open(material) || suits(material, concept.0) || step.concepts.len() > 1);
                }
            }
            prop_assert_eq!(plan.minutes_locked, plan.steps.iter().map(|step| step.minutes_locked).sum::<u32>());
            if open == 63 {
                prop_assert_eq!(&plan, &whole);
            }
        }
    }

    #[test]
    fn solid_plans_read_whole_guides(corpus in any_corpus(4, 3)) {
        let graph = Graph::new(&corpus);
        for target in corpus.concepts() {
            let targets = [target];
            let plan = graph.plan(&PlanOptions { depth: Depth::Solid, ..PlanOptions::new(&targets, &[]) }).unwrap();
            check(&corpus, &graph, &plan, &BTreeSet::new())?;
            prop_assert!(plan.steps.iter().flat_map(materials).all(|material| material.section.is_none()));
            let weight = |guide: PageId| corpus.page(guide).treatments().get(&target).map_or(0, |treatment| treatment.weight);
            let most = graph.taught_by(target).map(weight).max();
            let suits = |material: &Material, concept: u32| {
                material.section.is_none() && (concept != target.0 || material.guide.map(weight) == most)
            };
            prop_assert_eq!(plan.minutes_total, cheapest(&corpus, &graph, &learned(&plan), &suits));
        }
    }

    #[test]
    fn keeping_to_guides_changes_nothing_but_the_order(corpus in any_corpus(4, 4), open in 0_u32..256) {
        let graph = Graph::new(&corpus);
        let can_open = |page: PageId, section: Option<usize>| corpus.is_concept(page) || opens(&corpus, open, page, section);
        for target in corpus.concepts() {
            let targets = [target];
            let options = PlanOptions { can_open: &can_open, ..PlanOptions::new(&targets, &[]) };
            let plan = graph.plan(&options).unwrap();
            let kept = graph.plan(&PlanOptions { keep_to_guides: true, ..options }).unwrap();
            check(&corpus, &graph, &kept, &BTreeSet::new())?;
            prop_assert_eq!((kept.minutes_total, learned(&kept)), (plan.minutes_total, learned(&plan)));
            let read = |plan: &Plan| -> BTreeSet<(Option<PageId>, Option<usize>)> {
                plan.steps.iter().flat_map(materials).map(|one| (one.guide, one.section)).collect()
            };
            prop_assert_eq!(read(&kept), read(&plan));
            // Where no guide was gone back to, the sections of each stand in their order unless one needs a later one.
            let mut visits: BTreeMap<PageId, Vec<usize>> = BTreeMap::new();
            for (at, step) in kept.steps.iter().enumerate() {
                step.material.guide.into_iter().for_each(|guide| visits.entry(guide).or_default().push(at));
            }
            let in_one_go = |at: &Vec<usize>| at.windows(2).all(|pair| pair[1] == pair[0] + 1);
            if needs_go_one_way(&corpus, &graph, &kept) {
                prop_assert!(visits.values().all(in_one_go), "{:?}", kept.steps);
            }
        }
    }
}

/// Whether the guides that `plan` reads need each other, over concepts, in no circle: then each can be read in one go. What
/// is read whole is better read after all that anything in it needs.
fn needs_go_one_way(corpus: &Corpus, graph: &Graph, plan: &Plan) -> bool {
    let group = |page: PageId| {
        let step = plan.steps.iter().position(|step| step.concepts.contains(&page))?;
        let guide = plan.steps[step].material.guide;
        (!plan.steps[step].together).then_some(guide.map_or(page, |guide| guide))
    };
    if plan.steps.iter().any(|step| step.together) {
        return false;
    }
    let wholes =
        plan.steps.iter().filter(|step| step.material.section.is_none()).filter_map(|step| step.material.guide);
    let wholes: BTreeSet<PageId> = wholes.collect();
    let mut needs: BTreeMap<PageId, BTreeSet<PageId>> = BTreeMap::new();
    for edge in corpus.declared().iter().filter(|edge| edge.relation == gradus_corpus::Relation::Requires) {
        let teaching = wholes.iter().copied().filter(|guide| graph.teaches(*guide).any(|concept| concept == edge.from));
        let Some(to) = group(edge.to).filter(|_| edge.strength == gradus_corpus::Strength::Required) else { continue };
        for from in group(edge.from).into_iter().chain(teaching).filter(|from| *from != to) {
            needs.entry(from).or_default().insert(to);
        }
    }
    // Taking away what needs nothing that is left empties a graph without circles.
    while let Some(free) = needs.keys().copied().find(|one| needs[one].iter().all(|need| !needs.contains_key(need))) {
        needs.remove(&free);
    }
    needs.is_empty()
}
