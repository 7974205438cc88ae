//! The body of a request, made while it is sent: files are encoded piece by piece, so that none lies in memory twice,
//! and what holds a secret is wiped as soon as its last byte is handed over.
//!
//! What cannot be wiped from here are the buffers behind: hyper copies small pieces into its own, rustls encrypts out
//! of another, and the kernel has its own. They are used again for later bytes, and freed with the connection, which is
//! closed after each call.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use zeroize::Zeroizing;

/// Of a file at once. Divisible by three, so that only the last piece of base64 ends in padding.
const PIECE: usize = 48 * 1024;

/// What is sent, in its order.
#[derive(Default)]
pub(super) struct Body {
    parts: VecDeque<Part>,
    sent: Sent,
}

enum Part {
    AsItIs(Bytes),
    InBase64(Bytes),
}

/// Whether anything of the body was handed over. Until then nobody can have acted on it.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent(Arc<AtomicBool>);

impl Sent {
    pub(super) fn has_begun(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Body {
    /// What may hold a secret.
    pub(super) fn push_secret(&mut self, text: Zeroizing<Vec<u8>>) {
        self.parts.push_back(Part::AsItIs(Bytes::from_owner(text)));
    }

    pub(super) fn push_text(&mut self, text: impl Into<String>) {
        self.push_bytes(Bytes::from(text.into()));
    }

    pub(super) fn push_bytes(&mut self, bytes: Bytes) {
        self.parts.push_back(Part::AsItIs(bytes));
    }

    pub(super) fn push_in_base64(&mut self, bytes: Bytes) {
        self.parts.push_back(Part::InBase64(bytes));
    }

    pub(super) fn sent(&self) -> Sent {
        self.sent.clone()
    }

    fn left(&self) -> usize {
        self.parts.iter().map(Part::left).sum()
    }

    /// The next piece, which is not empty.
    fn next(&mut self) -> Option<Bytes> {
        loop {
            let part = self.parts.front_mut()?;
            match part.next() {
                Some(piece) => return Some(piece),
                None => self.parts.pop_front(),
            };
        }
    }
}

impl Part {
    const fn left(&self) -> usize {
        match self {
            Self::AsItIs(bytes) => bytes.len(),
            Self::InBase64(bytes) => bytes.len().div_ceil(3) * 4,
        }
    }

    fn next(&mut self) -> Option<Bytes> {
        let (Self::AsItIs(bytes) | Self::InBase64(bytes)) = self;
        let piece = bytes.split_to(bytes.len().min(PIECE));
        if piece.is_empty() {
            return None;
        }
        Some(if matches!(self, Self::InBase64(_)) { STANDARD.encode(&piece).into() } else { piece })
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let body = self.get_mut();
        body.sent.0.store(true, Ordering::Release);
        Poll::Ready(body.next().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_the_whole_and_its_length_is_known_before() {
        for length in [0, 1, 2, 3, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 2] {
            let file = Bytes::from(vec![0xa5; length]);
            let mut body = Body::default();
            body.push_secret(Zeroizing::new(b"<".to_vec()));
            body.push_in_base64(file.clone());
            body.push_text("|");
            body.push_bytes(file.clone());
            let told = body.left();
            let sent = body.sent();
            let mut whole = Vec::new();
            while let Some(piece) = body.next() {
                assert!(!piece.is_empty() && piece.len() <= PIECE / 3 * 4);
                whole.extend_from_slice(&piece);
            }
            assert_eq!((whole.len(), body.is_end_stream(), sent.has_begun()), (told, true, false), "{length}");
            let expected = [b"<", STANDARD.encode(&file).as_bytes(), b"|", &file[..]].concat();
            assert!(whole == expected, "{length}");
        }
    }
}
