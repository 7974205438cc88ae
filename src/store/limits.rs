//! How much may be done within a scope, such as the telephone number that messages are sent from: decided in the
//! transaction that claims the job, so that all workers together keep to it.
//!
//! A use counts from the latest time at which it can have arrived. Whoever claims tells how long it may take at most;
//! [`Transaction::arrived`] corrects that when it is over. So no window of the other side's ever holds more than one of
//! ours.

use std::time::Duration;

use sqlx::Row;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;

use super::jobs::{JobLease, millis, pause};
use super::{StoreError, Transaction};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// Locks the scope's row until the end of the transaction: two claims of one scope follow each other.
const COUNTS: &str = "INSERT INTO limit_counts (database_uuid, scope, uses, recipients) VALUES ($1, $2, 0, 0) \
     ON CONFLICT (database_uuid, scope) DO UPDATE SET uses = limit_counts.uses RETURNING uses, recipients";
const FORGET_USES: &str = "DELETE FROM limit_uses WHERE database_uuid = $1 AND scope = $2 AND at <= {now} - $3";
const FORGET_RECIPIENTS: &str =
    "DELETE FROM limit_recipients WHERE database_uuid = $1 AND scope = $2 AND at <= {now} - $3";
const COUNT: &str = "UPDATE limit_counts SET uses = uses + $3, recipients = recipients + $4 \
     WHERE database_uuid = $1 AND scope = $2";
const USES_SINCE: &str =
    "SELECT COUNT(*) AS found FROM limit_uses WHERE database_uuid = $1 AND scope = $2 AND at > {now} - $3";
/// When the window has room again: as the one ends that stands at the given place.
const USE_ENDS: &str = "SELECT at + $3 - {now} AS wait FROM limit_uses \
     WHERE database_uuid = $1 AND scope = $2 AND at > {now} - $3 ORDER BY at LIMIT 1 OFFSET $4";
const RECIPIENT_ENDS: &str = "SELECT at + $3 - {now} AS wait FROM limit_recipients \
     WHERE database_uuid = $1 AND scope = $2 AND at > {now} - $3 ORDER BY at LIMIT 1 OFFSET $4";
const RECIPIENT: &str = "SELECT at + $4 - {now} AS wait FROM limit_recipients \
     WHERE database_uuid = $1 AND scope = $2 AND recipient = $3";
const USE: &str = "INSERT INTO limit_uses (database_uuid, scope, token, at) VALUES ($1, $2, $3, {now} + $4)";
const USE_RECIPIENT: &str = "INSERT INTO limit_recipients (database_uuid, scope, recipient, token, at) \
     VALUES ($1, $2, $3, $4, {now} + $5) ON CONFLICT (database_uuid, scope, recipient) \
     DO UPDATE SET token = excluded.token, at = excluded.at";
const ARRIVED: &str = "UPDATE limit_uses SET at = {now} WHERE database_uuid = $1 AND scope = $2 AND token = $3";
const ARRIVED_AT: &str = "UPDATE limit_recipients SET at = {now} \
     WHERE database_uuid = $1 AND scope = $2 AND recipient = $3 AND token = $4";
const HOLD: &str = "INSERT INTO holds (database_uuid, scope, until_at, reason) VALUES ($1, $2, {now} + $3, $4) \
     ON CONFLICT (database_uuid, scope) DO UPDATE SET until_at = excluded.until_at, reason = excluded.reason \
     WHERE holds.until_at < excluded.until_at";
const HELD: &str =
    "SELECT until_at - {now} AS wait, reason FROM holds WHERE database_uuid = $1 AND scope = $2 AND until_at > {now}";
const RELEASE: &str = "DELETE FROM holds WHERE database_uuid = $1 AND scope = $2";

/// What may be done within a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    pub scope: String,
    /// At most so many in any minute.
    pub per_minute: Option<u32>,
    /// At most so many in any 24 hours.
    pub per_day: Option<u32>,
    /// At most so many different recipients in any 24 hours.
    pub recipients_per_day: Option<u32>,
    /// At least so long between two to one recipient.
    pub spacing: Duration,
}

/// Why something has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    Minute,
    Day,
    Recipients,
    /// It is too soon for this recipient; others need not wait.
    Spacing,
}

/// What has to wait for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    pub scope: String,
    pub limit: Limit,
    pub wait: Duration,
}

/// A scope in which nothing is done for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub wait: Duration,
    pub reason: String,
}

impl Limit {
    /// As it is kept and told.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Minute => "limit_minute",
            Self::Day => "limit_day",
            Self::Recipients => "limit_recipients",
            Self::Spacing => "limit_spacing",
        }
    }
}

impl Transaction {
    /// Uses each of the allowances once for this recipient, under the name of the held job; or none of them, and says
    /// what has to be waited for. `longest` is how long it may take until it has arrived.
    pub async fn spend(
        &mut self,
        database_uuid: &str,
        allowances: &[Allowance],
        recipient: &str,
        held: &JobLease,
        longest: Duration,
    ) -> Result<Option<Wait>, StoreError> {
        // Whoever names the same scopes in another order waits for the same row first.
        let mut allowances: Vec<&Allowance> = allowances.iter().collect();
        allowances.sort_by_key(|allowance| &allowance.scope);
        for allowance in &allowances {
            if let Some((limit, wait)) = self.look(database_uuid, allowance, recipient).await? {
                return Ok(Some(Wait { scope: allowance.scope.clone(), limit, wait }));
            }
        }
        allowances.dedup_by_key(|allowance| &allowance.scope);
        for allowance in allowances {
            let scope = &allowance.scope;
            let known =
                self.wait(RECIPIENT, database_uuid, scope, |query| query.bind(recipient.to_owned()).bind(0_i64));
            let is_new = known.await?.is_none();
            let query = self.of(USE, database_uuid, scope).bind(held.token.clone()).bind(millis(longest));
            self.execute(query).await?;
            let query = self.of(USE_RECIPIENT, database_uuid, scope).bind(recipient.to_owned());
            let query = query.bind(held.token.clone()).bind(millis(longest));
            self.execute(query).await?;
            self.count(database_uuid, scope, 1, i64::from(is_new)).await?;
        }
        Ok(None)
    }

    /// It has arrived by now, or never will: from now on it counts.
    pub async fn arrived(
        &mut self,
        database_uuid: &str,
        allowances: &[Allowance],
        recipient: &str,
        held: &JobLease,
    ) -> Result<(), StoreError> {
        for Allowance { scope, .. } in allowances {
            let query = self.of(ARRIVED, database_uuid, scope).bind(held.token.clone());
            self.execute(query).await?;
            let query = self.of(ARRIVED_AT, database_uuid, scope).bind(recipient.to_owned()).bind(held.token.clone());
            self.execute(query).await?;
        }
        Ok(())
    }

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

    /// Whether nothing may be done in this scope now, and why.
    pub async fn held_up(&mut self, database_uuid: &str, scope: &str) -> Result<Option<Held>, StoreError> {
        let query = self.of(HELD, database_uuid, scope);
        let row = self.row(query).await?;
        row.map(|row| read_held(&row).map_err(|error| self.fail(&error))).transpose()
    }

    /// Ends a hold before its time; false where there is none.
    pub async fn release(&mut self, database_uuid: &str, scope: &str) -> Result<bool, StoreError> {
        let query = self.of(RELEASE, database_uuid, scope);
        Ok(self.execute(query).await? == 1)
    }

    /// What one of them has to wait for, if for anything.
    async fn look(
        &mut self,
        database_uuid: &str,
        allowance: &Allowance,
        recipient: &str,
    ) -> Result<Option<(Limit, Duration)>, StoreError> {
        let scope = &allowance.scope;
        let (uses, recipients) = self.counts(database_uuid, scope).await?;
        let spacing = millis(allowance.spacing);
        let known = self.wait(RECIPIENT, database_uuid, scope, |query| query.bind(recipient.to_owned()).bind(spacing));
        let known = known.await?;
        if let Some(wait) = known.filter(|wait| spacing > 0 && *wait > 0) {
            return Ok(Some((Limit::Spacing, pause(wait))));
        }
        if let Some(most) = allowance.per_minute {
            let found = self.of(USES_SINCE, database_uuid, scope).bind(millis(MINUTE));
            let found = self.number(found, "found").await?.unwrap_or_default();
            if found >= i64::from(most) {
                let wait = self.ends(USE_ENDS, database_uuid, scope, MINUTE, found - i64::from(most)).await?;
                return Ok(Some((Limit::Minute, wait)));
            }
        }
        if let Some(most) = allowance.per_day.map(i64::from).filter(|most| uses >= *most) {
            return Ok(Some((Limit::Day, self.ends(USE_ENDS, database_uuid, scope, DAY, uses - most).await?)));
        }
        if let Some(most) = allowance.recipients_per_day.map(i64::from).filter(|most| recipients >= *most)
            && known.is_none()
        {
            let wait = self.ends(RECIPIENT_ENDS, database_uuid, scope, DAY, recipients - most).await?;
            return Ok(Some((Limit::Recipients, wait)));
        }
        Ok(None)
    }

    /// How many uses and recipients there were in the last 24 hours; what is older is forgotten.
    async fn counts(&mut self, database_uuid: &str, scope: &str) -> Result<(i64, i64), StoreError> {
        let query = self.of(COUNTS, database_uuid, scope);
        let row = self.one_row(query).await?;
        let counts = || -> Result<(i64, i64), sqlx::Error> { Ok((row.try_get("uses")?, row.try_get("recipients")?)) };
        let (uses, recipients) = counts().map_err(|error| self.fail(&error))?;
        let mut gone = [0_i64; 2];
        for (statement, gone) in [FORGET_USES, FORGET_RECIPIENTS].into_iter().zip(&mut gone) {
            let query = self.of(statement, database_uuid, scope).bind(millis(DAY));
            *gone = i64::try_from(self.execute(query).await?).unwrap_or(i64::MAX);
        }
        let [old_uses, old_recipients] = gone;
        if gone != [0, 0] {
            self.count(database_uuid, scope, -old_uses, -old_recipients).await?;
        }
        Ok((uses - old_uses, recipients - old_recipients))
    }

    async fn count(&mut self, database_uuid: &str, scope: &str, uses: i64, recipients: i64) -> Result<(), StoreError> {
        let query = self.of(COUNT, database_uuid, scope).bind(uses).bind(recipients);
        self.execute(query).await.map(drop)
    }

    async fn ends(
        &mut self,
        statement: &'static str,
        database_uuid: &str,
        scope: &str,
        window: Duration,
        place: i64,
    ) -> Result<Duration, StoreError> {
        let wait = self.wait(statement, database_uuid, scope, |query| query.bind(millis(window)).bind(place));
        Ok(wait.await?.map_or(window, pause))
    }

    async fn wait(
        &mut self,
        statement: &'static str,
        database_uuid: &str,
        scope: &str,
        bind: impl FnOnce(Query<'static, sqlx::Any, AnyArguments>) -> Query<'static, sqlx::Any, AnyArguments>,
    ) -> Result<Option<i64>, StoreError> {
        let query = bind(self.of(statement, database_uuid, scope));
        self.number(query, "wait").await
    }

    async fn number(
        &mut self,
        query: Query<'static, sqlx::Any, AnyArguments>,
        column: &str,
    ) -> Result<Option<i64>, StoreError> {
        let row = self.row(query).await?;
        row.map(|row| row.try_get(column).map_err(|error| self.fail(&error))).transpose()
    }

    fn of(&self, statement: &'static str, database_uuid: &str, scope: &str) -> Query<'static, sqlx::Any, AnyArguments> {
        self.query(statement).bind(database_uuid.to_owned()).bind(scope.to_owned())
    }
}

fn read_held(row: &AnyRow) -> Result<Held, sqlx::Error> {
    Ok(Held { wait: pause(row.try_get("wait")?), reason: row.try_get("reason")? })
}
