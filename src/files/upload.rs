//! A document comes in, sealed piece by piece to the master key (docs/interfaces.md), and is kept when all of it was what
//! its head announced.

use bytes::Bytes;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::sync::OwnedSemaphorePermit;

use super::pieces::{Cutter, PIECE, TAG};
use super::{Files, FilesError};
use crate::domain::text::hex;
use crate::pdf::{Limits, Seen};
use crate::secrets::StreamOpener;
use crate::store::DocumentVersion;

/// What an upload is sealed for.
const INFO: &[u8] = b"sicantik-companion upload 1";

/// What its messages are bound to.
const HEAD: &[u8] = b"head";
const MORE: &[u8] = b"piece";
const LAST: &[u8] = b"last";

/// Bytes of the sealed head at most.
const LONGEST_HEAD: usize = 8 * 1024;

const LENGTH_BYTES: usize = size_of::<u32>();

/// What the head of an upload says.
#[derive(Debug, Clone, Deserialize)]
struct Head {
    version: String,
    document: String,
    number: u32,
    stage: Stage,
    size: u64,
    sha256: String,
    by: String,
    most_pages: u32,
    #[serde(default)]
    allow_embedded: bool,
}

/// How far a document is that comes from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Stage {
    Original,
    Signed,
}

/// A document that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub sha256: String,
    /// Clear bytes.
    pub size: u64,
    pub pages: u32,
    pub title: Option<String>,
    /// How many signatures it has.
    pub signatures: u32,
    /// The same version was kept before.
    pub was_known: bool,
}

/// An upload on its way.
#[derive(Debug)]
pub struct Upload<'a> {
    files: &'a Files,
    version_uuid: &'a str,
    cutter: Cutter,
    begun: Option<Begun>,
}

/// What there is once the head was read.
#[derive(Debug)]
struct Begun {
    head: Head,
    opener: StreamOpener,
    digest: Sha256,
    size: u64,
    pieces: Vec<Bytes>,
    _room: OwnedSemaphorePermit,
}

impl Files {
    /// Takes a document in, as the version of this uuid.
    #[must_use]
    pub fn upload<'a>(&'a self, version_uuid: &'a str) -> Upload<'a> {
        Upload { files: self, version_uuid, cutter: Cutter::default(), begun: None }
    }
}

impl Upload<'_> {
    /// The next part of the body; waits while other uploads fill the room that there is.
    pub async fn add(&mut self, part: &[u8]) -> Result<(), FilesError> {
        self.cutter.add(part);
        if self.begun.is_none() {
            self.begun = self.begin().await?;
        }
        let Some(begun) = &mut self.begun else { return Ok(()) };
        while let Some(piece) = self.cutter.piece() {
            begun.open(&piece, MORE)?;
        }
        Ok(())
    }

    /// All of it is there: keeps it, or says why not.
    pub async fn end(mut self) -> Result<Kept, FilesError> {
        let last = self.cutter.last();
        let mut begun = self.begun.take().ok_or(FilesError::Malformed)?;
        begun.open(&last, LAST)?;
        let hash = hex(&begun.digest.clone().finalize());
        if begun.size != begun.head.size || hash != begun.head.sha256 {
            return Err(FilesError::Malformed);
        }
        self.files.keep_upload(begun).await
    }

    async fn begin(&mut self) -> Result<Option<Begun>, FilesError> {
        let before = StreamOpener::ENCAPSULATED + LENGTH_BYTES;
        let Some(start) = self.cutter.peek(before) else { return Ok(None) };
        let length = start.last_chunk::<LENGTH_BYTES>().map_or(0, |length| u32::from_be_bytes(*length));
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if !(TAG..=LONGEST_HEAD).contains(&length) {
            return Err(FilesError::Malformed);
        }
        let Some(start) = self.cutter.take(before + length) else { return Ok(None) };
        let (encapsulated, sealed) = (&start[..StreamOpener::ENCAPSULATED], &start[before..]);
        let found = self.files.parts.vault.open_stream(encapsulated, INFO, sealed, HEAD).await?;
        let (opener, head) = found.ok_or(FilesError::OtherKey)?;
        let head: Head = serde_json::from_slice(&head).map_err(|_| FilesError::Malformed)?;
        let is_hash =
            head.sha256.len() == 64 && head.sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if head.version != self.version_uuid || !is_hash {
            return Err(FilesError::Malformed);
        }
        let largest = self.files.parts.largest;
        if head.size > largest {
            return Err(FilesError::TooLarge { size: head.size, largest });
        }
        let room = self.files.room_for(head.size).await?;
        let count = usize::try_from(head.size.min(largest)).unwrap_or_default().div_ceil(PIECE);
        let pieces = Vec::with_capacity(count);
        Ok(Some(Begun { head, opener, digest: Sha256::new(), size: 0, pieces, _room: room }))
    }
}

impl Begun {
    fn open(&mut self, sealed: &[u8], bound: &[u8]) -> Result<(), FilesError> {
        let mut clear = self.opener.open(sealed, bound).ok_or(FilesError::Malformed)?;
        self.size += clear.len() as u64;
        if self.size > self.head.size {
            return Err(FilesError::Malformed);
        }
        self.digest.update(&*clear);
        self.pieces.push(std::mem::take(&mut *clear).into());
        Ok(())
    }
}

impl Files {
    async fn keep_upload(&self, begun: Begun) -> Result<Kept, FilesError> {
        let Begun { head, pieces, size, _room, .. } = begun;
        let limits = Limits {
            most_pages: head.most_pages,
            allow_embedded: head.allow_embedded,
            wants_original: head.stage == Stage::Original,
        };
        let seen = self.look_into(&pieces, size, limits).await?;
        let Seen { pages, title, signatures, .. } = seen.map_err(FilesError::Refused)?;
        let version = DocumentVersion {
            uuid: head.version,
            document_uuid: head.document,
            number: i64::from(head.number),
            stage: head.stage.word().to_owned(),
            sha256: head.sha256.clone(),
            made_by: head.by,
        };
        let was_known = !self.keep(&version, pieces).await?;
        Ok(Kept { sha256: head.sha256, size, pages, title, signatures, was_known })
    }
}

impl Stage {
    const fn word(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Signed => "signed",
        }
    }
}
