//! A site without a server: every page of the server as a file, for any host of files.
//!
//! Pages are asked of the same router that serves them, as an anonymous reader, so that a file holds what such a reader is shown and
//! nothing else. What only a server can do is left out of them (plans for what a reader knows, the API, its reference); a plan to
//! each page is a file of its own, a search page finds pages by their names, headings and descriptions with a small script, and what
//! components of `/embed.js` ask lies in files as well (`components`).

mod addresses;
mod components;
mod folder;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use anyhow::{Context, bail};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use gradus_engine::viewer::Viewer;
use tower::ServiceExt;

use crate::http::App;
use crate::web;
use addresses::{FileAddress, OwnPaths, rewritten};
pub(crate) use folder::WrittenFolder;
use folder::write;

/// The search of a site without a server.
const SEARCH_SCRIPT: &str = include_str!("search.js");
/// What the sheet names and no page does.
const SHEETS_FONT: &str = "/assets/serif.woff2";
/// An address that no page has, to be shown where nothing is.
const NOWHERE: &str = "/404";

/// Writes the site that `app` serves into the folder `out`. Its files lie under `base_url` where that is given, for `sitemap.xml`.
/// Equal content gives equal files, and files that are as they were are not touched.
///
/// # Errors
/// If `out` is no folder of such a site and not empty, the system refuses, or a page cannot be made.
pub(crate) async fn build(app: App, out: &Path, base_url: Option<&str>) -> anyhow::Result<WrittenFolder> {
    folder::check(out)?;
    let snapshot = app.host().snapshot().context("nothing is loaded")?;
    let corpus = &snapshot.view(Viewer::Anonymous).corpus;
    let router = web::router(app);
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut open: VecDeque<String> =
        ["/", "/map", "/path", "/search", "/favicon.ico", SHEETS_FONT].map(str::to_owned).into();
    let (mut found, mut own) = (Vec::new(), OwnPaths::default());
    for (_, page) in corpus.pages() {
        let url = format!("/{}s/{}", page.kind, addresses::escaped(&page.slug));
        if page.is_searchable {
            found.extend(FileAddress::of(&url).map(|address| address.shown()));
        }
        own.add(&page.url, &url);
        open.push_back(format!("/path?target={}", addresses::escaped(&page.id())));
        open.push_back(url);
    }
    let mut seen: BTreeSet<String> = open.iter().cloned().collect();
    while let Some(url) = open.pop_front() {
        let Some(address) = FileAddress::of(&url) else { continue };
        let Some((is_page, bytes)) = fetch(&router, &url).await? else { continue };
        let bytes = if address.file.ends_with(".md") || address.file.ends_with(".txt") {
            addresses::rewritten_markdown(&String::from_utf8_lossy(&bytes), address.depth()).into_bytes()
        } else if is_page {
            let (page, links) = rewritten(&String::from_utf8_lossy(&bytes), address.depth(), &own);
            open.extend(links.into_iter().filter(|link| seen.insert(link.clone())));
            page.into_bytes()
        } else {
            bytes
        };
        files.insert(address.file, bytes);
    }
    with_search(&mut files);
    components::add(&mut files, &router, &snapshot, &own).await?;
    files.insert("embed.js".to_owned(), web::module_of_files().into_bytes());
    let (_, missing) = fetch_any(&router, NOWHERE).await?;
    // It is shown at every depth, so it leads to the top by its whole path.
    files.insert("404.html".to_owned(), addresses::from_top(&String::from_utf8_lossy(&missing), base_url).into_bytes());
    if let Some(base_url) = base_url {
        files.insert("sitemap.xml".to_owned(), sitemap(base_url, &found).into_bytes());
    }
    write(out, &files)
}

/// What is at `url`, and whether it has links as HTML and pictures have them; `None` where there is none, as where a page of another site is named by a link.
async fn fetch(router: &Router, url: &str) -> anyhow::Result<Option<(bool, Vec<u8>)>> {
    let (status, answer) = fetch_any(router, url).await?;
    match status {
        200 => Ok(Some((answer.starts_with(b"<!doctype html>") || answer.starts_with(b"<svg"), answer))),
        300..=499 => Ok(None),
        _ => bail!("{url} cannot be made: {}", String::from_utf8_lossy(&answer)),
    }
}

async fn fetch_any(router: &Router, url: &str) -> anyhow::Result<(u16, Vec<u8>)> {
    let request = Request::get(url).header(header::HOST, addresses::HOST).header(header::ACCEPT, "text/html,*/*");
    let response = router.clone().oneshot(request.body(Body::empty())?).await?;
    let status = response.status().as_u16();
    Ok((status, to_bytes(response.into_body(), usize::MAX).await?.to_vec()))
}

/// Adds the scripts of the search, and names them in the page of the search.
fn with_search(files: &mut BTreeMap<String, Vec<u8>>) {
    files.insert("assets/search.js".to_owned(), SEARCH_SCRIPT.as_bytes().to_vec());
    files.insert("assets/find.js".to_owned(), web::FIND_SCRIPT.as_bytes().to_vec());
    if let Some(page) = files.get_mut("search/index.html") {
        let script = "<script type=\"module\" src=\"../assets/search.js\"></script>\n</head>";
        *page = String::from_utf8_lossy(page).replacen("</head>", script, 1).into_bytes();
    }
}

/// The addresses of all pages that may be found, as sitemaps.org has it.
fn sitemap(base_url: &str, found: &[String]) -> String {
    let base_url = base_url.trim_end_matches('/');
    let lines = std::iter::once("").chain(found.iter().map(String::as_str));
    let lines: String = lines
        .map(|path| format!("<url><loc>{}</loc></url>\n", addresses::html(&format!("{base_url}/{path}"))))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{lines}</urlset>\n"
    )
}
