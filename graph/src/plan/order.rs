//! The order of a plan: nothing before what it needs, and what belongs together near.

use gradus_corpus::PageId;
use rustc_hash::FxHashMap;

use super::choice::{Choice, StepSource};
use super::guide_order::guide_by_guide;
use super::options::PlanOptions;
use super::soft_order::{LessonPlace, soft_edges};
use super::topological::{depth_first, group_by_group};
use super::way::Way;
use crate::csr::narrow;
use crate::graph::Graph;
use crate::local_graph::LocalGraph;
use crate::reading_order::OrderPlace;
use crate::rows::StrengthFilter;

/// Places that are learned in one go: one page, a group that needs each other, or several from one lesson.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StepPlaces {
    /// Foundations first.
    pub(super) places: Vec<u32>,
    /// Whether they need each other.
    pub(super) together: bool,
}

/// The components of a way in order.
pub(super) struct PlanOrder<'a> {
    pub(super) graph: LocalGraph,
    /// Every component, each after all that it needs.
    pub(super) components: Vec<u32>,
    units: Units<'a>,
}

/// What of a way is learned from one lesson.
struct Units<'a> {
    way: &'a Way,
    /// The unit of each component: one for all single pages of a lesson, and one for each other component.
    unit: Vec<u32>,
    /// The components of each unit, foundations first.
    members: Vec<Vec<u32>>,
    /// The source of each unit; `None` where it has none, or is a group that needs each other.
    sources: Vec<Option<StepSource>>,
}

impl Graph {
    /// The order in which to learn what `choice` gives sources for.
    ///
    /// Lessons are ordered depth first from the targets, the deepest branch first, so that what was learned is soon used
    /// (the order in which Sethi and Ullman, 1970, evaluate expressions with the fewest values to keep in mind). Where
    /// lessons need each other's concepts none can be read in one go: then the one at hand is followed as far as it goes.
    /// What the site puts in an order is learned in that order where nothing else is needed first.
    /// O((pages + edges) · log pages).
    pub(super) fn order<'a>(&self, options: &PlanOptions<'_>, way: &'a Way, choice: &Choice) -> PlanOrder<'a> {
        let graph = LocalGraph::new(way.pages.len(), way.edges.clone());
        let units = Units::new(way, &graph, choice);
        let of = |place: u32| units.unit[graph.component(place) as usize];
        let mut edges: Vec<(u32, u32)> = way.edges.iter().map(|(from, to)| (of(*from), of(*to))).collect();
        edges.extend(self.assumed_by_lessons(way, &units, &of));
        edges.extend(way.recommends.iter().map(|(from, to)| (of(*from), of(*to))));
        edges.retain(|(from, to)| from != to);
        let keeps = options.keep_to_guides;
        let places: Vec<Option<LessonPlace>> =
            (0..narrow(units.members.len())).map(|unit| self.lesson_place(&units, unit, &graph, keeps)).collect();
        edges.extend(soft_edges(&edges, &places));
        let lessons = LocalGraph::new(units.members.len(), edges);
        let rank = |unit: u32| units.first_page(unit, &graph);
        let in_order = if keeps {
            let guides: Vec<Option<PageId>> = units.sources.iter().map(|source| self.guide_of(*source)).collect();
            guide_by_guide(&lessons, &guides, &places, &rank)
        } else {
            depth_first(&lessons, &rank)
        };
        let mut components = Vec::with_capacity(units.unit.len());
        for group in in_order {
            match lessons.components()[group as usize].as_slice() {
                [unit] => components.extend(&units.members[*unit as usize]),
                several => components.extend(units.interleave(several, &graph)),
            }
        }
        PlanOrder { graph, components, units }
    }

    /// Where the site puts what `unit` is learned from. With `in_guides`, a guide that stands in no order of the site is one
    /// of its own sections.
    fn lesson_place(&self, units: &Units<'_>, unit: u32, graph: &LocalGraph, in_guides: bool) -> Option<LessonPlace> {
        let place = |page: u32, section: usize| {
            // No order is numbered like a page that stands in none.
            let alone = || (in_guides && !self.rows.is_concept(page)).then_some(OrderPlace { order: page, place: 0 });
            Some((self.reading_order.place(page).or_else(alone)?, section))
        };
        match units.sources[unit as usize] {
            Some(StepSource::Lesson(lesson)) => {
                let lesson = &self.lessons[lesson as usize];
                place(lesson.guide.0, lesson.section.map_or(0, |section| section + 1))
            }
            Some(StepSource::Own(page)) => place(page, 0),
            None => units.steps(unit, graph).filter_map(|page| place(page, 0)).min(),
        }
    }

    /// The guide that `source` is, or is a part of.
    fn guide_of(&self, source: Option<StepSource>) -> Option<PageId> {
        match source? {
            StepSource::Lesson(lesson) => Some(self.lessons[lesson as usize].guide),
            StepSource::Own(page) => (!self.rows.is_concept(page)).then_some(PageId(page)),
        }
    }

    /// From whole guides to what they assume: a guide that is read whole is better read after all that it assumes.
    fn assumed_by_lessons(&self, way: &Way, units: &Units<'_>, of: &dyn Fn(u32) -> u32) -> Vec<(u32, u32)> {
        let mut edges = Vec::new();
        for (unit, source) in (0..).zip(&units.sources) {
            let Some(StepSource::Lesson(lesson)) = source else { continue };
            let lesson = &self.lessons[*lesson as usize];
            if lesson.section.is_none() {
                let needs = self.rows.needs(lesson.guide.0, StrengthFilter::Required).into_iter();
                edges.extend(needs.filter_map(|need| way.place(need)).map(|place| (unit, of(place))));
            }
        }
        edges
    }
}

impl<'a> Units<'a> {
    fn new(way: &'a Way, graph: &LocalGraph, choice: &Choice) -> Self {
        let mut unit_of: FxHashMap<StepSource, u32> = FxHashMap::default();
        let mut unit = Vec::with_capacity(graph.components().len());
        let (mut members, mut sources) = (Vec::<Vec<u32>>::new(), Vec::new());
        for (component, places) in (0..).zip(graph.components()) {
            let source = if let [place] = places.as_slice() { choice.sources[*place as usize] } else { None };
            let new = narrow(members.len());
            let at = source.map_or(new, |source| *unit_of.entry(source).or_insert(new));
            if at == new {
                members.push(Vec::new());
                sources.push(source);
            }
            members[at as usize].push(component);
            unit.push(at);
        }
        Self { way, unit, members, sources }
    }

    /// The pages of a unit that have to be learned.
    fn steps<'b>(&'b self, unit: u32, graph: &'b LocalGraph) -> impl Iterator<Item = u32> + 'b {
        let components = self.members[unit as usize].iter();
        let places = components.flat_map(|component| &graph.components()[*component as usize]).copied();
        let steps = places.filter(|place| self.way.is_step[*place as usize]);
        steps.map(|place| self.way.pages[place as usize])
    }

    /// The first by id of the pages of a unit.
    fn first_page(&self, unit: u32, graph: &LocalGraph) -> u32 {
        let places = self.members[unit as usize].iter().flat_map(|component| &graph.components()[*component as usize]);
        places.map(|place| self.way.pages[*place as usize]).min().unwrap_or(0)
    }

    /// The components of units that need each other: always one of the unit at hand, as long as it has one that is ready.
    fn interleave(&self, units: &[u32], graph: &LocalGraph) -> Vec<u32> {
        let components: Vec<u32> = units.iter().flat_map(|unit| &self.members[*unit as usize]).copied().collect();
        group_by_group(&components, graph, &|component| (self.unit[component as usize], component))
    }
}

impl PlanOrder<'_> {
    /// What is learned in one go: components that follow each other in one unit.
    pub(super) fn sittings(&self) -> Vec<StepPlaces> {
        let way = self.units.way;
        let mut sittings: Vec<StepPlaces> = Vec::new();
        let mut unit = None;
        for component in &self.components {
            let places = self.graph.components()[*component as usize].iter().copied();
            let mut places: Vec<u32> = places.filter(|place| way.is_step[*place as usize]).collect();
            if places.is_empty() {
                continue;
            }
            places.sort_unstable_by_key(|place| way.pages[*place as usize]);
            let at = Some(self.units.unit[*component as usize]);
            match sittings.last_mut().filter(|_| at == unit) {
                Some(last) => last.places.append(&mut places),
                None => sittings.push(StepPlaces { together: places.len() > 1, places }),
            }
            unit = at;
        }
        sittings
    }
}
