//! A document is looked into and kept: its bytes are put before their row is committed.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use futures_util::stream;
use tokio::sync::OwnedSemaphorePermit;

use super::object::Standing;
use super::{Files, FilesError, ROOM_KIB};
use crate::metrics;
use crate::pdf::{Limits, Refusal, Seen};
use crate::secrets::SecretsError;
use crate::store::{DocumentVersion, Durability, Object, Transaction, VersionKept};

impl Files {
    /// Room in memory for a document, or for several, of so many bytes in all; waits while others fill it.
    pub async fn room_for(&self, bytes: u64) -> Result<OwnedSemaphorePermit, FilesError> {
        let kib = usize::try_from(bytes.div_ceil(1024)).unwrap_or(ROOM_KIB).clamp(1, ROOM_KIB);
        let room = Arc::clone(&self.room).acquire_many_owned(u32::try_from(kib).unwrap_or(1)).await;
        // Nobody closes it.
        room.map_err(|_| FilesError::Malformed)
    }

    /// What is in these pieces, which have `size` bytes in all, or why they are refused.
    pub async fn look_into(
        &self,
        pieces: &[Bytes],
        size: u64,
        limits: Limits,
    ) -> Result<Result<Seen, Refusal>, FilesError> {
        let begun = Instant::now();
        let seen = self.reader.read(stream::iter(pieces.iter().map(Ok)), size, limits).await;
        metrics::document_looked_into(begun.elapsed());
        Ok(seen.map_err(Arc::new)?)
    }

    /// Keeps a version, whose bytes these are; false where it was kept before.
    pub async fn keep(&self, version: &DocumentVersion, pieces: Vec<Bytes>) -> Result<bool, FilesError> {
        let (database_uuid, uuid) = (self.parts.database_uuid.as_str(), version.uuid.as_str());
        match self.parts.store.document_version(database_uuid, uuid).await? {
            Some(kept) if kept.is_erased => return Err(FilesError::ErasedBefore),
            Some(kept) if kept.version.sha256 != version.sha256 => return Err(FilesError::OtherContent),
            _ => {}
        }
        let mut before = self.look_for(&version.sha256).await?;
        if before == Standing::Sound {
            if let Some(is_new) = self.keep_row(version).await? {
                return Ok(is_new);
            }
            // The last version of the same bytes was erased meanwhile.
            before = Standing::Absent;
        }
        let object = self.put_object(&version.sha256, pieces).await?;
        let kept = self.keep_rows(version, &object, &before).await;
        // After another error nobody knows what became of the rows: `files verify` names the object, if it is no one's.
        if let Ok((_, false)) | Err(FilesError::ErasedBefore | FilesError::Secrets(_)) = &kept
            && let Err(error) = self.parts.place.delete(&object.place_key).await
        {
            tracing::warn!(%error, object = object.place_key, "an object that nobody needs stays");
        }
        Ok(kept?.0)
    }

    /// Whether a version of bytes that are there is new; `None` where they are there no more.
    pub(super) async fn keep_row(&self, version: &DocumentVersion) -> Result<Option<bool>, FilesError> {
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        if !transaction.hold_object(&self.parts.database_uuid, &version.sha256).await? {
            return Ok(None);
        }
        let is_new = self.keep_version(&mut transaction, version).await?;
        transaction.commit().await?;
        Ok(Some(is_new))
    }

    /// Whether the version is new, and whether its object is the one that was put now.
    async fn keep_rows(
        &self,
        version: &DocumentVersion,
        object: &Object,
        before: &Standing,
    ) -> Result<(bool, bool), FilesError> {
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        if transaction.begin_with_key(&object.fingerprint).await? != object.fingerprint {
            return Err(SecretsError::KeyChanged.into());
        }
        // Of two at once the first one's is kept. What was broken may be erased meanwhile.
        let is_moved = match before {
            Standing::Broken { place_key } => transaction.move_object(object, place_key).await?,
            Standing::Absent | Standing::Sound => false,
        };
        let is_ours = is_moved || transaction.keep_object(object).await?;
        let is_new = self.keep_version(&mut transaction, version).await?;
        transaction.commit().await?;
        Ok((is_new, is_ours))
    }

    async fn keep_version(&self, transaction: &mut Transaction, version: &DocumentVersion) -> Result<bool, FilesError> {
        match transaction.keep_version(&self.parts.database_uuid, version).await? {
            VersionKept::New => Ok(true),
            VersionKept::Known => Ok(false),
            VersionKept::Erased => Err(FilesError::ErasedBefore),
        }
    }
}
