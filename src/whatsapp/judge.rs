//! Who judges and reads the webhooks of which provider.

use reqwest::header::HeaderMap;
use secrecy::SecretString;

use super::{Event, Unreadable, Webhook, bird, meta, twilio, vonage};

/// What one provider's webhooks are judged and read by.
#[derive(Debug, Clone, Copy)]
pub struct Judge {
    /// Whether the head holds the form of a signature: nobody's body is read without one.
    pub may_be_signed: fn(&HeaderMap) -> bool,
    /// Whether the provider sent it, by the account's second secret.
    pub is_signed: fn(&Webhook<'_>, &SecretString) -> bool,
    /// What it tells.
    pub read: fn(&Webhook<'_>) -> Result<Vec<Event>, Unreadable>,
    /// The signature is over the address, too, as the provider knows it.
    pub needs_address: bool,
}

impl Judge {
    /// Of the provider of this name; `None` = there is none.
    #[must_use]
    pub fn of(provider: &str) -> Option<Self> {
        Some(match provider {
            meta::NAME => Self {
                may_be_signed: meta::may_be_signed,
                is_signed: meta::is_signed,
                read: |webhook| meta::read(webhook.body),
                needs_address: false,
            },
            bird::NAME => Self {
                may_be_signed: bird::may_be_signed,
                is_signed: bird::is_signed,
                read: |webhook| bird::read(webhook.body),
                needs_address: false,
            },
            twilio::NAME => Self {
                may_be_signed: twilio::may_be_signed,
                is_signed: twilio::is_signed,
                read: twilio::read,
                needs_address: true,
            },
            vonage::NAME => Self {
                may_be_signed: vonage::may_be_signed,
                is_signed: vonage::is_signed,
                read: |webhook| vonage::read(webhook.body),
                needs_address: false,
            },
            _ => return None,
        })
    }
}
