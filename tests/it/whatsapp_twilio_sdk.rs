//! Twilio's client beside Twilio's own SDK: what both send, and which signatures both take for Twilio's.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use sicantik_companion::whatsapp::Outcome;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::providers::{CASES, cases, made, send_case, text};
use crate::whatsapp_twilio::{accepted, account_of, form, judged};

fn made_with_the_sdk() -> Value {
    made(include_bytes!("fixtures/twilio.json.gz"))
}

/// The fields in whatever order, and the variables in theirs.
fn fields(body: &[u8]) -> BTreeMap<String, Value> {
    let fields = form(body).into_iter().map(|(name, value)| {
        let value = match name.as_str() {
            "ContentVariables" => serde_json::from_str(&value).expect("JSON"),
            _ => value.into(),
        };
        (name, value)
    });
    fields.collect()
}

#[tokio::test]
async fn what_goes_out_is_what_twilios_sdk_sends() {
    let twilio = MockServer::start().await;
    let answer = ResponseTemplate::new(201).set_body_json(accepted());
    Mock::given(method("POST")).respond_with(answer).mount(&twilio).await;
    let made = made_with_the_sdk();
    let cases = cases(&made, "requests");
    for case in cases {
        let account = account_of(text(case, "sender"), &twilio.uri(), Duration::from_mins(1));
        assert!(matches!(send_case(&account, case).await, Outcome::Accepted { .. }), "{case}");
    }
    let requests = twilio.received_requests().await.expect("they are kept");
    assert_eq!(requests.len(), cases.len());
    for (case, request) in cases.iter().zip(requests) {
        let theirs = &case["sent"];
        assert_eq!(request.url.path(), theirs["path"]);
        assert_eq!(request.headers["authorization"].to_str().expect("text"), theirs["authorization"]);
        assert_eq!(fields(&request.body), fields(text(theirs, "form").as_bytes()));
    }
}

#[test]
fn signatures_are_judged_as_twilios_sdk_judges_them() {
    let made = made_with_the_sdk();
    let mut good = 0;
    for case in cases(&made, "signatures") {
        let kind = if case["json"] == true { "application/json" } else { "application/x-www-form-urlencoded" };
        let mut head = vec![("x-twilio-signature", text(case, "signature")), ("content-type", kind)];
        head.extend(case["settings"].as_str().map(|text| ("x-twilio-webhooks-signature-settings", text)));
        let ours = judged(text(case, "url"), &head, text(case, "body").as_bytes(), text(case, "secret"));
        assert_eq!(ours, case["good"], "{case}");
        good += usize::from(ours);
    }
    assert!((CASES / 10..CASES * 9 / 10).contains(&good), "{good} are good");
}
