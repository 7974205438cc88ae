//! What is added to a PDF, as a new revision behind its bytes: a `stamp` on its pages before anybody signs it, and a
//! signature `field` with a place for the signature. Both get bytes and give bytes; the worker calls them through `Reader`,
//! in the process that reads PDFs.

mod balance;
mod boxes;
mod entries;
mod field;
mod fields;
mod helvetica;
mod objects;
mod qr;
mod revision;
mod sheet;
mod stamp;
mod strings;

pub use field::{Field, NoRoom, Prepared, prepare};
pub use stamp::{Corner, Pages, Place, Stamp, stamp};

use serde::{Deserialize, Serialize};

use super::look::{self, Opened};
use super::{Limits, Refusal};
use revision::Revision;

/// Why nothing is added to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unrevisable {
    /// It would not be kept either.
    Refused(Refusal),
    /// Somebody has signed it, and a stamp would be a change behind the signature.
    Signed,
    /// Whoever certified it allows no change, a further signature included.
    Certified,
    /// The stamp has no room on a page, or lies beside it.
    NoRoom,
    /// What is to be drawn is too much: an address that no QR code holds.
    TooLong,
    /// It is written in a way to which nothing can be added: bytes before its header, a page without a size, a form that is none.
    Unfit,
}

impl Unrevisable {
    /// Its name between worker and Odoo.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Signed => "signed",
            Self::Certified => "certified",
            Self::NoRoom => "no_room",
            Self::TooLong => "too_long",
            Self::Unfit => "unfit",
        }
    }
}

/// Makes a revision of a file that is not refused. What it may have was decided when it was taken: files inside it are no
/// reason now.
fn revise<T>(bytes: &[u8], make: impl FnOnce(Revision<'_>) -> Result<T, Unrevisable>) -> Result<T, Unrevisable> {
    let limits = Limits { most_pages: u32::MAX, allow_embedded: true, wants_original: false };
    let opened = look::open(bytes, limits, |opened: Opened<'_>| make(Revision::new(opened)?));
    opened.map_err(Unrevisable::Refused)?
}
