//! The application's account at one eSign Client Service, and a call there.

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Response};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::NAME;
use super::body::Sent;
use super::wire::Request;
use crate::net::{self, BadCertificate, Failure, HttpClient, Proxy, failure, read_body};
use crate::signing::reach::Reach;
use crate::signing::{NotTold, Outcome, Reason, Unusable, Why};

/// The setting of further authorities.
const CA_FILE: &str = "signing.bsre_ca_file";

/// An answer without a file has a few hundred bytes; one that judges a file with many signatures, some thousands.
const MOST_BYTES: usize = 1024 * 1024;

/// How an account is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Without a path.
    pub base: Url,
    /// The application's, not a person's.
    pub user: String,
    pub password: SecretString,
    pub api: Api,
    /// Further authorities (PEM).
    pub ca_file: Option<PathBuf>,
    /// Of one call as a whole; the service is reached within ten seconds of it.
    pub timeout: Duration,
    /// The office's way to public hosts.
    pub proxy: Option<Proxy>,
}

/// Which of the service's interfaces is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// JSON, many files in a call, passphrase or TOTP.
    V2,
    /// A form for each file, with a passphrase.
    V1,
}

/// An account of an application.
pub struct Account {
    http: HttpClient,
    base: Url,
    user: String,
    password: SecretString,
    pub(super) api: Api,
}

/// Without the password.
impl std::fmt::Debug for Account {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { base, user, api, .. } = self;
        formatter.debug_struct("Account").field("base", &base.as_str()).field("user", user).field("api", api).finish()
    }
}

/// No answer that could be read.
pub(super) struct Broken {
    why: Why,
    detail: String,
    /// Somebody may have got what was sent.
    may_have_arrived: bool,
}

impl Account {
    /// Nothing is sent yet.
    pub fn new(settings: Settings) -> Result<Self, Unusable> {
        let Settings { base, user, password, api, ca_file, timeout, proxy } = settings;
        let http = Reach {
            url: &base,
            url_key: "signing.bsre_url",
            ca_file: ca_file.as_deref(),
            ca_file_key: CA_FILE,
            timeout,
            proxy: proxy.as_ref(),
        };
        let http = http.client()?;
        Ok(Self { http, base, user, password, api })
    }

    /// Sends it, once.
    pub(super) async fn post(&self, path: &str, request: Request) -> Result<Response, Broken> {
        let Request { content_type, body } = request;
        let sent = body.sent();
        let ask = |http: &reqwest::Client, url| {
            http.post(url).header(CONTENT_TYPE, content_type).body(reqwest::Body::wrap(body))
        };
        self.send(path, &sent, ask).await
    }

    /// Asks for it. What stands in `path` may be a NIK: it is no part of any error.
    pub(super) async fn get(&self, path: &str) -> Result<Response, Broken> {
        self.send(path, &Sent::default(), |http, url| http.request(Method::GET, url)).await
    }

    async fn send(
        &self,
        path: &str,
        sent: &Sent,
        request: impl FnOnce(&reqwest::Client, Url) -> reqwest::RequestBuilder,
    ) -> Result<Response, Broken> {
        let mut url = self.base.clone();
        url.set_path(path);
        let http = self.http.to(&url).await.map_err(|refused| Broken::before(Failure::Refused(refused)))?;
        // A connection that is kept may be closed just as the next call is on its way, and nobody could tell whether
        // that arrived.
        let request = request(http, url)
            .header(AUTHORIZATION, self.authorization()?)
            .header(ACCEPT, "application/json, application/pdf")
            .header(CONNECTION, "close");
        request.send().await.map_err(|error| {
            let failed = failure(&error);
            if sent.has_begun() { Broken::after(failed) } else { Broken::before(failed) }
        })
    }

    fn authorization(&self) -> Result<HeaderValue, Broken> {
        let pair = Zeroizing::new(format!("{}:{}", self.user, self.password.expose_secret()));
        let basic = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
        let mut value = HeaderValue::from_str(&basic).map_err(|_| Broken {
            why: Why::Credentials,
            detail: "user or password cannot be sent".to_owned(),
            may_have_arrived: false,
        })?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The application's own secret, which no text of an answer may repeat.
    pub(super) const fn password(&self) -> &SecretString {
        &self.password
    }
}

/// Status and JSON of a short answer; null where it is none.
pub(super) async fn read(response: Response) -> Result<(u16, Value), Broken> {
    let status = response.status().as_u16();
    match read_body(response, MOST_BYTES).await {
        Ok(body) => Ok((status, serde_json::from_slice(&body).unwrap_or_default())),
        Err(net::BodyError::Broken(error)) => Err(Broken::after(failure(&error))),
        Err(error @ net::BodyError::TooLarge(_)) => Err(Broken::after(Failure::Other(error.to_string()))),
    }
}

impl Broken {
    /// Nothing was sent.
    fn before(failed: Failure) -> Self {
        let (why, detail) = match failed {
            Failure::Refused(refused) => (Why::AddressRefused, format!("signing.bsre_url leads to {refused}")),
            Failure::Certificate(certificate) => (Why::Certificate, BadCertificate::told(certificate, CA_FILE)),
            Failure::ProxyCredentials => (Why::Unreachable, "net.proxy wants another user or password".to_owned()),
            Failure::Other(detail) => (Why::Unreachable, detail),
        };
        Self { why, detail, may_have_arrived: false }
    }

    /// It may have arrived all the same.
    pub(super) fn after(failed: Failure) -> Self {
        let Self { detail, .. } = Self::before(failed);
        Self { why: Why::NoAnswer, detail, may_have_arrived: true }
    }

    fn reason(self, secrets: &[&SecretString]) -> Reason {
        Reason::new(self.why, format!("{NAME}_connection"), &self.detail, secrets)
    }

    /// Of a call that signs.
    pub(super) fn outcome(self, secrets: &[&SecretString]) -> Outcome {
        if self.may_have_arrived {
            return Outcome::Unknown(self.reason(secrets));
        }
        Outcome::Away(self.reason(secrets))
    }

    /// Of one that changes nothing.
    pub(super) fn not_told(self, secrets: &[&SecretString]) -> NotTold {
        NotTold { reason: self.reason(secrets) }
    }
}
