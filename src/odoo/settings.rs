//! What Odoo says of itself, and the settings of its configurations.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::domain::{NamedKey, SourceSettings, Unlisted};

use super::client::Client;
use super::{OdooError, names};

/// Odoo's own form of a time, always UTC.
pub(super) const TIME_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

impl Client {
    /// Everything that the addon says to this worker, whichever database it is: the caller judges. Changes nothing.
    pub async fn handshake(&self, worker: &str, version: &str) -> Result<Handshake, OdooError> {
        let arguments = self.introduction(worker, version);
        let answer: SettingsAnswer = self.call(names::CONFIG, names::WORKER_SETTINGS, arguments).await?;
        Ok(answer.into())
    }

    /// The active configurations, of the paired database only. Changes nothing.
    pub async fn configurations(&self, worker: &str, version: &str) -> Result<Vec<Configuration>, OdooError> {
        let handshake = self.handshake(worker, version).await?;
        self.check(&handshake.server).await?;
        Ok(handshake.configs)
    }
}

/// Which Odoo answered, and until when it lets the worker in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ServerInfo {
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
pub struct Handshake {
    pub server: ServerInfo,
    /// Odoo's series and the addon's own version, such as `19.0.1.0.0`.
    pub addon_version: Option<String>,
    /// Odoo's clock.
    pub now: Option<DateTime<Utc>>,
    /// Names Odoo's newest hook key.
    pub hook_key_id: Option<String>,
    /// The active configurations.
    pub configs: Vec<Configuration>,
}

/// An active configuration.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// How to speak to its SICANTIK.
    pub settings: SourceSettings,
    /// Where Odoo knocks.
    pub worker_url: Option<String>,
    /// A worker speaks to its SICANTIK at this moment.
    pub busy: bool,
}

#[derive(Debug, Deserialize)]
struct SettingsAnswer {
    #[serde(flatten)]
    server: ServerInfo,
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
    #[serde(default)]
    busy: bool,
}

impl From<Configured> for Configuration {
    fn from(config: Configured) -> Self {
        Self { settings: config.settings.into(), worker_url: config.worker_url, busy: config.busy }
    }
}

impl From<SettingsAnswer> for Handshake {
    fn from(answer: SettingsAnswer) -> Self {
        let configs = answer.configs.into_iter().map(Configuration::from);
        Self {
            server: answer.server,
            addon_version: answer.addon_version,
            now: answer.now,
            hook_key_id: answer.hook_key_id,
            configs: configs.collect(),
        }
    }
}

/// A time of Odoo's; `false` and `null` are none.
pub(super) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let time = value.as_str().and_then(|text| NaiveDateTime::parse_from_str(text, TIME_FORMAT).ok());
    Ok(time.map(|time| time.and_utc()))
}

#[derive(Debug, Deserialize)]
pub(super) struct WireSettings {
    config_id: i64,
    name: String,
    api_url: String,
    timeout_seconds: u64,
    page_size: usize,
    rate_per_second: f64,
    #[serde(default)]
    allow_plain_http: bool,
    #[serde(default)]
    api_key: Option<SecretString>,
    #[serde(default)]
    unlisted: Unlisted,
    #[serde(default)]
    type_aliases: HashMap<String, WireNamed>,
}

#[derive(Debug, Deserialize)]
struct WireNamed {
    name: String,
    key: String,
}

impl From<WireSettings> for SourceSettings {
    fn from(wire: WireSettings) -> Self {
        Self {
            config_id: wire.config_id,
            name: wire.name,
            api_url: wire.api_url,
            timeout: Duration::from_secs(wire.timeout_seconds.max(1)),
            page_size: wire.page_size.max(1),
            rate_per_second: wire.rate_per_second,
            allow_plain_http: wire.allow_plain_http,
            api_key: wire.api_key.filter(|key| !key.expose_secret().is_empty()),
            unlisted: wire.unlisted,
            type_aliases: wire.type_aliases.into_iter().map(|(alias, named)| (alias, named.into())).collect(),
        }
    }
}

impl From<WireNamed> for NamedKey {
    fn from(wire: WireNamed) -> Self {
        Self::known(wire.name, wire.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_addon_says_less() {
        let server: ServerInfo = serde_json::from_str(r#"{"database_uuid": "u"}"#).expect("server");
        assert_eq!(server, ServerInfo { database_uuid: "u".to_owned(), ..ServerInfo::default() });
    }

    #[test]
    fn the_end_of_the_key_is_a_time_or_nothing() {
        let read = |end: &str| {
            let text = format!(r#"{{"database_uuid": "u", "api_key_expires": {end}}}"#);
            serde_json::from_str::<ServerInfo>(&text).expect("server").api_key_expires.map(|end| end.to_rfc3339())
        };
        assert_eq!(read(r#""2026-12-01 00:30:00""#).as_deref(), Some("2026-12-01T00:30:00+00:00"));
        assert_eq!((read("null"), read("false")), (None, None));
    }
}
