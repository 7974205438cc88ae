//! One GET and its answer: the rate limit, redirects, the API key, the size of a body.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::header::{self, HeaderValue};
use reqwest::{Response, Url};
use secrecy::ExposeSecret;

use crate::clock::Clock;
use crate::domain::Message;
use crate::net::{BodyError, Deadline, Failure, HttpClient, HttpOptions, RateLimit, failure, read_body, retry_after};

use super::answer::Reply;
use super::call_stats::{CallStats, OpenCall};
use super::compression::{self, Unpack};
use super::{ClientOptions, SicantikError, access};

/// Bytes of the largest body, for each row of the largest page: three times what a row has.
const BYTES_PER_ROW: usize = 1024;

/// However small the largest page is, so many bytes are read: the list of types knows no limit.
const LEAST_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Redirects followed to the same host, for an address that moved from http to https.
const MAX_REDIRECTS: usize = 3;

const BROKEN_COMPRESSION: &str = "a body that is not compressed as it says";

const API_KEY: &str = "x-api-key";

/// The way to one SICANTIK.
#[derive(Debug)]
pub(super) struct Transport {
    http: HttpClient,
    base: Url,
    api_key: Option<HeaderValue>,
    rate: Arc<RateLimit>,
    until: Deadline,
    most_bytes: usize,
    clock: Arc<dyn Clock>,
    stats: Arc<CallStats>,
    was_redirected: AtomicBool,
    /// The server's compression is broken.
    asks_plainly: AtomicBool,
}

impl Transport {
    pub(super) fn new(
        options: &ClientOptions,
        rate: Arc<RateLimit>,
        stats: Arc<CallStats>,
    ) -> Result<Self, SicantikError> {
        let ClientOptions { api_url, timeout, access, largest_page, clock, .. } = options;
        let (base, guard) = access.check(api_url)?;
        let bad = |reason: String| SicantikError::BadAddress { reason };
        let authorities = access.authorities()?;
        let http = HttpOptions { timeout: *timeout, guard, authorities, proxy: access.proxy.as_ref() };
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
            until: options.until.clone(),
            most_bytes: (largest_page * BYTES_PER_ROW).max(LEAST_BODY_BYTES),
            clock: Arc::clone(clock),
            stats,
            was_redirected: AtomicBool::new(false),
            asks_plainly: AtomicBool::new(false),
        })
    }

    pub(super) fn base(&self) -> &Url {
        &self.base
    }

    /// What an officer should know of the way to the server.
    pub(super) fn remarks(&self) -> impl Iterator<Item = Message> {
        let plain = self.base.scheme() == "http";
        let plain = plain.then(|| {
            Message::plain("unencrypted", "Plain HTTP: names and telephone numbers travel without encryption.")
        });
        let redirected = self.was_redirected.load(Ordering::Relaxed).then(|| {
            let message = "The server redirects each call; put the address that it leads to into the API URL.";
            Message::plain("redirected", message)
        });
        plain.into_iter().chain(redirected)
    }

    /// What the address answers, redirects followed, and the call that brought it: still open, because what the answer
    /// is worth shows when it is read. An answer whose compression is broken is asked for once more without, and so are
    /// all later ones.
    pub(super) async fn get(&self, endpoint: &'static str, url: Url) -> Result<(Reply, OpenCall), SicantikError> {
        let answered = self.follow(endpoint, url.clone()).await;
        let is_broken = match &answered {
            Ok((reply, _)) => compression::holds_packed(&reply.body),
            Err(SicantikError::Unavailable { reason, .. }) => reason == BROKEN_COMPRESSION,
            Err(_) => false,
        };
        if !is_broken || self.asks_plainly.swap(true, Ordering::Relaxed) {
            return answered;
        }
        if let Ok((_, call)) = answered {
            let (reason, retry_after) = (BROKEN_COMPRESSION.to_owned(), None);
            call.ended(Err(SicantikError::Unavailable { endpoint, reason, retry_after }.code()));
        }
        tracing::info!("SICANTIK's compression is broken; it is asked for answers without it");
        self.follow(endpoint, url).await
    }

    async fn follow(&self, endpoint: &'static str, mut url: Url) -> Result<(Reply, OpenCall), SicantikError> {
        let mut followed = 0;
        loop {
            let (response, call) = self.send(endpoint, &url).await?;
            let reply = match self.redirect(endpoint, &url, &response, followed) {
                Ok(Some(next)) => {
                    call.ended(Ok(()));
                    self.was_redirected.store(true, Ordering::Relaxed);
                    (url, followed) = (next, followed + 1);
                    continue;
                }
                Ok(None) => self.read(endpoint, response).await,
                Err(error) => Err(error),
            };
            return call.with(reply);
        }
    }

    /// Sends one GET as soon as the rate limit has a place, if it may still leave then.
    async fn send(&self, endpoint: &'static str, url: &Url) -> Result<(Response, OpenCall), SicantikError> {
        let client = self.http.to(url).await.map_err(|refused| access::refused(refused, self.host()))?;
        self.rate.ready().await;
        if self.until.has_passed() {
            return Err(SicantikError::LeaseEnded);
        }
        let mut request = client.get(url.clone()).header(header::ACCEPT, "application/xml");
        if self.asks_plainly.load(Ordering::Relaxed) {
            request = request.header(header::ACCEPT_ENCODING, "identity");
        }
        if let Some(key) = self.api_key.as_ref().filter(|_| url.origin() == self.base.origin()) {
            request = request.header(API_KEY, key);
        }
        let call = self.stats.begin(endpoint);
        call.with(request.send().await.map_err(|error| self.failed(endpoint, &error)))
    }

    /// Where to go next: to the same host only, never from https to http, and not for ever.
    fn redirect(
        &self,
        endpoint: &'static str,
        from: &Url,
        response: &Response,
        followed: usize,
    ) -> Result<Option<Url>, SicantikError> {
        let moved = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
        let location = response.headers().get(header::LOCATION).filter(|_| moved);
        let Some(to) = location.and_then(|to| from.join(to.to_str().ok()?).ok()) else { return Ok(None) };
        let refused = |target| Err(SicantikError::Redirect { endpoint, target });
        match (from.scheme(), to.scheme()) {
            _ if to.host() != self.base.host() => refused("to another host"),
            ("https", "http") => refused("from https to http"),
            (_, "http" | "https") if followed == MAX_REDIRECTS => refused("again and again"),
            (_, "http" | "https") => Ok(Some(to)),
            _ => refused("to an address that is not of the web"),
        }
    }

    async fn read(&self, endpoint: &'static str, response: Response) -> Result<Reply, SicantikError> {
        let (status, retry_after) = (response.status(), retry_after(response.headers(), self.clock.now()));
        let unavailable = |reason: &str| {
            let (reason, retry_after) = (reason.to_owned(), retry_after);
            SicantikError::Unavailable { endpoint, reason, retry_after }
        };
        let too_much = || SicantikError::too_much(endpoint, format!("more than {} bytes", self.most_bytes));
        let mut body = read_body(response, self.most_bytes).await.map_err(|error| match error {
            BodyError::Broken(error) if compression::is_broken(&error) => unavailable(BROKEN_COMPRESSION),
            BodyError::Broken(error) => self.failed(endpoint, &error),
            BodyError::TooLarge(_) => too_much(),
        })?;
        if compression::is_packed(&body) {
            let most = self.most_bytes;
            let unpacked = tokio::task::spawn_blocking(move || compression::unpack(body, most)).await;
            body = match unpacked.unwrap_or(Err(Unpack::Broken)) {
                Ok(unpacked) => unpacked,
                Err(Unpack::Broken) => return Err(unavailable(BROKEN_COMPRESSION)),
                Err(Unpack::TooLarge) => return Err(too_much()),
            };
        }
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
