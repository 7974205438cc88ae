//! The worker's own database: what it remembers, and what it says when it cannot.

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use sicantik_companion::config::StoreAddress;
use sicantik_companion::jobs::purge_nonces::purge;
use sicantik_companion::store::{Store, StoreError, migrate, pending};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::fake_odoo::DATABASE_UUID;
use crate::listener::{NONCE, NOW};
use crate::logs::Logs;
use crate::office::PATIENCE;
use crate::postgres;

/// A folder with the file of a store in it, not made yet.
pub fn place() -> (TempDir, StoreAddress) {
    let folder = tempfile::tempdir().expect("a folder");
    let address = StoreAddress::Sqlite(folder.path().join("store.db"));
    (folder, address)
}

/// The open store for a story in which it answers, however busy the machine is: its own patience ends after a second, and
/// whoever starts while others write tries again, as a service does.
pub async fn patient(address: &StoreAddress) -> Store {
    let end = Instant::now() + PATIENCE;
    loop {
        match Store::open(address).await {
            Ok(store) => return store.with_patience(PATIENCE),
            Err(error) if error.is_passing() && Instant::now() < end => sleep(Duration::from_millis(50)).await,
            Err(error) => panic!("{address} cannot be opened: {error}"),
        }
    }
}

/// The same, as the one service on it.
pub async fn patient_service(address: &StoreAddress) -> Store {
    Store::open_for_service(address, DATABASE_UUID).await.expect("open").with_patience(PATIENCE)
}

pub fn address(url: &str) -> StoreAddress {
    StoreAddress::parse(&url.into()).expect("an address")
}

/// An empty store in each database that is there.
pub async fn both() -> (TempDir, Vec<StoreAddress>) {
    let (folder, file) = place();
    let shared = postgres::database().await.map(|url| address(&url));
    (folder, [Some(file), shared].into_iter().flatten().collect())
}

/// Another program at the same file, such as a backup.
pub async fn stranger(address: &StoreAddress) -> SqliteConnection {
    let StoreAddress::Sqlite(file) = address else { panic!("no file: {address}") };
    SqliteConnectOptions::new().filename(file).connect().await.expect("a connection")
}

pub async fn order(stranger: &mut SqliteConnection, statement: &'static str) {
    sqlx::raw_sql(statement).execute(stranger).await.expect(statement);
}

pub fn now() -> DateTime<Utc> {
    DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(NOW)
}

#[tokio::test]
async fn a_nonce_is_new_once_for_each_database_and_stays_known_after_a_restart() {
    let (_folder, address) = place();
    let store = patient(&address).await;
    let is_new = async |store: &Store, database| store.use_nonce(database, NONCE, now()).await.expect("an answer");
    assert!(is_new(&store, DATABASE_UUID).await);
    assert!(!is_new(&store, DATABASE_UUID).await);
    assert!(is_new(&store, "another-database").await);
    drop(store);
    let restarted = patient(&address).await;
    assert!(!is_new(&restarted, DATABASE_UUID).await);
}

#[tokio::test]
async fn of_many_workers_that_receive_a_hook_at_once_one_takes_it() {
    let (_folder, address) = place();
    let open = async || patient(&address).await;
    let (first, second, third, fourth) = tokio::join!(open(), open(), open(), open());
    let mut answers = Vec::new();
    for store in [first, second, third, fourth] {
        let take = async move { store.use_nonce(DATABASE_UUID, NONCE, now()).await };
        answers.push(tokio::spawn(take));
    }
    let mut new = 0;
    for answer in answers {
        new += usize::from(answer.await.expect("no panic").expect("an answer"));
    }
    assert_eq!(new, 1);
}

#[tokio::test]
async fn migrations_are_told_and_done_once() {
    let (_folder, address) = place();
    let StoreAddress::Sqlite(file) = &address else { unreachable!("a file was asked for") };
    let steps = [
        "0001 nonces of hooks",
        "0002 checks of the store",
        "0003 jobs",
        "0004 passes over lists",
        "0005 secrets",
        "0006 limits of the queue",
        "0007 messages",
        "0008 one table of uses",
        "0009 when an attempt began",
        "0010 documents",
        "0011 erasures",
    ]
    .map(str::to_owned)
    .to_vec();
    assert_eq!(pending(&address).await.expect("looked"), steps);
    assert!(!file.exists(), "looking makes nothing");
    // An empty file is a SQLite database, too.
    std::fs::write(file, "").expect("written");
    assert_eq!(pending(&address).await.expect("looked"), steps);
    assert_eq!(migrate(&address).await.expect("migrated"), steps, "looking had changed something");
    assert!(migrate(&address).await.expect("migrated").is_empty());
    assert!(pending(&address).await.expect("looked").is_empty());
    let nowhere = StoreAddress::Sqlite(file.join("nowhere/store.db"));
    assert!(!pending(&nowhere).await.expect_err("no folder").is_passing());
}

#[tokio::test]
async fn a_store_of_a_newer_worker_is_refused() {
    let (_folder, address) = place();
    migrate(&address).await.expect("migrated");
    let newer = "INSERT INTO _sqlx_migrations VALUES (9999, 'to come', '2027-01-01', TRUE, x'00', 1)";
    order(&mut stranger(&address).await, newer).await;
    for outcome in [Store::open(&address).await.map(drop), pending(&address).await.map(drop)] {
        let error = outcome.expect_err("refused");
        assert!(matches!(error, StoreError::OtherVersion { migration: 9999, .. }), "{error:?}");
        assert!(!error.is_passing() && error.to_string().contains("start that version again"), "{error}");
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_is_refused_with_a_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("text.db");
    std::fs::write(&text, "no database at all, but long enough to be read as the head of one, 100 bytes and some more")
        .expect("written");
    let cases = [
        (folder.path().join("nowhere/store.db"), "its folder does not exist"),
        (folder.path().to_owned(), "the file cannot be used"),
        (text, "the file cannot be used"),
        // Nobody may write there, not even root.
        (Path::new("/proc/store.db").to_owned(), "the right to write"),
    ];
    for (file, remedy) in cases {
        let error = Store::open(&StoreAddress::Sqlite(file.clone())).await.expect_err("refused");
        let text = error.to_string();
        assert!(!error.is_passing(), "{text}");
        assert!(text.contains("store.url") && text.contains(remedy), "{text}");
        assert!(text.contains(&file.display().to_string()), "{text}");
    }
}

#[tokio::test]
async fn a_postgresql_that_cannot_be_reached_may_come_back() {
    let address = address("postgres://sicantik:geheim-sekali@127.0.0.1:1/sicantik");
    let error = pending(&address).await.expect_err("nobody listens there");
    assert!(error.is_passing(), "{error}");
    assert!(!format!("{error} {error:?} {address} {address:?}").contains("geheim"), "{error}");
}

#[tokio::test]
async fn a_locked_store_is_told_in_one_line_and_works_again_when_it_is_free() {
    let (_folder, address) = place();
    let store = Store::open(&address).await.expect("open");
    let mut backup = stranger(&address).await;
    let logs = Logs::default();
    let lines = tracing_subscriber::fmt().with_writer(logs.clone()).with_ansi(false).finish();
    // With a single subscriber, tracing would ask the threads of other stories, which have none, what to log.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let guard = tracing::subscriber::set_default(lines);
    order(&mut backup, "BEGIN EXCLUSIVE").await;
    for _ in 0..2 {
        let error = store.use_nonce(DATABASE_UUID, NONCE, now()).await.expect_err("locked");
        assert!(error.is_passing(), "{error}");
        store.check().await.expect_err("locked");
    }
    order(&mut backup, "ROLLBACK").await;
    // Its own patience is for the lock; now it answers, however busy the machine is.
    let store = store.with_patience(PATIENCE);
    store.check().await.expect("free");
    assert!(store.use_nonce(DATABASE_UUID, NONCE, now()).await.expect("free"), "nothing was stored meanwhile");
    drop(guard);
    let text = logs.text();
    let told: Vec<&str> = text.lines().filter(|line| line.contains("store")).collect();
    assert_eq!(told.len(), 2, "{text}");
    assert!(told[0].contains("ERROR") && told[0].contains("locked"), "{text}");
    assert!(told[1].contains("works again"), "{text}");
}

#[tokio::test]
async fn a_lock_that_ends_soon_costs_no_hook() {
    let (_folder, address) = place();
    let store = patient(&address).await;
    let mut backup = stranger(&address).await;
    order(&mut backup, "BEGIN EXCLUSIVE").await;
    let answer = tokio::spawn(async move { store.use_nonce(DATABASE_UUID, NONCE, now()).await });
    tokio::task::yield_now().await;
    order(&mut backup, "ROLLBACK").await;
    assert!(answer.await.expect("no panic").expect("tried again"));
}

#[tokio::test]
async fn nonces_are_forgotten_when_their_time_stamps_are_refused_anyway() {
    let (_folder, address) = place();
    let store = patient(&address).await;
    let age = |minutes| now() - TimeDelta::minutes(minutes);
    for (nonce, minutes) in [("old", 11), ("young", 9), ("ahead", -5)] {
        assert!(store.use_nonce(DATABASE_UUID, nonce, age(minutes)).await.expect("stored"));
    }
    purge(&store, now()).await;
    for (nonce, forgotten) in [("old", true), ("young", false), ("ahead", false)] {
        assert_eq!(store.use_nonce(DATABASE_UUID, nonce, now()).await.expect("stored"), forgotten, "{nonce}");
    }
}
