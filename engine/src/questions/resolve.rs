//! Resolve: which page is meant by this slug, title, name, path or URL?

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{AskError, ErrorCode, Ref, View, nearest};

/// What to resolve.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ResolveAsk {
    /// A slug, full id, title, name, `[[wikilink]]`, path or URL.
    #[serde(rename = "ref")]
    #[param(rename = "ref", example = "[[KV cache]]")]
    pub reference: String,
}

/// What a reference names.
#[derive(Debug, Serialize, ToSchema)]
pub struct Resolved<'a> {
    /// Whether it names exactly one page to the letter, case and hyphens aside.
    pub exact: bool,
    /// The pages it names; several where it is ambiguous, concepts first.
    pub items: Vec<Ref<'a>>,
}

/// Resolves `ask.reference`.
///
/// # Errors
/// If it names nothing: the nearest names are suggested.
pub fn resolve<'a>(view: &'a View, ask: &ResolveAsk) -> Result<Resolved<'a>, AskError> {
    let resolved = view.corpus.names().resolve(&ask.reference);
    if resolved.pages.is_empty() {
        let shown: String = ask.reference.chars().take(100).collect();
        let unknown = AskError::new(ErrorCode::NotFound, format!("nothing is called '{shown}'"));
        return Err(unknown.suggesting(nearest(view, &ask.reference, None)));
    }
    Ok(Resolved { exact: resolved.exact, items: Ref::all(&view.corpus, &resolved.pages) })
}
