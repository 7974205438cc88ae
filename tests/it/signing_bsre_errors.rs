//! What BSrE's service may answer to a call that signs, and what that is worth: signed, refused, unknown, or nothing
//! was sent. Unknown is never tried again.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};
use sicantik_companion::signing::bsre::{Account, Api};
use sicantik_companion::signing::{Outcome, Proof, Provider, Why, Words};
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::signing_bsre::{
    EMAIL, NIK, PASSPHRASE, SIGN, account, answer, passphrase, pdf, requests, settings, sign, signed, signer, told,
};
use crate::source_certificates;

/// What comes of two files that are answered with this; the call is made once.
async fn comes(answer: ResponseTemplate) -> String {
    let bsre = MockServer::start().await;
    Mock::given(method("POST")).and(path(SIGN)).respond_with(answer).mount(&bsre).await;
    let outcome = sign(&account(&bsre.uri(), Api::V2), 2).await;
    assert_eq!(requests(&bsre).await.len(), 1, "it was sent once");
    told(&outcome)
}

fn spring(status: u16, error: &str) -> Value {
    json!({ "timestamp": "2026-11-29T03:00:00.000+0000", "status": status, "error": error, "path": SIGN })
}

/// Each error that was found anywhere, in both shapes, with the status that it came with.
#[tokio::test]
async fn each_error_says_whether_anything_was_signed() {
    for (status, body, expected) in [
        (400, json!({ "error": "Passphrase anda salah", "status_code": 2031 }), "refused wrong_passphrase bsre_2031"),
        (
            400,
            json!({ "error": "Proses signing gagal : Passphrase anda salah 2031", "status_code": 400 }),
            "refused wrong_passphrase bsre_2031",
        ),
        (400, json!({ "error": "User tidak terdaftar", "status_code": 2011 }), "refused not_registered bsre_2011"),
        (
            400,
            json!({ "error": "Proses signing gagal : User tidak terdaftar 2011", "status_code": 400 }),
            "refused not_registered bsre_2011",
        ),
        (500, json!({ "error": "Passphrase anda salah", "status_code": 2031 }), "refused wrong_passphrase bsre_2031"),
        (
            400,
            json!({ "error": "Proses signing gagal : com.itextpdf.text.exceptions.InvalidPdfException: Rebuild failed", "status_code": 400 }),
            "refused unreadable_pdf bsre_http_400",
        ),
        (400, json!({ "error": "Tag koordinat tidak ditemukan", "status_code": 2099 }), "refused other bsre_2099"),
        (400, json!({ "error": "Sesuatu yang baru" }), "refused other bsre_http_400"),
        (200, json!({ "error": "Sesuatu yang baru 2123", "status_code": 200 }), "refused other bsre_2123"),
        (200, json!({ "result": false, "message": "TOTP salah" }), "refused other bsre_http_200"),
        (401, json!({ "error": "Unauthorized", "status_code": 401 }), "refused credentials bsre_http_401"),
        (401, spring(401, "Unauthorized"), "refused credentials bsre_http_401"),
        (403, Value::Null, "refused credentials bsre_http_403"),
        (404, spring(404, "Not Found"), "refused no_such_call bsre_http_404"),
        (413, Value::Null, "refused too_much bsre_http_413"),
        (429, Value::Null, "away busy bsre_http_429"),
        (408, Value::Null, "unknown no_answer bsre_http_408"),
        (500, spring(500, "Internal Server Error"), "unknown provider_failed bsre_http_500"),
        (500, json!({ "error": "Sesuatu yang baru", "status_code": 500 }), "unknown provider_failed bsre_http_500"),
        (502, Value::Null, "unknown provider_failed bsre_http_502"),
        (504, Value::Null, "unknown provider_failed bsre_http_504"),
        (302, Value::Null, "unknown provider_failed bsre_http_302"),
    ] {
        assert_eq!(comes(ResponseTemplate::new(status).set_body_json(&body)).await, expected, "{status} {body}");
    }
}

#[tokio::test]
async fn only_as_many_files_that_begin_with_ours_and_are_longer_are_good() {
    let ok = ResponseTemplate::new(200);
    let both = answer(&[signed(0), signed(1)]);
    let lines = |file: &[u8]| {
        let text = STANDARD.encode(file);
        text.as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect::<Vec<_>>()
            .join("\r\n")
    };
    let broken = json!({ "file": [STANDARD.encode(signed(0)), "%%%"] });
    for (answered, expected) in [
        (ok.clone().set_body_json(&both), "signed 2"),
        // The status says less than the files.
        (ResponseTemplate::new(500).set_body_json(&both), "signed 2"),
        (ok.clone().set_body_json(json!({ "file": [lines(&signed(0)), lines(&signed(1))] })), "signed 2"),
        (ok.clone().set_body_string("<html><body>Login</body></html>"), "unknown no_files bsre_http_200"),
        (ok.clone().set_body_string(""), "unknown no_files bsre_http_200"),
        (ok.clone().set_body_json(json!({ "time": 3 })), "unknown no_files bsre_http_200"),
        (ok.clone().set_body_json(json!({ "file": [] })), "unknown no_files bsre_http_200"),
        (ok.clone().set_body_string(&both.to_string()[..both.to_string().len() - 9]), "unknown no_files bsre_http_200"),
        (ok.clone().set_body_json(answer(&[signed(0)])), "unknown wrong_count bsre_http_200"),
        (ok.clone().set_body_json(answer(&[signed(0), signed(1), signed(2)])), "unknown wrong_count bsre_http_200"),
        (ok.clone().set_body_json(answer(&[pdf(0).to_vec(), pdf(1).to_vec()])), "unknown same_file bsre_http_200"),
        (ok.clone().set_body_json(answer(&[signed(1), signed(0)])), "unknown other_file bsre_http_200"),
        (ok.clone().set_body_json(answer(&[signed(0), pdf(1).to_vec()])), "mixed signed same_file"),
        (ok.clone().set_body_json(answer(&[b"<html>".to_vec(), signed(1)])), "mixed not_pdf signed"),
        (ok.set_body_json(broken), "mixed signed not_pdf"),
    ] {
        assert_eq!(comes(answered).await, expected);
    }
}

/// Nothing is sent that could not come back well.
#[tokio::test]
async fn what_cannot_be_signed_is_refused_before_it_is_sent() {
    let bsre = MockServer::start().await;
    let [new, old] = [Api::V2, Api::V1].map(|api| account(&bsre.uri(), api));
    assert_eq!(told(&sign(&new, 0).await), "refused too_much bsre_not_sent");
    assert_eq!(told(&sign(&new, new.most_at_once() + 1).await), "refused too_much bsre_not_sent");
    assert_eq!(told(&sign(&old, 2).await), "refused too_much bsre_not_sent");
    let by = async |account: &Account, who: &str, proof: Proof, file: &'static [u8]| {
        told(&account.sign(&signer(who), &proof, &Words::default(), &[Bytes::from_static(file)]).await)
    };
    assert_eq!(by(&new, NIK, passphrase(), b"<html>").await, "refused unreadable_pdf bsre_not_sent");
    assert_eq!(by(&old, EMAIL, passphrase(), b"%PDF-").await, "refused needs_nik bsre_not_sent");
    assert_eq!(by(&old, NIK, Proof::Totp("1".into()), b"%PDF-").await, "refused needs_passphrase bsre_not_sent");
    let why = [old.status(&signer(EMAIL)).await.map(drop), old.ask_totp(&signer(NIK), 1).await];
    let why = why.map(|told| told.expect_err("refused").reason.why.code());
    assert_eq!((why, requests(&bsre).await.len()), (["needs_nik", "needs_passphrase"], 0));
}

/// A server that does this with the one connection that it takes.
fn server(does: impl FnOnce(std::net::TcpStream) + Send + 'static) -> (String, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    (address, std::thread::spawn(move || does(listener.accept().expect("a connection").0)))
}

fn read_all(connection: &mut std::net::TcpStream) {
    let (mut text, mut piece) = (Vec::new(), [0; 4096]);
    while !text.ends_with(b"]}") {
        let length = connection.read(&mut piece).expect("the request");
        assert!(length > 0, "it ended early");
        text.extend_from_slice(&piece[..length]);
    }
}

async fn within(address: &str, milliseconds: u64) -> String {
    let account = Account::new(settings(address, Api::V2, Duration::from_millis(milliseconds))).expect("an account");
    told(&sign(&account, 1).await)
}

#[tokio::test]
async fn before_anything_is_sent_it_is_away_and_afterwards_unknown() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    assert_eq!(within(&format!("http://{closed}"), 60_000).await, "away unreachable bsre_connection", "nobody listens");

    // Whoever never shakes hands gets nothing.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("https://{}", silent.local_addr().expect("an address"));
    assert_eq!(within(&address, 300).await, "away unreachable bsre_connection");
    drop(silent);

    let (address, ended) = server(|mut connection| {
        read_all(&mut connection);
    });
    assert_eq!(within(&format!("http://{address}"), 60_000).await, "unknown no_answer bsre_connection", "cut");
    ended.join().expect("a server");

    let (address, ended) = server(|mut connection| {
        read_all(&mut connection);
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{\"file\":[\"JVBERi0";
        connection.write_all(head.as_bytes()).expect("half an answer");
    });
    assert_eq!(within(&format!("http://{address}"), 60_000).await, "unknown no_answer bsre_connection", "half");
    ended.join().expect("a server");

    let bsre = MockServer::start().await;
    let late = ResponseTemplate::new(200).set_body_json(answer(&[signed(0)])).set_delay(Duration::from_mins(1));
    Mock::given(any()).respond_with(late).mount(&bsre).await;
    assert_eq!(within(&bsre.uri(), 300).await, "unknown no_answer bsre_connection", "no answer in time");
    assert_eq!(requests(&bsre).await.len(), 1, "it was sent once");
}

/// A slow answer is an answer.
#[tokio::test]
async fn what_comes_within_the_time_of_the_call_counts() {
    let slow = ResponseTemplate::new(200).set_body_json(answer(&[signed(0), signed(1)]));
    assert_eq!(comes(slow.set_delay(Duration::from_secs(2))).await, "signed 2");
}

#[tokio::test]
async fn plain_http_goes_to_private_networks_only() {
    for public in ["http://8.8.8.8", "http://[2001:db8::1]:8080", "http://169.254.169.254"] {
        let error = Account::new(settings(public, Api::V2, Duration::from_secs(1))).expect_err(public).to_string();
        assert!(error.contains("signing.bsre_url") && error.contains("private networks"), "{error}");
    }
    for inside in ["http://10.1.2.3:8080", "http://192.168.0.9", "https://8.8.8.8", "http://esign.example.go.id"] {
        Account::new(settings(inside, Api::V2, Duration::from_secs(1))).expect(inside);
    }
    let mut missing = settings("https://10.1.2.3", Api::V2, Duration::from_secs(1));
    missing.ca_file = Some("/nowhere/ca.pem".into());
    assert!(Account::new(missing).expect_err("no file").to_string().contains("signing.bsre_ca_file"));
}

/// Of a gateway whose certificate the office made itself.
#[tokio::test]
async fn the_office_s_own_authority_is_believed_once_it_is_named() {
    let authority = source_certificates::authority();
    let gateway = source_certificates::serve(&source_certificates::signed(&authority, |_| {})).await;
    let mut settings = settings(&format!("https://{gateway}"), Api::V1, Duration::from_mins(1));
    let unknown = Account::new(settings.clone()).expect("an account");
    let reason = unknown.status(&signer(NIK)).await.expect_err("nobody knows it").reason;
    assert!(reason.why == Why::Certificate && reason.detail.contains("signing.bsre_ca_file"), "{reason:?}");
    assert_eq!(told(&sign(&unknown, 1).await), "away certificate bsre_connection");

    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), source_certificates::pem(authority.der())).expect("written");
    settings.ca_file = Some(file.path().to_owned());
    let known = Account::new(settings).expect("an account");
    let reason = known.status(&signer(NIK)).await.expect_err("it plays something else").reason;
    assert_eq!(reason.why, Why::NoFiles, "it was asked");
}

/// What the service repeats of a person or of a secret is not kept; what it says besides is.
#[tokio::test]
async fn an_error_that_repeats_a_secret_is_told_without_it() {
    let bsre = MockServer::start().await;
    let said = format!("Kesalahan: {PASSPHRASE} dari {NIK}, hubungi 081200000000; kode 2999");
    let body = json!({ "error": said, "status_code": 400 });
    Mock::given(any()).respond_with(ResponseTemplate::new(400).set_body_json(body)).mount(&bsre).await;
    let Outcome::Refused(reason) = sign(&account(&bsre.uri(), Api::V2), 1).await else { panic!("refused") };
    assert_eq!(
        (reason.code.as_str(), reason.detail.as_str()),
        ("bsre_2999", "Kesalahan: … dari …, hubungi …; kode 2999")
    );
}
