//! Which job is done next.

use std::time::Duration;

use crate::store::{Allowance, Job, Limit, Line, StoreError, Transaction};

/// No transaction is longer than as many jobs that have to wait.
const MOST: usize = 50;

/// What a job needs before it may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Whom it reaches, as the limits count it.
    pub recipient: String,
    /// Each is used once. One whose scope is the lane of the job holds up the whole lane when it is used up.
    pub allowances: Vec<Allowance>,
    /// Further scopes in which something may be held up, such as a text that is paused.
    pub scopes: Vec<String>,
}

/// What [`take`] found.
#[derive(Debug)]
pub enum Taken {
    /// A job that is begun: commit, then do it. What it used is in the second.
    Job(Box<Job>, Need),
    /// None may be done before so much time has passed; `None` = none is there.
    Nothing(Option<Duration>),
    /// There may be more: commit, and ask again.
    Again,
}

/// Takes the next job of a line that may be done now, and notes that it begins. What has to wait is postponed, with the
/// reason. `longest` is how long doing it takes at most; the lease lasts as long.
///
/// All in the caller's transaction: when it is committed, the limits know of it.
pub async fn take(
    transaction: &mut Transaction,
    line: &Line<'_>,
    longest: Duration,
    need: impl Fn(&Job) -> Need,
) -> Result<Taken, StoreError> {
    let database_uuid = line.database_uuid;
    if let Some(held) = transaction.held_up(database_uuid, line.lane).await? {
        return Ok(Taken::Nothing(Some(held.wait)));
    }
    for _ in 0..MOST {
        let Some(job) = transaction.claim(line, longest).await? else {
            return transaction.next_due(line).await.map(Taken::Nothing);
        };
        let need = need(&job);
        if let Some((wait, reason)) = held_up(transaction, database_uuid, &need.scopes).await? {
            transaction.postpone(&job.lease, wait, &reason).await?;
            continue;
        }
        let wait = transaction.spend(database_uuid, &need.allowances, &need.recipient, &job.lease, longest).await?;
        let Some(wait) = wait else {
            transaction.begin_attempt(&job.lease).await?;
            return Ok(Taken::Job(Box::new(job), need));
        };
        transaction.postpone(&job.lease, wait.wait, wait.limit.code()).await?;
        if wait.limit != Limit::Spacing {
            transaction.hold(database_uuid, line.lane, wait.wait, wait.limit.code()).await?;
            return Ok(Taken::Nothing(Some(wait.wait)));
        }
    }
    Ok(Taken::Again)
}

async fn held_up(
    transaction: &mut Transaction,
    database_uuid: &str,
    scopes: &[String],
) -> Result<Option<(Duration, String)>, StoreError> {
    for scope in scopes {
        if let Some(held) = transaction.held_up(database_uuid, scope).await? {
            return Ok(Some((held.wait, held.reason)));
        }
    }
    Ok(None)
}
