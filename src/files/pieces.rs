//! AES-256-GCM in numbered pieces: each has its tag, and the last one is marked, so that none can be dropped, doubled,
//! swapped or cut off, and a reader gets no byte that was altered. A key seals one object and is never used again.

use bytes::{Bytes, BytesMut};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// Clear bytes of a piece; the last one may have fewer.
pub const PIECE: usize = 64 * 1024;

/// By so much a sealed piece is longer.
pub(super) const TAG: usize = 16;

/// What a clear piece needs so that it can be sealed where it lies.
pub const ROOM: usize = PIECE + TAG;

/// Bytes of an object's own key.
pub(super) const KEY: usize = 32;

/// What was sealed was altered, or by another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes were altered")]
pub struct Altered;

/// The pieces of one object, one after the other.
pub(super) struct Pieces {
    key: LessSafeKey,
    /// What the object is: its pieces open nowhere else.
    bound: Vec<u8>,
    next: u64,
}

/// A key that was never used.
pub(super) fn new_key() -> Option<Zeroizing<Vec<u8>>> {
    let mut key = Zeroizing::new(vec![0; KEY]);
    let random = ring::rand::SystemRandom::new();
    ring::rand::SecureRandom::fill(&random, &mut key).ok()?;
    Some(key)
}

impl Pieces {
    /// Of the object of this hash.
    pub(super) fn new(key: &[u8], sha256: &str) -> Option<Self> {
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
        Some(Self { key, bound: sha256.as_bytes().to_vec(), next: 0 })
    }

    /// Seals the next piece: in its own place, where nobody else has it and there is room for the tag (`ROOM`).
    pub(super) fn seal(&mut self, piece: Bytes, is_last: bool) -> Result<Bytes, Altered> {
        let nonce = self.nonce(is_last)?;
        let mut sealed = BytesMut::from(piece);
        sealed.reserve(TAG);
        let sealing = self.key.seal_in_place_append_tag(nonce, Aad::from(&self.bound), &mut sealed);
        sealing.map_err(|_| Altered)?;
        Ok(sealed.freeze())
    }

    /// Opens the next piece.
    pub(super) fn open(&mut self, sealed: Bytes, is_last: bool) -> Result<Bytes, Altered> {
        let nonce = self.nonce(is_last)?;
        let mut sealed = BytesMut::from(sealed);
        let clear = self.key.open_in_place(nonce, Aad::from(&self.bound), &mut sealed).map_err(|_| Altered)?.len();
        sealed.truncate(clear);
        Ok(sealed.freeze())
    }

    /// The mark of the last one, and the number.
    fn nonce(&mut self, is_last: bool) -> Result<Nonce, Altered> {
        let mut nonce = [0; NONCE_LEN];
        nonce[3] = u8::from(is_last);
        nonce[4..].copy_from_slice(&self.next.to_be_bytes());
        self.next = self.next.checked_add(1).ok_or(Altered)?;
        Ok(Nonce::assume_unique_for_key(nonce))
    }
}

/// Cuts what arrives, in whatever parts, into sealed pieces.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    waiting: BytesMut,
}

impl Cutter {
    pub(super) fn add(&mut self, part: &[u8]) {
        self.waiting.extend_from_slice(part);
    }

    /// The first bytes, when so many are there.
    pub(super) fn take(&mut self, count: usize) -> Option<Bytes> {
        (self.waiting.len() >= count).then(|| self.waiting.split_to(count).freeze())
    }

    /// The same without taking them.
    pub(super) fn peek(&self, count: usize) -> Option<&[u8]> {
        self.waiting.get(..count)
    }

    /// The next piece that is not the last one.
    pub(super) fn piece(&mut self) -> Option<Bytes> {
        (self.waiting.len() > PIECE + TAG).then(|| self.waiting.split_to(PIECE + TAG).freeze())
    }

    /// The last piece, when everything arrived.
    pub(super) fn last(&mut self) -> Bytes {
        self.waiting.split().freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "00";

    fn sealed(text: &[u8]) -> (Vec<u8>, Vec<Bytes>) {
        let key = new_key().expect("randomness").to_vec();
        let mut pieces = Pieces::new(&key, HASH).expect("a key");
        let parts: Vec<&[u8]> = if text.is_empty() { vec![text] } else { text.chunks(PIECE).collect() };
        let count = parts.len();
        let seal =
            |(at, part): (usize, &&[u8])| pieces.seal(Bytes::copy_from_slice(part), at + 1 == count).expect("sealed");
        (key, parts.iter().enumerate().map(seal).collect())
    }

    fn open(key: &[u8], hash: &str, sealed: &[Bytes]) -> Result<Vec<u8>, Altered> {
        let mut pieces = Pieces::new(key, hash).expect("a key");
        let mut text = Vec::new();
        for (at, piece) in sealed.iter().enumerate() {
            text.extend_from_slice(&pieces.open(piece.clone(), at + 1 == sealed.len())?);
        }
        Ok(text)
    }

    fn text(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at % 251).to_le_bytes()[0]).collect()
    }

    #[test]
    fn what_was_sealed_opens_as_it_was() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let (key, pieces) = sealed(&text(length));
            assert_eq!(pieces.len(), length.div_ceil(PIECE).max(1));
            assert_eq!(open(&key, HASH, &pieces), Ok(text(length)), "{length}");
            assert!(pieces.iter().all(|piece| piece.len() <= PIECE + TAG));
        }
    }

    #[test]
    fn no_piece_can_be_dropped_doubled_swapped_cut_off_or_altered() {
        let (key, pieces) = sealed(&text(3 * PIECE + 5));
        let mut others = Vec::new();
        for at in 0..pieces.len() {
            let mut other = pieces.clone();
            other.remove(at);
            others.push(other);
            let mut other = pieces.clone();
            other.insert(at, pieces[at].clone());
            others.push(other);
            let mut other = pieces.clone();
            other.swap(at, (at + 1) % pieces.len());
            others.push(other);
            for bit in [0, 70, pieces[at].len() * 8 - 1] {
                let mut other = pieces.clone();
                let mut piece = other[at].to_vec();
                let at_byte = (bit / 8).min(piece.len() - 1);
                piece[at_byte] ^= 1 << (bit % 8);
                other[at] = piece.into();
                others.push(other);
            }
        }
        others.push(pieces[..3].to_vec());
        others.push(vec![pieces[3].slice(..TAG - 1)]);
        others.push(vec![Bytes::new()]);
        for other in others {
            assert_eq!(open(&key, HASH, &other), Err(Altered));
        }
        assert_eq!(open(&key, "01", &pieces), Err(Altered), "another object");
        assert_eq!(open(&new_key().expect("randomness"), HASH, &pieces), Err(Altered), "another key");
    }

    #[test]
    fn parts_of_any_size_are_cut_alike() {
        let whole = text(2 * (PIECE + TAG) + 9);
        for size in [1_000, PIECE, PIECE + TAG, whole.len()] {
            let mut cutter = Cutter::default();
            let mut pieces = Vec::new();
            for part in whole.chunks(size) {
                cutter.add(part);
                while let Some(piece) = cutter.piece() {
                    pieces.push(piece.len());
                }
            }
            pieces.push(cutter.last().len());
            assert_eq!(pieces, [PIECE + TAG, PIECE + TAG, 9], "{size}");
        }
    }
}
