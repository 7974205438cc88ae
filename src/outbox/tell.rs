//! What Odoo is told: where messages stand, and how accounts are.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use chrono::{DateTime, TimeDelta, Utc};

use super::hear::as_number;
use super::sender::Sender;
use super::{Account, Outbox, OutboxError};
use crate::metrics;
use crate::odoo::{
    AccountCheck, AccountHeld, AccountReport, AccountSecrets, CheckedText, MessageReport, SealedReport, odoo_time,
};
use crate::queue::{held, look_again};
use crate::secrets::Kept;
use crate::store::{Durability, Standing};
use crate::whatsapp::TextTold;

/// What became of sealed secrets, by account and name.
pub(super) type Sealed = BTreeMap<String, BTreeMap<String, SealedReport>>;

/// Of one call.
const AT_ONCE: i64 = 200;

impl Outbox {
    /// Tells where messages stand, until Odoo knows all of it.
    pub async fn tell(&self) -> Result<(), OutboxError> {
        let database_uuid = self.parts.database_uuid.as_str();
        loop {
            let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
            let untold = transaction.untold_messages(database_uuid, AT_ONCE).await?;
            drop(transaction);
            if untold.is_empty() {
                return Ok(());
            }
            match self.tell_of(&untold).await {
                // One of them may be to blame: each by itself.
                Err(error) if error.is_refusal() && untold.len() > 1 => {
                    for standing in untold.chunks(1) {
                        self.tell_of(standing).await.or_else(passed_over)?;
                        self.was_told(standing).await?;
                    }
                }
                told => {
                    told.or_else(passed_over)?;
                    self.was_told(&untold).await?;
                }
            }
        }
    }

    async fn tell_of(&self, untold: &[Standing]) -> Result<(), OutboxError> {
        let reports: Vec<MessageReport> = untold.iter().map(report).collect();
        let answer = self.parts.odoo.report_messages(&reports).await?;
        for refused in &answer.refused {
            tracing::warn!(
                message.order = refused.key,
                code = refused.code,
                "Odoo does not take where a message stands"
            );
        }
        Ok(())
    }

    /// What Odoo refused is told once, too: it has lost the order, and nobody waits.
    async fn was_told(&self, untold: &[Standing]) -> Result<(), OutboxError> {
        let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
        for standing in untold {
            transaction.message_told(&self.parts.database_uuid, &standing.key, standing.revision).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Tells how the accounts are, those that changed, and checks those that a person wants to know of.
    pub(super) async fn tell_of_accounts(&self, to_check: &[String], sealed: &Sealed) -> Result<(), OutboxError> {
        let (mut reports, mut held, kept) = (Vec::new(), 0, self.parts.vault.list().await?);
        for account in self.accounts().await? {
            let uuid = account.settings.uuid.clone();
            let check = if to_check.contains(&uuid) { Some(self.check(&account).await?) } else { None };
            let report = AccountReport {
                secrets: secrets(&account, &kept),
                held: self.held(&account).await?,
                check,
                sealed: sealed.get(&uuid).cloned().unwrap_or_default(),
                uuid,
            };
            held += usize::from(report.held.is_some() || report.secrets.token.is_none());
            let known = self.told_of_accounts.lock().unwrap_or_else(PoisonError::into_inner).get(&report.uuid).cloned();
            if report.check.is_some()
                || !report.sealed.is_empty()
                || known.as_deref() != Some(format!("{report:?}").as_str())
            {
                reports.push(report);
            }
        }
        metrics::accounts_held(held);
        if reports.is_empty() {
            return Ok(());
        }
        self.parts.odoo.report_accounts(&reports).await?;
        let mut told = self.told_of_accounts.lock().unwrap_or_else(PoisonError::into_inner);
        for report in reports {
            let report = AccountReport { check: None, sealed: BTreeMap::new(), ..report };
            told.insert(report.uuid.clone(), format!("{report:?}"));
        }
        drop(told);
        Ok(())
    }

    async fn held(&self, account: &Account) -> Result<Option<AccountHeld>, OutboxError> {
        let lane = account.lane();
        let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
        let held = held(&mut transaction, &self.line(&lane)).await?;
        drop(transaction);
        Ok(held.map(|held| {
            let wait = TimeDelta::from_std(held.wait).unwrap_or_default();
            // To the minute, so that the same hold is told once.
            let until = self.parts.clock.now() + wait + TimeDelta::seconds(59);
            let until = until - TimeDelta::seconds(until.timestamp().rem_euclid(60));
            AccountHeld { why: held.reason, until: odoo_time(until) }
        }))
    }

    /// Asks the provider; an account that works is held no longer.
    async fn check(&self, account: &Account) -> Result<AccountCheck, OutboxError> {
        let at = odoo_time(self.parts.clock.now());
        let Some(sender) = self.sender(account).await? else {
            return Ok(AccountCheck { at, why: Some("no_secret".to_owned()), ..AccountCheck::default() });
        };
        let state = match sender.check().await {
            Ok(state) => state,
            Err(failed) => {
                let reason = failed.reason;
                let why = Some(reason.why.code().to_owned());
                return Ok(AccountCheck {
                    at,
                    why,
                    code: Some(reason.code),
                    detail: Some(reason.detail),
                    ..AccountCheck::default()
                });
            }
        };
        let database_uuid = self.parts.database_uuid.as_str();
        let daily_limit = state.daily_limit.map(as_number);
        let mut transaction = self.parts.store.begin(Durability::Relaxed).await?;
        if let Some(limit) = daily_limit {
            transaction.note_daily_limit(database_uuid, &account.settings.uuid, limit).await?;
        }
        transaction.release(database_uuid, &account.lane()).await?;
        look_again(&mut transaction, &self.line(&account.lane())).await?;
        transaction.commit().await?;
        self.silence(&account.lane(), false);
        self.kept.notify_waiters();
        Ok(AccountCheck {
            ok: true,
            at,
            number: Some(state.number),
            name: Some(state.name),
            quality: state.quality,
            daily_limit,
            texts: self.texts(account, &sender).await,
            ..AccountCheck::default()
        })
    }

    /// What the provider says of the account's texts, where it says something.
    async fn texts(&self, account: &Account, sender: &Sender) -> Vec<CheckedText> {
        let names = account.settings.texts.iter().map(|text| (text.name.as_str(), text.language.as_str()));
        let names: Vec<(&str, &str)> = names.collect();
        match sender.text_states(&names).await {
            Ok(told) => told.into_iter().map(checked).collect(),
            Err(failed) => {
                tracing::warn!(account = account.settings.uuid, %failed, "the provider does not say how texts are");
                Vec::new()
            }
        }
    }
}

fn checked(text: TextTold) -> CheckedText {
    let TextTold { name, language, state, category } = text;
    CheckedText { name, language, state: state.word(), category }
}

/// A call that Odoo refuses would be refused again, and nothing else would be told any more.
pub(super) fn passed_over(error: OutboxError) -> Result<(), OutboxError> {
    if !error.is_refusal() {
        return Err(error);
    }
    tracing::error!(%error, "Odoo was not told; it is not told again");
    Ok(())
}

/// Which secrets of the account are among those that are kept.
fn secrets(account: &Account, kept: &[Kept]) -> AccountSecrets {
    let set = |which| {
        let name = account.settings.secret_name(which);
        kept.iter().find(|one| one.name == name).map(|one| odoo_time(one.set_at))
    };
    AccountSecrets { token: set("token"), app_secret: set("app_secret") }
}

fn report(standing: &Standing) -> MessageReport {
    let at = DateTime::<Utc>::from_timestamp_millis(standing.at).unwrap_or_default();
    MessageReport {
        uuid: standing.order_uuid.clone(),
        attempt: standing.attempt,
        account: Some(standing.account.clone()).filter(|account| !account.is_empty()),
        state: standing.state,
        at: odoo_time(at),
        why: standing.why.clone(),
        code: standing.code.clone(),
        detail: standing.detail.clone(),
        provider_id: standing.provider_id.clone(),
        category: standing.category.clone(),
    }
}
