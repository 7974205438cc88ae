//! A service that says when something was there (RFC 3161, by http). It sees a hash, and no document.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use thiserror::Error;
use url::Url;

use super::time_stamp::{Question, TimeStampError};
use crate::net::{self, BadCertificate, BodyError, Failure, HttpClient, Proxy, failure, read_body};
use crate::signing::Unusable;
use crate::signing::reach::Reach;

/// Of one question as a whole.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A token with all certificates of its service has some kilobytes.
const MOST_BYTES: usize = 64 * 1024;

/// The setting of further authorities.
const CA_FILE: &str = "signing.time_stamp_ca_file";

/// How a service is reached.
#[derive(Debug, Clone)]
pub struct TimeServiceSettings {
    pub url: Url,
    /// Further authorities (PEM).
    pub ca_file: Option<PathBuf>,
    /// The office's way to public hosts.
    pub proxy: Option<Proxy>,
}

/// A service, by its address.
#[derive(Debug)]
pub struct TimeService {
    http: HttpClient,
    url: Url,
}

/// Why there is no time stamp, in words.
#[derive(Debug, Error)]
pub(super) enum NoTimeStamp {
    #[error("signing.time_stamp_url leads to {0}")]
    Address(net::AddressRefused),
    #[error("{}", BadCertificate::told(*.0, CA_FILE))]
    Certificate(BadCertificate),
    #[error("the time-stamp service cannot be reached: {0}")]
    Away(String),
    #[error("the time-stamp service answers with status {0}")]
    Status(u16),
    #[error(transparent)]
    Answer(#[from] TimeStampError),
    /// The signature would not fit into its place.
    #[error("the time stamp is too large")]
    TooLarge,
}

impl TimeService {
    /// Nothing is asked yet.
    pub fn new(settings: TimeServiceSettings) -> Result<Self, Unusable> {
        let TimeServiceSettings { url, ca_file, proxy } = settings;
        let http = Reach {
            url: &url,
            url_key: "signing.time_stamp_url",
            ca_file: ca_file.as_deref(),
            ca_file_key: CA_FILE,
            timeout: TIMEOUT,
            proxy: proxy.as_ref(),
        };
        let http = http.client()?;
        Ok(Self { http, url })
    }

    /// A token (DER) of this signature.
    pub(super) async fn stamp(&self, signature: &[u8]) -> Result<Vec<u8>, NoTimeStamp> {
        let question = Question::of(signature)?;
        let http = self.http.to(&self.url).await.map_err(NoTimeStamp::Address)?;
        let asked = http
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/timestamp-query")
            .header(ACCEPT, "application/timestamp-reply")
            .body(question.to_der()?);
        let answer = asked.send().await.map_err(|error| NoTimeStamp::of(failure(&error)))?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(NoTimeStamp::Status(answer.status().as_u16()));
        }
        let answer = read_body(answer, MOST_BYTES).await.map_err(|error| match error {
            BodyError::Broken(error) => NoTimeStamp::of(failure(&error)),
            BodyError::TooLarge(_) => NoTimeStamp::TooLarge,
        })?;
        Ok(question.token(&answer)?)
    }
}

impl NoTimeStamp {
    fn of(failed: Failure) -> Self {
        match failed {
            Failure::Refused(refused) => Self::Address(refused),
            Failure::Certificate(certificate) => Self::Certificate(certificate),
            Failure::ProxyCredentials => Self::Away("net.proxy wants another user or password".to_owned()),
            Failure::Other(detail) => Self::Away(detail),
        }
    }
}
