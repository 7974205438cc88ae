//! Who does a job, and what becomes of those whose holder vanished.

use std::time::Duration;

use sqlx::Row;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::{End, Job, JobLease, Line, Settled, millis, pause};
use crate::store::{StoreError, Transaction};

/// All priorities.
pub const ANY: i64 = i64::MAX;

/// One statement takes one job: of the most urgent, the one that is due longest. A running one is due when its lease is
/// over, unless its holder had begun.
const CLAIM: &str = "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_token = $1, due_at = {now} + $2, \
         begun_at = CASE WHEN $6 = 1 THEN {now} END \
     WHERE id = (SELECT id FROM jobs WHERE state IN ('waiting', 'running') AND database_uuid = $3 AND kind = $4 \
         AND lane = $5 AND priority < $7 AND due_at <= {now} AND begun_at IS NULL AND attempts < max_attempts \
         AND (expires_at IS NULL OR expires_at > {now}) ORDER BY priority, due_at, id LIMIT 1 {skip_locked}) \
     RETURNING id, configuration, kind, key, payload, attempts, max_attempts";

const NEXT_DUE: &str = "SELECT MIN(due_at) - {now} AS wait FROM jobs WHERE state IN ('waiting', 'running') \
     AND database_uuid = $1 AND kind = $2 AND lane = $3 AND priority < $4 AND begun_at IS NULL \
     AND attempts < max_attempts AND (expires_at IS NULL OR expires_at > {now})";

const BEGIN_ATTEMPT: &str = "UPDATE jobs SET begun_at = {now} WHERE id = $1 AND lease_token = $2 AND state = 'running'";

const RENEW: &str = "UPDATE jobs SET due_at = {now} + $3 WHERE id = $1 AND lease_token = $2 AND state = 'running'";

const EXPIRE: &str = "UPDATE jobs SET state = 'dead', last_error = 'expired', ended_at = {now} \
     WHERE state = 'waiting' AND database_uuid = $1 AND kind = $2 AND expires_at <= {now} \
     RETURNING configuration, key, state, last_error";

const SETTLE: &str = "UPDATE jobs SET state = CASE WHEN begun_at IS NULL THEN 'dead' ELSE 'unknown' END, \
         last_error = CASE WHEN begun_at IS NULL AND expires_at <= {now} THEN 'expired' ELSE 'nobody came back' END, \
         lease_token = NULL, ended_at = {now} \
     WHERE state = 'running' AND database_uuid = $1 AND kind = $2 AND due_at <= {now} \
         AND (begun_at IS NOT NULL OR attempts >= max_attempts OR expires_at <= {now}) \
     RETURNING configuration, key, state, last_error";

impl Transaction {
    /// Takes the most urgent job of this line, of those the one that is due longest, for the time of `lease`, if there
    /// is one.
    pub async fn claim(&mut self, line: &Line<'_>, lease: Duration) -> Result<Option<Job>, StoreError> {
        self.take(line, lease, ANY, 0).await
    }

    /// The same of those whose priority is smaller than `below`, and it [begins](Self::begin_attempt); whoever puts it back
    /// has begun nothing.
    pub async fn begin_next(
        &mut self,
        line: &Line<'_>,
        lease: Duration,
        below: i64,
    ) -> Result<Option<Job>, StoreError> {
        self.take(line, lease, below, 1).await
    }

    async fn take(
        &mut self,
        line: &Line<'_>,
        lease: Duration,
        below: i64,
        begins: i64,
    ) -> Result<Option<Job>, StoreError> {
        let token = Uuid::new_v4().simple().to_string();
        let query = self.query(CLAIM).bind(token.clone()).bind(millis(lease)).bind(line.database_uuid.to_owned());
        let query = query.bind(line.kind.to_owned()).bind(line.lane.to_owned()).bind(begins).bind(below);
        let row = self.row(query).await?;
        row.map(|row| read(&row, token).map_err(|error| self.fail(&error))).transpose()
    }

    /// How long it is until one of this line may be claimed whose priority is smaller than `below`, if there is one.
    pub async fn next_due(&mut self, line: &Line<'_>, below: i64) -> Result<Option<Duration>, StoreError> {
        let query = self.query(NEXT_DUE).bind(line.database_uuid.to_owned()).bind(line.kind.to_owned());
        let row = self.one_row(query.bind(line.lane.to_owned()).bind(below)).await?;
        let wait: Option<i64> = row.try_get("wait").map_err(|error| self.fail(&error))?;
        Ok(wait.map(pause))
    }

    /// What must not be done twice begins now. Commit before it does: from then on, a holder who vanishes leaves the
    /// job unknown, and nobody takes it up.
    pub async fn begin_attempt(&mut self, held: &JobLease) -> Result<(), StoreError> {
        let query = self.held(BEGIN_ATTEMPT, held);
        self.change(held, query).await
    }

    /// Holds a job for the time of `lease` from now.
    pub async fn renew(&mut self, held: &JobLease, lease: Duration) -> Result<(), StoreError> {
        let query = self.held(RENEW, held).bind(millis(lease));
        self.change(held, query).await
    }

    /// Ends the jobs of this database and kind that nobody will end: those that came too late, and those whose holder
    /// vanished after it had begun, or at its last attempt. Claims take none of them.
    pub async fn settle(&mut self, database_uuid: &str, kind: &str) -> Result<Vec<Settled>, StoreError> {
        let mut settled = Vec::new();
        for statement in [EXPIRE, SETTLE] {
            let query = self.query(statement).bind(database_uuid.to_owned()).bind(kind.to_owned());
            let rows = self.rows(query).await?;
            for row in rows {
                settled.push(read_settled(&row).map_err(|error| self.fail(&error))?);
            }
        }
        Ok(settled)
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

fn read_settled(row: &AnyRow) -> Result<Settled, sqlx::Error> {
    let (state, error): (String, String) = (row.try_get("state")?, row.try_get("last_error")?);
    let end = match (state.as_str(), error.as_str()) {
        ("unknown", _) => End::Unknown,
        (_, "expired") => End::Expired,
        _ => End::Abandoned,
    };
    Ok(Settled { configuration: row.try_get("configuration")?, key: row.try_get("key")?, end })
}
