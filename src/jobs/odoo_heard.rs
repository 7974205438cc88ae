//! What each look for orders says of Odoo: kept for readiness, counted, and logged when it is news.

use crate::app::App;
use crate::health::OdooHealth;
use crate::metrics;
use crate::odoo::{OdooError, ServerInfo};

/// Odoo answered.
pub(super) fn answered(app: &App, server: &ServerInfo) {
    metrics::odoo_up(true);
    if app.health.set_odoo(OdooHealth::Reached(server.database_uuid.clone())) {
        tracing::info!(odoo.version = server.odoo_version, "Odoo answers");
    }
    if let Some(ends) = server.api_key_expires {
        metrics::api_key_ends(ends);
    }
    if let Some(days) = app.health.note_api_key(server.api_key_expires, app.clock.now()) {
        tracing::warn!(
            days,
            "the worker's API key ends soon; press Renew Keys in Odoo (SICANTIK › Configuration) and give the \
             worker the new lines"
        );
    }
}

/// Odoo did not, or not as it should. What lasts is said once, not at every poll.
pub(super) fn failed(app: &App, error: &OdooError) {
    metrics::odoo_up(false);
    if app.health.set_odoo(OdooHealth::Failed(error.code())) {
        tracing::warn!(%error, "Odoo could not be asked for orders; it is asked again at every poll");
    }
}
