//! Renaming a page: its name where it is declared, and wherever that name is written.
//!
//! A page has several names, and only the one that is renamed changes: who writes its id still means it when it gets another
//! title.

use gradus_corpus::names::fold;
use gradus_corpus::{Kind, Page, PageId};
use ls_types::{Range, TextEdit};
use serde_json::Value;

use super::front::{Front, FrontLanguage, front};
use super::locate::OpenGround;
use super::report::{Edits, uri, workspace_edit};
use super::symbol::{Symbol, own_names};
use super::text::LinedText;
use super::world::World;

/// Which of a page's names is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NameKind {
    Id,
    Title,
    Alias,
}

/// What `name` is to `page`; `None` where it is the end of its path or an address.
fn kind_of(page: &Page, name: &str) -> Option<NameKind> {
    let is_alias = |same: &dyn Fn(&str) -> bool| page.names.iter().any(|other| same(other));
    let folded = fold(name);
    if *page.slug == *name || page.id() == name {
        Some(NameKind::Id)
    } else if *page.title == *name {
        Some(NameKind::Title)
    } else if is_alias(&|other| other == name) {
        Some(NameKind::Alias)
    } else if fold(&page.title) == folded {
        Some(NameKind::Title)
    } else {
        is_alias(&|other| fold(other) == folded).then_some(NameKind::Alias)
    }
}

/// What is to be renamed, and where it is declared.
struct Renaming {
    kind: NameKind,
    /// The name as the declaration has it.
    declared: String,
    file: String,
    range: Range,
}

/// Finds out whether `symbol` can be renamed.
///
/// # Errors
/// If it cannot, and what to do instead.
pub(super) fn check(symbol: &Symbol, ground: &OpenGround<'_>) -> Result<(), String> {
    renaming(symbol, ground).map(|_| ())
}

fn renaming(symbol: &Symbol, ground: &OpenGround<'_>) -> Result<Renaming, String> {
    let world = ground.source.world.as_ref().ok_or("the content is not loaded yet")?;
    let page = world.corpus.page(symbol.page);
    if symbol.is_path {
        return Err(format!("this is where '{}' lies and not what it is called; rename its file", page.title));
    }
    let Some(kind) = kind_of(page, &symbol.name) else {
        return Err(format!("'{}' is the name of a file; rename that", symbol.name));
    };
    let (file, _) = world.home(symbol.page);
    let text = ground.text(file).ok_or_else(|| format!("{file} cannot be read"))?;
    let names = declared_names(world, symbol.page, file, &text);
    let wanted = |(_, name): &&(Range, String)| match kind {
        NameKind::Id => *name == *page.slug || *name == page.id(),
        NameKind::Title => *name == *page.title,
        NameKind::Alias => fold(name) == fold(&symbol.name),
    };
    // The title may read like the id; the metadata says its id before the text says its title.
    let found = if kind == NameKind::Title { names.iter().rev().find(wanted) } else { names.iter().find(wanted) };
    let Some((range, declared)) = found else {
        let what = if kind == NameKind::Id { "an `id`" } else { "a `title`" };
        return Err(format!("'{}' is made of the name of {file}; rename that file, or give it {what}", symbol.name));
    };
    Ok(Renaming { kind, declared: declared.clone(), file: file.to_owned(), range: *range })
}

/// The names that the declaration of `page` gives.
fn declared_names(world: &World, page: PageId, file: &str, text: &LinedText) -> Vec<(Range, String)> {
    if !world.corpus.page(page).path.is_empty() {
        return own_names(world, file, text);
    }
    super::central::declared_names(world, page, text)
}

/// The changes that give the page of `symbol` the name `new_name` in place of that one.
///
/// # Errors
/// If it cannot be renamed, or not so.
pub(super) fn rename(symbol: &Symbol, new_name: &str, ground: &mut OpenGround<'_>) -> Result<Value, String> {
    let new_name = new_name.trim();
    let what = renaming(symbol, ground)?;
    let world = ground.source.world.as_ref().ok_or("the content is not loaded yet")?;
    may_be(world, symbol.page, new_name, what.kind)?;
    let page = names_alone(world.corpus.page(symbol.page));
    let is_own = |name: &str| {
        let is_kind = kind_of(&page, name) == Some(what.kind);
        is_kind && (what.kind != NameKind::Alias || fold(name) == fold(&what.declared))
    };
    let mut places = vec![(what.file.clone(), what.range, what.declared.clone())];
    let named = ground.names_of(symbol.page).into_iter();
    let named = named.filter(|(_, _, named)| !named.is_path && is_own(&named.name));
    places.extend(named.map(|(file, _, named)| (file, named.range, named.name)));
    let mut edits = Edits::new();
    for (file, range, old) in places {
        let text = ground.text(&file).ok_or_else(|| format!("{file} cannot be read"))?;
        let uri = uri(&ground.source.path_of(&file)).ok_or_else(|| format!("{file} has no address"))?;
        let new_text = written(&file, &text, range, &old, new_name);
        let of_file = edits.entry(uri.as_str().to_owned()).or_default();
        if !of_file.iter().any(|edit| edit.range == range) {
            of_file.push(TextEdit { range, new_text });
        }
    }
    Ok(workspace_edit(&edits))
}

/// `page` as far as its names go.
fn names_alone(page: &Page) -> Page {
    let mut bare = Page::new(page.kind, &page.slug);
    bare.title.clone_from(&page.title);
    bare.names.clone_from(&page.names);
    bare
}

/// # Errors
/// If `page` cannot be called `name`, and why.
fn may_be(world: &World, page: PageId, name: &str, kind: NameKind) -> Result<(), String> {
    if name.is_empty() {
        return Err("a page has to be called something".to_owned());
    }
    let signs: &[char] = if kind == NameKind::Id { &['/', ' ', ':', '"', '\''] } else { &[] };
    let broken = |char: char| char.is_control() || "[]|#".contains(char) || signs.contains(&char);
    if let Some(sign) = name.chars().find(|char| broken(*char)) {
        return Err(format!("no name of this kind holds {sign:?}: links could not be written with it"));
    }
    let others = world.corpus.names().by_name(name, None);
    match others.iter().find(|other| **other != page) {
        Some(other) => Err(format!("'{name}' is a name of `{}` already", world.corpus.page(*other).id())),
        None => Ok(()),
    }
}

/// `new` as it stands in the place of `old`.
fn written(file: &str, text: &LinedText, range: Range, old: &str, new: &str) -> String {
    let kept = old.split_once(':').filter(|(kind, _)| Kind::parse(kind).is_some()).map(|(kind, _)| format!("{kind}:"));
    let new = format!("{}{new}", kept.unwrap_or_default());
    let (_, column) = text.column(range.start);
    let n = range.start.line as usize;
    let before: String = text.line(n).trim_start_matches('\u{feff}').chars().take(column as usize - 1).collect();
    let front = front(file, text).filter(|front| front.lines.contains(&n));
    match front {
        _ if before.ends_with("[[") => new,
        Some(_) if before.ends_with('"') => new.replace('\\', "\\\\").replace('"', "\\\""),
        Some(_) if before.ends_with('\'') => new.replace('\'', "''"),
        Some(Front { language: FrontLanguage::Yaml, .. }) if !is_plain(&new) => Value::from(new).to_string(),
        _ => new,
    }
}

/// Words that YAML, or a reader of an older YAML, does not take for text.
const NO_TEXT: &[&str] = &["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

/// Whether YAML takes `name` for a text as it stands.
fn is_plain(name: &str) -> bool {
    name.starts_with(char::is_alphabetic)
        && name.chars().all(|char| char.is_alphanumeric() || " -_./".contains(char))
        && !NO_TEXT.contains(&name.to_lowercase().as_str())
        || Kind::parse(name.split(':').next().unwrap_or_default()).is_some()
}
