//! Whether a webhook comes from Meta.

use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Of an HMAC-SHA256.
const BYTES: usize = 32;

/// What Meta asks when somebody registers the address: the challenge is the answer, if it knows the token.
#[must_use]
pub fn handshake<'a>(mode: &str, token: &str, challenge: &'a str, verify_token: &SecretString) -> Option<&'a str> {
    let expected = verify_token.expose_secret();
    let is_known = !expected.is_empty() && bool::from(token.as_bytes().ct_eq(expected.as_bytes()));
    (mode == "subscribe" && is_known).then_some(challenge)
}

/// Whether `X-Hub-Signature-256` signs these very bytes with the app's secret.
#[must_use]
pub fn is_signed(body: &[u8], header: &str, app_secret: &SecretString) -> bool {
    let secret = app_secret.expose_secret();
    let Some(signature) = header.strip_prefix("sha256=").and_then(bytes).filter(|_| !secret.is_empty()) else {
        return false;
    };
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .is_ok_and(|mac| mac.chain_update(body).verify_slice(&signature).is_ok())
}

fn bytes(hex: &str) -> Option<[u8; BYTES]> {
    let mut bytes = [0; BYTES];
    if hex.len() != 2 * BYTES || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}
