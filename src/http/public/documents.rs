//! A document goes out to whoever has its address, which nobody can guess. Odoo is asked each time whether it is still to be
//! had; nothing of its answers is kept, so that an address that was taken back is dead at once.
//!
//! The token of an address stands in no log, figure or header; Odoo is told its hash.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use futures_util::StreamExt;
use ipnet::IpNet;
use sha2::{Digest, Sha256};

use super::client::client;
use super::pages::{self, make_safe};
use super::places::{Place, Places};
use crate::domain::text::hex;
use crate::files::{Download, Files, FilesError};
use crate::http::serve::{PUBLIC, Peer};
use crate::metrics;
use crate::net::{Asks, Share, customer};
use crate::odoo::Client;

/// Characters of a token: 32 random bytes, as base64 writes them in addresses.
const TOKEN: usize = 43;

/// A telephone network may show many people as one address.
const EACH: Share = Share { burst: 60, a_minute: 60 };

/// Odoo has other things to do.
const ALL: Share = Share { burst: 200, a_minute: 1_200 };

/// Documents that go out at once, all together and to one address. All together they may take every connection of the
/// listener: whoever comes then has it drop a reader that takes nothing.
const GIVEN: [usize; 2] = [PUBLIC.connections, 16];

/// When to try again after what passes by itself.
const SOON: Duration = Duration::from_secs(59);

/// Characters of a file's name at most.
const LONGEST_NAME: usize = 80;

/// What the addresses of documents need.
#[derive(Debug, Clone)]
pub struct Documents {
    files: Arc<Files>,
    odoo: Arc<Client>,
    /// Those who say for whom they ask.
    proxies: Arc<[IpNet]>,
    asks: Arc<Asks>,
    /// Of those for whom Odoo is asked just now.
    asked: Places,
    /// Of those who get a document just now.
    given: Places,
}

/// A document that is given.
struct Found {
    download: Download,
    name: String,
    /// Until its last byte is taken.
    place: Place,
}

/// Why nothing is given.
enum NotGiven {
    /// There is no such address, or there is none any more.
    Unknown,
    /// The office's staff alone have it.
    StaffOnly,
    /// Its bytes are gone or altered.
    Lost,
    TooOften(Duration),
    /// Odoo, the store or the place of files is away.
    NotNow,
}

impl NotGiven {
    fn answer(&self) -> Response {
        let (page, result, wait) = match self {
            Self::Unknown => (pages::UNKNOWN, "unknown", None),
            Self::StaffOnly => (pages::STAFF_ONLY, "staff_only", None),
            Self::Lost => (pages::STAFF_ONLY, "lost", None),
            Self::TooOften(wait) => (pages::TOO_OFTEN, "too_often", Some(*wait)),
            Self::NotNow => (pages::NOT_NOW, "not_now", Some(SOON)),
        };
        metrics::document_handed_out(result);
        page.answer(wait)
    }
}

/// A document, to whoever has its address. HEAD tells the same without its bytes.
#[utoipa::path(
    get,
    path = "/documents/{token}",
    tag = "documents",
    params(("token" = String, Path, description = "Of the address that the office gave")),
    responses(
        (status = 200, description = "The document, as it is handed out now", content_type = "application/pdf"),
        (status = 404, description = "There is no such address, or none any more", content_type = "text/html"),
        (status = 410, description = "The office's staff alone have it", content_type = "text/html"),
        (status = 429, description = "Asked too often", content_type = "text/html"),
        (status = 503, description = "Not now", content_type = "text/html")
    )
)]
pub(super) async fn give(
    State(state): State<Option<Documents>>,
    Extension(Peer(peer)): Extension<Peer>,
    token: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let found = match (state, token) {
        (Some(state), Ok(Path(token))) if is_token(&token) => {
            state.find(&token, client(peer, &headers, &state.proxies)).await
        }
        _ => Err(NotGiven::Unknown),
    };
    match found {
        Ok(found) => {
            metrics::document_handed_out("given");
            document(found)
        }
        Err(not_given) => not_given.answer(),
    }
}

fn is_token(text: &str) -> bool {
    text.len() == TOKEN && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn document(found: Found) -> Response {
    let Found { download, name, place } = found;
    let size = download.size;
    let stream = download.into_stream().map(move |piece| {
        let _its = &place;
        piece
    });
    let mut response = Response::new(Body::from_stream(stream));
    let headers = response.headers_mut();
    make_safe(headers);
    // Viewers of PDFs that are programs of a page, such as Safari's, show nothing in a sandbox.
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(header::CONTENT_LENGTH, size.into());
    if let Ok(disposition) = HeaderValue::from_str(&format!("inline; filename=\"{}\"", safe_name(&name))) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// Letters, digits and a few signs: nothing that ends a header or names a folder.
fn safe_name(name: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.chars().take(LONGEST_NAME).map(|c| if is_safe(c) { c } else { '_' }).collect()
}

impl Documents {
    /// Nothing is asked yet.
    #[must_use]
    pub fn new(files: Arc<Files>, odoo: Arc<Client>, proxies: Arc<[IpNet]>) -> Self {
        let [all, of_one] = GIVEN;
        Self {
            files,
            odoo,
            proxies,
            asks: Arc::new(Asks::new(EACH, ALL)),
            asked: Places::default(),
            given: Places::new(all, of_one),
        }
    }

    async fn find(&self, token: &str, asks: IpAddr) -> Result<Found, NotGiven> {
        self.asks.take(asks).map_err(NotGiven::TooOften)?;
        let place = self.given.take(customer(asks)).ok_or(NotGiven::NotNow)?;
        let asked = self.asked.take(customer(asks)).ok_or(NotGiven::NotNow)?;
        let told = self.odoo.handed_out(&hex(&Sha256::digest(token))).await.map_err(|error| {
            tracing::warn!(%error, code = error.code(), "Odoo cannot be asked for a document's address");
            NotGiven::NotNow
        })?;
        drop(asked);
        match told.state.as_deref() {
            None => return Err(NotGiven::Unknown),
            Some("ready") => {}
            Some(_) => return Err(NotGiven::StaffOnly),
        }
        let download = self.files.download(&told.version).await.map_err(|error| not_given(&told.version, &error))?;
        if download.sha256 != told.sha256 {
            tracing::error!(version = told.version, "Odoo and the store have other hashes of a document");
            return Err(NotGiven::Lost);
        }
        Ok(Found { download, name: told.name, place })
    }
}

fn not_given(version: &str, error: &FilesError) -> NotGiven {
    let is_lost = matches!(error, FilesError::Unknown | FilesError::Missing | FilesError::Altered(_));
    tracing::error!(%error, version, "a document that is handed out could not be given");
    if is_lost { NotGiven::Lost } else { NotGiven::NotNow }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_one_shape() {
        let good = "Ab0-_".repeat(9)[..TOKEN].to_owned();
        assert!(is_token(&good));
        for bad in [&good[1..], &format!("{good}x"), &good.replace('A', "."), &good.replace('A', "é"), ""] {
            assert!(!is_token(bad), "{bad}");
        }
    }

    #[test]
    fn a_name_ends_no_header() {
        assert_eq!(safe_name("DOC_2026_00001-1.pdf"), "DOC_2026_00001-1.pdf");
        assert_eq!(safe_name("a\"\r\n/é.pdf"), "a_____.pdf");
        assert_eq!(safe_name(&"x".repeat(500)).len(), LONGEST_NAME);
    }
}
