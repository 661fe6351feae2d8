//! Measuring answers against what people judged: the metrics, and what they are applied to.

pub mod against;
pub mod bootstrap;
pub mod judgements;
pub mod metrics;
pub mod related;
pub mod search;
pub mod tune;
