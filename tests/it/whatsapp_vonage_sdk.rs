//! Vonage's client beside Vonage's own SDK: what both send, and which tokens both take for Vonage's.

use std::time::Duration;

use serde_json::Value;
use sicantik_companion::whatsapp::Outcome;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::providers::{CASES, cases, send_case, text};
use crate::store::now;
use crate::whatsapp_vonage::{MADE, accepted, account, claims, judged};

#[tokio::test]
async fn what_goes_out_is_what_vonages_sdk_sends() {
    let vonage = MockServer::start().await;
    let answer = ResponseTemplate::new(202).set_body_json(accepted());
    Mock::given(method("POST")).respond_with(answer).mount(&vonage).await;
    let account = account(&vonage.uri(), Duration::from_mins(1));
    let cases = cases(&MADE, "requests");
    for case in cases {
        assert!(matches!(send_case(&account, case).await, Outcome::Accepted { .. }), "{case}");
    }
    let requests = vonage.received_requests().await.expect("they are kept");
    assert_eq!(requests.len(), cases.len());
    let (head, theirs) = claims(&format!("Bearer {}", text(&MADE, "token")));
    for (case, request) in cases.iter().zip(requests) {
        assert_eq!(format!("https://api.nexmo.com{}", request.url.path()), text(&case["sent"], "url"));
        assert_eq!(request.body_json::<Value>().expect("JSON"), case["sent"]["body"]);
        // The SDK's token, but for when and which.
        let (our_head, mut ours) = claims(request.headers["authorization"].to_str().expect("text"));
        let later = now().timestamp() - theirs["iat"].as_i64().expect("a time");
        for name in ["iat", "exp"] {
            ours[name] = (ours[name].as_i64().expect("a time") - later).into();
        }
        ours["jti"] = theirs["jti"].clone();
        assert_eq!((our_head, ours), (head.clone(), theirs.clone()));
    }
}

/// The SDK looks at the signature alone. Here the token must name the very body, and be no older than five minutes, too:
/// what the SDK takes and the worker does not is told by the cases.
#[test]
fn tokens_are_judged_as_vonages_sdk_judges_them_and_more_strictly() {
    let now = MADE["now"].as_i64().expect("a time");
    let (mut good, mut stricter) = (0, 0);
    for case in cases(&MADE, "signatures") {
        let token = format!("Bearer {}", text(case, "token"));
        let ours = judged(&token, text(case, "body").as_bytes(), text(case, "secret"), now);
        assert_eq!(ours, case["good"], "{case}");
        assert!(!ours || case["sdk"] == true, "none that the SDK refuses: {case}");
        good += usize::from(ours);
        stricter += usize::from(!ours && case["sdk"] == true);
    }
    assert!((CASES / 10..CASES * 9 / 10).contains(&good), "{good} are good");
    assert!(stricter >= CASES / 10, "{stricter} are taken by the SDK alone");
}
