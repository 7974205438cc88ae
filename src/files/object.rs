//! An object in the place of files: a head, then sealed pieces. The head holds the object's key, sealed to the master key
//! of the day on which it was put, for whoever brings an earlier store back; the store's own copy follows the master key.

use bytes::{BufMut, Bytes, BytesMut};

use super::pieces::{PIECE, Pieces, new_key};
use super::{Files, FilesError, PlaceError};
use crate::secrets::Name;
use crate::store::Object;

/// What an object begins with.
const MAGIC: &[u8] = b"SICANTIK FILE 1\n";

/// Bytes of the head: the mark, the length of the sealed key, and that.
pub(super) fn head_length(sealed_key: &[u8]) -> usize {
    MAGIC.len() + size_of::<u16>() + sealed_key.len()
}

/// The name under which an object of this hash lies: nobody else's, whenever it is made.
fn new_place_key(sha256: &str) -> String {
    let mine = &uuid::Uuid::new_v4().simple().to_string()[..12];
    format!("{}/{sha256}.{mine}", &sha256[..2])
}

impl Files {
    /// Seals clear pieces under a key of their own and puts them; the row is for the caller to keep.
    pub(super) async fn put_object(&self, sha256: &str, pieces: Vec<Bytes>) -> Result<Object, FilesError> {
        let (key, master) = (new_key().ok_or(FilesError::Malformed)?, self.parts.vault.key().await?);
        let sealed_key = master.seal(&Name::of_object(&self.parts.database_uuid, sha256)?, &key)?;
        let mut head = BytesMut::with_capacity(head_length(&sealed_key));
        head.put_slice(MAGIC);
        head.put_u16(u16::try_from(sealed_key.len()).unwrap_or_default());
        head.put_slice(&sealed_key);
        let mut sealing = Pieces::new(&key, sha256).ok_or(FilesError::Malformed)?;
        let (count, mut size) = (pieces.len(), 0);
        let mut parts = vec![head.freeze()];
        for (at, piece) in pieces.into_iter().enumerate() {
            size += piece.len();
            // A clear piece is let go as soon as it is sealed.
            parts.push(sealing.seal(&piece, at + 1 == count)?);
        }
        let place_key = new_place_key(sha256);
        self.parts.place.put(&place_key, parts).await?;
        Ok(Object {
            database_uuid: self.parts.database_uuid.clone(),
            sha256: sha256.to_owned(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            place_key,
            sealed: sealed_key,
            fingerprint: master.fingerprint(),
        })
    }

    /// The object of these bytes, where it lies in its place with as many bytes as it has to have.
    pub(super) async fn sound_object(&self, sha256: &str) -> Result<Option<Object>, FilesError> {
        let Some(object) = self.parts.store.object(&self.parts.database_uuid, sha256).await? else { return Ok(None) };
        match self.parts.place.size(&object.place_key).await {
            Ok(size) if size == sealed_length(&object) => Ok(Some(object)),
            Ok(_) | Err(PlaceError::Missing) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Bytes of an object with its head and tags.
fn sealed_length(object: &Object) -> u64 {
    let size = u64::try_from(object.size).unwrap_or_default();
    let pieces = size.div_ceil(PIECE as u64).max(1);
    head_length(&object.sealed) as u64 + size + pieces * super::TAG as u64
}
