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
        if field.name.is_empty() || step.old_fields.iter().any(|old| old.name == field.name) {
            step.tell(Change::Other { object: number });
        }
        let is_visible = is_visible(step, &field.name);
        let change = match (filled(step, &field.dictionary), is_visible) {
            (Filled::Not, false) => Change::EmptyField { field: field.name },
            (Filled::ByTimeStamp, false) => Change::TimeStamp { field: field.name },
            (Filled::BySignature, _) => Change::Signature { field: field.name, is_new: true, is_visible },
            // What it shows covers a page, and nobody who has a name answers for it.
            (Filled::Not | Filled::ByTimeStamp, true) | (Filled::Otherwise, _) => Change::Other { object: number },
        };
        step.tell(change);
    }
}

/// Fields that were there before, and the annotations that pages have more.
pub(super) fn follow(step: &mut Step<'_>, annotations: &[Object]) {
    for item in annotations {
        let number = item.as_reference().map_or(0, |id| id.0);
        let mut fields = step.new_fields.iter();
        let is_widget = fields.any(|field| {
            let is_widget =
                field.dictionary.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Widget");
            field.number == number && field.is_signature && is_widget && !acts(&field.dictionary)
        });
        if !is_widget || !step.added.contains(&number) {
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
    let (field, is_visible) = (new.name.clone(), is_visible(step, &new.name));
    match filled(step, &new.dictionary) {
        Filled::ByTimeStamp if !is_visible => Some(Change::TimeStamp { field }),
        Filled::BySignature => Some(Change::Signature { field, is_new: false, is_visible }),
        Filled::Not | Filled::ByTimeStamp | Filled::Otherwise => None,
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

/// How a field is filled.
enum Filled {
    Not,
    BySignature,
    ByTimeStamp,
    /// By a signature that was there before, or that another field has, too: it would show that where nobody has signed.
    Otherwise,
}

fn filled(step: &Step<'_>, field: &Dictionary) -> Filled {
    let Some(value) = step.new.value(field, b"V") else { return Filled::Not };
    let Object::Dictionary(value) = value else { return Filled::Otherwise };
    if let Some(number) = reference(field, b"V") {
        let fields = step.new_fields.iter().filter(|other| reference(&other.dictionary, b"V") == Some(number));
        if !step.added.contains(&number) || fields.count() > 1 {
            return Filled::Otherwise;
        }
    }
    let named = |key: &[u8]| step.new.value(&value, key).and_then(|name| name.as_name().ok().map(<[u8]>::to_vec));
    let is_stamp = named(b"SubFilter").as_deref() == Some(b"ETSI.RFC3161");
    if is_stamp { Filled::ByTimeStamp } else { Filled::BySignature }
}

/// It does something when it is pressed or looked at.
fn acts(field: &Dictionary) -> bool {
    field.has(b"A") || field.has(b"AA")
}

/// It takes room on a page, by itself or by whatever stands below it.
fn is_visible(step: &Step<'_>, name: &str) -> bool {
    let is_of_it =
        |field: &&Field| field.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    step.new_fields.iter().filter(is_of_it).any(|field| takes_room(&step.new, &field.dictionary))
}

fn takes_room(view: &View<'_>, widget: &Dictionary) -> bool {
    let Some(Object::Array(corners)) = view.value(widget, b"Rect") else { return false };
    let numbers: Vec<f32> = corners.iter().filter_map(|corner| view.resolved(corner)?.as_float().ok()).collect();
    match numbers.as_slice() {
        [left, bottom, right, top] => (right - left) * (top - bottom) != 0.0,
        _ => true,
    }
}
