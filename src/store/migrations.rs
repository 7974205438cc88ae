//! The shape of the store, step by step. A step that was once released never changes; what is to change comes as a
//! further step, in both folders.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, Connection, SqlSafeStr};
use tokio::time::{Instant, sleep, timeout};

use crate::config::StoreAddress;

use super::{StoreError, file, open};

/// Number, name, and the statements for SQLite and PostgreSQL.
type Step = (i64, &'static str, &'static str, &'static str);

/// The same file of both folders.
macro_rules! step {
    ($number:literal, $name:literal, $file:literal) => {
        (
            $number,
            $name,
            include_str!(concat!("migrations/sqlite/", $file)),
            include_str!(concat!("migrations/postgres/", $file)),
        )
    };
}

const STEPS: &[Step] = &[
    step!(1, "nonces of hooks", "0001_nonces.sql"),
    step!(2, "checks of the store", "0002_store_checks.sql"),
    step!(3, "jobs", "0003_jobs.sql"),
    step!(4, "passes over lists", "0004_list_passes.sql"),
    step!(5, "secrets", "0005_secrets.sql"),
    step!(6, "limits of the queue", "0006_limits.sql"),
    step!(7, "messages", "0007_messages.sql"),
    step!(8, "one table of uses", "0008_one_table_of_uses.sql"),
    step!(9, "when an attempt began", "0009_when_an_attempt_began.sql"),
    step!(10, "documents", "0010_documents.sql"),
    step!(11, "erasures", "0011_erasures.sql"),
];

/// Where sqlx notes what was applied.
const NOTES: &str = "_sqlx_migrations";

/// Names the lock that keeps workers on one PostgreSQL from migrating at the same time; any number will do.
const LOCK_IN_POSTGRES: &str = "DO $$ BEGIN PERFORM pg_advisory_xact_lock(7429026841); END $$";

/// A store that is locked or not up yet at the start gets as long.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(200);

/// Longer than any migration of so small a store, the wait for another worker's included.
const LIMIT: Duration = Duration::from_secs(30);

/// Applies what is pending and tells its names. Two workers may do so at the same time: one does it, the other waits.
pub async fn migrate(address: &StoreAddress) -> Result<Vec<String>, StoreError> {
    let end = Instant::now() + PATIENCE;
    loop {
        match once(address, Then::Commit).await {
            Err(error) if error.is_passing() && Instant::now() < end => sleep(PAUSE).await,
            outcome => return outcome,
        }
    }
}

/// What [`migrate`] would apply; the store is left as it is.
pub async fn pending(address: &StoreAddress) -> Result<Vec<String>, StoreError> {
    match address {
        StoreAddress::Sqlite(file) if is_to_be_made(file) => Ok(STEPS.iter().map(name).collect()),
        _ => once(address, Then::RollBack).await,
    }
}

fn is_to_be_made(file: &Path) -> bool {
    !file.exists() && file.parent().is_some_and(Path::is_dir)
}

/// What becomes of the transaction.

#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Commit,
    RollBack,
}

async fn once(address: &StoreAddress, then: Then) -> Result<Vec<String>, StoreError> {
    let work = async {
        if let (StoreAddress::Sqlite(file), Then::Commit) = (address, then) {
            file::make_private(address, file)?;
        }
        let mut connection = open::connect(address).await?;
        let applied = apply(address, &mut connection, then).await.map_err(|error| explain(address, &error))?;
        // What is to be kept was committed: a connection that does not close well costs nothing.
        let _ = connection.close().await;
        Ok(applied)
    };
    let ended = timeout(LIMIT, work).await;
    ended.unwrap_or_else(|_| Err(StoreError::Unavailable(format!("{address} does not answer"))))
}

/// All steps are one transaction, so that a lock, too, ends with it in any case.
async fn apply(
    address: &StoreAddress,
    connection: &mut AnyConnection,
    then: Then,
) -> Result<Vec<String>, MigrateError> {
    let is_sqlite = address.is_sqlite();
    if is_sqlite && then == Then::Commit {
        // Written into the file: readers and the writer do not wait for each other.
        sqlx::raw_sql("PRAGMA journal_mode = WAL").execute(&mut *connection).await?;
    }
    let mut transaction = connection.begin_with(if is_sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" }).await?;
    if !is_sqlite {
        sqlx::raw_sql(LOCK_IN_POSTGRES).execute(&mut *transaction).await?;
    }
    transaction.ensure_migrations_table(NOTES).await?;
    let known: Vec<i64> =
        transaction.list_applied_migrations(NOTES).await?.iter().map(|migration| migration.version).collect();
    let mut migrator = migrator(address);
    migrator.set_locking(false);
    migrator.run(&mut *transaction).await?;
    match then {
        Then::Commit => transaction.commit().await?,
        Then::RollBack => transaction.rollback().await?,
    }
    Ok(STEPS.iter().filter(|step| !known.contains(&step.0)).map(name).collect())
}

pub(super) fn migrator(address: &StoreAddress) -> Migrator {
    let migration = |&(number, name, sqlite, postgres): &Step| {
        let sql = if address.is_sqlite() { sqlite } else { postgres };
        Migration::new(number, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(STEPS.iter().map(migration).collect())
}

fn name(step: &Step) -> String {
    format!("{:04} {}", step.0, step.1)
}

fn explain(address: &StoreAddress, error: &MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(migration) | MigrateError::VersionMismatch(migration) => {
            StoreError::OtherVersion { address: address.to_string(), migration: *migration }
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            StoreError::at_opening(address, error)
        }
        other => StoreError::Setting(address.refused(&format!("it cannot be migrated ({other}); restore a backup"))),
    }
}
