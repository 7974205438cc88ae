//! Another account takes over what one of them certainly did not send, and is to blame for: it may not send, is away, is
//! not there any more, or its text is not approved. What a person's number or answer forbids, no other account is asked
//! for.

use super::account::{Payload, lane_of, read};
use super::{Account, KIND, Outbox, OutboxError};
use crate::queue::held;
use crate::store::{Durability, Job, StoreError, Transaction, WaitingJob};
use crate::whatsapp::{Holds, Outcome, Why};

/// Of one transaction.
const AT_ONCE: i64 = 200;

/// An account that nobody answered for as many times in a row is away.
const AWAY: u32 = 3;

/// Reasons for which nothing goes out by an account.
const OF_THE_ACCOUNT: [Why; 2] = [Why::Credentials, Why::AccountBlocked];

/// Reasons for which what has the same text, or goes to the same person, does not go out by an account.
const OF_THE_TEXT: [Why; 4] = [Why::TextMissing, Why::TextPaused, Why::TextRejected, Why::RecipientNotAllowed];

/// Reasons for which nothing goes out by an account while its provider is away.
const OF_THE_PROVIDER: [Why; 2] = [Why::ProviderDown, Why::NoAnswer];

/// What is said of a message whose account is not there any more.
const NO_ACCOUNT: &str = "no_account";

/// Whether `reason`, as the store has it, is one of these.
fn is_one_of(reasons: &[Why], reason: &str) -> bool {
    reasons.iter().any(|why| why.code() == reason)
}

impl Outbox {
    /// What accounts cannot send goes to those that can. Their keys are opened only where there is something to hand over.
    pub(super) async fn hand_to_others(&self) -> Result<(), OutboxError> {
        let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
        let lanes = transaction.lanes(&self.parts.database_uuid, KIND).await?;
        drop(transaction);
        if lanes.is_empty() {
            return Ok(());
        }
        let accounts = self.accounts().await?;
        for lane in lanes {
            let account = accounts.iter().find(|account| account.lane() == lane);
            if accounts.len() > usize::from(account.is_some()) {
                self.hand_over_all(&lane, account).await?;
            }
            if account.is_none() {
                let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
                transaction.say_why(&self.line(&lane), i64::MIN, NO_ACCOUNT).await?;
                transaction.commit().await?;
            }
        }
        Ok(())
    }

    /// The accounts by which something may go out, now or in a while.
    async fn able(&self) -> Result<Vec<String>, OutboxError> {
        let mut able = Vec::new();
        for account in self.accounts().await? {
            if !self.is_out(&account).await? {
                able.push(account.settings.uuid);
            }
        }
        Ok(able)
    }

    /// Nothing goes out by it until somebody mends it, or its provider is there again.
    async fn is_out(&self, account: &Account) -> Result<bool, OutboxError> {
        let lane = account.lane();
        let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
        let held = held(&mut transaction, &self.line(&lane)).await?;
        drop(transaction);
        let is_away = self.silences(&lane) >= AWAY;
        let is_held = held.is_some_and(|held| {
            is_one_of(&OF_THE_ACCOUNT, &held.reason) || is_away && is_one_of(&OF_THE_PROVIDER, &held.reason)
        });
        if is_held {
            return Ok(true);
        }
        match self.sender(account).await {
            Ok(sender) => Ok(sender.is_none()),
            Err(OutboxError::Secrets(error)) if !error.is_passing() => {
                tracing::warn!(account = account.settings.uuid, %error, "a key of an account cannot be used");
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }

    /// Everything that waits in a lane without an account, or whose account is not able, and of any lane what waits for its
    /// text.
    async fn hand_over_all(&self, lane: &str, account: Option<&Account>) -> Result<(), OutboxError> {
        if self.waiting(lane, None, 0, 1).await?.is_empty() {
            return Ok(());
        }
        let is_out = match account {
            Some(account) => self.is_out(account).await?,
            None => true,
        };
        let reasons = (!is_out).then(|| OF_THE_TEXT.map(Why::code));
        let mut waiting = self.waiting(lane, reasons, 0, AT_ONCE).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let able = self.able().await?;
        while let Some(last) = waiting.last() {
            let behind = last.id;
            let mut transaction = self.parts.store.begin(Durability::Durable).await?;
            let mut has_moved = false;
            for job in &waiting {
                let Some((account, payload)) = read(&job.payload).by_another(&able) else { continue };
                if transaction.change_lane_of_waiting(job.id, lane, &lane_of(&account), &payload).await? {
                    self.note_other(&mut transaction, &job.key, &account).await?;
                    has_moved = true;
                }
            }
            if has_moved {
                transaction.commit().await?;
                self.kept.notify_waiters();
            }
            waiting = self.waiting(lane, reasons, behind, AT_ONCE).await?;
        }
        Ok(())
    }

    async fn waiting(
        &self,
        lane: &str,
        reasons: Option<[&str; 4]>,
        behind: i64,
        most: i64,
    ) -> Result<Vec<WaitingJob>, StoreError> {
        let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
        transaction.waiting_jobs(&self.line(lane), reasons, behind, most).await
    }

    /// The accounts that may take a job over of which this came; none where it has no other way, or this is not to blame.
    pub(super) async fn takers(&self, job: &Job, outcome: &Outcome) -> Result<Vec<String>, OutboxError> {
        let is_for_another = match outcome {
            Outcome::Refused(reason) => OF_THE_ACCOUNT.contains(&reason.why) || OF_THE_TEXT.contains(&reason.why),
            // The last attempt, and the provider was away at each.
            Outcome::Later { holds: Holds::Message | Holds::Recipient, reason, .. } => {
                job.attempt >= job.max_attempts && reason.why == Why::ProviderDown
            }
            Outcome::Later { .. } | Outcome::Accepted { .. } | Outcome::Unknown(_) => false,
        };
        if !is_for_another || read(&job.payload).others.is_empty() {
            return Ok(Vec::new());
        }
        self.able().await
    }

    /// One that this account certainly did not send goes by one of `takers`; false where there is none.
    pub(super) async fn hand_over(
        &self,
        transaction: &mut Transaction,
        job: &Job,
        takers: &[String],
    ) -> Result<bool, StoreError> {
        let Some((account, payload)) = read(&job.payload).by_another(takers) else { return Ok(false) };
        transaction.change_lane(&job.lease, &lane_of(&account), &payload).await?;
        self.note_other(transaction, &job.key, &account).await?;
        Ok(true)
    }

    async fn note_other(&self, transaction: &mut Transaction, key: &str, account: &str) -> Result<(), StoreError> {
        tracing::info!(account, "another account takes a message over");
        transaction.message_goes_by(&self.parts.database_uuid, key, account).await
    }
}

impl Payload {
    /// The same by the first of its further accounts that is `able`, and the account.
    fn by_another(self, able: &[String]) -> Option<(String, String)> {
        let mut others = self.others.into_iter();
        let way = others.find(|way| able.contains(&way.account))?;
        let payload = Self { text: way.text, others: others.collect(), ..self };
        Some((way.account, serde_json::to_string(&payload).unwrap_or_default()))
    }
}
