//! A call to a provider, in the one way that all of them are called, and what can be said of it before its answer is read.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONNECTION, HeaderValue};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use url::Url;

use super::{CheckFailed, Holds, Outcome, Reason, Why};
use crate::clock::Clock;
use crate::net::{HttpClient, failure, read_body, retry_after};

/// An answer has a few hundred bytes, a list of texts some thousands.
const MOST_BYTES: usize = 1024 * 1024;

/// No pause that the other side asks for is longer.
const LONGEST_PAUSE: Duration = Duration::from_hours(24);

/// Calls one provider.
#[derive(Debug)]
pub(super) struct Caller {
    provider: &'static str,
    http: Arc<HttpClient>,
    pub(super) clock: Arc<dyn Clock>,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    /// As long as the provider asks to be left alone.
    pub(super) pause: Option<Duration>,
    pub(super) body: Vec<u8>,
}

/// Nothing came back.
pub(super) struct Broken {
    provider: &'static str,
    cause: Cause,
}

enum Cause {
    /// The account's key is none: nothing was sent.
    Key(&'static str),
    /// Nothing was sent.
    Before(String),
    /// It may have arrived all the same.
    After(String),
}

impl Caller {
    pub(super) fn new(provider: &'static str, http: Arc<HttpClient>, clock: Arc<dyn Clock>) -> Self {
        Self { provider, http, clock }
    }

    /// Sends it with this `Authorization`.
    pub(super) async fn ask(
        &self,
        url: &Url,
        authorization: &str,
        request: impl FnOnce(&Client) -> RequestBuilder,
    ) -> Result<Answer, Broken> {
        let http = self.http.to(url).await.map_err(|error| self.broken(Cause::Before(error.to_string())))?;
        let authorization = HeaderValue::from_str(authorization);
        let mut authorization = authorization.map_err(|_| self.no_key("it holds a character that no key has"))?;
        authorization.set_sensitive(true);
        // A connection that is kept may be closed just as the next message is on its way, and nobody could tell
        // whether that arrived.
        let request = request(http).header(AUTHORIZATION, authorization).header(CONNECTION, "close");
        let response = request.send().await.map_err(|error| {
            let told = format!("{:?}", failure(&error));
            self.broken(if error.is_connect() { Cause::Before(told) } else { Cause::After(told) })
        })?;
        self.read(response).await
    }

    /// The account's key cannot be used.
    pub(super) fn no_key(&self, detail: &'static str) -> Broken {
        self.broken(Cause::Key(detail))
    }

    async fn read(&self, response: Response) -> Result<Answer, Broken> {
        let status = response.status().as_u16();
        let pause = retry_after(response.headers(), self.clock.now()).map(|pause| pause.min(LONGEST_PAUSE));
        match read_body(response, MOST_BYTES).await {
            Ok(body) => Ok(Answer { status, pause, body }),
            Err(error) => Err(self.broken(Cause::After(error.to_string()))),
        }
    }

    fn broken(&self, cause: Cause) -> Broken {
        Broken { provider: self.provider, cause }
    }
}

impl Answer {
    /// As JSON; null where it is none.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Broken {
    /// Of a message.
    pub(super) fn outcome(&self) -> Outcome {
        let reason = self.reason();
        match self.cause {
            Cause::Key(_) => Outcome::Later { holds: Holds::Account, pause: None, reason },
            Cause::Before(_) => Outcome::Later { holds: Holds::Sender, pause: None, reason },
            Cause::After(_) => Outcome::Unknown(reason),
        }
    }

    /// As a reason that people are told.
    pub(super) fn reason(&self) -> Reason {
        let (why, detail) = match &self.cause {
            Cause::Key(detail) => (Why::Credentials, *detail),
            Cause::Before(detail) => (Why::ProviderDown, detail.as_str()),
            Cause::After(detail) => (Why::NoAnswer, detail.as_str()),
        };
        Reason::new(why, format!("{}_connection", self.provider), detail)
    }
}

impl From<Broken> for CheckFailed {
    fn from(broken: Broken) -> Self {
        Self { reason: broken.reason() }
    }
}
