//! Why a document cannot be kept or given, and what to do.

use std::sync::Arc;

use crate::pdf::{ReaderError, Refusal};
use crate::secrets::SecretsError;
use crate::store::StoreError;

use super::PlaceError;
use super::pieces::Altered;

/// What keeps a document from being kept or given.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FilesError {
    /// It is not what was announced: cut off, longer, another hash, or no sealed document at all.
    #[error("the body is not the sealed document that its head announces")]
    Malformed,
    /// It was sealed to a key that this worker has not.
    #[error("the document was sealed to another key than the worker's; upload it again when Odoo has heard of the key")]
    OtherKey,
    /// Larger than the worker takes.
    #[error("the document has {size} bytes, and the worker takes {largest} at most (files.largest_mib)")]
    TooLarge { size: u64, largest: u64 },
    /// A version of this uuid is kept, with other bytes.
    #[error("a version of this uuid is kept already, and its bytes are others")]
    OtherContent,
    /// The file itself is refused.
    #[error("the file is refused: {}", .0.code())]
    Refused(Refusal),
    /// No such version is kept.
    #[error("no document of this uuid is kept here")]
    Unknown,
    /// The version was erased, for good.
    #[error("this version was erased; its hash and its dates are kept, and nothing else")]
    Erased,
    /// The same, of one that comes in.
    #[error("a version of this uuid was erased; the same bytes may come as a new version")]
    ErasedBefore,
    /// The version is known, and its bytes are not where they were put.
    #[error("the bytes of this document are not where they were put; `sicantik files verify` says what else is gone")]
    Missing,
    /// The bytes are not those that were put there.
    #[error("the bytes of this document were altered where they lie")]
    Altered(#[from] Altered),
    /// Its key cannot be opened.
    #[error(transparent)]
    Secrets(#[from] Arc<SecretsError>),
    /// The place of files is at fault.
    #[error(transparent)]
    Place(PlaceError),
    /// The reader of PDFs cannot be started.
    #[error(transparent)]
    Reader(#[from] Arc<ReaderError>),
    /// The store is at fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl FilesError {
    /// What is wrong is wrong with the very object: the same bytes may be put anew in its place.
    pub(super) fn is_of_object(&self) -> bool {
        match self {
            Self::Missing | Self::Altered(_) => true,
            Self::Secrets(error) => !error.is_passing(),
            _ => false,
        }
    }
}

impl From<SecretsError> for FilesError {
    fn from(error: SecretsError) -> Self {
        Self::Secrets(Arc::new(error))
    }
}

impl From<PlaceError> for FilesError {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::Missing => Self::Missing,
            error @ PlaceError::Away { .. } => Self::Place(error),
        }
    }
}
