//! The questions: one file each, parameters in, answer out, and the table that lists them.
//!
//! Every door (HTTP, command line, batches, agents) is a loop over [`questions`] and only dresses what it answers. A
//! question knows the corpus, the graph and the index of one [`View`](crate::view::View) and nothing of who carries the
//! answer, or for whom: what a viewer may not see is not in the view.

pub mod about;
pub mod answer;
pub mod card;
pub mod choice;
pub mod concept;
pub mod entry;
pub mod exercises;
pub mod export;
pub mod fields;
pub mod filter;
pub mod graph;
pub mod guide;
pub mod list;
pub mod llms;
pub mod markdown;
pub mod material;
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

use entry::QuestionEntry;

/// Every question. Of those with the same command the first that has an answer gives it.
static QUESTIONS: &[QuestionEntry] = &[
    QuestionEntry::of::<search::SearchQuestion>(),
    QuestionEntry::of::<suggest::SuggestQuestion>(),
    QuestionEntry::of::<resolve::ResolveQuestion>(),
    QuestionEntry::of::<section::SectionQuestion>(),
    QuestionEntry::of::<concept::ConceptQuestion>(),
    QuestionEntry::of::<guide::GuideQuestion>(),
    QuestionEntry::of::<page::PageQuestion>(),
    QuestionEntry::of::<page_list::ConceptsQuestion>(),
    QuestionEntry::of::<page_list::GuidesQuestion>(),
    QuestionEntry::of::<prerequisites::ConceptPrerequisitesQuestion>(),
    QuestionEntry::of::<prerequisites::GuidePrerequisitesQuestion>(),
    QuestionEntry::of::<prerequisites::UnlocksQuestion>(),
    QuestionEntry::of::<prerequisites::GuideUnlocksQuestion>(),
    QuestionEntry::of::<path::PathQuestion>(),
    QuestionEntry::of::<plan::PlanQuestion>(),
    QuestionEntry::of::<next::NextQuestion>(),
    QuestionEntry::of::<related::ConceptRelatedQuestion>(),
    QuestionEntry::of::<related::GuideRelatedQuestion>(),
    QuestionEntry::of::<topics::TopicsQuestion>(),
    QuestionEntry::of::<topics::BridgesQuestion>(),
    QuestionEntry::of::<exercises::ExercisesQuestion>(),
    QuestionEntry::of::<exercises::AllExercisesQuestion>(),
    QuestionEntry::of::<graph::GraphQuestion>(),
    QuestionEntry::of::<export::ExportQuestion>(),
    QuestionEntry::of::<status::StatusQuestion>(),
];

/// The table of questions.
pub fn questions() -> &'static [QuestionEntry] {
    QUESTIONS
}
