//! Lines: pages as lists show them.

use gradus_engine::questions::card::Card;
use gradus_engine::questions::page_parts::PrerequisiteRef;
use gradus_engine::questions::prerequisites::PrerequisiteItem;
use gradus_engine::questions::reference::Ref;

use super::link;

/// A page as a line of a list.
#[derive(Clone, Debug)]
pub(super) struct LinkLine<'a> {
    /// Full id.
    pub(super) id: &'a str,
    /// Our own page of it.
    pub(super) href: String,
    /// What readers call it.
    pub(super) title: &'a str,
    /// Whether it is a guide.
    pub(super) is_guide: bool,
    /// Minutes to learn it.
    pub(super) minutes: Option<u32>,
    /// Whether something of it is withheld from the viewer.
    pub(super) is_locked: bool,
    /// What is said of it here.
    pub(super) note: Option<&'a str>,
    /// A label before its title.
    pub(super) label: Option<&'a str>,
    /// Whether it only helps.
    pub(super) is_optional: bool,
    /// How likely it is in hundredths, where nobody has declared it; the note is then the line that speaks for it.
    pub(super) inferred: Option<u32>,
}

impl<'a> LinkLine<'a> {
    /// The line of a page of which no more than its name is known.
    pub(super) fn of_ref(page: &'a Ref<'_>) -> Self {
        Self {
            id: &page.id,
            href: link::page(&page.id),
            title: &page.title,
            is_guide: &*page.kind == "guide",
            minutes: None,
            is_locked: false,
            note: None,
            label: None,
            is_optional: false,
            inferred: None,
        }
    }

    /// The line of `card`.
    pub(super) fn new(card: &'a Card<'_>) -> Self {
        Self {
            id: &card.id,
            href: link::page(&card.id),
            title: &card.title,
            is_guide: &*card.kind == "guide",
            minutes: Some(card.minutes),
            is_locked: card.locked,
            note: None,
            label: None,
            is_optional: false,
            inferred: None,
        }
    }

    /// The line of a page that another needs.
    pub(super) fn of_item(item: &'a PrerequisiteItem<'_>) -> Self {
        Self { minutes: Some(item.minutes), is_locked: item.locked, ..Self::of_ref(&item.page) }
    }

    /// The line of the other end of a prerequisite edge.
    pub(super) fn of_edge(edge: &'a PrerequisiteRef<'_>) -> Self {
        let (note, is_optional) = (edge.reason.as_deref(), &*edge.strength == "recommended");
        Self { note, is_optional, ..Self::new(&edge.page) }
    }

    /// The same, leading to the plan for it, which is asked with `pairs` too.
    #[must_use]
    pub(super) fn into_plan(self, pairs: &[(&str, &str)]) -> Self {
        Self { href: link::plan(self.id, pairs), ..self }
    }
}
