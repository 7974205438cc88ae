//! What the worker knows of its surroundings, for readiness. Written by jobs, read by `http`.

use std::sync::{Mutex, PoisonError};

/// The last thing heard from Odoo.
#[derive(Debug, Default)]
pub struct Health {
    odoo: Mutex<Option<OdooHealth>>,
}

/// Whether Odoo answered last time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OdooHealth {
    /// Yes; the uuid of its database.
    Reached(String),
    /// No; a stable word for the reason.
    Failed(&'static str),
}

impl Health {
    /// Notes what was heard.
    pub fn set_odoo(&self, health: OdooHealth) {
        *self.odoo.lock().unwrap_or_else(PoisonError::into_inner) = Some(health);
    }

    /// What was heard last; `None` before the first answer.
    #[must_use]
    pub fn odoo(&self) -> Option<OdooHealth> {
        self.odoo.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
