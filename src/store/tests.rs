//! What needs the store's own connection: a full disk, a disk that became read-only, and every step of its shape.

use chrono::{DateTime, Utc};
use sqlx::migrate::Migrate;
use sqlx::{Connection, Row};
use tempfile::TempDir;

use super::*;

const DATABASE: &str = "11111111-2222-3333-4444-555555555555";

fn place() -> (TempDir, StoreAddress) {
    let folder = tempfile::tempdir().expect("a folder");
    let address = StoreAddress::Sqlite(folder.path().join("a b?#%.db"));
    (folder, address)
}

fn nonce(at: usize) -> String {
    format!("{at:032x}")
}

async fn order(store: &Store, statement: &'static str) {
    sqlx::raw_sql(statement).execute(&store.pool).await.expect("done");
}

#[tokio::test]
async fn a_full_disk_refuses_hooks_and_readiness_until_there_is_room() {
    let (_folder, address) = place();
    let store = Store::open(&address).await.expect("open");
    // As many pages as there are; sqlx's one connection is the one that the limit is for.
    order(&store, "PRAGMA max_page_count = 1").await;
    let mut taken = 0;
    let error = loop {
        match store.use_nonce(DATABASE, &nonce(taken), DateTime::<Utc>::UNIX_EPOCH).await {
            Ok(new) => assert!(new),
            Err(error) => break error,
        }
        taken += 1;
    };
    assert!(error.is_passing() && error.to_string().contains("full"), "{error}");
    assert!(taken > 0, "the limit came too early to tell anything");
    store.check().await.expect_err("not ready");

    order(&store, "PRAGMA max_page_count = 1000").await;
    store.check().await.expect("ready");
    assert!(store.use_nonce(DATABASE, &nonce(taken), DateTime::<Utc>::UNIX_EPOCH).await.expect("room"), "not stored");
    assert!(!store.use_nonce(DATABASE, &nonce(0), DateTime::<Utc>::UNIX_EPOCH).await.expect("room"), "still known");
}

#[tokio::test]
async fn a_disk_that_became_read_only_refuses_hooks() {
    let (_folder, address) = place();
    let store = Store::open(&address).await.expect("open");
    order(&store, "PRAGMA query_only = ON").await;
    let error = store.use_nonce(DATABASE, &nonce(1), DateTime::<Utc>::UNIX_EPOCH).await.expect_err("read-only");
    assert!(error.is_passing(), "{error}");
    order(&store, "PRAGMA query_only = OFF").await;
    assert!(store.use_nonce(DATABASE, &nonce(1), DateTime::<Utc>::UNIX_EPOCH).await.expect("stored"));
}

#[tokio::test]
async fn a_check_leaves_nothing_behind() {
    let (_folder, address) = place();
    let store = Store::open(&address).await.expect("open");
    store.check().await.expect("ready");
    let rows: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM hook_nonces").fetch_one(&store.pool).await.expect("a count");
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn readers_do_not_wait_for_the_writer() {
    let (_folder, address) = place();
    let store = Store::open(&address).await.expect("open");
    let row = sqlx::query("PRAGMA journal_mode").fetch_one(&store.pool).await.expect("a row");
    assert_eq!(row.get::<String, _>(0), "wal");
}

/// A row of the shape that each step leaves, so that the next step meets data. Add one for each step.
const SAMPLES: &[&str] = &["INSERT INTO hook_nonces VALUES ('11111111-2222-3333-4444-555555555555', 'sample', 1)"];

#[tokio::test]
async fn each_step_is_applied_over_the_data_of_the_earlier_ones() {
    let (_folder, address) = place();
    let migrator = migrations::migrator(&address);
    assert_eq!(migrator.iter().count(), SAMPLES.len(), "a step without a sample");
    let mut connection = open::connect(&address).await.expect("a connection");
    for (number, sample) in (1..).zip(SAMPLES) {
        migrator.run_to(number, &mut connection).await.expect("applied");
        let applied = connection.list_applied_migrations("_sqlx_migrations").await.expect("a list");
        assert_eq!(applied.last().map(|step| step.version), Some(number), "steps are numbered without a gap");
        sqlx::raw_sql(*sample).execute(&mut connection).await.expect("a row");
    }
    connection.close().await.expect("closed");

    assert!(pending(&address).await.expect("looked").is_empty());
    let store = Store::open(&address).await.expect("open");
    let known = store.use_nonce(DATABASE, "sample", DateTime::<Utc>::UNIX_EPOCH).await.expect("stored");
    assert!(!known, "the sample of the first step is still known");
}

#[test]
fn both_databases_have_the_same_steps() {
    let folder = |name| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations").join(name);
        let entries = std::fs::read_dir(path).expect("a folder");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(folder("sqlite"), folder("postgres"));
    assert_eq!(folder("sqlite").len(), SAMPLES.len(), "each file is a step");
}
