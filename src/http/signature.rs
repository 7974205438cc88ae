//! A signed hook as an extractor: a handler sees a body only when it was signed by our Odoo, just now,
//! for the first time. `docs/interfaces.md` describes the signature.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method};
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use crate::domain::text::hex;

use super::error::HookError;
use super::internal::Internal;

/// A hook's body is a few hundred bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// How far the clocks of two machines may be apart.
const MAX_SKEW_SECONDS: u64 = 300;

/// A nonce has 32 hex digits.
const NONCE_CHARS: usize = 32;

/// A rotation needs two; each is compared with each key.
const MAX_SIGNATURES: usize = 4;

/// The body of a hook that is signed by our Odoo.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct SignedHook {
    /// The database that sends it.
    pub(super) database_uuid: String,
    /// The run that was ordered.
    pub(super) run_uuid: String,
}

struct Stamp<'a> {
    timestamp: &'a str,
    nonce: &'a str,
    /// During a rotation there are two.
    signatures: Vec<&'a str>,
}

impl FromRequest<Internal> for SignedHook {
    type Rejection = HookError;

    async fn from_request(request: Request, state: &Internal) -> Result<Self, HookError> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| HookError::TooLarge)?;
        let stamp = Stamp::of(&parts.headers).ok_or(HookError::Unsigned)?;
        if !state.keys.iter().any(|key| stamp.is_signed_with(key, &parts.method, parts.uri.path(), &body)) {
            return Err(HookError::Unsigned);
        }
        let signed_at = stamp.signed_at(state.clock.now())?;
        let hook: Self = serde_json::from_slice(&body).map_err(|_| HookError::Malformed)?;
        if state.database_uuid.as_ref().is_some_and(|paired| **paired != *hook.database_uuid) {
            return Err(HookError::WrongDatabase);
        }
        match state.store.use_nonce(&hook.database_uuid, stamp.nonce, signed_at).await {
            Ok(true) => Ok(hook),
            Ok(false) => Err(HookError::Replayed),
            Err(_) => Err(HookError::StoreUnavailable),
        }
    }
}

impl<'a> Stamp<'a> {
    fn of(headers: &'a HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name)?.to_str().ok();
        let stamp = Self {
            timestamp: text("x-sicantik-timestamp")?,
            nonce: text("x-sicantik-nonce")?,
            signatures: text("x-sicantik-signature")?.split(',').map(str::trim).collect(),
        };
        let hex_nonce = stamp.nonce.len() == NONCE_CHARS && stamp.nonce.bytes().all(|b| b.is_ascii_hexdigit());
        (hex_nonce && stamp.signatures.len() <= MAX_SIGNATURES).then_some(stamp)
    }

    /// The time of the signature, when it is near enough.
    fn signed_at(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, HookError> {
        let seconds: i64 = self.timestamp.parse().map_err(|_| HookError::Unsigned)?;
        if now.timestamp().abs_diff(seconds) > MAX_SKEW_SECONDS {
            return Err(HookError::Stale);
        }
        DateTime::from_timestamp(seconds, 0).ok_or(HookError::Stale)
    }

    /// Compares in constant time.
    fn is_signed_with(&self, key: &SecretString, method: &Method, path: &str, body: &Bytes) -> bool {
        let Some(expected) = sign(key, method.as_str(), path, self.timestamp, self.nonce, body) else { return false };
        let is_good = |signature: &&str| ConstantTimeEq::ct_eq(expected.as_bytes(), signature.as_bytes()).into();
        self.signatures.iter().any(is_good)
    }
}

/// The value of `X-Sicantik-Signature`, as Odoo makes it. HMAC takes keys of any length, so there always is one.
#[must_use]
pub fn sign(key: &SecretString, method: &str, path: &str, timestamp: &str, nonce: &str, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()).ok()?;
    for part in ["v1", method, path, timestamp, nonce] {
        mac.update(part.as_bytes());
        mac.update(b"\n");
    }
    mac.update(hex(&Sha256::digest(body)).as_bytes());
    Some(format!("v1={}", hex(&mac.finalize().into_bytes())))
}
