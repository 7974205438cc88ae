//! A document goes out, piece by piece: no byte of a piece that was altered, and no end where the whole is not what was kept.

use std::io;

use bytes::Bytes;
use futures_util::stream::{BoxStream, Stream, StreamExt, TryStreamExt, try_unfold};
use sha2::{Digest, Sha256};

use super::object::head_length;
use super::pieces::{Altered, Cutter, Pieces};
use super::{Files, FilesError, PlaceError};
use crate::domain::text::hex;
use crate::secrets::{MasterKey, Name};
use crate::store::Object;

/// A document on its way out.
pub struct Download {
    /// Clear bytes.
    pub size: u64,
    /// Of the clear bytes, in hex.
    pub sha256: String,
    pieces: Opening,
}

/// What is still sealed.
struct Opening {
    parts: BoxStream<'static, Result<Bytes, PlaceError>>,
    cutter: Cutter,
    /// Bytes of the head that are still to be passed over.
    head: usize,
    pieces: Pieces,
    digest: Sha256,
    sha256: String,
    left: u64,
    is_over: bool,
}

impl Files {
    /// The bytes of a version.
    pub async fn download(&self, version_uuid: &str) -> Result<Download, FilesError> {
        let database_uuid = self.parts.database_uuid.as_str();
        let kept = self.parts.store.document_version(database_uuid, version_uuid).await?;
        let kept = kept.ok_or(FilesError::Unknown)?;
        if kept.is_erased {
            return Err(FilesError::Erased);
        }
        let object = self.parts.store.object(database_uuid, &kept.version.sha256).await?.ok_or(FilesError::Missing)?;
        let key = self.parts.vault.key_of(&object.fingerprint)?;
        self.open_object(&object, &key).await
    }

    pub(super) async fn open_object(&self, object: &Object, master: &MasterKey) -> Result<Download, FilesError> {
        let name = Name::of_object(&object.database_uuid, &object.sha256)?;
        let key = master.open_bytes(&name, &object.sealed)?;
        let pieces = Pieces::new(&key, &object.sha256).ok_or(Altered)?;
        let parts = self.parts.place.get(&object.place_key).await?;
        let size = u64::try_from(object.size).unwrap_or_default();
        let opening = Opening {
            parts,
            cutter: Cutter::default(),
            head: head_length(&object.sealed),
            pieces,
            digest: Sha256::new(),
            sha256: object.sha256.clone(),
            left: size,
            is_over: false,
        };
        Ok(Download { size, sha256: object.sha256.clone(), pieces: opening })
    }
}

impl Download {
    /// The clear bytes; an error where they were altered, or cannot be had any more.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, io::Error>> + Send + 'static {
        self.into_pieces().map_err(io::Error::other)
    }

    pub(super) fn into_pieces(self) -> impl Stream<Item = Result<Bytes, FilesError>> + Send + 'static {
        try_unfold(self.pieces, |mut opening| async move {
            let piece = opening.next().await?;
            Ok(piece.map(|piece| (piece, opening)))
        })
    }
}

impl Opening {
    async fn next(&mut self) -> Result<Option<Bytes>, FilesError> {
        if self.is_over {
            return Ok(None);
        }
        loop {
            if self.head > 0 && self.cutter.take(self.head).is_some() {
                self.head = 0;
            }
            if self.head == 0
                && let Some(piece) = self.cutter.piece()
            {
                return self.open(piece, false).map(Some);
            }
            match self.parts.next().await {
                Some(part) => self.cutter.add(&part?),
                None if self.head > 0 => return Err(Altered.into()),
                None => break,
            }
        }
        self.is_over = true;
        let last = self.cutter.last();
        let last = self.open(last, true)?;
        if self.left > 0 || hex(&self.digest.clone().finalize()) != self.sha256 {
            return Err(Altered.into());
        }
        Ok(Some(last))
    }

    fn open(&mut self, sealed: Bytes, is_last: bool) -> Result<Bytes, FilesError> {
        let clear = self.pieces.open(sealed, is_last)?;
        self.digest.update(&clear);
        self.left = self.left.checked_sub(clear.len() as u64).ok_or(Altered)?;
        Ok(clear)
    }
}
