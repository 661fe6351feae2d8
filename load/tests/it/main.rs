//! The integration tests of the loader, one binary: files in, pages, edges and what is told out.

#![expect(clippy::unwrap_used, reason = "a helper of a test that cannot go on says so by panicking")]

mod access;
mod addresses;
mod built;
mod dialects;
#[cfg(unix)]
mod files;
mod generators;
mod given;
mod hosted;
mod html;
mod loading;
mod locks;
mod mistakes;
mod mutations;
mod okf;
mod readings;
mod recognition;
mod references;
mod relatives;
mod rows;
mod safe_html;
mod sites;
mod text;
mod vectors;
mod xss;
