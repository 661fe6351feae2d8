//! Lists, pages of them and cursors.

use serde::Serialize;
use utoipa::ToSchema;

use super::{AskError, ErrorCode, View};
use crate::limits;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// How many items all pages together hold.
    pub total: usize,
    /// Ask again with this as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// The snapshot that answered.
    pub generation: String,
}

impl<T> List<T> {
    /// A list that is answered whole.
    pub fn whole(view: &View, items: Vec<T>) -> Self {
        Self { total: items.len(), items, next_cursor: None, generation: view.generation.clone() }
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Items before it.
    pub offset: usize,
    /// Items in it, at most.
    pub limit: usize,
}

impl Slice {
    /// The slice that `limit` and `cursor` ask for.
    ///
    /// # Errors
    /// If the limit is 0 or above [`limits::PAGE_ITEMS`], or the cursor is of another generation or no cursor at all.
    pub fn new(view: &View, limit: Option<usize>, cursor: Option<&str>) -> Result<Self, AskError> {
        let limit = bounded("limit", limit, limits::DEFAULT_PAGE_ITEMS, limits::PAGE_ITEMS)?;
        let Some(cursor) = cursor else { return Ok(Self { offset: 0, limit }) };
        let parts = cursor.split_once('-').and_then(|(generation, offset)| Some((generation, offset.parse().ok()?)));
        match parts {
            None => Err(AskError::invalid("cursor", "this is not a `next_cursor` of an earlier answer")),
            Some((generation, _)) if generation != view.generation => Err(AskError::new(
                ErrorCode::CursorExpired,
                "the content has changed since this cursor was given; ask again without it",
            )),
            Some((_, offset)) => Ok(Self { offset, limit }),
        }
    }

    /// The cursor of what follows this slice in a list of `total`.
    pub fn next_cursor(self, view: &View, total: usize) -> Option<String> {
        let next = self.offset.saturating_add(self.limit);
        (next < total).then(|| Self::cursor(view, next))
    }

    /// The cursor of what follows the first `offset` items.
    pub fn cursor(view: &View, offset: usize) -> String {
        format!("{}-{offset}", view.generation)
    }

    /// This slice of a list that is at hand whole.
    pub fn cut<T, U>(self, view: &View, all: &[T], dress: impl Fn(&T) -> U) -> List<U> {
        List {
            items: all.iter().skip(self.offset).take(self.limit).map(dress).collect(),
            total: all.len(),
            next_cursor: self.next_cursor(view, all.len()),
            generation: view.generation.clone(),
        }
    }
}

/// The value of the parameter `name`, `default` where it is not given.
///
/// # Errors
/// If it is 0 or above `max`.
pub fn bounded(name: &str, given: Option<usize>, default: usize, max: usize) -> Result<usize, AskError> {
    match given {
        None => Ok(default),
        Some(value) if (1..=max).contains(&value) => Ok(value),
        Some(value) => Err(AskError::invalid(name, format_args!("{value} is not within 1 and {max}"))),
    }
}
