//! Severities: how bad a content problem is.

use serde::{Deserialize, Serialize};

use crate::spelled::spelled;

/// How bad a diagnostic is, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Content is lost or contradicts itself.
    Error,
    /// Content is doubtful.
    Warning,
    /// Content could say more.
    Info,
}

spelled! {
    Severity { Error = "error", Warning = "warning", Info = "info" }
}
