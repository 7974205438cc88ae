//! One of Meta's telephone numbers: what goes out by it, and what it says of itself.

use std::sync::Arc;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;

use super::errors::{GraphError, judge};
use super::{NAME, templates};
use crate::clock::Clock;
use crate::net::HttpClient;
use crate::whatsapp::call::{Answer, Broken, Caller};
use crate::whatsapp::fields::daily_limit;
use crate::whatsapp::{AccountState, CheckFailed, Document, Outcome, Outgoing, Provider, Reason, TextTold, Why};

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
    /// Meta's id of the WhatsApp Business Account that the texts are registered with, digits.
    pub business_id: Option<String>,
    /// Of a system user.
    pub token: SecretString,
}

/// One of Meta's telephone numbers.
#[derive(Debug)]
pub struct Account {
    caller: Caller,
    settings: Settings,
}

impl Account {
    /// Nothing is sent yet.
    #[must_use]
    pub fn new(http: Arc<HttpClient>, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        Self { caller: Caller::new(NAME, http, clock), settings }
    }

    /// Of what belongs to this id of Meta's.
    fn url(&self, id: &str, further: &str) -> Url {
        let mut url = self.settings.base.clone();
        url.set_path(&format!("/{}/{id}{further}", self.settings.version));
        url
    }

    /// Sends it as this account.
    async fn ask(&self, url: &Url, request: impl FnOnce(&Client) -> RequestBuilder) -> Result<Answer, Broken> {
        let token = format!("Bearer {}", self.settings.token.expose_secret());
        self.caller.ask(url, &token, request).await
    }
}

impl Provider for Account {
    async fn send(&self, message: &Outgoing<'_>) -> Outcome {
        let url = self.url(&self.settings.phone_number_id, "/messages");
        let body = body(message).to_string();
        let post = |http: &Client| http.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body);
        match self.ask(&url, post).await {
            Ok(answer) => outcome(&answer),
            Err(broken) => broken.outcome(),
        }
    }

    async fn check(&self) -> Result<AccountState, CheckFailed> {
        let mut url = self.url(&self.settings.phone_number_id, "");
        url.query_pairs_mut().append_pair("fields", FIELDS);
        let answer = self.ask(&url, |http| http.get(url.clone())).await?;
        state(&answer).map_err(|reason| CheckFailed { reason })
    }

    /// Page by page, until what was asked for is found.
    async fn text_states(&self, texts: &[(&str, &str)]) -> Result<Vec<TextTold>, CheckFailed> {
        let mut told = Vec::new();
        let Some(business_id) = self.settings.business_id.as_ref().filter(|_| !texts.is_empty()) else {
            return Ok(told);
        };
        let mut after = None;
        for _ in 0..templates::MOST_PAGES {
            let mut url = self.url(business_id, "/message_templates");
            let asked = [("fields", templates::FIELDS), ("limit", templates::AT_ONCE)];
            url.query_pairs_mut().extend_pairs(asked).extend_pairs(after.map(|after: String| ("after", after)));
            let answer = self.ask(&url, |http| http.get(url.clone())).await?;
            let page = answer.json();
            if !page["data"].is_array() {
                return Err(CheckFailed { reason: no_answer(&answer, &page) });
            }
            told.extend(templates::told(&page, texts));
            after = templates::next(&page);
            if after.is_none() || told.len() >= texts.len() {
                break;
            }
        }
        Ok(told)
    }
}

/// As Meta's OpenAPI has it; it demands `recipient_type` and the language's `policy`.
fn body(message: &Outgoing<'_>) -> Value {
    json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.to.trim_start_matches('+'),
        "type": "template",
        "template": {
            "name": message.text,
            "language": { "policy": "deterministic", "code": message.language },
            "components": components(message),
        },
        "biz_opaque_callback_data": message.reference,
    })
}

/// As Meta writes them; Vonage passes them on.
pub(in crate::whatsapp) fn components(message: &Outgoing<'_>) -> Vec<Value> {
    let text = |value: &str| json!({ "type": "text", "text": value });
    let mut components = Vec::new();
    if let Some(Document { link, name }) = message.header {
        let document = json!({ "type": "document", "document": { "link": link, "filename": name } });
        components.push(json!({ "type": "header", "parameters": [document] }));
    }
    let values: Vec<Value> = message.parameters.values().iter().map(|value| text(value)).collect();
    if !values.is_empty() {
        components.push(json!({ "type": "body", "parameters": values }));
    }
    if let Some(ending) = message.button {
        components.push(json!({ "type": "button", "sub_type": "url", "index": "0", "parameters": [text(ending)] }));
    }
    components
}

/// An id is a message, whatever stands beside it. An error without one is an error, whatever the status.
fn outcome(answer: &Answer) -> Outcome {
    let (Answer { status, pause, .. }, said) = (answer, answer.json());
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
    let said = answer.json();
    let text = |key: &str| said[key].as_str().map(str::to_owned);
    match text("display_phone_number") {
        Some(number) if answer.status == 200 && !said["error"].is_object() => Ok(AccountState {
            number,
            name: text("verified_name").unwrap_or_default(),
            daily_limit: daily_limit(&said["whatsapp_business_manager_messaging_limit"]),
            quality: text("quality_rating"),
        }),
        _ => Err(no_answer(answer, &said)),
    }
}

/// What came in place of what was asked for.
fn no_answer(answer: &Answer, said: &Value) -> Reason {
    if said["error"].is_object() {
        return GraphError::of(&said["error"]).as_failure();
    }
    Reason::new(Why::NoAnswer, format!("{NAME}_{}", answer.status), "no answer of Meta's")
}
