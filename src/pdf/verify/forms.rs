//! The fields of a form, and the signatures of a file: those that stand in fields, and those that stand elsewhere.

use std::collections::HashSet;

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use lopdf::{Dictionary, Object};

use super::reason::Reason;
use super::revision::{View, reference};

/// A permit has less; each is read from the file by itself.
const MOST_FIELDS: usize = 2000;

/// A field, or a place on a page where it is shown.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub number: u32,
    /// With those of the fields above.
    pub name: String,
    pub is_signature: bool,
    pub dictionary: Dictionary,
}

/// A signature as it stands in the file.
pub(super) struct Standing {
    /// The object that holds it.
    pub number: u32,
    /// None where it is in no field.
    pub field: Option<String>,
    pub dictionary: Dictionary,
}

/// Every field of the form, and every widget of it.
pub(super) fn fields(view: &View<'_>) -> Result<Vec<Field>, Reason> {
    let form = view.catalog().and_then(|catalog| view.inner(&catalog, b"AcroForm")).unwrap_or_default();
    let mut waiting = Vec::new();
    push_all(&mut waiting, view.value(&form, b"Fields"), "", false);
    let (mut fields, mut seen) = (Vec::new(), HashSet::new());
    while let Some((number, above, inherited)) = waiting.pop() {
        if !seen.insert(number) {
            continue;
        }
        if seen.len() > MOST_FIELDS {
            return Err(Reason::TooComplex);
        }
        let Some(dictionary) = view.dictionary(number) else { continue };
        let own = view.value(&dictionary, b"T").map(|name| text(&name));
        let name = match own {
            Some(own) if above.is_empty() => own,
            Some(own) => format!("{above}.{own}"),
            None => above,
        };
        let kind = view.value(&dictionary, b"FT");
        let is_signature = kind.map_or(inherited, |kind| kind.as_name().is_ok_and(|kind| kind == b"Sig"));
        push_all(&mut waiting, view.value(&dictionary, b"Kids"), &name, is_signature);
        fields.push(Field { number, name, is_signature, dictionary });
    }
    Ok(fields)
}

fn push_all(waiting: &mut Vec<(u32, String, bool)>, items: Option<Object>, above: &str, inherited: bool) {
    if let Some(Object::Array(items)) = items {
        let numbers = items.iter().rev().filter_map(|item| item.as_reference().ok());
        waiting.extend(numbers.map(|id| (id.0, above.to_owned(), inherited)));
    }
}

/// The signatures that fields hold, and whatever else looks like one.
pub(super) fn signatures(view: &View<'_>) -> Result<Vec<Standing>, Reason> {
    let (mut standing, mut seen) = (Vec::new(), HashSet::new());
    for field in fields(view)?.iter().filter(|field| field.is_signature) {
        let number = reference(&field.dictionary, b"V").unwrap_or(field.number);
        let value = field.dictionary.get(b"V").ok().filter(|value| !value.is_null());
        let Some(value) = value else { continue };
        // One that leads to nothing is one that lacks everything.
        let dictionary = match view.resolved(value) {
            Some(Object::Dictionary(dictionary)) => dictionary,
            Some(Object::Null) => continue,
            _ => Dictionary::new(),
        };
        if seen.insert(number) {
            standing.push(Standing { number, field: Some(field.name.clone()), dictionary });
        }
    }
    seen.extend(usage_rights(view));
    let table = &view.revision.document.reference_table;
    let found = view.revision.found.signatures.iter().chain(&view.revision.found.signed_fields);
    for place in found.filter(|place| place.is_current(table)) {
        if seen.insert(place.number) {
            let dictionary = view.dictionary(place.number).unwrap_or_default();
            standing.push(Standing { number: place.number, field: None, dictionary });
        }
    }
    Ok(standing)
}

/// What a maker of programs signs so that its own reader does more with the file. It speaks for nobody.
fn usage_rights(view: &View<'_>) -> Vec<u32> {
    let permissions = view.catalog().and_then(|catalog| view.inner(&catalog, b"Perms")).unwrap_or_default();
    [&b"UR"[..], b"UR3"].iter().filter_map(|key| reference(&permissions, key)).collect()
}

/// What a signer wrote into his signature.
pub(super) fn said(view: &View<'_>, signature: &Dictionary, key: &[u8]) -> Option<String> {
    view.value(signature, key).map(|value| text(&value)).filter(|text| !text.is_empty())
}

/// A text, as people read it.
pub(super) fn text(object: &Object) -> String {
    let text = lopdf::decode_text_string(object).unwrap_or_default();
    let is_plain = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(is_plain).take(200).collect()
}

/// `D:20261129103015+07'00'`; what is left out is zero, and the first of January.
pub(super) fn date(object: &Object) -> Option<DateTime<Utc>> {
    let text = text(object);
    let text = text.strip_prefix("D:").unwrap_or(&text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (said, zone) = text.split_at_checked(digits.min(14))?;
    let whole = format!("{said}{}", "00000101000000".get(said.len()..)?);
    let local = NaiveDateTime::parse_from_str(&whole, "%Y%m%d%H%M%S").ok()?.and_utc();
    let mut numbers = zone.get(1..).unwrap_or_default().split('\'').map(|part| part.parse::<i64>().unwrap_or(0));
    let hours = numbers.next().unwrap_or(0).clamp(0, 23);
    let minutes = numbers.next().unwrap_or(0).clamp(0, 59);
    let shift = Duration::minutes(hours * 60 + minutes);
    match zone.bytes().next() {
        Some(b'+') => local.checked_sub_signed(shift),
        Some(b'-') => local.checked_add_signed(shift),
        _ => Some(local),
    }
}

/// What a certification allows to be changed, and which fields a signature locks.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    pub certifies: Option<u8>,
    lock: Option<Lock>,
}

#[derive(Debug, Clone)]
struct Lock {
    names: Vec<String>,
    /// All fields but those.
    is_exclusive: bool,
}

impl Rules {
    pub(super) fn of(view: &View<'_>, signature: &Dictionary) -> Self {
        let mut rules = Self::default();
        let Some(Object::Array(references)) = view.value(signature, b"Reference") else { return rules };
        for reference in references.iter().filter_map(|reference| view.resolved(reference)) {
            let Object::Dictionary(reference) = reference else { continue };
            let parameters = view.inner(&reference, b"TransformParams").unwrap_or_default();
            let Some(Object::Name(method)) = view.value(&reference, b"TransformMethod") else { continue };
            match method.as_slice() {
                b"DocMDP" => {
                    let allowed = view.value(&parameters, b"P").and_then(|allowed| allowed.as_i64().ok()).unwrap_or(2);
                    // Whatever is not in the standard allows nothing.
                    rules.certifies = Some(u8::try_from(allowed).ok().filter(|one| (1..=3).contains(one)).unwrap_or(1));
                }
                b"FieldMDP" => {
                    let names = match view.value(&parameters, b"Fields") {
                        Some(Object::Array(names)) => names.iter().map(text).collect(),
                        _ => Vec::new(),
                    };
                    let action =
                        view.value(&parameters, b"Action").and_then(|name| name.as_name().ok().map(<[u8]>::to_vec));
                    rules.lock = Some(match action.as_deref() {
                        Some(b"Include") => Lock { names, is_exclusive: false },
                        Some(b"Exclude") => Lock { names, is_exclusive: true },
                        _ => Lock { names: Vec::new(), is_exclusive: true },
                    });
                }
                _ => {}
            }
        }
        rules
    }

    pub(super) fn locks(&self, field: &str) -> bool {
        self.lock.as_ref().is_some_and(|lock| {
            let is_named = lock.names.iter().any(|name| {
                field.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            });
            is_named != lock.is_exclusive
        })
    }
}
