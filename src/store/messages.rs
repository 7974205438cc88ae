//! Messages to people, and where each stands: the record that receipts move on and that Odoo is told of. What one says,
//! and to whom, stands in its job, and goes with it.

use sqlx::Row;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;

use super::{Store, StoreError, Transaction};
use crate::domain::MessageState;

/// The place of a state in their order.
macro_rules! rank {
    () => {
        "CASE state WHEN 'waiting' THEN 0 WHEN 'unknown' THEN 1 WHEN 'accepted' THEN 2 WHEN 'sent' THEN 3 \
         WHEN 'cancelled' THEN 4 WHEN 'expired' THEN 5 WHEN 'failed' THEN 6 WHEN 'delivered' THEN 7 ELSE 8 END"
    };
}

/// What the jobs of messages are called.
pub const MESSAGE_JOBS: &str = "whatsapp";

const KEEP: &str = "INSERT INTO messages (database_uuid, key, configuration, account, order_uuid, attempt, state, at, why, \
     revision) VALUES ($1, $2, $3, $4, $5, $6, $7, {now}, $8, 1) ON CONFLICT (database_uuid, key) DO NOTHING";
/// What went out for an earlier order says so to the new one. What the journal alone knew gets its account.
const BELONGS: &str = "UPDATE messages SET order_uuid = $3, attempt = $4, revision = revision + 1, \
         account = CASE WHEN account = '' THEN $5 ELSE account END, \
         configuration = CASE WHEN account = '' THEN $6 ELSE configuration END, \
         why = CASE WHEN order_uuid <> $3 AND state IN ('accepted', 'sent', 'delivered', 'read') THEN 'told_before' \
             ELSE why END \
     WHERE database_uuid = $1 AND key = $2 RETURNING state";
const MOVE: &str = concat!(
    "UPDATE messages SET state = $3, at = COALESCE($5, {now}), why = $6, code = $7, detail = $8, \
     category = COALESCE($9, category), provider_id = COALESCE($10, provider_id), revision = revision + 1 \
     WHERE database_uuid = $1 AND key = $2 AND ",
    rank!(),
    " < $4"
);
/// Its job still says so, until it is forgotten with what it said.
const NOTE_BEGUN: &str = "UPDATE messages SET begun_at = COALESCE($4, (SELECT jobs.begun_at FROM jobs \
         WHERE jobs.database_uuid = messages.database_uuid AND jobs.configuration = messages.configuration \
         AND jobs.kind = $3 AND jobs.key = messages.key)) WHERE database_uuid = $1 AND key = $2";
/// A message that waits tells what its job waits for; what is over in a minute is not told.
const NOTE_WAITING: &str = "UPDATE messages SET revision = revision + 1, why = (SELECT jobs.last_error FROM jobs \
         WHERE jobs.database_uuid = messages.database_uuid AND jobs.configuration = messages.configuration \
         AND jobs.kind = $2 AND jobs.key = messages.key) \
     WHERE database_uuid = $1 AND state = 'waiting' AND EXISTS (SELECT 1 FROM jobs \
         WHERE jobs.database_uuid = messages.database_uuid AND jobs.configuration = messages.configuration \
         AND jobs.kind = $2 AND jobs.key = messages.key AND jobs.state = 'waiting' \
         AND COALESCE(jobs.last_error, '') NOT IN ('limit_spacing', 'limit_minute') \
         AND COALESCE(jobs.last_error, '') <> COALESCE(messages.why, ''))";
const UNTOLD: &str = "SELECT key, configuration, account, order_uuid, attempt, provider_id, state, at, why, code, detail, \
         category, revision FROM messages WHERE database_uuid = $1 AND told < revision AND order_uuid <> '' ORDER BY id LIMIT $2";
const TOLD: &str = "UPDATE messages SET told = $3 WHERE database_uuid = $1 AND key = $2 AND told < $3";
/// What was taken back, or came too late, certainly did not go out: another order of the same begins anew.
const REVIVE: &str = "UPDATE messages SET order_uuid = $3, attempt = $4, state = $5, why = $6, code = NULL, detail = NULL, \
         account = $7, configuration = $8, at = {now}, revision = revision + 1 \
     WHERE database_uuid = $1 AND key = $2 AND state IN ('cancelled', 'expired') AND order_uuid <> $3";
/// What it waited for at the other account is not what it waits for.
const GOES_BY: &str = "UPDATE messages SET account = $3, revision = revision + 1, \
         why = CASE WHEN state = 'waiting' THEN NULL ELSE why END \
     WHERE database_uuid = $1 AND key = $2";
const AGAIN: &str = "UPDATE messages SET revision = revision + 1 WHERE database_uuid = $1 AND key = $2";
const OF_ORDER: &str = "SELECT key, configuration, account, order_uuid, attempt, provider_id, state, at, why, code, detail, \
         category, revision FROM messages WHERE database_uuid = $1 AND order_uuid = $2 ORDER BY attempt DESC LIMIT 1";
const OF_KEY: &str = "SELECT key, configuration, account, order_uuid, attempt, provider_id, state, at, why, code, detail, \
         category, revision FROM messages WHERE database_uuid = $1 AND key = $2";
/// What nobody knows of but the journal.
const GONE: &str = "INSERT INTO messages (database_uuid, key, configuration, account, order_uuid, attempt, state, at, why, \
     begun_at, revision) VALUES ($1, $2, 0, '', '', 0, 'unknown', {now}, $3, $4, 0) ON CONFLICT (database_uuid, key) DO NOTHING";
/// By their keys, from one on.
const STATES: &str = "SELECT key, state FROM messages WHERE database_uuid = $1 AND key > $2 ORDER BY key LIMIT $3";
/// Its job has begun, or has ended.
const HAS_LEFT: &str = "SELECT COUNT(*) FROM messages WHERE database_uuid = $1 AND key = $2 AND (state <> 'waiting' \
     OR EXISTS (SELECT 1 FROM jobs WHERE jobs.database_uuid = messages.database_uuid \
         AND jobs.configuration = messages.configuration AND jobs.kind = $3 AND jobs.key = messages.key \
         AND jobs.begun_at IS NOT NULL))";

/// A message that an order asks for.
#[derive(Debug, Clone, Copy)]
pub struct NewMessage<'a> {
    pub database_uuid: &'a str,
    /// The hash of what it says to whom.
    pub key: &'a str,
    pub configuration: i64,
    pub account: &'a str,
    /// The order in Odoo.
    pub order_uuid: &'a str,
    pub attempt: i64,
    pub state: MessageState,
    pub why: Option<&'a str>,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy)]
pub struct Move<'a> {
    pub state: MessageState,
    /// When it came there, in Unix milliseconds; `None` = now.
    pub at: Option<i64>,
    pub why: Option<&'a str>,
    pub code: Option<&'a str>,
    pub detail: Option<&'a str>,
    /// What it is charged as; what is known stays where this says nothing, as with the next.
    pub category: Option<&'a str>,
    pub provider_id: Option<&'a str>,
}

/// Where a message stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub key: String,
    pub configuration: i64,
    /// By which it goes; empty where only the journal knew of it.
    pub account: String,
    pub order_uuid: String,
    pub attempt: i64,
    pub provider_id: Option<String>,
    pub state: MessageState,
    /// Unix milliseconds.
    pub at: i64,
    pub why: Option<String>,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub category: Option<String>,
    /// Grows with every change.
    pub revision: i64,
}

impl<'a> Move<'a> {
    /// Into this state now, for this reason if there is one.
    #[must_use]
    pub const fn to(state: MessageState, why: Option<&'a str>) -> Self {
        Self { state, at: None, why, code: None, detail: None, category: None, provider_id: None }
    }
}

impl Transaction {
    /// Keeps a message; `None` when it is new, or begins anew. One of the same key that may have gone out is there already:
    /// it belongs to this order from now on, and stays in the state that is told.
    pub async fn keep_message(&mut self, message: &NewMessage<'_>) -> Result<Option<MessageState>, StoreError> {
        let NewMessage { database_uuid, key, order_uuid, attempt, .. } = *message;
        let query = self.of_message(KEEP, database_uuid, key).bind(message.configuration);
        let query = query.bind(message.account.to_owned()).bind(order_uuid.to_owned()).bind(attempt);
        let query = query.bind(message.state.word()).bind(message.why.map(str::to_owned));
        if self.execute(query).await? == 1 {
            return Ok(None);
        }
        let query = self.of_message(REVIVE, database_uuid, key).bind(order_uuid.to_owned()).bind(attempt);
        let query = query.bind(message.state.word()).bind(message.why.map(str::to_owned));
        let query = query.bind(message.account.to_owned()).bind(message.configuration);
        if self.execute(query).await? == 1 {
            return Ok(None);
        }
        let query = self.of_message(BELONGS, database_uuid, key).bind(order_uuid.to_owned()).bind(attempt);
        let query = query.bind(message.account.to_owned()).bind(message.configuration);
        let row = self.one_row(query).await?;
        state(&row).map(Some).map_err(|error| self.fail(&error))
    }

    /// Keeps one that went out at this time, in Unix milliseconds, and of which nothing else is known; false where the store
    /// knows it. Who orders it hears that it is unknown, for this reason.
    pub async fn keep_gone(&mut self, database_uuid: &str, key: &str, at: i64, why: &str) -> Result<bool, StoreError> {
        let query = self.of_message(GONE, database_uuid, key).bind(why.to_owned()).bind(at);
        Ok(self.execute(query).await? == 1)
    }

    /// Moves a message on; false where it is unknown, or has come as far already.
    pub async fn move_message(&mut self, database_uuid: &str, key: &str, to: &Move<'_>) -> Result<bool, StoreError> {
        let text = |value: Option<&str>| value.map(str::to_owned);
        let place = MessageState::ALL.iter().position(|state| *state == to.state).unwrap_or_default();
        let query = self.of_message(MOVE, database_uuid, key).bind(to.state.word());
        let query = query.bind(i64::try_from(place).unwrap_or_default()).bind(to.at).bind(text(to.why));
        let query = query.bind(text(to.code)).bind(text(to.detail)).bind(text(to.category)).bind(text(to.provider_id));
        let has_moved = self.execute(query).await? == 1;
        if has_moved && to.state == MessageState::Unknown {
            self.note_begun(database_uuid, key, None).await?;
        }
        Ok(has_moved)
    }

    /// When the attempt began of which nobody knows what became, in Unix milliseconds; `None` = as its job says. What is
    /// told of an earlier one is of no use.
    pub async fn note_begun(&mut self, database_uuid: &str, key: &str, at: Option<i64>) -> Result<(), StoreError> {
        let query = self.of_message(NOTE_BEGUN, database_uuid, key).bind(MESSAGE_JOBS).bind(at);
        self.execute(query).await.map(drop)
    }

    /// Has the messages that wait say what their jobs of this kind wait for; how many said something else before.
    pub async fn note_waiting(&mut self, database_uuid: &str, kind: &str) -> Result<u64, StoreError> {
        let query = self.of_message(NOTE_WAITING, database_uuid, kind);
        self.execute(query).await
    }

    /// What Odoo does not know yet, oldest first.
    pub async fn untold_messages(&mut self, database_uuid: &str, most: i64) -> Result<Vec<Standing>, StoreError> {
        let query = self.query(UNTOLD).bind(database_uuid.to_owned()).bind(most);
        let rows = self.rows(query).await?;
        rows.iter().map(read).collect::<Result<_, _>>().map_err(|error| self.fail(&error))
    }

    /// Odoo knows this revision of a message.
    pub async fn message_told(&mut self, database_uuid: &str, key: &str, revision: i64) -> Result<(), StoreError> {
        let query = self.of_message(TOLD, database_uuid, key).bind(revision);
        self.execute(query).await.map(drop)
    }

    /// A message goes by another account from now on.
    pub async fn message_goes_by(&mut self, database_uuid: &str, key: &str, account: &str) -> Result<(), StoreError> {
        let query = self.of_message(GOES_BY, database_uuid, key).bind(account.to_owned());
        self.execute(query).await.map(drop)
    }

    /// Odoo is told of a message once more.
    pub async fn tell_again(&mut self, database_uuid: &str, key: &str) -> Result<(), StoreError> {
        let query = self.of_message(AGAIN, database_uuid, key);
        self.execute(query).await.map(drop)
    }

    /// The latest message of an order.
    pub async fn message_of_order(&mut self, database_uuid: &str, order: &str) -> Result<Option<Standing>, StoreError> {
        self.message(OF_ORDER, database_uuid, order).await
    }

    /// The message of this key.
    pub async fn message_of_key(&mut self, database_uuid: &str, key: &str) -> Result<Option<Standing>, StoreError> {
        self.message(OF_KEY, database_uuid, key).await
    }

    async fn message(
        &mut self,
        statement: &'static str,
        database_uuid: &str,
        name: &str,
    ) -> Result<Option<Standing>, StoreError> {
        let query = self.of_message(statement, database_uuid, name);
        let row = self.row(query).await?;
        row.map(|row| read(&row).map_err(|error| self.fail(&error))).transpose()
    }

    fn of_message(
        &self,
        statement: &'static str,
        database_uuid: &str,
        key: &str,
    ) -> Query<'static, sqlx::Any, AnyArguments> {
        self.query(statement).bind(database_uuid.to_owned()).bind(key.to_owned())
    }
}

impl Store {
    /// Keys and states, ordered by key: `most` of them behind this one.
    pub async fn message_states(
        &self,
        database_uuid: &str,
        behind: &str,
        most: i64,
    ) -> Result<Vec<(String, MessageState)>, StoreError> {
        let query = || sqlx::query(STATES).bind(database_uuid).bind(behind).bind(most).fetch_all(&self.pools.readers);
        let rows = self.with_retries(query).await?;
        let read = |row: &AnyRow| Ok((row.try_get("key")?, state(row)?));
        rows.iter().map(read).collect::<Result<_, _>>().map_err(|error: sqlx::Error| self.explain(&error))
    }

    /// Whether the store knows that this message has left, or was about to.
    pub async fn has_left(&self, database_uuid: &str, key: &str) -> Result<bool, StoreError> {
        let query = || {
            let query = sqlx::query_scalar(HAS_LEFT).bind(database_uuid).bind(key).bind(MESSAGE_JOBS);
            query.fetch_one(&self.pools.readers)
        };
        let count: i64 = self.with_retries(query).await?;
        Ok(count > 0)
    }
}

fn read(row: &AnyRow) -> Result<Standing, sqlx::Error> {
    Ok(Standing {
        key: row.try_get("key")?,
        configuration: row.try_get("configuration")?,
        account: row.try_get("account")?,
        order_uuid: row.try_get("order_uuid")?,
        attempt: row.try_get("attempt")?,
        provider_id: row.try_get("provider_id")?,
        state: state(row)?,
        at: row.try_get("at")?,
        why: row.try_get("why")?,
        code: row.try_get("code")?,
        detail: row.try_get("detail")?,
        category: row.try_get("category")?,
        revision: row.try_get("revision")?,
    })
}

fn state(row: &AnyRow) -> Result<MessageState, sqlx::Error> {
    let word: String = row.try_get("state")?;
    MessageState::of_word(&word).ok_or_else(|| sqlx::Error::Decode(format!("a state {word:?}").into()))
}
