//! What the worker tells Odoo of itself: its keys by name, never the keys, and where the internet reaches it.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::text::hex;

/// Odoo finds an API key by these characters of it; they are no secret.
const API_KEY_INDEX_CHARS: usize = 8;

/// So many hex digits of a hash name a hook key.
const KEY_ID_CHARS: usize = 8;

/// Names a hook key without telling it: `KEY_ID` of `docs/interfaces.md`.
#[must_use]
pub fn hook_key_id(key: &SecretString) -> String {
    let mut id = hex(&Sha256::digest(key.expose_secret().as_bytes()));
    id.truncate(KEY_ID_CHARS);
    id
}

/// Which keys this worker uses, so that a rotation ends by itself.
#[derive(Serialize)]
pub(super) struct KeyNames {
    api_key: String,
    hook_key: Option<String>,
    /// What a browser seals secrets to; told by the service alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) public_key: Option<String>,
    /// How the internet reaches the public listener, empty = not at all; told by the service alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) public_address: Option<String>,
}

impl KeyNames {
    pub(super) fn new(api_key: &SecretString, hook_key: Option<&SecretString>) -> Self {
        let api_key = api_key.expose_secret().chars().take(API_KEY_INDEX_CHARS).collect();
        Self { api_key, hook_key: hook_key.map(hook_key_id), public_key: None, public_address: None }
    }
}

impl std::fmt::Debug for KeyNames {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("KeyNames")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_not_told() {
        let keys = KeyNames::new(&"0123456789abcdef".into(), Some(&"contoh-kunci-hook-0123456789abcdef".into()));
        // sha256sum of the hook key begins like this.
        let told = serde_json::to_string(&keys).expect("JSON");
        assert_eq!(told, r#"{"api_key":"01234567","hook_key":"56d705dd"}"#);
        assert_eq!(format!("{keys:?}"), "KeyNames");
    }
}
