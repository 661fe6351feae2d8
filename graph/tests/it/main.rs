//! The graph's answers, as those see them who ask.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod closures;
mod depth;
mod guides;
mod learning;
mod lesson_choice;
mod lookups;
mod neighbourhoods;
mod planning;
mod plans;
mod relatedness;
mod topics;
