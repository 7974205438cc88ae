//! A stamp on pages: a QR code and words, at the same place that is seen and upright, whatever the page's own
//! coordinates are. What the pages show already stays as it is.

use std::collections::HashMap;

use lopdf::Stream;
use serde::{Deserialize, Serialize};

use super::balance::Balance;
use super::boxes::{Seen, inherited, seen};
use super::entries::{Entries, array_of, items, reference};
use super::fields::set_annotations_apart;
use super::revision::Revision;
use super::sheet::{Sheet, plain, stream};
use super::{Unrevisable, revise};

/// From the edges of the page to a stamp in a corner, in points: printers leave a margin of up to six millimetres.
const MARGIN: f64 = 18.0;

/// Sides that a code may have, in points: from less than a centimetre to a hand.
const SIDES: std::ops::RangeInclusive<f64> = 20.0..=300.0;

/// What contents are unpacked to be looked at. Longer ones count as well made.
const MOST_CONTENT: usize = 16 << 20;

/// What is put on a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    pub pages: Pages,
    pub place: Place,
    /// Of the code without the white around it, in points.
    pub side: f64,
    /// What the code says.
    pub address: String,
    /// Beside it, from the top.
    pub words: Vec<String>,
}

impl Stamp {
    /// Two centimetres.
    pub const SIDE: f64 = 57.0;
}

/// Which pages get it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pages {
    First,
    Last,
    All,
}

/// Where it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Corner(Corner),
    /// Its lower left corner, in points from the lower left of the page.
    At {
        x: f64,
        y: f64,
    },
}

/// A corner of the page as it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corner {
    TopLeft,
    TopRight,
    BottomLeft,
    BottomRight,
}

/// What is to be appended to the file so that its pages have the stamp.
pub fn stamp(bytes: &[u8], stamp: &Stamp) -> Result<Vec<u8>, Unrevisable> {
    revise(bytes, |mut revision| {
        if revision.signatures() > 0 {
            return Err(Unrevisable::Signed);
        }
        // The signatures that come may be made by others.
        set_annotations_apart(&mut revision)?;
        let pages = match (stamp.pages, revision.pages()) {
            (Pages::First, [first, ..]) => vec![*first],
            (Pages::Last, [.., last]) => vec![*last],
            (_, all) => all.to_vec(),
        };
        let mut stamping = Stamping { stamp, drawings: HashMap::new() };
        for page in pages {
            stamping.put_on(&mut revision, page)?;
        }
        Ok(revision.write()?.bytes)
    })
}

struct Stamping<'s> {
    stamp: &'s Stamp,
    /// The stamp as it looks on a page of that width (its bits), and the object that it is.
    drawings: HashMap<u64, (f64, f64, u32)>,
}

impl Stamping<'_> {
    fn put_on(&mut self, revision: &mut Revision<'_>, page: u32) -> Result<(), Unrevisable> {
        let seen = seen(revision, page)?;
        let (width, height, drawing) = self.drawing(revision, &seen)?;
        let (x, y) = self.place(&seen, width, height)?;
        let mut entries = revision.entries(page)?;
        let (name, resources) = resources(revision, page, drawing)?;
        let matrix = seen.at(x, y).map(plain).join(" ");
        let contents = contents(revision, &entries, &format!("q {matrix} cm /{name} Do Q"))?;
        entries.set("Resources", resources);
        entries.set("Contents", contents);
        revision.set(page, entries.bytes());
        Ok(())
    }

    fn drawing(&mut self, revision: &mut Revision<'_>, seen: &Seen) -> Result<(f64, f64, u32), Unrevisable> {
        let most_width = seen.width - 2.0 * MARGIN;
        if let Some(drawing) = self.drawings.get(&most_width.to_bits()) {
            return Ok(*drawing);
        }
        if !SIDES.contains(&self.stamp.side) {
            return Err(Unrevisable::NoRoom);
        }
        let sheet = Sheet::new(&self.stamp.address, &self.stamp.words, self.stamp.side, most_width)?;
        let font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
        let font = revision.add_shared(font.to_vec());
        let drawing = (sheet.width, sheet.height, revision.add_shared(sheet.object(font)));
        self.drawings.insert(most_width.to_bits(), drawing);
        Ok(drawing)
    }

    /// The lower left of the stamp, as seen; it must lie on the page.
    fn place(&self, seen: &Seen, width: f64, height: f64) -> Result<(f64, f64), Unrevisable> {
        let (right, top) = (seen.width - MARGIN - width, seen.height - MARGIN - height);
        let (x, y) = match self.stamp.place {
            Place::Corner(Corner::TopLeft) => (MARGIN, top),
            Place::Corner(Corner::TopRight) => (right, top),
            Place::Corner(Corner::BottomLeft) => (MARGIN, MARGIN),
            Place::Corner(Corner::BottomRight) => (right, MARGIN),
            Place::At { x, y } => (x, y),
        };
        let is_on_it = x >= 0.0 && y >= 0.0 && x + width <= seen.width && y + height <= seen.height;
        if is_on_it { Ok((x, y)) } else { Err(Unrevisable::NoRoom) }
    }
}

/// The page's resources with the drawing, as an object of their own, and the name that it has in them. Other pages may
/// have the same ones, so theirs stay as they are.
fn resources(revision: &mut Revision<'_>, page: u32, drawing: u32) -> Result<(String, Vec<u8>), Unrevisable> {
    let dictionary = |value: Option<&[u8]>| match value {
        Some(value) => {
            let value = revision.objects.resolved(value).ok_or(Unrevisable::Unfit)?;
            Entries::parse(&value).ok_or(Unrevisable::Unfit)
        }
        None => Ok(Entries::none()),
    };
    let mut resources = dictionary(inherited(revision, page, "Resources")?.as_deref())?;
    let mut drawings = dictionary(resources.get("XObject"))?;
    let mut name = "Stamp".to_owned();
    while drawings.keys().any(|key| key == name.as_bytes()) {
        name.push('+');
    }
    drawings.set(&name, revision.reference(drawing));
    resources.set("XObject", drawings.bytes());
    let resources = revision.add_shared(resources.bytes());
    Ok((name, revision.reference(resources)))
}

/// What the page shows, and then that. Whatever the page does to its graphics state is taken back before.
fn contents(revision: &mut Revision<'_>, page: &Entries, drawing: &str) -> Result<Vec<u8>, Unrevisable> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    if let Some(value) = page.get("Contents") {
        if reference(value).is_some_and(|number| revision.objects.is_stream(number)) {
            parts.push(value.to_vec());
        } else {
            let array = revision.objects.resolved(value).ok_or(Unrevisable::Unfit)?;
            parts.extend(items(&array).ok_or(Unrevisable::Unfit)?.into_iter().map(<[u8]>::to_vec));
        }
    }
    let mut balance = Balance::default();
    for number in parts.iter().filter_map(|part| reference(part)) {
        let content = revision.objects.stream(number, MOST_CONTENT).and_then(|stream| plain_content(&stream));
        balance.read(&content.unwrap_or_default());
    }
    if parts.is_empty() {
        let whole = revision.add_shared(stream("", format!("{drawing}\n").as_bytes()));
        return Ok(revision.reference(whole));
    }
    let before = revision.add_shared(stream("", format!("{}\n", balance.before()).as_bytes()));
    let behind = revision.add_shared(stream("", format!("\n{}{drawing}\n", balance.behind()).as_bytes()));
    parts.insert(0, revision.reference(before));
    parts.push(revision.reference(behind));
    Ok(array_of(&parts))
}

fn plain_content(stream: &Stream) -> Option<Vec<u8>> {
    stream.get_plain_content_with_limit(MOST_CONTENT).ok()
}
