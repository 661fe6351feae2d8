//! What the components of `/embed.js` ask a server, as files: an answer a page and question, the addresses of pages, and the index
//! of the search. They are asked of the router, as pages are, and hold of each answer what a component shows.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use axum::Router;
use gradus_corpus::names::url_key;
use gradus_corpus::{Corpus, Kind, Page};
use gradus_engine::snapshot::Snapshot;
use gradus_engine::viewer::Viewer;
use serde::Serialize;
use serde_json::Value;

use super::addresses::{self, FileAddress, OwnPaths};
use super::fetch_any;
use crate::web;

/// Letters of a description that the index of the search keeps: more of them would make it long and not better.
const DESCRIPTION_CHARS: usize = 110;
/// Related pages of each, as many as an element may show.
const RELATED_ITEMS: usize = 12;

/// What is asked of each page, the query that asks it, and whether what the texts speak for makes another answer.
const QUESTIONS: [(&str, &str, bool); 3] = [
    (
        "prerequisites",
        "depth=1&reduce=true&fields=items.id,items.title,items.url,items.minutes,items.locked,edges.from,edges.reason,edges.origin,edges.confidence",
        true,
    ),
    (
        "related",
        "fields=items.id,items.title,items.url,items.minutes,items.locked,items.group,items.reasons.text",
        false,
    ),
    (
        "plan",
        "fields=steps.concepts.id,steps.concepts.title,steps.concepts.url,steps.guide.id,steps.guide.title,steps.guide.url,steps.section.title,steps.section.url,steps.minutes,steps.locked,steps.needs,minutes_total,inferred",
        true,
    ),
];

/// A page as the search finds it. Names are short: they stand there once a page.
#[derive(Serialize)]
struct SearchEntry<'a> {
    /// Its full id.
    i: String,
    /// Where its own site shows it, if that is not among the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    u: Option<&'a str>,
    /// Its title.
    t: &'a str,
    /// Its other names.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    n: &'a [Box<str>],
    /// How its description begins.
    #[serde(skip_serializing_if = "String::is_empty")]
    d: String,
    /// Its sections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    s: Vec<SectionEntry<'a>>,
    /// How many concepts it needs in all, and the minutes that these take, where it needs any.
    #[serde(skip_serializing_if = "Option::is_none")]
    b: Option<(usize, u64)>,
}

/// A section as the search finds it: anchor, title, and a third entry where readers without a token cannot open it.
#[derive(Serialize)]
#[serde(untagged)]
enum SectionEntry<'a> {
    Open(&'a str, &'a str),
    Locked(&'a str, &'a str, u8),
}

/// Which page an address or an id means.
#[derive(Serialize)]
struct Addresses {
    /// The path of the site that the content belongs to.
    base: String,
    /// Whether there are answers that go by what nobody has declared.
    inferred: bool,
    /// Every full id.
    ids: Vec<String>,
    /// Paths, each with the position of its page in `ids`.
    addresses: BTreeMap<String, usize>,
}

/// Adds what components need to `files`. Links that lead to pages of `own` lead to their files.
///
/// # Errors
/// If a question is not answered.
pub(super) async fn add(
    files: &mut BTreeMap<String, Vec<u8>>,
    router: &Router,
    snapshot: &Snapshot,
    own: &OwnPaths,
) -> anyhow::Result<()> {
    let view = snapshot.view(Viewer::Anonymous);
    let is_inferring = web::offers_inference(view, snapshot.config.infers);
    let mut search = Vec::new();
    for (_, page) in view.corpus.pages() {
        let Some(folder) = folder(page) else { continue };
        for (question, query, differs) in QUESTIONS {
            let url = asked(page, question, query);
            let answer = files_of(&ask(router, &url).await?, own)?;
            files.insert(format!("{folder}{question}.json"), answer);
            if differs && is_inferring {
                let answer = files_of(&ask(router, &format!("{url}&include=inferred")).await?, own)?;
                files.insert(format!("{folder}{question}.inferred.json"), answer);
            }
        }
        if page.is_searchable {
            search.push(entry(router, page, own).await?);
        }
    }
    files.insert("search.json".to_owned(), serde_json::to_vec(&search)?);
    let base = snapshot.config.base_url.as_deref().and_then(url_key).unwrap_or_default();
    let addresses = addresses_of(&view.corpus, base.trim_end_matches('/'), is_inferring);
    files.insert("v1/resolve.json".to_owned(), serde_json::to_vec(&addresses)?);
    Ok(())
}

/// The folder of what is answered about `page`; `None` where its name is none of a file.
fn folder(page: &Page) -> Option<String> {
    let address = FileAddress::of(&format!("/{}s/{}", page.kind, addresses::escaped(&page.slug)))?;
    Some(format!("v1/{}", address.file.strip_suffix("index.html")?))
}

fn asked(page: &Page, question: &str, query: &str) -> String {
    let id = addresses::escaped(&page.id());
    match question {
        "plan" => format!("/v1/plan?target={id}&{query}"),
        "related" => format!("/v1/{}s/{id}/related?limit={RELATED_ITEMS}&{query}", page.kind),
        _ => format!("/v1/{}s/{id}/{question}?{query}", page.kind),
    }
}

async fn ask(router: &Router, url: &str) -> anyhow::Result<Value> {
    let (status, answer) = fetch_any(router, url).await?;
    if status != 200 {
        bail!("{url} cannot be answered: {}", String::from_utf8_lossy(&answer));
    }
    serde_json::from_slice(&answer).with_context(|| format!("{url} is answered with something else"))
}

/// An answer as a file, with addresses from the top of the files where they lead to one.
fn files_of(answer: &Value, own: &OwnPaths) -> anyhow::Result<Vec<u8>> {
    let mut answer = answer.clone();
    relink(&mut answer, own);
    Ok(serde_json::to_vec(&answer)?)
}

fn relink(value: &mut Value, own: &OwnPaths) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| relink(item, own)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(url) if name == "url" => {
                        if let Some(to) = addresses::to_file(url, own) {
                            *url = to;
                        }
                    }
                    field => relink(field, own),
                }
            }
        }
        _ => {}
    }
}

async fn entry<'a>(router: &Router, page: &'a Page, own: &OwnPaths) -> anyhow::Result<SearchEntry<'a>> {
    let needs = if page.kind == Kind::Concept {
        let query = "fields=items.id,minutes_total";
        let needs = ask(router, &asked(page, "prerequisites", query)).await?;
        let n = needs["items"].as_array().map_or(0, Vec::len);
        needs["minutes_total"].as_u64().filter(|_| n > 0).map(|minutes| (n, minutes))
    } else {
        None
    };
    let sections = page.sections.iter().filter(|section| !section.anchor.is_empty() && section.title != page.title);
    let section = |section: &'a gradus_corpus::Section| match section.is_locked() {
        true => SectionEntry::Locked(&section.anchor, &section.title, 1),
        false => SectionEntry::Open(&section.anchor, &section.title),
    };
    Ok(SearchEntry {
        i: page.id(),
        u: addresses::to_file(&page.url, own).is_none().then_some(&*page.url),
        t: &page.title,
        n: &page.names,
        d: beginning(page.description.as_deref().unwrap_or_default()),
        s: sections.map(section).collect(),
        b: needs,
    })
}

/// `text` as far as the index keeps it, to the end of a word where it has words.
fn beginning(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(DESCRIPTION_CHARS) else { return text.to_owned() };
    let kept = &text[..end];
    format!("{}…", kept.rsplit_once(' ').map_or(kept, |(words, _)| words.trim_end_matches([',', ';', ':'])))
}

/// The addresses of which the names of `corpus` say that they mean one page, as they say it.
fn addresses_of(corpus: &Corpus, base: &str, inferred: bool) -> Addresses {
    let ids = corpus.pages().map(|(_, page)| page.id()).collect();
    let mut addresses = BTreeMap::new();
    let urls = corpus.pages().flat_map(|(_, page)| std::iter::once(&page.url).chain(&page.old_urls));
    for key in urls.filter_map(|url| url_key(url)).flat_map(|key| [key.to_lowercase(), key]) {
        if let [meant] = corpus.names().by_shown_url(&key, None)[..] {
            addresses.insert(key, meant.idx());
        }
    }
    Addresses { base: base.to_owned(), inferred, ids, addresses }
}
