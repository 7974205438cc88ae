//! The bytes of a version go, for good. That there was one, of which hash and when, stays.

use futures_util::TryStreamExt;

use super::object::{hash_in, is_ours};
use super::verify::YOUNG;
use super::{Files, FilesError};
use crate::clock::{Clock, SystemClock};
use crate::store::Durability;

impl Files {
    /// Erases the bytes of a version; as often as it is asked for. When this returns they lie in the place no more, unless
    /// another version is the same bytes, or an upload of the same bytes broke off within the last hour: that may be one
    /// that is just coming in, so [`remove_orphans`](Self::remove_orphans) takes it away later. A death on the way leaves a
    /// row that says what is still to go: whoever asks again finishes that, and so does `remove_orphans`.
    pub async fn erase(&self, version_uuid: &str) -> Result<(), FilesError> {
        let database_uuid = self.parts.database_uuid.as_str();
        let version = self.parts.store.document_version(database_uuid, version_uuid).await?;
        let version = version.ok_or(FilesError::Unknown)?.version;
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        transaction.hold_object(database_uuid, &version.sha256).await?;
        transaction.mark_erased(database_uuid, version_uuid).await?;
        transaction.let_object_go(database_uuid, &version.sha256).await?;
        transaction.commit().await?;
        for place_key in self.parts.store.objects_to_remove(database_uuid, &version.sha256).await? {
            self.remove(&place_key).await?;
        }
        self.remove_left_over(&version.sha256).await
    }

    /// Takes away what uploads of these bytes left that did not come to their end.
    async fn remove_left_over(&self, sha256: &str) -> Result<(), FilesError> {
        let is_needed =
            async || self.parts.store.object(&self.parts.database_uuid, sha256).await.map(|object| object.is_some());
        // The bytes stay then, and what is left over with them.
        if is_needed().await? {
            return Ok(());
        }
        let now = SystemClock.now();
        let lying: Vec<_> = self.parts.place.list(&sha256[..2]).await?.try_collect().await?;
        for lies in lying {
            let is_left = is_ours(&lies.key)
                && hash_in(&lies.key) == sha256
                && now.signed_duration_since(lies.since) > YOUNG
                && !self.is_strange(&lies.key).await?;
            // A store that came back may know it again meanwhile.
            if is_left && !is_needed().await? {
                self.remove(&lies.key).await?;
            }
        }
        Ok(())
    }

    /// Takes an object away that no row needs.
    pub(super) async fn remove(&self, place_key: &str) -> Result<(), FilesError> {
        self.parts.place.delete(place_key).await?;
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        transaction.object_is_removed(&self.parts.database_uuid, place_key).await?;
        Ok(transaction.commit().await?)
    }
}
