//! An object in the place of files: a head, then sealed pieces. The head holds the object's key, sealed to the master key
//! of the day on which it was put, for whoever brings an earlier store back; the store's own copy follows the master key.

use std::pin::pin;

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::TryStreamExt;

use super::pieces::{Cutter, Pieces, new_key};
use super::{Files, FilesError};
use crate::secrets::Name;
use crate::store::Object;

/// What an object begins with.
const MAGIC: &[u8] = b"SICANTIK FILE 1\n";

/// Characters of what stands behind the hash in the name of an object.
const OWN: usize = 12;

/// Bytes of the head: the mark, the length of the sealed key, and that.
pub(super) fn head_length(sealed_key: &[u8]) -> usize {
    MAGIC.len() + size_of::<u16>() + sealed_key.len()
}

/// What an object begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Head {
    /// The head of a sealed object: its own key, sealed to a master key.
    Sealed(Vec<u8>),
    /// No such head.
    None,
}

impl Head {
    /// `None` where more of it is to come.
    pub(super) fn read(cutter: &Cutter) -> Option<Self> {
        let start = cutter.peek(head_length(&[]))?;
        let (magic, length) = start.split_at(MAGIC.len());
        let length = length.first_chunk().map_or(0, |length| u16::from_be_bytes(*length));
        if magic != MAGIC {
            return Some(Self::None);
        }
        let head = cutter.peek(head_length(&vec![0; length.into()]))?;
        Some(Self::Sealed(head[head_length(&[])..].to_vec()))
    }
}

/// How bytes lie in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    Absent,
    Sound,
    /// What lies under this name is missing, altered, or sealed to a key that is lost.
    Broken {
        place_key: String,
    },
}

/// The name under which an object of this hash lies: nobody else's, whenever it is made.
fn new_place_key(sha256: &str) -> String {
    let mine = &uuid::Uuid::new_v4().simple().to_string()[..OWN];
    format!("{}/{sha256}.{mine}", &sha256[..2])
}

/// The hash in such a name.
pub(super) fn hash_in(place_key: &str) -> &str {
    place_key.get(3..67).unwrap_or_default()
}

/// Whether it is such a name.
pub(super) fn is_ours(key: &str) -> bool {
    let is_hex = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts = key.split_once('/').and_then(|(folder, name)| Some((folder, name.split_once('.')?)));
    parts.is_some_and(|(folder, (hash, own))| is_hex(hash, 64) && is_hex(own, OWN) && hash.starts_with(folder))
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
            parts.push(sealing.seal(piece, at + 1 == count)?);
        }
        let place_key = new_place_key(sha256);
        if !self.parts.place.is_ready().await? {
            // Where documents were kept before, an empty place is another one, or is not mounted.
            let has_objects = self.parts.store.has_objects(&self.parts.database_uuid).await?;
            self.parts.place.begin(has_objects).await?;
        }
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

    /// Whether these bytes lie in their place already, and can be read to their end.
    pub(super) async fn look_for(&self, sha256: &str) -> Result<Standing, FilesError> {
        let found = self.parts.store.object(&self.parts.database_uuid, sha256).await?;
        let Some(object) = found else { return Ok(Standing::Absent) };
        match self.read_whole(&object).await {
            Ok(()) => Ok(Standing::Sound),
            Err(error) if error.is_of_object() => Ok(Standing::Broken { place_key: object.place_key }),
            Err(error) => Err(error),
        }
    }

    /// Reads an object to its end: an error where it is not as it was put.
    pub(super) async fn read_whole(&self, object: &Object) -> Result<(), FilesError> {
        let key = self.parts.vault.key_of(&object.fingerprint)?;
        let mut pieces = pin!(self.open_object(object, &key).await?.into_pieces());
        while pieces.try_next().await?.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_an_upload_names_so_is_ours() {
        let hash = "ab".repeat(32);
        assert!(is_ours(&format!("ab/{hash}.0123456789ab")));
        for other in [
            format!("ac/{hash}.0123456789ab"),
            format!("ab/{hash}"),
            format!("ab/{hash}.0123456789a"),
            format!("{hash}.0123456789ab"),
            format!("x/ab/{hash}.0123456789ab"),
            "foto.jpg".to_owned(),
        ] {
            assert!(!is_ours(&other), "{other}");
        }
    }
}
