//! Whether the listener lives.

use axum::Json;
use serde_json::{Value, json};

/// Nothing else is told to strangers.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operation",
    responses((status = 200, description = "`{\"status\": \"ok\"}`", body = Object))
)]
pub(super) async fn alive() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}
