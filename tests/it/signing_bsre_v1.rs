//! Version 1 of BSrE's service: a form for each file, an answer that is a PDF, and a download that is given once. And
//! what is logged of either version: nothing of a person.

use bytes::Bytes;
use serde_json::json;
use sicantik_companion::signing::bsre::Api;
use sicantik_companion::signing::{Certificate, Provider, Words};
use sicantik_companion::telemetry;
use tracing_subscriber::util::SubscriberInitExt;
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::logs::Logs;
use crate::signing_bsre::{
    EMAIL, NIK, PASSPHRASE, PASSWORD, account, answer, passphrase, pdf, requests, sign, signed, signer, told,
};

const SIGN: &str = "/api/sign/pdf";
const ID: &str = "0a1b2c3d-0000-4000-8000-000000000001";

fn pdf_answer(file: &[u8]) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(file, "application/pdf").insert_header("id_dokumen", ID)
}

/// What comes of a file that is answered so, and how often each address was asked.
async fn comes(answered: ResponseTemplate, download: ResponseTemplate) -> (String, Vec<String>) {
    let bsre = MockServer::start().await;
    Mock::given(method("POST")).and(path(SIGN)).respond_with(answered).mount(&bsre).await;
    Mock::given(method("GET")).respond_with(download).mount(&bsre).await;
    let outcome = told(&sign(&account(&bsre.uri(), Api::V1), 1).await);
    (outcome, requests(&bsre).await.iter().map(|request| request.url.path().to_owned()).collect())
}

#[tokio::test]
async fn a_file_goes_out_as_a_form() {
    let bsre = MockServer::start().await;
    Mock::given(method("POST")).and(path(SIGN)).respond_with(pdf_answer(&signed(0))).mount(&bsre).await;
    let words = Words { reason: Some("Izin terbit".to_owned()), location: None };
    let account = account(&bsre.uri(), Api::V1);
    let outcome = account.sign(&signer(NIK), &passphrase(), &words, &[pdf(0)]).await;
    assert_eq!(told(&outcome), "signed 1");
    let sent = &requests(&bsre).await[0];
    let kind = sent.headers.get("content-type").expect("a type").to_str().expect("text");
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").expect("a form");
    let text = String::from_utf8(sent.body.clone()).expect("text");
    let parts: Vec<&str> = text.split(&format!("--{boundary}")).map(str::trim).collect();
    let field = |name: &str, value: &str| format!("content-disposition: form-data; name=\"{name}\"\r\n\r\n{value}");
    let file = format!(
        "content-disposition: form-data; name=\"file\"; filename=\"document.pdf\"\r\ncontent-type: application/pdf\r\n\r\n{}",
        String::from_utf8_lossy(&pdf(0)).trim()
    );
    let expected = [
        String::new(),
        field("nik", NIK),
        field("passphrase", PASSPHRASE),
        field("tampilan", "invisible"),
        field("reason", "Izin terbit"),
        file,
        "--".to_owned(),
    ];
    assert_eq!(parts, expected);
    let length = sent.headers.get("content-length").expect("a length").to_str().expect("text");
    assert_eq!(length.parse(), Ok(text.len()));
}

#[tokio::test]
async fn the_answer_is_a_pdf_or_base64_and_what_comes_broken_is_fetched_once() {
    let gone = || ResponseTemplate::new(404).set_body_json(json!({ "error": "Dokumen telah didownload sebelumnya" }));
    let encoded = answer(&[signed(0)])["file"][0].clone();
    let of_base64 = ResponseTemplate::new(200).set_body_json(json!({ "base64_signed_file": encoded, "message": "x" }));
    let download = format!("/api/sign/download/{ID}");
    let asked = [SIGN.to_owned(), download];
    for (answered, fetched, expected, calls) in [
        (pdf_answer(&signed(0)), gone(), "signed 1", 1),
        (of_base64, gone(), "signed 1", 1),
        (pdf_answer(b""), pdf_answer(&signed(0)), "signed 1", 2),
        (pdf_answer(&signed(0)[..20]), pdf_answer(&signed(0)), "signed 1", 2),
        (pdf_answer(&signed(0)[..20]), gone(), "unknown not_pdf bsre_http_200", 2),
        (pdf_answer(&signed(1)), pdf_answer(&signed(1)), "unknown other_file bsre_http_200", 2),
        (pdf_answer(&pdf(0)), gone(), "unknown same_file bsre_http_200", 2),
        (ResponseTemplate::new(200).set_body_string("<html>"), gone(), "unknown no_files bsre_http_200", 1),
        (ResponseTemplate::new(200).insert_header("id_dokumen", "../x"), gone(), "unknown no_files bsre_http_200", 1),
        (
            ResponseTemplate::new(400).set_body_json(json!({ "error": "Passphrase anda salah", "status_code": 2031 })),
            gone(),
            "refused wrong_passphrase bsre_2031",
            1,
        ),
        (
            ResponseTemplate::new(500).insert_header("id_dokumen", ID),
            gone(),
            "unknown provider_failed bsre_http_500",
            1,
        ),
    ] {
        let (outcome, paths) = comes(answered, fetched).await;
        assert_eq!((outcome.as_str(), &paths[..]), (expected, &asked[..calls]));
    }
}

#[tokio::test]
async fn a_signer_is_asked_about_by_the_nik() {
    let bsre = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path(format!("/api/user/status/{NIK}")))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "status_code": 1111, "status": "ISSUE" })))
        .mount(&bsre)
        .await;
    let standing = account(&bsre.uri(), Api::V1).status(&signer(NIK)).await.expect("told");
    assert_eq!(standing.certificate, Certificate::Issued);
}

/// An administrator who looks for a fault may write anything into `log.filter`.
#[tokio::test]
async fn nothing_of_a_person_stands_in_the_most_talkative_log() {
    let logs = Logs::default();
    let filter = telemetry::filter("trace,hyper_util=trace,reqwest=trace,rustls=trace,hyper=trace").expect("a filter");
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(logs.clone()).finish();
    // With a single subscriber, tracing would ask the threads of other stories, which have none, what to log.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let guard = lines.set_default();
    tracing::info!("it is logged");
    let bsre = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(500)).mount(&bsre).await;
    for (api, who) in [(Api::V2, NIK), (Api::V2, EMAIL), (Api::V1, NIK)] {
        let account = account(&bsre.uri(), api);
        let files = [Bytes::from_static(b"%PDF-1.7 ISI IZIN")];
        let told = account.status(&signer(who)).await.expect_err("it fails").to_string();
        let outcome = account.sign(&signer(who), &passphrase(), &Words::default(), &files).await;
        tracing::info!(?account, ?outcome, told, "what a caller may log");
    }
    let closed = account("http://127.0.0.1:1", Api::V1);
    let told = closed.status(&signer(NIK)).await.expect_err("nobody there").to_string();
    tracing::info!(told, "nobody there");
    drop(guard);
    let text = logs.text();
    assert!(text.contains("it is logged") && text.contains("ProviderFailed"), "{text}");
    for secret in [NIK, EMAIL, "Rahasia", PASSWORD, "ISI IZIN", "Basic "] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
