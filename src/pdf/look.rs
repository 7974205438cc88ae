//! The look itself: from the header to the text, and what is refused on the way.

use lopdf::{Document, PdfMetadata};

use super::scan::{Found, scan};
use super::shelf::Shelf;
use super::{Limits, Refusal, Seen, chain, doubles, pages, streams, text};

/// How far from the beginning the header may stand, and from the end the mark of the end.
const MARGIN: usize = 1024;

/// What a title may have.
const MOST_TITLE: usize = 500;

/// What is in the file, or why it is not taken. It needs twice the memory of the file, a stack of 8 MiB, and time
/// that nothing bounds but the process that it runs in.
pub fn look(bytes: &[u8], limits: &Limits) -> Result<Seen, Refusal> {
    open(bytes, *limits, |opened| {
        if limits.wants_original && opened.signatures > 0 {
            return Err(Refusal::Signed);
        }
        let pages = u32::try_from(opened.pages.len()).map_err(|_| Refusal::TooManyPages)?;
        let text = text::text(opened.shelf, &opened.pages);
        Ok(Seen { pages, title: opened.title, signatures: opened.signatures, text })
    })?
}

/// A file that may be taken.
pub(super) struct Opened<'a> {
    /// From its header on.
    pub bytes: &'a [u8],
    /// How many bytes stand before the header.
    pub before: usize,
    /// Its trailer and its table, without objects.
    pub document: &'a Document,
    pub shelf: &'a Shelf<'a>,
    /// In their order.
    pub pages: Vec<u32>,
    /// Signature fields that are filled in.
    pub signatures: u32,
    title: Option<String>,
}

/// Does something with the file, unless it is refused.
pub(super) fn open<T>(bytes: &[u8], limits: Limits, then: impl FnOnce(Opened<'_>) -> T) -> Result<T, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    let before = find(&bytes[..bytes.len().min(MARGIN + 5)], b"%PDF-").ok_or(Refusal::NotPdf)?;
    let bytes = &bytes[before..];
    let (metadata, document, found) = whole(bytes)?;
    let shelf = Shelf::new(bytes, &document);

    let pages = pages::pages(&document, &found, &shelf, limits.most_pages)?;
    if let Some(danger) = found.danger(&document, limits.allow_embedded) {
        return Err(danger.into());
    }
    let signatures = found.signatures(&document.reference_table);
    let title = metadata.title.and_then(|title| plain_title(&title));
    Ok(then(Opened { bytes, before, document: &document, shelf: &shelf, pages, signatures, title }))
}

/// What is in a file that begins with its header, if it is whole, and every reader comes to the same objects.
pub(super) fn whole(bytes: &[u8]) -> Result<(PdfMetadata, Document, Found), Refusal> {
    check_end(bytes)?;
    let metadata = metadata(bytes)?;
    let (document, mut found) = read(bytes)?;
    found.complete(&document)?;
    doubles::check(Shelf::new(bytes, &document).slices())?;
    Ok((metadata, document, found))
}

/// The last mark of the end stands near the end, and what says where the table begins stands before it: readers that
/// look for the one, or for the other, come to the same table.
fn check_end(bytes: &[u8]) -> Result<(), Refusal> {
    let tail = &bytes[bytes.len().saturating_sub(MARGIN)..];
    let end = find_last(tail, b"%%EOF").ok_or(Refusal::Damaged)?;
    if find(&tail[end..], b"startxref").is_some() { Err(Refusal::Damaged) } else { Ok(()) }
}

/// Title, and whether the file is encrypted: of such a file, the parser would unpack everything first.
fn metadata(bytes: &[u8]) -> Result<PdfMetadata, Refusal> {
    match Document::load_metadata_mem(bytes) {
        Ok(metadata) if metadata.encrypted => Err(Refusal::Encrypted),
        Ok(metadata) if metadata.xref_recovery.is_some() => Err(Refusal::Damaged),
        Ok(metadata) => Ok(metadata),
        Err(error) => match streams::refusal(&error) {
            // In a way that the parser does not know.
            Refusal::Damaged if find(bytes, b"/Encrypt").is_some() => Err(Refusal::Encrypted),
            refusal => Err(refusal),
        },
    }
}

/// All objects, as written. Two habits of honest programs are not in the standard: lines of the table that end with a
/// single character, and further characters in the line of the header. With those, the parser would also go on without
/// the second table of a hybrid file, and so without its objects.
fn read(bytes: &[u8]) -> Result<(Document, Found), Refusal> {
    let (document, found) = scan(bytes, true);
    let (document, found, is_strict) = match document {
        Ok(document) => (document, found, true),
        Err(error) if streams::refusal(&error) != Refusal::Damaged => return Err(streams::refusal(&error)),
        Err(_) => {
            drop(found);
            let (document, found) = scan(bytes, false);
            (document.map_err(|error| streams::refusal(&error))?, found, false)
        }
    };
    let is_hybrid = chain::is_hybrid(bytes, document.xref_start)?;
    if document.xref_recovery.is_some() || is_hybrid && !is_strict {
        return Err(Refusal::Damaged);
    }
    Ok((document, found))
}

fn plain_title(title: &str) -> Option<String> {
    // Also what turns the direction of writing.
    let is_plain = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let plain: String = title.trim().chars().filter(is_plain).take(MOST_TITLE).collect();
    Some(plain).filter(|title| !title.is_empty())
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

fn find_last(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).rposition(|window| window == word)
}
