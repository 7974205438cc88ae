//! One of Meta's telephone numbers: what goes out by it, and what it says of itself.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONNECTION, CONTENT_TYPE, HeaderValue};
use reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;

use super::NAME;
use super::errors::{GraphError, judge};
use crate::clock::Clock;
use crate::net::{HttpClient, failure, read_body, retry_after};
use crate::whatsapp::{AccountState, CheckFailed, DailyLimit, Holds, Outcome, Outgoing, Provider, Reason, Why};

/// An answer has a few hundred.
const MOST_BYTES: usize = 256 * 1024;

/// No pause that the other side asks for is longer.
const LONGEST_PAUSE: Duration = Duration::from_hours(24);

/// What a check asks for.
const FIELDS: &str = "display_phone_number,verified_name,quality_rating,whatsapp_business_manager_messaging_limit";

/// How an account is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Meta's own, but in tests.
    pub base: Url,
    /// Of the Graph API: `v26.0`.
    pub version: String,
    /// Meta's id of the telephone number, digits; not the number.
    pub phone_number_id: String,
    /// Of a system user.
    pub token: SecretString,
}

/// One of Meta's telephone numbers.
#[derive(Debug)]
pub struct Account {
    http: Arc<HttpClient>,
    settings: Settings,
    clock: Arc<dyn Clock>,
}

/// What came back.
struct Answer {
    status: u16,
    pause: Option<Duration>,
    body: Vec<u8>,
}

/// Nothing came back.
enum Broken {
    /// The token is none.
    Token,
    /// Nothing was sent.
    Before(String),
    /// It may have arrived all the same.
    After(String),
}

impl Account {
    /// Nothing is sent yet.
    #[must_use]
    pub fn new(http: Arc<HttpClient>, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        Self { http, settings, clock }
    }

    fn url(&self, further: &str) -> Url {
        let Settings { base, version, phone_number_id, .. } = &self.settings;
        let mut url = base.clone();
        url.set_path(&format!("/{version}/{phone_number_id}{further}"));
        url
    }

    /// Sends it as this account.
    async fn ask(&self, url: &Url, request: impl FnOnce(&reqwest::Client) -> RequestBuilder) -> Result<Answer, Broken> {
        let http = self.http.to(url).await.map_err(|error| Broken::Before(error.to_string()))?;
        let token = format!("Bearer {}", self.settings.token.expose_secret());
        let mut token = HeaderValue::from_str(&token).map_err(|_| Broken::Token)?;
        token.set_sensitive(true);
        // A connection that is kept may be closed just as the next message is on its way, and nobody could tell
        // whether that arrived.
        let request = request(http).header(AUTHORIZATION, token).header(CONNECTION, "close");
        let response = request.send().await.map_err(|error| {
            let told = format!("{:?}", failure(&error));
            if error.is_connect() { Broken::Before(told) } else { Broken::After(told) }
        })?;
        self.read(response).await
    }

    async fn read(&self, response: Response) -> Result<Answer, Broken> {
        let status = response.status().as_u16();
        let pause = retry_after(response.headers(), self.clock.now()).map(|pause| pause.min(LONGEST_PAUSE));
        match read_body(response, MOST_BYTES).await {
            Ok(body) => Ok(Answer { status, pause, body }),
            Err(error) => Err(Broken::After(error.to_string())),
        }
    }
}

impl Provider for Account {
    async fn send(&self, message: &Outgoing<'_>) -> Outcome {
        let url = self.url("/messages");
        let body = body(message).to_string();
        let post = |http: &reqwest::Client| http.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body);
        match self.ask(&url, post).await {
            Ok(answer) => outcome(&answer),
            Err(broken) => broken.outcome(),
        }
    }

    async fn check(&self) -> Result<AccountState, CheckFailed> {
        let mut url = self.url("");
        url.query_pairs_mut().append_pair("fields", FIELDS);
        let answer = self.ask(&url, |http| http.get(url.clone())).await;
        let answer = answer.map_err(|broken| CheckFailed { reason: broken.reason() })?;
        state(&answer).map_err(|reason| CheckFailed { reason })
    }
}

impl Broken {
    fn outcome(&self) -> Outcome {
        let reason = self.reason();
        match self {
            Self::Token => Outcome::Later { holds: Holds::Account, pause: None, reason },
            Self::Before(_) => Outcome::Later { holds: Holds::Sender, pause: None, reason },
            Self::After(_) => Outcome::Unknown(reason),
        }
    }

    fn reason(&self) -> Reason {
        let (why, detail) = match self {
            Self::Token => (Why::Credentials, "the token holds a character that no token has"),
            Self::Before(detail) => (Why::ProviderDown, detail.as_str()),
            Self::After(detail) => (Why::NoAnswer, detail.as_str()),
        };
        Reason::new(why, format!("{NAME}_connection"), detail)
    }
}

/// As Meta's OpenAPI has it; it demands `recipient_type` and the language's `policy`.
fn body(message: &Outgoing<'_>) -> Value {
    let parameters = message.parameters.values().iter().map(|value| json!({ "type": "text", "text": value }));
    let parameters: Vec<Value> = parameters.collect();
    let components =
        if parameters.is_empty() { json!([]) } else { json!([{ "type": "body", "parameters": parameters }]) };
    json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.to.trim_start_matches('+'),
        "type": "template",
        "template": {
            "name": message.text,
            "language": { "policy": "deterministic", "code": message.language },
            "components": components,
        },
        "biz_opaque_callback_data": message.reference,
    })
}

/// An id is a message, whatever stands beside it. An error without one is an error, whatever the status.
fn outcome(answer: &Answer) -> Outcome {
    let Answer { status, pause, body } = answer;
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    if let Some(id) = said["messages"][0]["id"].as_str().filter(|id| !id.is_empty()) {
        return Outcome::Accepted { id: id.to_owned() };
    }
    if said["error"].is_object() {
        return GraphError::of(&said["error"]).as_outcome(*status, *pause);
    }
    if *status == 200 {
        return Outcome::Unknown(Reason::new(Why::NoAnswer, format!("{NAME}_200"), "an answer without an id"));
    }
    judge(*status, *pause, "", None)
}

fn state(answer: &Answer) -> Result<AccountState, Reason> {
    let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if said["error"].is_object() {
        return Err(GraphError::of(&said["error"]).as_failure());
    }
    let text = |key: &str| said[key].as_str().map(str::to_owned);
    match text("display_phone_number") {
        Some(number) if answer.status == 200 => Ok(AccountState {
            number,
            name: text("verified_name").unwrap_or_default(),
            daily_limit: daily_limit(&said["whatsapp_business_manager_messaging_limit"]),
            quality: text("quality_rating"),
        }),
        _ => Err(Reason::new(Why::NoAnswer, format!("{NAME}_{}", answer.status), "no answer of Meta's")),
    }
}

/// `TIER_2K` is 2,000. What is none of Meta's tiers says nothing.
pub(super) fn daily_limit(value: &Value) -> Option<DailyLimit> {
    if let Some(number) = value.as_u64() {
        return u32::try_from(number).ok().filter(|people| *people > 0).map(DailyLimit::People);
    }
    let text = value.as_str()?;
    let tier = text.strip_prefix("TIER_").unwrap_or(text);
    if tier == "UNLIMITED" {
        return Some(DailyLimit::Unlimited);
    }
    let (number, times) = tier.strip_suffix('K').map_or((tier, 1), |thousands| (thousands, 1_000));
    number.parse::<u32>().ok()?.checked_mul(times).filter(|people| *people > 0).map(DailyLimit::People)
}
