//! What became of a file from one revision to a later one. The objects that differ are found by the tables; then the ways
//! that a further signature takes are followed from the catalog on (`allowed`), and whatever else differs is a change.

use std::collections::{BTreeSet, HashMap, HashSet};

use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Object};

use super::super::chain;
use super::allowed;
use super::forms::Field;
use super::reason::Reason;
use super::referers::referers;
use super::report::Change;
use super::revision::{Revision, View};

/// Two revisions, and what differs.
pub(super) struct Step<'a> {
    pub old: View<'a>,
    pub new: View<'a>,
    /// Objects of both that stand elsewhere now.
    pub changed: BTreeSet<u32>,
    /// Objects that the old one does not have.
    pub added: BTreeSet<u32>,
    /// Who names a changed or added object, in the old one.
    referers: HashMap<u32, Vec<u32>>,
    pub old_fields: Vec<Field>,
    pub new_fields: Vec<Field>,
    /// Changed objects that are as they may be.
    pub explained: HashSet<u32>,
    pub changes: Vec<Change>,
}

impl Step<'_> {
    pub(super) fn tell(&mut self, change: Change) {
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    pub(super) fn is_named(&self, number: u32) -> bool {
        self.referers.contains_key(&number)
    }

    /// An object may be as it is now, if it is used in one place only.
    pub(super) fn explain_if_used_once(&mut self, number: u32) {
        let is_used_once = self.referers.get(&number).is_none_or(|referers| referers.len() <= 1);
        if is_used_once && self.changed.contains(&number) {
            self.explained.insert(number);
        }
    }
}

/// What was changed from the old revision to the new one, which begins with the same bytes.
pub(super) fn changes(old: &Revision<'_>, new: &Revision<'_>) -> Result<Vec<Change>, Reason> {
    let start = new.document.xref_start;
    if start == old.document.xref_start {
        // No further table: what stands there is no revision.
        let rest = new.bytes.get(old.bytes.len()..).unwrap_or_default();
        let is_empty = rest.trim_ascii().is_empty();
        return Ok(if is_empty { Vec::new() } else { vec![Change::LooseBytes] });
    }
    if start < old.document.xref_start
        || !chain::leads_to(new.bytes, start, old.document.xref_start)
        || old.root() != new.root()
    {
        return Ok(vec![Change::NotBuiltOn]);
    }
    let (changed, added, removed) = differences(old, new);
    let wanted = changed.iter().chain(&added).copied().collect();
    let (old_view, new_view) = (old.view(), new.view());
    let mut step = Step {
        old_fields: super::forms::fields(&old_view)?,
        new_fields: super::forms::fields(&new_view)?,
        old: old_view,
        new: new_view,
        referers: referers(old, wanted),
        changed,
        added,
        explained: HashSet::new(),
        changes: Vec::new(),
    };
    for number in removed {
        step.tell(Change::Other { object: number });
    }
    // What was named in vain was nothing, and would be something now.
    let in_vain: Vec<u32> = step.added.iter().filter(|number| step.referers.contains_key(number)).copied().collect();
    for number in in_vain {
        step.tell(Change::Other { object: number });
    }
    allowed::follow(&mut step);
    let left: Vec<u32> = step.changed.iter().filter(|number| !step.explained.contains(number)).copied().collect();
    for number in left {
        let is_same = match (step.old.object(number), step.new.object(number)) {
            (Some(old), Some(new)) => is_same(&old, &new),
            _ => false,
        };
        if !is_same {
            step.tell(Change::Other { object: number });
        }
    }
    Ok(step.changes)
}

/// Numbers of objects that both have in other places, that only the new one has, that only the old one has.
fn differences(old: &Revision<'_>, new: &Revision<'_>) -> (BTreeSet<u32>, BTreeSet<u32>, BTreeSet<u32>) {
    let (mut changed, mut added, mut removed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let entries =
        |revision: &Revision<'_>| revision.document.reference_table.entries.keys().copied().collect::<BTreeSet<_>>();
    for number in entries(old).union(&entries(new)) {
        match (place(old.entry(*number)), place(new.entry(*number))) {
            (None, Some(_)) => added.insert(*number),
            (Some(_), None) => removed.insert(*number),
            (before, after) => before != after && changed.insert(*number),
        };
    }
    (changed, added, removed)
}

/// Where an object stands: in an object stream at that place, or in the file itself.
fn place(entry: Option<&XrefEntry>) -> Option<(u32, u32, u32)> {
    match entry {
        // Zero stands for a number that is not used.
        Some(XrefEntry::Normal { offset: offset @ 1.., generation }) => Some((0, *offset, u32::from(*generation))),
        Some(XrefEntry::Compressed { container, index }) => Some((*container, u32::from(*index), 0)),
        _ => None,
    }
}

/// Written again as it was.
pub(super) fn is_same(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Stream(old), Object::Stream(new)) => old.dict == new.dict && old.content == new.content,
        (old, new) => old == new,
    }
}

/// The keys whose values differ.
pub(super) fn differing(old: &Dictionary, new: &Dictionary) -> BTreeSet<Vec<u8>> {
    let keys = old.iter().chain(new.iter()).map(|(key, _)| key);
    let differs = |key: &&Vec<u8>| match (old.get(key), new.get(key)) {
        (Ok(old), Ok(new)) => !is_same(old, new),
        (one, other) => one.is_ok() != other.is_ok(),
    };
    keys.filter(differs).cloned().collect()
}
