//! Servers that cannot prove who they are. Each is told by its own name, and never asked twice.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sicantik_companion::sicantik::{Access, Client, SicantikError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::office::{choose_tls, options, source_with};

const HOST: &str = "127.0.0.1";

const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Length: 62\r\nConnection: close\r\n\r\n<xml><item><jumlahPerizinan>90</jumlahPerizinan></item></xml>\n";

#[tokio::test]
async fn an_office_s_own_authority_is_believed_once_it_is_named() {
    let authority = authority();
    let office = serve(&signed(&authority, |_| {})).await;
    assert_eq!(ask(office, None).await.expect_err("nobody knows it").code(), "certificate");

    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), pem(authority.der())).expect("written");
    assert_eq!(ask(office, Some(file.path())).await.expect("an answer"), Some(90));
}

#[tokio::test]
async fn each_bad_certificate_is_told_by_its_name_with_a_remedy() {
    let authority = authority();
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), pem(authority.der())).expect("written");
    let known = Some(file.path());
    let expired = signed(&authority, |params| {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
    });
    let early = signed(&authority, |params| {
        params.not_before = date_time_ymd(2098, 1, 1);
        params.not_after = date_time_ymd(2099, 1, 1);
    });
    let other = signed(&authority, |params| {
        let name = CertificateParams::new(vec!["perizinan.example".to_owned()]).expect("a name");
        params.subject_alt_names = name.subject_alt_names;
    });
    let cases = [
        (expired, known, "expired"),
        (early, known, "not valid yet"),
        (other, known, "another name"),
        (signed(&authority, |_| {}), None, "issuer is unknown"),
        (self_signed(IsCa::NoCa), known, "self-signed"),
        // As `openssl req -x509` makes them.
        (self_signed(IsCa::Ca(BasicConstraints::Unconstrained)), known, "self-signed"),
    ];
    for (pair, authorities, words) in cases {
        let office = serve(&pair).await;
        let error = ask(office, authorities).await.expect_err(words);
        let told = error.to_string();
        assert_eq!(error.code(), "certificate", "{told}");
        assert!(told.contains(words) && told.contains(HOST), "{told}");
    }
}

#[tokio::test]
async fn a_self_signed_certificate_is_believed_once_it_is_named() {
    let pair = self_signed(IsCa::NoCa);
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), pem(pair.0.der())).expect("written");
    assert_eq!(ask(serve(&pair).await, Some(file.path())).await.expect("an answer"), Some(90));
}

pub type Pair = (Certificate, KeyPair);

fn params() -> CertificateParams {
    CertificateParams::new(vec![HOST.to_owned()]).expect("a name")
}

pub fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = params();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, "Otoritas Contoh");
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

pub fn signed(authority: &CertifiedIssuer<'static, KeyPair>, change: impl FnOnce(&mut CertificateParams)) -> Pair {
    let mut params = params();
    change(&mut params);
    let key = KeyPair::generate().expect("a key");
    (params.signed_by(&key, authority).expect("a certificate"), key)
}

pub fn self_signed(is_ca: IsCa) -> Pair {
    let mut params = params();
    params.is_ca = is_ca;
    let key = KeyPair::generate().expect("a key");
    (params.self_signed(&key).expect("a certificate"), key)
}

/// A server with this certificate, for as long as the test lasts.
pub async fn serve((certificate, key): &Pair) -> SocketAddr {
    choose_tls();
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key);
    let acceptor = TlsAcceptor::from(Arc::new(config.expect("a configuration")));
    let listener = TcpListener::bind((HOST, 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that refuses the certificate hangs up.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(ANSWER).await;
            let _ = stream.shutdown().await;
        }
    });
    address
}

async fn ask(office: SocketAddr, authorities: Option<&Path>) -> Result<Option<u64>, SicantikError> {
    let mut options = options(&format!("https://{office}/api"));
    options.access = Access { ca_file: authorities.map(Path::to_owned), ..options.access };
    let client: Client = source_with(&options);
    let answer = client.type_count().await;
    assert_eq!(client.calls(), 1, "another try would fail the same way");
    answer
}

pub fn pem(certificate: &CertificateDer<'_>) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}
