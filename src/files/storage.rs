//! What there is to say of where documents are kept: for people, for `doctor` and for metrics.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::timeout;

use super::place::MARK;
use super::{Files, Place, PlaceError, Safety};
use crate::store::{KeptDocuments, StoreError};

/// Whoever looks at the page waits so long at most.
const PATIENCE: Duration = Duration::from_secs(6);

/// Less than this is nearly full: so many bytes, and one part of so many.
const LITTLE: u64 = 1024 * 1024 * 1024;
const SMALL_PART: u64 = 10;

/// Room on the disk of a folder, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// That the worker may still use.
    pub free: u64,
    pub total: u64,
}

/// Where documents are kept, and how it is there.
#[derive(Debug, Clone)]
pub struct Storage {
    pub is_bucket: bool,
    /// Path of the folder; server, bucket and prefix.
    pub address: String,
    /// Why nothing can be kept or given there now; `None` = it is ready.
    pub away: Option<String>,
    /// `None` = a bucket, or a disk that does not answer.
    pub room: Option<Room>,
    pub safety: Safety,
    pub kept: KeptDocuments,
    /// Bytes of one document at most.
    pub largest: u64,
}

impl Room {
    /// Somebody should make room, or soon nothing can be kept.
    #[must_use]
    pub const fn is_short(self) -> bool {
        self.free < LITTLE || self.free < self.total / SMALL_PART
    }
}

impl Files {
    /// Where documents are kept, and how it is there; it takes a few seconds at most.
    pub async fn storage(&self) -> Result<Storage, StoreError> {
        let kept = self.parts.store.kept_documents(&self.parts.database_uuid).await?;
        let place = &self.parts.place;
        let looked = timeout(PATIENCE, async {
            futures_util::join!(place.look(kept.objects > 0), place.room(), place.safety())
        });
        let silent =
            || (Some(format!("it does not answer within {} seconds", PATIENCE.as_secs())), None, Safety::default());
        let (away, room, safety) = looked
            .await
            .map_or_else(|_| silent(), |(looked, room, safety)| (looked.err().map(PlaceError::reason), room, safety));
        Ok(Storage {
            is_bucket: place.bucket.is_some(),
            address: place.address.clone(),
            away,
            room,
            safety,
            kept,
            largest: self.parts.largest,
        })
    }
}

impl Place {
    /// Whether something could be given there now; a folder where nothing was kept yet is made with the first document.
    async fn look(&self, has_objects: bool) -> Result<(), PlaceError> {
        if self.bucket.is_some() {
            // Not only its head: what is wrong stands in the body.
            return match self.get(MARK).await {
                Ok(_) | Err(PlaceError::Missing) => Ok(()),
                Err(error) => Err(error),
            };
        }
        if self.is_ready().await? || !has_objects { Ok(()) } else { Err(self.unmarked()) }
    }

    /// How full the disk of a folder is.
    pub async fn room(&self) -> Option<Room> {
        let folder = self.folder.clone()?;
        self.look_at_disk(move || room_of(&folder)).await?
    }

    /// What a bucket does for what was deleted or overwritten; a folder does nothing.
    pub async fn safety(&self) -> Safety {
        match &self.bucket {
            Some(bucket) => timeout(PATIENCE, bucket.safety()).await.unwrap_or_default(),
            None => Safety::default(),
        }
    }

    /// Whether it is a bucket.
    #[must_use]
    pub const fn is_bucket(&self) -> bool {
        self.bucket.is_some()
    }
}

impl PlaceError {
    /// Without the name of the place.
    fn reason(self) -> String {
        match self {
            Self::Away { reason, .. } => reason,
            Self::Missing => self.to_string(),
        }
    }
}

/// Of the folder, or of where it will be made.
fn room_of(folder: &Path) -> Option<Room> {
    let there: Option<PathBuf> = folder.ancestors().find(|folder| folder.exists()).map(Path::to_owned);
    let found = rustix::fs::statvfs(&there?).ok()?;
    Some(Room {
        free: found.f_bavail.saturating_mul(found.f_frsize),
        total: found.f_blocks.saturating_mul(found.f_frsize),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room_is_a_gibibyte_or_a_tenth() {
        const GIB: u64 = LITTLE;
        for (free, total, is_short) in [
            (5 * GIB, 20 * GIB, false),
            (GIB, 2 * GIB, false),
            (GIB - 1, 2 * GIB, true),
            (10 * GIB, 101 * GIB, true),
            (10 * GIB, 100 * GIB, false),
            (0, 0, true),
        ] {
            assert_eq!(Room { free, total }.is_short(), is_short, "{free} of {total}");
        }
    }
}
