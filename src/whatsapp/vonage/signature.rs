//! Whether a webhook comes from Vonage. It sends a token of its own along, which names the hash of the body and the time.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::whatsapp::Webhook;
use crate::whatsapp::fields::bytes;
use crate::whatsapp::webhook::{is_timely, only};

const HEADER: &str = "authorization";

/// The one that Vonage signs with; a token that names another is forged.
const ALGORITHM: &str = "HS256";

/// Of an HMAC-SHA256, and of a SHA-256.
const BYTES: usize = 32;

/// A JWT of three parts.
struct Token<'a> {
    signed: &'a str,
    claims: Value,
    signature: Vec<u8>,
}

/// Whether the head holds the form of a signature: nobody's body is read without one.
#[must_use]
pub fn may_be_signed(headers: &HeaderMap) -> bool {
    only(headers, HEADER).and_then(Token::parse).is_some()
}

/// Whether the token is signed with this secret, names this very body, and is not old. Vonage's SDK looks at the signature
/// alone.
#[must_use]
pub fn is_signed(webhook: &Webhook<'_>, secret: &SecretString) -> bool {
    let secret = secret.expose_secret();
    let token = webhook.header(HEADER).and_then(Token::parse).filter(|_| !secret.is_empty());
    token.is_some_and(|token| token.is_signed_with(secret) && token.is_of(webhook.now) && token.names(webhook.body))
}

impl<'a> Token<'a> {
    fn parse(header: &'a str) -> Option<Self> {
        let (scheme, token) = header.split_once(' ')?;
        let (signed, signature) = token.rsplit_once('.')?;
        let (head, claims) = signed.split_once('.')?;
        let json = |part: &str| serde_json::from_slice::<Value>(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        let head = json(head)?;
        // A token may not demand what is not understood here.
        let is_ours = head["alg"] == ALGORITHM && head.get("crit").is_none();
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok().filter(|bytes| bytes.len() == BYTES)?;
        let claims = json(claims)?;
        (scheme.eq_ignore_ascii_case("bearer") && is_ours).then_some(Self { signed, claims, signature })
    }

    fn is_signed_with(&self, secret: &str) -> bool {
        Hmac::<Sha256>::new_from_slice(secret.as_bytes())
            .is_ok_and(|mac| mac.chain_update(self.signed).verify_slice(&self.signature).is_ok())
    }

    /// Just made, and where it ends, not ended yet.
    fn is_of(&self, now: DateTime<Utc>) -> bool {
        let has_ended = self.claims["exp"].as_i64().is_some_and(|end| end <= now.timestamp());
        !has_ended && self.claims["iat"].as_i64().is_some_and(|made_at| is_timely(made_at, now))
    }

    fn names(&self, body: &[u8]) -> bool {
        let hash = self.claims["payload_hash"].as_str().and_then(bytes::<BYTES>);
        hash.is_some_and(|hash| hash.ct_eq(&Sha256::digest(body)).into())
    }
}
