//! What came of a message is kept: it is done, goes by another account, waits, or nobody knows.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::account::read;
use super::{Account, Outbox, OutboxError, STORE_PAUSE};
use crate::domain::MessageState;
use crate::metrics;
use crate::queue::{Begun, Pauses};
use crate::store::{Durability, Job, Move, StoreError, Transaction};
use crate::whatsapp::{Holds, Outcome, Reason, Why};

/// What came of a message is stored within this time, or the lease is over and nobody knows.
const STORED: Duration = Duration::from_secs(25);

/// No pause between two attempts is longer.
const LONGEST_PAUSE: Duration = Duration::from_hours(6);

/// A sender that failed is left alone so long; with each message that nobody answered to, twice as long.
const SENDER_PAUSE: Duration = Duration::from_mins(1);

/// Somebody has to mend an account, or a text, first.
const MENDING: Duration = Duration::from_hours(1);

impl Outbox {
    /// Keeps what came of a message, for as long as the lease lasts.
    pub async fn keep_outcome(&self, account: &Account, begun: &Begun, outcome: &Outcome) -> Result<(), OutboxError> {
        let certainly_not = matches!(outcome, Outcome::Later { .. } | Outcome::Refused(_));
        if certainly_not
            && let Err(error) = self.parts.journal.was_not_taken(&begun.job.key, self.parts.clock.now()).await
        {
            tracing::warn!(%error, "the journal was not written: a restore would take this message for sent");
        }
        let is_away = match outcome {
            Outcome::Unknown(_) => true,
            Outcome::Later { reason, .. } => reason.why == Why::ProviderDown,
            Outcome::Accepted { .. } | Outcome::Refused(_) => false,
        };
        let silences = self.silence(&account.lane(), is_away);
        let takers = self.takers(&begun.job, outcome).await?;
        let end = Instant::now() + STORED;
        loop {
            match self.try_to_keep(account, begun, outcome, silences, &takers).await {
                // Somebody settled it meanwhile, as if nobody knew; what is known counts all the same.
                Err(StoreError::LeaseLost(_)) => {
                    self.changed.notify_one();
                    return Ok(self.tell_late(begun, outcome).await?);
                }
                Err(error) if error.is_passing() && Instant::now() < end => sleep(STORE_PAUSE).await,
                kept => {
                    self.changed.notify_one();
                    return kept.map_err(OutboxError::from);
                }
            }
        }
    }

    async fn tell_late(&self, begun: &Begun, outcome: &Outcome) -> Result<(), StoreError> {
        let moved = match outcome {
            Outcome::Accepted { id } => accepted(id),
            Outcome::Refused(reason) => for_reason(MessageState::Failed, reason),
            Outcome::Later { .. } | Outcome::Unknown(_) => return Ok(()),
        };
        let (database_uuid, key) = (self.parts.database_uuid.as_str(), begun.job.key.as_str());
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        // One that waits again was kept at the first try, whose answer was lost: it may go by another account.
        let standing = transaction.message_of_key(database_uuid, key).await?;
        if standing.is_some_and(|standing| standing.state == MessageState::Unknown) {
            transaction.move_message(database_uuid, key, &moved).await?;
        }
        transaction.commit().await
    }

    async fn try_to_keep(
        &self,
        account: &Account,
        begun: &Begun,
        outcome: &Outcome,
        silences: u32,
        takers: &[String],
    ) -> Result<(), StoreError> {
        let (job, database_uuid) = (&begun.job, self.parts.database_uuid.as_str());
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        transaction.arrived(database_uuid, &begun.need.allowances, &job.lease).await?;
        let state = match outcome {
            _ if !takers.is_empty() && self.hand_over(&mut transaction, job, takers).await? => MessageState::Waiting,
            Outcome::Accepted { id } => {
                self.keep_accepted(&mut transaction, job, id).await?;
                MessageState::Accepted
            }
            Outcome::Refused(reason) => {
                transaction.give_up(&job.lease, reason.why.code()).await?;
                transaction.move_message(database_uuid, &job.key, &for_reason(MessageState::Failed, reason)).await?;
                MessageState::Failed
            }
            Outcome::Unknown(reason) => {
                transaction.leave_unknown(&job.lease, reason.why.code()).await?;
                transaction.move_message(database_uuid, &job.key, &for_reason(MessageState::Unknown, reason)).await?;
                let pause = SENDER_PAUSE * 2_u32.saturating_pow(silences.saturating_sub(1).min(6));
                transaction.hold(database_uuid, &account.lane(), pause, reason.why.code()).await?;
                MessageState::Unknown
            }
            Outcome::Later { holds, pause, reason } => {
                self.try_later(&mut transaction, account, begun, *holds, *pause, reason).await?
            }
        };
        transaction.commit().await?;
        was_kept(account, state, reason_of(outcome));
        Ok(())
    }

    pub(super) async fn keep_accepted(
        &self,
        transaction: &mut Transaction,
        job: &Job,
        id: &str,
    ) -> Result<(), StoreError> {
        transaction.complete(&job.lease).await?;
        transaction.move_message(&self.parts.database_uuid, &job.key, &accepted(id)).await.map(drop)
    }

    /// Whatever has to wait waits; the message itself, too. An attempt counts only where the message was to blame.
    async fn try_later(
        &self,
        transaction: &mut Transaction,
        account: &Account,
        begun: &Begun,
        holds: Holds,
        pause: Option<Duration>,
        reason: &Reason,
    ) -> Result<MessageState, StoreError> {
        let (job, why, database_uuid) = (&begun.job, reason.why.code(), self.parts.database_uuid.as_str());
        let (scope, pause) = match holds {
            Holds::Message | Holds::Recipient => {
                let first = Duration::from_secs(account.settings.retry_seconds);
                let pauses = Pauses { first, longest: LONGEST_PAUSE };
                transaction.retry_later(&job.lease, pauses.after(job.attempt, pause), why).await?;
                if job.attempt < job.max_attempts {
                    return Ok(MessageState::Waiting);
                }
                transaction.move_message(database_uuid, &job.key, &for_reason(MessageState::Failed, reason)).await?;
                return Ok(MessageState::Failed);
            }
            Holds::Text => (account.text_scope(&read(&job.payload)), pause.unwrap_or(MENDING)),
            Holds::Sender => (account.lane(), pause.unwrap_or(SENDER_PAUSE)),
            Holds::Account => (account.lane(), pause.unwrap_or(MENDING)),
        };
        transaction.hand_back(&job.lease, Some(why)).await?;
        transaction.hold(database_uuid, &scope, pause, why).await?;
        Ok(MessageState::Waiting)
    }
}

/// Tells metrics and the log.
pub(super) fn was_kept(account: &Account, state: MessageState, reason: Option<&Reason>) {
    metrics::message(state);
    let why = reason.map(|reason| reason.code.as_str());
    tracing::info!(account = account.settings.uuid, state = state.word(), why, "a message was handed over");
}

fn accepted(id: &str) -> Move<'_> {
    Move { provider_id: Some(id), ..Move::to(MessageState::Accepted, None) }
}

fn for_reason(state: MessageState, reason: &Reason) -> Move<'_> {
    Move { code: Some(&reason.code), detail: Some(&reason.detail), ..Move::to(state, Some(reason.why.code())) }
}

fn reason_of(outcome: &Outcome) -> Option<&Reason> {
    match outcome {
        Outcome::Accepted { .. } => None,
        Outcome::Later { reason, .. } | Outcome::Refused(reason) | Outcome::Unknown(reason) => Some(reason),
    }
}
