//! The questions: one file each, parameters in, answer out, and the table that lists them.
//!
//! Every door (HTTP, command line, batches, agents) is a loop over [`questions`] and only dresses what it answers. A
//! question knows the corpus, the graph and the index of one [`View`](crate::view::View) and nothing of who carries the
//! answer, or for whom: what a viewer may not see is not in the view.

pub mod answer;
pub mod choice;
pub mod concept;
pub mod entry;
pub mod exercises;
pub mod export;
pub mod filter;
pub mod graph;
pub mod guide;
pub mod list;
pub mod next;
pub mod page;
pub mod page_list;
pub mod page_parts;
pub mod params;
pub mod path;
pub mod plan;
pub mod prerequisites;
pub mod question;
pub mod reference;
pub mod refusal;
pub mod related;
pub mod resolve;
pub mod search;
pub mod section;
pub mod section_parts;
pub mod sheet;
pub mod status;
pub mod suggest;
pub mod topics;

mod read;

use entry::Entry;

/// Every question. Of those with the same command the first that has an answer gives it.
static QUESTIONS: [Entry; 23] = [
    Entry::of::<search::SearchQuestion>(),
    Entry::of::<suggest::SuggestQuestion>(),
    Entry::of::<resolve::ResolveQuestion>(),
    Entry::of::<section::SectionQuestion>(),
    Entry::of::<concept::ConceptQuestion>(),
    Entry::of::<guide::GuideQuestion>(),
    Entry::of::<page::PageQuestion>(),
    Entry::of::<page_list::ConceptsQuestion>(),
    Entry::of::<page_list::GuidesQuestion>(),
    Entry::of::<prerequisites::ConceptPrerequisitesQuestion>(),
    Entry::of::<prerequisites::GuidePrerequisitesQuestion>(),
    Entry::of::<prerequisites::UnlocksQuestion>(),
    Entry::of::<path::PathQuestion>(),
    Entry::of::<plan::PlanQuestion>(),
    Entry::of::<next::NextQuestion>(),
    Entry::of::<related::ConceptRelatedQuestion>(),
    Entry::of::<related::GuideRelatedQuestion>(),
    Entry::of::<topics::TopicsQuestion>(),
    Entry::of::<topics::BridgesQuestion>(),
    Entry::of::<exercises::ExercisesQuestion>(),
    Entry::of::<graph::GraphQuestion>(),
    Entry::of::<export::ExportQuestion>(),
    Entry::of::<status::StatusQuestion>(),
];

/// The table of questions.
pub fn questions() -> &'static [Entry] {
    &QUESTIONS
}
