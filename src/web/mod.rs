//! Pages for people: the answers of the table of questions as HTML that is whole without any script.
//!
//! A page asks (`ask`), borrows what it is answered, and hands that to a template, which asks nothing. No page holds a style,
//! a script or a request to another host: the policy in `headers` forbids them. What goes wrong is shown to a browser as a page
//! and told to every other client as a problem (`problem`).

mod accept;
mod ask;
mod assets;
mod authored;
mod concept;
mod embed;
mod frame;
mod goals;
mod guide;
mod headers;
mod health;
mod home;
mod inference;
mod lines;
mod link;
mod live;
mod map;
mod markdown;
mod picture;
mod plan;
mod problem;
mod quiz;
mod reference;
mod search;
mod steps;
mod suggestions;
mod visit;
mod words;

pub use embed::snippet;
pub(crate) use embed::{FIND_SCRIPT, module_of_files};
pub(crate) use inference::offers_inference;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;

use crate::http::problem::panicked;
use crate::http::{self, App};

/// The public router: the questions and the pages.
pub fn router(app: App) -> Router {
    let pages = pages(&app);
    http::router(app, pages).layer(from_fn(headers::protect))
}

/// The router of the admin listener: what operators ask, and the page that names what is wrong with the content.
pub fn admin_router(app: App) -> Router {
    let page = Router::new().route("/health", get(health::health));
    let editing = Router::new().route("/suggestions", get(suggestions::suggestions));
    let open = assets::routes().merge(if app.edits() { editing } else { Router::new() });
    http::admin_router(app, page, open).layer(from_fn(headers::protect))
}

/// The pages, what they are made of, and what is shown where nothing is served.
fn pages(app: &App) -> Router<App> {
    let visits = Router::new()
        .route("/", get(home::home))
        .route("/search", get(search::search))
        .route("/concepts/{slug}", get(concept::concept))
        .route("/guides/{slug}", get(guide::guide))
        .route("/path", get(plan::plan))
        .route("/path.md", get(plan::checklist))
        .route("/map", get(map::map))
        .route("/docs", get(reference::reference))
        .route("/docs/{name}", get(reference::operation))
        .route("/live", get(live::live))
        .route("/llms.txt", get(markdown::llms))
        .route("/llms-full.txt", get(markdown::full))
        .fallback(problem::elsewhere)
        .layer(from_fn_with_state(app.clone(), visit::admit))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), problem::show));
    visits.merge(assets::routes())
}
