//! Jobs: work that is born in the worker and must survive it. A job is claimed by a lease with a token; whoever comes
//! with an older token changes nothing. Whoever queues work uses it; `docs/architecture.md` tells the rules.
//!
//! Every method is part of the caller's transaction, so that a job and what caused it, or what came of it, are kept
//! together. Times are the database's own, because the clocks of several workers differ.

use std::fmt;
use std::time::Duration;

use sqlx::Row;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use uuid::Uuid;

use super::{Store, StoreError, Transaction};

/// Longer than any lease or pause, so that no sum overflows.
const LONGEST: Duration = Duration::from_hours(10 * 365 * 24);

const ENQUEUE: &str = "INSERT INTO jobs (database_uuid, configuration, kind, key, payload, max_attempts, due_at, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, {now} + $7, {now}) ON CONFLICT DO NOTHING";

/// One statement takes one job: the one that is due longest. A running one is due when its lease is over.
const CLAIM: &str = "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_token = $1, due_at = {now} + $2 \
     WHERE id = (SELECT id FROM jobs WHERE state IN ('waiting', 'running') AND database_uuid = $3 AND kind = $4 \
         AND due_at <= {now} ORDER BY due_at, id LIMIT 1 {skip_locked}) \
     RETURNING id, configuration, kind, key, payload, attempts, max_attempts";

const RENEW: &str = "UPDATE jobs SET due_at = {now} + $3 WHERE id = $1 AND lease_token = $2 AND state = 'running'";

const COMPLETE: &str = "UPDATE jobs SET state = 'done', lease_token = NULL, ended_at = {now} \
     WHERE id = $1 AND lease_token = $2 AND state = 'running'";

const RETRY_LATER: &str = "UPDATE jobs SET lease_token = NULL, due_at = {now} + $3, last_error = $4, \
         state = CASE WHEN attempts < max_attempts THEN 'waiting' ELSE 'dead' END, \
         ended_at = CASE WHEN attempts < max_attempts THEN NULL ELSE {now} END \
     WHERE id = $1 AND lease_token = $2 AND state = 'running'";

const GIVE_UP: &str = "UPDATE jobs SET state = 'dead', lease_token = NULL, ended_at = {now}, last_error = $3 \
     WHERE id = $1 AND lease_token = $2 AND state = 'running'";

const HAND_BACK: &str = "UPDATE jobs SET state = 'waiting', lease_token = NULL, due_at = {now}, attempts = attempts - 1 \
     WHERE id = $1 AND lease_token = $2 AND state = 'running'";

const OPEN_JOBS: &str = "SELECT COUNT(*) FROM jobs WHERE state IN ('waiting', 'running')";

/// Said of a job whose every holder vanished.
const NOBODY_CAME_BACK: &str = "its lease ended at the last attempt";

/// A job to be done.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    /// The database of Odoo that it belongs to.
    pub database_uuid: &'a str,
    /// The configuration of that Odoo, by its id there.
    pub configuration: i64,
    pub kind: &'a str,
    /// What it is about, by content and never by a record's id: of one kind and key there is one job.
    pub key: &'a str,
    /// What the work needs, as its kind understands it.
    pub payload: &'a str,
    /// After as many failures it is dead.
    pub max_attempts: u32,
    /// Not before this time has passed.
    pub delay: Duration,
}

/// A claimed job.
#[derive(Debug)]
pub struct Job {
    /// The configuration of Odoo that it belongs to.
    pub configuration: i64,
    pub kind: String,
    pub key: String,
    /// What the work needs.
    pub payload: String,
    /// This attempt's number, from 1.
    pub attempt: i64,
    /// How many there are at most.
    pub max_attempts: i64,
    /// By which it is held.
    pub lease: JobLease,
}

/// Proof that a job is held. Over when its time ended and another one claimed the job.
#[derive(Clone, PartialEq, Eq)]
pub struct JobLease {
    id: i64,
    token: String,
}

/// Without the token.
impl fmt::Debug for JobLease {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("JobLease").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Transaction {
    /// Adds a job; false when there is one of that database, configuration, kind and key, ended ones included.
    pub async fn enqueue(&mut self, job: &NewJob<'_>) -> Result<bool, StoreError> {
        let query = self.query(ENQUEUE).bind(job.database_uuid).bind(job.configuration).bind(job.kind).bind(job.key);
        let query = query.bind(job.payload).bind(i64::from(job.max_attempts)).bind(millis(job.delay));
        Ok(self.execute(query).await? == 1)
    }

    /// Takes the job of this database and kind that is due longest, for the time of `lease`, if there is one.
    ///
    /// A job whose last attempt vanished without a word is found here, and is dead then.
    pub async fn claim(&mut self, database_uuid: &str, kind: &str, lease: Duration) -> Result<Option<Job>, StoreError> {
        loop {
            let token = Uuid::new_v4().simple().to_string();
            let query = self.query(CLAIM).bind(token.clone()).bind(millis(lease)).bind(database_uuid).bind(kind);
            let row = match query.fetch_optional(self.connection()).await {
                Ok(row) => row,
                Err(error) => return Err(self.fail(&error)),
            };
            let Some(row) = row else { return Ok(None) };
            let job = read(&row, token).map_err(|error| self.fail(&error))?;
            if job.attempt <= job.max_attempts {
                return Ok(Some(job));
            }
            self.give_up(&job.lease, NOBODY_CAME_BACK).await?;
        }
    }

    /// Holds a job for the time of `lease` from now.
    pub async fn renew(&mut self, held: &JobLease, lease: Duration) -> Result<(), StoreError> {
        let query = self.held(RENEW, held).bind(millis(lease));
        self.change(held, query).await
    }

    /// The job is done.
    pub async fn complete(&mut self, held: &JobLease) -> Result<(), StoreError> {
        let query = self.held(COMPLETE, held);
        self.change(held, query).await
    }

    /// The attempt failed: another one after `pause`, or none after the last.
    pub async fn retry_later(&mut self, held: &JobLease, pause: Duration, error: &str) -> Result<(), StoreError> {
        let query = self.held(RETRY_LATER, held).bind(millis(pause)).bind(error.to_owned());
        self.change(held, query).await
    }

    /// The job can never be done, for this reason.
    pub async fn give_up(&mut self, held: &JobLease, reason: &str) -> Result<(), StoreError> {
        let query = self.held(GIVE_UP, held).bind(reason.to_owned());
        self.change(held, query).await
    }

    /// Nothing was tried: another worker may take it at once, and the attempt does not count.
    pub async fn hand_back(&mut self, held: &JobLease) -> Result<(), StoreError> {
        let query = self.held(HAND_BACK, held);
        self.change(held, query).await
    }

    fn held<'q>(&self, template: &'static str, held: &JobLease) -> Query<'q, sqlx::Any, AnyArguments> {
        self.query(template).bind(held.id).bind(held.token.clone())
    }

    async fn change(&mut self, held: &JobLease, query: Query<'_, sqlx::Any, AnyArguments>) -> Result<(), StoreError> {
        match self.execute(query).await? {
            0 => Err(StoreError::LeaseLost(held.id)),
            _ => Ok(()),
        }
    }
}

impl Store {
    /// Whether a job waits or runs, of any database.
    pub async fn holds_work(&self) -> Result<bool, StoreError> {
        let jobs: i64 =
            sqlx::query_scalar(OPEN_JOBS).fetch_one(&self.pools.readers).await.map_err(|error| self.explain(&error))?;
        Ok(jobs > 0)
    }
}

fn read(row: &AnyRow, token: String) -> Result<Job, sqlx::Error> {
    Ok(Job {
        configuration: row.try_get("configuration")?,
        kind: row.try_get("kind")?,
        key: row.try_get("key")?,
        payload: row.try_get("payload")?,
        attempt: row.try_get("attempts")?,
        max_attempts: row.try_get("max_attempts")?,
        lease: JobLease { id: row.try_get("id")?, token },
    })
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.min(LONGEST).as_millis()).unwrap_or(i64::MAX)
}
