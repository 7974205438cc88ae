//! A number at Bird: what goes out by it, and what Bird says of it and of its texts.

use std::sync::Arc;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::NAME;
use super::errors::{BirdError, MessageError};
use crate::clock::Clock;
use crate::net::HttpClient;
use crate::whatsapp::call::{Answer, Broken, Caller};
use crate::whatsapp::fields::{daily_limit, list, text};
use crate::whatsapp::{
    AccountState, CheckFailed, Document, Outcome, Outgoing, Provider, Reason, TextState, TextTold, Why,
};

/// What a template's id begins with; anything else is its slug.
const TEMPLATE_ID: &str = "wat_";

/// Of a document's name.
const LONGEST_NAME: usize = 100;

/// A number in one of these states sends nothing.
const CLOSED: [&str; 7] = ["awaiting_signup", "banned", "deleted", "disconnected", "failed", "migrated", "preparing"];

/// How an account is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the key's region is, but in tests: see [`base_of`].
    pub base: Url,
    /// E.164, with the plus.
    pub number: String,
    /// `bk_<region>_…`.
    pub key: SecretString,
}

/// A number at Bird.
#[derive(Debug)]
pub struct Account {
    caller: Caller,
    settings: Settings,
}

/// Where the region is that a key names: `bk_eu1_…` opens `https://eu1.platform.bird.com`. `None` = it names none.
#[must_use]
pub fn base_of(key: &SecretString) -> Option<Url> {
    let key = key.expose_secret();
    let (region, token) = key.strip_prefix("bk_").or_else(|| key.strip_prefix("bm_"))?.split_once('_')?;
    let number = region.trim_start_matches(|letter: char| letter.is_ascii_lowercase());
    let is_region = region.len() == number.len() + 2 && number.bytes().all(|digit| digit.is_ascii_digit());
    let is_key = is_region && !number.is_empty() && !token.is_empty();
    Url::parse(&format!("https://{region}.platform.bird.com")).ok().filter(|_| is_key)
}

impl Account {
    /// Nothing is sent yet.
    #[must_use]
    pub fn new(http: Arc<HttpClient>, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        Self { caller: Caller::new(NAME, http, clock), settings }
    }

    fn url(&self, further: &str) -> Url {
        let mut url = self.settings.base.clone();
        url.set_path(&format!("/v1/whatsapp/{further}"));
        url
    }

    /// Sends it as this account.
    async fn ask(&self, url: &Url, request: impl FnOnce(&Client) -> RequestBuilder) -> Result<Answer, Broken> {
        let key = format!("Bearer {}", self.settings.key.expose_secret());
        self.caller.ask(url, &key, request).await
    }

    /// What came of it, and whether Bird knows the key and tells the same again: what failed on its side it forgets.
    async fn hand_over(&self, message: &Outgoing<'_>, key: &str) -> (Outcome, bool) {
        let (url, body) = (self.url("messages"), self.body(message).to_string());
        let post = |http: &Client| {
            let post = http.post(url.clone()).header("idempotency-key", key);
            post.header(CONTENT_TYPE, "application/json").body(body)
        };
        match self.ask(&url, post).await {
            Ok(answer) => (outcome(&answer), answer.status < 500),
            Err(broken) => (broken.outcome(), true),
        }
    }

    fn body(&self, message: &Outgoing<'_>) -> Value {
        let by = if message.text.starts_with(TEMPLATE_ID) { "id" } else { "slug" };
        json!({
            "to": message.to,
            "from": self.settings.number,
            "template": { by: message.text, "language": message.language, "components": components(message) },
            "metadata": { "reference": message.reference },
        })
    }
}

impl Provider for Account {
    /// Where no answer came, or none that can be understood, it is handed over once more with the same key: Bird remembers for
    /// about three hours what it answered to a key, and takes nothing twice. Only now, because what waits may wait for longer;
    /// and only what Bird took or refused says what became of the first, since it may be too busy to look. Each attempt
    /// has a key of its own: what was refused, Bird would refuse again without a look.
    async fn send(&self, message: &Outgoing<'_>) -> Outcome {
        let key = Uuid::new_v4().to_string();
        let (first, is_remembered) = self.hand_over(message, &key).await;
        if !matches!(first, Outcome::Unknown(_)) || !is_remembered {
            return first;
        }
        match self.hand_over(message, &key).await {
            (known @ (Outcome::Accepted { .. } | Outcome::Refused(_)), _) => known,
            (Outcome::Later { .. } | Outcome::Unknown(_), _) => first,
        }
    }

    async fn check(&self) -> Result<AccountState, CheckFailed> {
        let mut url = self.url("numbers");
        url.query_pairs_mut().append_pair("phone_number", &self.settings.number).append_pair("limit", "1");
        let answer = self.ask(&url, |http| http.get(url.clone())).await?;
        state(&answer, &self.settings.number).map_err(|reason| CheckFailed { reason })
    }

    /// A template has all its languages.
    async fn text_states(&self, texts: &[(&str, &str)]) -> Result<Vec<TextTold>, CheckFailed> {
        let mut told = Vec::new();
        for (at, (name, _)) in texts.iter().enumerate().filter(|(_, (name, _))| is_template(name)) {
            if texts[..at].iter().any(|(before, _)| before == name) {
                continue;
            }
            let url = self.url(&format!("templates/{name}"));
            let answer = self.ask(&url, |http| http.get(url.clone())).await?;
            if answer.status == 404 {
                continue;
            }
            let said = answer.json();
            let Some(languages) = said["languages"].as_object().filter(|_| answer.status == 200) else {
                return Err(CheckFailed { reason: BirdError::of(&answer).as_refusal() });
            };
            for (_, language) in texts.iter().filter(|(asked, _)| asked == name) {
                // Meta writes `en_US`.
                let state = languages.get(&language.replace('_', "-")).and_then(text_state);
                told.extend(state.map(|state| TextTold {
                    name: (*name).to_owned(),
                    language: (*language).to_owned(),
                    state,
                    category: text(&said["category"]),
                }));
            }
        }
        Ok(told)
    }
}

/// As the SDK's models have them: one part for a button, in the order of those that take a value.
fn components(message: &Outgoing<'_>) -> Vec<Value> {
    let text = |value: &str| json!({ "type": "text", "text": value });
    let mut components = Vec::new();
    if let Some(Document { link, name }) = message.header {
        let name: String = name.chars().take(LONGEST_NAME).collect();
        let document = json!({ "type": "document", "url": link, "filename": name });
        components.push(json!({ "type": "header", "parameters": [document] }));
    }
    let values: Vec<Value> = message.parameters.values().iter().map(|value| text(value)).collect();
    if !values.is_empty() {
        components.push(json!({ "type": "body", "parameters": values }));
    }
    if let Some(ending) = message.button {
        components.push(json!({ "type": "button", "parameters": [text(ending)] }));
    }
    components
}

fn is_template(name: &str) -> bool {
    let is_of_it = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    !name.is_empty() && name.bytes().all(is_of_it)
}

/// An id is a message, unless Bird says in the same breath that it failed.
fn outcome(answer: &Answer) -> Outcome {
    let (Answer { status, pause, .. }, said) = (answer, answer.json());
    if !(200..300).contains(status) {
        return BirdError::of(answer).as_outcome(*pause);
    }
    let has_failed = matches!(said["status"].as_str(), Some("failed" | "rejected" | "canceled"));
    match text(&said["id"]) {
        Some(id) if !has_failed => Outcome::Accepted { id },
        Some(_) => MessageError::of(&said["last_error"]).as_outcome(*pause),
        None => Outcome::Unknown(Reason::new(Why::NoAnswer, format!("{NAME}_{status}"), "an answer without an id")),
    }
}

fn state(answer: &Answer, number: &str) -> Result<AccountState, Reason> {
    let said = answer.json();
    if answer.status != 200 || !said["data"].is_array() {
        return Err(BirdError::of(answer).as_refusal());
    }
    let blocked = |detail: &str| Reason::new(Why::AccountBlocked, format!("{NAME}_number"), detail);
    let found = list(&said["data"]).iter().find(|found| found["phone_number"] == number);
    let found = found.ok_or_else(|| blocked("the key's workspace has no such number"))?;
    match found["status"].as_str() {
        Some(status) if CLOSED.contains(&status) => Err(blocked(status)),
        _ => Ok(AccountState {
            number: number.to_owned(),
            name: text(&found["name"]).unwrap_or_default(),
            daily_limit: daily_limit(&found["messaging_limit"]),
            quality: text(&found["quality_rating"]).map(|quality| quality.to_ascii_uppercase()),
        }),
    }
}

fn text_state(language: &Value) -> Option<TextState> {
    Some(match language["status"].as_str()? {
        "approved" => TextState::Approved,
        "pending" | "in_appeal" => TextState::Pending,
        "rejected" | "submit_failed" => TextState::Rejected,
        "paused" | "limit_exceeded" => TextState::Paused,
        "disabled" | "pending_deletion" | "archived" | "deleted" => TextState::Disabled,
        _ => return None,
    })
}
