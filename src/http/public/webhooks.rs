//! What providers of messages tell: receipts and answers. Judged by their signature, and kept in the store before they are
//! acknowledged, so that the provider repeats what was not kept.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Extension;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::uri::PathAndQuery;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::Notify;
use url::{Url, form_urlencoded};

use super::client::client;
use super::places::Places;
use crate::http::serve::Peer;

use crate::clock::Clock;
use crate::domain::MessageAccount;
use crate::domain::text::hex;
use crate::metrics;
use crate::secrets::Vault;
use crate::store::{Durability, NewEvent, Store, StoreError};
use crate::whatsapp::{Event, Judge, Webhook, meta};

/// Meta sends up to 3 MB at once.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// What the webhooks need.
#[derive(Debug, Clone)]
pub struct Webhooks {
    pub store: Store,
    pub vault: Vault,
    /// Odoo's database that the worker is paired with.
    pub database_uuid: Arc<str>,
    /// Rung when something was kept.
    pub heard: Arc<Notify>,
    pub places: Places,
    /// Those who say for whom they ask.
    pub proxies: Arc<[IpNet]>,
    /// How providers call us; `None` = it is not told.
    pub address: Option<Url>,
    /// For the age of signatures.
    pub clock: Arc<dyn Clock>,
}

/// Why a webhook is not taken.
enum Refusal {
    /// There is no such account.
    Unknown,
    /// It is not the provider who asks.
    Forbidden,
    /// More than a provider sends.
    TooLarge,
    /// The account's secret was not set, or the store cannot be used: the provider tries again.
    NotNow,
}

impl From<StoreError> for Refusal {
    fn from(_: StoreError) -> Self {
        // A store that fails says so itself.
        Self::NotNow
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, result, remedy) = match self {
            Self::Unknown => (StatusCode::NOT_FOUND, "unknown", "there is no such account"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "not signed with the secret of this account"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", "at most 4 MiB"),
            Self::NotNow => (StatusCode::SERVICE_UNAVAILABLE, "not_now", "try again later"),
        };
        metrics::message_event(result);
        (status, remedy).into_response()
    }
}

/// The provider asks whether the address is ours.
#[utoipa::path(
    get,
    path = "/webhooks/whatsapp/{provider}/{account}",
    tag = "messages",
    params(
        ("provider" = String, Path, description = "`meta`; the others register nothing"),
        ("account" = String, Path, description = "The account's uuid, as Odoo shows it"),
        ("hub.mode" = String, Query, description = "`subscribe`"),
        ("hub.verify_token" = String, Query, description = "As Odoo shows it"),
        ("hub.challenge" = String, Query, description = "What is answered")
    ),
    responses(
        (status = 200, description = "The challenge", body = String, content_type = "text/plain"),
        (status = 403, description = "Another token"),
        (status = 404, description = "No such account"),
        (status = 503, description = "Not now")
    )
)]
pub(super) async fn register(
    State(state): State<Option<Webhooks>>,
    Path((provider, account)): Path<(String, String)>,
    question: Uri,
) -> Response {
    let Some(state) = state.filter(|_| provider == meta::NAME) else { return Refusal::Unknown.into_response() };
    let account = match state.account(&provider, &account).await {
        Ok(account) => account,
        Err(refusal) => return refusal.into_response(),
    };
    let token = SecretString::from(account.verify_token);
    let asked: HashMap<_, _> = form_urlencoded::parse(question.query().unwrap_or_default().as_bytes()).collect();
    let value = |name: &str| asked.get(name).map(AsRef::as_ref).unwrap_or_default();
    match meta::handshake(value("hub.mode"), value("hub.verify_token"), value("hub.challenge"), &token) {
        Some(challenge) => {
            let head = [(header::CONTENT_TYPE, "text/plain"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
            (head, challenge.to_owned()).into_response()
        }
        None => Refusal::Forbidden.into_response(),
    }
}

/// The provider tells something.
#[utoipa::path(
    post,
    path = "/webhooks/whatsapp/{provider}/{account}",
    tag = "messages",
    params(
        ("provider" = String, Path, description = "`meta`, `twilio`, `bird` or `vonage`"),
        ("account" = String, Path, description = "The account's uuid, as Odoo shows it")
    ),
    request_body(content = Object, description = "As the provider sends it, signed in its way; at most 4 MiB"),
    responses(
        (status = 200, description = "Kept"),
        (status = 403, description = "Not signed with the secret of this account"),
        (status = 404, description = "No such account"),
        (status = 413, description = "Too large"),
        (status = 503, description = "Not kept: the provider tries again")
    )
)]
pub(super) async fn receive(
    State(state): State<Option<Webhooks>>,
    Extension(Peer(peer)): Extension<Peer>,
    Path((provider, account)): Path<(String, String)>,
    request: Request,
) -> Response {
    let Some(state) = state else { return Refusal::Unknown.into_response() };
    let asks = client(peer, request.headers(), &state.proxies);
    match state.receive(&provider, &account, asks, request).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

impl Webhooks {
    async fn account(&self, provider: &str, uuid: &str) -> Result<MessageAccount, Refusal> {
        let accounts = self.accounts(provider).await?;
        accounts.into_iter().find(|account| account.uuid == uuid).ok_or(Refusal::Unknown)
    }

    async fn accounts(&self, provider: &str) -> Result<Vec<MessageAccount>, StoreError> {
        let kept = self.store.message_accounts(&self.database_uuid).await?;
        Ok(kept.into_iter().map(|kept| kept.settings).filter(|account| account.provider == provider).collect())
    }

    /// The account, and the others that this secret speaks for: an app of Meta's calls one address for all its numbers.
    async fn spoken_for(&self, account: MessageAccount, secret: &SecretString) -> Result<Vec<MessageAccount>, Refusal> {
        let others = self.accounts(&account.provider).await?.into_iter().filter(|other| other.uuid != account.uuid);
        let mut spoken_for = vec![account.clone()];
        for other in others {
            let own = self.vault.get(&other.secret_name("app_secret")).await.map_err(|_| Refusal::NotNow)?;
            let is_same =
                |own: SecretString| bool::from(own.expose_secret().as_bytes().ct_eq(secret.expose_secret().as_bytes()));
            if own.is_some_and(is_same) {
                spoken_for.push(other);
            }
        }
        Ok(spoken_for)
    }

    /// Who names no account, or signs nothing, is not read.
    async fn receive(&self, provider: &str, uuid: &str, asks: IpAddr, request: Request) -> Result<(), Refusal> {
        let judge = Judge::of(provider).ok_or(Refusal::Unknown)?;
        if !(judge.may_be_signed)(request.headers()) {
            return Err(Refusal::Forbidden);
        }
        let _place = self.places.take(asks).ok_or(Refusal::NotNow)?;
        let account = self.account(provider, uuid).await?;
        let secret = self
            .vault
            .get(&account.secret_name("app_secret"))
            .await
            .map_err(|_| Refusal::NotNow)?
            .ok_or(Refusal::NotNow)?;
        let (head, body) = request.into_parts();
        let url = self.url(&head.uri, judge.needs_address)?;
        let body = to_bytes(body, MOST_BYTES).await.map_err(|_| Refusal::TooLarge)?;
        let webhook = Webhook { url: &url, headers: &head.headers, body: &body, now: self.clock.now() };
        if !(judge.is_signed)(&webhook, &secret) {
            return Err(Refusal::Forbidden);
        }
        let Ok(events) = (judge.read)(&webhook) else {
            // It is the provider's, and would come again for days.
            metrics::message_event("unreadable");
            tracing::warn!(
                account = account.uuid,
                bytes = body.len(),
                "a signed webhook cannot be read; it is passed over"
            );
            return Ok(());
        };
        let accounts = self.spoken_for(account, &secret).await?;
        self.keep(&accounts, &events).await?;
        Ok(())
    }

    /// How the provider called it.
    fn url(&self, called: &Uri, is_needed: bool) -> Result<Url, Refusal> {
        let Some(address) = &self.address else {
            if is_needed {
                tracing::error!("public.address is not set: webhooks that sign their address cannot be judged");
                return Err(Refusal::NotNow);
            }
            return Url::parse("https://localhost").map_err(|_| Refusal::NotNow);
        };
        let called = called.path_and_query().map_or("/", PathAndQuery::as_str);
        address.join(called).map_err(|_| Refusal::Forbidden)
    }

    /// All of a batch, or nothing of it. What names no number is of the first of these accounts.
    async fn keep(&self, accounts: &[MessageAccount], events: &[Event]) -> Result<(), StoreError> {
        let mut transaction = self.store.begin(Durability::Durable).await?;
        for event in events {
            let (number, kind, message, reference) = about(event);
            let is_of = |account: &&MessageAccount| number.is_empty() || account.sender_id == number;
            let Some(account) = accounts.iter().find(is_of) else {
                metrics::message_event("ignored");
                continue;
            };
            let text = serde_json::to_string(event).unwrap_or_default();
            let kept = NewEvent {
                database_uuid: &self.database_uuid,
                account: &account.uuid,
                kind,
                message,
                reference,
                digest: &hex(&Sha256::digest(text.as_bytes())),
                event: &text,
            };
            let is_new = transaction.keep_event(&kept).await?;
            metrics::message_event(if is_new { "kept" } else { "twice" });
        }
        transaction.commit().await?;
        self.heard.notify_one();
        Ok(())
    }
}

/// By which number an event came, as the provider calls it; what kind it is of, and which message it is about, by the
/// provider's name and by ours.
fn about(event: &Event) -> (&str, &'static str, &str, Option<&str>) {
    match event {
        Event::Receipt(receipt) => (&receipt.sender, "receipt", &receipt.id, receipt.reference.as_deref()),
        Event::Inbound(inbound) => (&inbound.receiver, "inbound", &inbound.id, None),
        Event::DailyLimit(_) => ("", "daily_limit", "", None),
        Event::Text { .. } => ("", "text", "", None),
        Event::Category { .. } => ("", "category", "", None),
    }
}
