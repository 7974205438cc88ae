//! The forms in which the API can be asked, and which of them this server takes.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::Url;

use super::endpoint;

/// The script of the second dialect.
const SIMPLE_SCRIPT: &str = "api_simple.php";

/// One way of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallStyle {
    /// `/listpermohonanterbit/limit/100/offset/0`, as the API's own portal does.
    Path,
    /// `/listpermohonanterbit?limit=100&offset=0`.
    Query,
    /// The second dialect: `api_simple.php?endpoint=listpermohonanterbit&limit=100&offset=0`.
    Simple,
}

/// What a call asks for beyond its endpoint.
#[derive(Debug, Clone, Copy)]
pub(super) enum Arguments<'a> {
    None,
    /// A page of a list; the offset as text, because `0` and `00` are not the same to every server.
    Page {
        limit: usize,
        offset: &'a str,
    },
    /// A permit number, in base64.
    Number(&'a str),
}

impl CallStyle {
    /// The address of a call. Numbers and our own base64 are all that ever stands in it.
    pub(super) fn url(self, base: &Url, endpoint: &str, arguments: Arguments<'_>) -> Url {
        let mut url = base.clone();
        match self {
            Self::Path | Self::Query => push(&mut url, &[endpoint]),
            Self::Simple => {
                if !is_script(base) {
                    push(&mut url, &[SIMPLE_SCRIPT]);
                }
                url.query_pairs_mut().append_pair("endpoint", simple_name(endpoint));
            }
        }
        match arguments {
            Arguments::None => {}
            Arguments::Page { limit, offset } if self == Self::Path => {
                push(&mut url, &["limit", &limit.to_string(), "offset", offset]);
            }
            Arguments::Page { limit, offset } => {
                url.query_pairs_mut().append_pair("limit", &limit.to_string()).append_pair("offset", offset);
            }
            Arguments::Number(number) => {
                url.query_pairs_mut().append_pair("no_izin", number);
            }
        }
        url
    }
}

/// Which form a server takes, learnt from its answers and kept for the client's life.
#[derive(Debug)]
pub(super) struct KnownStyle {
    known: OnceLock<CallStyle>,
    query_tried: AtomicBool,
    simple_tried: AtomicBool,
}

impl KnownStyle {
    /// An address that ends in a script is the second dialect.
    pub(super) fn of(base: &Url) -> Self {
        let known = OnceLock::new();
        if is_script(base) {
            let _ = known.set(CallStyle::Simple);
        }
        Self { known, query_tried: AtomicBool::new(false), simple_tried: AtomicBool::new(false) }
    }

    /// The form to ask in: the path until another is known.
    pub(super) fn current(&self) -> CallStyle {
        self.known.get().copied().unwrap_or(CallStyle::Path)
    }

    /// The form that is known to work.
    pub(super) fn known(&self) -> Option<CallStyle> {
        self.known.get().copied()
    }

    /// Remembers the form of an answer that was understood; only a page tells path and query apart.
    pub(super) fn learn(&self, form: CallStyle, arguments: Arguments<'_>) {
        if form == CallStyle::Simple || matches!(arguments, Arguments::Page { .. }) {
            let _ = self.known.set(form);
        }
    }

    /// What else to try after an answer that the path form may be to blame for: each form once in the
    /// client's life, so that a server in trouble is not asked three times as often.
    pub(super) fn others(&self, arguments: Arguments<'_>) -> impl Iterator<Item = CallStyle> {
        let fresh = |tried: &AtomicBool| !tried.swap(true, Ordering::Relaxed);
        let unknown = self.known.get().is_none();
        let query = unknown && matches!(arguments, Arguments::Page { .. }) && fresh(&self.query_tried);
        let simple = unknown && !matches!(arguments, Arguments::Number(_)) && fresh(&self.simple_tried);
        query.then_some(CallStyle::Query).into_iter().chain(simple.then_some(CallStyle::Simple))
    }
}

fn is_script(base: &Url) -> bool {
    let path = base.path().as_bytes();
    path.len() > 4 && path[path.len() - 4..].eq_ignore_ascii_case(b".php")
}

/// The second dialect knows the types under a name in lower case.
fn simple_name(endpoint: &str) -> &str {
    if endpoint == endpoint::TYPES { "jenisperizinanlist" } else { endpoint }
}

/// An http address always has a path.
fn push(url: &mut Url, segments: &[&str]) {
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
}
