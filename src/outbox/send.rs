//! What goes out: one message after the other, each once. Between its claim and its call stands the journal; whatever
//! happens from then on is an outcome that is kept.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::account::{AT_NIGHT, read};
use super::sender::Sender;
use super::{Account, Outbox, OutboxError, STORE_PAUSE};
use crate::domain::MessageState;
use crate::metrics;
use crate::queue::{Begun, Pauses, Taken, take};
use crate::store::{ANY, Durability, Job, Move, StoreError, Transaction};
use crate::whatsapp::{Document, Holds, Outcome, Outgoing, Parameters, Reason, Why};

/// From the claim until the message has arrived, or is not sent any more.
const LONGEST: Duration = Duration::from_secs(20);

/// What came of a message is stored within this time, or the lease is over and nobody knows.
const STORED: Duration = Duration::from_secs(25);

/// No pause between two attempts is longer.
const LONGEST_PAUSE: Duration = Duration::from_hours(6);

/// A sender that failed is left alone so long; with each message that nobody answered to, twice as long.
const SENDER_PAUSE: Duration = Duration::from_mins(1);

/// Somebody has to mend an account, or a text, first.
const MENDING: Duration = Duration::from_hours(1);

/// An account without a token looks again after so long.
const NO_TOKEN: Duration = Duration::from_secs(30);

/// What [`Outbox::send_next`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// There may be more.
    Again,
    /// Nothing may go out before so much time has passed; `None` = nothing waits.
    Wait(Option<Duration>),
}

impl Outbox {
    /// Sends the next message of an account, if one may go out now.
    pub async fn send_next(&self, account: &Account) -> Result<Next, OutboxError> {
        let Some(sender) = self.sender(account).await? else { return Ok(Next::Wait(Some(NO_TOKEN))) };
        let begun = match self.begin_next(account).await? {
            Ok(begun) => begun,
            Err(next) => return Ok(next),
        };
        let receipts = self.receipts(account);
        let outcome = hand_over(&sender, &begun, receipts.as_deref()).await;
        self.keep_outcome(account, &begun, &outcome).await?;
        Ok(Next::Again)
    }

    /// The next message of an account, begun: it is to be handed over now, and [what came of it](Self::keep_outcome) to be
    /// kept. Or what to do where none may go out.
    pub async fn begin_next(&self, account: &Account) -> Result<Result<Box<Begun>, Next>, OutboxError> {
        let sender_lane = account.lane();
        let line = self.line(&sender_lane);
        // The journal is what survives a power cut; a kill is survived by any commit. A database that others share may
        // lose its last moments while this worker lives, and the others have a journal of their own.
        let durability = if self.parts.store.is_shared() { Durability::Durable } else { Durability::Relaxed };
        let mut transaction = self.parts.store.begin(durability).await?;
        let night_left = account.night_left(self.parts.clock.now());
        let below = night_left.map_or(ANY, |_| AT_NIGHT);
        let need = |job: &Job| account.need(&read(&job.payload));
        let taken = take(&mut transaction, &line, LONGEST, below, need).await?;
        transaction.commit().await?;
        let begun = match taken {
            Taken::Job(begun) => begun,
            // In the morning there may be more.
            Taken::Nothing(wait) => return Ok(Err(Next::Wait([wait, night_left].into_iter().flatten().min()))),
            Taken::Again => return Ok(Err(Next::Again)),
        };
        match self.parts.journal.begins(&begun.job.key, self.parts.clock.now()).await {
            Ok(true) => {}
            Ok(false) => {
                self.is_doubtful.store(true, Ordering::Relaxed);
                let reason = Reason::new(Why::NoAnswer, "worker_journal", "the journal says that it may have gone out");
                self.keep_outcome(account, &begun, &Outcome::Unknown(reason)).await?;
                return Ok(Err(Next::Again));
            }
            Err(error) => {
                let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
                transaction.hand_back(&begun.job.lease, Some("journal")).await?;
                transaction.commit().await?;
                return Err(OutboxError::Journal(self.parts.journal.path().display().to_string(), error));
            }
        }
        Ok(Ok(begun))
    }

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
                transaction.complete(&job.lease).await?;
                transaction.move_message(database_uuid, &job.key, &accepted(id)).await?;
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
        metrics::message(state);
        let why = reason_of(outcome).map(|reason| reason.code.as_str());
        tracing::info!(account = account.settings.uuid, state = state.word(), why, "a message was handed over");
        Ok(())
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

/// The call itself; one that takes too long may have arrived.
async fn hand_over(sender: &Sender, begun: &Begun, receipts: Option<&str>) -> Outcome {
    let payload = read(&begun.job.payload);
    let unusable = |detail: &str| Outcome::Refused(Reason::new(Why::WrongParameters, "worker", detail));
    let count = payload.parameters.len();
    let Ok(parameters) = Parameters::new(&payload.parameters, count, |_| true) else {
        return unusable("the message cannot be read");
    };
    if payload.number.is_empty() {
        return unusable("the message has no number");
    }
    let message = Outgoing {
        to: &payload.number,
        text: &payload.text,
        language: &payload.language,
        parameters: &parameters,
        reference: &begun.job.key,
        button: payload.button.as_deref(),
        header: payload.header.as_ref().map(|header| Document { link: &header.link, name: &header.name }),
        receipts,
    };
    match timeout_at(begun.until, sender.send(&message)).await {
        Ok(outcome) => outcome,
        Err(_) => Outcome::Unknown(Reason::new(Why::NoAnswer, "worker_timeout", "there was no answer in time")),
    }
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
