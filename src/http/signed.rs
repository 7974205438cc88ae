//! Signed requests as extractors: a handler sees a body only when it was signed by our Odoo, just now, for the first
//! time. The headers are looked at before a byte of the body is read. `docs/interfaces.md` describes the signature.

use std::pin::Pin;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::domain::text::hex;

use super::error::HookError;
use super::state::Signatures;

/// A hook's body is a few hundred bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// So much of a body that is too large is read and thrown away: whoever is hung up on while sending never reads why.
const MAX_DISCARDED_BYTES: usize = 256 * 1024;

/// How far the clocks of two machines may be apart.
const MAX_SKEW_SECONDS: u64 = 300;

/// A nonce has 32 hex digits.
const NONCE_CHARS: usize = 32;

/// A SHA-256 in hex.
const HASH_CHARS: usize = 64;

/// A rotation needs two; each is compared with each key.
const MAX_SIGNATURES: usize = 4;

/// A body that may be signed: JSON that names the database which sends it.
pub trait SignedBody: DeserializeOwned + Send + Sync {
    /// The uuid of that database.
    fn database_uuid(&self) -> &str;
}

/// A signed body of JSON, of 64 KiB at most.
#[derive(Debug)]
pub struct Signed<T>(pub T);

impl<T: SignedBody, S: Send + Sync> FromRequest<S> for Signed<T>
where
    Signatures: FromRef<S>,
{
    type Rejection = HookError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HookError> {
        let signatures = Signatures::from_ref(state);
        let judged = judge_body(request, &signatures).await;
        judged.map(Self).inspect_err(|error| error.tell(&signatures.refusals))
    }
}

async fn judge_body<T: SignedBody>(request: Request, signatures: &Signatures) -> Result<T, HookError> {
    let (parts, mut body) = request.into_parts();
    let stamp = Stamp::of(&parts, signatures.clock.now())?;
    let body = read(&mut body, MAX_BODY_BYTES).await?;
    signatures.prove(&stamp, &hex(&Sha256::digest(&body)), None)?;
    let body: T = serde_json::from_slice(&body).map_err(|_| HookError::Malformed)?;
    signatures.accept(&stamp, body.database_uuid()).await?;
    Ok(body)
}

/// A signed body of any kind and size, for a handler that reads it piece by piece. Its hash stands in the header
/// `X-Sicantik-Content-SHA256`, its database in `X-Sicantik-Database`, and both are signed: so the signature is proven
/// before the body is read, and the body against its hash while it is read.
#[derive(Debug)]
pub struct SignedStream {
    body: Body,
    hash: ContentHash,
}

impl<S: Send + Sync> FromRequest<S> for SignedStream
where
    Signatures: FromRef<S>,
{
    type Rejection = HookError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HookError> {
        let signatures = Signatures::from_ref(state);
        let judged = judge_head(request, &signatures).await;
        judged.inspect_err(|error| error.tell(&signatures.refusals))
    }
}

async fn judge_head(request: Request, signatures: &Signatures) -> Result<SignedStream, HookError> {
    let (parts, body) = request.into_parts();
    let stamp = Stamp::of(&parts, signatures.clock.now())?;
    let hash = header(&parts, "x-sicantik-content-sha256").filter(|hash| is_hex(hash, HASH_CHARS));
    let (hash, database) = hash.zip(header(&parts, "x-sicantik-database")).ok_or(HookError::Unsigned)?;
    signatures.prove(&stamp, hash, Some(database))?;
    signatures.accept(&stamp, database).await?;
    Ok(SignedStream { body, hash: ContentHash::expecting(hash) })
}

impl SignedStream {
    /// The next piece; `None` at the end, when all of it was what was signed. What came before an error is worth
    /// nothing: it may be anything. A body that is larger than `max_bytes` in all is not read on; one whose head says so
    /// is not read at all.
    pub async fn next(&mut self, max_bytes: u64) -> Result<Option<Bytes>, HookError> {
        if self.hash.bytes.saturating_add(self.body.size_hint().lower()) > max_bytes {
            return Err(HookError::TooLarge);
        }
        match next_piece(&mut self.body).await? {
            Some(piece) => {
                self.hash.add(&piece);
                if self.hash.bytes > max_bytes { Err(HookError::TooLarge) } else { Ok(Some(piece)) }
            }
            None if self.hash.is_as_expected() => Ok(None),
            None => Err(HookError::Unsigned),
        }
    }

    /// The end of a body that is to be empty.
    pub async fn empty(&mut self) -> Result<(), HookError> {
        while self.next(0).await?.is_some() {}
        Ok(())
    }
}

/// A hash that grows with what is read.
#[derive(Debug)]
struct ContentHash {
    digest: Sha256,
    expected: String,
    bytes: u64,
}

impl ContentHash {
    fn expecting(hash: &str) -> Self {
        Self { digest: Sha256::new(), expected: hash.to_ascii_lowercase(), bytes: 0 }
    }

    fn add(&mut self, piece: &[u8]) {
        self.digest.update(piece);
        self.bytes += piece.len() as u64;
    }

    fn is_as_expected(&self) -> bool {
        hex(&self.digest.clone().finalize()) == self.expected
    }
}

impl Signatures {
    /// Compares in constant time.
    fn prove(&self, stamp: &Stamp<'_>, hash: &str, database: Option<&str>) -> Result<(), HookError> {
        let is_good = |key| {
            let expected = sign_hash(key, stamp.method, stamp.path, stamp.timestamp, stamp.nonce, hash, database);
            let expected = expected.unwrap_or_default();
            let is_it = |given: &&str| ConstantTimeEq::ct_eq(expected.as_bytes(), given.as_bytes()).into();
            !expected.is_empty() && stamp.signatures.iter().any(is_it)
        };
        if self.keys.iter().any(is_good) { Ok(()) } else { Err(HookError::Unsigned) }
    }

    /// Of our database, and for the first time.
    async fn accept(&self, stamp: &Stamp<'_>, database_uuid: &str) -> Result<(), HookError> {
        if self.database_uuid.as_ref().is_some_and(|paired| **paired != *database_uuid) {
            return Err(HookError::WrongDatabase);
        }
        match self.store.use_nonce(database_uuid, stamp.nonce, stamp.signed_at).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(HookError::Replayed),
            Err(_) => Err(HookError::StoreUnavailable),
        }
    }
}

/// What the head says of the signature.
struct Stamp<'a> {
    method: &'a str,
    path: &'a str,
    timestamp: &'a str,
    signed_at: DateTime<Utc>,
    nonce: &'a str,
    /// During a rotation there are two.
    signatures: Vec<&'a str>,
}

impl<'a> Stamp<'a> {
    /// Everything that can be refused without a key and without the body.
    fn of(parts: &'a Parts, now: DateTime<Utc>) -> Result<Self, HookError> {
        if parts.uri.query().is_some() {
            return Err(HookError::Query);
        }
        let text = |name| header(parts, name).ok_or(HookError::Unsigned);
        let (timestamp, nonce) = (text("x-sicantik-timestamp")?, text("x-sicantik-nonce")?);
        let signatures: Vec<&str> = text("x-sicantik-signature")?.split(',').map(str::trim).collect();
        let is_signature = |text: &&str| text.strip_prefix("v1=").is_some_and(|hash| is_hex(hash, HASH_CHARS));
        if !is_hex(nonce, NONCE_CHARS) || signatures.len() > MAX_SIGNATURES || !signatures.iter().any(is_signature) {
            return Err(HookError::Unsigned);
        }
        let seconds: i64 = timestamp.parse().map_err(|_| HookError::Unsigned)?;
        if now.timestamp().abs_diff(seconds) > MAX_SKEW_SECONDS {
            return Err(HookError::Stale);
        }
        let signed_at = DateTime::from_timestamp(seconds, 0).ok_or(HookError::Stale)?;
        Ok(Self { method: parts.method.as_str(), path: parts.uri.path(), timestamp, signed_at, nonce, signatures })
    }
}

fn header<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name)?.to_str().ok()
}

fn is_hex(text: &str, chars: usize) -> bool {
    text.len() == chars && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The whole body, unless it is larger than that.
async fn read(body: &mut Body, max_bytes: usize) -> Result<Vec<u8>, HookError> {
    let mut whole = Vec::new();
    let mut read = 0;
    while let Some(piece) = next_piece(body).await? {
        read += piece.len();
        if read <= max_bytes {
            whole.extend_from_slice(&piece);
        } else if read > MAX_DISCARDED_BYTES {
            break;
        }
    }
    if read > max_bytes { Err(HookError::TooLarge) } else { Ok(whole) }
}

/// A body that breaks off was not signed so.
async fn next_piece(body: &mut Body) -> Result<Option<Bytes>, HookError> {
    loop {
        let frame = std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
        match frame {
            None => return Ok(None),
            Some(Err(_)) => return Err(HookError::Unsigned),
            // Trailers are nothing.
            Some(Ok(frame)) => {
                if let Ok(piece) = frame.into_data() {
                    return Ok(Some(piece));
                }
            }
        }
    }
}

/// The value of `X-Sicantik-Signature`, as Odoo makes it. HMAC takes keys of any length, so there always is one.
#[must_use]
pub fn sign(key: &SecretString, method: &str, path: &str, timestamp: &str, nonce: &str, body: &[u8]) -> Option<String> {
    sign_hash(key, method, path, timestamp, nonce, &hex(&Sha256::digest(body)), None)
}

/// The same for a body that is not at hand; that of a stream names its database, too.
#[must_use]
pub fn sign_hash(
    key: &SecretString,
    method: &str,
    path: &str,
    timestamp: &str,
    nonce: &str,
    hash: &str,
    database: Option<&str>,
) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()).ok()?;
    for part in ["v1", method, path, timestamp, nonce] {
        mac.update(part.as_bytes());
        mac.update(b"\n");
    }
    mac.update(hash.as_bytes());
    if let Some(database) = database {
        mac.update(b"\n");
        mac.update(database.as_bytes());
    }
    Some(format!("v1={}", hex(&mac.finalize().into_bytes())))
}
