//! Whether a webhook comes from Twilio. It signs the address that it calls and each field of the form, or the address
//! alone with a hash of any other body in it. It signs no time: what comes twice tells the same.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::HeaderMap;
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::{Position, Url, form_urlencoded};

use crate::whatsapp::Webhook;
use crate::whatsapp::fields::bytes;
use crate::whatsapp::webhook::only;

const HEADER: &str = "x-twilio-signature";

/// Where a shared key signs in place of the Auth Token: `key=…,algorithm=HMAC_SHA256`.
const SETTINGS: &str = "x-twilio-webhooks-signature-settings";

/// In the query of what is no form: the hash of the body, in hex.
const BODY_HASH: &str = "bodySHA256";

/// Of an HMAC-SHA1, and of an HMAC-SHA256.
const LENGTHS: [usize; 2] = [20, 32];

/// Whether the head holds the form of a signature: nobody's body is read without one.
#[must_use]
pub fn may_be_signed(headers: &HeaderMap) -> bool {
    signature(headers).is_some()
}

/// Whether `X-Twilio-Signature` signs this address and this body with the account's Auth Token, or with a shared key.
/// Twilio writes the usual port into the address, or leaves it out.
#[must_use]
pub fn is_signed(webhook: &Webhook<'_>, auth_token: &SecretString) -> bool {
    let secret = auth_token.expose_secret();
    let (Some(signature), Some(algorithm)) = (signature(webhook.headers), algorithm(webhook.headers)) else {
        return false;
    };
    let Some(fields) = fields(webhook).filter(|_| !secret.is_empty()) else { return false };
    let key = hmac::Key::new(algorithm, secret.as_bytes());
    let is_good = |address: &str| hmac::verify(&key, format!("{address}{fields}").as_bytes(), &signature).is_ok();
    is_good(&without_port(webhook.url)) || is_good(&with_port(webhook.url))
}

fn signature(headers: &HeaderMap) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(only(headers, HEADER)?).ok().filter(|signature| LENGTHS.contains(&signature.len()))
}

/// As the head names it; SHA-1 where it names none.
fn algorithm(headers: &HeaderMap) -> Option<hmac::Algorithm> {
    let settings = if headers.contains_key(SETTINGS) { only(headers, SETTINGS)? } else { "" };
    let named = settings.split(',').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        Some(value.trim()).filter(|value| name.trim() == "algorithm" && !value.is_empty())
    });
    match named.unwrap_or("HMAC_SHA1").to_ascii_uppercase().as_str() {
        "HMAC_SHA1" => Some(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
        "HMAC_SHA256" => Some(hmac::HMAC_SHA256),
        _ => None,
    }
}

/// What is signed besides the address; `None` where the body is another than the address tells of.
fn fields(webhook: &Webhook<'_>) -> Option<String> {
    if is_form(webhook) {
        return Some(signed(webhook.body));
    }
    let (_, hash) = webhook.url.query_pairs().find(|(name, _)| name == BODY_HASH)?;
    let hash: [u8; 32] = bytes(&hash)?;
    bool::from(hash.ct_eq(&Sha256::digest(webhook.body))).then(String::new)
}

/// Each name with each of its values, both in their order, none twice.
fn signed(form: &[u8]) -> String {
    let mut fields = BTreeMap::<_, BTreeSet<_>>::new();
    for (name, value) in form_urlencoded::parse(form) {
        fields.entry(name).or_default().insert(value);
    }
    let mut text = String::new();
    for (name, values) in &fields {
        for value in values {
            text.push_str(name);
            text.push_str(value);
        }
    }
    text
}

fn is_form(webhook: &Webhook<'_>) -> bool {
    let kind = webhook.header("content-type").unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn without_port(url: &Url) -> String {
    format!("{}{}", &url[..Position::AfterHost], &url[Position::BeforePath..])
}

fn with_port(url: &Url) -> String {
    let port = url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}{}", &url[..Position::AfterHost], &url[Position::BeforePath..])
}
