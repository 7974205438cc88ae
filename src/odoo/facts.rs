//! What Odoo says of itself with each answer about orders, and how the worker names its keys to Odoo.

use chrono::{DateTime, NaiveDateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::domain::Settings;
use crate::domain::text::hex;

use super::wire_settings::WireSettings;

/// Odoo finds an API key by these characters of it; they are no secret.
const API_KEY_INDEX_CHARS: usize = 8;

/// So many hex digits of a hash name a hook key.
const KEY_ID_CHARS: usize = 8;

/// Odoo's own form of a time, always UTC.
const TIME_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// Which Odoo answered, and until when it lets the worker in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Facts {
    /// Names the database.
    pub database_uuid: String,
    /// Such as `19.0`.
    #[serde(default)]
    pub odoo_version: String,
    /// The database is a copy for tests.
    #[serde(default)]
    pub neutralized: bool,
    /// When the API key ends; `None` = never, or not told.
    #[serde(default, deserialize_with = "time")]
    pub api_key_expires: Option<DateTime<Utc>>,
}

/// All that the addon says to a worker that introduces itself.
#[derive(Debug, Clone)]
pub struct Introduction {
    /// Who answered.
    pub facts: Facts,
    /// Odoo's series and the addon's own version, such as `19.0.1.0.0`.
    pub addon_version: Option<String>,
    /// Odoo's clock.
    pub now: Option<DateTime<Utc>>,
    /// Names Odoo's newest hook key.
    pub hook_key_id: Option<String>,
    /// The active configurations, each with the address at which Odoo knocks.
    pub configs: Vec<(Settings, Option<String>)>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SettingsAnswer {
    #[serde(flatten)]
    facts: Facts,
    #[serde(default)]
    addon_version: Option<String>,
    #[serde(default, deserialize_with = "time")]
    now: Option<DateTime<Utc>>,
    #[serde(default)]
    hook_key_id: Option<String>,
    configs: Vec<Configured>,
}

#[derive(Debug, Deserialize)]
struct Configured {
    #[serde(flatten)]
    settings: WireSettings,
    #[serde(default)]
    worker_url: Option<String>,
}

impl From<SettingsAnswer> for Introduction {
    fn from(answer: SettingsAnswer) -> Self {
        let configs = answer.configs.into_iter().map(|config| (config.settings.into(), config.worker_url));
        Self {
            facts: answer.facts,
            addon_version: answer.addon_version,
            now: answer.now,
            hook_key_id: answer.hook_key_id,
            configs: configs.collect(),
        }
    }
}

/// A time of Odoo's; `false` and `null` are none.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let time = value.as_str().and_then(|text| NaiveDateTime::parse_from_str(text, TIME_FORMAT).ok());
    Ok(time.map(|time| time.and_utc()))
}

/// Names a hook key without telling it: `KEY_ID` of `docs/interfaces.md`.
#[must_use]
pub fn hook_key_id(key: &SecretString) -> String {
    let mut id = hex(&Sha256::digest(key.expose_secret().as_bytes()));
    id.truncate(KEY_ID_CHARS);
    id
}

/// Which keys this worker uses, so that a rotation ends by itself.
#[derive(Serialize)]
pub(super) struct Keys {
    api_key: String,
    hook_key: Option<String>,
}

impl Keys {
    pub(super) fn new(api_key: &SecretString, hook_key: Option<&SecretString>) -> Self {
        let api_key = api_key.expose_secret().chars().take(API_KEY_INDEX_CHARS).collect();
        Self { api_key, hook_key: hook_key.map(hook_key_id) }
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_an_older_addon_are_facts() {
        let facts: Facts = serde_json::from_str(r#"{"database_uuid": "u"}"#).expect("facts");
        assert_eq!(facts, Facts { database_uuid: "u".to_owned(), ..Facts::default() });
    }

    #[test]
    fn the_end_of_the_key_is_a_time_or_nothing() {
        let read = |end: &str| {
            let text = format!(r#"{{"database_uuid": "u", "api_key_expires": {end}}}"#);
            serde_json::from_str::<Facts>(&text).expect("facts").api_key_expires.map(|end| end.to_rfc3339())
        };
        assert_eq!(read(r#""2026-12-01 00:30:00""#).as_deref(), Some("2026-12-01T00:30:00+00:00"));
        assert_eq!((read("null"), read("false")), (None, None));
    }

    #[test]
    fn keys_are_named_not_told() {
        let keys = Keys::new(&"0123456789abcdef".into(), Some(&"contoh-kunci-hook-0123456789abcdef".into()));
        // sha256sum of the hook key begins like this.
        let told = serde_json::to_string(&keys).expect("JSON");
        assert_eq!(told, r#"{"api_key":"01234567","hook_key":"56d705dd"}"#);
        assert_eq!(format!("{keys:?}"), "Keys");
    }
}
