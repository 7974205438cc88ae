//! Compression that is not what the head of an answer says: PHP's `ob_gzhandler` and the web server before it
//! each compress, or each believe that the other one does.

use std::error::Error;
use std::io::{self, Read};

use flate2::read::GzDecoder;

/// How a gzip stream begins.
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];

/// A warning of PHP may stand before the stream.
const LOOKED_AT: usize = 4096;

/// Compressed by PHP and once more by the server.
const MOST_LAYERS: usize = 2;

/// Why a body could not be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unpack {
    /// It is no gzip, or breaks off.
    Broken,
    /// It holds more than is read.
    TooLarge,
}

/// The body as it was before anybody compressed it; at most `most` bytes.
pub(super) fn unpack(mut body: Vec<u8>, most: usize) -> Result<Vec<u8>, Unpack> {
    for _ in 0..MOST_LAYERS {
        if !is_packed(&body) {
            break;
        }
        let mut inner = Vec::new();
        let bounded = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        GzDecoder::new(body.as_slice()).take(bounded).read_to_end(&mut inner).map_err(|_| Unpack::Broken)?;
        if inner.len() > most {
            return Err(Unpack::TooLarge);
        }
        body = inner;
    }
    Ok(body)
}

/// Whether the body is a gzip stream.
pub(super) fn is_packed(body: &[u8]) -> bool {
    body.starts_with(&GZIP)
}

/// Whether a gzip stream begins somewhere in the body, behind text that spoils it.
pub(super) fn holds_packed(body: &[u8]) -> bool {
    body[..body.len().min(LOOKED_AT)].windows(GZIP.len()).any(|bytes| bytes == GZIP)
}

/// Whether a body could not be read because it is not compressed as its head says.
pub(super) fn is_broken(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if matches!(kind, Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)) {
            return true;
        }
        cause = error.source();
    }
    error.is_decode()
}
