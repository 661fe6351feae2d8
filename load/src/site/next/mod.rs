//! Sites on Next.js: Nextra and Fumadocs. Both make addresses of folders, and order each folder by a file in it.

mod fumadocs;
mod nextra;
mod tree;

pub(super) use fumadocs::{by_default as fumadocs_by_default, find as find_fumadocs};
pub(super) use nextra::{by_default as nextra_by_default, find as find_nextra};

/// The segments of an address that `folders` make: those in parentheses group files and are no part of it.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !(segment.is_empty() || segment.starts_with('(') && segment.ends_with(')')))
}

/// Whether a segment stands for whatever an address has there.
fn is_dynamic(segment: &str) -> bool {
    segment.starts_with('[') && segment.ends_with(']')
}
