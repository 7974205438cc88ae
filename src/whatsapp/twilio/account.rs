//! A number at Twilio, or a Messaging Service of several: what goes out by it, and what Twilio says of its texts.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use super::errors::TwilioError;
use super::{CHANNEL, NAME, REFERENCE};
use crate::clock::Clock;
use crate::net::HttpClient;
use crate::whatsapp::call::{Answer, Broken, Caller};
use crate::whatsapp::fields::text;
use crate::whatsapp::{AccountState, CheckFailed, Outcome, Outgoing, Provider, Reason, TextState, TextTold, Why};

/// Before the id of a Messaging Service.
const SERVICE: &str = "MG";

/// A content template's id: `HX` and 32 digits.
const CONTENT: (&str, usize) = ("HX", 34);

/// In the fragment of an address: to call again, at most five times in its fifteen seconds, where we do not answer or say
/// that we cannot now. Twilio would call again only where no connection was made.
const AGAIN: &str = "rc=5&rp=5xx,ct,rt";

/// How an account is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Twilio's own, but in tests: the API.
    pub base: Url,
    /// Where the content templates are.
    pub content: Url,
    /// `AC` and 32 hex digits.
    pub account_sid: String,
    /// Of the API key, `SK` and 32 hex digits.
    pub key_sid: String,
    /// A number, E.164 with the plus, or a Messaging Service: `MG` and 32 hex digits.
    pub sender: String,
    /// Of the API key.
    pub secret: SecretString,
}

/// A number at Twilio, or a Messaging Service.
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

    /// Of what belongs to the account.
    fn url(&self, further: &str) -> Url {
        let mut url = self.settings.base.clone();
        url.set_path(&format!("/2010-04-01/Accounts/{}/{further}", self.settings.account_sid));
        url
    }

    /// Sends it as this account.
    async fn ask(&self, url: &Url, request: impl FnOnce(&Client) -> RequestBuilder) -> Result<Answer, Broken> {
        let Settings { key_sid, secret, .. } = &self.settings;
        let key = BASE64_STANDARD.encode(format!("{key_sid}:{}", secret.expose_secret()));
        self.caller.ask(url, &format!("Basic {key}"), request).await
    }

    fn form(&self, message: &Outgoing<'_>) -> String {
        let sender = &self.settings.sender;
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("To", &format!("{CHANNEL}{}", message.to));
        if sender.starts_with(SERVICE) {
            form.append_pair("MessagingServiceSid", sender);
        } else {
            form.append_pair("From", &format!("{CHANNEL}{sender}"));
        }
        form.append_pair("ContentSid", message.text);
        let variables = variables(message);
        if !variables.is_empty() {
            form.append_pair("ContentVariables", &Value::from(variables).to_string());
        }
        form.extend_pairs(callback(message).map(|callback| ("StatusCallback", callback)));
        form.finish()
    }
}

impl Provider for Account {
    async fn send(&self, message: &Outgoing<'_>) -> Outcome {
        let (url, form) = (self.url("Messages.json"), self.form(message));
        let kind = "application/x-www-form-urlencoded";
        let post = |http: &Client| http.post(url.clone()).header(CONTENT_TYPE, kind).body(form);
        match self.ask(&url, post).await {
            Ok(answer) => outcome(&answer),
            Err(broken) => broken.outcome(),
        }
    }

    /// Proves that the key opens the account; not that the number is a sender of WhatsApp. A standard key may not read
    /// the account itself, and a list of messages would show what people are told.
    async fn check(&self) -> Result<AccountState, CheckFailed> {
        let mut url = self.url("IncomingPhoneNumbers.json");
        url.query_pairs_mut().append_pair("PageSize", "1");
        let answer = self.ask(&url, |http| http.get(url.clone())).await?;
        if answer.status != 200 || !answer.json()["incoming_phone_numbers"].is_array() {
            return Err(CheckFailed { reason: no_answer(&answer) });
        }
        let sender = &self.settings.sender;
        let number = if sender.starts_with(SERVICE) { String::new() } else { sender.clone() };
        Ok(AccountState { number, name: String::new(), daily_limit: None, quality: None })
    }

    /// A content template has one language.
    async fn text_states(&self, texts: &[(&str, &str)]) -> Result<Vec<TextTold>, CheckFailed> {
        let mut told = Vec::new();
        for (name, language) in texts.iter().filter(|(name, _)| is_content(name)) {
            let mut url = self.settings.content.clone();
            url.set_path(&format!("/v1/Content/{name}/ApprovalRequests"));
            let answer = self.ask(&url, |http| http.get(url.clone())).await?;
            if answer.status == 404 {
                continue;
            }
            let said = answer.json();
            if answer.status != 200 {
                return Err(CheckFailed { reason: no_answer(&answer) });
            }
            told.extend(state(&said["whatsapp"]).map(|state| TextTold {
                name: (*name).to_owned(),
                language: (*language).to_owned(),
                state,
                category: text(&said["whatsapp"]["category"]),
            }));
        }
        Ok(told)
    }
}

/// A content template counts its variables through all its parts. Those of the words come first, then what ends the
/// address of the button, then the document's link, which Twilio takes for its name, too: `{{1}}` to `{{n}}` in `body`,
/// the next in the button's `url`, the last in `media`.
fn variables(message: &Outgoing<'_>) -> Map<String, Value> {
    let values = message.parameters.values().iter().map(String::as_str);
    let values = values.chain(message.button).chain(message.header.map(|document| document.link));
    values.enumerate().map(|(at, value)| ((at + 1).to_string(), value.into())).collect()
}

/// Where Twilio tells what became of the message. It leaves the fragment out of what it calls, and of what it signs.
fn callback(message: &Outgoing<'_>) -> Option<String> {
    let mut callback = Url::parse(message.receipts?).ok()?;
    callback.query_pairs_mut().append_pair(REFERENCE, message.reference);
    callback.set_fragment(Some(AGAIN));
    Some(callback.into())
}

fn is_content(name: &str) -> bool {
    let (start, length) = CONTENT;
    name.len() == length && name.starts_with(start) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// An id is a message, unless Twilio says in the same breath that it failed.
fn outcome(answer: &Answer) -> Outcome {
    let (Answer { status, pause, .. }, said) = (answer, answer.json());
    let has_failed = matches!(said["status"].as_str(), Some("failed" | "undelivered" | "canceled"));
    match text(&said["sid"]) {
        Some(id) if !has_failed => Outcome::Accepted { id },
        Some(_) => TwilioError::of(&said["error_code"], &said["error_message"]).as_outcome(*status, *pause),
        None if (200..300).contains(status) => {
            Outcome::Unknown(Reason::new(Why::NoAnswer, format!("{NAME}_{status}"), "an answer without an id"))
        }
        None => TwilioError::of(&said["code"], &said["message"]).as_outcome(*status, *pause),
    }
}

/// What came in place of what was asked for.
fn no_answer(answer: &Answer) -> Reason {
    let said = answer.json();
    TwilioError::of(&said["code"], &said["message"]).as_refusal(answer.status)
}

/// One that was never handed in says nothing.
fn state(whatsapp: &Value) -> Option<TextState> {
    Some(match whatsapp["status"].as_str()? {
        "approved" => TextState::Approved,
        "received" | "pending" | "in_appeal" => TextState::Pending,
        "rejected" => TextState::Rejected,
        "paused" => TextState::Paused,
        "disabled" => TextState::Disabled,
        _ => return None,
    })
}
