//! What the worker knows of its surroundings, for readiness. Written by jobs, read by `http`.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// An API key that ends within this time is spoken of: long enough for an office to find its administrator.
pub const KEY_WARNING: TimeDelta = TimeDelta::days(30);

/// The last things heard from Odoo.
#[derive(Debug, Default)]
pub struct Health {
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    odoo: Option<OdooHealth>,
    key_ends: Option<DateTime<Utc>>,
    warned_on: Option<NaiveDate>,
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
    /// Notes what was heard; true when it is something else than before.
    pub fn set_odoo(&self, health: OdooHealth) -> bool {
        let before = self.heard().odoo.replace(health.clone());
        before != Some(health)
    }

    /// What was heard last; `None` before the first answer.
    #[must_use]
    pub fn odoo(&self) -> Option<OdooHealth> {
        self.heard().odoo.clone()
    }

    /// Notes when the API key ends. Gives the days left when they are few, once a day.
    pub fn note_api_key(&self, ends: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<i64> {
        self.heard().key_ends = ends;
        let ends = self.api_key_ends_soon(now)?;
        let mut heard = self.heard();
        let today = now.date_naive();
        (heard.warned_on.replace(today) != Some(today)).then(|| (ends - now).num_days())
    }

    /// When the API key ends, if that is soon (or over).
    #[must_use]
    pub fn api_key_ends_soon(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.heard().key_ends.filter(|ends| *ends - now <= KEY_WARNING)
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day) + TimeDelta::hours(9)
    }

    #[test]
    fn a_key_that_ends_soon_is_spoken_of_once_a_day() {
        let health = Health::default();
        let ends = Some(at(100));
        assert_eq!(health.note_api_key(None, at(99)), None);
        assert_eq!(health.note_api_key(ends, at(69)), None);
        assert_eq!(health.api_key_ends_soon(at(69)), None);
        let noted = [70, 70, 71, 71, 99, 101].map(|day| health.note_api_key(ends, at(day)));
        assert_eq!(noted, [Some(30), None, Some(29), None, Some(1), Some(-1)]);
        assert_eq!(health.api_key_ends_soon(at(101)), ends);
        assert_eq!(health.note_api_key(Some(at(400)), at(102)), None, "it was renewed");
    }
}
