//! Guides as full citizens: chains, frontiers, levels and plans over guides, their prerequisites and their order, against
//! naive answers.

use std::collections::{BTreeMap, BTreeSet};

use gradus_corpus::{Corpus, Kind, PageId, Relation, Strength, fixture};
use gradus_graph::{ChainEdge, ClosureOptions, Graph, Paths, Plan, PlanOptions, StrengthFilter};
use proptest::prelude::*;

const ALL: ClosureOptions =
    ClosureOptions { depth: None, strength: StrengthFilter::Required, reduce: false, max_pages: 10_000 };

fn guide(corpus: &Corpus, slug: &str) -> PageId {
    corpus.find(Kind::Guide, slug).unwrap()
}

fn find(corpus: &Corpus, name: &str) -> PageId {
    match name.strip_prefix("guide:") {
        Some(slug) => guide(corpus, slug),
        None => corpus.find(Kind::Concept, name).unwrap(),
    }
}

fn slugs(corpus: &Corpus, pages: &[PageId]) -> Vec<String> {
    pages.iter().map(|page| corpus.page(*page).slug.to_string()).collect()
}

/// The guides that `plan` reads, step by step.
fn read(plan: &Plan) -> Vec<PageId> {
    plan.steps
        .iter()
        .flat_map(|step| std::iter::once(&step.material).chain(&step.further))
        .filter_map(|one| one.guide)
        .collect()
}

/// The cheapest path as `page -edge-> page`, or the common pages.
fn path(text: &str, from: &str, to: &str) -> String {
    let corpus = fixture::corpus(text);
    let Paths { paths, common, .. } =
        Graph::new(&corpus).paths(find(&corpus, from), find(&corpus, to), 1, &|_, _| true);
    let Some(path) = paths.first() else { return format!("common {}", slugs(&corpus, &common).join(" ")) };
    assert_eq!(path.edges.len() + 1, path.pages.len());
    let pages = slugs(&corpus, &path.pages);
    let told = path.edges.iter().zip(&pages[1..]).map(|(edge, page)| match edge {
        ChainEdge::Needs => format!(" < {page}"),
        ChainEdge::TaughtBy => format!(" = {page}"),
        ChainEdge::Follows => format!(" . {page}"),
    });
    pages[0].clone() + &told.collect::<String>()
}

#[test]
fn paths_lead_through_guides_and_what_they_teach() {
    let text =
        "c <- b\nguide:one teaches a\nguide:two assumes a; teaches b\nguide:three teaches c\nguide:four <- guide:three";
    assert_eq!(path(text, "guide:one", "guide:two"), "one < two");
    assert_eq!(path(text, "a", "guide:two"), "a < two");
    assert_eq!(path(text, "guide:two", "guide:four"), "two < three < four");
    assert_eq!(path(text, "guide:two", "c"), "two < c");
    assert_eq!(path(text, "guide:one", "b"), "one < two = b");
    assert_eq!(path(text, "a", "b"), "common ", "between concepts only concepts count");
    assert_eq!(path(text, "guide:four", "guide:one"), "common ");
}

#[test]
fn order_joins_guides_only_where_no_prerequisites_do() {
    let series = "guide:b follows guide:a\nguide:c follows guide:b\nguide:d follows guide:c";
    assert_eq!(path(series, "guide:a", "guide:d"), "a . b . c . d");
    assert_eq!(path(series, "guide:d", "guide:a"), "common ");
    assert_eq!(path(&format!("{series}\nguide:d <- guide:a"), "guide:a", "guide:d"), "a < d");
    assert_eq!(path(&format!("{series}\nguide:e <- guide:c"), "guide:a", "guide:e"), "a . b . c < e");
}

#[test]
fn guides_without_a_chain_share_what_both_need() {
    let text = "deep\nbase <- deep\nx <- base\ny <- base\nguide:one teaches x\nguide:two teaches y; assumes base";
    assert_eq!(path(text, "guide:one", "guide:two"), "common base");
}

/// The frontier of `text` as `page+unlocked`.
fn frontier(text: &str, known: &[&str], goal: Option<&str>) -> Vec<String> {
    let corpus = fixture::corpus(text);
    let known: Vec<PageId> = known.iter().map(|name| find(&corpus, name)).collect();
    let pages =
        Graph::new(&corpus).frontier(&known, goal.map(|goal| find(&corpus, goal)), &|_| true, &|_, _| true).unwrap();
    pages.iter().map(|next| format!("{}+{}", corpus.page(next.page).slug, next.unlocks_count)).collect()
}

#[test]
fn the_frontier_of_a_site_without_concepts_is_its_guides() {
    let text = "guide:setup\nguide:deploy <- guide:setup, guide:build\nguide:build\nguide:scale <- guide:deploy";
    assert_eq!(frontier(text, &[], None), ["build+1", "setup+1"]);
    assert_eq!(frontier(text, &["guide:setup"], None), ["build+1"]);
    assert_eq!(frontier(text, &["guide:deploy"], None), ["scale+0"]);
    assert_eq!(frontier(text, &[], Some("guide:scale")), ["build+1", "setup+1"], "the goal itself is not counted");
    assert_eq!(frontier(text, &["guide:deploy"], Some("guide:scale")), ["scale+0"]);
}

#[test]
fn what_a_hundred_pages_unlock_is_counted_for_each() {
    // The pages of tens unlock more the lower they stand; more than a word of the count's has bits.
    let line = |idx: usize| match idx % 10 {
        0 => format!("guide:g{idx:03}\nguide:goal <- guide:g{:03}\n", idx + idx / 10 % 10),
        _ => format!("guide:g{idx:03} <- guide:g{:03}\n", idx - 1),
    };
    let text: String = (0..100).map(line).collect();
    let told = frontier(&text, &[], Some("guide:goal"));
    let expected: Vec<String> = (0..10).rev().map(|ten| format!("g{:03}+{ten}", ten * 10)).collect();
    assert_eq!(told, expected);
    let wide: String = (0..90).map(|idx| format!("guide:goal <- guide:top\nguide:top <- guide:w{idx:02}\n")).collect();
    let told = frontier(&wide, &[], Some("guide:goal"));
    assert!(told.len() == 90 && told.iter().all(|one| one.ends_with("+1")));
}

#[test]
fn the_frontier_goes_on_in_the_order_of_the_site() {
    let text = "guide:z\nguide:b follows guide:z\nguide:a follows guide:b\nguide:alone";
    assert_eq!(frontier(text, &[], None), ["z+0", "alone+0", "b+0", "a+0"]);
    assert_eq!(frontier(text, &["guide:z"], None), ["b+0", "alone+0", "a+0"]);
    assert_eq!(frontier(text, &["guide:b"], None), ["a+0", "z+0", "alone+0"], "b vouches for no z: order is soft");
    assert_eq!(
        frontier(&format!("{text}\nguide:y <- guide:alone"), &[], None)[0],
        "alone+1",
        "what unlocks comes first"
    );
}

#[test]
fn a_goal_that_is_a_guide_has_guides_and_concepts_on_its_way() {
    let text = "a\nb\nguide:taught teaches a\nguide:intro\nguide:goal <- guide:intro; assumes b\nguide:intro assumes a";
    assert_eq!(frontier(text, &[], Some("guide:goal")), ["a+1", "b+0"]);
    assert_eq!(frontier(text, &["a"], Some("guide:goal")), ["b+0", "intro+0"]);
    assert_eq!(frontier(text, &["b", "guide:intro"], Some("guide:goal")), ["goal+0"]);
    assert_eq!(frontier(text, &[], None), ["a+0", "b+0"], "without such a goal concepts alone");
}

#[test]
fn what_a_needed_guide_teaches_has_its_needs_below_the_guide() {
    let corpus = fixture::corpus("n <- m\nt <- n\nguide:g teaches t\nguide:top <- guide:g");
    let closure = Graph::new(&corpus).prerequisites(guide(&corpus, "top"), &ALL);
    let levels: Vec<Vec<String>> = closure.levels.iter().map(|level| slugs(&corpus, level)).collect();
    assert_eq!(levels, [["m"], ["n"], ["g"]]);
    let unlocks = Graph::new(&corpus).unlocks(guide(&corpus, "g"), &ALL);
    assert_eq!(slugs(&corpus, &unlocks.pages), ["top"]);
}

#[test]
fn neighbours_in_order_are_told() {
    let corpus = fixture::corpus("guide:b follows guide:a\nguide:c follows guide:b\nguide:d follows guide:b");
    let graph = Graph::new(&corpus);
    let b = guide(&corpus, "b");
    assert_eq!(slugs(&corpus, &graph.follows(b).collect::<Vec<_>>()), ["a"]);
    assert_eq!(slugs(&corpus, &graph.followed_by(b).collect::<Vec<_>>()), ["c", "d"]);
    assert!(graph.cycles().is_empty());
}

#[test]
fn pages_that_follow_each_other_make_no_cycle_and_end_no_plan() {
    let corpus = fixture::corpus("guide:a follows guide:b\nguide:b follows guide:a\nguide:t <- guide:a, guide:b");
    let graph = Graph::new(&corpus);
    assert!(graph.cycles().is_empty());
    let plan = graph.plan(&PlanOptions::new(&[guide(&corpus, "t")], &[])).unwrap();
    assert_eq!(plan.steps.len(), 3);
    assert!(plan.steps.iter().all(|step| !step.together));
}

#[test]
fn guides_are_planned_in_the_order_of_the_site() {
    let text = "guide:t <- guide:m, guide:a, guide:z\nguide:m follows guide:z\nguide:a follows guide:between\nguide:between follows guide:m";
    let corpus = fixture::corpus(text);
    let plan = Graph::new(&corpus).plan(&PlanOptions::new(&[guide(&corpus, "t")], &[])).unwrap();
    assert_eq!(slugs(&corpus, &read(&plan)), ["z", "m", "a", "t"], "though `between` is not on the way");
}

#[test]
fn lessons_of_concepts_are_planned_in_the_order_of_the_site() {
    let text = "x\ny\nt <- x, y\nguide:late teaches x\nguide:early teaches y\nguide:late follows guide:early";
    let corpus = fixture::corpus(text);
    let plan = Graph::new(&corpus).plan(&PlanOptions::new(&[find(&corpus, "t")], &[])).unwrap();
    assert_eq!(slugs(&corpus, &read(&plan)), ["early", "late"]);
}

#[test]
fn a_guide_that_states_no_prerequisites_has_a_start() {
    let text: String = (1..20).map(|idx| format!("guide:g{idx:02} follows guide:g{:02}\n", idx - 1)).collect();
    let corpus = fixture::corpus(&text);
    let graph = Graph::new(&corpus);
    let targets = [guide(&corpus, "g03")];
    let plan = graph.plan(&PlanOptions::new(&targets, &[])).unwrap();
    assert_eq!(slugs(&corpus, &plan.start), ["g02", "g01", "g00"]);
    assert_eq!(slugs(&corpus, &read(&plan)), ["g03"]);
    let known = [guide(&corpus, "g01")];
    assert_eq!(
        slugs(&corpus, &graph.plan(&PlanOptions::new(&targets, &known)).unwrap().start),
        ["g02"],
        "what is known starts it"
    );
    let plan = graph.plan(&PlanOptions { include_recommended: true, ..PlanOptions::new(&targets, &[]) }).unwrap();
    assert_eq!(slugs(&corpus, &read(&plan)), ["g00", "g01", "g02", "g03"]);
    let strengths: Vec<Strength> = plan.steps.iter().map(|step| step.strength).collect();
    assert_eq!(strengths, [Strength::Recommended, Strength::Recommended, Strength::Recommended, Strength::Required]);
    assert!(plan.start.is_empty());
    let plan = graph
        .plan(&PlanOptions { include_recommended: true, budget: Some(2), ..PlanOptions::new(&targets, &[]) })
        .unwrap();
    assert_eq!(slugs(&corpus, &read(&plan)), ["g02", "g03"]);
    assert_eq!(graph.plan(&PlanOptions::new(&[guide(&corpus, "g19")], &[])).unwrap().start.len(), 12);
    let corpus = fixture::corpus(&format!("{text}guide:g03 <- guide:g10"));
    let plan = Graph::new(&corpus).plan(&PlanOptions::new(&[guide(&corpus, "g03")], &[])).unwrap();
    assert!(plan.start.is_empty(), "stated prerequisites say where to start");
}

/// Guides `g00` … with requirements and one order over all of them by their numbers.
fn chained(n: usize, links: &[(usize, usize)]) -> Corpus {
    let mut text = String::from("guide:g00\n");
    text.extend((1..n).map(|idx| format!("guide:g{idx:02} follows guide:g{:02}\n", idx - 1)));
    text.extend(
        links
            .iter()
            .filter(|(a, b)| a % n != b % n)
            .map(|(a, b)| format!("guide:g{:02} <- guide:g{:02}\n", a % n, b % n)),
    );
    fixture::corpus(&text)
}

/// From pages to what they need, over one relation.
fn stated(corpus: &Corpus, relation: Relation) -> BTreeMap<u32, BTreeSet<u32>> {
    let mut stated = BTreeMap::<u32, BTreeSet<u32>>::new();
    for edge in corpus.declared().iter().filter(|edge| edge.relation == relation) {
        stated.entry(edge.from.0).or_default().insert(edge.to.0);
    }
    stated
}

fn below(needs: &BTreeMap<u32, BTreeSet<u32>>, page: u32) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let mut open = vec![page];
    while let Some(page) = open.pop() {
        if found.insert(page) {
            open.extend(needs.get(&page).into_iter().flatten());
        }
    }
    found
}

/// Always the first by number of those pages all of whose needs are done, with what needs it in turn.
fn first_ready_first(needs: &BTreeMap<u32, BTreeSet<u32>>, pages: &BTreeSet<u32>) -> Vec<u32> {
    let mut order: Vec<u32> = Vec::new();
    while order.len() < pages.len() {
        let group = |page: u32| -> BTreeSet<u32> {
            below(needs, page).into_iter().filter(|other| below(needs, *other).contains(&page)).collect()
        };
        let is_ready = |page: &&u32| {
            let group = group(**page);
            !order.contains(page)
                && below(needs, **page).iter().all(|need| group.contains(need) || order.contains(need))
        };
        let next = *pages.iter().find(is_ready).unwrap();
        order.extend(group(next));
    }
    order
}

proptest! {
    #[test]
    fn plans_over_guides_are_those_of_the_oracle(
        n in 2_usize..12, links in prop::collection::vec((0_usize..12, 0_usize..12), 0..20),
    ) {
        let corpus = chained(n, &links);
        let graph = Graph::new(&corpus);
        let needs = stated(&corpus, Relation::Requires);
        for target in corpus.guides() {
            let plan = graph.plan(&PlanOptions::new(&[target], &[])).unwrap();
            let order: Vec<u32> = read(&plan).iter().map(|page| page.0).collect();
            prop_assert_eq!(order, first_ready_first(&needs, &below(&needs, target.0)));
        }
    }

    #[test]
    fn order_never_hurts_a_prerequisite(
        n in 2_usize..10,
        links in prop::collection::vec((0_usize..10, 0_usize..10), 0..16),
        follows in prop::collection::vec((0_usize..10, 0_usize..10), 0..16),
    ) {
        let mut text: String = (0..n).map(|idx| format!("guide:g{idx:02}\n")).collect();
        let line = |verb: &str, (a, b): &(usize, usize)| format!("guide:g{:02} {verb} guide:g{:02}\n", a % n, b % n);
        text.extend(links.iter().filter(|(a, b)| a % n != b % n).map(|link| line("<-", link)));
        let without = fixture::corpus(&text);
        text.extend(follows.iter().map(|link| line("follows", link)));
        let corpus = fixture::corpus(&text);
        let graph = Graph::new(&corpus);
        let (needs, order) = (stated(&corpus, Relation::Requires), stated(&corpus, Relation::Follows));
        let without = Graph::new(&without);
        prop_assert_eq!(graph.cycles(), without.cycles());
        for target in corpus.guides() {
            let plan = graph.plan(&PlanOptions::new(&[target], &[])).unwrap();
            let read: Vec<u32> = read(&plan).iter().map(|page| page.0).collect();
            let all: BTreeSet<u32> = read.iter().copied().collect();
            prop_assert_eq!(&all, &below(&needs, target.0));
            let place = |page: u32| read.iter().position(|one| *one == page).unwrap();
            for (page, need) in needs.iter().flat_map(|(page, needs)| needs.iter().map(move |need| (*page, *need))) {
                if all.contains(&page) && !below(&needs, need).contains(&page) {
                    prop_assert!(place(need) < place(page));
                }
            }
            // Where order and prerequisites agree as a whole, all of the order is kept.
            let both: BTreeMap<u32, BTreeSet<u32>> = (0..u32::try_from(n).unwrap())
                .map(|page| (page, [&needs, &order].into_iter().filter_map(|map| map.get(&page)).flatten().copied().collect()))
                .collect();
            let has_cycle = both.iter().any(|(page, before)| before.iter().any(|one| below(&both, *one).contains(page)));
            if !has_cycle {
                for page in &all {
                    let before = below(&order, *page);
                    prop_assert!(before.iter().filter(|one| *one != page && all.contains(one)).all(|one| place(*one) < place(*page)) || !is_linear(&order));
                }
            }
        }
    }

    #[test]
    fn frontiers_over_guides_are_those_of_the_oracle(
        n in 2_usize..10, links in prop::collection::vec((0_usize..10, 0_usize..10), 0..16),
        known in 0_usize..20, goal in 0_usize..20,
    ) {
        let corpus = chained(n, &links);
        let graph = Graph::new(&corpus);
        let needs = stated(&corpus, Relation::Requires);
        let id = |idx: usize| PageId(u32::try_from(idx % n).unwrap());
        let known: Vec<PageId> = (known < 10).then(|| id(known)).into_iter().collect();
        let goal = (goal < 10).then(|| id(goal));
        let done: BTreeSet<u32> = known.iter().flat_map(|page| below(&needs, page.0)).collect();
        let wanted: BTreeSet<u32> =
            goal.map_or_else(|| corpus.guides().map(|page| page.0).collect(), |goal| below(&needs, goal.0));
        let together = |page: u32, other: u32| below(&needs, page).contains(&other) && below(&needs, other).contains(&page);
        let mut expected = Vec::new();
        for page in wanted.iter().copied().filter(|page| !done.contains(page)) {
            if below(&needs, page).iter().any(|need| !done.contains(need) && !together(page, *need)) {
                continue;
            }
            let others = wanted.iter().copied().filter(|other| {
                !done.contains(other) && !together(page, *other) && goal != Some(PageId(*other))
            });
            let direct: Vec<u32> =
                others.clone().filter(|other| needs.get(other).is_some_and(|needs| needs.contains(&page))).collect();
            let above = others.filter(|other| below(&needs, *other).contains(&page)).count();
            let count = if goal.is_some() { above } else { direct.len() };
            // Goes on, starts, waits; by number each.
            let turn = if page == 0 { 1 } else if done.contains(&(page - 1)) { 0 } else { 3 };
            expected.push((std::cmp::Reverse(count), turn, page, direct));
        }
        expected.sort();
        let found = graph.frontier(&known, goal, &|_| true, &|_, _| true).unwrap();
        let found: Vec<(usize, u32, Vec<u32>)> = found
            .iter()
            .map(|next| (next.unlocks_count, next.page.0, next.unlocks.iter().map(|page| page.0).collect()))
            .collect();
        let expected: Vec<(usize, u32, Vec<u32>)> =
            expected.into_iter().map(|(count, _, page, direct)| (count.0, page, direct)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn paths_between_any_pages_are_the_cheapest_of_all(
        n in 1_usize..5, guides in 1_usize..5,
        requires in prop::collection::vec((0_usize..5, 0_usize..5), 0..6),
        others in prop::collection::vec((0_usize..5, 0_usize..4, 0_usize..5), 0..10),
        minutes in prop::collection::vec(1_u32..9, 10),
    ) {
        let mut text = String::new();
        for (idx, minutes) in minutes.iter().enumerate().take(n) {
            text.push_str(&format!("c{idx} @ {minutes}\n"));
        }
        for (idx, minutes) in minutes[5..].iter().enumerate().take(guides) {
            text.push_str(&format!("guide:g{idx} @ {minutes}\n"));
        }
        text.extend(requires.iter().filter(|(a, b)| a % n != b % n).map(|(a, b)| format!("c{} <- c{}\n", a % n, b % n)));
        for (from, verb, to) in &others {
            let from = from % guides;
            let line = match verb {
                0 => format!("guide:g{from} teaches c{}\n", to % n),
                1 => format!("guide:g{from} assumes c{}\n", to % n),
                2 if from != to % guides => format!("guide:g{from} <- guide:g{}\n", to % guides),
                _ => format!("guide:g{from} follows guide:g{}\n", to % guides),
            };
            text.push_str(&line);
        }
        let corpus = fixture::corpus(&text);
        let graph = Graph::new(&corpus);
        for (from, to) in corpus.guides().flat_map(|guide| corpus.pages().flat_map(move |(other, _)| [(guide, other), (other, guide)])) {
            if from == to {
                continue;
            }
            let hard = chains(&corpus, from.0, to.0, false);
            let expected = if hard.is_empty() { chains(&corpus, from.0, to.0, true) } else { hard };
            let found = graph.paths(from, to, 3, &|_, _| true).paths;
            let found: Vec<Vec<u32>> = found.iter().map(|path| path.pages.iter().map(|page| page.0).collect()).collect();
            prop_assert_eq!(found, expected.into_iter().take(3).collect::<Vec<_>>());
        }
    }
}

/// Whether no page follows two, and none is followed by two: a line.
fn is_linear(order: &BTreeMap<u32, BTreeSet<u32>>) -> bool {
    let mut followed = BTreeSet::new();
    order.values().all(|before| before.len() == 1 && before.iter().all(|one| followed.insert(*one)))
}

/// All chains from `from` to `to` by minutes, hops and ids.
fn chains(corpus: &Corpus, from: u32, to: u32, with_order: bool) -> Vec<Vec<u32>> {
    let [requires, assumes, teaches, follows] =
        [Relation::Requires, Relation::Assumes, Relation::Teaches, Relation::Follows]
            .map(|relation| stated(corpus, relation));
    let of = |map: &BTreeMap<u32, BTreeSet<u32>>, page: u32| map.get(&page).cloned().unwrap_or_default();
    let joins = |before: u32, page: u32| {
        let taught = of(&teaches, page);
        let mut needs: BTreeSet<u32> = of(&requires, page).union(&of(&assumes, page)).copied().collect();
        taught.iter().for_each(|concept| needs.extend(of(&requires, *concept)));
        let needs: BTreeSet<u32> = needs.difference(&taught).copied().collect();
        let given: BTreeSet<u32> = of(&teaches, before).into_iter().chain([before]).collect();
        !needs.is_disjoint(&given)
            || of(&teaches, before).contains(&page)
            || with_order && of(&follows, page).contains(&before)
    };
    let n_pages = u32::try_from(corpus.n_pages()).unwrap();
    let mut found = Vec::new();
    let mut open = vec![vec![from]];
    while let Some(chain) = open.pop() {
        let last = *chain.last().unwrap();
        if last == to {
            found.push(chain);
            continue;
        }
        let next = (0..n_pages).filter(|page| !chain.contains(page) && joins(last, *page));
        open.extend(next.map(|page| chain.iter().copied().chain([page]).collect::<Vec<u32>>()));
    }
    let cost = |chain: &Vec<u32>| {
        let minutes: u32 = chain[1..].iter().map(|page| corpus.page(PageId(*page)).minutes).sum();
        (minutes, chain.len(), chain.clone())
    };
    found.sort_by_key(cost);
    found
}
