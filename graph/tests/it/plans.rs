//! Plans and the frontier against naive ones, over random content with cycles, recommended prerequisites, and guides whose
//! sections teach several concepts.

use std::collections::{BTreeMap, BTreeSet};

use gradus_corpus::{Corpus, Kind, PageId, Strength, fixture};
use gradus_graph::{Assume, DeferReason, Graph, Material, PlanOptions};
use proptest::prelude::*;

use crate::planning::{any_corpus, cheapest, check, closure, corpus, learned, lessons, materials, needs};

/// Minutes of the textbook's greedy cover: always the lesson with the fewest minutes a new concept, of equals the one with
/// most new concepts. Ties are broken as the graph does: other ties lead to other covers, some of them cheaper.
fn greedy(corpus: &Corpus, graph: &Graph, concepts: &BTreeSet<u32>) -> u32 {
    let lessons = lessons(corpus, graph);
    let mut open: BTreeSet<u32> = concepts.clone();
    let mut minutes = 0;
    loop {
        let rate = |lesson: &&(Material, u32, BTreeSet<u32>)| {
            let n_new = lesson.2.intersection(&open).count() as u64;
            (((u64::from(lesson.1) << 20) + 1) / n_new, std::cmp::Reverse(n_new))
        };
        let Some(best) = lessons.iter().filter(|lesson| !lesson.2.is_disjoint(&open)).min_by_key(rate) else { break };
        minutes += best.1;
        open.retain(|concept| !best.2.contains(concept));
    }
    minutes + open.iter().map(|concept| corpus.page(PageId(*concept)).minutes).sum::<u32>()
}

fn concept(corpus: &Corpus, idx: usize) -> PageId {
    PageId(u32::try_from(idx % corpus.n_concepts()).unwrap())
}

proptest! {
    #[test]
    fn plans_are_valid_and_complete(corpus in any_corpus(4, 4), known in 0_usize..18, exact: bool) {
        let graph = Graph::new(&corpus);
        let required = needs(&corpus, Strength::Required);
        let known: Vec<PageId> = (known < 9).then(|| concept(&corpus, known)).into_iter().collect();
        let is_known: BTreeSet<u32> =
            if exact { known.iter().map(|page| page.0).collect() } else { closure(&required, known.iter().map(|page| page.0)) };
        let assume = if exact { Assume::Exact } else { Assume::Transitive };
        for target in corpus.concepts() {
            let options = PlanOptions { assume, ..PlanOptions::new(std::slice::from_ref(&target), &known) };
            let plan = graph.plan(&options).unwrap();
            let below = closure(&required, [target.0]);
            prop_assert_eq!(learned(&plan), below.difference(&is_known).copied().collect());
            let assumed: BTreeSet<u32> = plan.assumed_known.iter().map(|page| page.0).collect();
            prop_assert_eq!(assumed, below.intersection(&is_known).copied().collect());
            prop_assert!(plan.fits && plan.deferred.is_empty());
            check(&corpus, &graph, &plan, &is_known)?;
            for step in &plan.steps {
                prop_assert_eq!((step.why.first(), step.why.last()), (step.concepts.first(), Some(&target)));
                prop_assert!(step.why.windows(2).all(|pair| required[&pair[1].0].contains(&pair[0].0)));
            }
            prop_assert_eq!(&plan, &Graph::new(&corpus)
.plan(&options).unwrap());
        }
    }

    #[test]
    fn plans_to_guides_read_them_after_what_they_need(corpus in any_corpus(4, 3)) {
        let graph = Graph::new(&corpus);
        let required = needs(&corpus, Strength::Required);
        for target in corpus.guides() {
            let plan = graph.plan(&PlanOptions::new(&[target], &[])).unwrap();
            check(&corpus, &graph, &plan, &BTreeSet::new())?;
            let taught = graph.teaches(target).map(|page| page.0);
            prop_assert_eq!(learned(&plan), closure(&required, taught));
            let whole = Material { guide: Some(target), section: None };
            prop_assert!(plan.steps.iter().any(|step| materials(step).contains(&whole)));
        }
    }

    #[test]
    fn budgets_are_kept_and_what_is_left_out_is_told(corpus in any_corpus(4, 4), budget in 1_u32..200, recommended: bool) {
        let graph = Graph::new(&corpus);
        let required = needs(&corpus, Strength::Required);
        let weak = needs(&corpus, Strength::Recommended);
        for target in corpus.concepts() {
            let targets = [target];
            let whole = graph.plan(&PlanOptions::new(&targets, &[])).unwrap();
            let options = PlanOptions { budget: Some(budget), include_recommended: recommended, ..PlanOptions::new(&targets, &[]) };
            let plan = graph.plan(&options).unwrap();
            check(&corpus, &graph, &plan, &BTreeSet::new())?;
            prop_assert!(plan.minutes_total <= budget);
            prop_assert_eq!(plan.fits, whole.minutes_total <= budget);
            let (soft, hard): (Vec<_>, Vec<_>) =
                plan.deferred.iter().partition(|(_, why)| *why == DeferReason::RecommendedOverBudget);
            let hard: BTreeMap<u32, DeferReason> = hard.iter().map(|(page, why)| (page.0, *why)).collect();
            let needed = closure(&required, [target.0]);
            let done = learned(&plan);
            prop_assert_eq!(plan.fits, hard.is_empty());
            prop_assert!(hard.keys().all(|page| !done.contains(page)));
            prop_assert!(needed.iter().all(|page| done.contains(page) != hard.contains_key(page)));
            for (page, why) in &hard {
                let lacks = closure(&required, [*page]).iter().any(|need| need != page && hard.contains_key(need));
                prop_assert!(lacks || *why == DeferReason::RequiredOverBudget);
            }
            // Everything that is recommended is either learned or told, and stands on the way of something recommended.
            let all = closure(&required, [target.0]);
            let wanted = all.iter().flat_map(|page| weak.get(page)).flatten().copied();
            let told: BTreeSet<u32> = soft.iter().map(|(page, _)| page.0).collect();
            if recommended && plan.fits {
                prop_assert!(wanted.clone().all(|page| done.contains(&page) || told.contains(&page)));
                prop_assert!(told.is_disjoint(&done));
            } else {
                prop_assert!(done.is_subset(&needed));
            }
            for step in &plan.steps {
                let is_needed = step.concepts.iter().any(|page| needed.contains(&page.0));
                prop_assert_eq!(step.strength == Strength::Required, is_needed);
            }
        }
    }

    #[test]
    fn without_a_budget_everything_recommended_is_planned(corpus in any_corpus(3, 3)) {
        let graph = Graph::new(&corpus);
        let mut all = needs(&corpus, Strength::Required);
        needs(&corpus, Strength::Recommended).into_iter().for_each(|(page, more)| all.entry(page).or_default().extend(more));
        for target in corpus.concepts() {
            let plan = graph.plan(&PlanOptions { include_recommended: true, ..PlanOptions::new(&[target], &[]) }).unwrap();
            check(&corpus, &graph, &plan, &BTreeSet::new())?;
            prop_assert_eq!(learned(&plan), closure(&all, [target.0]));
        }
    }

    #[test]
    fn small_plans_are_as_cheap_as_can_be(corpus in any_corpus(3, 3)) {
        let graph = Graph::new(&corpus);
        for target in corpus.concepts() {
            let plan = graph.plan(&PlanOptions::new(&[target], &[])).unwrap();
            prop_assert!(plan.is_cheapest);
            prop_assert_eq!(plan.minutes_total, cheapest(&corpus, &graph, &learned(&plan), &|_, _| true));
        }
    }

    #[test]
    fn the_frontier_is_what_can_be_learned_now(corpus in any_corpus(0, 1), known in 0_usize..18, goal in 0_usize..18) {
        let graph = Graph::new(&corpus);
        let required = needs(&corpus, Strength::Required);
        let known: Vec<PageId> = (known < 9).then(|| concept(&corpus, known)).into_iter().collect();
        let goal = (goal < 9).then(|| concept(&corpus, goal));
        let done = closure(&required, known.iter().map(|page| page.0));
        let below = |page: u32| closure(&required, [page]);
        let wanted = goal.map_or_else(|| corpus.concepts().map(|page| page.0).collect(), |goal| below(goal.0));
        let together = |page: u32, other: u32| below(page).contains(&other) && below(other).contains(&page);
        let mut expected = Vec::new();
        for page in wanted.iter().copied().filter(|page| !done.contains(page)) {
            if below(page).iter().any(|need| !done.contains(need) && !together(page, *need)) {
                continue;
            }
            let apart = wanted.iter().filter(|other| !done.contains(other) && !together(page, **other));
            let direct: Vec<u32> =
                apart.clone().copied().filter(|other| required.get(other).is_some_and(|needs| needs.contains(&page))).collect();
            let above = apart.filter(|other| below(**other).contains(&page)).count();
            let count = if goal.is_some() { above } else { direct.len() };
            expected.push((std::cmp::Reverse(count), corpus.page(PageId(page)).minutes, page, direct));
        }
        expected.sort();
        let found: Vec<_> = graph.frontier(&known, goal, &|_| true, &|_, _| true).unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|next| {
                let direct = next.unlocks.iter().map(|page| page.0).collect::<Vec<_>>();
                (std::cmp::Reverse(next.unlocks_count), corpus.page(next.page).minutes, next.page.0, direct)
            })
            .collect();
        prop_assert_eq!(found, expected);
    }
}

proptest! {
    // Most of these are too large to be solved exactly, and take as long as the search may.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn plans_are_never_dearer_than_greedy_ones(
        minutes in prop::collection::vec(1_u32..60, 70),
        guides in prop::collection::vec((1_u32..60, prop::collection::vec((0_usize..40, prop::collection::vec(0_usize..70, 1..6)), 1..3)), 10..60),
        n in 20_usize..70,
    ) {
        let corpus = corpus(n, &[], &minutes, &guides);
        let graph = Graph::new(&corpus);
        let targets: Vec<PageId> = corpus.concepts().collect();
        let plan = graph.plan(&PlanOptions::new(&targets, &[])).unwrap();
        check(&corpus, &graph, &plan, &BTreeSet::new())?;
        prop_assert!(plan.minutes_total <= greedy(&corpus, &graph, &learned(&plan)));
    }
}

/// The steps that `text` plans for the concept `t`, as `concepts @ minutes in guide`.
fn steps(text: &str, prefer: &str) -> Vec<String> {
    let corpus = fixture::corpus(text);
    let graph = Graph::new(&corpus);
    let target = corpus.find(Kind::Concept, "t").unwrap();
    let slug = |page: PageId| corpus.page(page).slug.to_string();
    let prefer = |guide: PageId| u32::from(slug(guide) == prefer);
    let plan = graph.plan(&PlanOptions { prefer: &prefer, ..PlanOptions::new(&[target], &[]) }).unwrap();
    let told = plan.steps.iter().map(|step| {
        let concepts: Vec<String> = step.concepts.iter().map(|concept| slug(*concept)).collect();
        format!(
            "{} @ {} in {}",
            concepts.join(" "),
            step.minutes,
            step.material.guide.map_or("itself".to_owned(), slug)
        )
    });
    told.collect()
}

#[test]
fn a_guide_is_read_in_one_go_where_the_order_allows() {
    let text = "a\nb <- a\nt <- b\nx <- b\nguide:g @ 30; teaches a, b, t";
    assert_eq!(steps(text, ""), ["a b t @ 30 in g"]);
    let text = "a\nb <- a\nt <- b\nguide:g @ 30; teaches a, t\nguide:h @ 10; teaches b";
    assert_eq!(steps(text, ""), ["a @ 30 in g", "b @ 10 in h", "t @ 0 in g"]);
}

#[test]
fn a_guide_is_read_after_what_it_assumes() {
    let text = "z\na\nt <- a, z\nguide:g @ 30; teaches a; assumes z";
    assert_eq!(steps(text, ""), ["z @ 1 in itself", "a @ 30 in g", "t @ 1 in itself"]);
}

#[test]
fn what_was_learned_is_soon_used() {
    let text = "t <- flat, high\nhigh <- low\nlow <- lowest\nother <- flat";
    let order = ["lowest", "low", "high", "flat", "t"].map(|slug| format!("{slug} @ 1 in itself"));
    assert_eq!(steps(text, ""), order);
}

#[test]
fn a_guide_that_is_wanted_is_taken_though_it_is_longer() {
    let text = "a\nt <- a\nguide:short @ 10; teaches a, t\nguide:long @ 40; teaches t";
    assert_eq!(steps(text, ""), ["a t @ 10 in short"]);
    assert_eq!(steps(text, "long"), ["a @ 10 in short", "t @ 40 in long"]);
}

#[test]
fn a_group_that_needs_each_other_tells_every_lesson() {
    let corpus = fixture::corpus("t <- u\nu <- t\nguide:g @ 10; teaches t\nguide:h @ 20; teaches u");
    let graph = Graph::new(&corpus);
    let plan = graph.plan(&PlanOptions::new(&[corpus.find(Kind::Concept, "t").unwrap()], &[])).unwrap();
    assert_eq!((plan.steps.len(), plan.minutes_total, plan.steps[0].together), (1, 30, true));
    let guides: Vec<Option<PageId>> = materials(&plan.steps[0]).iter().map(|material| material.guide).collect();
    assert_eq!(guides, corpus.guides().map(Some).collect::<Vec<_>>());
}

#[test]
fn a_guide_that_teaches_nothing_is_a_step_itself() {
    let corpus = fixture::corpus("a @ 5\nguide:first @ 7; <- guide:zeroth\nguide:zeroth @ 3; assumes a");
    let graph = Graph::new(&corpus);
    let plan = graph.plan(&PlanOptions::new(&[corpus.find(Kind::Guide, "first").unwrap()], &[])).unwrap();
    let minutes: Vec<(usize, u32)> = plan.steps.iter().map(|step| (step.concepts.len(), step.minutes)).collect();
    assert_eq!(minutes, [(1, 5), (0, 3), (0, 7)]);
}

#[test]
fn recommended_pages_come_first_and_those_for_other_readers_are_told() {
    let corpus = fixture::corpus("a\nz\nt <- ?a, ?z");
    let graph = Graph::new(&corpus);
    let [a, z, t] = ["a", "z", "t"].map(|slug| corpus.find(Kind::Concept, slug).unwrap());
    let plan = graph
        .plan(&PlanOptions { include_recommended: true, recommend: &|page| page != a, ..PlanOptions::new(&[t], &[]) })
        .unwrap();
    assert_eq!(plan.steps.iter().flat_map(|step| step.concepts.clone()).collect::<Vec<_>>(), [z, t]);
    assert_eq!(plan.steps[0].why, [z, t]);
    assert_eq!(plan.deferred, [(a, DeferReason::RecommendedForOthers)]);
}
