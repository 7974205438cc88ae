//! What the readers of both languages share: how rows are handed on, and what a body was or why it was not understood.

use std::ops::ControlFlow;

use super::record::Record;

/// In which of its two languages the server answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sicantik) enum Format {
    Xml,
    Json,
}

/// What a body was, once its rows have been handed on.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::sicantik) struct Summary {
    pub(in crate::sicantik) format: Format,
    pub(in crate::sicantik) rows: usize,
    /// The text of `error`, when the answer is one.
    pub(in crate::sicantik) error: Option<String>,
}

/// Takes the rows one at a time, and says when there are too many.
pub(in crate::sicantik) type Take<'a> = &'a mut dyn FnMut(&Record) -> ControlFlow<()>;

/// The names under which a server may put its rows into an object of its own: `{"status": true, "data": [...]}`.
const ENVELOPES: [&str; 5] = ["data", "items", "rows", "result", "results"];

/// Whether an element or member of this name may hold the rows.
pub(super) fn is_envelope(name: &str) -> bool {
    ENVELOPES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether an `error` says that there is none.
pub(super) fn is_no_error(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "" | "0" | "false" | "null")
}

/// Why a body was not understood. Holds nothing of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::sicantik) enum Unreadable {
    #[error("an empty body")]
    Empty,
    #[error("an HTML page")]
    Html,
    #[error("a body that breaks off in the middle")]
    Cut,
    #[error("more rows than the worker takes")]
    TooMany,
    #[error("a body with a document type declaration")]
    DocType,
    #[error("a body that is neither XML nor JSON")]
    Unknown,
}
