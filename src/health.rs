//! What the worker knows of its surroundings and of its own jobs, for readiness. Written by jobs, read by `http`.
//! What is news is logged here, once.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Mutex, MutexGuard, PoisonError};

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::metrics;

/// An API key that ends within this time is spoken of: long enough for an office to find its administrator.
pub const KEY_WARNING: TimeDelta = TimeDelta::days(30);

/// A job that misses so many ticks is late.
const MISSED_TICKS: u32 = 3;

/// No job is late before this, however often it runs: a machine may be busy.
const SHORTEST_PATIENCE: Duration = Duration::from_secs(15);

/// The last things heard from Odoo, and of the jobs.
#[derive(Debug, Default)]
pub struct Health {
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    odoo: Option<OdooHealth>,
    key_ends: Option<DateTime<Utc>>,
    warned_on: Option<NaiveDate>,
    jobs: BTreeMap<&'static str, JobHealth>,
}

/// When a job last completed a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobHealth {
    every: Duration,
    started: DateTime<Utc>,
    /// `None` before the first.
    pub last_tick: Option<DateTime<Utc>>,
}

impl JobHealth {
    /// Whether it has missed several ticks.
    #[must_use]
    pub fn is_late(&self, now: DateTime<Utc>) -> bool {
        let patience = (self.every * MISSED_TICKS).max(SHORTEST_PATIENCE);
        let silent_for = now - self.last_tick.unwrap_or(self.started);
        silent_for.to_std().is_ok_and(|silent_for| silent_for > patience)
    }
}

/// Whether Odoo answered last time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OdooHealth {
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

    /// Odoo answered a look for orders.
    pub fn odoo_answered(&self, database: &str, version: &str, key_ends: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        metrics::odoo_up(true);
        if self.set_odoo(OdooHealth::Reached(database.to_owned())) {
            tracing::info!(odoo.version = version, "Odoo answers");
        }
        if let Some(ends) = key_ends {
            metrics::api_key_ends(ends);
        }
        if let Some(days) = self.note_api_key(key_ends, now) {
            tracing::warn!(
                days,
                "the worker's API key ends soon; press Renew Keys in Odoo (SICANTIK › Configuration) and give the \
                 worker the new lines"
            );
        }
    }

    /// Odoo did not, or not as it should. What lasts is said once, not at every poll.
    pub fn odoo_failed(&self, code: &'static str, error: &dyn Display) {
        metrics::odoo_up(false);
        if self.set_odoo(OdooHealth::Failed(code)) {
            tracing::warn!(%error, "Odoo could not be asked for orders; it is asked again at every poll");
        }
    }

    /// A job begins; it ticks so often.
    pub fn expect_job(&self, name: &'static str, every: Duration, now: DateTime<Utc>) {
        self.heard().jobs.insert(name, JobHealth { every, started: now, last_tick: None });
    }

    /// A job completed a tick.
    pub fn job_ticked(&self, name: &'static str, now: DateTime<Utc>) {
        metrics::job_ticked(name, now);
        if let Some(job) = self.heard().jobs.get_mut(name) {
            job.last_tick = Some(now);
        }
    }

    /// Every job by its name.
    #[must_use]
    pub fn jobs(&self) -> BTreeMap<&'static str, JobHealth> {
        self.heard().jobs.clone()
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

    #[test]
    fn a_job_is_late_when_it_has_missed_several_ticks() {
        let health = Health::default();
        let now = |seconds: i64| at(0) + TimeDelta::seconds(seconds);
        health.expect_job("poll", Duration::from_secs(30), now(0));
        let late = |seconds| health.jobs()["poll"].is_late(now(seconds));
        assert_eq!((late(90), late(91)), (false, true), "it never began");
        health.job_ticked("poll", now(100));
        assert_eq!((late(91), late(190), late(191)), (false, false, true));
        assert_eq!(health.jobs()["poll"].last_tick, Some(now(100)));
        health.expect_job("often", Duration::from_secs(1), now(0));
        let late = |seconds| health.jobs()["often"].is_late(now(seconds));
        assert_eq!((late(15), late(16)), (false, true), "a busy machine is no fault");
    }
}
