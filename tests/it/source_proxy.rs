//! An office whose way out is a proxy. The proxy is a small real one: it resolves a public-looking name to the
//! simulator, tunnels (`CONNECT`) and forwards, and may want to know who asks.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use rcgen::CertificateParams;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use sicantik_companion::net::Proxy;
use sicantik_companion::sicantik::{Access, Client, ClientOptions, SicantikError};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::office::{choose_tls, options, source_with, spawn};
use crate::simulator::{self, Running};
use crate::source_certificates::{authority, pem, signed};

/// A name that nobody but the proxy resolves.
const NAME: &str = "perizinan.kantor-contoh.invalid";
const USER: &str = "kantor";
const PASSWORD: &str = "kata-sandi-proksi";

#[tokio::test]
async fn a_public_name_is_reached_by_the_proxy_which_alone_resolves_it() {
    let office = office().await;
    let proxy = Forwarder::spawn(&office.base_url(), None).await;
    let client = by(&proxy, &format!("http://{NAME}/backoffice/api"), None, true);
    assert_eq!(client.type_count().await.expect("an answer"), Some(90));
    assert_eq!(proxy.heads().len(), 1);
    assert!(proxy.heads()[0].starts_with(&format!("GET http://{NAME}/")), "{:?}", proxy.heads());
}

#[tokio::test]
async fn https_goes_through_a_tunnel_that_hides_everything_but_the_name() {
    let office = office().await;
    let authority = authority();
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), pem(authority.der())).expect("written");
    let pair = signed(&authority, |params| {
        let named = CertificateParams::new(vec![NAME.to_owned()]).expect("a name");
        params.subject_alt_names = named.subject_alt_names;
    });
    let encrypted = encrypt(&office, pair.0.der().to_vec(), pair.1.serialize_der()).await;
    let proxy = Forwarder::spawn(&encrypted, Some((USER, PASSWORD))).await;
    let url = format!("https://{NAME}/backoffice/api");
    let client = by(&proxy, &url, Some(file.path()), false);
    assert_eq!(client.type_count().await.expect("an answer"), Some(90));
    let heads = proxy.heads();
    assert!(heads.iter().all(|head| head.starts_with(&format!("CONNECT {NAME}:443 "))), "{heads:?}");
    assert!(!format!("{client:?}").contains(PASSWORD));
}

#[tokio::test]
async fn a_proxy_that_does_not_know_the_user_is_named_with_its_remedy_and_asked_once() {
    let office = office().await;
    for scheme in ["http", "https"] {
        let proxy = Forwarder::spawn(&office.base_url(), Some((USER, "another"))).await;
        let client = by(&proxy, &format!("{scheme}://{NAME}/backoffice/api"), None, true);
        let error = client.type_count().await.expect_err("not let out");
        assert_eq!(error.code(), "proxy_credentials", "{scheme}: {error}");
        let told = error.to_string();
        assert!(told.contains("net.proxy_user") && !told.contains(PASSWORD), "{told}");
        assert_eq!((client.calls(), proxy.heads().len()), (1, 1), "{scheme}: another try would fail the same way");
    }
}

#[tokio::test]
async fn this_machine_and_the_office_s_network_are_never_asked_by_the_proxy() {
    let office = office().await;
    let proxy = Forwarder::spawn(&office.base_url(), None).await;
    for url in [office.base_url(), office.base_url().replace("127.0.0.1", "localhost")] {
        let client = by(&proxy, &url, None, true);
        assert_eq!(client.type_count().await.expect("an answer"), Some(90), "{url}");
    }
    // Not allowed, so not called: neither directly nor by the proxy.
    for url in ["http://10.1.2.3/api", "http://[::1]/api", "http://169.254.169.254/api"] {
        let Err(error) = Client::new(&options_by(&proxy, url, None, true), rate()) else { panic!("{url}") };
        assert!(matches!(error.code(), "private_address" | "link_local"), "{error}");
    }
    assert_eq!(proxy.heads(), Vec::<String>::new());
}

#[tokio::test]
async fn personal_data_goes_to_a_proxy_in_clear_only_when_it_is_allowed() {
    let office = office().await;
    let proxy = Forwarder::spawn(&office.base_url(), None).await;
    let client = by(&proxy, &format!("http://{NAME}/backoffice/api"), None, false);
    let error: SicantikError = client.type_count().await.expect_err("refused");
    assert_eq!((error.code(), proxy.heads().len()), ("plain_http", 0), "{error}");
}

async fn office() -> Running {
    spawn(simulator::Options { permits: 10, ..Default::default() }).await
}

fn options_by(proxy: &Forwarder, url: &str, ca_file: Option<&Path>, allow_plain_http: bool) -> ClientOptions {
    let named = Proxy {
        url: format!("http://{}", proxy.address).parse().expect("a URL"),
        user: USER.to_owned(),
        password: Some(PASSWORD.into()),
    };
    let access = Access {
        allowed_hosts: vec![NAME.to_owned(), "127.0.0.1".to_owned(), "localhost".to_owned()],
        allow_plain_http,
        ca_file: ca_file.map(Path::to_owned),
        proxy: Some(named),
        ..Access::default()
    };
    let is_listed = access.allowed_hosts.iter().any(|host| url.contains(host.as_str()));
    let access = if is_listed { access } else { Access { allowed_hosts: Vec::new(), ..access } };
    ClientOptions { access, ..options(url) }
}

fn by(proxy: &Forwarder, url: &str, ca_file: Option<&Path>, allow_plain_http: bool) -> Client {
    source_with(&options_by(proxy, url, ca_file, allow_plain_http))
}

fn rate() -> Arc<sicantik_companion::net::RateLimit> {
    choose_tls();
    Arc::new(sicantik_companion::net::RateLimit::per_second(crate::office::UNHURRIED))
}

/// A proxy to one place, which notes what it is asked.
struct Forwarder {
    address: std::net::SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Forwarder {
    async fn spawn(to: &str, knows: Option<(&str, &str)>) -> Self {
        let url: url::Url = to.parse().expect("a URL");
        let to = format!("127.0.0.1:{}", url.port().expect("a port"));
        let basic = |(user, password)| base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        let knows = knows.map(basic);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = Arc::clone(&heads);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(forward(stream, to.clone(), knows.clone(), Arc::clone(&noted)));
            }
        });
        Self { address, heads }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn forward(mut stream: TcpStream, to: String, knows: Option<String>, heads: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).expect("text");
    heads.lock().unwrap_or_else(PoisonError::into_inner).push(head.clone());
    let asked_by = head.lines().find(|line| line.to_ascii_lowercase().starts_with("proxy-authorization:"));
    let is_known = knows.is_none_or(|basic| asked_by.is_some_and(|line| line.ends_with(&basic)));
    if !is_known {
        let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"kantor\"\r\n\
                        Content-Length: 0\r\nConnection: close\r\n\r\n";
        let _ = stream.write_all(refusal).await;
        return;
    }
    let mut inside = TcpStream::connect(to).await.expect("the office listens");
    if head.starts_with("CONNECT ") {
        let _ = stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await;
    } else {
        let head = head.replacen(&format!("http://{NAME}"), "", 1);
        inside.write_all(head.as_bytes()).await.expect("sent");
    }
    let _ = copy_bidirectional(&mut stream, &mut inside).await;
}

/// The office behind TLS; gives its address.
async fn encrypt(office: &Running, certificate: Vec<u8>, key: Vec<u8>) -> String {
    choose_tls();
    let key = PrivateKeyDer::try_from(key).expect("a key");
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.into()], key);
    let acceptor = TlsAcceptor::from(Arc::new(config.expect("a configuration")));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let url: url::Url = office.base_url().parse().expect("a URL");
    let inside = format!("127.0.0.1:{}", url.port().expect("a port"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, inside) = (acceptor.clone(), inside.clone());
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut inside = TcpStream::connect(inside).await.expect("the office listens");
                let _ = copy_bidirectional(&mut stream, &mut inside).await;
            });
        }
    });
    format!("https://{address}")
}
