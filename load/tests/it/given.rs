//! What the tests are given: files written as text, the site that they make, and what of it is looked at.

use std::borrow::Cow;

use gradus_corpus::{Code, Kind, Page, Relation};
use gradus_load::{Input, Loaded, Terms, load, load_on};

/// 2026-01-01.
pub(crate) const NOW: i64 = 1_767_225_600;

/// How [`loaded_on_new_year`] loads.
pub(crate) const TERMS: Terms = Terms { now: NOW, forgives_settings: true, text_bytes: 1 << 30 };

/// Files written as one text: each after a line `=== path`.
pub(crate) fn files(text: &str) -> Vec<(String, Cow<'static, [u8]>)> {
    let files = text.trim_start().split("=== ").skip(1).map(|file| file.split_once('\n').unwrap_or((file, "")));
    files.map(|(path, content)| (path.to_owned(), content.as_bytes().to_vec().into())).collect()
}

/// Such files as a source.
pub(crate) fn input(text: &str) -> Input {
    Input::Memory(files(text))
}

/// Files as a source, each a path and a text.
pub(crate) fn memory(files: &[(&str, &str)]) -> Input {
    let file = |(path, text): &(&str, &str)| ((*path).to_owned(), text.as_bytes().to_vec().into());
    Input::Memory(files.iter().map(file).collect())
}

/// The site of files, each a path and a text.
pub(crate) fn source(files: &[(&str, &str)]) -> Loaded {
    load(&memory(files), &mut |_| {}).unwrap()
}

/// The site of files written as one text.
pub(crate) fn loaded(text: &str) -> Loaded {
    load(&input(text), &mut |_| {}).unwrap()
}

/// The same, loaded on the first day of 2026 with settings that may be wrong.
pub(crate) fn loaded_on_new_year(text: &str) -> Loaded {
    load_on(TERMS, &input(text), &mut |_| {}).unwrap()
}

/// What was told, a line each: place, code, message, help and other places.
pub(crate) fn told_at_length(loaded: &Loaded) -> Vec<String> {
    let line = |told: &gradus_corpus::Diagnostic| {
        let help = told.help.as_deref().map_or_else(String::new, |help| format!(" ({help})"));
        let notes =
            told.notes.iter().map(|(file, at, message)| format!(" [{file}:{}:{} {message}]", at.line, at.column));
        let (at, len) = (&told.position, told.len);
        let notes: String = notes.collect();
        format!("{}:{}:{}+{len} {} {}{help}{notes}", told.file, at.line, at.column, told.code, told.message)
    };
    loaded.diagnostics.iter().filter(|told| told.code != Code::UndefinedConcept).map(line).collect()
}

/// The page of the file at `path`.
pub(crate) fn page_at<'l>(loaded: &'l Loaded, path: &str) -> &'l Page {
    loaded.corpus.pages().find(|(_, page)| &*page.path == path).unwrap().1
}

/// The guide `slug`.
pub(crate) fn guide(found: &Loaded, slug: &str) -> Page {
    let id = found.corpus.find(Kind::Guide, slug).unwrap();
    found.corpus.page(id).clone()
}

/// The guide `a` that the one file at `path` makes.
pub(crate) fn guide_of(path: &str, text: &str) -> Page {
    guide(&source(&[(path, text)]), "a")
}

/// A line a section: level, title, anchor, words, code.
pub(crate) fn sections(page: &Page) -> String {
    let line = |section: &gradus_corpus::Section| {
        let plain: Vec<&str> = section.texts().flat_map(|text| text.plain.lines()).collect();
        let code: Vec<&str> = section.texts().flat_map(|text| text.code.lines()).collect();
        let code = if code.is_empty() { String::new() } else { format!("`{}`", code.join(" / ")) };
        let code = if plain.is_empty() { code } else { format!(" {code}") };
        format!("{} {}#{}: {}{code}", section.level, section.title, section.anchor, plain.join(" / "))
            .trim_end()
            .to_owned()
    };
    page.sections.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Checks the sections of the guide `a` that the one file at `path` makes.
#[track_caller]
pub(crate) fn check_in(path: &str, text: &str, expected: &str) {
    assert_eq!(sections(&guide_of(path, text)), expected, "of\n{text}");
}

/// The pages of files by path, each with its address, language and version.
pub(crate) fn pages(found: &Loaded) -> Vec<String> {
    let told = |value: &Option<Box<str>>| value.as_deref().map_or_else(String::new, |value| format!(" {value}"));
    let pages = found.corpus.pages().filter(|(_, page)| !page.path.is_empty());
    let mut lines: Vec<String> = pages
        .map(|(_, page)| format!("{} {}{}{}", page.path, page.url, told(&page.lang), told(&page.version)))
        .collect();
    lines.sort();
    lines
}

/// Which page follows which, by their addresses.
pub(crate) fn order(found: &Loaded) -> Vec<String> {
    let corpus = &found.corpus;
    let follows = corpus.declared().iter().filter(|edge| edge.relation == Relation::Follows);
    let mut lines: Vec<String> =
        follows.map(|edge| format!("{} > {}", corpus.page(edge.to).url, corpus.page(edge.from).url)).collect();
    lines.sort();
    lines
}
