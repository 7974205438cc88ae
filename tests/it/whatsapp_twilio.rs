//! Twilio, against a server that answers what Twilio's documents say, and worse.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};
use sicantik_companion::whatsapp::twilio::{Account, Settings, is_signed, may_be_signed, read};
use sicantik_companion::whatsapp::{
    AccountState, Document, Event, Inbound, Outcome, Provider, Receipt, State, TextState, TextTold, Unreadable,
    Webhook, Why,
};
use url::Url;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::providers::{Message, REFERENCE, Stand, clock, has_no_answer, http, pause, told};
use crate::store::now;

const ACCOUNT: &str = "AC22222222222222222222222222222222";
const KEY: &str = "SK11111111111111111111111111111111";
const SECRET: &str = "contoh-rahasia";
const SENDER: &str = "+6283601000000";
const SERVICE: &str = "MG33333333333333333333333333333333";
const TEXT: &str = "HX44444444444444444444444444444444";
const ID: &str = "SM55555555555555555555555555555555";

/// `SK…:contoh-rahasia`.
const AUTHORIZATION: &str = "Basic U0sxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTpjb250b2gtcmFoYXNpYQ==";

pub fn account_of(sender: &str, base: &str, timeout: Duration) -> Account {
    let settings = Settings {
        base: base.parse().expect("an address"),
        content: base.parse().expect("an address"),
        account_sid: ACCOUNT.to_owned(),
        key_sid: KEY.to_owned(),
        sender: sender.to_owned(),
        secret: SECRET.into(),
    };
    Account::new(http(timeout), settings, clock())
}

fn account(base: &str, timeout: Duration) -> Account {
    account_of(SENDER, base, timeout)
}

pub fn accepted() -> Value {
    json!({ "sid": ID, "status": "queued", "error_code": null, "error_message": null, "account_sid": ACCOUNT })
}

fn error(code: i64, status: u16) -> Value {
    let message = "Sent to whatsapp:+62 812-0000-0000";
    json!({ "code": code, "message": message, "more_info": "https://www.twilio.com/docs/errors", "status": status })
}

#[tokio::test]
async fn a_message_goes_out_as_twilios_openapi_has_it() {
    let twilio = Stand::start(TEXT, account).await;
    Mock::given(method("POST"))
        .and(path(format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json")))
        .and(header("authorization", AUTHORIZATION))
        .and(header("content-type", "application/x-www-form-urlencoded"))
        .and(header("connection", "close"))
        .respond_with(ResponseTemplate::new(201).set_body_json(accepted()))
        .mount(&twilio.server)
        .await;
    let document = Document { link: "https://odoo.example/d/1?x=2", name: "Izin 1.pdf" };
    let receipts = Some("https://worker.example/webhooks/whatsapp/twilio/1");
    let message = Message { button: Some("p/1"), header: Some(document), receipts, ..Message::of(TEXT) };
    for message in [Message::of(TEXT), message] {
        let outcome = crate::providers::send(&twilio.account, &message).await;
        assert_eq!(outcome, Outcome::Accepted { id: ID.to_owned() });
    }
    let bodies = twilio.server.received_requests().await.expect("kept").into_iter().map(|request| request.body);
    let sent: Vec<Vec<(String, String)>> = bodies.map(|body| form(&body)).collect();
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let plain = r#"{"1":"BUDI {{1}} 😀","2":"503/0001/CONTOH/2026"}"#;
    let full = r#"{"1":"BUDI {{1}} 😀","2":"503/0001/CONTOH/2026","3":"p/1","4":"https://odoo.example/d/1?x=2"}"#;
    let common = [("To", "whatsapp:+6281200000000"), ("From", "whatsapp:+6283601000000"), ("ContentSid", TEXT)];
    let [to, from, content] = common;
    let callback = format!("https://worker.example/webhooks/whatsapp/twilio/1?reference={REFERENCE}#rc=5&rp=5xx,ct,rt");
    assert_eq!(sent[0], pairs(&[to, from, content, ("ContentVariables", plain)]));
    assert_eq!(sent[1], pairs(&[to, from, content, ("ContentVariables", full), ("StatusCallback", &callback)]));
    assert!(!format!("{:?}", twilio.account).contains(SECRET), "the secret is no part of what may be logged");
}

pub fn form(body: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

/// Each code of the contract: with which status it comes, what waits with it, and why. `-` = it is final.
#[tokio::test]
async fn each_error_of_twilio_says_what_is_to_be_done() {
    let rows: &[(&str, u16, &[i64])] = &[
        ("account credentials", 401, &[20_003]),
        ("account account_blocked", 404, &[20_404]),
        ("account account_blocked", 400, &[21_212, 21_603, 21_606, 21_703, 63_001, 63_007, 63_022]),
        ("sender busy", 429, &[20_429, 63_018]),
        ("sender daily_limit", 429, &[63_038]),
        ("message provider_down", 400, &[63_005, 63_010, 63_012, 63_020, 63_023]),
        ("text text_missing", 400, &[21_654, 21_655, 63_027, 63_040]),
        ("text text_paused", 400, &[63_041, 63_042]),
        ("- not_on_whatsapp", 400, &[21_211, 21_614, 63_003, 63_024]),
        ("- recipient_not_allowed", 400, &[21_408, 21_608]),
        ("- opted_out", 400, &[21_610]),
        ("- outside_window", 400, &[63_016]),
        ("- declined", 400, &[63_032, 63_049]),
        ("- wrong_parameters", 400, &[21_656, 63_013, 63_019, 63_028, 63_029, 63_030]),
        ("- text_rejected", 400, &[63_021]),
        // Its server failed: the message may have been sent, whatever is said of it.
        ("unknown no_answer", 500, &[20_500, 20_003, 63_012, 999_999]),
        ("unknown no_answer", 400, &[20_500]),
        // Not known here: the status decides.
        ("sender busy", 429, &[999_999]),
        ("account credentials", 403, &[999_999]),
        ("account account_blocked", 402, &[999_999]),
        ("- other", 400, &[999_999]),
    ];
    let twilio = Stand::start(TEXT, account).await;
    for (expected, status, codes) in rows {
        for code in *codes {
            let outcome = twilio.answers(ResponseTemplate::new(*status).set_body_json(error(*code, *status))).await;
            assert_eq!(told(&outcome), format!("{expected} twilio_{code}"), "{status}");
        }
    }
}

#[tokio::test]
async fn what_is_not_known_to_have_failed_is_unknown() {
    let twilio = Stand::start(TEXT, account).await;
    let failed = |code: Value| {
        let mut failed = accepted();
        failed["status"] = "failed".into();
        failed["error_code"] = code;
        ResponseTemplate::new(201).set_body_json(failed)
    };
    for (answer, expected) in [
        (ResponseTemplate::new(201).set_body_string("<html>"), "unknown no_answer twilio_201"),
        (ResponseTemplate::new(201).set_body_json(json!({ "sid": "" })), "unknown no_answer twilio_201"),
        (ResponseTemplate::new(502).set_body_string("<html>Bad Gateway</html>"), "unknown no_answer twilio_502"),
        (ResponseTemplate::new(302).insert_header("location", "/login"), "unknown no_answer twilio_302"),
        (ResponseTemplate::new(408), "unknown no_answer twilio_408"),
        (ResponseTemplate::new(404).set_body_string("no such page"), "account account_blocked twilio_404"),
        (ResponseTemplate::new(429).set_body_string("slow down"), "sender busy twilio_429"),
        (ResponseTemplate::new(421), "message provider_down twilio_421"),
        (failed(63_003.into()), "- not_on_whatsapp twilio_63003"),
        (failed("63018".into()), "sender busy twilio_63018"),
        (failed(Value::Null), "- other twilio_201"),
    ] {
        assert_eq!(told(&twilio.answers(answer).await), expected);
    }
    has_no_answer("twilio", TEXT, account, ResponseTemplate::new(201).set_body_json(accepted()), 1).await;
}

#[tokio::test]
async fn the_pause_that_twilio_asks_for_is_kept_and_never_shorter_than_it_must_be() {
    let asked = |code, seconds: &str| {
        ResponseTemplate::new(429).insert_header("retry-after", seconds).set_body_json(error(code, 429))
    };
    let twilio = Stand::start(TEXT, account).await;
    assert_eq!(pause(&twilio.answers(asked(20_429, "90")).await), Some(90));
    assert_eq!(pause(&twilio.answers(asked(20_429, "99999999999")).await), Some(24 * 60 * 60), "a day at most");
    assert_eq!(pause(&twilio.answers(asked(63_038, "1")).await), Some(60 * 60));
    assert_eq!(pause(&twilio.answers(ResponseTemplate::new(429)).await), None);
}

#[tokio::test]
async fn an_account_is_checked_without_a_message() {
    let none = |number: &str| AccountState {
        number: number.to_owned(),
        name: String::new(),
        daily_limit: None,
        quality: None,
    };
    for (sender, number) in [(SENDER, SENDER), (SERVICE, "")] {
        let twilio = Stand::start(TEXT, |base, timeout| account_of(sender, base, timeout)).await;
        let numbers = || {
            Mock::given(method("GET"))
                .and(path(format!("/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json")))
                .and(query_param("PageSize", "1"))
                .and(header("authorization", AUTHORIZATION))
        };
        let answer = ResponseTemplate::new(200).set_body_json(json!({ "incoming_phone_numbers": [] }));
        numbers().respond_with(answer).mount(&twilio.server).await;
        assert_eq!(twilio.account.check().await, Ok(none(number)));
        for (answer, why) in [
            (ResponseTemplate::new(401).set_body_json(error(20_003, 401)), Why::Credentials),
            (ResponseTemplate::new(404).set_body_json(error(20_404, 404)), Why::AccountBlocked),
            (ResponseTemplate::new(200).set_body_string("<html>"), Why::NoAnswer),
            (ResponseTemplate::new(500), Why::NoAnswer),
        ] {
            twilio.server.reset().await;
            numbers().respond_with(answer).mount(&twilio.server).await;
            assert_eq!(twilio.account.check().await.expect_err("it does not work").reason.why, why);
        }
    }
}

#[tokio::test]
async fn each_content_template_tells_its_state() {
    let twilio = Stand::start(TEXT, account).await;
    let content = |last: u8| format!("HX{last:032}");
    for (last, status) in [(1, "approved"), (2, "pending"), (3, "rejected"), (4, "paused"), (5, "unsubmitted")] {
        let whatsapp = json!({ "status": status, "category": "UTILITY", "name": "izin", "rejection_reason": "" });
        Mock::given(method("GET"))
            .and(path(format!("/v1/Content/{}/ApprovalRequests", content(last))))
            .and(header("authorization", AUTHORIZATION))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "whatsapp": whatsapp })))
            .mount(&twilio.server)
            .await;
    }
    // One is not there, and one is no content template: nobody asks for it.
    let names: Vec<String> = (1..=6).map(content).chain(["../../v1/Keys".to_owned()]).collect();
    let asked: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "id")).collect();
    let states = [TextState::Approved, TextState::Pending, TextState::Rejected, TextState::Paused];
    let expected = names.iter().zip(states).map(|(name, state)| TextTold {
        name: name.clone(),
        language: "id".to_owned(),
        state,
        category: Some("UTILITY".to_owned()),
    });
    assert_eq!(twilio.account.text_states(&asked).await, Ok(expected.collect()));
    assert_eq!(twilio.server.received_requests().await.expect("kept").len(), 6);
    twilio.server.reset().await;
    let answer = ResponseTemplate::new(401).set_body_json(error(20_003, 401));
    Mock::given(method("GET")).respond_with(answer).mount(&twilio.server).await;
    let failed = twilio.account.text_states(&asked).await.expect_err("it may not look");
    assert_eq!(failed.reason.why, Why::Credentials);
}

pub fn judged(url: &str, head: &[(&'static str, &str)], body: &[u8], secret: &str) -> bool {
    let head = head.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().expect("a header")));
    let (headers, url): (HeaderMap, _) = (head.collect(), Url::parse(url).expect("an address"));
    let good = is_signed(&Webhook { url: &url, headers: &headers, body, now: now() }, &secret.into());
    assert!(may_be_signed(&headers) || !good, "what is good must look like it");
    good
}

#[test]
fn a_webhook_is_twilios_only_when_the_address_and_each_field_are_signed() {
    // The example of Twilio's documentation: token 12345, and a call.
    let url = "https://example.com/myapp.php?foo=1&bar=2";
    let body = b"CallSid=CA1234567890ABCDE&Caller=%2B14158675310&Digits=1234&From=%2B14158675310&To=%2B18005551212";
    let signature = "L/OH5YylLD5NRKLltdqwSvS0BnU=";
    let form = ("content-type", "application/x-www-form-urlencoded; charset=UTF-8");
    let signed = |signature| [("x-twilio-signature", signature), form];
    assert!(judged(url, &signed(signature), body, "12345"));
    for (url, signature, body, secret) in [
        (url, signature, &body[..], "12346"),
        (url, signature, &body[..], ""),
        (url, signature, &body[..body.len() - 1], "12345"),
        ("https://example.com/myapp.php?foo=1", signature, body, "12345"),
        (url, "", body, "12345"),
        (url, "L/OH5YylLD5NRKLltdqwSvS0BnU", body, "12345"),
        (url, "L/OH5YylLD5NRKLltdqwSvS0BnV=", body, "12345"),
        (url, "AAAA", body, "12345"),
    ] {
        assert!(!judged(url, &signed(signature), body, secret), "{url} {signature} {secret}");
    }
    // Twice is once too often, and no form is signed as one.
    let head = [("x-twilio-signature", signature), form];
    let mut both = HeaderMap::new();
    both.append("x-twilio-signature", signature.parse().expect("text"));
    both.append("x-twilio-signature", signature.parse().expect("text"));
    assert!(!may_be_signed(&both) && !may_be_signed(&HeaderMap::new()));
    assert!(!judged(url, &head[..1], body, "12345"));
}

/// As Twilio calls the address, which it was given with a message or is set for the number.
fn heard(query: &str, body: &[u8]) -> Result<Vec<Event>, Unreadable> {
    let url = format!("https://worker.example/webhooks/whatsapp/twilio/1{query}").parse().expect("an address");
    read(&Webhook { url: &url, headers: &HeaderMap::new(), body, now: now() })
}

fn webhook(fields: &[(&str, &str)]) -> Vec<Event> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    heard("", body.as_bytes()).expect("Twilio's")
}

#[test]
fn what_was_sent_with_our_reference_comes_back_with_it() {
    for (query, reference) in
        [("", None), ("?reference=", None), ("?x=1", None), (&format!("?x=1&reference={REFERENCE}"), Some(REFERENCE))]
    {
        let told = heard(query, b"MessageSid=SM1&MessageStatus=sent").expect("Twilio's");
        let [Event::Receipt(receipt)] = &told[..] else { panic!("{told:?}") };
        assert_eq!(receipt.reference.as_deref(), reference, "{query}");
    }
}

#[test]
fn a_state_is_told_by_the_id_of_the_message_alone() {
    for (status, state) in [
        ("queued", Some(State::Accepted)),
        ("accepted", Some(State::Accepted)),
        ("sending", Some(State::Sent)),
        ("sent", Some(State::Sent)),
        ("delivered", Some(State::Delivered)),
        ("read", Some(State::Read)),
        ("of next year", None),
    ] {
        let told = webhook(&[("MessageSid", ID), ("MessageStatus", status), ("From", "whatsapp:+6283601000000")]);
        let receipt = state.map(|state| {
            let (id, sender) = (ID.to_owned(), String::new());
            Event::Receipt(Receipt { id, sender, state, at: None, reason: None, category: None, reference: None })
        });
        assert_eq!(told, receipt.into_iter().collect::<Vec<_>>(), "{status}");
    }
}

#[test]
fn a_failure_says_why() {
    for (code, why) in [
        ("63003", Why::NotOnWhatsApp),
        ("63016", Why::OutsideWindow),
        ("63018", Why::Busy),
        ("63038", Why::DailyLimit),
        ("63024", Why::NotOnWhatsApp),
        ("63049", Why::Declined),
        ("63013", Why::WrongParameters),
        ("63021", Why::TextRejected),
        ("63027", Why::TextMissing),
        ("63028", Why::WrongParameters),
        ("63029", Why::WrongParameters),
        ("63005", Why::ProviderDown),
        ("63012", Why::ProviderDown),
        ("63020", Why::ProviderDown),
        ("63023", Why::ProviderDown),
        ("63032", Why::Declined),
        ("99999", Why::Other),
        ("", Why::Other),
    ] {
        for status in ["undelivered", "failed", "canceled"] {
            let detail = ("ChannelStatusMessage", "to +62 812-0000-0000");
            let told = webhook(&[("MessageSid", ID), ("MessageStatus", status), ("ErrorCode", code), detail]);
            let [Event::Receipt(Receipt { state: State::Failed, reason: Some(reason), .. })] = &told[..] else {
                panic!("{told:?}")
            };
            let code = if code.is_empty() { "0" } else { code };
            let expected = (why, format!("twilio_{code}"), "to +…");
            assert_eq!((reason.why, reason.code.clone(), reason.detail.as_str()), expected);
        }
    }
}

#[test]
fn what_people_write_is_read_without_a_number_too() {
    let inbound = |from: Option<&str>, text: &str| {
        let (id, receiver, from) = (ID.to_owned(), String::new(), from.map(str::to_owned));
        vec![Event::Inbound(Inbound { id, receiver, from, text: text.to_owned(), at: None })]
    };
    let common =
        [("SmsMessageSid", ID), ("MessageSid", ID), ("SmsStatus", "received"), ("To", "whatsapp:+6283601000000")];
    let with = |more: &[(&str, &str)]| webhook(&[&common[..], more].concat());
    let number = ("From", "whatsapp:+6281200000000");
    assert_eq!(with(&[number, ("Body", "BERHENTI")]), inbound(Some("6281200000000"), "BERHENTI"));
    let button = [number, ("Body", "STOP"), ("ButtonText", "STOP"), ("ButtonPayload", "x")];
    assert_eq!(with(&button), inbound(Some("6281200000000"), "STOP"));
    assert_eq!(with(&[("From", "whatsapp:ID.contoh"), ("ButtonText", "STOP")]), inbound(None, "STOP"));
    assert_eq!(with(&[("WaId", "6281200000000"), ("NumMedia", "1")]), inbound(Some("6281200000000"), ""));
    assert_eq!(with(&[]), inbound(None, ""));
}

#[test]
fn what_is_not_twilios_is_refused_and_what_is_new_is_passed_over() {
    for body in [&b""[..], b"{}", b"\xff\xfe", b"MessageSid=", b"MessageStatus=sent"] {
        assert!(heard("", body).is_err(), "{body:?}");
    }
    assert_eq!(heard("", b"MessageSid=SM1&EventType=OF_NEXT_YEAR"), Ok(Vec::new()));
    assert_eq!(heard("", b"MessageSid=SM1&SmsStatus=sent"), Ok(Vec::new()));
}
