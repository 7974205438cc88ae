//! Another account takes over what one of them certainly did not send, and is to blame for: it may not send, is away, or
//! its text is not approved. What a person's number or answer forbids, no other account is asked for.

use super::account::{Payload, lane_of, read};
use super::{Account, Outbox, OutboxError};
use crate::queue::held;
use crate::store::{Durability, Job, StoreError, Transaction};
use crate::whatsapp::Why;

/// Of one transaction.
const AT_ONCE: i64 = 200;

/// An account that nobody answered for as many times in a row is away.
const AWAY: u32 = 3;

/// Reasons for which nothing goes out by an account.
const OF_THE_ACCOUNT: [Why; 2] = [Why::Credentials, Why::AccountBlocked];

/// Reasons for which what has the same text, or goes to the same person, does not go out by an account.
const OF_THE_TEXT: [Why; 4] = [Why::TextMissing, Why::TextPaused, Why::TextRejected, Why::RecipientNotAllowed];

/// Whether `reason`, as the store has it, is one of these.
fn is_one_of(reasons: &[Why], reason: &str) -> bool {
    reasons.iter().any(|why| why.code() == reason)
}

impl Outbox {
    /// What accounts cannot send goes to those that can.
    pub(super) async fn hand_to_others(&self) -> Result<(), OutboxError> {
        let accounts = self.accounts().await?;
        if accounts.len() < 2 {
            return Ok(());
        }
        let mut able = Vec::new();
        for account in &accounts {
            if !self.is_out(account).await? {
                able.push(account.settings.uuid.clone());
            }
        }
        for account in &accounts {
            let is_out = !able.contains(&account.settings.uuid);
            self.hand_over_all(account, is_out, &able).await?;
        }
        Ok(())
    }

    /// Nothing goes out by it until somebody mends it, or its provider is there again.
    async fn is_out(&self, account: &Account) -> Result<bool, OutboxError> {
        if self.sender(account).await?.is_none() {
            return Ok(true);
        }
        let lane = account.lane();
        let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
        let held = held(&mut transaction, &self.line(&lane)).await?;
        let is_away = self.silences(&lane) >= AWAY;
        Ok(held.is_some_and(|held| {
            is_one_of(&OF_THE_ACCOUNT, &held.reason)
                || is_away && is_one_of(&[Why::ProviderDown, Why::NoAnswer], &held.reason)
        }))
    }

    async fn hand_over_all(&self, from: &Account, is_out: bool, able: &[String]) -> Result<(), OutboxError> {
        let lane = from.lane();
        let mut behind = 0;
        loop {
            let mut transaction = self.parts.store.begin(Durability::Durable).await?;
            let waiting = transaction.waiting_jobs(&self.line(&lane), behind, AT_ONCE).await?;
            let Some(last) = waiting.last() else { return Ok(()) };
            behind = last.id;
            for job in &waiting {
                if !is_out && !job.reason.as_deref().is_some_and(|reason| is_one_of(&OF_THE_TEXT, reason)) {
                    continue;
                }
                let Some((account, payload)) = read(&job.payload).by_another(able) else { continue };
                if transaction.change_lane_of_waiting(job.id, &lane_of(&account), &payload).await? {
                    self.note_other(&mut transaction, &job.key, &account).await?;
                }
            }
            transaction.commit().await?;
            self.kept.notify_waiters();
        }
    }

    /// What was refused for this reason may go by another account.
    pub(super) fn is_for_another(why: Why) -> bool {
        OF_THE_ACCOUNT.contains(&why) || OF_THE_TEXT.contains(&why)
    }

    /// One that this account certainly did not send goes by another one; false where there is none.
    pub(super) async fn hand_over(&self, transaction: &mut Transaction, job: &Job) -> Result<bool, StoreError> {
        let accounts = transaction.account_uuids(&self.parts.database_uuid).await?;
        let Some((account, payload)) = read(&job.payload).by_another(&accounts) else { return Ok(false) };
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
