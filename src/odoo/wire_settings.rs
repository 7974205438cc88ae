//! The shape in which the settings of a configuration travel; `docs/interfaces.md` describes it.

use std::collections::HashMap;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::domain::{NamedKey, Settings, Unlisted};

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
    learnt_page_size: usize,
    #[serde(default)]
    full_pass_seconds: f64,
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

impl From<WireSettings> for Settings {
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
            learnt_page_size: wire.learnt_page_size,
            full_pass_seconds: wire.full_pass_seconds,
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
