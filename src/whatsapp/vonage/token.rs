//! The token by which Vonage knows an application: a JWT that its private key signs.

use std::fmt;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use uuid::Uuid;
use zeroize::Zeroizing;

/// As long as Vonage's SDK lets a token live.
const LIFETIME: TimeDelta = TimeDelta::minutes(15);

/// Signs as one application.
pub(super) struct Signer {
    application_id: String,
    key: RsaKeyPair,
}

/// Without the key.
impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Signer").field("application_id", &self.application_id).finish_non_exhaustive()
    }
}

impl Signer {
    /// `None` where the key is none.
    pub(super) fn new(application_id: &str, private_key: &SecretString) -> Option<Self> {
        let key = key(private_key.expose_secret())?;
        Some(Self { application_id: application_id.to_owned(), key })
    }

    /// A new one for each call: Vonage takes none twice.
    pub(super) fn token(&self, now: DateTime<Utc>) -> Option<String> {
        let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = json!({
            "application_id": self.application_id,
            "iat": now.timestamp(),
            "jti": Uuid::new_v4().to_string(),
            "exp": (now + LIFETIME).timestamp(),
        });
        let signed = format!("{}.{}", part(json!({ "alg": "RS256", "typ": "JWT" })), part(claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).ok()?;
        Some(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// PKCS #8, as Vonage gives it, or PKCS #1, as OpenSSL once did.
fn key(pem: &str) -> Option<RsaKeyPair> {
    let pkcs8 = || RsaKeyPair::from_pkcs8(&der(pem, "PRIVATE KEY")?).ok();
    let pkcs1 = || RsaKeyPair::from_der(&der(pem, "RSA PRIVATE KEY")?).ok();
    pkcs8().or_else(pkcs1)
}

/// What stands between the two lines, whatever became of the breaks: blanks, the letters `\n`, or nothing.
fn der(pem: &str, kind: &str) -> Option<Zeroizing<Vec<u8>>> {
    let (_, rest) = pem.split_once(&format!("-----BEGIN {kind}-----"))?;
    let (text, _) = rest.split_once(&format!("-----END {kind}-----"))?;
    let text = Zeroizing::new(text.replace("\\r", "").replace("\\n", ""));
    let text: Zeroizing<String> = Zeroizing::new(text.split_whitespace().collect());
    BASE64_STANDARD.decode(text.as_bytes()).ok().map(Zeroizing::new)
}
