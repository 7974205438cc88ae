//! BSrE's eSign Client Service, against a server that answers as public clients were seen to be answered.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use secrecy::SecretString;
use serde_json::{Value, json};
use sicantik_companion::signing::bsre::{Account, Api, Settings};
use sicantik_companion::signing::{Certificate, Outcome, Proof, Provider, Signer, Words};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::office::choose_tls;

pub const NIK: &str = "3201010101010001";
pub const EMAIL: &str = "kepala.dinas@example.go.id";
pub const PASSPHRASE: &str = "Rahasia \"Pejabat\"\\#1";
pub const PASSWORD: &str = "sandi-aplikasi";
pub const SIGN: &str = "/api/v2/sign/pdf";

pub fn settings(base: &str, api: Api, timeout: Duration) -> Settings {
    choose_tls();
    Settings {
        base: base.parse().expect("an address"),
        user: "perizinan".to_owned(),
        password: PASSWORD.into(),
        api,
        ca_file: None,
        timeout,
        proxy: None,
    }
}

pub fn account(base: &str, api: Api) -> Account {
    Account::new(settings(base, api, Duration::from_mins(1))).expect("an account")
}

pub fn signer(text: &str) -> Signer {
    Signer::parse(&text.into()).expect("a signer")
}

pub fn passphrase() -> Proof {
    Proof::Passphrase(PASSPHRASE.into())
}

pub fn pdf(number: usize) -> Bytes {
    Bytes::from(format!("%PDF-1.7\n% permit {number}\n%%EOF\n"))
}

/// As a signer makes it of that one: what is behind it is judged by nobody here.
pub fn signed(number: usize) -> Vec<u8> {
    [&pdf(number)[..], b"9 0 obj\n<</Type/Sig>>\nendobj\n%%EOF\n"].concat()
}

pub fn answer(files: &[Vec<u8>]) -> Value {
    json!({ "time": 812, "file": files.iter().map(|file| STANDARD.encode(file)).collect::<Vec<_>>() })
}

/// One word for the outcome, and why.
pub fn told(outcome: &Outcome) -> String {
    let (word, reason) = match outcome {
        Outcome::Signed(files) => return format!("signed {}", files.len()),
        Outcome::Mixed(files) => {
            let each = files.iter().map(|file| file.as_ref().map_or_else(|reason| reason.why.code(), |_| "signed"));
            return format!("mixed {}", each.collect::<Vec<_>>().join(" "));
        }
        Outcome::Refused(reason) => ("refused", reason),
        Outcome::Unknown(reason) => ("unknown", reason),
        Outcome::Away(reason) => ("away", reason),
    };
    let all = format!("{reason:?}");
    for secret in [NIK, EMAIL, "Rahasia", PASSWORD] {
        assert!(!all.contains(secret), "{all}");
    }
    format!("{word} {} {}", reason.why.code(), reason.code)
}

/// Signs the first so many files.
pub async fn sign(account: &Account, files: usize) -> Outcome {
    let files: Vec<Bytes> = (0..files).map(pdf).collect();
    account.sign(&signer(NIK), &passphrase(), &Words::default(), &files).await
}

pub async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.expect("they are kept")
}

#[tokio::test]
async fn files_of_one_signer_go_out_in_one_call_and_come_back_longer() {
    let bsre = MockServer::start().await;
    let basic = format!("Basic {}", STANDARD.encode(format!("perizinan:{PASSWORD}")));
    Mock::given(method("POST"))
        .and(path(SIGN))
        .and(header("authorization", basic.as_str()))
        .and(header("content-type", "application/json"))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer(&[signed(0), signed(1), signed(2)])))
        .mount(&bsre)
        .await;
    let account = account(&bsre.uri(), Api::V2);
    let files: Vec<Bytes> = (0..3).map(pdf).collect();
    let words = Words { reason: Some("Izin \"terbit\"".to_owned()), location: Some("Ternate".to_owned()) };
    let outcome = account.sign(&signer(NIK), &passphrase(), &words, &files).await;
    let Outcome::Signed(came) = outcome else { panic!("{outcome:?}") };
    let whole: Vec<Vec<u8>> = came.iter().map(sicantik_companion::signing::Signed::to_bytes).collect();
    assert_eq!(whole, [signed(0), signed(1), signed(2)]);

    let sent = requests(&bsre).await;
    let told: Vec<Value> = sent.iter().map(|request| request.body_json().expect("JSON")).collect();
    let properties = json!({ "tampilan": "INVISIBLE", "reason": "Izin \"terbit\"", "location": "Ternate" });
    let encoded: Vec<String> = files.iter().map(|file| STANDARD.encode(file)).collect();
    let expected =
        json!({ "nik": NIK, "passphrase": PASSPHRASE, "signatureProperties": [properties], "file": encoded });
    assert_eq!(told, [expected]);
    let length = sent[0].headers.get("content-length").expect("a length").to_str().expect("text");
    assert_eq!(length.parse(), Ok(sent[0].body.len()), "old servers take no chunks");
}

#[tokio::test]
async fn a_signer_may_be_an_email_address_and_a_totp_stand_for_the_passphrase() {
    let bsre = MockServer::start().await;
    Mock::given(path("/api/v2/sign/get/totp"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "message": "TOTP terkirim" })))
        .mount(&bsre)
        .await;
    Mock::given(path(SIGN))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer(&[signed(0)])))
        .mount(&bsre)
        .await;
    let account = account(&bsre.uri(), Api::V2);
    account.ask_totp(&signer(EMAIL), 1).await.expect("sent");
    let outcome = account.sign(&signer(EMAIL), &Proof::Totp("482913".into()), &Words::default(), &[pdf(0)]).await;
    assert_eq!(told(&outcome), "signed 1");
    let sent = requests(&bsre).await;
    assert_eq!(sent[0].body_json::<Value>().expect("JSON"), json!({ "email": EMAIL, "data": 1 }));
    let signed: Value = sent[1].body_json().expect("JSON");
    assert_eq!(
        (&signed["email"], &signed["totp"], &signed["passphrase"]),
        (&json!(EMAIL), &json!("482913"), &Value::Null)
    );
}

#[tokio::test]
async fn a_code_that_cannot_be_sent_says_why() {
    let bsre = MockServer::start().await;
    let account = account(&bsre.uri(), Api::V2);
    for (status, body, expected) in [
        (200, json!({ "result": false, "message": "TOTP sudah diminta" }), "totp bsre_http_200"),
        (200, json!({ "error": "TOTP gagal 2999", "status_code": 2999 }), "totp bsre_2999"),
        (400, json!({ "error": "User tidak terdaftar 2011", "status_code": 400 }), "not_registered bsre_2011"),
        (401, Value::Null, "credentials bsre_http_401"),
        (200, Value::Null, "no_files bsre_http_200"),
    ] {
        bsre.reset().await;
        Mock::given(path("/api/v2/sign/get/totp"))
            .respond_with(ResponseTemplate::new(status).set_body_json(&body))
            .mount(&bsre)
            .await;
        let reason = account.ask_totp(&signer(NIK), 2).await.expect_err("refused").reason;
        assert_eq!(format!("{} {}", reason.why.code(), reason.code), expected, "{body}");
    }
}

#[tokio::test]
async fn each_word_of_the_service_says_whether_a_certificate_can_sign() {
    let bsre = MockServer::start().await;
    let account = account(&bsre.uri(), Api::V2);
    let plain = |word: &str| json!({ "status_code": "1111", "message": "x", "status": word });
    for (status, body, expected) in [
        (200, plain("ISSUE"), Certificate::Issued),
        (200, plain("issue"), Certificate::Issued),
        (200, plain("EXPIRED"), Certificate::Expired),
        (200, plain("RENEW"), Certificate::Renewing),
        (200, plain("WAITING_FOR_VERIFICATION"), Certificate::WaitingForVerification),
        (200, plain("NEW"), Certificate::New),
        (200, plain("NO_CERTIFICATE"), Certificate::None),
        (200, plain("NOT_REGISTERED"), Certificate::NotRegistered),
        (200, plain("SUSPEND"), Certificate::Suspended),
        (200, plain("REVOKE"), Certificate::Revoked),
        (200, plain("OF NEXT YEAR"), Certificate::Other("OF NEXT YEAR".to_owned())),
        (200, json!({ "data": { "status": "REVOKE" } }), Certificate::Revoked),
        (200, json!({ "status_code": 1111 }), Certificate::Issued),
        (200, json!({ "status_code": 1110, "message": "User belum terdaftar" }), Certificate::NotRegistered),
        (400, json!({ "error": "User tidak terdaftar", "status_code": 2011 }), Certificate::NotRegistered),
    ] {
        bsre.reset().await;
        Mock::given(method("POST"))
            .and(path("/api/v2/user/check/status"))
            .respond_with(ResponseTemplate::new(status).set_body_json(&body))
            .mount(&bsre)
            .await;
        let standing = account.status(&signer(NIK)).await.expect("told");
        assert_eq!(
            (standing.certificate.can_sign(), standing.certificate.clone()),
            (expected == Certificate::Issued, expected),
            "{body}"
        );
        assert_eq!(requests(&bsre).await[0].body_json::<Value>().expect("JSON"), json!({ "nik": NIK }));
    }
    for (status, body, expected) in [
        (200, json!({}), "no_files bsre_http_200"),
        (200, json!("<html>"), "no_files bsre_http_200"),
        (
            500,
            json!({ "status": 500, "error": "Internal Server Error", "path": "/", "timestamp": "x" }),
            "provider_failed bsre_http_500",
        ),
        (401, json!({ "status": 401 }), "credentials bsre_http_401"),
    ] {
        bsre.reset().await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(status).set_body_json(&body)).mount(&bsre).await;
        let reason = account.status(&signer(NIK)).await.expect_err("no word").reason;
        assert_eq!(format!("{} {}", reason.why.code(), reason.code), expected, "{body}");
    }
}

#[tokio::test]
async fn the_service_is_asked_for_its_own_judgement_in_both_versions() {
    let bsre = MockServer::start().await;
    let v2 = json!({
        "conclusion": "VALID", "description": "ok", "signatureCount": 1,
        "signatureInformations": [{ "id": "S-1", "signerName": "ANI", "signatureDate": "2026-11-29T10:00:00", "integrityValid": true,
            "certificateTrusted": false, "timestampInfomation": null }],
    });
    let v1 = json!({
        "nama_dokumen": "document.pdf", "jumlah_signature": 1, "notes": "Konten Dokumen mengalami perubahan",
        "summary": "DOCUMENT NOT VALID !!!",
        "details": [{ "info_signer": { "signer_name": "ANI", "cert_user_certified": true }, "signature_document": { "document_integrity": false, "signed_in": "x" } }],
    });
    let unsigned = json!({ "jumlah_signature": 0, "details": [], "summary": null });
    Mock::given(path("/api/v2/verify/pdf"))
        .respond_with(ResponseTemplate::new(200).set_body_json(v2))
        .mount(&bsre)
        .await;
    Mock::given(path("/api/sign/verify"))
        .respond_with(ResponseTemplate::new(200).set_body_json(v1))
        .up_to_n_times(1)
        .mount(&bsre)
        .await;
    Mock::given(path("/api/sign/verify"))
        .respond_with(ResponseTemplate::new(200).set_body_json(unsigned))
        .mount(&bsre)
        .await;
    let [new, old] = [Api::V2, Api::V1].map(|api| account(&bsre.uri(), api));
    let said = new.verify(pdf(0)).await.expect("told");
    assert_eq!(
        (said.conclusion.as_str(), said.count, said.signatures[0].is_intact, said.signatures[0].is_trusted),
        ("VALID", 1, Some(true), Some(false))
    );
    assert!(!format!("{said:?}").contains("ANI"), "a person");
    let said = old.verify(pdf(0)).await.expect("told");
    assert_eq!(
        (said.conclusion.as_str(), said.count, said.signatures[0].is_intact),
        ("DOCUMENT NOT VALID !!!", 1, Some(false))
    );
    let said = old.verify(pdf(0)).await.expect("told");
    assert_eq!((said.conclusion.as_str(), said.count, said.signatures.len()), ("", 0, 0));
    let sent = requests(&bsre).await;
    assert_eq!(sent[0].body_json::<Value>().expect("JSON"), json!({ "file": STANDARD.encode(pdf(0)) }));
    assert!(String::from_utf8_lossy(&sent[1].body).contains("name=\"signed_file\"; filename="));
}

/// What the trait promises of what is typed.
#[test]
fn nobody_prints_a_signer_or_what_was_typed() {
    let account = account("http://127.0.0.1:1", Api::V2);
    let secret: SecretString = PASSPHRASE.into();
    let settings = settings("http://127.0.0.1:1", Api::V2, Duration::from_secs(1));
    let told = format!("{account:?} {settings:?} {:?} {:?} {:?}", signer(NIK), signer(EMAIL), Proof::Totp(secret));
    for secret in [NIK, EMAIL, "Rahasia", PASSWORD] {
        assert!(!told.contains(secret), "{told}");
    }
}
