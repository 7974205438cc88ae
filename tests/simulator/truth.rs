//! What a perfect reader would make of the world: permits grouped by the product's identity rule, for tests to
//! compare with. A permit is (registration, real number), else (registration, type); an unnumbered row is left out
//! when a numbered permit of that registration and type exists.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::base64;
use super::db_value::{Cell, careful_date, fold, is_lossy, is_placeholder, is_real_number, shown, utf8};
use super::detail;
use super::list::{RowAt, issued_row};
use super::options::Options;
use super::types::PermitType;
use super::wire_xml::{Field, Row};
use super::world::{LetterAt, World, collation_key};

/// One permit while it is put together.
struct Permit {
    registration: String,
    number: Option<String>,
    /// The first type; the only one of a permit without a number.
    kind: usize,
    letters: Vec<LetterAt>,
    types: Vec<String>,
    applicants: Vec<String>,
    lossy: bool,
}

/// `{"permits":[…],"types":[…],"list_rows":n}`.
pub fn truth(world: &World, options: &Options) -> Value {
    let permits: Vec<Value> = permits(world).iter().map(|permit| describe(world, options, permit)).collect();
    json!({ "permits": permits, "types": types(world), "list_rows": world.issued_order.rows.len() })
}

/// The same as text, made permit by permit: a large world as one [`Value`] would take a gigabyte.
pub fn truth_text(world: &World, options: &Options) -> String {
    let mut out = String::from("{\"permits\":[");
    for (at, permit) in permits(world).iter().enumerate() {
        out.push_str(if at > 0 { ",\n" } else { "" });
        out.push_str(&describe(world, options, permit).to_string());
    }
    let rows = world.issued_order.rows.len();
    out + &format!("],\"types\":{},\"list_rows\":{rows}}}", types(world))
}

/// The listed types as a perfect reader shows them.
fn types(world: &World) -> Value {
    let number = |cell: &Cell| utf8(cell).and_then(|text| text.parse::<u32>().ok());
    let one = |kind: &PermitType| json!({ "id": kind.id, "name": shown(&kind.name), "group": shown(&kind.group), "days": number(&kind.days) });
    world.types.iter().filter(|kind| kind.listed).map(one).collect()
}

/// The raw list rows, in an order of the simulator's own; a value that is not UTF-8 is null and makes the row lossy.
pub fn rows(world: &World, options: &Options) -> Value {
    let mut all = world.issued_order.rows.clone();
    all.sort_unstable();
    all.iter().map(|at| Value::Object(object(&issued_row(world, *at, options.list_has_expiry)))).collect()
}

fn permits(world: &World) -> Vec<Permit> {
    let names: Vec<String> = world.types.iter().map(|kind| shown(&kind.name)).collect();
    let same: Vec<usize> = (0..names.len()).map(|kind| same_name(&names, kind)).collect();
    let mut found: Vec<Permit> = Vec::new();
    let mut keys: HashMap<(String, String), usize> = HashMap::new();
    let mut numbered_types: HashSet<(&str, usize)> = HashSet::new();
    for (at, one) in world.issued.iter().enumerate() {
        for (nth, letter) in one.letters.iter().enumerate() {
            let number = Some(shown(&letter.number)).filter(|number| is_real_number(number));
            for kind in &one.types {
                let key = number.as_ref().map_or_else(|| format!("type {}", fold(&names[*kind])), |n| fold(n));
                let place = *keys.entry((one.registration.clone(), key)).or_insert(found.len());
                if place == found.len() {
                    found.push(Permit {
                        registration: one.registration.clone(),
                        number: number.clone(),
                        kind: same[*kind],
                        letters: Vec::new(),
                        types: Vec::new(),
                        applicants: Vec::new(),
                        lossy: false,
                    });
                }
                let permit = &mut found[place];
                if !permit.letters.contains(&(at, nth)) {
                    permit.letters.push((at, nth));
                }
                add_new(&mut permit.types, &names[*kind]);
                for applicant in &one.applicants {
                    permit.lossy |= is_lossy(&applicant.name);
                    add_new(&mut permit.applicants, &shown(&applicant.name));
                }
                if number.is_some() {
                    numbered_types.insert((&one.registration, same[*kind]));
                }
            }
        }
    }
    found.retain(|one| one.number.is_some() || !numbered_types.contains(&(one.registration.as_str(), one.kind)));
    found
}

/// Adds a text that is no placeholder unless it stands there already, but for case.
fn add_new(texts: &mut Vec<String>, text: &str) {
    if !is_placeholder(text) && !texts.iter().any(|known| fold(known) == fold(text)) {
        texts.push(text.to_owned());
    }
}

/// The first type of the same shown name.
fn same_name(names: &[String], kind: usize) -> usize {
    names.iter().position(|name| fold(name) == fold(&names[kind])).unwrap_or(kind)
}

fn describe(world: &World, options: &Options, permit: &Permit) -> Value {
    let first = permit.letters[0];
    let found = best_detail(world, permit);
    let detail = found.as_ref().map(|(at, _)| object(&detail::row(world, &world.issued[at.application], *at, 0)));
    let letter = found.as_ref().map_or(first, |(at, _)| (at.application, at.letter));
    let visible = options.list_has_expiry || found.is_some();
    let expiry = Some(&world.issued[letter.0].expiry).filter(|_| visible);
    let issued = found.as_ref().map(|_| &world.issued[letter.0].letters[letter.1].issued);
    let issue_date = issued.and_then(|cell| careful_date(utf8(cell)?));
    let (expiry_date, expiry_note) = expiry.map_or((None, "not_seen"), |cell| careful_expiry(cell, issue_date));
    let lossy_detail = detail.as_ref().is_some_and(|columns| columns.contains_key("lossy"));
    let mut out = json!({
        "registration_number": permit.registration,
        "permit_number": permit.number,
        "number_raw": raw(&world.issued[first.0].letters[first.1].number),
        "types": permit.types,
        "applicants": permit.applicants,
        "detail": detail,
        "detail_by": found.as_ref().map(|(_, by)| *by),
        "issue_date": issue_date,
        "expiry_date": expiry_date,
        "expiry_raw": expiry.map(raw),
        "expiry_note": expiry_note,
    });
    if (permit.lossy || lossy_detail)
        && let Some(map) = out.as_object_mut()
    {
        map.insert("lossy".to_owned(), true.into());
    }
    out
}

/// The date, and what is to be said of it. Before the issue, or out of 1990–2100: not a date to act on.
fn careful_expiry(cell: &Cell, issued: Option<NaiveDate>) -> (Option<NaiveDate>, &'static str) {
    let text = utf8(cell).unwrap_or_default();
    match careful_date(text) {
        Some(date) if issued.is_some_and(|issued| date < issued) => (None, "before_issue"),
        Some(date) => (Some(date), "ok"),
        None if matches!(text, "" | "0000-00-00") => (None, "none"),
        None => (None, "implausible"),
    }
}

/// The detail row that a careful client chooses: this registration and number, the latest issue date; and the lookup
/// that finds it when the shown number is asked for, `number` first and `code` second.
fn best_detail(world: &World, permit: &Permit) -> Option<(RowAt, &'static str)> {
    let number = permit.number.as_ref()?;
    let code = base64::encode(number.as_bytes());
    let found_by = |(application, letter): LetterAt| {
        let one = &world.issued[application];
        let stored = one.letters[letter].number.as_deref().unwrap_or_default();
        if !one.has_detail() {
            None
        } else if !number.contains('\'') && collation_key(stored) == collation_key(number.as_bytes()) {
            Some("number")
        } else {
            one.letters[letter].code.as_ref().filter(|own| **own == code).map(|_| "code")
        }
    };
    let issued = |at: LetterAt| careful_date(utf8(&world.issued[at.0].letters[at.1].issued)?);
    permit
        .letters
        .iter()
        .filter_map(|at| found_by(*at).map(|by| (*at, by)))
        .reduce(|best, next| if issued(next.0) > issued(best.0) { next } else { best })
        .map(|(at, by)| (RowAt { application: at.0, letter: at.1, applicant: 0, kind: 0 }, by))
}

/// A row as JSON: NULL is null, text is raw; what is not UTF-8 is null and adds `"lossy": true`.
pub fn object(row: &Row<'_>) -> Map<String, Value> {
    let mut out = Map::new();
    for (name, field) in row {
        let value = match field {
            Field::Text(cell) => {
                if is_lossy(cell) {
                    out.insert("lossy".to_owned(), true.into());
                }
                raw(cell)
            }
            Field::Own(own) => own.as_str().into(),
            Field::Number(number) => (*number).into(),
        };
        out.insert((*name).to_owned(), value);
    }
    out
}

/// Text as stored; NULL and what is not UTF-8 are null.
pub fn raw(cell: &Cell) -> Value {
    utf8(cell).map_or(Value::Null, Value::from)
}
