//! How much may be done within a scope, such as the telephone number that messages are sent from: decided in the
//! transaction that claims the job, so that all workers together keep to it.
//!
//! A use counts from the latest time at which it can have arrived. Whoever claims tells how long it may take at most;
//! [`Transaction::arrived`] corrects that when it is over. So no window of the other side's ever holds more than one of
//! ours.

use std::collections::HashMap;
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

/// Adds to the counts of several scopes, and locks their rows in that order until the end of the transaction: two claims of
/// one scope follow each other.
const COUNT: &str = "INSERT INTO limit_counts (database_uuid, scope, uses, recipients) VALUES {each} \
     ON CONFLICT (database_uuid, scope) DO UPDATE \
     SET uses = limit_counts.uses + excluded.uses, recipients = limit_counts.recipients + excluded.recipients \
     RETURNING scope, uses, recipients";
/// Of scopes and windows: when the last use of a recipient was, and how many there were within the window.
const LOOK: &str = "SELECT column1 AS scope, \
         (SELECT MAX(at) FROM limit_uses AS used WHERE used.database_uuid = $1 AND used.scope = column1 \
             AND used.recipient = $2) - {now} AS last_use, \
         (SELECT COUNT(*) FROM limit_uses AS used WHERE used.database_uuid = $1 AND used.scope = column1 \
             AND used.at > {now} - column2) AS within \
     FROM (VALUES {each}) AS asked";
const USE: &str = "INSERT INTO limit_uses (database_uuid, scope, token, recipient, at) VALUES {each}";
const ARRIVED: &str = "UPDATE limit_uses SET at = {now} WHERE database_uuid = $1 AND token = $2 AND scope IN ({each})";
/// Recipients whose last use is so old, and the moment that was meant: what ends a moment later is not forgotten with them.
const GONE: &str = "SELECT COUNT(DISTINCT recipient) AS found, {now} - $3 AS until FROM limit_uses AS old \
     WHERE database_uuid = $1 AND scope = $2 AND at <= {now} - $3 AND NOT EXISTS (SELECT 1 FROM limit_uses AS later \
         WHERE later.database_uuid = $1 AND later.scope = $2 AND later.recipient = old.recipient \
         AND later.at > {now} - $3)";
const FORGET: &str = "DELETE FROM limit_uses WHERE database_uuid = $1 AND scope = $2 AND at <= $3";
/// When the window has room again: as the one ends that stands at the given place.
const USE_ENDS: &str = "SELECT at + $3 - {now} AS wait FROM limit_uses \
     WHERE database_uuid = $1 AND scope = $2 AND at > {now} - $3 ORDER BY at LIMIT 1 OFFSET $4";
const RECIPIENT_ENDS: &str = "SELECT MAX(at) + $3 - {now} AS wait FROM limit_uses \
     WHERE database_uuid = $1 AND scope = $2 AND at > {now} - $3 GROUP BY recipient ORDER BY MAX(at) LIMIT 1 OFFSET $4";

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

/// What stands in a scope when a recipient is looked at.
#[derive(Debug, Clone, Copy)]
struct Found {
    /// Uses, and different recipients, that are kept: those of the last 24 hours and what is not forgotten yet.
    uses: i64,
    recipients: i64,
    in_minute: i64,
    /// When the last use of this recipient arrived, in milliseconds from now on.
    last: Option<i64>,
}

/// By scope, how many uses and recipients are kept.
type Counts = HashMap<String, (i64, i64)>;

impl Allowance {
    /// Of a day.
    fn is_full(&self, uses: i64, recipients: i64) -> bool {
        over(self.per_day, uses).or(over(self.recipients_per_day, recipients)).is_some()
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
        if allowances.is_empty() {
            return Ok(None);
        }
        // Counted as a further use by a further recipient before the look: where that is so, it is one statement less.
        let counts = self.count(database_uuid, &allowances, 1, 1).await?;
        let found = self.look(database_uuid, &allowances, counts, recipient).await?;
        for (allowance, found) in allowances.iter().zip(&found) {
            if let Some((limit, wait)) = self.wait(database_uuid, allowance, *found).await? {
                self.count(database_uuid, &allowances, -1, -1).await?;
                return Ok(Some(Wait { scope: allowance.scope.clone(), limit, wait }));
            }
        }
        let query = self.query_of_each(USE, "($1, {}, $2, $3, {now} + $4)", 5, allowances.len());
        let query = query.bind(database_uuid.to_owned()).bind(held.token.clone()).bind(recipient.to_owned());
        let query = with_scopes(query.bind(millis(longest)), &allowances);
        self.execute(query).await?;
        let known = allowances.iter().zip(found).filter(|(_, found)| found.last.is_some());
        let known: Vec<&Allowance> = known.map(|(allowance, _)| *allowance).collect();
        if !known.is_empty() {
            self.count(database_uuid, &known, 0, -1).await?;
        }
        Ok(None)
    }

    /// It has arrived by now, or never will: from now on it counts.
    pub async fn arrived(
        &mut self,
        database_uuid: &str,
        allowances: &[Allowance],
        held: &JobLease,
    ) -> Result<(), StoreError> {
        if allowances.is_empty() {
            return Ok(());
        }
        let query = self.query_of_each(ARRIVED, "{}", 3, allowances.len());
        let query = query.bind(database_uuid.to_owned()).bind(held.token.clone());
        let query = with_scopes(query, &allowances.iter().collect::<Vec<_>>());
        self.execute(query).await.map(drop)
    }

    /// What stands in the scope of each of them, of which the counts are more by the one that is to be decided.
    async fn look(
        &mut self,
        database_uuid: &str,
        allowances: &[&Allowance],
        mut counts: Counts,
        recipient: &str,
    ) -> Result<Vec<Found>, StoreError> {
        for allowance in allowances {
            let Some((uses, recipients)) = counts.get(&allowance.scope).copied() else { continue };
            if allowance.is_full(uses - 1, recipients - 1) || uses % FORGET_EACH == 0 {
                counts.extend(self.forget(database_uuid, allowance).await?);
            }
        }
        let query = self.query_of_each(LOOK, "({}, {})", 3, allowances.len());
        let query = query.bind(database_uuid.to_owned()).bind(recipient.to_owned());
        let query = allowances.iter().fold(query, |query, allowance| {
            // Without a limit of the minute nobody counts a minute.
            let window = allowance.per_minute.map_or(Duration::ZERO, |_| MINUTE);
            query.bind(allowance.scope.clone()).bind(millis(window))
        });
        let rows = self.rows(query).await?;
        let seen = rows.iter().map(|row| {
            let scope: String = row.try_get("scope")?;
            Ok((scope, (row.try_get("within")?, row.try_get("last_use")?)))
        });
        let seen: HashMap<String, (i64, Option<i64>)> =
            seen.collect::<Result<_, _>>().map_err(|error| self.fail(&error))?;
        let found = allowances.iter().map(|allowance| {
            let (uses, recipients) = counts.get(&allowance.scope).copied().unwrap_or_default();
            let (in_minute, last) = seen.get(&allowance.scope).copied().unwrap_or_default();
            Found { uses: uses - 1, recipients: recipients - 1, in_minute, last }
        });
        Ok(found.collect())
    }

    /// What a recipient has to wait for there, if for anything.
    async fn wait(
        &mut self,
        database_uuid: &str,
        allowance: &Allowance,
        found: Found,
    ) -> Result<Option<(Limit, Duration)>, StoreError> {
        let spacing = millis(allowance.spacing);
        if let Some(wait) = found.last.map(|last| last + spacing).filter(|wait| spacing > 0 && *wait > 0) {
            return Ok(Some((Limit::Spacing, pause(wait))));
        }
        let (limit, statement, window, place) = if let Some(place) = over(allowance.per_minute, found.in_minute) {
            (Limit::Minute, USE_ENDS, MINUTE, place)
        } else if let Some(place) = over(allowance.per_day, found.uses) {
            (Limit::Day, USE_ENDS, DAY, place)
        } else if let (Some(place), None) = (over(allowance.recipients_per_day, found.recipients), found.last) {
            (Limit::Recipients, RECIPIENT_ENDS, DAY, place)
        } else {
            return Ok(None);
        };
        let wait = self.of(statement, database_uuid, &allowance.scope).bind(millis(window)).bind(place);
        Ok(Some((limit, self.number(wait, "wait").await?.map_or(window, pause))))
    }

    /// Forgets what is older than 24 hours, and tells what there is then.
    async fn forget(&mut self, database_uuid: &str, allowance: &Allowance) -> Result<Counts, StoreError> {
        let gone = self.of(GONE, database_uuid, &allowance.scope).bind(millis(DAY));
        let row = self.one_row(gone).await?;
        let gone = || -> Result<(i64, i64), sqlx::Error> { Ok((row.try_get("found")?, row.try_get("until")?)) };
        let (recipients, until) = gone().map_err(|error| self.fail(&error))?;
        let query = self.of(FORGET, database_uuid, &allowance.scope).bind(until);
        let uses = i64::try_from(self.execute(query).await?).unwrap_or(i64::MAX);
        self.count(database_uuid, &[allowance], -uses, -recipients).await
    }

    /// Adds as much to the counts of each, and tells how many uses and recipients its scope then has.
    async fn count(
        &mut self,
        database_uuid: &str,
        allowances: &[&Allowance],
        uses: i64,
        recipients: i64,
    ) -> Result<Counts, StoreError> {
        let query = self.query_of_each(COUNT, "($1, {}, $2, $3)", 4, allowances.len());
        let query = query.bind(database_uuid.to_owned()).bind(uses).bind(recipients);
        let query = with_scopes(query, allowances);
        let rows = self.rows(query).await?;
        let counts =
            rows.iter().map(|row| Ok((row.try_get("scope")?, (row.try_get("uses")?, row.try_get("recipients")?))));
        counts.collect::<Result<_, _>>().map_err(|error| self.fail(&error))
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

/// By how many more than the one that may not be reached, where it is.
fn over(most: Option<u32>, has: i64) -> Option<i64> {
    most.map(|most| has - i64::from(most)).filter(|over| *over >= 0)
}

fn with_scopes(
    query: Query<'static, sqlx::Any, AnyArguments>,
    allowances: &[&Allowance],
) -> Query<'static, sqlx::Any, AnyArguments> {
    allowances.iter().fold(query, |query, allowance| query.bind(allowance.scope.clone()))
}
