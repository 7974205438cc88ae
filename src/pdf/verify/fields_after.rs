//! Fields that came after a signature, or were filled in after it, and where they stand on pages.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Object};

use super::changes::{Step, differing};
use super::forms::Field;
use super::report::Change;
use super::revision::{View, reference};

/// What is new in a field when it is signed or filled in.
const FILLED: [&[u8]; 8] = [b"V", b"AP", b"AS", b"M", b"F", b"DA", b"I", b"MK"];
/// The same of one that waited for a signature.
const SIGNED: [&[u8]; 5] = [b"V", b"AP", b"AS", b"M", b"F"];

/// New fields are for signatures, do nothing by themselves, and are objects that were not there before.
pub(super) fn check_new(step: &mut Step<'_>, items: &[Object]) {
    for item in items {
        let number = item.as_reference().map_or(0, |id| id.0);
        let field = step.new_fields.iter().find(|field| field.number == number).cloned();
        let field =
            field.filter(|field| field.is_signature && step.added.contains(&number) && !acts(&field.dictionary));
        let Some(field) = field else {
            step.tell(Change::Other { object: number });
            continue;
        };
        // Two of one name are one field to some readers.
        if step.old_fields.iter().any(|old| old.name == field.name) {
            step.tell(Change::Other { object: number });
        }
        let is_visible = is_visible(&step.new, &field);
        let change = match signed_kind(&step.new, &field.dictionary) {
            None if is_visible => Change::Other { object: number },
            None => Change::EmptyField { field: field.name },
            Some(b"TimeStamp") if !is_visible => Change::TimeStamp { field: field.name },
            Some(_) => Change::Signature { field: field.name, is_new: true, is_visible },
        };
        step.tell(change);
    }
}

/// Fields that were there before, and the annotations that pages have more.
pub(super) fn follow(step: &mut Step<'_>, annotations: &[Object]) {
    for item in annotations {
        let number = item.as_reference().map_or(0, |id| id.0);
        let mut fields = step.new_fields.iter();
        let is_of_field = fields.any(|field| field.number == number && field.is_signature && !acts(&field.dictionary));
        if !is_of_field || !step.added.contains(&number) {
            step.tell(Change::Other { object: number });
        }
    }
    for old in step.old_fields.clone() {
        if !step.changed.contains(&old.number) || step.explained.contains(&old.number) {
            continue;
        }
        let Some(new) = step.new_fields.iter().find(|field| field.number == old.number).cloned() else { continue };
        let differing = differing(&old.dictionary, &new.dictionary);
        if differing.is_empty() || new.name != old.name {
            continue;
        }
        let change =
            if old.is_signature { signed_now(step, &old, &new, &differing) } else { filled_in(&new, &differing) };
        if let Some(change) = change {
            step.explained.insert(old.number);
            step.tell(change);
        }
    }
}

/// A field that waited for a signature, or the widget of one.
fn signed_now(step: &Step<'_>, old: &Field, new: &Field, differing: &BTreeSet<Vec<u8>>) -> Option<Change> {
    let may_differ = differing.iter().all(|key| SIGNED.contains(&key.as_slice()));
    let has_value = |view: &View<'_>, field: &Field| view.value(&field.dictionary, b"V").is_some();
    if !may_differ || has_value(&step.old, old) || new.dictionary.has(b"Kids") || is_widget_of_signed(step, old) {
        return None;
    }
    let field = new.name.clone();
    match signed_kind(&step.new, &new.dictionary) {
        Some(b"TimeStamp") => Some(Change::TimeStamp { field }),
        Some(_) => Some(Change::Signature { field, is_new: false, is_visible: is_visible(&step.new, new) }),
        None => None,
    }
}

/// A widget apart from its field, which has a signature already.
fn is_widget_of_signed(step: &Step<'_>, widget: &Field) -> bool {
    let parent = reference(&widget.dictionary, b"Parent");
    let parent = step.old_fields.iter().find(|field| Some(field.number) == parent);
    parent.is_some_and(|parent| step.old.value(&parent.dictionary, b"V").is_some())
}

fn filled_in(new: &Field, differing: &BTreeSet<Vec<u8>>) -> Option<Change> {
    let may_differ = differing.iter().all(|key| FILLED.contains(&key.as_slice()));
    may_differ.then(|| Change::Form { field: new.name.clone() })
}

/// What kind of signature stands in a field.
fn signed_kind(view: &View<'_>, field: &Dictionary) -> Option<&'static [u8]> {
    let value = view.inner(field, b"V")?;
    let named = |key: &[u8]| view.value(&value, key).and_then(|name| name.as_name().ok().map(<[u8]>::to_vec));
    let is_stamp =
        named(b"Type").as_deref() == Some(b"DocTimeStamp") && named(b"SubFilter").as_deref() == Some(b"ETSI.RFC3161");
    Some(if is_stamp { b"TimeStamp" } else { b"Signature" })
}

/// It does something when it is pressed or looked at.
fn acts(field: &Dictionary) -> bool {
    field.has(b"A") || field.has(b"AA")
}

/// It takes room on a page, by itself or by its widgets.
fn is_visible(view: &View<'_>, field: &Field) -> bool {
    let own = takes_room(view, &field.dictionary);
    let kids = match view.value(&field.dictionary, b"Kids") {
        Some(Object::Array(kids)) => kids,
        _ => Vec::new(),
    };
    own || kids.iter().any(|kid| match view.resolved(kid) {
        Some(Object::Dictionary(kid)) => takes_room(view, &kid),
        _ => false,
    })
}

fn takes_room(view: &View<'_>, widget: &Dictionary) -> bool {
    let Some(Object::Array(corners)) = view.value(widget, b"Rect") else { return false };
    let numbers: Vec<f32> = corners.iter().filter_map(|corner| view.resolved(corner)?.as_float().ok()).collect();
    match numbers.as_slice() {
        [left, bottom, right, top] => (right - left) * (top - bottom) != 0.0,
        _ => true,
    }
}
