//! Lists, pages of them and cursors.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::Schema as ApiSchema;

use super::answer::{Answer, AnswerBody, Schema};
use super::choice::{bounded, text_like};
use super::refusal::{Failure, Refusal, RefusalCode};
use super::sheet::{Sheet, SheetRow};
use crate::limits;
use crate::view::View;

/// A page of a list.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
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

/// What stands in a list.
pub trait ListItem {
    /// How it stands on a terminal.
    fn row(&self) -> SheetRow;
}

impl<T> List<T> {
    /// A list that is answered whole.
    pub fn whole(view: &View, items: Vec<T>) -> Self {
        Self { total: items.len(), items, next_cursor: None, generation: view.generation.clone() }
    }
}

impl<T: ListItem + Serialize + ToSchema> Answer for List<T> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn sheet(&self) -> Sheet {
        Sheet::rows(&self.items, T::row).note("more", self.next_cursor.clone().unwrap_or_default())
    }

    fn n_found(&self) -> Option<usize> {
        Some(self.total)
    }

    fn schema() -> Schema {
        let mut schema = Schema::named::<Self>(format!("List_{}", T::name()));
        schema.parts.extend(Schema::of::<T>().parts);
        schema
    }
}

/// Digits of the position in a cursor: no list has as many items.
const MAX_OFFSET_DIGITS: usize = 10;

/// The schema of a cursor: the name of a generation and a position in a list of it.
pub(super) fn cursor_schema() -> ApiSchema {
    text_like("^[0-9a-f]{16}-[0-9]{1,10}$")
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
    /// If the limit is not within 1 and [`limits::PAGE_ITEMS`], or the cursor is of another generation or no cursor at all.
    pub fn new(view: &View, limit: Option<i64>, cursor: Option<&str>) -> Result<Self, Refusal> {
        let limit = bounded("limit", limit, limits::DEFAULT_PAGE_ITEMS, limits::PAGE_ITEMS)?;
        let Some(cursor) = cursor else { return Ok(Self { offset: 0, limit }) };
        let parts = cursor.split_once('-').filter(|(generation, offset)| {
            let is_name = generation.len() == 16 && generation.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_name && (1..=MAX_OFFSET_DIGITS).contains(&offset.len())
        });
        let parts = parts.and_then(|(generation, offset)| Some((generation, offset.parse().ok()?)));
        match parts {
            None => Err(Refusal::invalid("cursor", "this is not a `next_cursor` of an earlier answer")),
            Some((generation, _)) if generation != view.generation => Err(Refusal::new(
                RefusalCode::CursorExpired,
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
