//! `[signing]`: how the services are reached that sign for officials.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use chrono::FixedOffset;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{ConfigError, address, secret};

/// Variables `SICANTIK__SIGNING__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningConfig {
    /// `PROVIDER`: bsre or local; empty = bsre where there is a `BSRE_URL`, else local.
    provider: String,
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
    /// `ZONE`: WIB, WITA or WIT, in which signatures of the office's own tell the time.
    zone: String,
    /// `REVOCATION_LIST_URL`: where the office publishes what its authority has ended; empty = nowhere.
    revocation_list_url: String,
    /// `TIME_STAMP_URL`: of a service (RFC 3161); empty = none.
    time_stamp_url: String,
    /// `TIME_STAMP`: preferred or required.
    time_stamp: String,
    /// `TIME_STAMP_CA_FILE`: further authorities (PEM).
    time_stamp_ca_file: PathBuf,
}

/// Who signs for officials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningProvider {
    /// BSrE, by its eSign Client Service.
    Bsre,
    /// The office, by an authority of its own.
    Local,
}

/// How an office signs by itself.
#[derive(Debug, Clone)]
pub struct LocalSigning {
    pub zone: FixedOffset,
    /// What certificates say where the list of ended ones is.
    pub revocation_list: Option<Url>,
    pub time: Option<TimePlace>,
}

/// A time-stamp service.
#[derive(Debug, Clone)]
pub struct TimePlace {
    pub url: Url,
    /// Nothing is signed without it.
    pub is_required: bool,
    /// Further authorities (PEM).
    pub ca_file: Option<PathBuf>,
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

const TIME_STAMP_URL: &str = "signing.time_stamp_url";

/// Seconds of one call: a large batch takes its time, and nobody waits longer than ten minutes.
const TIMEOUT: RangeInclusive<u64> = 1..=600;

impl SigningConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.bsre()?;
        self.local()?;
        self.provider().map(drop)
    }

    /// Who signs. Whether an office that signs by itself has an authority is not known here.
    pub fn provider(&self) -> Result<SigningProvider, ConfigError> {
        match self.provider.as_str() {
            "bsre" if self.bsre_url.is_empty() => {
                let remedy =
                    "the provider is bsre, so give the address of the agency's eSign Client Service".to_owned();
                Err(ConfigError::Missing { key: "signing.bsre_url", remedy })
            }
            "" if self.bsre_url.is_empty() => Ok(SigningProvider::Local),
            "" | "bsre" => Ok(SigningProvider::Bsre),
            "local" => Ok(SigningProvider::Local),
            other => Err(bad("signing.provider", other, "give bsre or local".to_owned())),
        }
    }

    /// How the office signs by itself.
    pub fn local(&self) -> Result<LocalSigning, ConfigError> {
        let hours = match self.zone.as_str() {
            "WIB" => 7,
            "WITA" => 8,
            "WIT" => 9,
            other => return Err(bad("signing.zone", other, "give WIB, WITA or WIT".to_owned())),
        };
        let no_zone = || bad("signing.zone", &self.zone, "give WIB, WITA or WIT".to_owned());
        let is_required = match self.time_stamp.as_str() {
            "preferred" => false,
            "required" => true,
            other => return Err(bad("signing.time_stamp", other, "give preferred or required".to_owned())),
        };
        let time = public(TIME_STAMP_URL, &self.time_stamp_url)?;
        if time.is_none() && is_required {
            let remedy = "time stamps are required, so give the address of their service".to_owned();
            return Err(ConfigError::Missing { key: TIME_STAMP_URL, remedy });
        }
        let ca_file = Some(self.time_stamp_ca_file.clone()).filter(|file| !file.as_os_str().is_empty());
        Ok(LocalSigning {
            zone: FixedOffset::east_opt(hours * 3600).ok_or_else(no_zone)?,
            revocation_list: public("signing.revocation_list_url", &self.revocation_list_url)?,
            time: time.map(|url| TimePlace { url, is_required, ca_file }),
        })
    }

    /// The eSign Client Service, if the office has one.
    pub fn bsre(&self) -> Result<Option<BsrePlace>, ConfigError> {
        const KEY: &str = "signing.bsre_url";
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

fn bad(key: &'static str, value: &str, remedy: String) -> ConfigError {
    ConfigError::Bad { key, value: value.to_owned(), remedy }
}

/// An address of http or https, also with a path, that everybody may read; `None` where it is empty.
fn public(key: &'static str, text: &str) -> Result<Option<Url>, ConfigError> {
    if text.is_empty() {
        return Ok(None);
    }
    address::check_secrets(key, text, "user and password cannot be given here")?;
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() => Ok(Some(url)),
        _ => Err(bad(key, text, "it must begin with http:// or https:// and name a host".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use config::Environment;

    use super::*;
    use crate::config::Config;

    fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let named: Vec<_> = variables.iter().map(|(name, value)| (format!("BSRE_{name}"), *value)).collect();
        load_all(&named)
    }

    fn load_all(variables: &[(String, &str)]) -> Result<Config, ConfigError> {
        let named = |(name, value): &(String, &str)| (format!("SICANTIK__SIGNING__{name}"), (*value).to_owned());
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

    #[test]
    fn an_office_signs_by_itself_where_no_service_is_named() {
        let load = |variables: &[(&str, &'static str)]| {
            load_all(&variables.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect::<Vec<_>>())
        };
        let config = load(&[]).expect("defaults").signing;
        assert_eq!(config.provider(), Ok(SigningProvider::Local));
        let local = config.local().expect("fine");
        assert!(local.zone.local_minus_utc() == 7 * 3600 && local.time.is_none() && local.revocation_list.is_none());
        let bsre = [("BSRE_URL", "https://esign.example.go.id"), ("BSRE_USER", "a"), ("BSRE_PASSWORD", "b")];
        assert_eq!(load(&bsre).expect("fine").signing.provider(), Ok(SigningProvider::Bsre));
        let both = [&bsre[..], &[("PROVIDER", "local")]].concat();
        assert_eq!(load(&both).expect("fine").signing.provider(), Ok(SigningProvider::Local));
        let time = ("TIME_STAMP_URL", "http://10.0.0.1/tsa");
        let local = load(&[time, ("TIME_STAMP", "required"), ("ZONE", "WIT")]).expect("fine").signing.local();
        let local = local.expect("fine");
        assert!(local.time.is_some_and(|time| time.is_required) && local.zone.local_minus_utc() == 9 * 3600);
        for (variable, key) in [
            (("PROVIDER", "bsre"), "signing.bsre_url"),
            (("PROVIDER", "peruri"), "signing.provider"),
            (("ZONE", "GMT"), "signing.zone"),
            (("TIME_STAMP", "required"), "signing.time_stamp_url"),
            (("TIME_STAMP", "always"), "signing.time_stamp"),
            (("TIME_STAMP_URL", "ftp://a"), "signing.time_stamp_url"),
            (("TIME_STAMP_URL", "https://u:rahasia@a.example"), "signing.time_stamp_url"),
            (("REVOCATION_LIST_URL", "tte.crl"), "signing.revocation_list_url"),
        ] {
            let error = load(&[variable]).expect_err(key).to_string();
            assert!(error.contains(key) && !error.contains("rahasia"), "{error}");
        }
    }
}
