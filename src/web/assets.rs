//! What pages are made of beside their text: the sheet, the script, the fonts, the icon; compiled in.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use gradus_corpus::checksum;

use super::embed;
use crate::http::problem::{Fault, no_such_path};
use crate::http::{App, etag};

/// A file that pages load.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
}

/// The sheet, in the order of its layers.
const SHEET: &str = concat!(
    include_str!("sheet/tokens.css"),
    include_str!("sheet/base.css"),
    include_str!("sheet/layout.css"),
    include_str!("sheet/parts.css"),
    include_str!("sheet/prose.css"),
    include_str!("sheet/lists.css"),
    include_str!("sheet/picture.css"),
    include_str!("sheet/plan.css"),
    include_str!("sheet/pages.css"),
    include_str!("sheet/states.css"),
);

static ASSETS: [Asset; 6] = [
    Asset { name: "gradus.css", media_type: "text/css; charset=utf-8", bytes: SHEET.as_bytes() },
    Asset { name: "page.js", media_type: "text/javascript; charset=utf-8", bytes: include_bytes!("assets/page.js") },
    Asset { name: "icon.svg", media_type: "image/svg+xml", bytes: include_bytes!("assets/icon.svg") },
    Asset {
        name: "sans.woff2",
        media_type: "font/woff2",
        bytes: include_bytes!("assets/fonts/source-sans-3-latin-wght-normal.woff2"),
    },
    Asset {
        name: "serif.woff2",
        media_type: "font/woff2",
        bytes: include_bytes!("assets/fonts/source-serif-4-latin-wght-normal.woff2"),
    },
    Asset {
        name: "suggestions.js",
        media_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("assets/suggestions.js"),
    },
];

/// A short name for what an asset holds: its address changes with it, so that browsers may keep it for ever.
fn mark(bytes: &[u8]) -> String {
    format!("{:08x}", checksum(bytes) >> 32)
}

/// Addresses of the assets.
pub(super) struct AssetUrls {
    /// The sheet.
    pub(super) css: String,
    /// The script.
    pub(super) js: String,
    /// The script of the page of proposals.
    pub(super) suggestions: String,
    /// Names all of them: pages made with others are other pages.
    pub(super) mark: String,
}

/// Addresses of the assets of this program.
pub(super) fn urls() -> &'static AssetUrls {
    static URLS: LazyLock<AssetUrls> = LazyLock::new(|| {
        let url = |asset: &Asset| format!("/assets/{}?v={}", asset.name, mark(asset.bytes));
        let all: Vec<u8> = ASSETS.iter().flat_map(|asset| asset.bytes.iter().copied()).collect();
        let [css, js, .., suggestions] = &ASSETS;
        AssetUrls { css: url(css), js: url(js), suggestions: url(suggestions), mark: mark(&all) }
    });
    &URLS
}

/// The routes of the assets.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/assets/{name}", get(asset)).route("/favicon.ico", get(icon)).route("/embed.js", get(module))
}

/// The module for other sites, under an address that stays.
async fn module(headers: HeaderMap) -> Response {
    let media_type = "text/javascript; charset=utf-8";
    respond(&Asset { name: "embed.js", media_type, bytes: embed::MODULE.as_bytes() }, &headers, false)
}

async fn icon(headers: HeaderMap) -> Response {
    let [_, _, icon, ..] = &ASSETS;
    respond(icon, &headers, false)
}

async fn asset(Path(name): Path<String>, headers: HeaderMap, uri: Uri) -> Result<Response, Fault> {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else { return Err(no_such_path(uri).await) };
    let is_marked = uri.query() == Some(&format!("v={}", mark(asset.bytes)));
    Ok(respond(asset, &headers, is_marked))
}

/// The asset, to be kept for ever under an address that names what it holds.
fn respond(asset: &Asset, headers: &HeaderMap, is_marked: bool) -> Response {
    let tag = format!("W/\"{}\"", mark(asset.bytes));
    let mut response = if etag::matches(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, asset.media_type)], asset.bytes).into_response()
    };
    let control = if is_marked { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(control));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
