//! A page as it is seen: how large it is, and how places on it become places of its own coordinates, which may begin
//! anywhere and lie on a side.

use std::borrow::Cow;

use super::Unrevisable;
use super::entries::{Entries, items, number};
use super::revision::Revision;

/// A page tree is not deeper.
const MOST_LEVELS: usize = 100;

/// Points that its user sees, from the lower left; and the corner and directions in the page's own coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seen {
    pub width: f64,
    pub height: f64,
    /// As the operator `cm` takes them.
    matrix: [f64; 6],
}

impl Seen {
    /// Of a page that shows that part of its coordinates (left, bottom, right, top), turned by so many degrees, and whose unit is
    /// so many points.
    fn new([left, bottom, right, top]: [f64; 4], turned: i64, unit: f64) -> Self {
        let (width, height) = ((right - left) * unit, (top - bottom) * unit);
        let point = 1.0 / unit;
        let (width, height, matrix) = match turned.rem_euclid(360) {
            90 => (height, width, [0.0, point, -point, 0.0, right, bottom]),
            180 => (width, height, [-point, 0.0, 0.0, -point, right, top]),
            270 => (height, width, [0.0, -point, point, 0.0, left, top]),
            _ => (width, height, [point, 0.0, 0.0, point, left, bottom]),
        };
        Self { width, height, matrix }
    }

    /// The coordinates that begin at that place, as `cm` takes them.
    pub(super) fn at(&self, x: f64, y: f64) -> [f64; 6] {
        let [.., left, bottom] = self.matrix;
        let [right_x, right_y, up_x, up_y, ..] = self.matrix;
        [right_x, right_y, up_x, up_y, left + right_x * x + up_x * y, bottom + right_y * x + up_y * y]
    }
}

/// The page of that number.
pub(super) fn seen(revision: &Revision<'_>, page: u32) -> Result<Seen, Unrevisable> {
    let media = rectangle(revision, &inherited(revision, page, "MediaBox")?.ok_or(Unrevisable::Unfit)?)?;
    let shown = match inherited(revision, page, "CropBox")? {
        // What lies outside of the paper is not shown.
        Some(crop) => common(rectangle(revision, &crop)?, media).unwrap_or(media),
        None => media,
    };
    let turned = match inherited(revision, page, "Rotate")? {
        Some(turned) => quarter(number(&resolved(revision, &turned)?).ok_or(Unrevisable::Unfit)?),
        None => 0,
    };
    let unit = match revision.entries(page)?.get("UserUnit") {
        Some(unit) => number(&resolved(revision, unit)?).filter(|unit| *unit > 0.0).ok_or(Unrevisable::Unfit)?,
        None => 1.0,
    };
    let [left, bottom, right, top] = shown;
    if right - left < 1.0 || top - bottom < 1.0 {
        return Err(Unrevisable::NoRoom);
    }
    Ok(Seen::new(shown, turned, unit))
}

/// What the page has of that name, or the next node above that has it.
pub(super) fn inherited(revision: &Revision<'_>, page: u32, key: &str) -> Result<Option<Vec<u8>>, Unrevisable> {
    let mut node: Entries = revision.entries(page)?;
    for _ in 0..MOST_LEVELS {
        if let Some(value) = node.get(key) {
            return Ok(Some(value.to_vec()));
        }
        match node.get("Parent").and_then(super::entries::reference) {
            Some(parent) => node = revision.entries(parent)?,
            None => return Ok(None),
        }
    }
    Err(Unrevisable::Unfit)
}

fn resolved(revision: &Revision<'_>, value: &[u8]) -> Result<Vec<u8>, Unrevisable> {
    revision.objects.resolved(value).map(Cow::into_owned).ok_or(Unrevisable::Unfit)
}

/// Left, bottom, right, top, whichever two corners it names.
fn rectangle(revision: &Revision<'_>, value: &[u8]) -> Result<[f64; 4], Unrevisable> {
    let array = resolved(revision, value)?;
    let mut sides = Vec::new();
    for item in items(&array).ok_or(Unrevisable::Unfit)? {
        sides.push(number(&resolved(revision, item)?).ok_or(Unrevisable::Unfit)?);
    }
    let &[x, y, u, v] = sides.as_slice() else { return Err(Unrevisable::Unfit) };
    Ok([x.min(u), y.min(v), x.max(u), y.max(v)])
}

fn common(one: [f64; 4], other: [f64; 4]) -> Option<[f64; 4]> {
    let both = [one[0].max(other[0]), one[1].max(other[1]), one[2].min(other[2]), one[3].min(other[3])];
    (both[0] < both[2] && both[1] < both[3]).then_some(both)
}

/// What is no quarter of a turn is none at all, as viewers have it.
fn quarter(turned: f64) -> i64 {
    [0, 90, 180, 270]
        .into_iter()
        .find(|quarter| (turned.rem_euclid(360.0) - f64::from(*quarter)).abs() < 1e-9)
        .map_or(0, i64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a place that is seen lies in the page's own coordinates.
    fn place(seen: &Seen, x: f64, y: f64) -> (f64, f64) {
        let [.., e, f] = seen.at(x, y);
        (e, f)
    }

    #[test]
    fn the_lower_left_that_is_seen_is_another_corner_of_the_page_that_is_turned() {
        let shown = [10.0, 20.0, 110.0, 220.0];
        let corners =
            [(0, (10.0, 20.0)), (90, (110.0, 20.0)), (180, (110.0, 220.0)), (270, (10.0, 220.0)), (-90, (10.0, 220.0))];
        for (turned, corner) in corners {
            assert_eq!(place(&Seen::new(shown, turned, 1.0), 0.0, 0.0), corner, "{turned}");
        }
        let turned = Seen::new(shown, 90, 1.0);
        assert_eq!((turned.width, turned.height), (200.0, 100.0));
        assert_eq!(place(&turned, 5.0, 7.0), (103.0, 25.0));
    }

    #[test]
    fn a_large_unit_makes_a_large_page_and_the_same_points() {
        let seen = Seen::new([0.0, 0.0, 100.0, 100.0], 0, 2.0);
        assert_eq!((seen.width, place(&seen, 10.0, 10.0)), (200.0, (5.0, 5.0)));
    }
}
