//! Order within a session over several replicas: who has seen a publication on one is not shown an older one by another.
//!
//! Every answer of a replica carries `Gradus-Publication`, the number of the one publication that it was made from. Who sends
//! the highest number seen so far as `Gradus-At-Least` is answered from that one or a later one: a replica that is behind waits a
//! moment for it, and else says so with 503. No clock and no cookie takes part.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gradus_corpus::PublicationNumber;
use gradus_engine::snapshot::Snapshot;

use super::App;
use super::problem::Fault;
use crate::replica::{ReplicaStanding, StoreState, is_recent};

/// Names the publication that an answer was made from.
pub(super) const PUBLICATION: HeaderName = HeaderName::from_static("gradus-publication");
/// Names the oldest publication that an answer may be made from.
const AT_LEAST: HeaderName = HeaderName::from_static("gradus-at-least");

/// What makes a server a replica, as far as readers see it.
#[derive(Clone)]
pub(super) struct ReplicaOrder {
    pub(super) standing: ReplicaStanding,
    /// For how long a reader waits who has seen newer content.
    pub(super) wait: Duration,
}

/// The snapshot that a request is answered from, whatever is swapped in meanwhile.
#[derive(Clone)]
pub(crate) struct HeldSnapshot(pub(super) Arc<Snapshot>);

/// Answers each request from one publication, which it names, and from none that is older than the asker has seen.
pub(super) async fn keep_order(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let Some(order) = &app.replica else { return next.run(request).await };
    let wanted = match wanted(&request) {
        Ok(wanted) => wanted,
        Err(fault) => return fault.into_response(),
    };
    let has_come = match wanted {
        Some(wanted) => wait_for(order, wanted).await,
        None => true,
    };
    let Some(snapshot) = app.host.snapshot() else { return next.run(request).await };
    let number = snapshot.publication();
    let mut response = match wanted {
        Some(wanted) if !has_come => {
            let served = number.map_or_else(|| "nothing".to_owned(), |number| number.to_string());
            Fault::overloaded(format!("{served} is served here, and not {wanted} yet; try again soon")).into_response()
        }
        _ => {
            request.extensions_mut().insert(HeldSnapshot(snapshot));
            next.run(request).await
        }
    };
    if let Some(value) = number.and_then(|number| HeaderValue::try_from(number.to_string()).ok()) {
        response.headers_mut().insert(PUBLICATION, value);
    }
    response
}

/// The publication that the request wants at least.
fn wanted(request: &Request) -> Result<Option<PublicationNumber>, Fault> {
    let mut highest = None;
    for value in request.headers().get_all(AT_LEAST) {
        let number: Option<PublicationNumber> = value.to_str().ok().and_then(|text| text.trim().parse().ok());
        let wrong = || Fault::unreadable("Gradus-At-Least is the number of a publication, such as 42");
        highest = highest.max(Some(number.ok_or_else(wrong)?));
    }
    Ok(highest)
}

/// Whether `wanted` or a later one is served, now or within the time that readers wait; while the store is away nothing is waited for.
async fn wait_for(order: &ReplicaOrder, wanted: PublicationNumber) -> bool {
    if order.standing.store() == StoreState::Away {
        return is_recent(order.standing.served(), wanted);
    }
    let mut served = order.standing.follow();
    let come = served.wait_for(|served| is_recent(*served, wanted));
    matches!(tokio::time::timeout(order.wait, come).await, Ok(Ok(_)))
}
