//! A number at Vonage, and the application that it belongs to: what goes out by it. Vonage tells nothing of texts.

use std::sync::Arc;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::NAME;
use super::errors::VonageError;
use super::token::Signer;
use crate::clock::Clock;
use crate::net::HttpClient;
use crate::whatsapp::call::{Answer, Broken, Caller};
use crate::whatsapp::fields::text;
use crate::whatsapp::meta;
use crate::whatsapp::{AccountState, CheckFailed, Outcome, Outgoing, Provider, Reason, Why};

/// How an account is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Vonage's own, but in tests.
    pub base: Url,
    /// The number, digits.
    pub number: String,
    /// Of the application, a UUID.
    pub application_id: String,
    /// Of the application: RSA, PEM, also where its line breaks were lost.
    pub private_key: SecretString,
}

/// A number at Vonage.
#[derive(Debug)]
pub struct Account {
    caller: Caller,
    signer: Option<Signer>,
    settings: Settings,
}

impl Account {
    /// Nothing is sent yet.
    #[must_use]
    pub fn new(http: Arc<HttpClient>, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        let signer = Signer::new(&settings.application_id, &settings.private_key);
        Self { caller: Caller::new(NAME, http, clock), signer, settings }
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.settings.base.clone();
        url.set_path(path);
        url
    }

    /// Sends it as the application.
    async fn ask(&self, url: &Url, request: impl FnOnce(&Client) -> RequestBuilder) -> Result<Answer, Broken> {
        let token = self.signer.as_ref().and_then(|signer| signer.token(self.caller.clock.now()));
        let token = token.ok_or_else(|| self.caller.no_key("it is no private key of RSA in PEM"))?;
        self.caller.ask(url, &format!("Bearer {token}"), request).await
    }

    fn body(&self, message: &Outgoing<'_>) -> Value {
        let mut body = json!({
            "channel": "whatsapp",
            "to": message.to.trim_start_matches('+'),
            "from": self.settings.number,
            "client_ref": message.reference,
        });
        if let Some(receipts) = message.receipts {
            body["webhook_url"] = receipts.into();
            body["webhook_version"] = "v1".into();
        }
        if message.button.is_some() || message.header.is_some() {
            body["message_type"] = "custom".into();
            body["custom"] = json!({ "type": "template", "template": as_meta_has_it(message) });
            return body;
        }
        body["message_type"] = "template".into();
        body["template"] = json!({ "name": message.text });
        let values = message.parameters.values();
        if !values.is_empty() {
            body["template"]["parameters"] = values.into();
        }
        body["whatsapp"] = json!({ "policy": "deterministic", "locale": message.language });
        body
    }
}

impl Provider for Account {
    async fn send(&self, message: &Outgoing<'_>) -> Outcome {
        let (url, body) = (self.url("/v1/messages"), self.body(message).to_string());
        let post = |http: &Client| http.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body);
        match self.ask(&url, post).await {
            Ok(answer) => outcome(&answer),
            Err(broken) => broken.outcome(),
        }
    }

    /// Proves that the key is the application's, by a question that any application may ask: who its users are, of which
    /// ours has none. It says nothing of the number, which Vonage tells nobody by this key.
    async fn check(&self) -> Result<AccountState, CheckFailed> {
        let mut url = self.url("/v1/users");
        url.query_pairs_mut().append_pair("page_size", "1");
        let answer = self.ask(&url, |http| http.get(url.clone())).await?;
        if answer.status != 200 || !answer.json().is_object() {
            return Err(CheckFailed { reason: VonageError::of(&answer.json()).as_refusal(answer.status) });
        }
        let number = format!("+{}", self.settings.number);
        Ok(AccountState { number, name: String::new(), daily_limit: None, quality: None })
    }
}

/// What goes to Meta as it is. Meta knows the text without the namespace that may stand before its name.
fn as_meta_has_it(message: &Outgoing<'_>) -> Value {
    let name = message.text.rsplit(':').next().unwrap_or(message.text);
    json!({
        "name": name,
        "language": { "policy": "deterministic", "code": message.language },
        "components": meta::components(message),
    })
}

/// An id is a message, whatever stands beside it.
fn outcome(answer: &Answer) -> Outcome {
    let (Answer { status, pause, .. }, said) = (answer, answer.json());
    let error = VonageError::of(&said);
    match text(&said["message_uuid"]) {
        Some(id) => Outcome::Accepted { id },
        None if (200..300).contains(status) && !error.is_known() => {
            Outcome::Unknown(Reason::new(Why::NoAnswer, format!("{NAME}_{status}"), "an answer without an id"))
        }
        None => error.as_outcome(*status, *pause),
    }
}
