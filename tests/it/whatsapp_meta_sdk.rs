//! Meta's client beside `pywa`, a client of the Cloud API that others wrote: what both send, and which signatures both
//! take for Meta's.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use sicantik_companion::whatsapp::Outcome;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::providers::{CASES, cases, made, send_case, text};
use crate::whatsapp_meta::{accepted, account, judged};

fn made_with_pywa() -> Value {
    made(include_bytes!("fixtures/meta.json.gz"))
}

#[tokio::test]
async fn what_goes_out_is_what_another_client_of_meta_sends() {
    let meta = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200).set_body_json(accepted())).mount(&meta).await;
    let (account, made) = (account(&meta.uri(), Duration::from_mins(1)), made_with_pywa());
    let cases = cases(&made, "requests");
    for case in cases {
        assert!(matches!(send_case(&account, case).await, Outcome::Accepted { .. }), "{case}");
    }
    let requests = meta.received_requests().await.expect("they are kept");
    assert_eq!(requests.len(), cases.len());
    for (case, request) in cases.iter().zip(requests) {
        let (theirs, mut ours) = (&case["sent"], request.body_json::<Value>().expect("JSON"));
        assert_eq!(request.url.path(), theirs["path"]);
        assert_eq!(request.headers["authorization"].to_str().expect("text"), theirs["authorization"]);
        // Meta's OpenAPI demands it, the live interface and pywa do not.
        let policy = ours["template"]["language"].as_object_mut().expect("an object").remove("policy");
        assert_eq!(policy, Some("deterministic".into()));
        let mut theirs = theirs["body"].clone();
        // Meta takes the number with its plus, too.
        theirs["to"] = text(&theirs, "to").trim_start_matches('+').into();
        // Its documents write names small, and the place of a button as text.
        for component in theirs["template"]["components"].as_array_mut().expect("a list") {
            component["type"] = text(component, "type").to_lowercase().into();
            if component["type"] == "button" {
                component["sub_type"] = text(component, "sub_type").to_lowercase().into();
                component["index"] = component["index"].to_string().into();
            }
        }
        assert_eq!(ours, theirs);
    }
}

#[test]
fn signatures_are_judged_as_another_client_of_meta_judges_them() {
    let made = made_with_pywa();
    let mut good = 0;
    for case in cases(&made, "signatures") {
        let body = BASE64_STANDARD.decode(text(case, "body")).expect("base64");
        let ours = judged(&body, text(case, "signature"), &text(case, "secret").into());
        assert_eq!(ours, case["good"], "{case}");
        good += usize::from(ours);
    }
    assert!((CASES / 10..CASES * 9 / 10).contains(&good), "{good} are good");
}
