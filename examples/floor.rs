//! What the web framework gives alone: `/N` answers with N bytes that are there already. `scripts/race` measures answers against it.

use std::env::args;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;

/// More than any answer that is compared.
const MAX_BYTES: usize = 1 << 20;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address =
        args().nth(1).ok_or_else(|| std::io::Error::other("the first argument is an address to listen on"))?;
    let answer = |State(all): State<Bytes>, Path(n_bytes): Path<usize>| async move {
        ([(header::CONTENT_TYPE, "application/json")], all.slice(..n_bytes.min(MAX_BYTES))).into_response()
    };
    let router = Router::new().route("/{n_bytes}", get(answer)).with_state(Bytes::from(vec![b' '; MAX_BYTES]));
    axum::serve(TcpListener::bind(address).await?, router).await
}
