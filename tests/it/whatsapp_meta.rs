//! Meta's Cloud API, against a server that answers what Meta's documents say, and worse.

use std::time::Duration;

use chrono::DateTime;
use hmac::{Hmac, Mac};
use reqwest::header::HeaderMap;
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::Sha256;
use sicantik_companion::domain::text::hex;
use sicantik_companion::whatsapp::meta::{Account, Settings, handshake, is_signed, may_be_signed, read};
use sicantik_companion::whatsapp::{
    AccountState, DailyLimit, Document, Event, Inbound, Outcome, Outgoing, Parameters, Provider, Receipt, State,
    TextState, TextTold, Webhook, Why,
};
use wiremock::matchers::{header, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::providers::{Message, REFERENCE, Stand, clock, has_no_answer, http, pause, told};
use crate::store::now;

const TOKEN: &str = "EAAcontoh";
const NUMBER_ID: &str = "100000000000001";
const BUSINESS_ID: &str = "200000000000001";
const ID: &str = "wamid.HBgNNjI4MTIwMDAwMDAwMAA=";
const TEXT: &str = "permit_expiring_v1";

pub fn account(base: &str, timeout: Duration) -> Account {
    let settings = Settings {
        base: base.parse().expect("an address"),
        version: "v26.0".to_owned(),
        phone_number_id: NUMBER_ID.to_owned(),
        business_id: Some(BUSINESS_ID.to_owned()),
        token: TOKEN.into(),
    };
    Account::new(http(timeout), settings, clock())
}

async fn send(account: &Account) -> Outcome {
    crate::providers::send(account, &Message::of(TEXT)).await
}

pub fn accepted() -> Value {
    json!({
        "messaging_product": "whatsapp",
        "contacts": [{ "input": "6281200000000", "wa_id": "6281200000000" }],
        "messages": [{ "id": ID, "message_status": "accepted" }],
    })
}

fn error(code: i64) -> Value {
    json!({ "error": {
        "message": format!("(#{code}) Something"), "type": "OAuthException", "code": code,
        "error_data": { "messaging_product": "whatsapp", "details": "Sent to +62 812-0000-0000" }, "fbtrace_id": "A",
    } })
}

#[tokio::test]
async fn a_message_goes_out_as_metas_openapi_has_it() {
    let meta = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path(format!("/v26.0/{NUMBER_ID}/messages")))
        .and(header("authorization", format!("Bearer {TOKEN}")))
        .and(header("content-type", "application/json"))
        .respond_with(ResponseTemplate::new(200).set_body_json(accepted()))
        .mount(&meta)
        .await;
    let account = account(&meta.uri(), Duration::from_mins(1));
    assert_eq!(send(&account).await, Outcome::Accepted { id: ID.to_owned() });
    let sent: Vec<Value> = meta
        .received_requests()
        .await
        .expect("they are kept")
        .iter()
        .map(|request| request.body_json().expect("JSON"))
        .collect();
    let expected = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "6281200000000", "type": "template",
        "template": {
            "name": "permit_expiring_v1",
            "language": { "policy": "deterministic", "code": "id" },
            "components": [{ "type": "body", "parameters": [
                { "type": "text", "text": "BUDI {{1}} 😀" }, { "type": "text", "text": "503/0001/CONTOH/2026" },
            ] }],
        },
        "biz_opaque_callback_data": REFERENCE,
    });
    assert_eq!(sent, [expected]);
    assert!(!format!("{account:?}").contains(TOKEN), "the token is no part of what may be logged");
    let parameters = Parameters::new(&["BUDI".to_owned()], 1, |_| false).expect("it fits");
    let header = Some(Document { link: "https://odoo.example/BUDI", name: "BUDI.pdf" });
    let (to, button, receipts) = ("+6281200000000", Some("BUDI"), None);
    let message =
        Outgoing { to, text: "x", language: "id", parameters: &parameters, reference: "", button, header, receipts };
    let told = format!("{message:?} {parameters:?} {header:?}");
    assert!(!told.contains("62812") && !told.contains("BUDI"), "{told}");
}

/// Each code of the contract: with which status it comes, what waits with it, and why. `-` = it is final.
#[tokio::test]
async fn each_error_of_meta_says_what_is_to_be_done() {
    let rows: &[(&str, u16, &[i64])] = &[
        ("account credentials", 401, &[0, 190]),
        ("account account_blocked", 403, &[3, 10, 200, 299, 368, 131_031, 130_497, 131_042, 131_045, 131_037, 133_010]),
        ("sender busy", 429, &[4, 80_007, 130_429]),
        ("recipient too_soon", 429, &[131_056]),
        ("sender quality", 400, &[131_048]),
        ("sender daily_limit", 400, &[131_064]),
        ("message provider_down", 400, &[1, 131_000, 135_000]),
        ("message provider_down", 500, &[2, 131_016, 133_004]),
        ("sender provider_down", 500, &[131_057]),
        ("text text_paused", 400, &[132_015, 132_016]),
        ("text text_missing", 404, &[132_001]),
        ("- not_on_whatsapp", 400, &[131_026]),
        ("- outside_window", 400, &[131_047]),
        ("- opted_out", 400, &[131_050]),
        ("- declined", 400, &[131_049, 130_472]),
        ("- recipient_not_allowed", 400, &[131_021, 131_030]),
        ("- wrong_parameters", 400, &[131_008, 131_009, 100, 131_051, 132_000]),
        ("- text_rejected", 400, &[132_005, 132_007, 132_008, 132_012, 131_062, 131_063]),
        // Not known here: the status decides.
        ("sender busy", 429, &[999_999]),
        ("account credentials", 403, &[999_999]),
        ("- other", 400, &[999_999]),
        ("unknown no_answer", 503, &[999_999]),
    ];
    let meta = Stand::start(TEXT, account).await;
    for (expected, status, codes) in rows {
        for code in *codes {
            // An error inside a 200 is an error, too, where its code is known.
            for status in [*status, 200].into_iter().take(if *code == 999_999 { 1 } else { 2 }) {
                let outcome = meta.answers(ResponseTemplate::new(status).set_body_json(error(*code))).await;
                let told = told(&outcome);
                assert_eq!(told, format!("{expected} meta_{code}"), "{status}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_known_to_have_failed_is_unknown() {
    let meta = Stand::start(TEXT, account).await;
    for (answer, expected) in [
        (ResponseTemplate::new(200).set_body_string("<html>"), "unknown no_answer meta_200"),
        (ResponseTemplate::new(200).set_body_json(json!({ "messages": [] })), "unknown no_answer meta_200"),
        (ResponseTemplate::new(200).set_body_json(json!({ "messages": [{ "id": "" }] })), "unknown no_answer meta_200"),
        (ResponseTemplate::new(502).set_body_string("<html>Bad Gateway</html>"), "unknown no_answer meta_502"),
        (ResponseTemplate::new(500).set_body_json(json!({ "error": {} })), "unknown no_answer meta_500"),
        (ResponseTemplate::new(302).insert_header("location", "/login"), "unknown no_answer meta_302"),
        (ResponseTemplate::new(404).set_body_string("no such page"), "account account_blocked meta_404"),
        (ResponseTemplate::new(429).set_body_string("slow down"), "sender busy meta_429"),
        (ResponseTemplate::new(408), "unknown no_answer meta_408"),
        (ResponseTemplate::new(421), "message provider_down meta_421"),
    ] {
        assert_eq!(told(&meta.answers(answer).await), expected);
    }
    // One that is said to pass is tried again, unless Meta's server failed on the way.
    let passing = json!({ "error": { "code": 999_999, "is_transient": true } });
    for (status, expected) in [(400, "message provider_down meta_999999"), (503, "unknown no_answer meta_999999")] {
        assert_eq!(told(&meta.answers(ResponseTemplate::new(status).set_body_json(&passing)).await), expected);
    }
    for code in [1, 131_000, 135_000] {
        let outcome = meta.answers(ResponseTemplate::new(500).set_body_json(error(code))).await;
        assert_eq!(told(&outcome), format!("unknown no_answer meta_{code}"), "Meta does not know either");
    }
    // A message with an id is a message.
    let mut both = accepted();
    both["error"] = error(131_000)["error"].clone();
    let outcome = meta.answers(ResponseTemplate::new(200).set_body_json(both)).await;
    assert_eq!(outcome, Outcome::Accepted { id: ID.to_owned() });
}

/// Fields of another type than Meta documents hide no code that is known.
#[tokio::test]
async fn an_odd_error_keeps_its_code() {
    let meta = Stand::start(TEXT, account).await;
    for (odd, expected) in [
        (
            json!({ "code": 130_429, "error_data": null, "message": null, "title": null, "is_transient": null }),
            "sender busy meta_130429",
        ),
        (json!({ "code": "190", "error_data": "x", "message": 5 }), "account credentials meta_190"),
        (
            json!({ "code": 100, "error_subcode": 33, "message": "Object with ID does not exist" }),
            "account account_blocked meta_100",
        ),
        (json!({ "code": 100, "error_subcode": "x" }), "- wrong_parameters meta_100"),
        (json!({ "code": null }), "- other meta_400"),
    ] {
        let outcome = meta.answers(ResponseTemplate::new(400).set_body_json(json!({ "error": odd }))).await;
        assert_eq!(told(&outcome), expected, "{odd}");
    }
    for errors in [json!(null), json!({}), json!([null]), json!([{ "code": "131026", "error_data": null }])] {
        let status = json!({ "id": "a", "status": "failed", "timestamp": null, "pricing": [], "errors": errors });
        let told = webhook("messages", &json!({ "metadata": null, "statuses": [status] }));
        assert!(
            matches!(&told[..], [Event::Receipt(Receipt { state: State::Failed, reason: Some(_), .. })]),
            "{told:?}"
        );
    }
}

#[tokio::test]
async fn the_pause_that_meta_asks_for_is_kept_and_never_shorter_than_it_must_be() {
    let asked = |code, seconds: &str| {
        ResponseTemplate::new(429).insert_header("retry-after", seconds).set_body_json(error(code))
    };
    let meta = Stand::start(TEXT, account).await;
    assert_eq!(pause(&meta.answers(asked(130_429, "90")).await), Some(90));
    assert_eq!(pause(&meta.answers(asked(130_429, "99999999999")).await), Some(24 * 60 * 60), "a day at most");
    assert_eq!(pause(&meta.answers(asked(131_056, "1")).await), Some(6), "two to one telephone");
    assert_eq!(pause(&meta.answers(ResponseTemplate::new(429).set_body_json(error(130_429))).await), None);
}

#[tokio::test]
async fn no_connection_is_no_message_and_no_answer_may_be_one() {
    has_no_answer("meta", TEXT, account, ResponseTemplate::new(200).set_body_json(accepted()), 1).await;
}

#[tokio::test]
async fn an_account_is_checked_without_a_message() {
    let meta = MockServer::start().await;
    let number = json!({
        "display_phone_number": "+62 812-0000-0000", "verified_name": "DPMPTSP Contoh", "quality_rating": "GREEN",
        "whatsapp_business_manager_messaging_limit": "TIER_2K", "id": NUMBER_ID,
    });
    Mock::given(method("GET"))
        .and(path(format!("/v26.0/{NUMBER_ID}")))
        .and(query_param(
            "fields",
            "display_phone_number,verified_name,quality_rating,whatsapp_business_manager_messaging_limit",
        ))
        .and(header("authorization", format!("Bearer {TOKEN}")))
        .respond_with(ResponseTemplate::new(200).set_body_json(number))
        .mount(&meta)
        .await;
    let account = account(&meta.uri(), Duration::from_mins(1));
    let expected = AccountState {
        number: "+62 812-0000-0000".to_owned(),
        name: "DPMPTSP Contoh".to_owned(),
        daily_limit: Some(DailyLimit::People(2_000)),
        quality: Some("GREEN".to_owned()),
    };
    assert_eq!(account.check().await, Ok(expected));
    meta.reset().await;
    for (answer, why) in [
        (ResponseTemplate::new(401).set_body_json(error(190)), Why::Credentials),
        (ResponseTemplate::new(200).set_body_string("<html>"), Why::NoAnswer),
        (ResponseTemplate::new(200).set_body_json(json!({ "id": NUMBER_ID })), Why::NoAnswer),
    ] {
        meta.reset().await;
        Mock::given(method("GET")).respond_with(answer).mount(&meta).await;
        assert_eq!(account.check().await.expect_err("it does not work").reason.why, why);
    }
}

/// A button's address ends in a way of its own, and a document stands above the words.
#[tokio::test]
async fn a_button_and_a_document_go_out_as_metas_openapi_has_them() {
    let meta = Stand::start(TEXT, account).await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(accepted()))
        .mount(&meta.server)
        .await;
    let header = Some(Document { link: "https://odoo.example/d/1?x=2", name: "Izin 1.pdf" });
    let message = Message { button: Some("p/1"), header, ..Message::of(TEXT) };
    assert_eq!(told(&crate::providers::send(&meta.account, &message).await), "accepted");
    let sent: Value = meta.server.received_requests().await.expect("kept")[0].body_json().expect("JSON");
    let components = &sent["template"]["components"];
    let link = json!({ "link": "https://odoo.example/d/1?x=2", "filename": "Izin 1.pdf" });
    assert_eq!(components[0], json!({ "type": "header", "parameters": [{ "type": "document", "document": link }] }));
    assert_eq!(components[1]["type"], "body");
    let ending = json!([{ "type": "text", "text": "p/1" }]);
    let button = json!({ "type": "button", "sub_type": "url", "index": "0", "parameters": ending });
    assert_eq!((&components[2], components[3].is_null()), (&button, true));
}

#[tokio::test]
async fn texts_are_told_page_by_page_until_all_are_found() {
    let meta = Stand::start(TEXT, account).await;
    let page = |templates: Value, next: Option<&str>| {
        let mut page = json!({ "data": templates, "paging": { "cursors": { "before": "b", "after": "a2" } } });
        page["paging"]["next"] = next.into();
        ResponseTemplate::new(200).set_body_json(page)
    };
    let template = |name: &str, language: &str, status: &str| json!({ "name": name, "language": language, "status": status, "category": "UTILITY", "id": "1" });
    let list = || {
        Mock::given(method("GET"))
            .and(path(format!("/v26.0/{BUSINESS_ID}/message_templates")))
            .and(query_param("fields", "name,language,status,category"))
            .and(header("authorization", format!("Bearer {TOKEN}")))
    };
    let first =
        json!([template("a", "id", "APPROVED"), template("a", "en", "REJECTED"), template("z", "id", "PAUSED")]);
    list()
        .and(query_param_is_missing("after"))
        .respond_with(page(first, Some("http://127.0.0.1:1/elsewhere")))
        .expect(2)
        .mount(&meta.server)
        .await;
    let second = json!([template("b", "id", "PENDING_DELETION"), template("c", "id", "OF_NEXT_YEAR"), null]);
    list().and(query_param("after", "a2")).respond_with(page(second, None)).expect(1).mount(&meta.server).await;
    let told = |name: &str, language: &str, state| TextTold {
        name: name.to_owned(),
        language: language.to_owned(),
        state,
        category: Some("UTILITY".to_owned()),
    };
    let asked = [("a", "id"), ("b", "id"), ("c", "id"), ("none", "id")];
    let expected = vec![told("a", "id", TextState::Approved), told("b", "id", TextState::Disabled)];
    assert_eq!(meta.account.text_states(&asked).await, Ok(expected));
    let expected = vec![told("a", "en", TextState::Rejected)];
    assert_eq!(meta.account.text_states(&asked[..0]).await, Ok(Vec::new()), "nobody asks for nothing");
    assert_eq!(meta.account.text_states(&[("a", "en")]).await, Ok(expected), "the second page is not asked for");
    meta.server.reset().await;
    for (answer, why) in [
        (ResponseTemplate::new(400).set_body_json(error(190)), Why::Credentials),
        (ResponseTemplate::new(502).set_body_string("<html>"), Why::NoAnswer),
    ] {
        meta.server.reset().await;
        list().respond_with(answer).mount(&meta.server).await;
        assert_eq!(meta.account.text_states(&asked).await.expect_err("no list").reason.why, why);
    }
}

fn signature(body: &[u8], secret: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key").chain_update(body);
    format!("sha256={}", hex(&mac.finalize().into_bytes()))
}

pub fn judged(body: &[u8], header: &str, secret: &SecretString) -> bool {
    let headers =
        HeaderMap::from_iter([("x-hub-signature-256".parse().expect("a name"), header.parse().expect("text"))]);
    let url = "https://worker.example/webhooks/whatsapp/meta/0".parse().expect("an address");
    let good = is_signed(&Webhook { url: &url, headers: &headers, body, now: now() }, secret);
    assert!(may_be_signed(&headers) || !good, "what is good must look like it: {header}");
    good
}

#[test]
fn a_webhook_is_metas_only_when_these_very_bytes_are_signed() {
    let secret = SecretString::from("0123456789abcdef");
    let body = r#"{"object":"whatsapp_business_account","name":"Ibu \ud83d\ude00 é"}"#.as_bytes();
    let good = signature(body, "0123456789abcdef");
    // As OpenSSL makes it: `openssl dgst -sha256 -hmac 0123456789abcdef`.
    assert!(judged(body, &good, &secret) && judged(body, &good.to_uppercase().replace("SHA256", "sha256"), &secret));
    let re_encoded = r#"{"object":"whatsapp_business_account","name":"Ibu 😀 é"}"#.as_bytes();
    assert!(!judged(re_encoded, &good, &secret));
    for header in [
        "",
        "sha256=",
        "sha1=00",
        &good[7..],
        &good[..good.len() - 2],
        &format!("{good}00"),
        &good.replace('=', "=+"),
        "sha256=gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg",
        &signature(body, "another"),
    ] {
        assert!(!judged(body, header, &secret), "{header}");
    }
    assert!(!judged(body, &signature(body, ""), &SecretString::from("")), "no secret signs nothing");
    assert!(!may_be_signed(&HeaderMap::new()));
}

#[test]
fn the_handshake_is_answered_to_who_knows_the_token() {
    let token = SecretString::from("contoh-token");
    assert_eq!(handshake("subscribe", "contoh-token", "12345", &token), Some("12345"));
    for (mode, said) in [("subscribe", ""), ("subscribe", "contoh-toke"), ("unsubscribe", "contoh-token")] {
        assert_eq!(handshake(mode, said, "12345", &token), None);
    }
    assert_eq!(handshake("subscribe", "", "12345", &SecretString::from("")), None, "no token is known by nobody");
}

fn webhook(field: &str, value: &Value) -> Vec<Event> {
    let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "field": field, "value": value }] }] });
    read(body.to_string().as_bytes()).expect("Meta's")
}

fn receipt(id: &str, state: State) -> Receipt {
    Receipt {
        id: id.to_owned(),
        sender: NUMBER_ID.to_owned(),
        state,
        at: DateTime::from_timestamp(1_790_000_000, 0),
        reason: None,
        category: None,
        reference: None,
    }
}

#[test]
fn receipts_come_in_batches_and_whatever_may_be_missing_is() {
    let status = |id: &str, status: &str| json!({ "id": id, "status": status, "timestamp": "1790000000" });
    let mut charged = status("b", "delivered");
    charged["pricing"] = json!({ "billable": true, "pricing_model": "PMP", "category": "utility" });
    charged["biz_opaque_callback_data"] = "key".into();
    charged["recipient_id"] = "6281200000000".into();
    let mut failed = status("d", "failed");
    failed["errors"] =
        json!([{ "code": 131_026, "title": "Message undeliverable", "error_data": { "details": "to 6281200000000" } }]);
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "6281200000000", "phone_number_id": NUMBER_ID },
        "statuses": [
            status("a", "sent"), charged, status("c", "read"), failed, status("e", "of next year"), { "status": "sent" },
            { "id": "f", "status": "sent", "timestamp": 1_790_000_000, "user_id": "US.contoh" },
        ],
    });
    let found: Vec<Receipt> = webhook("messages", &value)
        .into_iter()
        .map(|event| match event {
            Event::Receipt(receipt) => receipt,
            other => panic!("{other:?}"),
        })
        .collect();
    let mut expected = [
        receipt("a", State::Sent),
        receipt("b", State::Delivered),
        receipt("c", State::Read),
        receipt("d", State::Failed),
        receipt("f", State::Sent),
    ];
    expected[1].category = Some("utility".to_owned());
    expected[1].reference = Some("key".to_owned());
    expected[3].reason = found[3].reason.clone();
    assert_eq!(found, expected);
    let reason = found[3].reason.as_ref().expect("why");
    assert_eq!((reason.why, reason.code.as_str(), reason.detail.as_str()), (Why::NotOnWhatsApp, "meta_131026", "to …"));
}

#[test]
fn what_people_write_is_read_without_a_number_too() {
    let value = json!({
        "metadata": { "phone_number_id": NUMBER_ID },
        "contacts": [{ "profile": { "name": "BUDI" }, "user_id": "ID.contoh" }],
        "messages": [
            { "id": "a", "from": "6281200000000", "timestamp": "1790000000", "type": "text", "text": { "body": "BERHENTI" } },
            { "id": "b", "from": "ID.contoh", "timestamp": "1790000000", "type": "button", "button": { "text": "STOP", "payload": "x" } },
            { "id": "c", "timestamp": "1790000000", "type": "image", "image": { "id": "1" } },
        ],
    });
    let inbound = |id: &str, from: Option<&str>, text: &str| {
        Event::Inbound(Inbound {
            id: id.to_owned(),
            receiver: NUMBER_ID.to_owned(),
            from: from.map(str::to_owned),
            text: text.to_owned(),
            at: DateTime::from_timestamp(1_790_000_000, 0),
        })
    };
    let expected =
        [inbound("a", Some("6281200000000"), "BERHENTI"), inbound("b", None, "STOP"), inbound("c", None, "")];
    assert_eq!(webhook("messages", &value), expected);
}

#[test]
fn texts_and_limits_that_change_are_told() {
    let template = |more: Value| {
        let mut value = json!({ "message_template_name": "permit_expiring_v1", "message_template_language": "id" });
        value.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        value
    };
    let (name, language) = ("permit_expiring_v1".to_owned(), "id".to_owned());
    for (event, state) in [
        ("APPROVED", TextState::Approved),
        ("PENDING", TextState::Pending),
        ("REJECTED", TextState::Rejected),
        ("PAUSED", TextState::Paused),
        ("DISABLED", TextState::Disabled),
        ("PENDING_DELETION", TextState::Disabled),
    ] {
        let told = webhook("message_template_status_update", &template(json!({ "event": event })));
        assert_eq!(told, [Event::Text { name: name.clone(), language: language.clone(), state }]);
    }
    assert_eq!(webhook("message_template_status_update", &template(json!({ "event": "FLAGGED" }))), []);
    let told = webhook(
        "template_category_update",
        &template(json!({ "previous_category": "UTILITY", "new_category": "MARKETING" })),
    );
    assert_eq!(told, [Event::Category { name, language, category: "MARKETING".to_owned() }]);
    for (value, limit) in [
        (json!({ "max_daily_conversations_per_business": 2000 }), DailyLimit::People(2_000)),
        (json!({ "max_daily_conversations_per_business": "TIER_10K" }), DailyLimit::People(10_000)),
        (json!({ "max_daily_conversations_per_business": "250" }), DailyLimit::People(250)),
        (json!({ "max_daily_conversations_per_business": "TIER_UNLIMITED" }), DailyLimit::Unlimited),
        (json!({ "max_daily_conversation_per_phone": 250 }), DailyLimit::People(250)),
    ] {
        assert_eq!(webhook("business_capability_update", &value), [Event::DailyLimit(limit)], "{value}");
    }
    for unreadable in [
        json!({}),
        json!({ "max_daily_conversations_per_business": "TIER_NOT_SET" }),
        json!({ "max_daily_conversations_per_business": 5_000_000_000_u64 }),
    ] {
        assert_eq!(webhook("business_capability_update", &unreadable), [], "it is not taken for no limit");
    }
}

#[test]
fn what_is_not_metas_is_refused_and_what_is_new_is_passed_over() {
    for body in [&b"{"[..], b"[]", b"{}", b"\xff\xfe", br#"{"object":"page","entry":[]}"#, b""] {
        assert!(read(body).is_err(), "{body:?}");
    }
    for value in [json!(null), json!([]), json!("x"), json!({ "statuses": {} }), json!({ "statuses": [1, null] })] {
        assert_eq!(webhook("messages", &value), [], "{value}");
        assert_eq!(webhook("of next year", &value), []);
    }
    let twice = br#"{"object":"page","object":"whatsapp_business_account"}"#;
    assert_eq!(read(twice), Ok(Vec::new()), "the last one counts");
    for body in [
        r#"{"object":"whatsapp_business_account"}"#,
        r#"{"object":"whatsapp_business_account","entry":[null,{"changes":null},{"changes":[1,{}]}]}"#,
    ] {
        assert_eq!(read(body.as_bytes()), Ok(Vec::new()));
    }
}
