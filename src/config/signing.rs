//! `[signing]`: how the services are reached that sign for officials.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{ConfigError, address, secret};

/// Variables `SICANTIK__SIGNING__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the keys of the office's own will stand beside them")]
pub struct SigningConfig {
    /// `BSRE_URL`: address of the eSign Client Service; empty = none.
    bsre_url: String,
    /// `BSRE_USER`: the application account there.
    bsre_user: String,
    /// `BSRE_PASSWORD`, secret.
    bsre_password: SecretString,
    /// `BSRE_PASSWORD_FILE`.
    bsre_password_file: PathBuf,
    /// `BSRE_API`: v2 or v1.
    bsre_api: String,
    /// `BSRE_CA_FILE`: further authorities (PEM).
    bsre_ca_file: PathBuf,
    /// `BSRE_TIMEOUT_SECONDS`: one call as a whole.
    bsre_timeout_seconds: u64,
}

/// An eSign Client Service of BSrE, and who asks there.
#[derive(Debug, Clone)]
pub struct BsrePlace {
    pub url: Url,
    /// The application account, not a person.
    pub user: String,
    pub password: SecretString,
    pub api: BsreApi,
    /// Further authorities (PEM).
    pub ca_file: Option<PathBuf>,
    /// Of one call as a whole.
    pub timeout: Duration,
}

/// Which of its interfaces is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BsreApi {
    /// JSON, many files in a call, passphrase or TOTP.
    V2,
    /// A form for each file, with a passphrase.
    V1,
}

/// Seconds of one call: a large batch takes its time, and nobody waits longer than ten minutes.
const TIMEOUT: RangeInclusive<u64> = 1..=600;

impl SigningConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.bsre().map(drop)
    }

    /// The eSign Client Service, if the office has one.
    pub fn bsre(&self) -> Result<Option<BsrePlace>, ConfigError> {
        const KEY: &str = "signing.bsre_url";
        let bad = |key, value: &str, remedy: String| ConfigError::Bad { key, value: value.to_owned(), remedy };
        let missing = |key, remedy: &str| ConfigError::Missing { key, remedy: remedy.to_owned() };
        let api = match self.bsre_api.as_str() {
            "v2" => BsreApi::V2,
            "v1" => BsreApi::V1,
            other => return Err(bad("signing.bsre_api", other, "give v2 or v1".to_owned())),
        };
        if !TIMEOUT.contains(&self.bsre_timeout_seconds) {
            let remedy = format!("give {} to {} seconds", TIMEOUT.start(), TIMEOUT.end());
            return Err(bad("signing.bsre_timeout_seconds", &self.bsre_timeout_seconds.to_string(), remedy));
        }
        if self.bsre_url.is_empty() {
            return Ok(None);
        }
        let example = "give the address of the agency's eSign Client Service, such as https://esign.example.go.id";
        let secrets = "user and password belong into signing.bsre_user and signing.bsre_password";
        let url = address::parse(KEY, &self.bsre_url, example, secrets)?;
        let password = secret::resolve("signing.bsre_password_file", &self.bsre_password, &self.bsre_password_file)?;
        let remedy = "give user and password of the application, as the eSign Client Service's own pages show them";
        if self.bsre_user.is_empty() {
            return Err(missing("signing.bsre_user", remedy));
        }
        // It would end the name where both are sent.
        if self.bsre_user.contains(':') {
            return Err(bad("signing.bsre_user", &self.bsre_user, "give a name without a colon".to_owned()));
        }
        Ok(Some(BsrePlace {
            url,
            user: self.bsre_user.clone(),
            password: password.ok_or_else(|| missing("signing.bsre_password", remedy))?,
            api,
            ca_file: Some(self.bsre_ca_file.clone()).filter(|file| !file.as_os_str().is_empty()),
            timeout: Duration::from_secs(self.bsre_timeout_seconds),
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use config::Environment;

    use super::*;
    use crate::config::Config;

    fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let named = |(name, value): &(&str, &str)| (format!("SICANTIK__SIGNING__BSRE_{name}"), (*value).to_owned());
        let source: HashMap<String, String> = variables.iter().map(named).collect();
        Config::from_sources(None, Environment::with_prefix("SICANTIK").source(Some(source)))
    }

    const URL: (&str, &str) = ("URL", "https://esign.example.go.id");
    const USER: (&str, &str) = ("USER", "perizinan");
    const PASSWORD: (&str, &str) = ("PASSWORD", "very-secret");

    #[test]
    fn a_service_has_an_address_and_an_account_whose_password_is_never_shown() {
        assert!(load(&[]).expect("defaults").signing.bsre().expect("fine").is_none());
        let config = load(&[URL, USER, PASSWORD]).expect("loaded");
        let place = config.signing.bsre().expect("fine").expect("a service");
        assert_eq!((place.api, place.timeout.as_secs(), place.ca_file.clone()), (BsreApi::V2, 120, None));
        assert!(!format!("{config:?} {place:?}").contains("very-secret"));
        load(&[("URL", "http://10.1.2.3:8080"), USER, PASSWORD]).expect("in the office's network");

        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("password");
        std::fs::write(&file, "from-a-file\n").expect("written");
        let config =
            load(&[URL, USER, ("PASSWORD_FILE", file.to_str().expect("text")), ("API", "v1")]).expect("loaded");
        let place = config.signing.bsre().expect("fine").expect("a service");
        let password = secrecy::ExposeSecret::expose_secret(&place.password);
        assert_eq!((place.api, password), (BsreApi::V1, "from-a-file"));
    }

    #[test]
    fn what_cannot_be_used_is_named_with_the_remedy() {
        for (variables, key) in [
            (vec![URL], "signing.bsre_user"),
            (vec![URL, ("USER", "a:b"), PASSWORD], "signing.bsre_user"),
            (vec![URL, USER], "signing.bsre_password"),
            (vec![URL, USER, ("PASSWORD_FILE", "/nowhere/password")], "signing.bsre_password_file"),
            (vec![URL, USER, PASSWORD, ("API", "v3")], "signing.bsre_api"),
            (vec![URL, USER, PASSWORD, ("TIMEOUT_SECONDS", "0")], "signing.bsre_timeout_seconds"),
            (vec![URL, USER, PASSWORD, ("PASSWD", "x")], "signing.bsre_password"),
            (vec![("URL", "https://esign.example.go.id/api"), USER, PASSWORD], "signing.bsre_url"),
            (vec![("URL", "https://u:very-secret@esign.example"), USER, PASSWORD], "signing.bsre_url"),
            (vec![("URL", "esign.example"), USER, PASSWORD], "signing.bsre_url"),
        ] {
            let error = load(&variables).expect_err(key).to_string();
            assert!(error.contains(key) && !error.contains("very-secret"), "{error}");
        }
    }
}
