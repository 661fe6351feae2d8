//! Names where names are typed.

use gradus_corpus::names::fold;
use gradus_corpus::{Corpus, Kind, Page, PageId};
use ls_types::{Position, Range, TextEdit};
use serde_json::{Value, json};

use super::document::OpenDocument;
use super::slot::{Slot, SlotKind, slot};
use super::world::World;

/// Names that are offered at a time; typing on finds the others.
const OFFERED: usize = 100;

/// Fields whose values are few, and these.
const CHOICES: &[(&str, &[&str])] = &[
    ("kind", &["concept", "guide"]),
    ("level", &["beginner", "intermediate", "advanced"]),
    ("access", &["free", "pro"]),
];

/// Fields whose entries name pages, and whether those are concepts alone.
const NAMING: &[(&str, bool)] = &[
    ("prerequisites", false),
    ("recommended", false),
    ("teaches", true),
    ("related", false),
    ("related_exclude", false),
    ("companion", false),
    ("contrasts", true),
    ("part_of", true),
    ("improves_on", true),
];

/// What may be meant at `position`; `None` where no name is typed there.
pub(super) fn complete(world: &World, document: &OpenDocument, position: Position) -> Option<Value> {
    let slot = slot(&document.name, &document.text, position)?;
    let own = world.desk.page_at(&document.name);
    let range = Range::new(slot.start, position);
    match &slot.kind {
        SlotKind::Heading { page } => headings(world, own, page, range),
        SlotKind::Wikilink { is_closed } => {
            let end = if *is_closed { "" } else { "]]" };
            let written = |page: PageId| format!("{}{end}", linked(&world.corpus, page));
            Some(names(world, own, &slot, None, range, &written))
        }
        SlotKind::Entry { field, needs_quotes } => {
            let field = world.desk.field(field)?;
            if let Some((_, values)) = CHOICES.iter().find(|(name, _)| *name == field) {
                return Some(choices(values, *needs_quotes, range));
            }
            let (_, is_concept) = NAMING.iter().find(|(name, _)| *name == field)?;
            let quote = if *needs_quotes { "\"" } else { "" };
            let written = |page: PageId| format!("{quote}{}{quote}", entry(&world.corpus, page));
            Some(names(world, own, &slot, is_concept.then_some(Kind::Concept), range, &written))
        }
    }
}

/// The page in double brackets: its title where that means it and no other, else its id.
fn linked(corpus: &Corpus, page: PageId) -> String {
    let of = corpus.page(page);
    let is_sure = !of.title.contains(['[', ']', '|', '#']) && corpus.names().resolve(&of.title).pages == [page];
    if is_sure { of.title.to_string() } else { entry(corpus, page) }
}

/// The page as an entry: its short id where that means it and no other.
pub(super) fn entry(corpus: &Corpus, page: PageId) -> String {
    let of = corpus.page(page);
    if corpus.names().resolve(&of.slug).pages == [page] { of.slug.to_string() } else { of.id() }
}

/// How well a name fits what is typed; `None` where it does not.
fn fit(names: &str, typed: &str) -> Option<u8> {
    names
        .split('\n')
        .filter_map(|name| match name.find(typed) {
            Some(0) => Some(0),
            Some(at) if name[..at].ends_with(|char: char| !char.is_alphanumeric()) => Some(1),
            Some(_) => Some(2),
            None => None,
        })
        .min()
}

fn names(
    world: &World,
    own: Option<PageId>,
    slot: &Slot,
    kind: Option<Kind>,
    range: Range,
    written: &dyn Fn(PageId) -> String,
) -> Value {
    let typed = fold(&slot.typed);
    let pages = world.corpus.pages().zip(&world.folded);
    let pages = pages.filter(|((id, page), _)| Some(*id) != own && kind.is_none_or(|kind| page.kind == kind));
    let mut fitting: Vec<(u8, PageId, &Page)> =
        pages.filter_map(|((id, page), names)| Some((fit(names, &typed)?, id, page))).collect();
    fitting.sort_by_key(|(fit, id, _)| (*fit, *id));
    let is_cut = fitting.len() > OFFERED;
    let offered = fitting.iter().take(OFFERED).enumerate();
    let items: Vec<Value> = offered
        .map(|(n, (_, id, page))| {
            let edit = TextEdit { range, new_text: written(*id) };
            json!({
                "label": page.title,
                "labelDetails": { "description": page.id() },
                "kind": if page.kind == Kind::Concept { KIND_REFERENCE } else { KIND_FILE },
                "detail": page.description.as_deref().unwrap_or_default(),
                "sortText": format!("{n:04}"),
                // What was typed may be any of the page's names: the editor is not to sort out what was found here.
                "filterText": if slot.typed.is_empty() { &*page.title } else { slot.typed.as_str() },
                "textEdit": edit,
            })
        })
        .collect();
    // Every further letter changes what fits, and only the whole list of names knows.
    json!({ "isIncomplete": is_cut || !slot.typed.is_empty(), "items": items })
}

/// What the protocol calls references, files and members of an enumeration.
const KIND_REFERENCE: u8 = 18;
const KIND_FILE: u8 = 17;
const KIND_ENUM_MEMBER: u8 = 20;

fn choices(values: &[&str], needs_quotes: bool, range: Range) -> Value {
    let item = |value: &&str| {
        let new_text = if needs_quotes { format!("\"{value}\"") } else { (*value).to_owned() };
        json!({ "label": value, "kind": KIND_ENUM_MEMBER, "textEdit": TextEdit { range, new_text } })
    };
    json!({ "isIncomplete": false, "items": values.iter().map(item).collect::<Vec<_>>() })
}

/// The headings of the page that `name` means, of the own one where it is empty.
fn headings(world: &World, own: Option<PageId>, name: &str, range: Range) -> Option<Value> {
    let page = if name.is_empty() { own? } else { *world.corpus.names().resolve(name).pages.first()? };
    let sections = &world.corpus.page(page).sections;
    let titled = sections.iter().filter(|section| !section.title.is_empty()).enumerate();
    let item = |(n, section): (usize, &gradus_corpus::Section)| {
        let edit = TextEdit { range, new_text: section.title.to_string() };
        json!({
            "label": section.title,
            "kind": KIND_REFERENCE,
            "sortText": format!("{n:04}"),
            "textEdit": edit,
        })
    };
    Some(json!({ "isIncomplete": false, "items": titled.map(item).collect::<Vec<_>>() }))
}
