//! Scopes in which nothing is done for a time, such as a text that its provider has paused, or a lane whose limit is used
//! up.

use std::time::Duration;

use sqlx::Row;
use sqlx::any::AnyRow;

use super::jobs::{millis, pause};
use super::{StoreError, Transaction};

const HOLD: &str = "INSERT INTO holds (database_uuid, scope, until_at, reason) VALUES ($1, $2, {now} + $3, $4) \
     ON CONFLICT (database_uuid, scope) DO UPDATE SET until_at = excluded.until_at, reason = excluded.reason \
     WHERE holds.until_at < excluded.until_at";
const HELD: &str = "SELECT scope, until_at - {now} AS wait, reason FROM holds \
     WHERE database_uuid = $1 AND scope IN ({each}) AND until_at > {now} ORDER BY until_at DESC";
const RELEASE: &str = "DELETE FROM holds WHERE database_uuid = $1 AND scope = $2";

/// A scope in which nothing is done for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub scope: String,
    pub wait: Duration,
    pub reason: String,
}

impl Transaction {
    /// Nothing is done in this scope for so long; a longer hold that is there already stays.
    pub async fn hold(
        &mut self,
        database_uuid: &str,
        scope: &str,
        pause: Duration,
        reason: &str,
    ) -> Result<(), StoreError> {
        let query = self.of(HOLD, database_uuid, scope).bind(millis(pause)).bind(reason.to_owned());
        self.execute(query).await.map(drop)
    }

    /// In which of these scopes nothing may be done now, and why; what lasts longest comes first.
    pub async fn held_up(&mut self, database_uuid: &str, scopes: &[&str]) -> Result<Vec<Held>, StoreError> {
        if scopes.is_empty() {
            return Ok(Vec::new());
        }
        let query = self.query_of_each(HELD, "{}", 2, scopes.len()).bind(database_uuid.to_owned());
        let query = scopes.iter().fold(query, |query, scope| query.bind((*scope).to_owned()));
        let rows = self.rows(query).await?;
        rows.iter().map(read_held).collect::<Result<_, _>>().map_err(|error| self.fail(&error))
    }

    /// Ends a hold before its time; false where there is none.
    pub async fn release(&mut self, database_uuid: &str, scope: &str) -> Result<bool, StoreError> {
        let query = self.of(RELEASE, database_uuid, scope);
        Ok(self.execute(query).await? == 1)
    }
}

fn read_held(row: &AnyRow) -> Result<Held, sqlx::Error> {
    Ok(Held { scope: row.try_get("scope")?, wait: pause(row.try_get("wait")?), reason: row.try_get("reason")? })
}
