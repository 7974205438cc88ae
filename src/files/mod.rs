//! Documents: their bytes lie sealed in a folder or a bucket, each once, under a name that begins with their hash; the
//! store knows the versions, and each object's own key, sealed to the master key. Nothing is ever overwritten.
//!
//! Bytes are put before their row is committed, so a death between leaves at most an object that nobody knows.

mod bucket;
mod download;
mod erase;
mod error;
mod keep;
mod object;
mod pieces;
mod place;
mod placed;
mod recover;
mod storage;
mod upload;
mod verify;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::pdf::Reader;
use crate::secrets::Vault;
use crate::store::Store;

pub use bucket::Safety;
pub use download::Download;
pub use error::FilesError;
pub use pieces::{PIECE, ROOM};
pub use place::{Place, PlaceError};
pub use placed::PlacedFile;
pub use recover::{Recovered, Shown};
pub use storage::{Room, Storage};
pub use upload::{Kept, Upload};
pub use verify::Verified;

/// So much of uploads is in memory at once; who comes later waits with its body unread.
const ROOM_KIB: usize = 96 * 1024;

/// What documents need.
#[derive(Debug)]
pub struct FilesParts {
    pub store: Store,
    pub vault: Vault,
    pub place: Place,
    /// This program, which reads PDFs in a process of its own.
    pub program: PathBuf,
    /// Odoo's database that the worker is paired with.
    pub database_uuid: String,
    /// Bytes of one document at most.
    pub largest: u64,
}

/// The documents of one database of Odoo.
#[derive(Debug)]
pub struct Files {
    parts: FilesParts,
    reader: Reader,
    /// KiB that uploads may still take.
    room: Arc<Semaphore>,
}

impl Files {
    /// Nothing is asked or made yet.
    #[must_use]
    pub fn new(parts: FilesParts) -> Self {
        let reader = Reader::new(parts.program.clone());
        Self { parts, reader, room: Arc::new(Semaphore::new(ROOM_KIB)) }
    }

    /// Bytes of one document at most.
    #[must_use]
    pub fn largest(&self) -> u64 {
        self.parts.largest
    }
}
