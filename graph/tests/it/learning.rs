//! What learning takes is one figure, whoever asks for it, and what can be opened comes first.

use gradus_corpus::{Corpus, Kind, PageId, fixture};
use gradus_graph::{Assume, Graph, PlanMinutes, PlanOptions};
use proptest::prelude::*;

use crate::planning::any_corpus;

/// Whether a reader can open what these bits leave open.
fn opens(closed: u8) -> impl Fn(PageId, Option<usize>) -> bool {
    move |page, section| (closed >> ((page.idx() + section.unwrap_or(3)) % 8)) & 1 == 0
}

fn page(corpus: &Corpus, name: &str) -> PageId {
    let (kind, slug) = name.strip_prefix("guide:").map_or((Kind::Concept, name), |slug| (Kind::Guide, slug));
    corpus.find(kind, slug).unwrap()
}

#[test]
fn a_page_is_learned_from_the_shortest_lesson_that_can_be_opened() {
    let corpus =
        fixture::corpus("a @ 20\nguide:pro @ 10; teaches a, b\nguide:free @ 15; teaches a\nb @ 9\nc @ 7\nguide:d @ 3");
    let graph = Graph::new(&corpus);
    let can_open = |page: PageId, _: Option<usize>| &*corpus.page(page).slug != "pro";
    for (name, minutes, guide, is_locked) in [
        ("a", 15, Some("guide:free"), false),
        ("b", 10, Some("guide:pro"), true),
        ("c", 7, None, false),
        ("guide:d", 3, Some("guide:d"), false),
    ] {
        let lesson = graph.lesson(page(&corpus, name), &can_open);
        let guide = guide.map(|guide| page(&corpus, guide));
        assert_eq!((lesson.minutes, lesson.material.guide, lesson.is_locked), (minutes, guide, is_locked), "{name}");
    }
    assert_eq!(graph.lesson(page(&corpus, "a"), &|_, _| true).minutes, 10);
}

#[test]
fn the_frontier_and_paths_lead_through_what_can_be_opened_first() {
    let corpus = fixture::corpus(
        "b <- a\nc <- a\nguide:pro @ 1; teaches a\nfree @ 9\n
         guide:start\nguide:paid @ 1; <- guide:start\nguide:open @ 50; <- guide:start\nguide:end <- guide:paid, guide:open",
    );
    let graph = Graph::new(&corpus);
    let can_open = |page: PageId, _: Option<usize>| !["pro", "paid"].contains(&&*corpus.page(page).slug);
    let first = |can_open: gradus_graph::CanOpen<'_>| {
        let next = graph.frontier(&[], None, &|_| true, can_open).unwrap();
        next.iter().map(|next| format!("{} {}", corpus.page(next.page).slug, next.lesson.is_locked)).collect::<Vec<_>>()
    };
    assert_eq!(first(&can_open), ["free false", "a true"]);
    assert_eq!(first(&|_, _| true), ["a false", "free false"]);
    let through = |can_open: gradus_graph::CanOpen<'_>| {
        let paths = graph.paths(page(&corpus, "guide:start"), page(&corpus, "guide:end"), 2, can_open).paths;
        let told = paths.iter().map(|path| (&*corpus.page(path.pages[1]).slug, path.minutes_locked));
        told.map(|(slug, locked)| format!("{slug} {locked}")).collect::<Vec<_>>()
    };
    assert_eq!(through(&can_open), ["open 0", "paid 1"]);
    assert_eq!(through(&|_, _| true), ["paid 0", "open 0"]);
}

proptest! {
    #[test]
    fn minutes_are_those_of_the_plan(corpus in any_corpus(4, 3), closed in any::<u8>(), n_known in 0_usize..3) {
        let graph = Graph::new(&corpus);
        let can_open = opens(closed);
        let all: Vec<PageId> = corpus.pages().map(|(id, _)| id).collect();
        for target in corpus.concepts() {
            let others: Vec<PageId> = corpus.concepts().filter(|other| *other != target).collect();
            let alone = PlanOptions {
                assume: Assume::Exact,
                can_open: &can_open,
                ..PlanOptions::new(std::slice::from_ref(&target), &others)
            };
            let lesson = graph.lesson(target, &can_open);
            let plan = graph.plan(&alone).unwrap();
            prop_assert_eq!((plan.minutes_total, plan.minutes_locked > 0), (lesson.minutes, lesson.is_locked && lesson.minutes > 0));
            prop_assert_eq!(plan.steps[0].material, lesson.material);
        }
        let options = PlanOptions { can_open: &can_open, ..PlanOptions::new(&all, &all[..n_known.min(all.len())]) };
        let plan = graph.plan(&options).unwrap();
        let told = graph.plan_minutes(&options).unwrap();
        prop_assert_eq!(told, PlanMinutes { total: plan.minutes_total, locked: plan.minutes_locked });
    }
}
