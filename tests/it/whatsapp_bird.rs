//! Bird, against a server that answers what Bird's documents say, and worse.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::DateTime;
use hmac::{Hmac, Mac};
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};
use sha2::Sha256;
use sicantik_companion::whatsapp::bird::{Account, Settings, base_of, is_signed, may_be_signed, read};
use sicantik_companion::whatsapp::{
    AccountState, DailyLimit, Document, Event, Inbound, Outcome, Provider, Receipt, State, TextState, TextTold,
    Webhook, Why,
};
use url::Url;
use wiremock::matchers::{header, header_exists, method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::providers::{Message, REFERENCE, Stand, clock, has_no_answer, http, pause, told};

const KEY: &str = "bk_eu1_contoh";
const NUMBER: &str = "+6283601000000";
const ID: &str = "wam_01krdgeqcxet5s7t44vh8rt9mg";
const TEXT: &str = "izin-terbit";

pub fn account(base: &str, timeout: Duration) -> Account {
    let settings = Settings { base: base.parse().expect("an address"), number: NUMBER.to_owned(), key: KEY.into() };
    Account::new(http(timeout), settings, clock())
}

pub fn accepted() -> Value {
    json!({
        "id": ID, "direction": "outbound", "from": { "phone_number": NUMBER }, "to": { "phone_number": "+6281200000000" },
        "status": "accepted", "created_at": "2026-11-29T00:00:00Z",
    })
}

fn error(kind: &str, code: &str, param: Option<&str>) -> Value {
    let details = param.map(|param| json!([{ "param": param, "message": "not good" }])).unwrap_or_default();
    json!({ "error": {
        "type": kind, "code": code, "name": "Something", "message": "Sent to +62 812-0000-0000", "details": details,
        "doc_url": "https://docs.bird.com/errors", "request_id": "req_1",
    } })
}

#[tokio::test]
async fn a_message_goes_out_as_birds_models_have_it() {
    let bird = Stand::start(TEXT, account).await;
    Mock::given(method("POST"))
        .and(path("/v1/whatsapp/messages"))
        .and(header("authorization", format!("Bearer {KEY}")))
        .and(header_exists("idempotency-key"))
        .and(header("content-type", "application/json"))
        .and(header("connection", "close"))
        .respond_with(ResponseTemplate::new(202).set_body_json(accepted()))
        .mount(&bird.server)
        .await;
    let header = Some(Document { link: "https://odoo.example/d/1?x=2", name: "Izin 1.pdf" });
    let message = Message { button: Some("p/1"), header, ..Message::of("wat_01krdgeqcxet5s7t44vh8rt9mg") };
    for message in [Message::of(TEXT), message] {
        let outcome = crate::providers::send(&bird.account, &message).await;
        assert_eq!(outcome, Outcome::Accepted { id: ID.to_owned() });
    }
    let requests = bird.server.received_requests().await.expect("kept");
    let sent: Vec<Value> = requests.iter().map(|request| request.body_json().expect("JSON")).collect();
    let text = |text: &str| json!({ "type": "text", "text": text });
    let values = json!({ "type": "body", "parameters": [text("BUDI {{1}} 😀"), text("503/0001/CONTOH/2026")] });
    let common = |template: Value| {
        json!({
            "to": "+6281200000000", "from": NUMBER, "template": template, "metadata": { "reference": REFERENCE },
        })
    };
    assert_eq!(sent[0], common(json!({ "slug": TEXT, "language": "id", "components": [values] })));
    let document = json!({ "type": "document", "url": "https://odoo.example/d/1?x=2", "filename": "Izin 1.pdf" });
    let components = json!([
        { "type": "header", "parameters": [document] }, values, { "type": "button", "parameters": [text("p/1")] },
    ]);
    let id = "wat_01krdgeqcxet5s7t44vh8rt9mg";
    assert_eq!(sent[1], common(json!({ "id": id, "language": "id", "components": components })));
    assert!(!format!("{:?}", bird.account).contains(KEY), "the key is no part of what may be logged");
}

#[test]
fn a_key_names_its_region() {
    for (key, base) in [
        ("bk_eu1_abc", Some("https://eu1.platform.bird.com/")),
        ("bk_us12_a_c", Some("https://us12.platform.bird.com/")),
        ("bm_ap1_a", Some("https://ap1.platform.bird.com/")),
        ("bk_eu1_", None),
        ("bk_eu1", None),
        ("bk_eu_abc", None),
        ("bk_1_abc", None),
        ("bk_evil.example/1_abc", None),
        ("bk_EU1_abc", None),
        ("xbk_eu1_abc", None),
        ("", None),
    ] {
        assert_eq!(base_of(&key.into()).map(String::from), base.map(str::to_owned), "{key}");
    }
}

/// Each type of error: with which status it comes, what waits with it, and why. `-` = it is final.
#[tokio::test]
async fn each_error_of_bird_says_what_is_to_be_done() {
    let rows: &[(&str, u16, &str, Option<&str>)] = &[
        ("account credentials", 401, "auth_error", None),
        ("account account_blocked", 403, "permission_error", None),
        ("account account_blocked", 402, "billing_error", None),
        ("account account_blocked", 421, "misdirected_error", None),
        ("account account_blocked", 404, "not_found_error", None),
        ("text text_missing", 404, "not_found_error", Some("template.slug")),
        ("sender busy", 429, "rate_limit_error", None),
        ("- wrong_parameters", 422, "validation_error", Some("template.components")),
        ("text text_missing", 422, "validation_error", Some("template.language")),
        ("account account_blocked", 422, "validation_error", Some("from")),
        ("- not_on_whatsapp", 422, "validation_error", Some("to")),
        ("- wrong_parameters", 400, "bad_request_error", None),
        ("- wrong_parameters", 413, "payload_too_large_error", None),
        ("- other", 412, "precondition_error", None),
        ("- other", 501, "not_implemented_error", None),
        // The same key with another message, or one that is on its way.
        ("unknown no_answer", 409, "conflict_error", None),
        // It may have been taken before that.
        ("unknown no_answer", 500, "internal_error", None),
        // Bird says so itself, and asks for another attempt.
        ("message provider_down", 503, "service_unavailable_error", None),
        // Not known here: the status decides.
        ("account credentials", 401, "of_next_year", None),
        ("unknown no_answer", 409, "of_next_year", None),
        ("- other", 418, "of_next_year", None),
        ("unknown no_answer", 500, "of_next_year", None),
    ];
    let bird = Stand::start(TEXT, account).await;
    for (expected, status, kind, param) in rows {
        let answer = ResponseTemplate::new(*status).set_body_json(error(kind, "E01001", *param));
        assert_eq!(told(&bird.answers(answer).await), format!("{expected} bird_E01001"), "{kind} {status}");
    }
}

#[tokio::test]
async fn what_is_not_known_to_have_failed_is_unknown() {
    let bird = Stand::start(TEXT, account).await;
    let failed = |error: Value| {
        let mut failed = accepted();
        failed["status"] = "rejected".into();
        failed["last_error"] = error;
        ResponseTemplate::new(202).set_body_json(failed)
    };
    for (answer, expected) in [
        (ResponseTemplate::new(202).set_body_string("<html>"), "unknown no_answer bird_202"),
        (ResponseTemplate::new(202).set_body_json(json!({ "id": "" })), "unknown no_answer bird_202"),
        (ResponseTemplate::new(502).set_body_string("<html>Bad Gateway</html>"), "unknown no_answer bird_502"),
        (ResponseTemplate::new(302).insert_header("location", "/login"), "unknown no_answer bird_302"),
        (ResponseTemplate::new(408), "unknown no_answer bird_408"),
        (ResponseTemplate::new(404).set_body_string("no such page"), "account account_blocked bird_404"),
        (ResponseTemplate::new(429).set_body_string("slow down"), "sender busy bird_429"),
        (
            ResponseTemplate::new(503).set_body_json(json!({ "type": "service_unavailable_error" })),
            "message provider_down bird_service_unavailable_error",
        ),
        (failed(json!({ "code": "insufficient_balance" })), "account account_blocked bird_insufficient_balance"),
        (failed(json!({ "code": "recipient_suppressed" })), "- opted_out bird_recipient_suppressed"),
        (failed(json!({ "code": "rate_limited" })), "sender busy bird_rate_limited"),
        (failed(Value::Null), "- other bird_unknown"),
    ] {
        assert_eq!(told(&bird.answers(answer).await), expected);
    }
    has_no_answer("bird", TEXT, account, ResponseTemplate::new(202).set_body_json(accepted()), 2).await;
}

/// The second attempt has the same key, and tells what became of the first; but for answers that say nothing of it.
#[tokio::test]
async fn what_may_have_been_taken_is_handed_over_once_more_with_the_same_key() {
    let refused = |kind: &str, status| ResponseTemplate::new(status).set_body_json(error(kind, "E01001", None));
    let took = || ResponseTemplate::new(202).set_body_json(accepted());
    for (second, expected) in [
        (took().insert_header("idempotency-replay", "true"), "accepted"),
        (refused("validation_error", 422), "- wrong_parameters bird_E01001"),
        (refused("rate_limit_error", 429), "unknown no_answer bird_202"),
        (refused("conflict_error", 409), "unknown no_answer bird_202"),
        (refused("internal_error", 500), "unknown no_answer bird_202"),
        (refused("auth_error", 401), "unknown no_answer bird_202"),
    ] {
        let bird = Stand::start(TEXT, account).await;
        let first = ResponseTemplate::new(202).set_body_string("<html>");
        let first = Mock::given(method("POST")).respond_with(first).up_to_n_times(1);
        first.mount(&bird.server).await;
        Mock::given(method("POST")).respond_with(second).mount(&bird.server).await;
        let outcome = crate::providers::send(&bird.account, &Message::of(TEXT)).await;
        assert_eq!(told(&outcome), expected);
        let requests = bird.server.received_requests().await.expect("kept");
        let [one, two] = &requests[..] else { panic!("{requests:?}") };
        assert_eq!((&one.body, &one.headers["idempotency-key"]), (&two.body, &two.headers["idempotency-key"]));
        // What was refused would be refused again with the same key.
        crate::providers::send(&bird.account, &Message::of(TEXT)).await;
        let requests = bird.server.received_requests().await.expect("kept");
        assert_ne!(requests[2].headers["idempotency-key"], requests[0].headers["idempotency-key"]);
    }
}

/// Bird forgets the key then: the second one would be another message.
#[tokio::test]
async fn what_failed_on_birds_side_is_not_handed_over_once_more() {
    for status in [500, 502, 504] {
        let bird = Stand::start(TEXT, account).await;
        let failed = ResponseTemplate::new(status);
        Mock::given(method("POST")).respond_with(failed).expect(1).mount(&bird.server).await;
        let outcome = crate::providers::send(&bird.account, &Message::of(TEXT)).await;
        assert_eq!(told(&outcome), format!("unknown no_answer bird_{status}"));
    }
}

#[tokio::test]
async fn the_pause_that_bird_asks_for_is_kept() {
    let asked = |seconds: &str| {
        let answer = ResponseTemplate::new(429).insert_header("retry-after", seconds);
        answer.set_body_json(error("rate_limit_error", "E01003", None))
    };
    let bird = Stand::start(TEXT, account).await;
    assert_eq!(pause(&bird.answers(asked("90")).await), Some(90));
    assert_eq!(pause(&bird.answers(asked("99999999999")).await), Some(24 * 60 * 60), "a day at most");
    assert_eq!(pause(&bird.answers(ResponseTemplate::new(429)).await), None);
}

#[tokio::test]
async fn an_account_is_checked_without_a_message() {
    let bird = Stand::start(TEXT, account).await;
    let numbers = || {
        Mock::given(method("GET"))
            .and(path("/v1/whatsapp/numbers"))
            .and(query_param("phone_number", NUMBER))
            .and(header("authorization", format!("Bearer {KEY}")))
    };
    let number = |status: &str, number: &str| {
        let number = json!({
            "id": "wan_1", "phone_number": number, "name": "DPMPTSP Contoh", "status": status,
            "quality_rating": "green", "messaging_limit": "tier_1k",
        });
        ResponseTemplate::new(200).set_body_json(json!({ "data": [number], "next_cursor": null }))
    };
    numbers().respond_with(number("connected", NUMBER)).mount(&bird.server).await;
    let expected = AccountState {
        number: NUMBER.to_owned(),
        name: "DPMPTSP Contoh".to_owned(),
        daily_limit: Some(DailyLimit::People(1_000)),
        quality: Some("GREEN".to_owned()),
    };
    assert_eq!(bird.account.check().await, Ok(expected));
    for (answer, why) in [
        (number("banned", NUMBER), Why::AccountBlocked),
        (number("connected", "+6283601000009"), Why::AccountBlocked),
        (ResponseTemplate::new(200).set_body_json(json!({ "data": [] })), Why::AccountBlocked),
        (ResponseTemplate::new(401).set_body_json(error("auth_error", "E01006", None)), Why::Credentials),
        (ResponseTemplate::new(200).set_body_string("<html>"), Why::NoAnswer),
        (ResponseTemplate::new(500), Why::NoAnswer),
    ] {
        bird.server.reset().await;
        numbers().respond_with(answer).mount(&bird.server).await;
        assert_eq!(bird.account.check().await.expect_err("it does not work").reason.why, why);
    }
}

#[tokio::test]
async fn each_template_tells_the_state_of_its_languages() {
    let bird = Stand::start(TEXT, account).await;
    let languages = json!({
        "id": { "status": "approved" }, "en": { "status": "paused" }, "en-US": { "status": "rejected" },
        "fr": { "status": "of_next_year" }, "de": {},
    });
    Mock::given(method("GET"))
        .and(path("/v1/whatsapp/templates/izin-terbit"))
        .and(header("authorization", format!("Bearer {KEY}")))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({ "category": "utility", "languages": languages })),
        )
        .expect(1)
        .mount(&bird.server)
        .await;
    let asked = [
        (TEXT, "id"),
        (TEXT, "en"),
        (TEXT, "en_US"),
        (TEXT, "fr"),
        (TEXT, "de"),
        (TEXT, "nl"),
        ("none", "id"),
        ("../x", "id"),
    ];
    let told = |language: &str, state| TextTold {
        name: TEXT.to_owned(),
        language: language.to_owned(),
        state,
        category: Some("utility".to_owned()),
    };
    let expected =
        vec![told("id", TextState::Approved), told("en", TextState::Paused), told("en_US", TextState::Rejected)];
    assert_eq!(bird.account.text_states(&asked).await, Ok(expected));
    bird.server.reset().await;
    let answer = ResponseTemplate::new(401).set_body_json(error("auth_error", "E01006", None));
    Mock::given(method("GET")).respond_with(answer).mount(&bird.server).await;
    let failed = bird.account.text_states(&asked).await.expect_err("it may not look");
    assert_eq!(failed.reason.why, Why::Credentials);
}

/// What is judged at a time, in Unix seconds.
pub fn judged(head: [&str; 3], body: &[u8], secret: &str, now: i64) -> bool {
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(HeaderName::from_static);
    let head = names.into_iter().zip(head);
    let headers: HeaderMap = head.map(|(name, value)| (name, value.parse().expect("a header"))).collect();
    let url = Url::parse("https://worker.example/webhooks/whatsapp/bird/1").expect("an address");
    let now = DateTime::from_timestamp(now, 0).expect("a time");
    let good = is_signed(&Webhook { url: &url, headers: &headers, body, now }, &secret.into());
    assert!(may_be_signed(&headers) || !good, "what is good must look like it");
    good
}

#[test]
fn a_webhook_is_birds_only_when_it_was_signed_just_now() {
    const NOW: i64 = 1_795_910_400;
    let (secret, body) = ("whsec_MDEyMzQ1Njc4OWFiY2RlZg==", r#"{"type":"whatsapp.sent","x":"é"}"#.as_bytes());
    let sign = |id: &str, time: &str, body: &[u8]| {
        let mac = Hmac::<Sha256>::new_from_slice(b"0123456789abcdef").expect("any key");
        let mac = mac.chain_update(format!("{id}.{time}.")).chain_update(body);
        format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
    };
    let now = NOW.to_string();
    let good = sign("msg_1", &now, body);
    assert!(judged(["msg_1", &now, &good], body, secret, NOW));
    for moved in [-300, 300] {
        assert!(judged(["msg_1", &now, &good], body, secret, NOW + moved), "{moved}");
    }
    assert!(judged(["msg_1", &now, &format!("v1a,x v1,AAAA {good}")], body, secret, NOW));
    let many = format!("{}{good}", format!("{} ", sign("msg_2", &now, body)).repeat(8));
    for (head, body, secret, at) in [
        (["msg_1", &now, &good], body, secret, NOW + 301),
        (["msg_1", &now, &good], body, secret, NOW - 301),
        (["msg_2", &now, &good], body, secret, NOW),
        (["msg_1", &(NOW + 1).to_string(), &good], body, secret, NOW),
        (["msg_1", &now, &good], &body[1..], secret, NOW),
        (["msg_1", &now, &good], body, "whsec_MDEyMzQ1Njc4OWFiY2RlZw==", NOW),
        (["msg_1", &now, &good], body, "whsec_", NOW),
        (["msg_1", &now, &good], body, "", NOW),
        (["msg_1", &now, &good[3..]], body, secret, NOW),
        (["msg_1", &now, &good.replace("v1,", "v2,")], body, secret, NOW),
        (["msg_1", &now, ""], body, secret, NOW),
        (["msg_1", &now, &many], body, secret, NOW),
        (["msg_1", "9223372036854775808", &good], body, secret, NOW),
        (["msg_1", "-9223372036854775808", &sign("msg_1", "-9223372036854775808", body)], body, secret, NOW),
        (["msg_1", "", &sign("msg_1", "", body)], body, secret, NOW),
        (["", &now, &sign("", &now, body)], body, secret, NOW),
    ] {
        assert!(!judged(head, body, secret, at), "{head:?} {secret} {at}");
    }
    assert!(!may_be_signed(&HeaderMap::new()));
}

fn webhook(kind: &str, data: &Value) -> Vec<Event> {
    let body = json!({ "type": kind, "timestamp": "2026-11-29T00:00:00.5Z", "data": data });
    read(body.to_string().as_bytes()).expect("Bird's")
}

fn moment() -> Option<DateTime<chrono::Utc>> {
    DateTime::from_timestamp_millis(1_795_910_400_500)
}

#[test]
fn a_state_is_told_by_the_id_of_the_message() {
    let data = json!({
        "whatsapp_id": ID, "direction": "outbound", "from": { "phone_number": NUMBER },
        "to": { "bsuid": "ID.contoh" }, "metadata": { "reference": REFERENCE }, "tags": null,
    });
    for (kind, state) in [
        ("accepted", Some(State::Accepted)),
        ("sent", Some(State::Sent)),
        ("delivered", Some(State::Delivered)),
        ("read", Some(State::Read)),
        ("reacted", None),
        ("group.join_request_created", None),
    ] {
        let receipt = state.map(|state| {
            let (id, sender, reference) = (ID.to_owned(), NUMBER.to_owned(), Some(REFERENCE.to_owned()));
            Event::Receipt(Receipt { id, sender, state, at: moment(), reason: None, category: None, reference })
        });
        assert_eq!(webhook(&format!("whatsapp.{kind}"), &data), receipt.into_iter().collect::<Vec<_>>(), "{kind}");
    }
    let bare = webhook("whatsapp.sent", &json!({ "whatsapp_id": ID, "from": null, "metadata": null }));
    let [Event::Receipt(receipt)] = &bare[..] else { panic!("{bare:?}") };
    assert_eq!((receipt.sender.as_str(), &receipt.reference), ("", &None), "whoever's address it came to");
}

#[test]
fn a_failure_says_why_in_metas_words_where_bird_knows_them() {
    for (code, meta, why) in [
        ("insufficient_balance", None, Why::AccountBlocked),
        ("price_not_found", None, Why::AccountBlocked),
        ("internal_error", None, Why::ProviderDown),
        ("undeliverable", None, Why::NotOnWhatsApp),
        ("undeliverable", Some("131049"), Why::Declined),
        ("undeliverable", Some("of next year"), Why::NotOnWhatsApp),
        ("service_window_expired", None, Why::OutsideWindow),
        ("rate_limited", None, Why::Busy),
        ("rate_limited", Some("131056"), Why::TooSoon),
        ("recipient_suppressed", None, Why::OptedOut),
        ("media_rejected", None, Why::WrongParameters),
        ("of_next_year", None, Why::Other),
    ] {
        for kind in ["whatsapp.failed", "whatsapp.rejected"] {
            let error = json!({ "code": code, "description": "to +62 812-0000-0000", "meta_error_code": meta });
            let told = webhook(kind, &json!({ "whatsapp_id": ID, "error": error }));
            let [Event::Receipt(Receipt { state: State::Failed, reason: Some(reason), .. })] = &told[..] else {
                panic!("{told:?}")
            };
            assert_eq!((reason.why, reason.code.clone()), (why, format!("bird_{code}")));
            assert!(reason.detail.starts_with("to +…"), "{}", reason.detail);
        }
    }
}

#[test]
fn what_people_write_is_read_without_a_number_too() {
    let inbound = |from: Option<&str>, text: &str| {
        let (id, receiver, from) = (ID.to_owned(), NUMBER.to_owned(), from.map(str::to_owned));
        vec![Event::Inbound(Inbound { id, receiver, from, text: text.to_owned(), at: moment() })]
    };
    let with = |from: Value, more: Value| {
        let mut data =
            json!({ "whatsapp_id": ID, "direction": "inbound", "from": from, "to": { "phone_number": NUMBER } });
        data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        webhook("whatsapp.received", &data)
    };
    let number = json!({ "phone_number": "+6281200000000", "display_name": "BUDI" });
    let text = json!({ "text": { "body": "BERHENTI" } });
    assert_eq!(with(number.clone(), text), inbound(Some("6281200000000"), "BERHENTI"));
    let button = json!({ "interactive_reply": { "type": "button", "button": { "slug": "x", "text": "STOP" } } });
    assert_eq!(with(json!({ "bsuid": "ID.contoh" }), button), inbound(None, "STOP"));
    let row = json!({ "interactive_reply": { "type": "list", "list": { "slug": "x", "text": "Berhenti" } } });
    assert_eq!(with(number.clone(), row), inbound(Some("6281200000000"), "Berhenti"));
    assert_eq!(with(number, json!({ "image": {} })), inbound(Some("6281200000000"), ""));
}

#[test]
fn what_is_not_birds_is_refused_and_what_is_new_is_passed_over() {
    for body in [&b""[..], b"{", b"[]", b"{}", b"\xff\xfe", br#"{"type":5}"#] {
        assert!(read(body).is_err(), "{body:?}");
    }
    for (kind, data) in [
        ("email.delivered", json!({})),
        ("whatsapp.of_next_year", json!({ "whatsapp_id": ID })),
        ("whatsapp.sent", json!(null)),
        ("whatsapp.sent", json!({ "whatsapp_id": 5 })),
        ("whatsapp.received", json!([])),
    ] {
        assert_eq!(webhook(kind, &data), [], "{kind} {data}");
    }
}
