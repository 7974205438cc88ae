//! `[whatsapp]`: how its providers are reached.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::{ConfigError, StoreAddress, address};

/// Variables `SICANTIK__WHATSAPP__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhatsappConfig {
    /// `META_URL`: Meta's own, but for tests.
    meta_url: String,
    /// `META_VERSION`: of the Graph API.
    pub meta_version: String,
    /// `TWILIO_URL`, `TWILIO_CONTENT_URL`: Twilio's own, but for tests.
    twilio_url: String,
    twilio_content_url: String,
    /// `BIRD_URL`: empty = that of the region in the key.
    bird_url: String,
    /// `VONAGE_URL`: Vonage's own, that of a region, or for tests.
    vonage_url: String,
    /// `JOURNAL_FILE`: which messages went out; empty = `sent.journal` beside the store's file, or in the working
    /// directory where the store is no file.
    journal_file: PathBuf,
}

/// Its name, unless the setting gives another one.
const DEFAULT_NAME: &str = "sent.journal";

impl WhatsappConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
        let version = self.meta_version.strip_prefix('v').and_then(|rest| rest.split_once('.'));
        if !version.is_some_and(|(major, minor)| digits(major) && digits(minor)) {
            return Err(ConfigError::Bad {
                key: "whatsapp.meta_version",
                value: self.meta_version.clone(),
                remedy: "give a version such as v26.0".to_owned(),
            });
        }
        self.providers().map(drop)
    }

    /// Where the providers are.
    pub fn providers(&self) -> Result<Providers, ConfigError> {
        let bird = Some(self.bird_url.as_str()).filter(|text| !text.is_empty());
        Ok(Providers {
            meta: url("whatsapp.meta_url", &self.meta_url, "https://graph.facebook.com")?,
            meta_version: self.meta_version.clone(),
            twilio: url("whatsapp.twilio_url", &self.twilio_url, "https://api.twilio.com")?,
            twilio_content: url("whatsapp.twilio_content_url", &self.twilio_content_url, "https://content.twilio.com")?,
            bird: bird.map(|text| url("whatsapp.bird_url", text, "https://eu1.platform.bird.com")).transpose()?,
            vonage: url("whatsapp.vonage_url", &self.vonage_url, "https://api.nexmo.com")?,
        })
    }

    /// Where the journal is.
    #[must_use]
    pub fn journal_file(&self, store: &StoreAddress) -> PathBuf {
        store.file_beside(&self.journal_file, DEFAULT_NAME)
    }
}

/// Where the providers of messages are.
#[derive(Debug, Clone)]
pub struct Providers {
    pub meta: Url,
    /// Of the Graph API.
    pub meta_version: String,
    pub twilio: Url,
    /// Where its texts are.
    pub twilio_content: Url,
    /// `None` = by the region of the key.
    pub bird: Option<Url>,
    pub vonage: Url,
}

impl Providers {
    /// One of them is played on this machine.
    #[must_use]
    pub fn are_played(&self) -> bool {
        let Self { meta, twilio, twilio_content, bird, vonage, .. } = self;
        [Some(meta), Some(twilio), Some(twilio_content), bird.as_ref(), Some(vonage)]
            .into_iter()
            .flatten()
            .any(|url| url.scheme() == "http")
    }
}

fn url(key: &'static str, text: &str, example: &str) -> Result<Url, ConfigError> {
    let example = format!("give an address, such as {example}");
    let plain = "give an address of https: a token goes there";
    address::parse_encrypted(key, text, &example, "give it without a user", plain)
}
