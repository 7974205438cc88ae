//! One GET and its answer: the rate limit, redirects, the API key, the size of a body.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use reqwest::header::{self, HeaderValue};
use reqwest::{Response, Url};
use secrecy::ExposeSecret;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::domain::Remark;
use crate::net::{BodyError, Failure, HttpClient, HttpOptions, RateLimit, failure, read_body, retry_after};

use super::answer::Reply;
use super::{Access, SicantikError, access};

/// The largest body that is read; a page of 20,000 rows has about 6 MB.
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;

/// Redirects followed to the same host, for an address that moved from http to https.
const MAX_REDIRECTS: usize = 3;

const API_KEY: &str = "x-api-key";

/// The way to one SICANTIK.
#[derive(Debug)]
pub(super) struct Transport {
    http: HttpClient,
    base: Url,
    api_key: Option<HeaderValue>,
    rate: Arc<RateLimit>,
    clock: Arc<dyn Clock>,
    calls: AtomicU64,
    was_redirected: AtomicBool,
}

impl Transport {
    pub(super) fn new(
        api_url: &str,
        access: &Access,
        timeout: Duration,
        rate: Arc<RateLimit>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SicantikError> {
        let (base, guard) = access.check(api_url)?;
        let bad = |reason: String| SicantikError::BadAddress { reason };
        let authorities = access.authorities()?;
        let http = HttpOptions { timeout, guard, authorities, proxy: access.proxy.as_ref() };
        let http = HttpClient::new(http).map_err(|error| bad(error.to_string()))?;
        let api_key = access.api_key.as_ref().map(|key| {
            let value = HeaderValue::from_str(key.expose_secret().trim());
            let mut value = value.map_err(|_| bad("its API key holds characters that no header takes".to_owned()))?;
            value.set_sensitive(true);
            Ok(value)
        });
        Ok(Self {
            http,
            base,
            api_key: api_key.transpose()?,
            rate,
            clock,
            calls: AtomicU64::new(0),
            was_redirected: AtomicBool::new(false),
        })
    }

    pub(super) fn base(&self) -> &Url {
        &self.base
    }

    /// Calls made so far.
    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// What an officer should know of the way to the server.
    pub(super) fn remarks(&self) -> impl Iterator<Item = Remark> {
        let plain = self.base.scheme() == "http";
        let plain = plain.then(|| {
            Remark::plain("unencrypted", "Plain HTTP: names and telephone numbers travel without encryption.")
        });
        let redirected = self.was_redirected.load(Ordering::Relaxed).then(|| {
            let message = "The server redirects each call; put the address that it leads to into the API URL.";
            Remark::plain("redirected", message)
        });
        plain.into_iter().chain(redirected)
    }

    /// One GET, with its redirects; `waited` grows by the time until the rate limit had a place.
    pub(super) async fn get(
        &self,
        endpoint: &'static str,
        mut url: Url,
        waited: &mut Duration,
    ) -> Result<Reply, SicantikError> {
        for _ in 0..=MAX_REDIRECTS {
            let response = self.get_once(endpoint, &url, waited).await?;
            match self.redirect(endpoint, &url, &response)? {
                Some(next) => {
                    self.was_redirected.store(true, Ordering::Relaxed);
                    url = next;
                }
                None => return self.read(endpoint, response).await,
            }
        }
        Err(SicantikError::Redirect { endpoint, target: "again and again" })
    }

    async fn get_once(
        &self,
        endpoint: &'static str,
        url: &Url,
        waited: &mut Duration,
    ) -> Result<Response, SicantikError> {
        let begun = Instant::now();
        let client = self.http.to(url).await.map_err(|refused| access::refused(refused, self.host()))?;
        self.rate.ready().await;
        *waited += begun.elapsed();
        self.calls.fetch_add(1, Ordering::Relaxed);
        let mut request = client.get(url.clone()).header(header::ACCEPT, "application/xml");
        if let Some(key) = self.api_key.as_ref().filter(|_| url.origin() == self.base.origin()) {
            request = request.header(API_KEY, key);
        }
        request.send().await.map_err(|error| self.failed(endpoint, &error))
    }

    /// Where to go next: to the same host only, and never from https to http.
    fn redirect(&self, endpoint: &'static str, from: &Url, response: &Response) -> Result<Option<Url>, SicantikError> {
        let moved = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
        let location = response.headers().get(header::LOCATION).filter(|_| moved);
        let Some(to) = location.and_then(|to| from.join(to.to_str().ok()?).ok()) else { return Ok(None) };
        let refused = |target| Err(SicantikError::Redirect { endpoint, target });
        match (from.scheme(), to.scheme()) {
            _ if to.host() != self.base.host() => refused("to another host"),
            ("https", "http") => refused("from https to http"),
            (_, "http" | "https") => Ok(Some(to)),
            _ => refused("to an address that is not of the web"),
        }
    }

    async fn read(&self, endpoint: &'static str, response: Response) -> Result<Reply, SicantikError> {
        let (status, retry_after) = (response.status(), retry_after(response.headers(), self.clock.now()));
        let body = read_body(response, MAX_BODY_BYTES).await.map_err(|error| match error {
            BodyError::Broken(error) => self.failed(endpoint, &error),
            BodyError::TooLarge(_) => {
                SicantikError::Unavailable { endpoint, reason: error.to_string(), retry_after: None }
            }
        })?;
        Ok(Reply { status, retry_after, body })
    }

    /// The error without its address, which holds permit numbers.
    fn failed(&self, endpoint: &'static str, error: &reqwest::Error) -> SicantikError {
        let reason = match failure(error) {
            Failure::Refused(refused) => return access::refused(refused, self.host()),
            Failure::Certificate(reason) => return SicantikError::Certificate { host: self.host(), reason },
            Failure::ProxyCredentials => return SicantikError::ProxyCredentials,
            Failure::Other(_) if error.is_timeout() => "no answer within the time limit".to_owned(),
            Failure::Other(cause) if error.is_connect() => format!("no connection ({cause})"),
            Failure::Other(cause) => format!("the connection broke ({cause})"),
        };
        SicantikError::Unavailable { endpoint, reason, retry_after: None }
    }
    fn host(&self) -> String {
        self.base.host_str().unwrap_or_default().to_owned()
    }
}
