//! Where documents are kept and how it is there, for the page in Odoo.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::documents::{NotDone, files_of};
use crate::files::{Room, Storage};
use crate::http::error::Refused;
use crate::http::signed::SignedStream;
use crate::http::state::Internal;
use crate::metrics;

/// What Odoo shows of the place of documents. No key is in it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StorageFacts {
    /// `folder` or `s3`.
    kind: &'static str,
    /// Path of the folder; server, bucket and prefix.
    name: String,
    /// `ready` or `away`.
    state: &'static str,
    /// Why it is away, and what to do.
    reason: Option<String>,
    documents: i64,
    versions: i64,
    /// Clear bytes; the same bytes count once.
    bytes: i64,
    /// Of a folder.
    free_bytes: Option<u64>,
    /// Of a folder.
    total_bytes: Option<u64>,
    /// There is too little room.
    is_nearly_full: bool,
    /// MiB that one document may have at most.
    largest_mib: u64,
    /// Of a bucket; null = not told.
    versioning: Option<bool>,
    /// Of a bucket; null = not told.
    object_lock: Option<bool>,
}

impl From<Storage> for StorageFacts {
    fn from(storage: Storage) -> Self {
        let Storage { is_bucket, address, away, room, safety, kept, largest } = storage;
        Self {
            kind: if is_bucket { "s3" } else { "folder" },
            name: address,
            state: if away.is_some() { "away" } else { "ready" },
            reason: away,
            documents: kept.documents,
            versions: kept.versions,
            bytes: kept.bytes,
            free_bytes: room.map(|room| room.free),
            total_bytes: room.map(|room| room.total),
            is_nearly_full: room.is_some_and(Room::is_short),
            largest_mib: largest / (1024 * 1024),
            versioning: safety.versioning,
            object_lock: safety.object_lock,
        }
    }
}

/// Where documents are kept, how many, and how it is there.
#[utoipa::path(
    get,
    path = "/hooks/v1/storage",
    tag = "hooks",
    responses(
        (status = 200, description = "How it is; also while the place itself is away", body = StorageFacts),
        (status = 401, description = "Unsigned, wrongly signed, or too old", body = Refused),
        (status = 403, description = "Signed for another database", body = Refused),
        (status = 409, description = "Received before", body = Refused),
        (status = 503, description = "The store cannot be used now", body = Refused)
    )
)]
pub(super) async fn get(
    State(state): State<Internal>,
    mut stream: SignedStream,
) -> Result<Json<StorageFacts>, NotDone> {
    let facts = look(&state, &mut stream).await.inspect_err(|error| error.tell(&state))?;
    metrics::hook("accepted");
    Ok(Json(facts))
}

async fn look(state: &Internal, stream: &mut SignedStream) -> Result<StorageFacts, NotDone> {
    stream.empty().await?;
    let storage = files_of(state)?.storage().await.map_err(crate::files::FilesError::from)?;
    Ok(storage.into())
}
