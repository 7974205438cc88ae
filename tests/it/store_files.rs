//! The SQLite file as a file: who may read it, how many use it, and what becomes of the worker when somebody puts
//! his hands on it.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use sicantik_companion::config::StoreAddress;
use sicantik_companion::store::{Durability, Store, StoreError, migrate, pending};

use crate::fake_odoo::DATABASE_UUID;
use crate::listener::NONCE;
use crate::logs::Logs;
use crate::store::{now, order, patient, patient_service, place, stranger};
use crate::store_jobs;

const SUFFIXES: [&str; 3] = ["", "-wal", "-shm"];

fn file(address: &StoreAddress) -> &Path {
    let StoreAddress::Sqlite(file) = address else { panic!("no file: {address}") };
    file
}

fn beside(address: &StoreAddress, suffix: &str) -> PathBuf {
    format!("{}{suffix}", file(address).display()).into()
}

fn rights(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

/// `sicantik migrate` under a umask that lets everybody read, or nobody at all.
fn migrate_with(umask: &str, address: &StoreAddress) -> String {
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(format!("umask {umask}; exec \"$0\" migrate")).arg(env!("CARGO_BIN_EXE_sicantik"));
    let output = shell.env("SICANTIK__STORE__URL", address.to_string()).output().expect("a shell");
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{text}");
    text
}

#[tokio::test]
async fn only_the_worker_s_user_reads_the_file_whatever_the_umask() {
    for umask in ["000", "022", "077"] {
        let (_folder, address) = place();
        migrate_with(umask, &address);
        assert_eq!(rights(file(&address)), 0o600, "umask {umask}");
        let store = patient_service(&address).await;
        assert!(store.use_nonce(DATABASE_UUID, NONCE, now()).await.expect("stored"));
        for suffix in ["", "-wal", "-shm", ".lock"] {
            assert_eq!(rights(&beside(&address, suffix)), 0o600, "{suffix} under umask {umask}");
        }
    }
}

#[tokio::test]
async fn a_file_that_others_may_read_is_narrowed_and_that_is_said_once() {
    let (_folder, address) = place();
    let earlier = patient(&address).await;
    assert!(earlier.use_nonce(DATABASE_UUID, NONCE, now()).await.expect("stored"));
    for suffix in SUFFIXES {
        fs::set_permissions(beside(&address, suffix), Permissions::from_mode(0o644)).expect("set");
    }
    let said = format!("{}{}", migrate_with("022", &address), migrate_with("022", &address));
    assert_eq!(said.matches("others could read the store's file").count(), 1, "{said}");
    for suffix in SUFFIXES {
        assert_eq!(rights(&beside(&address, suffix)), 0o600, "{suffix}");
    }
    assert!(!earlier.use_nonce(DATABASE_UUID, NONCE, now()).await.expect("as before"), "what is open goes on");
}

#[tokio::test]
async fn a_second_service_on_a_file_is_refused_and_a_look_is_not() {
    let (folder, address) = place();
    let first = Store::open_for_service(&address, DATABASE_UUID).await.expect("open");
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(file(&address), &link).expect("a link");
    for way in [address.clone(), StoreAddress::Sqlite(link)] {
        let error = Store::open_for_service(&way, DATABASE_UUID).await.expect_err("refused");
        assert!(matches!(error, StoreError::InUse(_)) && !error.is_passing(), "{error:?}");
        assert!(error.to_string().contains("stop that one first"), "{error}");
        assert!(pending(&way).await.expect("looked").is_empty());
    }
    let copy = first.clone();
    drop(first);
    Store::open_for_service(&address, DATABASE_UUID).await.expect_err("a copy is the same store");
    drop(copy);
    Store::open_for_service(&address, DATABASE_UUID).await.expect("free");
}

/// `sicantik serve` whose Odoo is not there.
fn serve(address: &StoreAddress) -> Command {
    let mut serve = Command::new(env!("CARGO_BIN_EXE_sicantik"));
    serve
        .arg("serve")
        .env("SICANTIK__STORE__URL", address.to_string())
        .envs([("SICANTIK__ODOO__URL", "http://127.0.0.1:1"), ("SICANTIK__ODOO__DATABASE", "nowhere")])
        .envs([("SICANTIK__ODOO__API_KEY", "no-key"), ("SICANTIK__INTERNAL__LISTEN", "127.0.0.1:0")]);
    serve
}

#[tokio::test]
async fn a_second_serve_says_what_to_do_and_ends_and_a_killed_one_leaves_the_file_free() {
    let (_folder, address) = place();
    let mut first = serve(&address).stderr(Stdio::piped()).spawn().expect("a service");
    let mut lines = BufReader::new(first.stderr.take().expect("its log")).lines();
    let is_up = lines.any(|line| line.expect("text").contains("the worker is up"));
    assert!(is_up, "it ended at once");
    let output = serve(&address).output().expect("ended by itself");
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("in use by another `sicantik serve`") && text.contains("stop that one first"), "{text}");
    first.kill().expect("killed");
    first.wait().expect("ended");
    Store::open_for_service(&address, DATABASE_UUID).await.expect("free");
}

#[tokio::test]
async fn a_lock_file_that_was_left_behind_keeps_nobody_out() {
    let (_folder, address) = place();
    fs::write(beside(&address, ".lock"), "").expect("written");
    Store::open_for_service(&address, DATABASE_UUID).await.expect("nobody holds it");
}

#[tokio::test]
async fn a_worker_of_no_database_refuses_a_store_that_holds_work() {
    let (_folder, address) = place();
    drop(Store::open_for_service(&address, "").await.expect("there is no work yet"));
    let store = patient(&address).await;
    assert!(store_jobs::enqueue(&store, &store_jobs::job("permit 1")).await);
    let error = Store::open_for_service(&address, "").await.expect_err("whose work?");
    assert!(!error.is_passing() && error.to_string().contains("odoo.database_uuid"), "{error}");
    assert!(error.to_string().contains("Connect Worker"), "{error}");

    drop(Store::open_for_service(&address, DATABASE_UUID).await.expect("it is ours"));
    let held = store_jobs::claim(&store, Duration::from_mins(1)).await.expect("a job");
    let mut transaction = store.begin(Durability::Durable).await.expect("begun");
    transaction.complete(&held.lease).await.expect("held");
    transaction.commit().await.expect("committed");
    Store::open_for_service(&address, "").await.expect("the work is done");
}

#[tokio::test]
async fn a_copy_of_the_file_is_a_store_of_its_own_with_what_it_held() {
    let (folder, address) = place();
    let store = patient_service(&address).await;
    assert!(store.use_nonce(DATABASE_UUID, NONCE, now()).await.expect("stored"));
    // As a backup makes it: a consistent copy, while the service runs.
    let copy = folder.path().join("copy.db");
    let statement = format!("VACUUM INTO '{}'", copy.display());
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut stranger(&address).await).await.expect("copied");
    let copy = StoreAddress::Sqlite(copy);
    assert_ne!(rights(file(&copy)), 0o600, "SQLite itself lets others read");
    let restored = patient_service(&copy).await;
    assert_eq!(rights(file(&copy)), 0o600);
    assert!(!restored.use_nonce(DATABASE_UUID, NONCE, now()).await.expect("known there, too"));
}

#[tokio::test]
async fn a_file_that_is_removed_or_replaced_under_the_worker_makes_it_unready() {
    let (folder, address) = place();
    let store = Store::open(&address).await.expect("open");
    store.check().await.expect("ready");
    let aside = folder.path().join("aside.db");
    fs::rename(file(&address), &aside).expect("moved");
    let error = store.check().await.expect_err("unready");
    assert!(error.to_string().contains("removed or replaced") && error.to_string().contains("restart"), "{error}");
    let backup = Store::open(&address).await.expect("another file in its place");
    store.check().await.expect_err("unready");
    store.use_nonce(DATABASE_UUID, NONCE, now()).await.expect_err("no hook is taken");
    store.begin(Durability::Relaxed).await.expect_err("nothing is begun");
    drop(backup);
    fs::rename(&aside, file(&address)).expect("moved back");
    store.check().await.expect("ready");
}

#[tokio::test]
async fn a_file_that_is_emptied_under_the_worker_is_told_and_begun_anew_at_the_next_start() {
    let (_folder, address) = place();
    let store = Store::open(&address).await.expect("open");
    assert!(store.use_nonce(DATABASE_UUID, NONCE, now()).await.expect("stored"));
    order(&mut stranger(&address).await, "PRAGMA wal_checkpoint(TRUNCATE)").await;
    fs::write(file(&address), "").expect("emptied");
    let error = store.use_nonce(DATABASE_UUID, NONCE, now()).await.expect_err("nothing is there");
    assert!(error.to_string().contains("restore a backup") || error.is_passing(), "{error}");
    drop(store);
    closed(&address).await;
    let anew = Store::open(&address).await.expect("an empty file is an empty database");
    assert!(anew.use_nonce(DATABASE_UUID, NONCE, now()).await.expect("stored"));
}

#[tokio::test]
async fn a_damaged_file_is_refused_at_once_and_not_tried_again() {
    let (_folder, address) = place();
    let store = patient(&address).await;
    // A kill of the worker leaves the file whole; somebody took a table away.
    order(&mut stranger(&address).await, "DROP TABLE hook_nonces").await;
    let logs = Logs::default();
    let lines = tracing_subscriber::fmt().with_writer(logs.clone()).with_ansi(false).finish();
    // With a single subscriber, tracing would ask the threads of other stories, which have none, what to log.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let guard = tracing::subscriber::set_default(lines);
    for _ in 0..2 {
        let error = store.use_nonce(DATABASE_UUID, NONCE, now()).await.expect_err("no such table");
        assert!(matches!(error, StoreError::Refused(_)) && !error.is_passing(), "{error:?}");
        assert!(error.to_string().contains("hook_nonces"), "{error}");
    }
    drop(guard);
    assert_eq!(logs.text().matches("the store fails").count(), 1, "{}", logs.text());
    assert!(migrate(&address).await.expect("looked").is_empty());
}

/// Waits until nobody has the file open: the last one takes away what SQLite keeps beside it.
async fn closed(address: &StoreAddress) {
    let gone = async {
        while beside(address, "-wal").exists() || beside(address, "-shm").exists() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), gone).await.expect("closed");
}
