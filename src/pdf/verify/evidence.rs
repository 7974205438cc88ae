//! What a file brings along for those who look at it later (its DSS): certificates, lists of revoked ones, and
//! answers of services that tell of them.

use lopdf::{Dictionary, Object};

use super::super::streams;
use super::certificates::Certificate;
use super::revision::View;
use super::revocation::Known;

/// Files that are signed for years have some dozens.
const MOST_ITEMS: usize = 200;

/// All of it that can be read.
pub(super) struct Evidence {
    pub certificates: Vec<Certificate>,
    pub known: Known,
    /// Something is there, whatever it says.
    pub is_any: bool,
}

impl Evidence {
    pub(super) fn of(view: &View<'_>) -> Self {
        let store = store(view);
        let certificates = items(view, &store, b"Certs").iter().filter_map(|der| Certificate::read(der)).collect();
        let known = Known::read(&items(view, &store, b"CRLs"), &items(view, &store, b"OCSPs"));
        Self { certificates, known, is_any: Self::is_there(view) }
    }

    pub(super) fn is_there(view: &View<'_>) -> bool {
        let store = store(view);
        [&b"Certs"[..], b"CRLs", b"OCSPs"]
            .iter()
            .any(|key| matches!(view.value(&store, key), Some(Object::Array(items)) if !items.is_empty()))
    }
}

fn store(view: &View<'_>) -> Dictionary {
    view.catalog().and_then(|catalog| view.inner(&catalog, b"DSS")).unwrap_or_default()
}

fn items(view: &View<'_>, store: &Dictionary, key: &[u8]) -> Vec<Vec<u8>> {
    let Some(Object::Array(items)) = view.value(store, key) else { return Vec::new() };
    let streams = items.iter().take(MOST_ITEMS).filter_map(|item| match view.resolved(item)? {
        Object::Stream(stream) if stream.dict.has(b"Filter") => {
            stream.get_plain_content_with_limit(streams::MOST_AT_ONCE).ok()
        }
        Object::Stream(stream) => Some(stream.content),
        _ => None,
    });
    streams.collect()
}
