//! A document is looked into and kept: its bytes are put before their row is committed.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use tokio::sync::OwnedSemaphorePermit;

use super::object::Standing;
use super::{Files, FilesError, ROOM_KIB};
use crate::pdf::{Limits, Refusal, Seen};
use crate::secrets::SecretsError;
use crate::store::{DocumentVersion, Durability, Object};

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
        let seen = self.reader.read(stream::iter(pieces.iter().map(Ok)), size, limits).await.map_err(Arc::new)?;
        Ok(seen)
    }

    /// Keeps a version, whose bytes these are; false where it was kept before.
    pub async fn keep(&self, version: &DocumentVersion, pieces: Vec<Bytes>) -> Result<bool, FilesError> {
        let known = self.parts.store.document_version(&self.parts.database_uuid, &version.uuid).await?;
        if known.is_some_and(|known| known.sha256 != version.sha256) {
            return Err(FilesError::OtherContent);
        }
        let standing = self.look_for(&version.sha256).await?;
        let object = match standing {
            Standing::Sound => None,
            Standing::Absent | Standing::Broken { .. } => Some(self.put_object(&version.sha256, pieces).await?),
        };
        self.keep_rows(version, object.as_ref(), &standing).await
    }

    async fn keep_rows(
        &self,
        version: &DocumentVersion,
        object: Option<&Object>,
        before: &Standing,
    ) -> Result<bool, FilesError> {
        let database_uuid = self.parts.database_uuid.as_str();
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        let mut is_ours = true;
        if let Some(object) = object {
            if transaction.begin_with_key(&object.fingerprint).await? != object.fingerprint {
                drop(transaction);
                self.parts.place.delete(&object.place_key).await?;
                return Err(SecretsError::KeyChanged.into());
            }
            // Of two at once the first one's is kept.
            is_ours = match before {
                Standing::Broken { place_key } => transaction.move_object(object, place_key).await?,
                Standing::Absent | Standing::Sound => transaction.keep_object(object).await?,
            };
        }
        let is_new = transaction.keep_version(database_uuid, version).await?;
        transaction.commit().await?;
        if let Some(object) = object.filter(|_| !is_ours)
            && let Err(error) = self.parts.place.delete(&object.place_key).await
        {
            tracing::warn!(%error, object = object.place_key, "an object that nobody needs stays");
        }
        Ok(is_new)
    }
}
