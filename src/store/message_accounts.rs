//! The accounts that messages go by, as Odoo told them last: webhooks are judged while Odoo is away, too.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, Transaction};
use crate::domain::MessageAccount;

const KEEP: &str = "INSERT INTO message_accounts (database_uuid, uuid, settings) VALUES ($1, $2, $3) \
     ON CONFLICT (database_uuid, uuid) DO UPDATE SET settings = excluded.settings \
     WHERE message_accounts.settings <> excluded.settings";
const KNOWN: &str = "SELECT uuid FROM message_accounts WHERE database_uuid = $1";
const FORGET: &str = "DELETE FROM message_accounts WHERE database_uuid = $1 AND uuid = $2";
const ALL: &str = "SELECT settings, daily_limit FROM message_accounts WHERE database_uuid = $1 ORDER BY uuid";
const LIMIT: &str = "UPDATE message_accounts SET daily_limit = $3 WHERE database_uuid = $1 AND uuid = $2";

/// An account as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAccount {
    pub settings: MessageAccount,
    /// To how many people the provider lets it write in 24 hours, where that is known; 0 = to all.
    pub daily_limit: Option<i64>,
}

impl Store {
    /// The accounts of a database of Odoo; without those that another version kept in a way of its own.
    pub async fn message_accounts(&self, database_uuid: &str) -> Result<Vec<KeptAccount>, StoreError> {
        let rows = self.with_retries(|| sqlx::query(ALL).bind(database_uuid).fetch_all(&self.pools.readers)).await?;
        let kept: Result<Vec<_>, _> = rows.iter().map(read).collect();
        kept.map(|kept| kept.into_iter().flatten().collect()).map_err(|error| self.explain(&error))
    }
}

impl Transaction {
    /// The accounts that there are.
    pub async fn account_uuids(&mut self, database_uuid: &str) -> Result<Vec<String>, StoreError> {
        let query = self.query(KNOWN).bind(database_uuid.to_owned());
        let rows = self.rows(query).await?;
        rows.iter().map(|row| row.try_get("uuid")).collect::<Result<_, _>>().map_err(|error| self.fail(&error))
    }

    /// These accounts and no others are there; what providers said of one stays. Tells the uuids of those that are new or
    /// were changed.
    pub async fn keep_accounts<'a>(
        &mut self,
        database_uuid: &str,
        accounts: &'a [MessageAccount],
    ) -> Result<Vec<&'a str>, StoreError> {
        let mut changed = Vec::new();
        for account in accounts {
            let settings = serde_json::to_string(account).unwrap_or_default();
            let query = self.of(KEEP, database_uuid, &account.uuid).bind(settings);
            if self.execute(query).await? == 1 {
                changed.push(account.uuid.as_str());
            }
        }
        for uuid in self.account_uuids(database_uuid).await? {
            if !accounts.iter().any(|account| account.uuid == uuid) {
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

fn read(row: &AnyRow) -> Result<Option<KeptAccount>, sqlx::Error> {
    let (settings, daily_limit): (String, _) = (row.try_get("settings")?, row.try_get("daily_limit")?);
    Ok(serde_json::from_str(&settings).ok().map(|settings| KeptAccount { settings, daily_limit }))
}
