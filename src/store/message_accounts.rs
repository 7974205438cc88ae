//! The accounts that messages go by, as Odoo told them last: webhooks are judged while Odoo is away, too.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, Transaction};

const KEEP: &str = "INSERT INTO message_accounts (database_uuid, uuid, settings) VALUES ($1, $2, $3) \
     ON CONFLICT (database_uuid, uuid) DO UPDATE SET settings = excluded.settings \
     WHERE message_accounts.settings <> excluded.settings";
const KNOWN: &str = "SELECT uuid FROM message_accounts WHERE database_uuid = $1";
const FORGET: &str = "DELETE FROM message_accounts WHERE database_uuid = $1 AND uuid = $2";
const ALL: &str = "SELECT settings, daily_limit FROM message_accounts WHERE database_uuid = $1 ORDER BY uuid";
const LIMIT: &str = "UPDATE message_accounts SET daily_limit = $3 WHERE database_uuid = $1 AND uuid = $2";

/// An account, in the words of who kept it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAccount {
    pub settings: String,
    /// To how many people the provider lets it write in 24 hours, where that is known; 0 = to all.
    pub daily_limit: Option<i64>,
}

impl Store {
    /// The accounts of a database of Odoo.
    pub async fn message_accounts(&self, database_uuid: &str) -> Result<Vec<KeptAccount>, StoreError> {
        let rows = self.with_retries(|| sqlx::query(ALL).bind(database_uuid).fetch_all(&self.pools.readers)).await?;
        rows.iter().map(read).collect::<Result<_, _>>().map_err(|error| self.explain(&error))
    }
}

impl Transaction {
    /// These accounts, by uuid and settings, and no others are there; what providers said of one stays. Tells which are
    /// new or were changed.
    pub async fn keep_accounts<'a>(
        &mut self,
        database_uuid: &str,
        accounts: &[(&'a str, String)],
    ) -> Result<Vec<&'a str>, StoreError> {
        let mut changed = Vec::new();
        for (uuid, settings) in accounts {
            let query = self.of(KEEP, database_uuid, uuid).bind(settings.clone());
            if self.execute(query).await? == 1 {
                changed.push(*uuid);
            }
        }
        let query = self.query(KNOWN).bind(database_uuid.to_owned());
        for row in self.rows(query).await? {
            let uuid: String = row.try_get("uuid").map_err(|error| self.fail(&error))?;
            if !accounts.iter().any(|(kept, _)| *kept == uuid) {
                let query = self.of(FORGET, database_uuid, &uuid);
                self.execute(query).await?;
            }
        }
        Ok(changed)
    }

    /// To how many people an account may write in 24 hours, as its provider told; 0 = to all.
    pub async fn note_daily_limit(&mut self, database_uuid: &str, uuid: &str, limit: i64) -> Result<(), StoreError> {
        let query = self.of(LIMIT, database_uuid, uuid).bind(limit);
        self.execute(query).await.map(drop)
    }
}

fn read(row: &AnyRow) -> Result<KeptAccount, sqlx::Error> {
    Ok(KeptAccount { settings: row.try_get("settings")?, daily_limit: row.try_get("daily_limit")? })
}
