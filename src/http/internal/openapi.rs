//! The description of the internal listener, for `GET /openapi.json` and `sicantik openapi`.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi;

use super::{documents, health, hooks, metrics, storage};

/// What stands at each handler, put together.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "SICANTIK Companion, internal listener",
        description = "For Odoo's hooks, a service manager and Prometheus. Not for browsers, not for the internet."
    ),
    paths(
        hooks::runs,
        documents::put,
        documents::get,
        documents::delete,
        storage::get,
        health::alive,
        health::ready,
        metrics::text,
        serve
    )
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
