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
/// Of up to three scopes, the one that lasts longest.
const HELD: &str = "SELECT until_at - {now} AS wait, reason FROM holds \
     WHERE database_uuid = $1 AND scope IN ($2, $3, $4) AND until_at > {now} ORDER BY until_at DESC LIMIT 1";
const RELEASE: &str = "DELETE FROM holds WHERE database_uuid = $1 AND scope = $2";

/// A scope in which nothing is done for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
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

    /// Whether nothing may be done in one of these scopes now, and why: what lasts longest.
    pub async fn held_up(&mut self, database_uuid: &str, scopes: &[&str]) -> Result<Option<Held>, StoreError> {
        let mut longest: Option<Held> = None;
        for some in scopes.chunks(3) {
            let at = |number: usize| some[number.min(some.len() - 1)].to_owned();
            let query = self.of(HELD, database_uuid, some[0]).bind(at(1)).bind(at(2));
            let row = self.row(query).await?;
            let held = row.map(|row| read_held(&row)).transpose().map_err(|error| self.fail(&error))?;
            longest = [longest, held].into_iter().flatten().max_by_key(|held| held.wait);
        }
        Ok(longest)
    }

    /// Ends a hold before its time; false where there is none.
    pub async fn release(&mut self, database_uuid: &str, scope: &str) -> Result<bool, StoreError> {
        let query = self.of(RELEASE, database_uuid, scope);
        Ok(self.execute(query).await? == 1)
    }
}

fn read_held(row: &AnyRow) -> Result<Held, sqlx::Error> {
    Ok(Held { wait: pause(row.try_get("wait")?), reason: row.try_get("reason")? })
}
