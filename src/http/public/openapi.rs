//! The description of the public listener, for `GET /openapi.json` and `sicantik openapi --public`.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi;

use super::{documents, health, webhooks};

/// What stands at each handler, put together.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "SICANTIK Companion, public listener",
        description = "For citizens and for providers of messages, behind the office's TLS proxy."
    ),
    paths(documents::give, health::alive, webhooks::register, webhooks::receive, serve)
)]
struct Document;

/// The description.
#[must_use]
pub fn document() -> openapi::OpenApi {
    Document::openapi()
}

/// This description.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "operation",
    responses((status = 200, description = "The description of this listener", body = Object))
)]
pub(super) async fn serve() -> Json<openapi::OpenApi> {
    Json(document())
}
