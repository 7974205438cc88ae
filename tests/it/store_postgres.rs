//! The store in a real PostgreSQL: whom the password is shown to, and several services on one database.

use std::time::Duration;

use sicantik_companion::store::{Store, StoreError, migrate, pending};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::fake_odoo::DATABASE_UUID;
use crate::listener::NONCE;
use crate::postgres::{self, pem};
use crate::store::{address, now, patient};

const PASSWORD: &str = "rahasia-contoh";

/// What asks whether the server speaks TLS; it carries nothing.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

#[tokio::test]
async fn a_verified_server_off_the_loopback_is_used() {
    let Some(cluster) = postgres::cluster() else { return };
    let name = cluster.create_database().await;
    let authority = cluster.authority();
    for host in ["0.0.0.0", "localhost"] {
        let url = format!("postgres://worker:{PASSWORD}@{host}:{}/{name}", cluster.port);
        let address = address(&format!("{url}?sslmode=verify-full&sslrootcert={authority}"));
        let store = patient(&address).await;
        store.use_nonce(DATABASE_UUID, NONCE, now()).await.expect("stored");
        let encrypted = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                         WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let mut connection = cluster.connect(&name).await;
        assert!(sqlx::query_scalar::<_, bool>(encrypted).fetch_one(&mut connection).await.expect("a row"));
    }
}

#[tokio::test]
async fn a_server_that_cannot_prove_who_it_is_is_refused_with_a_remedy() {
    let Some(cluster) = postgres::cluster() else { return };
    let name = cluster.create_database().await;
    let stranger = tempfile::NamedTempFile::new().expect("a file");
    let of_another = rcgen::generate_simple_self_signed(["other.example".to_owned()]).expect("a certificate");
    std::fs::write(stranger.path(), pem("CERTIFICATE", of_another.cert.der())).expect("written");
    let known = cluster.authority();
    for (host, options, reason) in [
        ("0.0.0.0", String::new(), "UnknownIssuer"),
        ("0.0.0.0", format!("?sslrootcert={}", stranger.path().display()), "UnknownIssuer"),
        // The certificate names localhost and not this.
        ("127.0.0.1", format!("?sslmode=verify-full&sslrootcert={known}"), "not valid for name"),
        ("0.0.0.0", "?sslrootcert=/nowhere/ca.pem".to_owned(), "sslrootcert cannot be read"),
    ] {
        let address = address(&format!("postgres://worker:{PASSWORD}@{host}:{}/{name}{options}", cluster.port));
        for outcome in [pending(&address).await, migrate(&address).await] {
            let error = outcome.expect_err("refused");
            let text = error.to_string();
            assert!(!error.is_passing() && text.contains("store.url") && text.contains(reason), "{text}");
            assert!(text.contains("sslrootcert") && !text.contains(PASSWORD), "{text}");
        }
    }
}

#[tokio::test]
async fn a_server_off_the_loopback_without_tls_gets_to_know_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("a worker");
        let mut asked = [0; 8];
        socket.read_exact(&mut asked).await.expect("a question");
        socket.write_all(b"N").await.expect("answered");
        let mut rest = Vec::new();
        socket.read_to_end(&mut rest).await.expect("closed");
        (asked, rest)
    });
    let error = pending(&address(&format!("postgres://worker:{PASSWORD}@0.0.0.0:{port}/store"))).await;
    let error = error.expect_err("refused");
    assert!(!error.is_passing() && error.to_string().contains("must speak TLS"), "{error}");
    let (asked, rest) = tokio::time::timeout(Duration::from_secs(30), server).await.expect("ended").expect("no panic");
    assert_eq!(asked, SSL_REQUEST);
    assert!(rest.is_empty(), "{rest:?}");
}

#[tokio::test]
async fn several_services_share_a_database_and_a_hook_is_good_once_for_all() {
    let Some(url) = postgres::database().await else { return };
    let address = address(&url);
    let open = async || Store::open_for_service(&address, DATABASE_UUID).await.expect("several may start at once");
    let (first, second, third, fourth) = tokio::join!(open(), open(), open(), open());
    let mut answers = Vec::new();
    for store in [first, second, third, fourth] {
        answers.push(tokio::spawn(async move { store.use_nonce(DATABASE_UUID, NONCE, now()).await }));
    }
    let mut new = 0;
    for answer in answers {
        new += usize::from(answer.await.expect("no panic").expect("an answer"));
    }
    assert_eq!(new, 1);
}

#[tokio::test]
async fn a_postgresql_store_of_a_newer_worker_is_refused() {
    let Some(cluster) = postgres::cluster() else { return };
    let name = cluster.create_database().await;
    let address = address(&format!("postgres://worker@127.0.0.1:{}/{name}", cluster.port));
    assert_eq!(pending(&address).await.expect("looked"), migrate(&address).await.expect("migrated"));
    let newer = "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1";
    sqlx::raw_sql(newer).execute(&mut cluster.connect(&name).await).await.expect("done");
    let error = Store::open(&address).await.expect_err("refused");
    assert!(matches!(error, StoreError::OtherVersion { migration: 9999, .. }), "{error:?}");
}
