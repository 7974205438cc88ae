//! What providers told, from when it is acknowledged until it is understood.

use std::time::Duration;

use sqlx::Row;
use sqlx::any::AnyRow;

use super::jobs::millis;
use super::{StoreError, Transaction};

const KEEP: &str = "INSERT INTO message_events (database_uuid, account, kind, message, reference, digest, event, \
     received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, {now}) ON CONFLICT (database_uuid, account, digest) DO NOTHING";
/// By the provider's id; or by our own reference, where no answer told that id. Earlier attempts had the same reference.
const RECEIPTS: &str = "SELECT message_events.id AS id, messages.key AS key, messages.account AS account, digest, event, \
         CAST(0 AS BIGINT) AS by_reference, CAST(0 AS BIGINT) AS is_open, CAST(0 AS BIGINT) AS begun_at \
     FROM message_events JOIN messages ON messages.database_uuid = message_events.database_uuid \
         AND messages.account = message_events.account AND messages.provider_id = message_events.message \
     WHERE message_events.database_uuid = $1 AND kind = 'receipt' \
     UNION SELECT message_events.id, messages.key, messages.account, digest, event, 1, \
         CASE WHEN messages.state = 'unknown' AND received_at >= COALESCE(messages.begun_at, 0) THEN 1 ELSE 0 END, \
         COALESCE(messages.begun_at, 0) \
     FROM message_events JOIN messages ON messages.database_uuid = message_events.database_uuid \
         AND messages.account = message_events.account AND messages.key = message_events.reference \
         AND messages.provider_id IS NULL AND messages.state <> 'waiting' \
     WHERE message_events.database_uuid = $1 AND kind = 'receipt' \
     ORDER BY 1 LIMIT $2";
const OF_KIND: &str = "SELECT id, '' AS key, account, digest, event FROM message_events \
     WHERE database_uuid = $1 AND kind = $2 ORDER BY id LIMIT $3";
const DONE: &str = "DELETE FROM message_events WHERE id = $1";
const FORGET: &str =
    "DELETE FROM message_events WHERE database_uuid = $1 AND kind = 'receipt' AND received_at <= {now} - $2";

/// Something that a provider told.
#[derive(Debug, Clone, Copy)]
pub struct NewEvent<'a> {
    pub database_uuid: &'a str,
    pub account: &'a str,
    /// `receipt`, or whatever it is.
    pub kind: &'a str,
    /// The provider's id of the message that it is about, if it is about one.
    pub message: &'a str,
    /// Our own name of that message, where the provider gives it back.
    pub reference: Option<&'a str>,
    /// Of the same event there is one row.
    pub digest: &'a str,
    pub event: &'a str,
}

/// A receipt, and what it is known by.
#[derive(Debug)]
pub struct KeptReceipt {
    pub kept: KeptEvent,
    /// The attempt that our own reference may mean; `None` = the provider's id names the message.
    pub attempt: Option<Attempt>,
}

/// The last attempt of a message of which no answer told an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// Nobody knows what became of it, and it began then, in Unix milliseconds; 0 = nobody knows when.
    Open { begun_at: i64 },
    /// It is known not to have gone out, or it began after the receipt had come.
    Other,
}

/// One of them.
pub struct KeptEvent {
    pub id: i64,
    /// The message that it is about, if it is a receipt.
    pub key: String,
    pub account: String,
    pub digest: String,
    pub event: String,
}

/// Without what was told, which may be what a person wrote.
impl std::fmt::Debug for KeptEvent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("KeptEvent").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Transaction {
    /// Keeps what a provider told; false when it is there already.
    pub async fn keep_event(&mut self, event: &NewEvent<'_>) -> Result<bool, StoreError> {
        let NewEvent { database_uuid, account, kind, message, reference, digest, event } = *event;
        let query = self.query(KEEP).bind(database_uuid.to_owned()).bind(account.to_owned()).bind(kind.to_owned());
        let query = query.bind(message.to_owned()).bind(reference.map(str::to_owned));
        let query = query.bind(digest.to_owned()).bind(event.to_owned());
        Ok(self.execute(query).await? == 1)
    }

    /// The receipts of messages that are known here, oldest first. One of a message whose answer is still on its way
    /// waits.
    pub async fn receipts(&mut self, database_uuid: &str, most: i64) -> Result<Vec<KeptReceipt>, StoreError> {
        let query = self.query(RECEIPTS).bind(database_uuid.to_owned()).bind(most);
        let rows = self.rows(query).await?;
        rows.iter().map(read_receipt).collect::<Result<_, _>>().map_err(|error| self.fail(&error))
    }

    /// Those of another kind, oldest first. They stay until somebody took them: a person may have refused.
    pub async fn events(&mut self, database_uuid: &str, kind: &str, most: i64) -> Result<Vec<KeptEvent>, StoreError> {
        let query = self.query(OF_KIND).bind(database_uuid.to_owned()).bind(kind.to_owned()).bind(most);
        let rows = self.rows(query).await?;
        rows.iter().map(read).collect::<Result<_, _>>().map_err(|error| self.fail(&error))
    }

    /// It is understood.
    pub async fn event_done(&mut self, id: i64) -> Result<(), StoreError> {
        let query = self.query(DONE).bind(id);
        self.execute(query).await.map(drop)
    }

    /// Forgets receipts that nobody understood for so long; how many there were.
    pub async fn forget_events(&mut self, database_uuid: &str, age: Duration) -> Result<u64, StoreError> {
        let query = self.query(FORGET).bind(database_uuid.to_owned()).bind(millis(age));
        self.execute(query).await
    }
}

fn read_receipt(row: &AnyRow) -> Result<KeptReceipt, sqlx::Error> {
    let (by_reference, is_open): (i64, i64) = (row.try_get("by_reference")?, row.try_get("is_open")?);
    let attempt = match (by_reference, is_open) {
        (0, _) => None,
        (_, 0) => Some(Attempt::Other),
        _ => Some(Attempt::Open { begun_at: row.try_get("begun_at")? }),
    };
    Ok(KeptReceipt { kept: read(row)?, attempt })
}

fn read(row: &AnyRow) -> Result<KeptEvent, sqlx::Error> {
    Ok(KeptEvent {
        id: row.try_get("id")?,
        key: row.try_get("key")?,
        account: row.try_get("account")?,
        digest: row.try_get("digest")?,
        event: row.try_get("event")?,
    })
}
