//! Whether a webhook comes from Bird. It signs as Standard Webhooks has it: the id of the call, the time and the body.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, Mac};
use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::whatsapp::Webhook;
use crate::whatsapp::webhook::{is_timely, only};

const ID: &str = "webhook-id";
const TIME: &str = "webhook-timestamp";
const SIGNATURES: &str = "webhook-signature";

/// Before what it signs with, and before a signature of this kind.
const SECRET: &str = "whsec_";
const VERSION: &str = "v1";

/// While a secret is replaced there are two.
const MOST_SIGNATURES: usize = 8;

/// Of an HMAC-SHA256.
const BYTES: usize = 32;

/// Whether the head holds the form of a signature: nobody's body is read without one.
#[must_use]
pub fn may_be_signed(headers: &HeaderMap) -> bool {
    let has = |name| only(headers, name).is_some_and(|text| !text.is_empty());
    has(ID) && has(TIME) && only(headers, SIGNATURES).is_some_and(|text| signatures(text).next().is_some())
}

/// Whether one of the signatures is made with this secret, and not long ago.
#[must_use]
pub fn is_signed(webhook: &Webhook<'_>, secret: &SecretString) -> bool {
    let secret = secret.expose_secret();
    let key = BASE64_STANDARD.decode(secret.strip_prefix(SECRET).unwrap_or(secret));
    let Some(key) = key.ok().filter(|key| !key.is_empty()) else { return false };
    let (Some(id), Some(time)) = (webhook.header(ID), webhook.header(TIME)) else { return false };
    if id.is_empty() || !time.parse().is_ok_and(|sent_at| is_timely(sent_at, webhook.now)) {
        return false;
    }
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(&key) else { return false };
    let mac = mac.chain_update(format!("{id}.{time}.")).chain_update(webhook.body);
    let given = webhook.header(SIGNATURES).unwrap_or_default();
    signatures(given).take(MOST_SIGNATURES).any(|signature| mac.clone().verify_slice(&signature).is_ok())
}

/// `v1,…`, several with blanks between. Those of another kind are none of ours.
fn signatures(header: &str) -> impl Iterator<Item = Vec<u8>> {
    let signatures = header.split_ascii_whitespace().filter_map(|signature| signature.split_once(','));
    let signatures = signatures.filter(|(version, _)| *version == VERSION);
    signatures.filter_map(|(_, text)| BASE64_STANDARD.decode(text).ok()).filter(|bytes| bytes.len() == BYTES)
}
