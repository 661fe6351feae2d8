//! `/live`: pages of a server that watches its content hear when there is other content, or when it could not be loaded.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use gradus_engine::host::Host;
use gradus_engine::viewer::Viewer;
use serde::Serialize;

use super::visit::PageVisit;
use crate::http::App;

/// Time between two looks at what is served. Watching is for authors, who have few pages open.
const LOOK: Duration = Duration::from_millis(400);

/// What is served now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct LiveState {
    generation: String,
    /// Why the newest content could not be loaded.
    failure: Option<String>,
}

impl LiveState {
    fn of(host: &Host, viewer: Viewer) -> Self {
        let snapshot = host.snapshot();
        let generation = snapshot.map(|snapshot| snapshot.view(viewer).generation.clone()).unwrap_or_default();
        Self { generation, failure: host.failure() }
    }
}

/// What is served, told at once and whenever it changes, until the server stops.
pub(super) async fn live(State(app): State<App>, visit: PageVisit) -> Response {
    let (host, viewer) = (Arc::clone(app.host()), visit.pinned.viewer());
    let stopping = app.stopping();
    let events = stream::unfold((host, stopping, None), move |(host, mut stopping, told)| async move {
        loop {
            let now = LiveState::of(&host, viewer);
            if told.as_ref() != Some(&now) {
                let data = serde_json::to_string(&now).unwrap_or_default();
                return Some((Ok::<_, Infallible>(Event::default().data(data)), (host, stopping, Some(now))));
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                // An open answer would hold the server up.
                _ = stopping.wait_for(|stopping| *stopping) => return None,
            }
        }
    });
    Sse::new(events).into_response()
}
