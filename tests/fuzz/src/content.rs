//! Content: whatever stands in files, loading them holds its promises.

use std::borrow::Cow;

use gradus_corpus::{Corpus, Page};
use gradus_load::{Input, Loaded, Terms, load_on};

use crate::safe_html::{browsers_fault, fault};

/// Stands where a reader without an entitlement must not read it.
const MARK: &str = "zqxpaid";

/// 2026-01-01: the same input is the same content on every day. Text is bounded, so that an input cannot be large.
const TERMS: Terms = Terms { now: 1_767_225_600, forgives_settings: true, text_bytes: 1 << 22 };

fn loaded(files: Vec<(String, Vec<u8>)>) -> Option<Loaded> {
    let files = files.into_iter().map(|(path, bytes)| (path, Cow::Owned(bytes))).collect();
    // A source that cannot be read at all is an answer, too.
    load_on(TERMS, &Input::Memory(files), &mut |_| {}).ok()
}

/// Files, each after a line `=== path`.
pub(crate) fn load_files(bytes: &[u8]) {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match (line.strip_prefix(b"=== "), files.last_mut()) {
            (Some(path), _) => files.push((String::from_utf8_lossy(path).trim_end().to_owned(), Vec::new())),
            (None, Some((_, content))) => content.extend(line),
            (None, None) => {}
        }
    }
    let Some(found) = loaded(files) else { return };
    holds(&found);
    let written = export(&found.corpus);
    let again = loaded(vec![("export.jsonl".to_owned(), written.clone().into_bytes())]);
    let again = again.map(|again| export(&again.corpus)).unwrap_or_default();
    // A site that no page is on says of itself what nobody reads back.
    let is_same = again == written || found.corpus.n_pages() == 0;
    assert!(is_same, "an export is not read back as it was:\n{written}\n{again}");
}

fn export(corpus: &Corpus) -> String {
    let pages = corpus.pages().map(|(id, _)| gradus_load::page_row(corpus, id));
    std::iter::once(gradus_load::site_row(corpus)).chain(pages).collect()
}

/// The body of a page; the first byte says in which dialect.
pub(crate) fn read_body(bytes: &[u8]) {
    let Some((dialect, body)) = bytes.split_first() else { return };
    let marker = match dialect % 8 {
        0 => ("hugo.toml", "content/a.md"),
        1 => ("docusaurus.config.js", "docs/a.mdx"),
        2 => ("mkdocs.yml", "docs/a.md"),
        3 => ("_config.yml", "a.md"),
        4 => ("conf.py", "a.md"),
        5 => ("none", "a.mdx"),
        6 => ("none", "index.html"),
        _ => ("none", "a.md"),
    };
    let files = [(marker.0, b"title: T\n".as_slice()), (marker.1, body)];
    let files = files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec()));
    loaded(files.into()).iter().for_each(holds);
}

/// Front matter of a page that is to be paid for: whatever stands beside the lock, the text stays behind it.
pub(crate) fn read_front_matter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if text.to_lowercase().contains(&MARK[..3]) {
        return;
    }
    for (open, lock, close) in [
        ("---\n", "access: pro\n", "\n---\n"),
        ("+++\n", "access = \"pro\"\n", "\n+++\n"),
        ("{\n", "\"access\": \"pro\",\n", "\n}\n"),
    ] {
        let document = format!("{open}{lock}{text}{close}\n\n{MARK} words of it, which are to be paid for.\n");
        let Some(found) = loaded(vec![("a.md".to_owned(), document.clone().into_bytes())]) else { continue };
        holds(&found);
        let Some((_, page)) = found.corpus.pages().next() else { continue };
        let public = found.corpus.public();
        let public = public.as_ref().and_then(|public| public.pages().next()).map_or(page, |(_, page)| page);
        let shown = public.sections.iter().map(|section| format!("{:?}", section.text)).collect::<String>();
        let told = public.description.as_deref().unwrap_or_default();
        assert!(!shown.contains(MARK) && !told.contains(MARK), "everybody reads it:\n{document}\n{shown}\n{told}");
    }
}

/// Compressed rows; the first byte says how.
pub(crate) fn unpack(bytes: &[u8]) {
    let Some((form, packed)) = bytes.split_first() else { return };
    let path = if form % 2 == 0 { "a.jsonl.gz" } else { "a.jsonl.zst" };
    loaded(vec![(path.to_owned(), packed.to_vec())]).iter().for_each(holds);
}

/// What holds of all content.
fn holds(found: &Loaded) {
    for (_, page) in found.corpus.pages() {
        assert!(!page.slug.is_empty() && !page.slug.contains('/'), "{:?} is no segment of a path", page.slug);
        for address in addresses(page) {
            let lower = address.to_lowercase();
            let scheme = lower.split(['/', '?', '#']).next().and_then(|first| first.split_once(':'));
            let is_safe = scheme.is_none_or(|(scheme, _)| ["http", "https", "mailto"].contains(&scheme));
            assert!(is_safe, "readers are sent to {address:?}");
        }
        for text in page.sections.iter().flat_map(|section| section.texts()) {
            let why = fault(&text.html).or_else(|| browsers_fault(&text.html));
            assert_eq!(why, None, "HTML that is not safe:\n{}", text.html);
        }
    }
    // Of what is withheld nothing is left, and everything else is.
    if let Some(public) = found.corpus.public() {
        assert_eq!(public.n_pages(), found.corpus.n_pages());
        assert!(public.pages().all(|(_, page)| page.sections.iter().all(|section| section.locked.is_none())));
    }
}

fn addresses(page: &Page) -> impl Iterator<Item = &str> {
    let sources = page.sources.iter().filter_map(|source| source.url.as_deref());
    std::iter::once(&*page.url).chain(sources)
}
