//! Whether a webhook comes from Meta.

use hmac::{Hmac, Mac};
use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::whatsapp::Webhook;
use crate::whatsapp::fields::bytes;
use crate::whatsapp::webhook::only;

const HEADER: &str = "x-hub-signature-256";

/// Of an HMAC-SHA256.
const BYTES: usize = 32;

/// What Meta asks when somebody registers the address: the challenge is the answer, if it knows the token.
#[must_use]
pub fn handshake<'a>(mode: &str, token: &str, challenge: &'a str, verify_token: &SecretString) -> Option<&'a str> {
    let expected = verify_token.expose_secret();
    let is_known = !expected.is_empty() && bool::from(token.as_bytes().ct_eq(expected.as_bytes()));
    (mode == "subscribe" && is_known).then_some(challenge)
}

/// Whether the head holds the form of a signature: nobody's body is read without one.
#[must_use]
pub fn may_be_signed(headers: &HeaderMap) -> bool {
    only(headers, HEADER).and_then(signature).is_some()
}

/// Whether `X-Hub-Signature-256` signs these very bytes with the app's secret.
#[must_use]
pub fn is_signed(webhook: &Webhook<'_>, app_secret: &SecretString) -> bool {
    let secret = app_secret.expose_secret();
    let Some(signature) = webhook.header(HEADER).and_then(signature).filter(|_| !secret.is_empty()) else {
        return false;
    };
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .is_ok_and(|mac| mac.chain_update(webhook.body).verify_slice(&signature).is_ok())
}

fn signature(header: &str) -> Option<[u8; BYTES]> {
    bytes(header.strip_prefix("sha256=")?)
}
