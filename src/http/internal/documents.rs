//! Documents, from Odoo and to Odoo: sealed on the way in, streamed on the way out.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt;
use serde::Serialize;
use utoipa::ToSchema;

use crate::files::{Download, Files, FilesError, Kept};
use crate::http::error::{HookError, Refused};
use crate::http::signed::SignedStream;
use crate::http::state::Internal;
use crate::metrics;

/// The SHA-256 of what is streamed.
const HASH: &str = "x-sicantik-sha256";

/// What was meant to go, and is gone.
const ERASED: &str = "erased";

/// Of a body, also of one that is refused: more than Odoo ever sends.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// What Odoo hears of a document that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeptDocument {
    /// `kept`.
    status: &'static str,
    /// Of the clear bytes, in hex.
    sha256: String,
    /// Clear bytes.
    size: u64,
    pages: u32,
    /// As the document calls itself.
    title: Option<String>,
    /// How many signatures it has.
    signatures: u32,
}

/// A document comes in, as a version that Odoo has named.
#[utoipa::path(
    put,
    path = "/hooks/v1/documents/{version_uuid}",
    tag = "hooks",
    params(("version_uuid" = String, Path, description = "The uuid that Odoo gave the version")),
    request_body(content_type = "application/octet-stream", description = "The document, sealed to the worker's public key"),
    responses(
        (status = 201, description = "Kept", body = KeptDocument),
        (status = 200, description = "It was kept before", body = KeptDocument),
        (status = 400, description = "Not the sealed document that its head announces", body = Refused),
        (status = 401, description = "Unsigned, wrongly signed, or too old", body = Refused),
        (status = 403, description = "Signed for another database", body = Refused),
        (status = 409, description = "Received before, sealed to another key, kept with other bytes, or erased", body = Refused),
        (status = 413, description = "Too large", body = Refused),
        (status = 422, description = "The file itself is refused", body = Refused),
        (status = 503, description = "The store, or the place of files, cannot be used now", body = Refused)
    )
)]
pub(super) async fn put(
    State(state): State<Internal>,
    Path(version_uuid): Path<String>,
    stream: SignedStream,
) -> Result<Response, NotDone> {
    let files = files_of(&state)?;
    let kept = take_in(&files, &version_uuid, stream).await.inspect_err(|error| {
        error.tell(&state);
        metrics::document_came(error.code(), 0);
    })?;
    metrics::hook("accepted");
    metrics::document_came(if kept.was_known { "known" } else { "kept" }, kept.size);
    let status = if kept.was_known { StatusCode::OK } else { StatusCode::CREATED };
    let Kept { sha256, size, pages, title, signatures, .. } = kept;
    tracing::info!(version = version_uuid, size, pages, known = kept.was_known, "a document was kept");
    let answer = KeptDocument { status: "kept", sha256, size, pages, title, signatures };
    Ok((status, Json(answer)).into_response())
}

async fn take_in(files: &Files, version_uuid: &str, mut stream: SignedStream) -> Result<Kept, NotDone> {
    let (mut upload, mut fault) = (files.upload(version_uuid), None);
    // What is refused is read to its end: whoever is hung up on while sending never reads why.
    while let Some(part) = stream.next(MOST_BYTES).await? {
        if fault.is_none() {
            fault = upload.add(&part).await.err();
        }
    }
    match fault {
        Some(error) => Err(error.into()),
        None => Ok(upload.end().await?),
    }
}

/// The bytes of a version.
#[utoipa::path(
    get,
    path = "/hooks/v1/documents/{version_uuid}",
    tag = "hooks",
    params(("version_uuid" = String, Path, description = "The uuid that Odoo gave the version")),
    responses(
        (status = 200, description = "The document", content_type = "application/pdf"),
        (status = 401, description = "Unsigned, wrongly signed, or too old", body = Refused),
        (status = 403, description = "Signed for another database", body = Refused),
        (status = 404, description = "No such version is kept", body = Refused),
        (status = 409, description = "Received before", body = Refused),
        (status = 410, description = "Its bytes were erased, are gone, or were altered", body = Refused),
        (status = 503, description = "The store, or the place of files, cannot be used now", body = Refused)
    )
)]
pub(super) async fn get(
    State(state): State<Internal>,
    Path(version_uuid): Path<String>,
    mut stream: SignedStream,
) -> Result<Response, NotDone> {
    let files = files_of(&state)?;
    let download = find(&files, &version_uuid, &mut stream).await.inspect_err(|error| {
        error.tell(&state);
        metrics::document_asked(error.code());
    })?;
    metrics::hook("accepted");
    metrics::document_asked("given");
    let (size, hash) = (download.size, HeaderValue::from_str(&download.sha256));
    let mut response = Response::new(Body::from_stream(
        download.into_stream().inspect_ok(|piece| metrics::document_went(piece.len())),
    ));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(header::CONTENT_LENGTH, size.into());
    if let Ok(hash) = hash {
        headers.insert(HASH, hash);
    }
    Ok(response)
}

async fn find(files: &Files, version_uuid: &str, stream: &mut SignedStream) -> Result<Download, NotDone> {
    stream.empty().await?;
    Ok(files.download(version_uuid).await?)
}

/// The bytes of a version go, for good; that there was one stays.
#[utoipa::path(
    delete,
    path = "/hooks/v1/documents/{version_uuid}",
    tag = "hooks",
    params(("version_uuid" = String, Path, description = "The uuid that Odoo gave the version")),
    responses(
        (status = 204, description = "Erased, now or before"),
        (status = 401, description = "Unsigned, wrongly signed, or too old", body = Refused),
        (status = 403, description = "Signed for another database", body = Refused),
        (status = 404, description = "No such version was ever kept", body = Refused),
        (status = 409, description = "Received before", body = Refused),
        (status = 503, description = "The store, or the place of files, cannot be used now", body = Refused)
    )
)]
pub(super) async fn delete(
    State(state): State<Internal>,
    Path(version_uuid): Path<String>,
    mut stream: SignedStream,
) -> Result<StatusCode, NotDone> {
    let files = files_of(&state)?;
    erase(&files, &version_uuid, &mut stream).await.inspect_err(|error| error.tell(&state))?;
    metrics::hook("accepted");
    tracing::info!(version = version_uuid, "a document was erased");
    Ok(StatusCode::NO_CONTENT)
}

async fn erase(files: &Files, version_uuid: &str, stream: &mut SignedStream) -> Result<(), NotDone> {
    stream.empty().await?;
    Ok(files.erase(version_uuid).await?)
}

pub(super) fn files_of(state: &Internal) -> Result<Arc<Files>, NotDone> {
    state.files.clone().ok_or(NotDone::Hook(HookError::WrongDatabase))
}

/// Why a document was not kept or given.
#[derive(Debug)]
pub(super) enum NotDone {
    Hook(HookError),
    Files(FilesError),
}

impl NotDone {
    fn code(&self) -> &'static str {
        match self {
            Self::Hook(error) => error.code(),
            Self::Files(error) => parts(error).1,
        }
    }

    /// To metrics and the log.
    pub(super) fn tell(&self, state: &Internal) {
        match self {
            Self::Hook(error) => error.tell(&state.signatures.refusals),
            Self::Files(error) => {
                let (status, code) = parts(error);
                metrics::hook(code);
                if status.is_server_error() || (status == StatusCode::GONE && code != ERASED) {
                    tracing::error!(%error, code, "a document could not be kept or given");
                }
            }
        }
    }
}

impl From<HookError> for NotDone {
    fn from(error: HookError) -> Self {
        Self::Hook(error)
    }
}

impl From<FilesError> for NotDone {
    fn from(error: FilesError) -> Self {
        Self::Files(error)
    }
}

impl IntoResponse for NotDone {
    fn into_response(self) -> Response {
        match self {
            Self::Hook(error) => error.into_response(),
            Self::Files(error) => {
                let (status, code) = parts(&error);
                (status, Json(Refused::new(code, error.to_string()))).into_response()
            }
        }
    }
}

fn parts(error: &FilesError) -> (StatusCode, &'static str) {
    match error {
        FilesError::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
        FilesError::OtherKey => (StatusCode::CONFLICT, "other_key"),
        FilesError::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        FilesError::OtherContent => (StatusCode::CONFLICT, "other_content"),
        FilesError::Refused(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, refusal.code()),
        FilesError::Unknown => (StatusCode::NOT_FOUND, "unknown_document"),
        FilesError::Erased => (StatusCode::GONE, ERASED),
        FilesError::ErasedBefore => (StatusCode::CONFLICT, ERASED),
        FilesError::Missing => (StatusCode::GONE, "missing"),
        FilesError::Altered(_) => (StatusCode::GONE, "altered"),
        FilesError::Secrets(_) | FilesError::Place(_) | FilesError::Reader(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "files_unavailable")
        }
        FilesError::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "store_unavailable"),
    }
}
