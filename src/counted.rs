//! Numbers of things, as people are told of them.

/// `n` of what `what` calls one of.
pub(crate) fn counted(n: usize, what: impl std::fmt::Display) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
