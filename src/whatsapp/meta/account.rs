//! One of Meta's telephone numbers: what goes out by it, and what it says of itself.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::AUTHORIZATION;
use reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::PREFIX;
use super::errors::{GraphError, judge};
use crate::clock::Clock;
use crate::net::{HttpClient, failure, read_body, retry_after};
use crate::whatsapp::{AccountState, CheckFailed, Holds, Outcome, Outgoing, Provider, Reason, Why};

/// An answer has a few hundred.
const MOST_BYTES: usize = 256 * 1024;

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

/// An answer to a message. One with an error inside is an error, whatever its status.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sent {
    messages: Vec<Id>,
    error: Option<GraphError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Id {
    id: String,
}

/// The number, as a check finds it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Number {
    display_phone_number: String,
    verified_name: String,
    quality_rating: Option<String>,
    whatsapp_business_manager_messaging_limit: Option<String>,
    error: Option<GraphError>,
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

    /// Sends it as this account. `Err` when there was no whole answer, and whether it certainly did not arrive.
    async fn ask(&self, url: &Url, request: impl FnOnce(&reqwest::Client) -> RequestBuilder) -> Result<Answer, Broken> {
        let certainly = |error: &(dyn std::error::Error + 'static)| Broken::before(format!("{:?}", failure(error)));
        let http = self.http.to(url).await.map_err(|error| certainly(&error))?;
        let token = format!("Bearer {}", self.settings.token.expose_secret());
        let mut token = reqwest::header::HeaderValue::from_str(&token)
            .map_err(|_| Broken::before("the token holds a character that no token has".to_owned()))?;
        token.set_sensitive(true);
        let response = request(http).header(AUTHORIZATION, token).send().await.map_err(|error| {
            let broken = certainly(&error);
            Broken { arrived: !error.is_connect(), ..broken }
        })?;
        self.read(response).await
    }

    async fn read(&self, response: Response) -> Result<Answer, Broken> {
        let status = response.status().as_u16();
        let pause = retry_after(response.headers(), self.clock.now());
        match read_body(response, MOST_BYTES).await {
            Ok(body) => Ok(Answer { status, pause, body }),
            Err(error) => Err(Broken { arrived: true, detail: error.to_string() }),
        }
    }
}

/// What came back.
struct Answer {
    status: u16,
    pause: Option<Duration>,
    body: Vec<u8>,
}

/// Nothing came back.
struct Broken {
    /// It may have arrived all the same.
    arrived: bool,
    detail: String,
}

impl Broken {
    fn before(detail: String) -> Self {
        Self { arrived: false, detail }
    }

    fn reason(&self) -> Reason {
        let why = if self.arrived { Why::NoAnswer } else { Why::ProviderDown };
        Reason::new(why, format!("{PREFIX}_connection"), &self.detail)
    }
}

impl Provider for Account {
    async fn send(&self, message: &Outgoing<'_>) -> Outcome {
        let url = self.url("/messages");
        let body = body(message).to_string();
        let json =
            |http: &reqwest::Client| http.post(url.clone()).header("Content-Type", "application/json").body(body);
        match self.ask(&url, json).await {
            Ok(answer) => outcome(&answer),
            Err(broken) if broken.arrived => Outcome::Unknown(broken.reason()),
            Err(broken) => Outcome::Later { holds: Holds::Sender, pause: None, reason: broken.reason() },
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

fn outcome(answer: &Answer) -> Outcome {
    let Answer { status, pause, body } = answer;
    let Ok(sent) = serde_json::from_slice::<Sent>(body) else {
        if *status == 200 {
            return Outcome::Unknown(Reason::new(Why::NoAnswer, format!("{PREFIX}_200"), "no answer of Meta's"));
        }
        return judge(*status, *pause, "", None);
    };
    if let Some(error) = sent.error {
        return error.as_outcome(*status, *pause);
    }
    match sent.messages.into_iter().next() {
        Some(Id { id }) if *status == 200 && !id.is_empty() => Outcome::Accepted { id },
        _ if *status == 200 => {
            Outcome::Unknown(Reason::new(Why::NoAnswer, format!("{PREFIX}_200"), "an answer without an id"))
        }
        _ => judge(*status, *pause, "", None),
    }
}

fn state(answer: &Answer) -> Result<AccountState, Reason> {
    let number: Number = serde_json::from_slice(&answer.body).unwrap_or_default();
    if let Some(error) = number.error {
        return Err(error.as_failure());
    }
    if answer.status != 200 || number.display_phone_number.is_empty() {
        let code = format!("{PREFIX}_{}", answer.status);
        return Err(Reason::new(Why::NoAnswer, code, "no answer of Meta's"));
    }
    Ok(AccountState {
        number: number.display_phone_number,
        name: number.verified_name,
        recipients_per_day: number.whatsapp_business_manager_messaging_limit.as_deref().and_then(recipients),
        quality: number.quality_rating,
    })
}

/// `TIER_2K` = 2,000. Others, `TIER_UNLIMITED` among them, set none.
pub(super) fn recipients(tier: &str) -> Option<u32> {
    let tier = tier.strip_prefix("TIER_")?;
    match tier.strip_suffix('K') {
        Some(thousands) => thousands.parse::<u32>().ok()?.checked_mul(1_000),
        None => tier.parse().ok(),
    }
}
