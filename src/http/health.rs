//! Whether the process lives, and whether it can work.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::health::OdooHealth;

use super::internal::Internal;

/// `GET /healthz`: the process answers.
pub(super) async fn alive() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// `GET /readyz`: 200 even while Odoo is away, so that a proxy keeps what does not need it; the body says so.
pub(super) async fn ready(State(state): State<Internal>) -> Json<Value> {
    let (status, odoo) = match state.health.odoo() {
        Some(OdooHealth::Reached(_)) => ("ready", "ok"),
        Some(OdooHealth::Failed(code)) => ("degraded", code),
        None => ("degraded", "not_asked_yet"),
    };
    Json(json!({ "status": status, "odoo": odoo }))
}
