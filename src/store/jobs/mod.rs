//! Jobs: work that is born in the worker and must survive it. A job is claimed by a lease with a token; whoever comes
//! with an older token changes nothing. `queue` uses it; `docs/architecture.md` tells the rules.
//!
//! Every method is part of the caller's transaction, so that a job and what caused it, or what came of it, are kept
//! together. Times are the database's own, because the clocks of several workers differ.

mod claim;
mod lane;
mod outcome;

use std::fmt;
use std::time::Duration;

use super::{Store, StoreError, Transaction};

pub use claim::ANY;
pub use lane::WaitingJob;

/// Longer than any lease or pause, so that no sum overflows.
const LONGEST: Duration = Duration::from_hours(10 * 365 * 24);

/// Of one statement.
const AT_ONCE: usize = 500;

const ENQUEUE: &str = "INSERT INTO jobs (database_uuid, configuration, kind, lane, key, payload, priority, max_attempts, \
     due_at, expires_at, created_at) VALUES {each} ON CONFLICT DO NOTHING";
const ENQUEUED: &str = "({}, {}, {}, {}, {}, {}, {}, {}, {now} + {}, {now} + {}, {now})";

const REQUEUE: &str = "UPDATE jobs SET state = 'waiting', attempts = 0, due_at = {now}, expires_at = {now} + $5, \
     begun_at = NULL, ended_at = NULL, last_error = NULL, lane = $6, payload = $7, priority = $8, max_attempts = $9 \
     WHERE database_uuid = $1 AND configuration = $2 AND kind = $3 AND key = $4 \
     AND state IN ('dead', 'unknown', 'cancelled')";

const CANCEL: &str = "UPDATE jobs SET state = 'cancelled', ended_at = {now} \
     WHERE database_uuid = $1 AND configuration = $2 AND kind = $3 AND key = $4 AND state = 'waiting'";

const FORGET_ENDED: &str = "DELETE FROM jobs WHERE database_uuid = $1 AND kind = $2 AND ended_at IS NOT NULL";

const OPEN_JOBS: &str = "SELECT COUNT(*) FROM jobs WHERE state IN ('waiting', 'running')";

/// Where jobs wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The database of Odoo that they belong to.
    pub database_uuid: &'a str,
    pub kind: &'a str,
    /// Of one kind, those that go the same way: what holds one of them up holds them all. Empty where there is one way.
    pub lane: &'a str,
}

/// A job to be done.
#[derive(Clone)]
pub struct NewJob<'a> {
    pub line: Line<'a>,
    /// The configuration of that Odoo, by its id there.
    pub configuration: i64,
    /// What it is about, by content and never by a record's id: of one kind and key there is one job.
    pub key: &'a str,
    /// What the work needs, as its kind understands it.
    pub payload: &'a str,
    /// Those with a smaller one are done first; 0 is usual.
    pub priority: i64,
    /// After as many failures it is dead.
    pub max_attempts: u32,
    /// Not before this time has passed.
    pub delay: Duration,
    /// Not after this time; `None` = it is never too late.
    pub expires: Option<Duration>,
}

/// A claimed job.
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
    pub(super) token: String,
}

/// Without what the work needs, which may be about people.
impl fmt::Debug for NewJob<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("NewJob").field("line", &self.line).field("key", &self.key).finish_non_exhaustive()
    }
}

/// Without what the work needs, which may be about people.
impl fmt::Debug for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, key, attempt, lease, .. } = self;
        let mut told = formatter.debug_struct("Job");
        told.field("kind", kind).field("key", key).field("attempt", attempt).field("lease", lease);
        told.finish_non_exhaustive()
    }
}

/// Without the token.
impl fmt::Debug for JobLease {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("JobLease").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A job that ended by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The configuration of Odoo that it belongs to.
    pub configuration: i64,
    pub key: String,
    pub end: End,
}

/// How a job ended of which nobody said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Its holder had begun with what must not be done twice, and never came back: nobody knows whether it was done.
    Unknown,
    /// It was too late for it.
    Expired,
    /// Its last holder vanished before it began.
    Abandoned,
}

impl Transaction {
    /// Adds a job; false when there is one of that database, configuration, kind and key, ended ones included.
    pub async fn enqueue(&mut self, job: &NewJob<'_>) -> Result<bool, StoreError> {
        Ok(self.enqueue_all(std::slice::from_ref(job)).await? == 1)
    }

    /// The same of several, in their order; how many were added.
    pub async fn enqueue_all(&mut self, jobs: &[NewJob<'_>]) -> Result<u64, StoreError> {
        let mut added = 0;
        for some in jobs.chunks(AT_ONCE) {
            let query = self.query_of_each(ENQUEUE, ENQUEUED, 1, some.len());
            let query = some.iter().fold(query, |query, job| {
                let Line { database_uuid, kind, lane } = job.line;
                let query = query.bind(database_uuid.to_owned()).bind(job.configuration).bind(kind.to_owned());
                let query = query.bind(lane.to_owned()).bind(job.key.to_owned()).bind(job.payload.to_owned());
                let query = query.bind(job.priority).bind(i64::from(job.max_attempts));
                query.bind(millis(job.delay)).bind(job.expires.map(millis))
            });
            added += self.execute(query).await?;
        }
        Ok(added)
    }

    /// Has a job that is dead, unknown or cancelled wait again, as this one and with all its attempts; false where there is
    /// none. A person decides that: what is unknown may then be done twice.
    pub async fn requeue(&mut self, job: &NewJob<'_>) -> Result<bool, StoreError> {
        let query = self.query(REQUEUE).bind(job.line.database_uuid.to_owned()).bind(job.configuration);
        let query = query.bind(job.line.kind.to_owned()).bind(job.key.to_owned()).bind(job.expires.map(millis));
        let query = query.bind(job.line.lane.to_owned()).bind(job.payload.to_owned()).bind(job.priority);
        let query = query.bind(i64::from(job.max_attempts));
        Ok(self.execute(query).await? == 1)
    }

    /// Takes a job that waits out of its line; false where there is none, or it is being done.
    pub async fn cancel(&mut self, line: &Line<'_>, configuration: i64, key: &str) -> Result<bool, StoreError> {
        let query = self.query(CANCEL).bind(line.database_uuid.to_owned()).bind(configuration);
        let query = query.bind(line.kind.to_owned()).bind(key.to_owned());
        Ok(self.execute(query).await? == 1)
    }

    /// Forgets the ended jobs of a kind that keeps elsewhere what came of them, and with them what the work needed; how
    /// many there were.
    pub async fn forget_ended(&mut self, database_uuid: &str, kind: &str) -> Result<u64, StoreError> {
        let query = self.query(FORGET_ENDED).bind(database_uuid.to_owned()).bind(kind.to_owned());
        self.execute(query).await
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

/// At least a moment, so that whoever waits does not ask again at once.
pub(super) fn pause(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or_default().max(1))
}

/// As the tables have it.
pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.min(LONGEST).as_millis()).unwrap_or(i64::MAX)
}
