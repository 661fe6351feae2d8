//! What can go wrong.

use tantivy::TantivyError;

/// Why a query was not answered.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// It only says what not to find.
    #[error("the query only excludes; add a word to look for")]
    OnlyExclusions,
    /// Our fault.
    #[error("the index engine failed")]
    Engine(#[from] TantivyError),
    /// Our fault.
    #[error("the index cannot be read")]
    Unreadable(#[from] std::io::Error),
}

/// Why an index could not be built.
#[derive(Debug, thiserror::Error)]
#[error("the index engine failed")]
pub struct BuildError(#[from] QueryError);

impl From<TantivyError> for BuildError {
    fn from(error: TantivyError) -> Self {
        Self(QueryError::Engine(error))
    }
}
