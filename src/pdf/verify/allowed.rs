//! What may come after a signature without touching what was signed: further signatures and their fields, time-stamps,
//! certificates and lists for those who look later, and what programs note of themselves.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Object};

use super::super::pages;
use super::changes::{Step, differing, is_same};
use super::fields_after;
use super::report::Change;
use super::revision::{View, reference};

/// More pages are not walked.
const MOST_PAGES: u32 = 20_000;

/// Keys of the catalog that lead to what is looked at, or say which version of the standard the file keeps to.
const CATALOG: [&[u8]; 6] = [b"AcroForm", b"DSS", b"Metadata", b"Extensions", b"Version", b"MarkInfo"];

/// Keys of the information about a document that programs write by themselves.
const INFORMATION: [&[u8]; 3] = [b"ModDate", b"Producer", b"CreationDate"];

/// What a store of certificates and lists consists of.
const EVIDENCE: [&[u8]; 5] = [b"Type", b"VRI", b"Certs", b"CRLs", b"OCSPs"];
const EVIDENCE_OF_ONE: [&[u8]; 6] = [b"Type", b"Cert", b"CRL", b"OCSP", b"TU", b"TS"];

/// Explains what it can, and tells of it.
pub(super) fn follow(step: &mut Step<'_>) {
    let (Some(root), Some(old), Some(new)) = (step.old.revision.root(), step.old.catalog(), step.new.catalog()) else {
        return step.tell(Change::NotBuiltOn);
    };
    if differing(&old, &new).iter().all(|key| CATALOG.contains(&key.as_slice())) {
        step.explained.insert(root);
    }
    form(step, &old, &new);
    evidence(step, &old, &new);
    metadata(step, &old, &new);
    information(step);
    let changed_annotations = pages_after(step);
    fields_after::follow(step, &changed_annotations);
}

/// Both values of a key; where the object that it names has changed, that may be so.
fn both(step: &mut Step<'_>, key: &[u8], old: &Dictionary, new: &Dictionary) -> (Option<Object>, Option<Object>) {
    let (before, after) = (step.old.value(old, key), step.new.value(new, key));
    if let Some(number) = reference(new, key)
        && reference(old, key) == Some(number)
    {
        step.explain_if_used_once(number);
    }
    (before, after)
}

fn as_dictionary(object: Option<Object>) -> Dictionary {
    match object {
        Some(Object::Dictionary(dictionary)) => dictionary,
        _ => Dictionary::new(),
    }
}

/// Of the form as a whole, fields may be added.
fn form(step: &mut Step<'_>, old: &Dictionary, new: &Dictionary) {
    let had_form = step.old.value(old, b"AcroForm").is_some();
    let (before, after) = both(step, b"AcroForm", old, new);
    let (before, after) = (as_dictionary(before), as_dictionary(after));
    for key in differing(&before, &after) {
        let may_differ = match key.as_slice() {
            b"Fields" | b"DR" => true,
            // That there are signatures cannot be taken back.
            b"SigFlags" => flags(&after) & flags(&before) == flags(&before),
            b"DA" => !before.has(&key),
            b"Q" => !had_form,
            _ => false,
        };
        if !may_differ {
            step.tell(Change::Other { object: step.old.revision.root().unwrap_or(0) });
        }
    }
    // Fonts and their names, as signers bring them along.
    let (old_fonts, new_fonts) = both(step, b"DR", &before, &after);
    if !has_grown(step, &as_dictionary(old_fonts), &as_dictionary(new_fonts), 1) {
        step.tell(Change::Other { object: step.old.revision.root().unwrap_or(0) });
    }
    let (old_fields, new_fields) = both(step, b"Fields", &before, &after);
    let (old_fields, new_fields) = (items(old_fields), items(new_fields));
    let more = new_items(&old_fields, &new_fields);
    match more {
        Some(more) => fields_after::check_new(step, &more),
        None => step.tell(Change::Other { object: step.old.revision.root().unwrap_or(0) }),
    }
}

/// Whatever was there is there as it was; so many dictionaries deep, there may be more.
fn has_grown(step: &mut Step<'_>, old: &Dictionary, new: &Dictionary, depth: usize) -> bool {
    old.iter().all(|(key, before)| match new.get(key) {
        Ok(after) if is_same(before, after) && reference(old, key).is_none_or(|one| !step.changed.contains(&one)) => {
            true
        }
        Ok(_) if depth > 0 => match both(step, key, old, new) {
            (Some(Object::Dictionary(before)), Some(Object::Dictionary(after))) => {
                has_grown(step, &before, &after, depth - 1)
            }
            (before, after) => before == after,
        },
        _ => false,
    })
}

fn flags(form: &Dictionary) -> i64 {
    form.get(b"SigFlags").and_then(Object::as_i64).unwrap_or(0)
}

fn items(object: Option<Object>) -> Vec<Object> {
    match object {
        Some(Object::Array(items)) => items,
        _ => Vec::new(),
    }
}

/// What a list has more than before; none where it has lost something, or turned it round.
fn new_items(old: &[Object], new: &[Object]) -> Option<Vec<Object>> {
    let mut more = Vec::new();
    let mut old = old.iter().peekable();
    for item in new {
        if old.next_if(|before| *before == item).is_none() {
            more.push(item.clone());
        }
    }
    old.peek().is_none().then_some(more)
}

/// The store of certificates and lists may grow and shrink, and holds nothing else.
fn evidence(step: &mut Step<'_>, old: &Dictionary, new: &Dictionary) {
    let explained = step.explained.len();
    let (before, after) = both(step, b"DSS", old, new);
    let Some(after) = after else { return };
    let before = as_dictionary(before);
    let Object::Dictionary(after) = after else { return step.tell(Change::Other { object: 0 }) };
    let mut is_evidence = after.iter().all(|(key, _)| EVIDENCE.contains(&key.as_slice()));
    for key in [&b"Certs"[..], b"CRLs", b"OCSPs"] {
        let (_, list) = both(step, key, &before, &after);
        is_evidence &= items(list).iter().all(|item| is_stream(&step.new, item));
    }
    let (old_parts, new_parts) = both(step, b"VRI", &before, &after);
    let (old_parts, new_parts) = (as_dictionary(old_parts), as_dictionary(new_parts));
    for (key, _) in &new_parts {
        let (_, part) = both(step, key, &old_parts, &new_parts);
        let part = as_dictionary(part);
        is_evidence &= part.iter().all(|(key, _)| key == b"Type" || EVIDENCE_OF_ONE.contains(&key.as_slice()));
    }
    if !is_evidence {
        step.tell(Change::Other { object: reference(new, b"DSS").unwrap_or(0) });
    } else if before != after || step.explained.len() > explained {
        step.tell(Change::Evidence);
    }
}

fn is_stream(view: &View<'_>, item: &Object) -> bool {
    matches!(view.resolved(item), Some(Object::Stream(_)))
}

/// What is said of the document in a form for other programs. It is not on a page.
fn metadata(step: &mut Step<'_>, old: &Dictionary, new: &Dictionary) {
    if old.get(b"Metadata").ok() == new.get(b"Metadata").ok()
        && reference(new, b"Metadata").is_none_or(|number| !step.changed.contains(&number))
    {
        return;
    }
    let (_, after) = both(step, b"Metadata", old, new);
    let is_metadata = match after {
        Some(Object::Stream(stream)) => stream.dict.has_type(b"Metadata"),
        after => after.is_none(),
    };
    let change = if is_metadata { Change::Metadata } else { Change::Other { object: 0 } };
    step.tell(change);
}

fn information(step: &mut Step<'_>) {
    let (old, new) = (step.old.revision.document.trailer.clone(), step.new.revision.document.trailer.clone());
    let (before, after) = (step.old.value(&old, b"Info"), step.new.value(&new, b"Info"));
    let (before, Some(Object::Dictionary(after))) = (as_dictionary(before), after) else { return };
    let differing = differing(&before, &after);
    if differing.is_empty() {
        return;
    }
    if !differing.iter().all(|key| INFORMATION.contains(&key.as_slice())) {
        return step.tell(Change::Other { object: reference(&new, b"Info").unwrap_or(0) });
    }
    step.tell(Change::Metadata);
    // The trailer alone names it.
    if let Some(number) = reference(&new, b"Info")
        && reference(&old, b"Info") == Some(number)
        && !step.is_named(number)
    {
        step.explained.insert(number);
    }
}

/// Pages may have further annotations, which are told back, and nothing else.
fn pages_after(step: &mut Step<'_>) -> Vec<Object> {
    let mut more = Vec::new();
    // The walk is for those who have something to find.
    if step.changed.iter().all(|number| step.explained.contains(number)) {
        return more;
    }
    let old = step.old.revision;
    let Ok(pages) = pages::pages(&old.document, &old.found, &step.old.shelf, MOST_PAGES) else { return more };
    let pages: BTreeSet<u32> = pages.into_iter().collect();
    let has_lists = step.changed.iter().any(|number| matches!(step.old.object(*number), Some(Object::Array(_))));
    for number in pages {
        if !step.changed.contains(&number) && !has_lists {
            continue;
        }
        let (Some(before), Some(after)) = (step.old.dictionary(number), step.new.dictionary(number)) else { continue };
        let differing = differing(&before, &after);
        if !differing.iter().all(|key| key == b"Annots") {
            continue;
        }
        let has_list = reference(&before, b"Annots").is_some_and(|list| step.changed.contains(&list));
        if differing.is_empty() && !has_list {
            continue;
        }
        let (old_list, new_list) = both(step, b"Annots", &before, &after);
        match new_items(&items(old_list), &items(new_list)) {
            Some(items) => {
                step.explained.insert(number);
                more.extend(items);
            }
            None => step.tell(Change::Other { object: number }),
        }
    }
    more
}
