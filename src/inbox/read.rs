//! A file in pieces of the size in which documents are sealed.

use std::io::{self, Read};

use bytes::{Bytes, BytesMut};

use crate::files::{PIECE, ROOM};

/// All of it; each piece but the last one is as long as a piece can be, and an empty file has one.
pub(super) fn pieces_of(mut source: impl Read) -> io::Result<Vec<Bytes>> {
    let mut pieces = Vec::new();
    loop {
        let mut piece = Vec::with_capacity(ROOM);
        source.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
        let is_last = piece.len() < PIECE;
        if !piece.is_empty() || pieces.is_empty() {
            pieces.push(piece.into());
        }
        if is_last {
            return Ok(pieces);
        }
    }
}

/// The same of parts of any size.
#[derive(Default)]
pub(super) struct Gathered {
    pieces: Vec<Bytes>,
    rest: BytesMut,
}

impl Gathered {
    pub(super) fn add(&mut self, part: &[u8]) {
        self.rest.extend_from_slice(part);
        while self.rest.len() >= PIECE {
            let piece = self.rest.split_to(PIECE).freeze();
            self.pieces.push(piece);
        }
    }

    pub(super) fn end(mut self) -> Vec<Bytes> {
        if !self.rest.is_empty() || self.pieces.is_empty() {
            self.pieces.push(self.rest.freeze());
        }
        self.pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_give_the_same_pieces() {
        for (size, count) in [(0, 1), (1, 1), (PIECE, 1), (PIECE + 1, 2), (3 * PIECE, 3)] {
            let bytes: Vec<u8> = (0..size).map(|at| u8::try_from(at % 251).unwrap_or_default()).collect();
            let pieces = pieces_of(bytes.as_slice()).unwrap_or_default();
            let mut gathered = Gathered::default();
            bytes.chunks(1000).for_each(|part| gathered.add(part));
            assert_eq!(gathered.end(), pieces, "{size}");
            assert_eq!((pieces.len(), pieces.concat()), (count, bytes));
        }
    }
}
