//! Sealed secrets, and which master key sealed them. What is inside is `secrets`' matter; here nothing is opened.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, Transaction};

const SEALED_BY: &str = "SELECT fingerprint FROM master_keys";
/// Locks the row also where it is there already: whoever seals waits for who changes the key.
const BEGIN_WITH: &str = "INSERT INTO master_keys (slot, fingerprint) VALUES (1, $1) \
     ON CONFLICT (slot) DO UPDATE SET fingerprint = master_keys.fingerprint RETURNING fingerprint";
const FOLLOW_WITH: &str = "UPDATE master_keys SET fingerprint = $1";
const KEEP: &str = "INSERT INTO secrets (database_uuid, name, sealed, fingerprint, set_at) VALUES ($1, $2, $3, $4, {now}) \
     ON CONFLICT (database_uuid, name) DO UPDATE \
     SET sealed = excluded.sealed, fingerprint = excluded.fingerprint, set_at = excluded.set_at";
const RESEAL: &str = "UPDATE secrets SET sealed = $3, fingerprint = $4 WHERE database_uuid = $1 AND name = $2";
const FORGET: &str = "DELETE FROM secrets WHERE database_uuid = $1 AND name = $2";
const FORGET_ALL: &str = "DELETE FROM secrets";
const ONE: &str =
    "SELECT database_uuid, name, sealed, fingerprint, set_at FROM secrets WHERE database_uuid = $1 AND name = $2";
const OF_DATABASE: &str =
    "SELECT database_uuid, name, sealed, fingerprint, set_at FROM secrets WHERE database_uuid = $1 ORDER BY name";
const ALL: &str = "SELECT database_uuid, name, sealed, fingerprint, set_at FROM secrets ORDER BY database_uuid, name";

/// A secret as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSecret {
    /// The database of Odoo that it belongs to.
    pub database_uuid: String,
    pub name: String,
    /// What only the master key opens.
    pub sealed: Vec<u8>,
    /// Which master key that is.
    pub fingerprint: String,
    /// When it was set, by the database's clock, in Unix milliseconds.
    pub set_at: i64,
}

impl Store {
    /// The fingerprint of the master key that seals this store's secrets; `None` before there was one.
    pub async fn sealed_by(&self) -> Result<Option<String>, StoreError> {
        self.with_retries(|| sqlx::query_scalar(SEALED_BY).fetch_optional(&self.pools.readers)).await
    }

    /// One secret, where it is kept.
    pub async fn sealed_secret(&self, database_uuid: &str, name: &str) -> Result<Option<SealedSecret>, StoreError> {
        let row = self
            .with_retries(|| sqlx::query(ONE).bind(database_uuid).bind(name).fetch_optional(&self.pools.readers))
            .await?;
        row.map(|row| read(&row).map_err(|error| self.explain(&error))).transpose()
    }

    /// Those of a database of Odoo, by name.
    pub async fn sealed_secrets(&self, database_uuid: &str) -> Result<Vec<SealedSecret>, StoreError> {
        let rows =
            self.with_retries(|| sqlx::query(OF_DATABASE).bind(database_uuid).fetch_all(&self.pools.readers)).await?;
        rows.iter().map(|row| read(row).map_err(|error| self.explain(&error))).collect()
    }
}

impl Transaction {
    /// The fingerprint of the master key that seals the secrets: this one, unless there was one before. Until the end of
    /// the transaction nobody else changes that.
    pub async fn begin_with_key(&mut self, fingerprint: &str) -> Result<String, StoreError> {
        let query = self.query(BEGIN_WITH).bind(fingerprint.to_owned());
        let row = self.one_row(query).await?;
        row.try_get("fingerprint").map_err(|error| self.fail(&error))
    }

    /// Another master key seals the secrets from now on. Whoever calls this seals each of them anew.
    pub async fn follow_with_key(&mut self, fingerprint: &str) -> Result<(), StoreError> {
        let query = self.query(FOLLOW_WITH).bind(fingerprint.to_owned());
        self.execute(query).await.map(drop)
    }

    /// Keeps a secret in place of the one of that name.
    pub async fn keep_secret(
        &mut self,
        database_uuid: &str,
        name: &str,
        sealed: &[u8],
        fingerprint: &str,
    ) -> Result<(), StoreError> {
        let query = self.query(KEEP).bind(database_uuid.to_owned()).bind(name.to_owned());
        let query = query.bind(sealed.to_vec()).bind(fingerprint.to_owned());
        self.execute(query).await.map(drop)
    }

    /// The same secret, sealed to another key.
    pub async fn reseal_secret(&mut self, secret: &SealedSecret) -> Result<(), StoreError> {
        let query = self.query(RESEAL).bind(secret.database_uuid.clone()).bind(secret.name.clone());
        let query = query.bind(secret.sealed.clone()).bind(secret.fingerprint.clone());
        self.execute(query).await.map(drop)
    }

    /// False where there is none of that name.
    pub async fn forget_secret(&mut self, database_uuid: &str, name: &str) -> Result<bool, StoreError> {
        let query = self.query(FORGET).bind(database_uuid.to_owned()).bind(name.to_owned());
        Ok(self.execute(query).await? == 1)
    }

    /// Forgets those of every database, and tells how many there were.
    pub async fn forget_secrets(&mut self) -> Result<u64, StoreError> {
        let query = self.query(FORGET_ALL);
        self.execute(query).await
    }

    /// Those of every database.
    pub async fn all_secrets(&mut self) -> Result<Vec<SealedSecret>, StoreError> {
        let rows = self.rows(sqlx::query(ALL)).await?;
        rows.iter().map(|row| read(row).map_err(|error| self.fail(&error))).collect()
    }
}

fn read(row: &AnyRow) -> Result<SealedSecret, sqlx::Error> {
    Ok(SealedSecret {
        database_uuid: row.try_get("database_uuid")?,
        name: row.try_get("name")?,
        sealed: row.try_get("sealed")?,
        fingerprint: row.try_get("fingerprint")?,
        set_at: row.try_get("set_at")?,
    })
}
