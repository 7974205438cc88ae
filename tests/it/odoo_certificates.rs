//! A proxy before Odoo with a certificate of the office's own: believed once it is named, told with its remedy
//! until then, and never asked twice.

use std::path::Path;
use std::sync::Arc;

use rcgen::IsCa;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use sicantik_companion::commands::doctor::{State, examine};
use sicantik_companion::odoo::{Client, OdooError};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::fake_odoo::FakeOdoo;
use crate::office::{WORKER, choose_tls, sink_with};
use crate::source_certificates::{Pair, authority, pem, self_signed, signed};
use crate::worker_config;

#[tokio::test]
async fn an_office_s_own_authority_before_odoo_is_believed_once_it_is_named() {
    let authority = authority();
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), pem(authority.der())).expect("written");
    for version in [18, 19] {
        let odoo = FakeOdoo::spawn().await;
        odoo.state().version = version;
        let url = encrypt(&odoo, &signed(&authority, |_| {})).await;
        ask(&odoo, &url, Some(file.path())).await.expect("a queue");
        let before = odoo.state().calls.len();

        let error = ask(&odoo, &url, None).await.expect_err("nobody knows it");
        assert_eq!(error.code(), "odoo_certificate", "{error}");
        let told = error.to_string();
        assert!(told.contains("odoo.ca_file") && told.contains("127.0.0.1"), "{told}");
        assert!(matches!(sicantik_companion::net::Retryable::retry(&error), sicantik_companion::net::Retry::No));
        assert_eq!(odoo.state().calls.len(), before, "nothing was sent");
    }
}

#[tokio::test]
async fn json_rpc_s_own_client_tells_a_bad_certificate_as_well() {
    let odoo = FakeOdoo::spawn().await;
    let url = encrypt(&odoo, &self_signed(IsCa::NoCa)).await;
    let client = client(&odoo, &url, None, sicantik_companion::config::Protocol::Jsonrpc);
    let error = client.queued(WORKER, "0").await.expect_err("refused");
    assert_eq!(error.code(), "odoo_certificate", "{error}");
    assert!(error.to_string().contains("self-signed"), "{error}");
}

#[tokio::test]
async fn the_doctor_names_the_setting_and_does_not_ask_whether_odoo_runs() {
    choose_tls();
    let odoo = FakeOdoo::spawn().await;
    let url = encrypt(&odoo, &signed(&authority(), |_| {})).await;
    let findings = examine(Ok(worker_config::config(&odoo, &format!("odoo.url = {url:?}"))), None).await;
    let found = findings.iter().find(|finding| finding.check == "Odoo").expect("looked at");
    assert_eq!(found.state, State::Bad, "{findings}");
    assert!(found.message.contains("odoo.ca_file") && !found.message.contains("whether Odoo runs"), "{findings}");

    let findings = examine(Ok(worker_config::config(&odoo, "odoo.ca_file = \"/nowhere/ca.pem\"")), None).await;
    assert!(findings.to_string().contains("odoo.ca_file (/nowhere/ca.pem) cannot be read"), "{findings}");
}

async fn ask(odoo: &FakeOdoo, url: &str, authorities: Option<&Path>) -> Result<(), OdooError> {
    let client = client(odoo, url, authorities, sicantik_companion::config::Protocol::Auto);
    client.queued(WORKER, "0").await.map(drop)
}

fn client(
    odoo: &FakeOdoo,
    url: &str,
    authorities: Option<&Path>,
    protocol: sicantik_companion::config::Protocol,
) -> Client {
    sink_with(odoo, |options| {
        options.url = url.parse().expect("a URL");
        options.ca_file = authorities.map(Path::to_owned);
        options.protocol = protocol;
    })
}

/// A TLS proxy before Odoo, for as long as the test lasts; gives its address.
async fn encrypt(odoo: &FakeOdoo, (certificate, key): &Pair) -> String {
    choose_tls();
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key);
    let acceptor = TlsAcceptor::from(Arc::new(config.expect("a configuration")));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let odoo = odoo.url().replace("http://", "");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, odoo) = (acceptor.clone(), odoo.clone());
            tokio::spawn(async move {
                // A client that refuses the certificate hangs up.
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut inside = TcpStream::connect(odoo).await.expect("Odoo listens");
                let _ = copy_bidirectional(&mut stream, &mut inside).await;
            });
        }
    });
    format!("https://{address}")
}
