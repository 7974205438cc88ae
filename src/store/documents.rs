//! Versions of documents, and the objects that hold their bytes elsewhere. What an object's key is sealed to is `secrets`'
//! matter; here nothing is opened.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, Transaction};

const VERSION: &str = "SELECT version.version_uuid, version.document_uuid, version.number, version.stage, \
     version.sha256, version.made_by, version.erased_at FROM document_versions AS version \
     WHERE version.database_uuid = $1 AND version.version_uuid = $2";
const OBJECT: &str = "SELECT database_uuid, sha256, size, place_key, sealed, fingerprint FROM objects \
     WHERE database_uuid = $1 AND sha256 = $2";
const KEEP_VERSION: &str = "INSERT INTO document_versions \
     (database_uuid, version_uuid, document_uuid, number, stage, sha256, made_by, kept_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, {now}) ON CONFLICT (database_uuid, version_uuid) DO NOTHING";
/// Changes nothing, and holds the row: whoever erases it comes before or after.
const HOLD_VERSION: &str = "UPDATE document_versions SET kept_at = kept_at \
     WHERE database_uuid = $1 AND version_uuid = $2 RETURNING erased_at";
/// Holds the row also where it is there already: whoever lets it go comes before or after.
const KEEP_OBJECT: &str = "INSERT INTO objects (database_uuid, sha256, size, place_key, sealed, fingerprint, kept_at) \
     VALUES ($1, $2, $3, $4, $5, $6, {now}) ON CONFLICT (database_uuid, sha256) \
     DO UPDATE SET kept_at = objects.kept_at RETURNING place_key";
/// Only while it is where it was: another worker may have put it elsewhere meanwhile.
const MOVE_OBJECT: &str = "UPDATE objects SET place_key = $4, sealed = $5, fingerprint = $6, kept_at = {now} \
     WHERE database_uuid = $1 AND sha256 = $2 AND place_key = $3";
const RESEAL: &str = "UPDATE objects SET sealed = $3, fingerprint = $4 WHERE database_uuid = $1 AND sha256 = $2";
/// Some of those that a key sealed, from any database, behind one of them.
const SEALED_BY: &str = "SELECT database_uuid, sha256, size, place_key, sealed, fingerprint FROM objects \
     WHERE fingerprint = $1 AND (database_uuid, sha256) > ($2, $3) ORDER BY database_uuid, sha256 LIMIT 500";
/// Some of a database's objects, behind one of them.
const BEHIND: &str = "SELECT database_uuid, sha256, size, place_key, sealed, fingerprint FROM objects \
     WHERE database_uuid = $1 AND sha256 > $2 ORDER BY sha256 LIMIT 500";
const PLACE_KEYS: &str = "SELECT place_key FROM objects";
const HAS_OBJECTS: &str =
    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM objects WHERE database_uuid = $1 LIMIT 1) AS found";

/// A version of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentVersion {
    /// As Odoo named it.
    pub uuid: String,
    pub document_uuid: String,
    /// From 1 on, within the document.
    pub number: i64,
    /// `original`, `stamped` or `signed`.
    pub stage: String,
    /// Of the clear bytes, in hex.
    pub sha256: String,
    /// Who brought it, as Odoo names that user.
    pub made_by: String,
}

/// A version that was kept once.
#[derive(Debug)]
pub struct KeptVersion {
    pub version: DocumentVersion,
    /// Its bytes were erased.
    pub is_erased: bool,
}

/// What became of a version that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionKept {
    New,
    /// One of that uuid is kept already.
    Known,
    /// One of that uuid was kept, and erased.
    Erased,
}

/// Bytes in the place of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// The database of Odoo that it belongs to.
    pub database_uuid: String,
    /// Of the clear bytes, in hex.
    pub sha256: String,
    /// Of the clear bytes.
    pub size: i64,
    /// Under which name it lies there.
    pub place_key: String,
    /// Its own key, which only the master key opens.
    pub sealed: Vec<u8>,
    /// Which master key that is.
    pub fingerprint: String,
}

impl Store {
    /// A version, where it is kept or was erased.
    pub async fn document_version(
        &self,
        database_uuid: &str,
        version_uuid: &str,
    ) -> Result<Option<KeptVersion>, StoreError> {
        let query = || sqlx::query(VERSION).bind(database_uuid).bind(version_uuid).fetch_optional(&self.pools.readers);
        let row = self.with_retries(query).await?;
        row.map(|row| read_kept(&row).map_err(|error| self.explain(&error))).transpose()
    }

    /// The object of these bytes, where there is one.
    pub async fn object(&self, database_uuid: &str, sha256: &str) -> Result<Option<Object>, StoreError> {
        let query = || sqlx::query(OBJECT).bind(database_uuid).bind(sha256).fetch_optional(&self.pools.readers);
        let row = self.with_retries(query).await?;
        row.map(|row| read_object(&row).map_err(|error| self.explain(&error))).transpose()
    }

    /// Some of the objects of a database, by their hash, behind this one.
    pub async fn objects_behind(&self, database_uuid: &str, sha256: &str) -> Result<Vec<Object>, StoreError> {
        let query = || sqlx::query(BEHIND).bind(database_uuid).bind(sha256).fetch_all(&self.pools.readers);
        let rows = self.with_retries(query).await?;
        rows.iter().map(read_object).collect::<Result<_, _>>().map_err(|error| self.explain(&error))
    }

    /// The names of all objects, of every database.
    pub async fn place_keys(&self) -> Result<Vec<String>, StoreError> {
        self.with_retries(|| sqlx::query_scalar(PLACE_KEYS).fetch_all(&self.pools.readers)).await
    }

    /// Whether the place of files must have something.
    pub async fn has_objects(&self, database_uuid: &str) -> Result<bool, StoreError> {
        let count: i64 = self
            .with_retries(|| sqlx::query_scalar(HAS_OBJECTS).bind(database_uuid).fetch_one(&self.pools.readers))
            .await?;
        Ok(count > 0)
    }
}

impl Transaction {
    /// Keeps a version, unless there is one of that uuid.
    pub async fn keep_version(
        &mut self,
        database_uuid: &str,
        version: &DocumentVersion,
    ) -> Result<VersionKept, StoreError> {
        let query = self.of(KEEP_VERSION, database_uuid, &version.uuid).bind(version.document_uuid.clone());
        let query = query.bind(version.number).bind(version.stage.clone()).bind(version.sha256.clone());
        if self.execute(query.bind(version.made_by.clone())).await? == 1 {
            return Ok(VersionKept::New);
        }
        let query = self.of(HOLD_VERSION, database_uuid, &version.uuid);
        let row = self.one_row(query).await?;
        let erased_at: Option<i64> = row.try_get("erased_at").map_err(|error| self.fail(&error))?;
        Ok(if erased_at.is_none() { VersionKept::Known } else { VersionKept::Erased })
    }

    /// Keeps where bytes lie; false where they lie elsewhere already.
    pub async fn keep_object(&mut self, object: &Object) -> Result<bool, StoreError> {
        let query = self.of(KEEP_OBJECT, &object.database_uuid, &object.sha256).bind(object.size);
        let query = query.bind(object.place_key.clone()).bind(object.sealed.clone());
        let row = self.one_row(query.bind(object.fingerprint.clone())).await?;
        let place_key: String = row.try_get("place_key").map_err(|error| self.fail(&error))?;
        Ok(place_key == object.place_key)
    }

    /// The same bytes lie elsewhere now, and what lies at `before` is to go with them; false where they were not there any
    /// more.
    pub async fn move_object(&mut self, object: &Object, before: &str) -> Result<bool, StoreError> {
        let query = self.of(MOVE_OBJECT, &object.database_uuid, &object.sha256).bind(before.to_owned());
        let query = query.bind(object.place_key.clone()).bind(object.sealed.clone());
        let is_moved = self.execute(query.bind(object.fingerprint.clone())).await? == 1;
        if is_moved {
            self.remember_object(&object.database_uuid, &object.sha256, before).await?;
        }
        Ok(is_moved)
    }

    /// Some of the objects whose keys are sealed to this master key, of every database, behind the one of this database
    /// and hash.
    pub async fn objects_sealed_by(
        &mut self,
        fingerprint: &str,
        (database_uuid, sha256): (&str, &str),
    ) -> Result<Vec<Object>, StoreError> {
        let query = self.query(SEALED_BY).bind(fingerprint.to_owned());
        let query = query.bind(database_uuid.to_owned()).bind(sha256.to_owned());
        let rows = self.rows(query).await?;
        rows.iter().map(read_object).collect::<Result<_, _>>().map_err(|error| self.fail(&error))
    }

    /// The same object, its key sealed to another master key.
    pub async fn reseal_object(&mut self, object: &Object) -> Result<(), StoreError> {
        let query = self.of(RESEAL, &object.database_uuid, &object.sha256);
        let query = query.bind(object.sealed.clone()).bind(object.fingerprint.clone());
        self.execute(query).await.map(drop)
    }
}

fn read_kept(row: &AnyRow) -> Result<KeptVersion, sqlx::Error> {
    let erased_at: Option<i64> = row.try_get("erased_at")?;
    let version = DocumentVersion {
        uuid: row.try_get("version_uuid")?,
        document_uuid: row.try_get("document_uuid")?,
        number: row.try_get("number")?,
        stage: row.try_get("stage")?,
        sha256: row.try_get("sha256")?,
        made_by: row.try_get("made_by")?,
    };
    Ok(KeptVersion { version, is_erased: erased_at.is_some() })
}

fn read_object(row: &AnyRow) -> Result<Object, sqlx::Error> {
    Ok(Object {
        database_uuid: row.try_get("database_uuid")?,
        sha256: row.try_get("sha256")?,
        size: row.try_get("size")?,
        place_key: row.try_get("place_key")?,
        sealed: row.try_get("sealed")?,
        fingerprint: row.try_get("fingerprint")?,
    })
}
