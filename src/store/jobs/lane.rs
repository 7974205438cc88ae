//! Jobs that wait in a lane: what for, and that they change it where that comes too late, or never.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{JobLease, Line};
use crate::store::{StoreError, Transaction};

const LANES: &str = "SELECT DISTINCT lane FROM jobs \
     WHERE state IN ('waiting', 'running') AND database_uuid = $1 AND kind = $2";

/// All of a lane, or those that wait for one of four things.
const WAITING: &str = "SELECT id, key, payload FROM jobs WHERE state = 'waiting' AND database_uuid = $1 AND kind = $2 \
     AND lane = $3 AND id > $4 AND ($6 = 1 OR last_error IN ($7, $8, $9, $10)) ORDER BY id LIMIT $5";

const BACKLOG: &str = "SELECT COUNT(*) AS count, MIN(created_at) AS oldest FROM jobs \
     WHERE state = 'waiting' AND database_uuid = $1 AND kind = $2";

const SAY_WHY: &str = "UPDATE jobs SET last_error = $5 WHERE state = 'waiting' AND database_uuid = $1 AND kind = $2 \
     AND lane = $3 AND priority >= $4 AND (last_error IS NULL OR last_error LIKE 'limit%')";

const UNSAY: &str = "UPDATE jobs SET last_error = NULL WHERE state = 'waiting' AND database_uuid = $1 AND kind = $2 \
     AND lane = $3 AND last_error = $4";

const CHANGE: &str = "UPDATE jobs SET lane = $3, payload = $4, state = 'waiting', lease_token = NULL, begun_at = NULL, \
         due_at = created_at, attempts = 0, last_error = NULL \
     WHERE id = $1 AND lease_token = $2 AND state = 'running'";

/// Whoever claimed it meanwhile has it.
const CHANGE_WAITING: &str = "UPDATE jobs SET lane = $2, payload = $3, due_at = created_at, attempts = 0, last_error = NULL \
     WHERE id = $1 AND lane = $4 AND state = 'waiting'";

/// A job that waits.
#[expect(missing_debug_implementations, reason = "what the work needs may be about people")]
pub struct WaitingJob {
    pub id: i64,
    pub key: String,
    pub payload: String,
}

impl Transaction {
    /// The attempt certainly failed: the job waits in another lane, with another payload, as if it were new.
    pub async fn change_lane(&mut self, held: &JobLease, lane: &str, payload: &str) -> Result<(), StoreError> {
        let query = self.held(CHANGE, held).bind(lane.to_owned()).bind(payload.to_owned());
        self.change(held, query).await
    }

    /// The lanes in which jobs of this kind are.
    pub async fn lanes(&mut self, database_uuid: &str, kind: &str) -> Result<Vec<String>, StoreError> {
        let query = self.query(LANES).bind(database_uuid.to_owned()).bind(kind.to_owned());
        let rows = self.rows(query).await?;
        rows.iter().map(|row| row.try_get("lane")).collect::<Result<_, _>>().map_err(|error| self.fail(&error))
    }

    /// Those of a line that wait, for one of these reasons or, without any, for whatever; `most` of them behind the one of
    /// this id.
    pub async fn waiting_jobs(
        &mut self,
        line: &Line<'_>,
        reasons: Option<[&str; 4]>,
        behind: i64,
        most: i64,
    ) -> Result<Vec<WaitingJob>, StoreError> {
        let query = self.query(WAITING).bind(line.database_uuid.to_owned()).bind(line.kind.to_owned());
        let query = query.bind(line.lane.to_owned()).bind(behind).bind(most).bind(i64::from(reasons.is_none()));
        let query = reasons.unwrap_or_default().into_iter().fold(query, |query, reason| query.bind(reason.to_owned()));
        let rows = self.rows(query).await?;
        rows.iter().map(read).collect::<Result<_, _>>().map_err(|error| self.fail(&error))
    }

    /// How many of this kind wait, and when the oldest of them was made, in Unix milliseconds.
    pub async fn backlog(&mut self, database_uuid: &str, kind: &str) -> Result<(i64, Option<i64>), StoreError> {
        let query = self.query(BACKLOG).bind(database_uuid.to_owned()).bind(kind.to_owned());
        let row = self.one_row(query).await?;
        let read = |row: &AnyRow| Ok((row.try_get("count")?, row.try_get("oldest")?));
        read(&row).map_err(|error: sqlx::Error| self.fail(&error))
    }

    /// All of a line that wait and whose priority is not smaller than `from` wait for this, but for those that wait for
    /// more than a limit.
    pub async fn say_why(&mut self, line: &Line<'_>, from: i64, reason: &str) -> Result<(), StoreError> {
        let query = self.query(SAY_WHY).bind(line.database_uuid.to_owned()).bind(line.kind.to_owned());
        let query = query.bind(line.lane.to_owned()).bind(from).bind(reason.to_owned());
        self.execute(query).await.map(drop)
    }

    /// None of a line waits for this any more.
    pub async fn unsay_why(&mut self, line: &Line<'_>, reason: &str) -> Result<(), StoreError> {
        let query = self.query(UNSAY).bind(line.database_uuid.to_owned()).bind(line.kind.to_owned());
        let query = query.bind(line.lane.to_owned()).bind(reason.to_owned());
        self.execute(query).await.map(drop)
    }

    /// As [`Self::change_lane`], of one that waits in `from`; false where it does so no longer.
    pub async fn change_lane_of_waiting(
        &mut self,
        id: i64,
        from: &str,
        lane: &str,
        payload: &str,
    ) -> Result<bool, StoreError> {
        let query = self.query(CHANGE_WAITING).bind(id).bind(lane.to_owned()).bind(payload.to_owned());
        let query = query.bind(from.to_owned());
        Ok(self.execute(query).await? == 1)
    }
}

fn read(row: &AnyRow) -> Result<WaitingJob, sqlx::Error> {
    Ok(WaitingJob { id: row.try_get("id")?, key: row.try_get("key")?, payload: row.try_get("payload")? })
}
