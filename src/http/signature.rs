//! A signed hook as an extractor: a handler sees a body only when it was signed by our Odoo, just now,
//! for the first time. `docs/interfaces.md` describes the signature.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::domain::text::hex;

use super::error::HookError;
use super::internal::Internal;

/// A hook's body is a few hundred bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// How far the clocks of two machines may be apart.
const MAX_SKEW_SECONDS: i64 = 300;

/// A nonce has 32 hex digits.
const NONCE_CHARS: usize = 32;

/// The body of a hook that is signed by our Odoo.
#[derive(Debug, Deserialize)]
pub(super) struct SignedHook {
    pub(super) database_uuid: String,
    pub(super) run_uuid: String,
}

struct Stamp<'a> {
    timestamp: &'a str,
    nonce: &'a str,
    signature: &'a str,
}

impl FromRequest<Internal> for SignedHook {
    type Rejection = HookError;

    async fn from_request(request: Request, state: &Internal) -> Result<Self, HookError> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| HookError::TooLarge)?;
        let stamp = Stamp::of(&parts.headers).ok_or(HookError::Unsigned)?;
        let now = state.clock.now().timestamp();
        let signed_at: i64 = stamp.timestamp.parse().map_err(|_| HookError::Unsigned)?;
        if !state.keys.iter().any(|key| stamp.is_signed_with(key, &parts.method, parts.uri.path(), &body)) {
            return Err(HookError::Unsigned);
        }
        if now.abs_diff(signed_at) > MAX_SKEW_SECONDS.unsigned_abs() {
            return Err(HookError::Stale);
        }
        if !state.nonces().use_once(stamp.nonce, now, signed_at + MAX_SKEW_SECONDS) {
            return Err(HookError::Replayed);
        }
        let hook: Self = serde_json::from_slice(&body).map_err(|_| HookError::Malformed)?;
        match &state.database_uuid {
            Some(paired) if **paired != *hook.database_uuid => Err(HookError::WrongDatabase),
            _ => Ok(hook),
        }
    }
}

impl<'a> Stamp<'a> {
    fn of(headers: &'a HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name)?.to_str().ok();
        let stamp = Self {
            timestamp: text("x-sicantik-timestamp")?,
            nonce: text("x-sicantik-nonce")?,
            signature: text("x-sicantik-signature")?.strip_prefix("v1=")?,
        };
        let hex_nonce = stamp.nonce.len() == NONCE_CHARS && stamp.nonce.bytes().all(|b| b.is_ascii_hexdigit());
        hex_nonce.then_some(stamp)
    }

    /// Compares in constant time.
    fn is_signed_with(&self, key: &SecretString, method: &Method, path: &str, body: &Bytes) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()) else { return false };
        let body_hash = hex(&Sha256::digest(body));
        for part in ["v1", method.as_str(), path, self.timestamp, self.nonce] {
            mac.update(part.as_bytes());
            mac.update(b"\n");
        }
        mac.update(body_hash.as_bytes());
        let expected = hex(&mac.finalize().into_bytes());
        subtle::ConstantTimeEq::ct_eq(expected.as_bytes(), self.signature.as_bytes()).into()
    }
}
