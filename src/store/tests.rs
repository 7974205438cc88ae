//! What needs the store's own connection: a full disk, a disk that became read-only, and every step of its shape.

use chrono::{DateTime, Utc};
use sqlx::Connection;
use sqlx::migrate::Migrate;
use tempfile::TempDir;

use super::*;
use crate::domain::PassStats;

#[path = "../../tests/it/postgres.rs"]
mod postgres;

pub(super) const DATABASE: &str = "11111111-2222-3333-4444-555555555555";

fn place() -> (TempDir, StoreAddress) {
    let folder = tempfile::tempdir().expect("a folder");
    let address = StoreAddress::Sqlite(folder.path().join("a b?#%.db"));
    (folder, address)
}

/// An empty store in each database that is there.
pub(super) async fn both() -> (TempDir, Vec<StoreAddress>) {
    let (folder, file) = place();
    let shared = postgres::database().await.map(|url| StoreAddress::parse(&url.into()).expect("an address"));
    (folder, [Some(file), shared].into_iter().flatten().collect())
}

fn nonce(at: usize) -> String {
    format!("{at:032x}")
}

pub(super) async fn order(store: &Store, statement: &'static str) {
    sqlx::raw_sql(statement).execute(&store.pools.writer).await.expect("done");
}

#[tokio::test]
async fn a_full_disk_refuses_hooks_and_readiness_until_there_is_room() {
    let (_folder, address) = place();
    let store = patient(&address).await.with_patience(UNTIL_GIVEN_UP);
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
    // A try that was given up may have cost the connection, and the limit with it.
    order(&store, "PRAGMA max_page_count = 1").await;
    store.check().await.expect_err("not ready");

    order(&store, "PRAGMA max_page_count = 1000").await;
    store.check().await.expect("ready");
    assert!(store.use_nonce(DATABASE, &nonce(taken), DateTime::<Utc>::UNIX_EPOCH).await.expect("room"), "not stored");
    assert!(!store.use_nonce(DATABASE, &nonce(0), DateTime::<Utc>::UNIX_EPOCH).await.expect("room"), "still known");
}

#[tokio::test]
async fn a_disk_that_became_read_only_refuses_hooks() {
    let (_folder, address) = place();
    let store = patient(&address).await.with_patience(UNTIL_GIVEN_UP);
    order(&store, "PRAGMA query_only = ON").await;
    let error = store.use_nonce(DATABASE, &nonce(1), DateTime::<Utc>::UNIX_EPOCH).await.expect_err("read-only");
    assert!(error.is_passing(), "{error}");
    order(&store, "PRAGMA query_only = OFF").await;
    assert!(store.use_nonce(DATABASE, &nonce(1), DateTime::<Utc>::UNIX_EPOCH).await.expect("stored"));
}

#[tokio::test]
async fn a_check_leaves_one_row_however_often_it_is_asked() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        for _ in 0..3 {
            store.check().await.expect("ready");
        }
        let count = |table| format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(number(&store, count("store_checks")).await, 1, "{address}");
        assert_eq!(number(&store, count("hook_nonces")).await, 0, "{address}");
    }
}

#[tokio::test]
async fn readers_do_not_wait_for_the_writer_and_cannot_write() {
    let (_folder, address) = place();
    let store = patient(&address).await;
    let mut writer = store.begin(Durability::Durable).await.expect("begun");
    let insert = "INSERT INTO hook_nonces VALUES ('a', 'b', 1)";
    sqlx::raw_sql(insert).execute(writer.connection()).await.expect("written");
    let count = "SELECT COUNT(*) FROM hook_nonces".to_owned();
    assert_eq!(number(&store, count.clone()).await, 0, "not committed yet");
    let refused = sqlx::raw_sql(insert).execute(&store.pools.readers).await.expect_err("refused");
    assert!(refused.to_string().contains("readonly"), "{refused}");
    writer.commit().await.expect("committed");
    assert_eq!(number(&store, count).await, 1);
}

#[tokio::test]
async fn a_commit_is_as_durable_as_its_caller_asks() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        let (question, relaxed, durable) = match store.pools.kind {
            Kind::Sqlite => ("SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous", "1", "2"),
            // The server of these tests is not durable by itself.
            Kind::Postgres => ("SELECT current_setting('synchronous_commit')", "off", "on"),
        };
        for (asked, expected) in
            [(Durability::Relaxed, relaxed), (Durability::Durable, durable), (Durability::Relaxed, relaxed)]
        {
            let mut transaction = store.begin(asked).await.expect("begun");
            let set: String = sqlx::query_scalar(question).fetch_one(transaction.connection()).await.expect("a row");
            assert_eq!(set, expected, "{asked:?} in {address}");
            transaction.commit().await.expect("committed");
        }
    }
}

/// For stories in which the store fails, and tries until then.
const UNTIL_GIVEN_UP: Duration = Duration::from_secs(5);

pub(super) async fn patient(address: &StoreAddress) -> Store {
    Store::open(address).await.expect("open").with_patience(Duration::from_secs(30))
}

#[tokio::test]
async fn a_row_that_is_there_already_is_a_conflict_and_the_store_works() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        let insert = || async {
            let row = sqlx::raw_sql("INSERT INTO hook_nonces VALUES ('a', 'b', 1)");
            row.execute(&store.pools.writer).await.map(drop)
        };
        store.with_retries(insert).await.expect("new");
        let error = store.with_retries(insert).await.expect_err("there already");
        assert!(matches!(error, StoreError::Conflict(_)) && !error.is_passing(), "{error:?} in {address}");
        assert!(store.works.load(Ordering::Relaxed), "{address}");
    }
}

#[tokio::test]
async fn a_permanent_error_is_not_tried_again_and_a_passing_one_is() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        let tries = std::cell::Cell::new(0);
        let no_table = || async {
            tries.set(tries.get() + 1);
            sqlx::raw_sql("SELECT * FROM of_no_such_name").execute(&store.pools.writer).await.map(drop)
        };
        let error = store.with_retries(no_table).await.expect_err("no such table");
        assert!(matches!(error, StoreError::Refused(_)), "{error:?} in {address}");
        assert_eq!(tries.get(), 1, "{address}");

        let locked_once = || async {
            tries.set(tries.get() + 1);
            if tries.get() < 3 { Err(sqlx::Error::PoolTimedOut) } else { Ok(()) }
        };
        store.with_retries(locked_once).await.expect("at the second try");
    }
}

#[tokio::test]
async fn what_the_last_pass_taught_takes_the_place_of_the_earlier_in_both_databases() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        let known = async |list| store.pass_stats(list).await.expect("an answer");
        assert_eq!(known("https://a.example.test").await, None, "{address}");
        let largest = PassStats { page_size: 20_000, took: Duration::from_millis(12_345) };
        for stats in [PassStats { page_size: 400, took: Duration::ZERO }, largest] {
            store.keep_pass_stats("https://a.example.test", stats).await.expect("kept");
            assert_eq!(known("https://a.example.test").await, Some(stats), "{address}");
        }
        assert_eq!(known("https://b.example.test").await, None, "{address}");
        let rows = number(&store, "SELECT COUNT(*) FROM list_passes".to_owned()).await;
        assert_eq!(rows, 1, "{address}");
    }
}

/// The page that says what a restore makes of each table.
const DESCRIBED: &str = include_str!("../../docs/architecture.md");

#[tokio::test]
async fn every_table_says_what_a_restore_makes_of_its_rows() {
    let (_folder, address) = place();
    let store = patient(&address).await;
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            .fetch_all(&store.pools.readers)
            .await
            .expect("tables");
    assert!(tables.len() > SAMPLES.len(), "{tables:?}");
    let rows: Vec<Vec<&str>> = DESCRIBED.lines().map(|line| line.split('|').map(str::trim).collect()).collect();
    for table in tables {
        let name = format!("`{table}`");
        let row = rows.iter().find(|cells| cells.get(1) == Some(&name.as_str()));
        let row = row.unwrap_or_else(|| panic!("docs/architecture.md has no row for {table}"));
        assert!(row.len() == 6 && row.iter().skip(2).take(3).all(|cell| !cell.is_empty()), "{row:?}");
    }
}

pub(super) async fn number(store: &Store, question: String) -> i64 {
    sqlx::query_scalar(sqlx::AssertSqlSafe(question)).fetch_one(&store.pools.readers).await.expect("a number")
}

/// A row of the shape that each step leaves, so that the next step meets data. Add one for each step.
const SAMPLES: &[&str] = &[
    "INSERT INTO hook_nonces VALUES ('11111111-2222-3333-4444-555555555555', 'sample', 1)",
    "INSERT INTO store_checks (id, payload) VALUES ('sample', '')",
    "INSERT INTO jobs (database_uuid, configuration, kind, key, payload, max_attempts, due_at, created_at) \
     VALUES ('11111111-2222-3333-4444-555555555555', 1, 'sample', 'sample', '{}', 1, 1, 1)",
    "INSERT INTO list_passes (address, page_size, took_ms) VALUES ('https://sample.example.test/api', 400, 3000)",
    "INSERT INTO master_keys (slot, fingerprint) VALUES (1, 'sample'); \
     INSERT INTO secrets VALUES ('11111111-2222-3333-4444-555555555555', 'sample', '', 'sample', 1)",
    "INSERT INTO limit_uses VALUES ('11111111-2222-3333-4444-555555555555', 'sample', 'sample', 1); \
     INSERT INTO limit_recipients VALUES ('11111111-2222-3333-4444-555555555555', 'sample', 'sample', 'sample', 1); \
     INSERT INTO limit_counts VALUES ('11111111-2222-3333-4444-555555555555', 'sample', 1, 1); \
     INSERT INTO holds VALUES ('11111111-2222-3333-4444-555555555555', 'sample', 1, 'sample')",
    "INSERT INTO messages (database_uuid, key, configuration, account, order_uuid, attempt, state, at) \
     VALUES ('11111111-2222-3333-4444-555555555555', 'sample', 1, 'sample', 'sample', 1, 'waiting', 1); \
     INSERT INTO message_events (database_uuid, account, kind, message, digest, event, received_at) \
     VALUES ('11111111-2222-3333-4444-555555555555', 'sample', 'receipt', 'sample', 'sample', '{}', 1); \
     INSERT INTO message_accounts VALUES ('11111111-2222-3333-4444-555555555555', 'sample', '{}', 250)",
    "INSERT INTO limit_uses (database_uuid, scope, token, recipient, at) \
     VALUES ('11111111-2222-3333-4444-555555555555', 'sample', 'another', 'sample', 1)",
    "UPDATE messages SET begun_at = 1",
    "INSERT INTO objects VALUES ('11111111-2222-3333-4444-555555555555', 'sample', 1, 'sample', '', 'sample', 1); \
     INSERT INTO document_versions \
     VALUES ('11111111-2222-3333-4444-555555555555', 'sample', 'sample', 1, 'original', 'sample', 'sample', 1)",
    "UPDATE document_versions SET erased_at = 1; \
     INSERT INTO objects_to_remove VALUES ('11111111-2222-3333-4444-555555555555', 'sample', 'sample', 1)",
];

#[tokio::test]
async fn each_step_is_applied_over_the_data_of_the_earlier_ones() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let migrator = migrations::migrator(&address);
        assert_eq!(migrator.iter().count(), SAMPLES.len(), "a step without a sample");
        if let StoreAddress::Sqlite(file) = &address {
            file::make_private(&address, file).expect("a file");
        }
        let mut connection = open::connect(&address).await.expect("a connection");
        for (number, sample) in (1..).zip(SAMPLES) {
            migrator.run_to(number, &mut connection).await.expect("applied");
            let applied = connection.list_applied_migrations("_sqlx_migrations").await.expect("a list");
            assert_eq!(applied.last().map(|step| step.version), Some(number), "steps are numbered without a gap");
            sqlx::raw_sql(*sample).execute(&mut connection).await.expect("a row");
        }
        connection.close().await.expect("closed");

        assert!(pending(&address).await.expect("looked").is_empty());
        let store = patient(&address).await;
        let known = store.use_nonce(DATABASE, "sample", DateTime::<Utc>::UNIX_EPOCH).await.expect("stored");
        assert!(!known, "the sample of the first step is still known");
        assert!(store.holds_work().await.expect("an answer"), "so is the sample of the jobs");
        let known = store.pass_stats("https://sample.example.test/api").await.expect("an answer");
        assert_eq!(known, Some(PassStats { page_size: 400, took: Duration::from_secs(3) }));
    }
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
