//! Accepted prerequisites put where authors declare them.

use std::collections::BTreeMap;

use gradus_corpus::{Corpus, PageId, Relation, Strength};
use gradus_load::{Config, DeclaredIn, Input, add_entries, load, source_text};

use crate::cli::changes::FileChange;

/// What accepted prerequisites make of the files of a source.
pub(super) struct Amendments {
    /// The files that change.
    pub(super) changes: Vec<FileChange>,
    /// The prerequisites that are in them then.
    pub(super) written: Vec<(PageId, PageId)>,
    /// Those that nobody but an author can put down, with the file that they belong in.
    pub(super) left: Vec<(PageId, PageId, String)>,
}

/// Puts `accepted`, the prerequisite first, where `corpus`, which was loaded from `input`, declares what needs them. The result is
/// loaded again: a file in which anything else would be read than before, or not all of what was put there, is left as it is.
///
/// # Errors
/// If the source cannot be loaded any more.
pub(super) fn amendments(
    corpus: &Corpus,
    config: &Config,
    input: &Input,
    accepted: &[(PageId, PageId)],
) -> anyhow::Result<Amendments> {
    let mut of_page: BTreeMap<PageId, Vec<PageId>> = BTreeMap::new();
    for (from, to) in accepted.iter().filter(|(from, to)| !declares(corpus, *to, *from)) {
        let of = of_page.entry(*to).or_default();
        if !of.contains(from) {
            of.push(*from);
        }
    }
    let mut left = Vec::new();
    loop {
        let (changes, refused) = changed(corpus, config, input, &of_page);
        let broken =
            if changes.is_empty() { Vec::new() } else { misread(corpus, input, &changes, &of_page, &refused)? };
        if broken.is_empty() {
            let is_kept = |page: &PageId| !refused.contains(page);
            let pairs = |pages: Box<dyn Fn(&PageId) -> bool + '_>| -> Vec<(PageId, PageId)> {
                let of = of_page.iter().filter(|(to, _)| pages(to));
                of.flat_map(|(to, froms)| froms.iter().map(|from| (*from, *to))).collect()
            };
            let written = pairs(Box::new(is_kept));
            let refused = pairs(Box::new(|page| !is_kept(page)));
            left.extend(refused.into_iter().map(|(from, to)| (from, to, file_of(corpus, to).to_owned())));
            return Ok(Amendments { changes, written, left });
        }
        for page in broken {
            let file = file_of(corpus, page).to_owned();
            left.extend(of_page.remove(&page).into_iter().flatten().map(|from| (from, page, file.clone())));
        }
    }
}

pub(super) fn file_of(corpus: &Corpus, page: PageId) -> &str {
    corpus.files().get(corpus.page(page).position.file as usize).map_or("", |file| file)
}

fn declares(corpus: &Corpus, page: PageId, need: PageId) -> bool {
    let is_need = |relation| matches!(relation, Relation::Requires | Relation::Assumes);
    corpus
        .declared_by(page)
        .iter()
        .any(|edge| is_need(edge.relation) && edge.to == need && edge.strength == Strength::Required)
}

/// The files with the prerequisites in them, and the pages whose files cannot be amended.
fn changed(
    corpus: &Corpus,
    config: &Config,
    input: &Input,
    of_page: &BTreeMap<PageId, Vec<PageId>>,
) -> (Vec<FileChange>, Vec<PageId>) {
    let is_key = |key: &str| config.fields.get(key).is_some_and(|ours| ours == "prerequisites");
    let mut changes: BTreeMap<&str, FileChange> = BTreeMap::new();
    let mut refused = Vec::new();
    // From the last place of a file to the first: what is put in further down moves nothing above it.
    let mut pages: Vec<(&PageId, &Vec<PageId>)> = of_page.iter().collect();
    pages.sort_by_key(|(page, _)| std::cmp::Reverse(corpus.page(**page).position));
    for (page, needs) in pages {
        let file = file_of(corpus, *page);
        let text = changes.get(file).map(|change| change.after.clone()).or_else(|| source_text(input, file));
        let names: Vec<String> = needs.iter().map(|need| name_of(corpus, *need)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let after = declared_in(corpus, *page)
            .zip(text.as_deref())
            .and_then(|(declared, text)| add_entries(text, declared, "prerequisites", &names, &is_key));
        match (text, after) {
            (Some(text), Some(after)) => {
                let change = changes.entry(file).or_insert_with(|| FileChange {
                    path: file.to_owned(),
                    before: text,
                    after: String::new(),
                });
                change.after = after;
            }
            _ => refused.push(*page),
        }
    }
    (changes.into_values().collect(), refused)
}

pub(super) fn declared_in(corpus: &Corpus, page: PageId) -> Option<DeclaredIn> {
    let position = corpus.page(page).position;
    let file = file_of(corpus, page).to_lowercase();
    if file.ends_with(".jsonl") {
        Some(DeclaredIn::Row(position.line))
    } else if file.ends_with(".yaml") || file.ends_with(".yml") {
        Some(DeclaredIn::Entry(position))
    } else {
        gradus_corpus::names::is_markdown(&file).then_some(DeclaredIn::FrontMatter)
    }
}

/// What to call a page by: its slug where that means it alone.
fn name_of(corpus: &Corpus, page: PageId) -> String {
    let of = corpus.page(page);
    if corpus.names().resolve(&of.slug).pages == [page] { of.slug.to_string() } else { of.id() }
}

/// The pages of which something else is read from `changes` than is meant.
fn misread(
    corpus: &Corpus,
    input: &Input,
    changes: &[FileChange],
    of_page: &BTreeMap<PageId, Vec<PageId>>,
    refused: &[PageId],
) -> anyhow::Result<Vec<PageId>> {
    let edited = changes.iter().fold(input.clone(), |base, change| Input::Edited {
        base: Box::new(base),
        path: change.path.clone(),
        bytes: change.after.clone().into_bytes(),
    });
    let loaded = load(&edited, &mut |_| {})?.corpus;
    let same = |page: PageId| {
        let of = corpus.page(page);
        loaded.find(of.kind, &of.slug)
    };
    let amended = of_page.iter().filter(|(page, _)| !refused.contains(page));
    let is_read = |page: PageId, needs: &[PageId]| {
        let Some(now) = same(page) else { return false };
        let n_more = loaded.declared_by(now).len().checked_sub(corpus.declared_by(page).len());
        let all = needs.iter().all(|need| same(*need).is_some_and(|need| declares(&loaded, now, need)));
        // One that was recommended before is not one more.
        all && n_more.is_some_and(|n_more| n_more <= needs.len()) && loaded.n_pages() == corpus.n_pages()
    };
    Ok(amended.filter(|(page, needs)| !is_read(**page, needs)).map(|(page, _)| *page).collect())
}
