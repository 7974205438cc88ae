//! The body of an answer, up to a limit: no server fills this machine's memory.

use reqwest::Response;

/// A body that was not read.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// It has more bytes than the reader takes.
    #[error("a body of more than {0} bytes")]
    TooLarge(usize),
    /// The connection broke before its end.
    #[error(transparent)]
    Broken(#[from] reqwest::Error),
}

/// The whole body, if it has at most `limit` bytes, compressed ones counted as they unpack.
pub async fn read_body(mut response: Response, limit: usize) -> Result<Vec<u8>, BodyError> {
    // A body that grows piece by piece is copied again and again, and lies in memory twice meanwhile.
    let told = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
    let mut body = Vec::with_capacity(told.min(limit));
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(BodyError::TooLarge(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
