//! The bytes of a version go, for good. That there was one, of which hash and when, stays.

use super::{Files, FilesError};
use crate::store::Durability;

impl Files {
    /// Erases the bytes of a version; as often as it is asked for. When this returns they lie in the place no more, unless
    /// another version is the same bytes. A death on the way leaves a row that says what is still to go: whoever asks again
    /// finishes that, and so does [`remove_orphans`](Self::remove_orphans).
    pub async fn erase(&self, version_uuid: &str) -> Result<(), FilesError> {
        let database_uuid = self.parts.database_uuid.as_str();
        let version = self.parts.store.document_version(database_uuid, version_uuid).await?;
        let version = version.ok_or(FilesError::Unknown)?;
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        transaction.hold_object(database_uuid, &version.sha256).await?;
        transaction.mark_erased(database_uuid, version_uuid).await?;
        transaction.let_object_go(database_uuid, &version.sha256).await?;
        transaction.commit().await?;
        for place_key in self.parts.store.objects_to_remove(database_uuid, &version.sha256).await? {
            self.remove(&place_key).await?;
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
