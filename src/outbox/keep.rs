//! What Odoo orders is taken in: into the store first, then Odoo is told that it is there.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use chrono::DateTime;

use super::account::{AT_NIGHT, Payload, lane_of, priority};
use super::tell::Sealed;
use super::{Account, KIND, Outbox, OutboxError, hash};
use crate::domain::{MessageAccount, MessageState};
use crate::metrics;
use crate::odoo::{MessageReport, NamedOrder, OrderedMessage, SealedReport, Way, odoo_time};
use crate::queue::look_again;
use crate::store::{Durability, End, Move, NewJob, NewMessage, StoreError, Transaction};
use crate::whatsapp::{Parameters, ParametersError};

/// What waits for the morning waits for this.
const NIGHT: &str = "night";

/// Messages of one claim.
const CLAIMED_AT_ONCE: usize = 100;

/// Reports of one call.
const REPORTED_AT_ONCE: usize = 200;

/// Odoo gives a message again that was not reported so long.
const LEASE: Duration = Duration::from_mins(2);

/// A message that is to be queued.
struct Kept<'a> {
    message: &'a OrderedMessage,
    account: &'a Account,
    lane: String,
    key: String,
    payload: String,
}

impl Outbox {
    /// Takes in everything that waits in Odoo.
    pub async fn take_in(&self) -> Result<(), OutboxError> {
        let (mut to_check, mut sealed) = (Vec::new(), BTreeMap::new());
        loop {
            let messages = self.parts.odoo.claim_messages(&self.parts.worker, CLAIMED_AT_ONCE, LEASE).await?;
            let asked = messages.accounts.iter().filter(|account| account.check);
            to_check.extend(asked.map(|account| account.uuid.clone()));
            for account in &messages.accounts {
                self.keep_sealed(account, &mut sealed).await?;
            }
            let accounts: Vec<Account> =
                messages.accounts.into_iter().map(|settings| Account { settings, daily_limit: None }).collect();
            self.keep_all(&accounts, &messages.claimed).await?;
            self.take_back(&messages.cancel).await?;
            self.say_again(&messages.ask).await?;
            // Odoo hears of them before it is asked for more: it would give the same ones.
            self.tell().await?;
            self.kept.notify_waiters();
            if !messages.more || messages.claimed.is_empty() {
                return self.tell_of_accounts(&to_check, &sealed).await;
            }
        }
    }

    /// Keeps what a person typed in a browser. What was sealed to another key is refused: it has to be typed again.
    async fn keep_sealed(&self, account: &MessageAccount, sealed: &mut Sealed) -> Result<(), OutboxError> {
        for (which, text) in &account.sealed {
            let name = account.secret_name(which);
            let bytes = BASE64.decode(text).unwrap_or_default();
            let kept = match self.parts.vault.set_sealed(&name, &bytes).await {
                Err(error) if error.is_passing() => return Err(error.into()),
                kept => kept,
            };
            let state = if kept.is_ok() { "kept" } else { "refused" };
            tracing::info!(account = account.uuid, secret = which, state, "a secret was entered in Odoo");
            let report = SealedReport { digest: hash(text), state };
            sealed.entry(account.uuid.clone()).or_default().insert(which.clone(), report);
        }
        Ok(())
    }

    /// Keeps these messages, with the accounts that they go by: the only ones that there are from now on.
    pub async fn keep_all(&self, accounts: &[Account], messages: &[OrderedMessage]) -> Result<(), StoreError> {
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        self.keep_accounts(&mut transaction, accounts).await?;
        let mut kept = Vec::new();
        for message in messages {
            kept.extend(self.keep(&mut transaction, accounts, message).await?);
        }
        let jobs: Vec<NewJob<'_>> = kept.iter().map(|kept| self.job(kept)).collect();
        if transaction.enqueue_all(&jobs).await? < jobs.len() as u64 {
            // Some ended a moment ago, and begin anew; of those that wait nothing changes.
            for job in &jobs {
                transaction.requeue(job).await?;
            }
        }
        transaction.commit().await
    }

    async fn keep_accounts(&self, transaction: &mut Transaction, accounts: &[Account]) -> Result<(), StoreError> {
        // What was asked for and typed is of this moment.
        let lasting =
            |account: &Account| MessageAccount { check: false, sealed: BTreeMap::new(), ..account.settings.clone() };
        let kept: Vec<MessageAccount> = accounts.iter().map(lasting).collect();
        for uuid in transaction.keep_accounts(&self.parts.database_uuid, &kept).await? {
            look_again(transaction, &self.line(&lane_of(uuid))).await?;
        }
        Ok(())
    }

    /// Keeps one; what is to be queued, if anything.
    async fn keep<'a>(
        &self,
        transaction: &mut Transaction,
        accounts: &'a [Account],
        message: &'a OrderedMessage,
    ) -> Result<Option<Kept<'a>>, StoreError> {
        let (database_uuid, key) = (self.parts.database_uuid.as_str(), hash(&message.key));
        let mut ways = message.ways.iter();
        let way = ways.find_map(|way| {
            let account = accounts.iter().find(|account| account.settings.uuid == way.account)?;
            Some((account, way))
        });
        let payload = payload(message, way.map_or("", |(_, way)| &way.text), ways.as_slice());
        let refusal = match (&way, &payload) {
            (None, _) => Some("no_account"),
            (_, Err(_)) => Some("wrong_parameters"),
            _ => None,
        };
        let kept = NewMessage {
            database_uuid,
            key: &key,
            configuration: message.configuration,
            account: way.map_or("", |(account, _)| &account.settings.uuid),
            order_uuid: &message.uuid,
            attempt: message.attempt,
            state: refusal.map_or(MessageState::Waiting, |_| MessageState::Failed),
            why: refusal,
        };
        if let Some(state) = transaction.keep_message(&kept).await? {
            // The same order, whose first report was lost; or a message that was handed over before Odoo was restored.
            tracing::info!(message.order = message.uuid, state = state.word(), "this message is here already");
            return Ok(None);
        }
        let (Some((account, _)), Ok(payload)) = (way, payload) else { return Ok(None) };
        let payload = serde_json::to_string(&payload).unwrap_or_default();
        Ok(Some(Kept { message, account, lane: account.lane(), key, payload }))
    }

    fn job<'a>(&'a self, kept: &'a Kept<'_>) -> NewJob<'a> {
        let (message, now) = (kept.message, self.parts.clock.now());
        NewJob {
            line: self.line(&kept.lane),
            configuration: message.configuration,
            key: &kept.key,
            payload: &kept.payload,
            priority: priority(message.priority, message.at_night),
            max_attempts: kept.account.settings.retries.saturating_add(1),
            delay: Duration::ZERO,
            expires: message.expires_at.map(|at| (at - now).to_std().unwrap_or_default()),
        }
    }

    /// They are not to go out any more; what is on its way goes it, and what never came here ends in Odoo.
    async fn take_back(&self, orders: &[NamedOrder]) -> Result<(), OutboxError> {
        let (database_uuid, line) = (self.parts.database_uuid.as_str(), self.line(""));
        let mut unknown = Vec::new();
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        for order in orders {
            let Some(standing) = transaction.message_of_order(database_uuid, &order.uuid).await? else {
                unknown.push(self.report_of(order, MessageState::Cancelled, None));
                continue;
            };
            if transaction.cancel(&line, standing.configuration, &standing.key).await? {
                let cancelled = Move::to(MessageState::Cancelled, None);
                transaction.move_message(database_uuid, &standing.key, &cancelled).await?;
            } else if standing.state != MessageState::Waiting {
                // An Odoo that was restored does not know yet how far it has come.
                transaction.tell_again(database_uuid, &standing.key).await?;
            }
        }
        transaction.commit().await?;
        self.report_unknown(&unknown).await
    }

    /// Odoo hears once more where these stand. Of one that is not here nobody knows any more whether it went out: an older
    /// store came back, or another one.
    async fn say_again(&self, orders: &[NamedOrder]) -> Result<(), OutboxError> {
        let database_uuid = self.parts.database_uuid.as_str();
        let mut unknown = Vec::new();
        let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
        for order in orders {
            match transaction.message_of_order(database_uuid, &order.uuid).await? {
                Some(standing) => transaction.tell_again(database_uuid, &standing.key).await?,
                None => unknown.push(self.report_of(order, MessageState::Unknown, Some("restored"))),
            }
        }
        transaction.commit().await?;
        self.report_unknown(&unknown).await
    }

    async fn report_unknown(&self, reports: &[MessageReport]) -> Result<(), OutboxError> {
        for some in reports.chunks(REPORTED_AT_ONCE) {
            self.parts.odoo.report_messages(some).await?;
        }
        Ok(())
    }

    fn report_of(&self, order: &NamedOrder, state: MessageState, why: Option<&str>) -> MessageReport {
        MessageReport {
            uuid: order.uuid.clone(),
            attempt: order.attempt,
            account: None,
            state,
            at: odoo_time(self.parts.clock.now()),
            why: why.map(str::to_owned),
            code: None,
            detail: None,
            provider_id: None,
            category: None,
        }
    }

    /// Ends what nobody will end, and forgets what the ended ones needed.
    pub async fn settle(&self) -> Result<(), OutboxError> {
        self.notice_earlier_store().await?;
        let (database_uuid, accounts) = (self.parts.database_uuid.as_str(), self.accounts().await?);
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        for settled in transaction.settle(database_uuid, KIND).await? {
            let to = match settled.end {
                End::Unknown => Move::to(MessageState::Unknown, Some("vanished")),
                End::Expired => Move::to(MessageState::Expired, None),
                End::Abandoned => Move::to(MessageState::Failed, Some("attempts")),
            };
            transaction.move_message(database_uuid, &settled.key, &to).await?;
        }
        for account in &accounts {
            let lane = account.lane();
            match account.night_left(self.parts.clock.now()) {
                Some(_) => transaction.say_why(&self.line(&lane), AT_NIGHT, NIGHT).await?,
                None => transaction.unsay_why(&self.line(&lane), NIGHT).await?,
            }
        }
        transaction.note_waiting(database_uuid, KIND).await?;
        transaction.forget_ended(database_uuid, KIND).await?;
        let (waiting, oldest) = transaction.backlog(database_uuid, KIND).await?;
        metrics::messages_waiting(waiting, oldest.and_then(DateTime::from_timestamp_millis));
        transaction.commit().await?;
        self.hand_to_others().await
    }
}

/// As it goes out.
fn payload(message: &OrderedMessage, text: &str, others: &[Way]) -> Result<Payload, ParametersError> {
    let may_be_empty = |number| message.may_be_empty.contains(&number);
    let parameters = Parameters::new(&message.parameters, message.variables, may_be_empty)?;
    Ok(Payload {
        number: message.number.clone(),
        text: text.to_owned(),
        language: message.language.clone(),
        parameters: parameters.values().to_vec(),
        button: message.button.clone(),
        header: message.header.clone(),
        others: others.to_vec(),
    })
}
