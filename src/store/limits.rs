//! How much may be done within a scope, such as the telephone number that messages are sent from: decided in the
//! transaction that claims the job, so that all workers together keep to it.
//!
//! A use counts from the latest time at which it can have arrived. Whoever claims tells how long it may take at most;
//! [`Transaction::arrived`] corrects that when it is over. So no window of the other side's ever holds more than one of
//! ours.

use std::time::Duration;

use sqlx::Row;
use sqlx::any::AnyArguments;
use sqlx::query::Query;

use super::jobs::{JobLease, millis, pause};
use super::{StoreError, Transaction};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// What is older than a day is forgotten where it would be in the way, and now and then.
const FORGET_EACH: i64 = 64;

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

/// What an allowance says of a recipient.
enum Look {
    Wait(Limit, Duration),
    /// `is_known`: there is a row of this recipient.
    Free {
        is_known: bool,
    },
}

impl Allowance {
    fn counts_uses(&self) -> bool {
        self.per_minute.is_some() || self.per_day.is_some()
    }

    fn counts_recipients(&self) -> bool {
        self.recipients_per_day.is_some() || !self.spacing.is_zero()
    }
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
        allowances.dedup_by_key(|allowance| &allowance.scope);
        let mut known = Vec::new();
        for allowance in &allowances {
            match self.look(database_uuid, allowance, recipient).await? {
                Look::Wait(limit, wait) => {
                    return Ok(Some(Wait { scope: allowance.scope.clone(), limit, wait }));
                }
                Look::Free { is_known } => known.push(is_known),
            }
        }
        for (allowance, is_known) in allowances.into_iter().zip(known) {
            let scope = &allowance.scope;
            if allowance.counts_uses() {
                let query = self.of(USE, database_uuid, scope).bind(held.token.clone()).bind(millis(longest));
                self.execute(query).await?;
            }
            if allowance.counts_recipients() {
                let query = self.of(USE_RECIPIENT, database_uuid, scope).bind(recipient.to_owned());
                let query = query.bind(held.token.clone()).bind(millis(longest));
                self.execute(query).await?;
            }
            let is_new = allowance.counts_recipients() && !is_known;
            self.count(database_uuid, scope, allowance.counts_uses().into(), is_new.into()).await?;
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
        for allowance in allowances {
            let scope = &allowance.scope;
            if allowance.counts_uses() {
                let query = self.of(ARRIVED, database_uuid, scope).bind(held.token.clone());
                self.execute(query).await?;
            }
            if allowance.counts_recipients() {
                let query = self.of(ARRIVED_AT, database_uuid, scope).bind(recipient.to_owned());
                let query = query.bind(held.token.clone());
                self.execute(query).await?;
            }
        }
        Ok(())
    }

    /// What one of them has to wait for, if for anything.
    async fn look(&mut self, database_uuid: &str, allowance: &Allowance, recipient: &str) -> Result<Look, StoreError> {
        let scope = &allowance.scope;
        let (mut uses, mut recipients) = self.counts(database_uuid, scope).await?;
        let (per_day, people) = (allowance.per_day.map(i64::from), allowance.recipients_per_day.map(i64::from));
        let is_full = per_day.is_some_and(|most| uses >= most) || people.is_some_and(|most| recipients >= most);
        let counted = if allowance.counts_uses() { uses } else { recipients };
        if is_full || counted % FORGET_EACH == 0 {
            (uses, recipients) = self.forget(database_uuid, scope, uses, recipients).await?;
        }
        let mut is_known = false;
        if allowance.counts_recipients() {
            let spacing = millis(allowance.spacing);
            let wait = self.of(RECIPIENT, database_uuid, scope).bind(recipient.to_owned()).bind(spacing);
            let wait = self.number(wait, "wait").await?;
            if let Some(wait) = wait.filter(|wait| spacing > 0 && *wait > 0) {
                return Ok(Look::Wait(Limit::Spacing, pause(wait)));
            }
            is_known = wait.is_some();
        }
        if let Some(most) = allowance.per_minute {
            let found = self.of(USES_SINCE, database_uuid, scope).bind(millis(MINUTE));
            let found = self.number(found, "found").await?.unwrap_or_default();
            if found >= i64::from(most) {
                let wait = self.ends(USE_ENDS, database_uuid, scope, MINUTE, found - i64::from(most)).await?;
                return Ok(Look::Wait(Limit::Minute, wait));
            }
        }
        if let Some(most) = per_day.filter(|most| uses >= *most) {
            let wait = self.ends(USE_ENDS, database_uuid, scope, DAY, uses - most).await?;
            return Ok(Look::Wait(Limit::Day, wait));
        }
        if let Some(most) = people.filter(|most| recipients >= *most && !is_known) {
            let wait = self.ends(RECIPIENT_ENDS, database_uuid, scope, DAY, recipients - most).await?;
            return Ok(Look::Wait(Limit::Recipients, wait));
        }
        Ok(Look::Free { is_known })
    }

    /// How many uses and recipients are there, those of the last 24 hours and what is not forgotten yet.
    async fn counts(&mut self, database_uuid: &str, scope: &str) -> Result<(i64, i64), StoreError> {
        let query = self.of(COUNTS, database_uuid, scope);
        let row = self.one_row(query).await?;
        let counts = || -> Result<(i64, i64), sqlx::Error> { Ok((row.try_get("uses")?, row.try_get("recipients")?)) };
        counts().map_err(|error| self.fail(&error))
    }

    /// Forgets what is older than 24 hours, and tells how many there are then.
    async fn forget(
        &mut self,
        database_uuid: &str,
        scope: &str,
        uses: i64,
        recipients: i64,
    ) -> Result<(i64, i64), StoreError> {
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
        let wait = self.of(statement, database_uuid, scope).bind(millis(window)).bind(place);
        Ok(self.number(wait, "wait").await?.map_or(window, pause))
    }

    async fn number(
        &mut self,
        query: Query<'static, sqlx::Any, AnyArguments>,
        column: &str,
    ) -> Result<Option<i64>, StoreError> {
        let row = self.row(query).await?;
        row.map(|row| row.try_get(column).map_err(|error| self.fail(&error))).transpose()
    }

    /// A statement about a scope of a database of Odoo.
    pub(super) fn of(
        &self,
        statement: &'static str,
        database_uuid: &str,
        scope: &str,
    ) -> Query<'static, sqlx::Any, AnyArguments> {
        self.query(statement).bind(database_uuid.to_owned()).bind(scope.to_owned())
    }
}
