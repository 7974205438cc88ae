//! Vonage, against a server that answers what Vonage's documents say, and worse.

use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::DateTime;
use hmac::{Hmac, Mac};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use ring::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sicantik_companion::domain::text::hex;
use sicantik_companion::whatsapp::vonage::{Account, Settings, is_signed, may_be_signed, read};
use sicantik_companion::whatsapp::{
    AccountState, Document, Event, Inbound, Outcome, Provider, Receipt, State, Webhook, Why,
};
use url::Url;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::providers::{Message, REFERENCE, Stand, clock, has_no_answer, http, made, pause, told};
use crate::store::now;

pub const APPLICATION: &str = "11111111-1111-4111-8111-111111111111";
const NUMBER: &str = "6283601000000";
const ID: &str = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const TEXT: &str = "izin_terbit";

/// What Vonage's SDK made, and a key that nobody has.
pub static MADE: LazyLock<Value> = LazyLock::new(|| made(include_bytes!("fixtures/vonage.json.gz")));

fn key() -> &'static str {
    MADE["key"].as_str().expect("a key")
}

fn account_of(key: &str, base: &str, timeout: Duration) -> Account {
    let settings = Settings {
        base: base.parse().expect("an address"),
        number: NUMBER.to_owned(),
        application_id: APPLICATION.to_owned(),
        private_key: key.into(),
    };
    Account::new(http(timeout), settings, clock())
}

pub fn account(base: &str, timeout: Duration) -> Account {
    account_of(key(), base, timeout)
}

pub fn accepted() -> Value {
    json!({ "message_uuid": ID, "workflow_id": "3TcNjguHxr2vcCZ9Ddsnq6tw8yQUpZ9rMHv9QXSxLan5ibMxqSzLdx9" })
}

fn error(code: &str) -> Value {
    json!({
        "type": format!("https://developer.vonage.com/api-errors/messages#{code}"), "title": "Something",
        "detail": "Sent to +62 812-0000-0000", "instance": "bf0ca0bf927b3b52e3cb03217e1a1ddf",
    })
}

/// What a token claims, after its signature was found to be the application's.
pub fn claims(authorization: &str) -> (Value, Value) {
    let pem: String = key().lines().filter(|line| !line.starts_with("---")).collect();
    let pair = RsaKeyPair::from_pkcs8(&BASE64_STANDARD.decode(pem).expect("base64")).expect("a key");
    let token = authorization.strip_prefix("Bearer ").expect("a token");
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    let bytes = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64");
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key())
        .verify(signed.as_bytes(), &bytes(signature))
        .expect("signed");
    let (head, claims) = signed.split_once('.').expect("two parts");
    let json = |part: &str| serde_json::from_slice(&bytes(part)).expect("JSON");
    (json(head), json(claims))
}

#[tokio::test]
async fn a_message_goes_out_as_vonages_models_have_it() {
    let vonage = Stand::start(TEXT, account).await;
    Mock::given(method("POST"))
        .and(path("/v1/messages"))
        .and(header("content-type", "application/json"))
        .and(header("connection", "close"))
        .respond_with(ResponseTemplate::new(202).set_body_json(accepted()))
        .mount(&vonage.server)
        .await;
    let document = Document { link: "https://odoo.example/d/1?x=2", name: "Izin 1.pdf" };
    let receipts = Some("https://worker.example/webhooks/whatsapp/vonage/1");
    let full = Message { button: Some("p/1"), header: Some(document), receipts, ..Message::of("space:izin_terbit") };
    for message in [Message::of("space:izin_terbit"), full] {
        let outcome = crate::providers::send(&vonage.account, &message).await;
        assert_eq!(outcome, Outcome::Accepted { id: ID.to_owned() });
    }
    let requests = vonage.server.received_requests().await.expect("kept");
    let sent: Vec<Value> = requests.iter().map(|request| request.body_json().expect("JSON")).collect();
    let common = |more: Value| {
        let mut body = json!({ "channel": "whatsapp", "to": "6281200000000", "from": NUMBER, "client_ref": REFERENCE });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };
    let values = ["BUDI {{1}} 😀", "503/0001/CONTOH/2026"];
    let plain = json!({
        "message_type": "template", "template": { "name": "space:izin_terbit", "parameters": values },
        "whatsapp": { "policy": "deterministic", "locale": "id" },
    });
    assert_eq!(sent[0], common(plain));
    let text = |text: &str| json!({ "type": "text", "text": text });
    let link = json!({ "link": "https://odoo.example/d/1?x=2", "filename": "Izin 1.pdf" });
    let template = json!({
        "name": "izin_terbit", "language": { "policy": "deterministic", "code": "id" },
        "components": [
            { "type": "header", "parameters": [{ "type": "document", "document": link }] },
            { "type": "body", "parameters": values.map(text) },
            { "type": "button", "sub_type": "url", "index": "0", "parameters": [text("p/1")] },
        ],
    });
    let custom = json!({
        "message_type": "custom", "custom": { "type": "template", "template": template },
        "webhook_url": "https://worker.example/webhooks/whatsapp/vonage/1", "webhook_version": "v1",
    });
    assert_eq!(sent[1], common(custom));
    let tokens: Vec<(Value, Value)> =
        requests.iter().map(|request| claims(request.headers["authorization"].to_str().expect("text"))).collect();
    for (head, claims) in &tokens {
        assert_eq!(head, &json!({ "alg": "RS256", "typ": "JWT" }));
        let (iat, jti) = (now().timestamp(), claims["jti"].clone());
        let expected = json!({ "application_id": APPLICATION, "iat": iat, "exp": iat + 15 * 60, "jti": jti });
        assert_eq!(claims, &expected);
    }
    assert_ne!(tokens[0].1["jti"], tokens[1].1["jti"], "no token twice");
    let told = format!("{:?}", vonage.account);
    assert!(!told.contains("PRIVATE") && !told.contains(&key()[40..60]), "the key is no part of what may be logged");
}

#[tokio::test]
async fn a_key_is_read_whatever_became_of_its_line_breaks() {
    let vonage = Stand::start(TEXT, account).await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(202).set_body_json(accepted()))
        .mount(&vonage.server)
        .await;
    let base = vonage.server.uri();
    let outcome = async |key: &str| {
        let account = account_of(key, &base, Duration::from_mins(1));
        told(&crate::providers::send(&account, &Message::of(TEXT)).await)
    };
    for between in ["\n", "\r\n", " ", "", "\\n", "\\r\\n", "\n  "] {
        assert_eq!(outcome(&key().trim().replace('\n', between)).await, "accepted", "{between:?}");
    }
    let spoilt = key().replace("PRIVATE", "PUBLIC");
    for key in ["", "contoh", &spoilt, &key()[..200], "-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----"] {
        assert_eq!(outcome(key).await, "account credentials vonage_connection");
    }
    let sent = vonage.server.received_requests().await.expect("kept").len();
    assert_eq!(sent, 7, "without a key nothing goes out");
}

/// Each code of the contract: with which status it comes, what waits with it, and why. `-` = it is final.
#[tokio::test]
async fn each_error_of_vonage_says_what_is_to_be_done() {
    let rows: &[(&str, u16, &[&str])] = &[
        ("sender busy", 429, &["1000"]),
        ("recipient too_soon", 429, &["1241"]),
        ("sender daily_limit", 429, &["1460"]),
        ("message provider_down", 422, &["1030", "1180", "1220", "1230"]),
        // It says that nothing went out.
        ("message provider_down", 503, &["1100", "1180", "1220", "1331"]),
        ("unknown no_answer", 500, &["1030", "1230"]),
        ("account account_blocked", 403, &["1060", "1080", "1140", "1420"]),
        ("account account_blocked", 402, &["1070"]),
        ("account account_blocked", 422, &["1120"]),
        ("unknown no_answer", 422, &["1320"]),
        ("- not_on_whatsapp", 422, &["1160", "1170", "1190", "1300"]),
        ("- recipient_not_allowed", 422, &["1050"]),
        ("- opted_out", 422, &["1240"]),
        ("- outside_window", 422, &["1340"]),
        ("- declined", 422, &["1461"]),
        ("- quality", 422, &["1210"]),
        ("- wrong_parameters", 422, &["1010", "1020", "1021", "1022", "1040"]),
        ("- other", 422, &["1310", "1330", "1400", "1451"]),
        // Not known here: the status decides.
        ("sender busy", 429, &["9999"]),
        ("- other", 422, &["9999"]),
        ("unknown no_answer", 503, &["9999"]),
    ];
    let vonage = Stand::start(TEXT, account).await;
    for (expected, status, codes) in rows {
        for code in *codes {
            let outcome = vonage.answers(ResponseTemplate::new(*status).set_body_json(error(code))).await;
            assert_eq!(told(&outcome), format!("{expected} vonage_{code}"), "{status}");
        }
    }
    for (status, kind, expected) in [
        (401, "unauthorized", "account credentials vonage_401"),
        (402, "low-balance", "account account_blocked vonage_402"),
        (403, "forbidden", "account credentials vonage_403"),
        (404, "not-found", "account account_blocked vonage_404"),
        (500, "system-error", "unknown no_answer vonage_500"),
    ] {
        let outcome = vonage.answers(ResponseTemplate::new(status).set_body_json(error(kind))).await;
        assert_eq!(told(&outcome), expected);
    }
    // An error inside a 202 is an error, too, where its code is known.
    let outcome = vonage.answers(ResponseTemplate::new(202).set_body_json(error("1300"))).await;
    assert_eq!(told(&outcome), "- not_on_whatsapp vonage_1300");
}

#[tokio::test]
async fn what_is_not_known_to_have_failed_is_unknown() {
    let vonage = Stand::start(TEXT, account).await;
    for (answer, expected) in [
        (ResponseTemplate::new(202).set_body_string("<html>"), "unknown no_answer vonage_202"),
        (ResponseTemplate::new(202).set_body_json(json!({ "message_uuid": "" })), "unknown no_answer vonage_202"),
        (ResponseTemplate::new(202).set_body_json(error("9999")), "unknown no_answer vonage_202"),
        (ResponseTemplate::new(502).set_body_string("<html>Bad Gateway</html>"), "unknown no_answer vonage_502"),
        (ResponseTemplate::new(302).insert_header("location", "/login"), "unknown no_answer vonage_302"),
        (ResponseTemplate::new(408), "unknown no_answer vonage_408"),
        (ResponseTemplate::new(429).set_body_string("slow down"), "sender busy vonage_429"),
        (ResponseTemplate::new(421), "message provider_down vonage_421"),
    ] {
        assert_eq!(told(&vonage.answers(answer).await), expected);
    }
    has_no_answer("vonage", TEXT, account, ResponseTemplate::new(202).set_body_json(accepted()), 1).await;
}

#[tokio::test]
async fn the_pause_that_vonage_asks_for_is_kept_and_never_shorter_than_it_must_be() {
    let asked = |code, seconds: &str| {
        ResponseTemplate::new(429).insert_header("retry-after", seconds).set_body_json(error(code))
    };
    let vonage = Stand::start(TEXT, account).await;
    assert_eq!(pause(&vonage.answers(asked("1000", "90")).await), Some(90));
    assert_eq!(pause(&vonage.answers(asked("1000", "99999999999")).await), Some(24 * 60 * 60), "a day at most");
    assert_eq!(pause(&vonage.answers(asked("1241", "1")).await), Some(60));
    assert_eq!(pause(&vonage.answers(asked("1460", "1")).await), Some(60 * 60));
    assert_eq!(pause(&vonage.answers(ResponseTemplate::new(429)).await), None);
}

#[tokio::test]
async fn an_account_is_checked_without_a_message() {
    let vonage = Stand::start(TEXT, account).await;
    let users = || Mock::given(method("GET")).and(path("/v1/users")).and(query_param("page_size", "1"));
    let none = ResponseTemplate::new(200).set_body_json(json!({ "page_size": 1, "_embedded": { "users": [] } }));
    users().respond_with(none).mount(&vonage.server).await;
    let number = format!("+{NUMBER}");
    let expected = AccountState { number, name: String::new(), daily_limit: None, quality: None };
    assert_eq!(vonage.account.check().await, Ok(expected));
    let request = &vonage.server.received_requests().await.expect("kept")[0];
    let (_, claimed) = claims(request.headers["authorization"].to_str().expect("text"));
    assert_eq!(claimed["application_id"], APPLICATION);
    assert_eq!(vonage.account.text_states(&[(TEXT, "id")]).await, Ok(Vec::new()), "Vonage tells none");
    for (answer, why) in [
        (ResponseTemplate::new(401).set_body_json(error("unauthorized")), Why::Credentials),
        (ResponseTemplate::new(200).set_body_string("<html>"), Why::NoAnswer),
        (ResponseTemplate::new(500), Why::NoAnswer),
    ] {
        vonage.server.reset().await;
        users().respond_with(answer).mount(&vonage.server).await;
        assert_eq!(vonage.account.check().await.expect_err("it does not work").reason.why, why);
    }
    let keyless = account_of("contoh", &vonage.server.uri(), Duration::from_mins(1));
    assert_eq!(keyless.check().await.expect_err("without a key").reason.why, Why::Credentials);
}

/// What is judged at a time, in Unix seconds.
pub fn judged(authorization: &str, body: &[u8], secret: &str, now: i64) -> bool {
    let headers = HeaderMap::from_iter([(AUTHORIZATION, authorization.parse().expect("a header"))]);
    let url = Url::parse("https://worker.example/webhooks/whatsapp/vonage/1").expect("an address");
    let now = DateTime::from_timestamp(now, 0).expect("a time");
    let good = is_signed(&Webhook { url: &url, headers: &headers, body, now }, &secret.into());
    assert!(may_be_signed(&headers) || !good, "what is good must look like it");
    good
}

#[test]
fn a_webhook_is_vonages_only_when_its_token_names_this_body_and_was_made_just_now() {
    const NOW: i64 = 1_795_910_400;
    let (secret, body) = ("0123456789abcdef", r#"{"message_uuid":"1","text":"é"}"#.as_bytes());
    let token = |head: Value, claims: &Value| {
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&head), part(claims));
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key").chain_update(&signed);
        format!("Bearer {signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    };
    let hs256 = || json!({ "alg": "HS256", "typ": "JWT" });
    let claims = |name: &str, value: Value| {
        let mut claims = json!({ "iat": NOW, "jti": "1", "payload_hash": hex(&Sha256::digest(body)) });
        claims[name] = value;
        claims
    };
    let good = claims("iss", "Vonage".into());
    let signed = token(hs256(), &good);
    assert!(judged(&signed, body, secret, NOW) && judged(&signed.replace("Bearer", "bearer"), body, secret, NOW));
    for moved in [-300, 300] {
        assert!(judged(&signed, body, secret, NOW + moved), "{moved}");
    }
    assert!(judged(&token(hs256(), &claims("exp", (NOW + 1).into())), body, secret, NOW));
    for (authorization, body, secret, at) in [
        (signed.clone(), body, secret, NOW + 301),
        (signed.clone(), body, secret, NOW - 301),
        (signed.clone(), &body[1..], secret, NOW),
        (signed.clone(), body, "0123456789abcdeg", NOW),
        (signed.clone(), body, "", NOW),
        (signed.replace("Bearer ", ""), body, secret, NOW),
        (signed.replace("Bearer", "Basic"), body, secret, NOW),
        (format!("{signed}="), body, secret, NOW),
        (signed[..signed.len() - 1].to_owned(), body, secret, NOW),
        (token(json!({ "alg": "none" }), &good), body, secret, NOW),
        (token(json!({ "alg": "RS256" }), &good), body, secret, NOW),
        (token(json!({ "alg": "hs256" }), &good), body, secret, NOW),
        (token(json!({ "alg": "HS256", "crit": ["x"] }), &good), body, secret, NOW),
        (token(hs256(), &claims("payload_hash", Value::Null)), body, secret, NOW),
        (token(hs256(), &claims("payload_hash", "".into())), body, secret, NOW),
        (token(hs256(), &claims("payload_hash", hex(&Sha256::digest(b"")).into())), body, secret, NOW),
        (token(hs256(), &claims("iat", Value::Null)), body, secret, NOW),
        (token(hs256(), &claims("iat", NOW.to_string().into())), body, secret, NOW),
        (token(hs256(), &claims("iat", i64::MIN.into())), body, secret, NOW),
        (token(hs256(), &claims("exp", NOW.into())), body, secret, NOW),
        (token(hs256(), &json!([])), body, secret, NOW),
    ] {
        assert!(!judged(&authorization, body, secret, at), "{authorization} {secret} {at}");
    }
    assert!(!may_be_signed(&HeaderMap::new()));
}

fn webhook(told: &Value) -> Vec<Event> {
    read(told.to_string().as_bytes()).expect("Vonage's")
}

fn moment() -> Option<DateTime<chrono::Utc>> {
    DateTime::from_timestamp_millis(1_795_910_400_500)
}

fn status(status: &str) -> Value {
    json!({
        "message_uuid": ID, "to": "6281200000000", "from": NUMBER, "timestamp": "2026-11-29T00:00:00.500Z",
        "channel": "whatsapp", "status": status, "client_ref": REFERENCE, "usage": { "currency": "EUR", "price": "0.0333" },
        "whatsapp": { "recipient": { "user_id": "ID.contoh" }, "waba_id": "1", "pricing": { "category": "utility" } },
    })
}

#[test]
fn a_state_is_told_by_the_id_of_the_message() {
    for (word, state) in [
        ("submitted", Some(State::Sent)),
        ("delivered", Some(State::Delivered)),
        ("read", Some(State::Read)),
        ("of_next_year", None),
    ] {
        let receipt = state.map(|state| {
            Event::Receipt(Receipt {
                id: ID.to_owned(),
                sender: NUMBER.to_owned(),
                state,
                at: moment(),
                reason: None,
                category: Some("utility".to_owned()),
                reference: Some(REFERENCE.to_owned()),
            })
        });
        assert_eq!(webhook(&status(word)), receipt.into_iter().collect::<Vec<_>>(), "{word}");
    }
    let bare = webhook(&json!({ "message_uuid": ID, "status": "read", "from": "ID.contoh", "timestamp": "today" }));
    let [Event::Receipt(receipt)] = &bare[..] else { panic!("{bare:?}") };
    assert_eq!((receipt.sender.as_str(), receipt.at), ("", None), "whoever's address it came to");
}

#[test]
fn a_failure_says_why() {
    for (code, why) in [
        ("1000", Why::Busy),
        ("1022", Why::WrongParameters),
        ("1030", Why::ProviderDown),
        ("1070", Why::AccountBlocked),
        ("1241", Why::TooSoon),
        ("1240", Why::OptedOut),
        ("1300", Why::NotOnWhatsApp),
        ("1331", Why::ProviderDown),
        ("1340", Why::OutsideWindow),
        ("1460", Why::DailyLimit),
        ("1461", Why::Declined),
        ("9999", Why::Other),
    ] {
        for word in ["rejected", "undeliverable"] {
            // A status tells the code by its title, too.
            let titled = json!({ "type": "about:blank", "title": code, "detail": "to +62 812-0000-0000" });
            for error in [error(code), titled] {
                let mut told = status(word);
                told["error"] = error;
                let told = webhook(&told);
                let [Event::Receipt(Receipt { state: State::Failed, reason: Some(reason), .. })] = &told[..] else {
                    panic!("{told:?}")
                };
                assert_eq!((reason.why, reason.code.clone()), (why, format!("vonage_{code}")));
                assert!(!reason.detail.contains("0000"), "{}", reason.detail);
            }
        }
    }
}

#[test]
fn what_people_write_is_read_without_a_number_too() {
    let inbound = |from: Option<&str>, text: &str| {
        let (id, receiver, from) = (ID.to_owned(), NUMBER.to_owned(), from.map(str::to_owned));
        vec![Event::Inbound(Inbound { id, receiver, from, text: text.to_owned(), at: moment() })]
    };
    let with = |from: &str, kind: &str, said: Value| {
        let mut told = json!({
            "channel": "whatsapp", "message_uuid": ID, "to": NUMBER, "from": from, "message_type": kind,
            "timestamp": "2026-11-29T00:00:00.500Z", "profile": { "name": "BUDI" }, "context_status": "none",
        });
        told[kind] = said;
        webhook(&told)
    };
    assert_eq!(with("6281200000000", "text", "BERHENTI".into()), inbound(Some("6281200000000"), "BERHENTI"));
    let button = json!({ "payload": "x", "text": "STOP" });
    assert_eq!(with("ID.contoh", "button", button), inbound(None, "STOP"));
    let reply = json!({ "id": "x", "title": "Berhenti" });
    assert_eq!(with("6281200000000", "reply", reply), inbound(Some("6281200000000"), "Berhenti"));
    assert_eq!(with("6281200000000", "image", json!({ "url": "x" })), inbound(Some("6281200000000"), ""));
}

#[test]
fn what_is_not_vonages_is_refused_and_what_is_new_is_passed_over() {
    for body in [&b""[..], b"{", b"[]", b"{}", b"\xff\xfe", br#"{"message_uuid":5}"#] {
        assert!(read(body).is_err(), "{body:?}");
    }
    for told in [
        json!({ "message_uuid": ID }),
        json!({ "message_uuid": ID, "channel": "sms", "status": "read" }),
        json!({ "message_uuid": ID, "message_type": 5, "status": [] }),
    ] {
        assert_eq!(webhook(&told), [], "{told}");
    }
}
