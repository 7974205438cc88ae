//! A Meta that takes messages, and answers what a story wants. It counts by itself what it took.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{Path, State as Extract};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use sicantik_companion::clock::Clock;
use tokio::task::JoinHandle;

use crate::fake_odoo::rpc::torn;

pub const TOKEN: &str = "EAAcontoh";

/// What it does with a message.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Takes it and says so.
    Take,
    /// Takes it, and the connection breaks.
    TakeAndBreak,
    /// Refuses it with this status and code.
    Refuse(u16, i64),
}

/// A message that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenMessage {
    pub id: String,
    /// Meta's id of the number that it went by.
    pub by: String,
    pub to: String,
    /// When, in Unix milliseconds.
    pub at: i64,
    pub reference: String,
    pub body: Value,
}

/// What happened so far, and what is to happen.
pub struct Post {
    clock: Arc<dyn Clock>,
    pub taken: Vec<TakenMessage>,
    /// Requests, taken or not.
    pub asked: usize,
    /// By number without the plus, else by Meta's id of the sender, else by `*`.
    pub answers: HashMap<String, Vec<Answer>>,
    pub tier: Option<&'static str>,
    /// Between taking a message and saying so.
    pub pause: Duration,
}

impl Post {
    fn next_answer(&mut self, whose: &[&str]) -> Answer {
        let mut whose = whose.iter();
        whose.find_map(|whose| self.answers.get_mut(*whose)?.pop()).unwrap_or(Answer::Take)
    }
}

/// Listens until it is dropped.
pub struct Meta {
    address: SocketAddr,
    post: Arc<Mutex<Post>>,
    server: JoinHandle<()>,
}

impl Meta {
    pub async fn spawn(clock: Arc<dyn Clock>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let post =
            Post { clock, taken: Vec::new(), asked: 0, answers: HashMap::new(), tier: None, pause: Duration::ZERO };
        let post = Arc::new(Mutex::new(post));
        let router = Router::new()
            .route("/v26.0/{number}/messages", post_route())
            .route("/v26.0/{number}", get(state))
            .with_state(Arc::clone(&post));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("it listens") });
        Self { address, post, server }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn post(&self) -> MutexGuard<'_, Post> {
        self.post.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next messages to this number (`*` = to all others) are answered so; later ones are taken.
    pub fn answer(&self, to: &str, answers: &[Answer]) {
        self.post().answers.insert(to.to_owned(), answers.iter().rev().cloned().collect());
    }

    /// What was taken, by number.
    pub fn taken(&self) -> Vec<String> {
        self.post().taken.iter().map(|message| message.to.clone()).collect()
    }
}

impl Drop for Meta {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn post_route() -> axum::routing::MethodRouter<Arc<Mutex<Post>>> {
    post(take)
}

async fn state(Extract(shared): Extract<Arc<Mutex<Post>>>, headers: HeaderMap) -> Response {
    if headers["authorization"] != format!("Bearer {TOKEN}") {
        return refusal(401, 190);
    }
    let tier = shared.lock().unwrap_or_else(PoisonError::into_inner).tier;
    Json(json!({
        "id": "100000000000001", "display_phone_number": "+62 836-0100-0001", "verified_name": "DPMPTSP Contoh",
        "quality_rating": "GREEN", "whatsapp_business_manager_messaging_limit": tier,
    }))
    .into_response()
}

async fn take(
    Extract(shared): Extract<Arc<Mutex<Post>>>,
    Path(by): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let (answer, id, pause) = {
        let mut post = shared.lock().unwrap_or_else(PoisonError::into_inner);
        post.asked += 1;
        if headers["authorization"] != format!("Bearer {TOKEN}") {
            return refusal(401, 190);
        }
        let to = body["to"].as_str().expect("to whom").to_owned();
        let answer = post.next_answer(&[&to, &by, "*"]);
        let id = format!("wamid.{}", post.taken.len() + 1);
        if !matches!(answer, Answer::Refuse(..)) {
            let at = post.clock.now().timestamp_millis();
            let reference = body["biz_opaque_callback_data"].as_str().unwrap_or_default().to_owned();
            post.taken.push(TakenMessage { id: id.clone(), by, to, at, reference, body });
        }
        (answer, id, post.pause)
    };
    tokio::time::sleep(pause).await;
    match answer {
        Answer::Refuse(status, code) => return refusal(status, code),
        Answer::TakeAndBreak => return torn(),
        Answer::Take => {}
    }
    Json(json!({ "messaging_product": "whatsapp", "contacts": [], "messages": [{ "id": id }] })).into_response()
}

fn refusal(status: u16, code: i64) -> Response {
    let error = json!({ "error": { "message": format!("(#{code})"), "type": "OAuthException", "code": code } });
    (StatusCode::from_u16(status).expect("a status"), Json(error)).into_response()
}
