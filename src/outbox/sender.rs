//! How the provider of an account is reached.

use std::sync::Arc;

use secrecy::SecretString;
use url::Url;

use super::{Account, Outbox, OutboxError};
use crate::whatsapp::{AccountState, CheckFailed, Outcome, Outgoing, Provider, TextTold, bird, meta, twilio, vonage};

/// Of Bird.
const ANY_REGION: &str = "https://eu1.platform.bird.com";

/// A provider, whichever it is.
#[derive(Debug)]
pub(super) enum Sender {
    Meta(meta::Account),
    Twilio(twilio::Account),
    Bird(bird::Account),
    Vonage(vonage::Account),
}

/// The same of each of them.
macro_rules! each {
    ($sender:expr, $account:ident => $what:expr) => {
        match $sender {
            Sender::Meta($account) => $what,
            Sender::Twilio($account) => $what,
            Sender::Bird($account) => $what,
            Sender::Vonage($account) => $what,
        }
    };
}

impl Sender {
    pub(super) async fn send(&self, message: &Outgoing<'_>) -> Outcome {
        each!(self, account => account.send(message).await)
    }

    pub(super) async fn check(&self) -> Result<AccountState, CheckFailed> {
        each!(self, account => account.check().await)
    }

    pub(super) async fn text_states(&self, texts: &[(&str, &str)]) -> Result<Vec<TextTold>, CheckFailed> {
        each!(self, account => account.text_states(texts).await)
    }
}

impl Outbox {
    /// The way out by this account; `None` while it has no token, or its provider is unknown to this version.
    pub(super) async fn sender(&self, account: &Account) -> Result<Option<Sender>, OutboxError> {
        let settings = &account.settings;
        let Some(token) = self.secret(account, "token").await? else { return Ok(None) };
        let providers = self.parts.providers.clone();
        let (http, clock) = (Arc::clone(&self.parts.http), Arc::clone(&self.parts.clock));
        let sender_id = settings.sender_id.clone();
        Ok(match settings.provider.as_str() {
            meta::NAME => {
                let access = meta::Settings {
                    base: providers.meta,
                    version: providers.meta_version,
                    phone_number_id: sender_id,
                    business_id: settings.business_id.clone(),
                    token,
                };
                Some(Sender::Meta(meta::Account::new(http, access, clock)))
            }
            twilio::NAME => {
                let access = twilio::Settings {
                    base: providers.twilio,
                    content: providers.twilio_content,
                    account_sid: settings.business_id.clone().unwrap_or_default(),
                    key_sid: settings.key_id.clone().unwrap_or_default(),
                    sender: sender_id,
                    secret: token,
                };
                Some(Sender::Twilio(twilio::Account::new(http, access, clock)))
            }
            bird::NAME => {
                // Where the key names no region, it is refused there.
                let base = providers.bird.or_else(|| bird::base_of(&token)).or_else(|| Url::parse(ANY_REGION).ok());
                let Some(base) = base else { return Ok(None) };
                let access = bird::Settings { base, number: sender_id, key: token };
                Some(Sender::Bird(bird::Account::new(http, access, clock)))
            }
            vonage::NAME => {
                let access = vonage::Settings {
                    base: providers.vonage,
                    number: sender_id,
                    application_id: settings.key_id.clone().unwrap_or_default(),
                    private_key: token,
                };
                Some(Sender::Vonage(vonage::Account::new(http, access, clock)))
            }
            _ => None,
        })
    }

    /// Where the account's provider tells what became of its messages.
    pub(super) fn receipts(&self, account: &Account) -> Option<String> {
        let address = self.parts.public_address.as_ref()?;
        let path = format!("/webhooks/whatsapp/{}/{}", account.settings.provider, account.settings.uuid);
        address.join(&path).ok().map(String::from)
    }

    async fn secret(&self, account: &Account, which: &str) -> Result<Option<SecretString>, OutboxError> {
        Ok(self.parts.vault.get(&account.settings.secret_name(which)).await?)
    }
}
