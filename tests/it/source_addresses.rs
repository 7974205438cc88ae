//! Which addresses the worker calls. They come from Odoo, where many people work; the worker stands inside the
//! office's network.

use std::sync::Arc;
use std::time::Duration;

use sicantik_companion::net::RateLimit;
use sicantik_companion::sicantik::{Access, Client, ClientOptions, SicantikError};
use wiremock::ResponseTemplate;

use crate::canned_source::Scripted;
use crate::office::{UNHURRIED, choose_tls, options, source, source_with, spawn};
use crate::simulator::Options;

const COUNT: &str = "<xml><item><jumlahPerizinan>90</jumlahPerizinan></item></xml>";

#[tokio::test]
async fn a_private_address_is_called_only_when_the_administrator_named_it() {
    let office = spawn(Options { permits: 10, ..Options::default() }).await;
    let by_name = office.base_url().replace("127.0.0.1", "localhost");
    for (url, host) in [(office.base_url(), "127.0.0.1"), (by_name, "localhost")] {
        let error = first_error(&url, &Access::default()).await;
        assert_eq!(error.code(), "private_address", "{error}");
        let told = error.to_string();
        assert!(told.contains(host) && told.contains("sicantik.allowed_hosts"), "{told}");

        let listed = Access { allowed_hosts: vec!["10.0.0.1".to_owned(), host.to_uppercase()], ..Access::default() };
        assert_eq!(count(&url, listed).await.expect("an answer"), Some(90), "{url}");
        let own = Access { own_address: true, ..Access::default() };
        assert_eq!(count(&url, own).await.expect("an answer"), Some(90), "{url}");
    }
    assert_eq!(office.calls().len(), 4, "what was refused was never called");
}

#[tokio::test]
async fn a_call_that_the_worker_keeps_back_is_not_counted() {
    choose_tls();
    // The name is public until it is looked up.
    let client = Client::new(&with("https://localhost/api", Access::default()), rate()).expect("a client");
    let error = client.type_count().await.expect_err("refused");
    assert_eq!((error.code(), client.calls(), client.calls_by_endpoint().len()), ("private_address", 0, 0));
}

#[tokio::test]
async fn every_spelling_of_a_private_address_is_the_same_address() {
    for url in [
        "http://127.1/api",
        "http://0x7f000001/api",
        "http://2130706433/api",
        "http://0177.0.0.1/api",
        "http://[::1]/api",
        "http://[::ffff:127.0.0.1]/api",
        "http://[::ffff:7f00:1]/api",
        "http://１２７.0.0.1/api",
        "https://10.1.2.3/api",
        "https://[fd12::1]/api",
    ] {
        assert_eq!(first_error(url, &Access::default()).await.code(), "private_address", "{url}");
    }
}

#[tokio::test]
async fn a_metadata_service_is_never_called() {
    for url in ["http://169.254.169.254/latest", "http://0xa9fea9fe/", "http://[fe80::1]/", "http://[fd00:ec2::254]/"] {
        let host = url::Url::parse(url).expect("a URL").host_str().expect("a host").to_owned();
        let allowed =
            Access { allowed_hosts: vec![host], own_address: true, allow_plain_http: true, ..Access::default() };
        assert_eq!(first_error(url, &allowed).await.code(), "link_local", "{url}");
    }
}

#[tokio::test]
async fn only_the_listed_hosts_are_called_once_there_is_a_list() {
    let listed = Access { allowed_hosts: vec!["perizinan.example".to_owned()], ..Access::default() };
    let error = first_error("https://other.example/api", &listed).await;
    assert_eq!(error.code(), "host_not_allowed");
    assert!(error.to_string().contains("other.example"), "{error}");
    // A name that only begins or ends like it is another one.
    for url in ["https://perizinan.example.evil.example/api", "https://xperizinan.example/api"] {
        assert_eq!(first_error(url, &listed).await.code(), "host_not_allowed", "{url}");
    }
    let client = Client::new(&with("https://Perizinan.Example:8443/api", listed), rate());
    assert!(client.is_ok(), "{client:?}");
}

#[tokio::test]
async fn personal_data_travels_in_clear_only_when_it_is_allowed() {
    let url = "http://8.8.8.8/api";
    let error = first_error(url, &Access::default()).await;
    assert_eq!(error.code(), "plain_http");
    assert!(error.to_string().contains("https://"), "{error}");
    choose_tls();
    let allowed = Access { allow_plain_http: true, ..Access::default() };
    assert!(Client::new(&with(url, allowed), rate()).is_ok());
    assert!(Client::new(&with("https://8.8.8.8/api", Access::default()), rate()).is_ok());
}

#[tokio::test]
async fn the_api_key_goes_to_the_office_and_nowhere_else() {
    let answer = ResponseTemplate::new(200).set_body_raw(COUNT, "application/xml");
    let office = Scripted::template(answer.clone()).await;
    let elsewhere = Scripted::template(answer).await;
    // Another port of the same host is another server.
    let to = format!("{}/jumlahPerizinan", elsewhere.url());
    let moved = Scripted::template(ResponseTemplate::new(307).insert_header("location", to)).await;
    for url in [office.url(), moved.url()] {
        let client = source_with(&keyed(&url, "kunci-rahasia"));
        assert_eq!(client.type_count().await.expect("a count"), Some(90));
        assert!(!format!("{client:?}").contains("kunci-rahasia"));
    }
    assert_eq!(office.keys().await, [Some("kunci-rahasia".to_owned())]);
    assert_eq!(moved.keys().await, [Some("kunci-rahasia".to_owned())]);
    assert_eq!(elsewhere.keys().await, [None]);

    source(&office.url()).type_count().await.expect("a count");
    assert_eq!(office.keys().await.last(), Some(&None), "an office without a key");
    choose_tls();
    let error = Client::new(&keyed(&office.url(), "kunci\nrahasia"), rate()).expect_err("refused");
    assert!(!format!("{error} {error:?}").contains("rahasia"), "{error}");
}

#[tokio::test]
async fn a_file_of_authorities_that_cannot_be_used_is_named() {
    choose_tls();
    let empty = tempfile::NamedTempFile::new().expect("a file");
    for path in [std::path::Path::new("/nowhere/ca.pem"), empty.path()] {
        let access = Access { ca_file: Some(path.to_owned()), ..Access::default() };
        let error = Client::new(&with("https://perizinan.example/api", access), rate()).expect_err("refused");
        assert_eq!(error.code(), "sicantik_bad_settings");
        let told = error.to_string();
        assert!(told.contains("sicantik.ca_file") && told.contains(&path.display().to_string()), "{told}");
    }
}

/// At the making of the client, or at its first call.
async fn first_error(url: &str, access: &Access) -> SicantikError {
    count(url, access.clone()).await.expect_err("refused")
}

async fn count(url: &str, access: Access) -> Result<Option<u64>, SicantikError> {
    choose_tls();
    Client::new(&with(url, access), rate())?.type_count().await
}

fn keyed(url: &str, key: &str) -> ClientOptions {
    let mut options = options(url);
    options.access.api_key = Some(key.into());
    options
}

fn with(url: &str, access: Access) -> ClientOptions {
    ClientOptions { timeout: Duration::from_secs(5), access, ..options(url) }
}

fn rate() -> Arc<RateLimit> {
    Arc::new(RateLimit::per_second(UNHURRIED))
}
