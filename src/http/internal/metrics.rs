//! What Prometheus reads.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::http::state::Internal;

/// The version of the text's form.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Every figure of the process; `docs/metrics.md` lists them.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operation",
    responses((status = 200, description = "Figures in Prometheus' text form", body = String, content_type = "text/plain"))
)]
pub(super) async fn text(State(state): State<Internal>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, TEXT)], state.exporter.text())
}
