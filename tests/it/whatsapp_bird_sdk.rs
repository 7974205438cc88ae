//! Bird's client beside Bird's own SDK: what both send, and which signatures both take for Bird's.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use sicantik_companion::whatsapp::Outcome;
use sicantik_companion::whatsapp::bird::base_of;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::providers::{CASES, cases, made, send_case, text};
use crate::whatsapp_bird::{accepted, account, judged};

fn made_with_the_sdk() -> Value {
    made(include_bytes!("fixtures/bird.json.gz"))
}

#[tokio::test]
async fn what_goes_out_is_what_birds_sdk_sends() {
    let bird = MockServer::start().await;
    let answer = ResponseTemplate::new(202).set_body_json(accepted());
    Mock::given(method("POST")).respond_with(answer).mount(&bird).await;
    let (account, made) = (account(&bird.uri(), Duration::from_mins(1)), made_with_the_sdk());
    let cases = cases(&made, "requests");
    for case in cases {
        assert!(matches!(send_case(&account, case).await, Outcome::Accepted { .. }), "{case}");
    }
    let base = base_of(&"bk_eu1_contoh".into()).expect("its region");
    let requests = bird.received_requests().await.expect("they are kept");
    assert_eq!(requests.len(), cases.len());
    let mut keys = BTreeSet::new();
    for (case, request) in cases.iter().zip(requests) {
        let theirs = &case["sent"];
        assert_eq!(base.join(request.url.path()).expect("an address").as_str(), text(theirs, "url"));
        let head = |name: &str| request.headers[name].to_str().expect("text").to_owned();
        assert_eq!(head("authorization"), text(theirs, "authorization"));
        // Any will do, and ours is another one for each attempt.
        assert!(!text(theirs, "idempotency_key").is_empty() && keys.insert(head("idempotency-key")));
        assert_eq!(request.body_json::<Value>().expect("JSON"), theirs["body"]);
    }
}

#[test]
fn signatures_are_judged_as_birds_sdk_judges_them() {
    let made = made_with_the_sdk();
    let now = made["now"].as_i64().expect("a time");
    let mut good = 0;
    for case in cases(&made, "signatures") {
        let head = ["webhook_id", "webhook_timestamp", "webhook_signature"].map(|name| text(case, name));
        let ours = judged(head, text(case, "body").as_bytes(), text(case, "secret"), now);
        assert_eq!(ours, case["good"], "{case}");
        good += usize::from(ours);
    }
    assert!((CASES / 10..CASES * 9 / 10).contains(&good), "{good} are good");
}
