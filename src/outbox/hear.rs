//! What providers tell afterwards: where a message is, how much is allowed.

use std::time::Duration;

use super::account::lane_of;
use super::tell::passed_over;
use super::{Account, Outbox, OutboxError};
use crate::domain::MessageState;
use crate::domain::text::shortened;
use crate::metrics;
use crate::odoo::{Heard, HeardEvent, odoo_time};
use crate::queue::look_again;
use crate::store::{Attempt, Durability, KeptEvent, KeptReceipt, Move, StoreError, Transaction};
use crate::whatsapp::{DailyLimit, Event, Receipt, State};

/// Seconds by which a provider's clock may be behind; between two attempts lies a minute.
const CLOCKS_DIFFER: i64 = 10;

/// Of one transaction.
const AT_ONCE: i64 = 200;

/// Of what a person writes, as much is passed on.
const LONGEST_WORDS: usize = 1_000;

/// A receipt of a message that nobody knows is kept so long; providers repeat theirs for a week.
const KEEP: Duration = Duration::from_hours(8 * 24);

impl Outbox {
    /// Understands what is kept, and forgets what nobody will understand.
    pub async fn hear(&self) -> Result<(), OutboxError> {
        let database_uuid = self.parts.database_uuid.as_str();
        loop {
            let mut transaction = self.parts.store.begin(Durability::Durable).await?;
            let receipts = transaction.receipts(database_uuid, AT_ONCE).await?;
            for receipt in &receipts {
                self.receipt(&mut transaction, receipt).await?;
            }
            let limits = transaction.events(database_uuid, "daily_limit", AT_ONCE).await?;
            for kept in &limits {
                self.daily_limit(&mut transaction, kept).await?;
            }
            let forgotten = transaction.forget_events(database_uuid, KEEP).await?;
            transaction.commit().await?;
            for _ in 0..forgotten {
                metrics::message_event("forgotten");
            }
            if receipts.is_empty() && limits.is_empty() {
                return Ok(());
            }
        }
    }

    /// Passes on to Odoo what else providers told: what people wrote, what became of texts.
    pub async fn pass_on(&self) -> Result<(), OutboxError> {
        for kind in ["inbound", "text", "category"] {
            loop {
                let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
                let kept = transaction.events(&self.parts.database_uuid, kind, AT_ONCE).await?;
                drop(transaction);
                if kept.is_empty() {
                    break;
                }
                match self.pass(&kept).await {
                    // One of them may be to blame: each by itself.
                    Err(error) if error.is_refusal() && kept.len() > 1 => {
                        for event in kept.chunks(1) {
                            self.pass(event).await.or_else(passed_over)?;
                        }
                    }
                    passed => passed.or_else(passed_over)?,
                }
                let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
                for event in &kept {
                    transaction.event_done(event.id).await?;
                }
                transaction.commit().await?;
            }
        }
        Ok(())
    }

    async fn pass(&self, kept: &[KeptEvent]) -> Result<(), OutboxError> {
        let events: Vec<HeardEvent> = kept.iter().filter_map(heard).collect();
        if events.is_empty() {
            return Ok(());
        }
        let answer = self.parts.odoo.hear(&events).await?;
        for refused in &answer.refused {
            tracing::warn!(code = refused.code, "Odoo does not take what a provider told");
        }
        Ok(())
    }

    async fn receipt(&self, transaction: &mut Transaction, of: &KeptReceipt) -> Result<(), StoreError> {
        let KeptReceipt { kept, attempt } = of;
        transaction.event_done(kept.id).await?;
        let Ok(Event::Receipt(receipt)) = serde_json::from_str(&kept.event) else { return Ok(()) };
        let has_moved = attempt.is_none_or(|attempt| may_be_of(&receipt, attempt))
            && transaction.move_message(&self.parts.database_uuid, &kept.key, &moved_by(&receipt)).await?;
        metrics::message_event(if has_moved { "receipt" } else { "late" });
        if has_moved {
            metrics::message(state_of(receipt.state));
        }
        Ok(())
    }

    async fn daily_limit(&self, transaction: &mut Transaction, kept: &KeptEvent) -> Result<(), StoreError> {
        transaction.event_done(kept.id).await?;
        let Ok(Event::DailyLimit(limit)) = serde_json::from_str(&kept.event) else { return Ok(()) };
        // It is of the business: all its numbers have it.
        let accounts = self.accounts().await?;
        let business = |account: &Account| account.settings.business_id.clone().filter(|id| !id.is_empty());
        let own = accounts.iter().find(|account| account.settings.uuid == kept.account).and_then(business);
        let has_it =
            |account: &&Account| account.settings.uuid == kept.account || own.is_some() && business(account) == own;
        for account in accounts.iter().filter(has_it) {
            let uuid = account.settings.uuid.as_str();
            transaction.note_daily_limit(&self.parts.database_uuid, uuid, as_number(limit)).await?;
            look_again(transaction, &self.line(&lane_of(uuid))).await?;
        }
        self.kept.notify_waiters();
        Ok(())
    }
}

fn heard(kept: &KeptEvent) -> Option<HeardEvent> {
    // The number tells this one from the same event at another time; what a person wrote has an id of its own.
    let mut id = format!("{}-{}", kept.id, shortened(&kept.digest, 16));
    let what = match serde_json::from_str(&kept.event).ok()? {
        Event::Inbound(inbound) => {
            id.clone_from(&inbound.id);
            Heard::Inbound {
                from: inbound.from,
                text: inbound.text.chars().take(LONGEST_WORDS).collect(),
                at: inbound.at.map(odoo_time),
                message: inbound.id,
            }
        }
        Event::Text { name, language, state } => Heard::Text { name, language, state: state.word() },
        Event::Category { name, language, category } => Heard::Category { name, language, category },
        Event::Receipt(_) | Event::DailyLimit(_) => return None,
    };
    Some(HeardEvent { id, account: kept.account.clone(), what })
}

/// Whether a receipt that only our own reference names says something of this attempt. What arrived is told, whichever
/// attempt it was; anything else of an earlier one says nothing of the last. By the provider's clock, to the second: one
/// that is behind leaves a message unknown.
fn may_be_of(receipt: &Receipt, attempt: Attempt) -> bool {
    match (receipt.state, attempt) {
        (State::Delivered | State::Read, _) => true,
        (_, Attempt::Other) => false,
        (_, Attempt::Open { begun_at }) => {
            receipt.at.is_none_or(|at| at.timestamp() + CLOCKS_DIFFER >= begun_at / 1_000)
        }
    }
}

fn moved_by(receipt: &Receipt) -> Move<'_> {
    let reason = receipt.reason.as_ref();
    Move {
        state: state_of(receipt.state),
        at: receipt.at.map(|at| at.timestamp_millis()),
        why: reason.map(|reason| reason.why.code()),
        code: reason.map(|reason| reason.code.as_str()),
        detail: reason.map(|reason| reason.detail.as_str()),
        category: receipt.category.as_deref(),
        provider_id: Some(&receipt.id),
    }
}

const fn state_of(state: State) -> MessageState {
    match state {
        State::Accepted => MessageState::Accepted,
        State::Sent => MessageState::Sent,
        State::Failed => MessageState::Failed,
        State::Delivered => MessageState::Delivered,
        State::Read => MessageState::Read,
    }
}

/// 0 = to all.
pub(super) fn as_number(limit: DailyLimit) -> i64 {
    match limit {
        DailyLimit::Unlimited => 0,
        DailyLimit::People(people) => people.into(),
    }
}
