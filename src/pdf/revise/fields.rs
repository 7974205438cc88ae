//! The form of a document, and the annotations of a page: where a new field is made known.

use super::Unrevisable;
use super::entries::{Entries, array_of, extended, items, name, number, reference};
use super::revision::Revision;
use super::strings::decoded;

/// More fields than any form of an office has.
const MOST_FIELDS: usize = 10_000;

/// "There are signatures", and "change this file by appending alone".
const FLAGS: u32 = 3;

/// Names that fields have, at the highest level; or that no field may come, because who certified the document, or locked it by
/// a signature, allows no change at all.
pub(super) fn names(revision: &Revision<'_>) -> Result<Vec<Vec<u8>>, Unrevisable> {
    let catalog = revision.entries(revision.catalog()?)?;
    let certified = within(revision, &catalog, "Perms")?.and_then(|perms| perms.get("DocMDP").map(<[u8]>::to_vec));
    if let Some(signature) = certified {
        check_signature(revision, &dictionary(revision, &signature)?)?;
    }
    let Some(form) = within(revision, &catalog, "AcroForm")? else { return Ok(Vec::new()) };
    let (mut names, mut waiting, mut left) = (Vec::new(), Vec::new(), MOST_FIELDS);
    push_all(revision, form.get("Fields"), true, &mut waiting)?;
    while let Some((field, is_highest)) = waiting.pop() {
        left = left.checked_sub(1).ok_or(Unrevisable::Unfit)?;
        let field = dictionary(revision, &field)?;
        if let Some(name) = field.get("T").filter(|_| is_highest) {
            names.push(decoded(&revision.objects.resolved(name).ok_or(Unrevisable::Unfit)?));
        }
        check_lock(revision, &field)?;
        push_all(revision, field.get("Kids"), false, &mut waiting)?;
    }
    Ok(names)
}

fn push_all(
    revision: &Revision<'_>,
    array: Option<&[u8]>,
    is_highest: bool,
    waiting: &mut Vec<(Vec<u8>, bool)>,
) -> Result<(), Unrevisable> {
    let Some(array) = array else { return Ok(()) };
    let array = revision.objects.resolved(array).ok_or(Unrevisable::Unfit)?;
    let all = items(&array).ok_or(Unrevisable::Unfit)?;
    waiting.extend(all.into_iter().map(|item| (item.to_vec(), is_highest)));
    Ok(())
}

/// A field that is signed may have locked the document.
fn check_lock(revision: &Revision<'_>, field: &Entries) -> Result<(), Unrevisable> {
    let is_signature = field.get("FT").and_then(name).is_some_and(|kind| kind == b"Sig");
    let Some(value) = field.get("V").filter(|_| is_signature) else { return Ok(()) };
    check_signature(revision, &dictionary(revision, value)?)?;
    match within(revision, field, "Lock")? {
        Some(lock) => check_level(revision, &lock),
        None => Ok(()),
    }
}

fn check_signature(revision: &Revision<'_>, signature: &Entries) -> Result<(), Unrevisable> {
    let Some(references) = signature.get("Reference") else { return Ok(()) };
    let references = revision.objects.resolved(references).ok_or(Unrevisable::Unfit)?;
    for item in items(&references).ok_or(Unrevisable::Unfit)? {
        let item = dictionary(revision, item)?;
        if item.get("TransformMethod").and_then(name).is_some_and(|method| method == b"DocMDP") {
            let parameters = within(revision, &item, "TransformParams")?.unwrap_or_else(Entries::none);
            check_level(revision, &parameters)?;
        }
    }
    Ok(())
}

/// At 1, nothing may change. What is not said is 2: forms may be filled in, and signed.
fn check_level(revision: &Revision<'_>, parameters: &Entries) -> Result<(), Unrevisable> {
    let level = match parameters.get("P") {
        Some(level) => revision.objects.resolved(level).as_deref().and_then(number),
        None => Some(2.0),
    };
    if level.is_some_and(|level| level > 1.5) { Ok(()) } else { Err(Unrevisable::Certified) }
}

/// Makes a field known to the form, which is made if there is none.
pub(super) fn add_to_form(revision: &mut Revision<'_>, field: u32) -> Result<(), Unrevisable> {
    let root = revision.catalog()?;
    let mut catalog = revision.entries(root)?;
    let Some(value) = catalog.get("AcroForm").map(<[u8]>::to_vec) else {
        let mut form = Entries::none();
        form.set("Fields", array_of(&[revision.reference(field)]));
        form.set("SigFlags", FLAGS.to_string().into_bytes());
        let form = revision.add(form.bytes());
        catalog.set("AcroForm", revision.reference(form));
        revision.set(root, catalog.bytes());
        return Ok(());
    };
    let own = reference(&value);
    let mut form = match own {
        Some(number) => revision.entries(number)?,
        None => Entries::parse(&value).ok_or(Unrevisable::Unfit)?,
    };
    if !extend(revision, &mut form, field)? {
        return Ok(());
    }
    if let Some(number) = own {
        revision.set(number, form.bytes());
    } else {
        catalog.set("AcroForm", form.bytes());
        revision.set(root, catalog.bytes());
    }
    Ok(())
}

/// Whether the form itself was changed, and not only its list that is an object of its own.
fn extend(revision: &mut Revision<'_>, form: &mut Entries, field: u32) -> Result<bool, Unrevisable> {
    let in_form = extend_list(revision, form, "Fields", field)?;
    let flags = match form.get("SigFlags") {
        Some(flags) => revision.objects.resolved(flags).as_deref().and_then(number).unwrap_or_default(),
        None => 0.0,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it has two bits, and others are lost in any case"
    )]
    let old = flags.clamp(0.0, 255.0) as u32;
    if old | FLAGS == old {
        return Ok(in_form);
    }
    form.set("SigFlags", (old | FLAGS).to_string().into_bytes());
    Ok(true)
}

/// Makes a widget known to a page.
pub(super) fn add_to_page(revision: &mut Revision<'_>, page: u32, widget: u32) -> Result<(), Unrevisable> {
    let mut entries = revision.entries(page)?;
    if extend_list(revision, &mut entries, "Annots", widget)? {
        revision.set(page, entries.bytes());
    }
    Ok(())
}

/// Makes every annotation an object of its own, as most programs do. Those that stand in the list itself cannot be told apart
/// when the list grows by the field of a later signature, and to pyHanko the earlier ones would no longer hold.
pub(super) fn set_annotations_apart(revision: &mut Revision<'_>) -> Result<(), Unrevisable> {
    for page in revision.pages().to_vec() {
        let mut entries = revision.entries(page)?;
        let Some(value) = entries.get("Annots") else { continue };
        let list = reference(value);
        let array = match list {
            Some(number) => revision.text(number)?.into_owned(),
            None => value.to_vec(),
        };
        let all = items(&array).ok_or(Unrevisable::Unfit)?;
        if all.iter().all(|item| reference(item).is_some()) {
            continue;
        }
        let mut apart = Vec::new();
        for item in all.into_iter().filter(|item| *item != b"null") {
            let number = if reference(item).is_none() { Some(revision.add(item.to_vec())) } else { None };
            apart.push(number.map_or_else(|| item.to_vec(), |number| revision.reference(number)));
        }
        if let Some(number) = list {
            revision.set(number, array_of(&apart));
        } else {
            entries.set("Annots", array_of(&apart));
            revision.set(page, entries.bytes());
        }
    }
    Ok(())
}

/// Whether the dictionary itself was changed.
fn extend_list(revision: &mut Revision<'_>, entries: &mut Entries, key: &str, item: u32) -> Result<bool, Unrevisable> {
    let item = revision.reference(item);
    let Some(value) = entries.get(key) else {
        entries.set(key, array_of(&[item]));
        return Ok(true);
    };
    if let Some(number) = reference(value) {
        let array = extended(&revision.text(number)?, &item).ok_or(Unrevisable::Unfit)?;
        revision.set(number, array);
        return Ok(false);
    }
    let array = extended(value, &item).ok_or(Unrevisable::Unfit)?;
    entries.set(key, array);
    Ok(true)
}

fn within(revision: &Revision<'_>, entries: &Entries, key: &str) -> Result<Option<Entries>, Unrevisable> {
    entries.get(key).map(|value| dictionary(revision, value)).transpose()
}

fn dictionary(revision: &Revision<'_>, value: &[u8]) -> Result<Entries, Unrevisable> {
    let value = revision.objects.resolved(value).ok_or(Unrevisable::Unfit)?;
    Entries::parse(&value).ok_or(Unrevisable::Unfit)
}
