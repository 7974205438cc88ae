//! Which job is done next.

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use crate::store::{Allowance, Held, Job, Limit, Line, StoreError, Transaction};

/// No transaction is longer than as many jobs that have to wait.
const MOST: usize = 50;

/// The lease lasts so much longer than the work, so that an answer of the last moment is still stored by its holder.
const MARGIN: Duration = Duration::from_secs(30);

/// A job looks again after so long whether what held it up was released.
const LOOK_AGAIN: Duration = Duration::from_mins(10);

/// A lane that used up a day looks again after so long: what is allowed may have grown.
const LOOK_AGAIN_DAY: Duration = Duration::from_mins(15);

/// The same, of a minute.
const LOOK_AGAIN_MINUTE: Duration = Duration::from_mins(1);

/// What a job needs before it may be done.
#[derive(Clone, PartialEq, Eq)]
pub struct Need {
    /// Whom it reaches, as the limits count it.
    pub recipient: String,
    /// Each is used once. The job's lane waits when one of them is used up; but for their spacing, which only this
    /// recipient waits for.
    pub allowances: Vec<Allowance>,
    /// Further scopes in which something may be held up, such as a text that is paused.
    pub scopes: Vec<String>,
}

/// Without the recipient.
impl fmt::Debug for Need {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = formatter.debug_struct("Need");
        told.field("allowances", &self.allowances).field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

/// A job that is held and begun.
#[derive(Debug)]
pub struct Begun {
    pub job: Job,
    /// What it used.
    pub need: Need,
    /// What it does has arrived by then, or it is not begun any more: its limits count on that.
    pub until: Instant,
}

/// What [`take`] found.
#[derive(Debug)]
pub enum Taken {
    /// Commit, then do it.
    Job(Box<Begun>),
    /// None may be done before so much time has passed; `None` = none is there.
    Nothing(Option<Duration>),
    /// There may be more: commit, and ask again.
    Again,
}

/// Takes the next job of a line that may be done now and whose priority is smaller than `below`, and notes that it begins.
/// What has to wait goes back, with the reason. `longest` is how long it may take, from now on, until it has arrived; the lease lasts a little longer.
///
/// All in the caller's transaction: when it is committed, the limits know of it.
pub async fn take(
    transaction: &mut Transaction,
    line: &Line<'_>,
    longest: Duration,
    below: i64,
    need: impl Fn(&Job) -> Need,
) -> Result<Taken, StoreError> {
    let (database_uuid, limited) = (line.database_uuid, of_limits(line.lane));
    let until = Instant::now() + longest;
    for _ in 0..MOST {
        let Some(job) = transaction.begin_next(line, longest + MARGIN, below).await? else {
            return transaction.next_due(line, below).await.map(Taken::Nothing);
        };
        let need = need(&job);
        let scopes = need.scopes.iter().map(String::as_str).chain([line.lane, &limited]).collect::<Vec<_>>();
        let held = transaction.held_up(database_uuid, &scopes).await?;
        // What holds the lane up holds whatever comes next, too.
        if let Some(held) = held.iter().find(|held| held.scope == line.lane || held.scope == limited) {
            transaction.hand_back(&job.lease, None).await?;
            return Ok(Taken::Nothing(Some(held.wait)));
        }
        if let Some(held) = held.first() {
            transaction.postpone(&job.lease, held.wait.min(LOOK_AGAIN), &held.reason).await?;
            continue;
        }
        let wait = transaction.spend(database_uuid, &need.allowances, &need.recipient, &job.lease, longest).await?;
        let Some(wait) = wait else {
            return Ok(Taken::Job(Box::new(Begun { job, need, until })));
        };
        let reason = wait.limit.code();
        let most = match wait.limit {
            Limit::Spacing => {
                transaction.postpone(&job.lease, wait.wait, reason).await?;
                continue;
            }
            Limit::Minute => LOOK_AGAIN_MINUTE,
            Limit::Day | Limit::Recipients => LOOK_AGAIN_DAY,
        };
        transaction.hand_back(&job.lease, Some(reason)).await?;
        let wait = wait.wait.min(most);
        transaction.hold(database_uuid, &limited, wait, reason).await?;
        return Ok(Taken::Nothing(Some(wait)));
    }
    Ok(Taken::Again)
}

/// Why nothing of a line is done now, and for how long, if something holds all of it up.
pub async fn held(transaction: &mut Transaction, line: &Line<'_>) -> Result<Option<Held>, StoreError> {
    let held = transaction.held_up(line.database_uuid, &[line.lane, &of_limits(line.lane)]).await?;
    Ok(held.into_iter().next())
}

/// What is allowed has changed: nothing waits for a limit that was used up before.
pub async fn look_again(transaction: &mut Transaction, line: &Line<'_>) -> Result<(), StoreError> {
    transaction.release(line.database_uuid, &of_limits(line.lane)).await.map(drop)
}

/// What a lane's limits hold up is apart from what else does: neither ends the other.
fn of_limits(lane: &str) -> String {
    format!("{lane}/limits")
}
