//! What a PDF is, before anybody keeps it: `look` says how many pages it has, or why it is refused. It reads what
//! strangers wrote, so the worker calls it through `Reader` alone, in a process of its own that may use little
//! memory and little time ([why](../../docs/decisions/0029-pdfs-are-read-by-a-child.md)). What is appended to a file, a
//! stamp or a place for a signature (`revise`), is made there, too.
//!
//! What is refused, and what counts:
//!
//! - **Not a PDF**: no `%PDF-` in the first 1,024 bytes, which is how far Acrobat and qpdf look for it.
//! - **Encrypted**: an `/Encrypt` in the last revision's trailer, also where an empty password opens it.
//! - **Damaged**: whatever only a reader finds that repairs. That is a cross-reference that is missing, shifted or
//!   names an object that is not there; a dictionary that says one thing twice; an
//!   object without an end; a stream without its length, or whose data
//!   cannot be unpacked (pictures are not looked into); a page tree with loops, with one page twice, or whose
//!   `/Count` lies; a document without a page. The last `%%EOF` stands in the last 1,024 bytes, so a kilobyte may follow it.
//! - **JavaScript, launch actions, embedded files**: wherever they stand in the last revision (`dangers`), also in object
//!   streams, in chains of actions, in names spelt with `#4A`, and also where nothing leads to them: then nobody
//!   has to know every way that a viewer takes. What an earlier revision held and the last does not hold any more is
//!   not what a viewer shows, and does not count.
//! - **Too complex**: what needs more memory or time than a permit of an office can (`streams`, `child`).

mod chain;
mod child;
mod dangers;
mod doubles;
mod look;
mod looking;
mod pages;
mod reader;
mod revise;
mod scan;
mod shelf;
mod streams;
mod text;
mod tokens;
pub mod verify; // what the signatures of a PDF are worth

pub use child::{ChildError, serve};
pub use look::look;
pub use reader::{Reader, ReaderError};
pub use revise::{Corner, Field, NoRoom, Pages, Place, Prepared, Stamp, Unrevisable, prepare, stamp};

use serde::{Deserialize, Serialize};

/// What an office allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    pub most_pages: u32,
    /// Files inside the file, such as the data of an invoice, are no reason to refuse it.
    pub allow_embedded: bool,
    /// A file that somebody has signed already is refused.
    pub wants_original: bool,
}

/// What a file says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Of its page tree, counted.
    pub pages: u32,
    /// As its properties have it, at most 500 characters; many have none.
    pub title: Option<String>,
    /// Signature fields that somebody has filled in.
    pub signatures: u32,
    /// Of the first two pages, at most 64 KiB; empty for a scan, and where the fonts do not tell.
    pub text: String,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    Empty,
    NotPdf,
    Encrypted,
    Damaged,
    TooManyPages,
    #[serde(rename = "javascript")]
    JavaScript,
    Launch,
    EmbeddedFiles,
    Signed,
    TooComplex,
}

impl Refusal {
    /// All of them, in the order in which they are looked for.
    pub const ALL: [Self; 10] = [
        Self::Empty,
        Self::NotPdf,
        Self::Encrypted,
        Self::TooComplex,
        Self::Damaged,
        Self::TooManyPages,
        Self::JavaScript,
        Self::Launch,
        Self::EmbeddedFiles,
        Self::Signed,
    ];

    /// Its name between worker and Odoo.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotPdf => "not_pdf",
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::TooManyPages => "too_many_pages",
            Self::JavaScript => "javascript",
            Self::Launch => "launch",
            Self::EmbeddedFiles => "embedded_files",
            Self::Signed => "signed",
            Self::TooComplex => "too_complex",
        }
    }
}
