//! The page tree, walked from its root to its leaves.

use std::collections::{HashMap, HashSet};

use lopdf::{Document, Object};

use super::Refusal;
use super::scan::{Found, Kids, numbers};
use super::shelf::Shelf;

/// A catalog, or the children of a node: what such an object may take in the file.
const MOST_BYTES: usize = 4 << 20;

/// The pages in their order.
pub(super) fn pages(
    document: &Document,
    found: &Found,
    shelf: &Shelf<'_>,
    most_pages: u32,
) -> Result<Vec<u32>, Refusal> {
    let table = &document.reference_table;
    let mut nodes: HashMap<u32, _> = HashMap::new();
    for (place, node) in Found::of(&found.nodes, |(place, _)| *place, table) {
        nodes.insert(place.number, node);
    }
    let leaves: HashSet<u32> =
        Found::of(&found.pages, |place| *place, table).iter().map(|place| place.number).collect();
    let root = root(document, shelf).ok_or(Refusal::Damaged)?;
    let count = nodes.get(&root).ok_or(Refusal::Damaged)?.count;

    let most_pages = usize::try_from(most_pages).unwrap_or(usize::MAX);
    let (mut pages, mut waiting) = (Vec::new(), vec![root]);
    while let Some(number) = waiting.pop() {
        // Whoever comes by a second time finds it gone: a loop, or one page twice.
        if let Some(node) = nodes.remove(&number) {
            let kids = match node.kids {
                Kids::StandIn(array) => match shelf.object(array, MOST_BYTES) {
                    Some(Object::Array(items)) => numbers(&items),
                    _ => Kids::Wrong,
                },
                kids => kids,
            };
            let Kids::Are(kids) = kids else { return Err(Refusal::Damaged) };
            waiting.extend(kids.iter().rev());
        } else if leaves.contains(&number) {
            pages.push(number);
            if pages.len() > most_pages {
                return Err(Refusal::TooManyPages);
            }
        } else {
            return Err(Refusal::Damaged);
        }
    }
    let distinct: HashSet<&u32> = pages.iter().collect();
    let is_told = i64::try_from(pages.len()).is_ok_and(|pages| pages == count);
    if pages.is_empty() || distinct.len() < pages.len() || !is_told {
        return Err(Refusal::Damaged);
    }
    Ok(pages)
}

/// The root of the page tree.
fn root(document: &Document, shelf: &Shelf<'_>) -> Option<u32> {
    let catalog = document.trailer.get(b"Root").and_then(Object::as_reference).ok()?;
    let catalog = shelf.object(catalog.0, MOST_BYTES)?;
    let pages = catalog.as_dict().ok()?.get(b"Pages").and_then(Object::as_reference).ok()?;
    Some(pages.0)
}
