//! What goes out: one message after the other, each once. Between its claim and its call stands the journal; whatever
//! happens from then on is an outcome that is kept.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::timeout_at;

use super::account::{AT_NIGHT, read};
use super::outcome::was_kept;
use super::sender::Sender;
use super::{Account, Outbox, OutboxError};
use crate::domain::MessageState;
use crate::queue::{Begun, Taken, take};
use crate::store::{ANY, Durability, Job, StoreError, Transaction};
use crate::whatsapp::{Document, Outcome, Outgoing, Parameters, Reason, Why};

/// From the claim until the message has arrived, or is not sent any more.
const LONGEST: Duration = Duration::from_secs(20);

/// An account without a token looks again after so long.
const NO_TOKEN: Duration = Duration::from_secs(30);

/// What [`Outbox::send_some`] comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// There may be more.
    Again,
    /// Nothing may go out before so much time has passed; `None` = nothing waits.
    Wait(Option<Duration>),
}

/// A message that is begun, or what to do where none may go out.
pub type Begins = Result<Box<Begun>, Next>;

impl Outbox {
    /// Sends messages of an account one after the other, as long as one may go out now; `goes_on` is asked after each.
    pub async fn send_some(&self, mut account: Account, goes_on: impl Fn() -> bool) -> Result<Next, OutboxError> {
        let Some(mut sender) = self.sender(&account).await? else { return Ok(Next::Wait(Some(NO_TOKEN))) };
        let mut begins = self.begin_next(&account).await?;
        loop {
            let begun = match begins {
                Ok(begun) => begun,
                Err(next) => return Ok(next),
            };
            let receipts = self.receipts(&account);
            let outcome = hand_over(&sender, &begun, receipts.as_deref()).await;
            // What was changed meanwhile counts for the next one.
            let next = if goes_on() { self.can_go_on(&account).await } else { None };
            let Some(next) = next else {
                self.keep_outcome(&account, &begun, &outcome).await?;
                return Ok(Next::Again);
            };
            (account, sender) = next;
            begins = self.keep_and_begin_next(&account, &begun, &outcome).await?;
        }
    }

    /// The account as it is now, where it can send.
    async fn can_go_on(&self, account: &Account) -> Option<(Account, Sender)> {
        let account = self.account(&account.settings.uuid).await.ok()??;
        let sender = self.sender(&account).await.ok()??;
        Some((account, sender))
    }

    /// The next message of an account, begun: it is to be handed over now, and [what came of it](Self::keep_outcome) to be
    /// kept. Or what to do where none may go out.
    pub async fn begin_next(&self, account: &Account) -> Result<Begins, OutboxError> {
        // The journal is what survives a power cut; a kill is survived by any commit. A database that others share may
        // lose its last moments while this worker lives, and the others have a journal of their own.
        let durability = if self.parts.store.is_shared() { Durability::Durable } else { Durability::Relaxed };
        let mut transaction = self.parts.store.begin(durability).await?;
        let begins = self.claim(&mut transaction, account).await?;
        transaction.commit().await?;
        self.note_in_journal(account, begins).await
    }

    /// [Keeps](Self::keep_outcome) what came of a message and [begins](Self::begin_next) the next one, in one commit where
    /// it was taken: of many in a row, each costs one.
    pub async fn keep_and_begin_next(
        &self,
        account: &Account,
        begun: &Begun,
        outcome: &Outcome,
    ) -> Result<Begins, OutboxError> {
        if let Outcome::Accepted { id } = outcome {
            match self.keep_accepted_and_claim(account, begun, id).await {
                Ok(begins) => return self.note_in_journal(account, begins).await,
                Err(error) => tracing::debug!(%error, "what came of a message is kept by itself"),
            }
        }
        self.keep_outcome(account, begun, outcome).await?;
        Ok(Err(Next::Again))
    }

    async fn keep_accepted_and_claim(&self, account: &Account, begun: &Begun, id: &str) -> Result<Begins, StoreError> {
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        transaction.arrived(&self.parts.database_uuid, &begun.need.allowances, &begun.job.lease).await?;
        self.keep_accepted(&mut transaction, &begun.job, id).await?;
        let begins = self.claim(&mut transaction, account).await?;
        transaction.commit().await?;
        self.silence(&account.lane(), false);
        was_kept(account, MessageState::Accepted, None);
        Ok(begins)
    }

    async fn claim(&self, transaction: &mut Transaction, account: &Account) -> Result<Begins, StoreError> {
        let sender_lane = account.lane();
        let line = self.line(&sender_lane);
        let night_left = account.night_left(self.parts.clock.now());
        let below = night_left.map_or(ANY, |_| AT_NIGHT);
        let need = |job: &Job| account.need(&read(&job.payload));
        Ok(match take(transaction, &line, LONGEST, below, need).await? {
            Taken::Job(begun) => Ok(begun),
            // In the morning there may be more.
            Taken::Nothing(wait) => Err(Next::Wait([wait, night_left].into_iter().flatten().min())),
            Taken::Again => Err(Next::Again),
        })
    }

    /// From here on it may have gone out.
    async fn note_in_journal(&self, account: &Account, begins: Begins) -> Result<Begins, OutboxError> {
        let Ok(begun) = begins else { return Ok(begins) };
        match self.parts.journal.begins(&begun.job.key, self.parts.clock.now()).await {
            Ok(true) => Ok(Ok(begun)),
            Ok(false) => {
                self.is_doubtful.store(true, Ordering::Relaxed);
                let reason = Reason::new(Why::NoAnswer, "worker_journal", "the journal says that it may have gone out");
                self.keep_outcome(account, &begun, &Outcome::Unknown(reason)).await?;
                Ok(Err(Next::Again))
            }
            Err(error) => {
                let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
                transaction.hand_back(&begun.job.lease, Some("journal")).await?;
                transaction.commit().await?;
                Err(OutboxError::Journal(self.parts.journal.path().display().to_string(), error))
            }
        }
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
