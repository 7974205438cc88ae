//! Changes to the world while it runs: what an office does between two synchronisations.

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

use super::db_value::{cell, is_real_number, shown, utf8};
use super::truth::raw;
use super::world::{Application, World};

/// Which column changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// `d_berlaku_izin` of applications that have a detail and a real number.
    Expiry,
    /// The first applicant's name.
    Applicant,
    /// Upper or lower case of a real number.
    NumberCase,
    /// `tgl_surat` of applications that have a detail and a real number.
    IssueDate,
}

/// Changes one column of up to `count` permits; says which, from what, to what.
pub fn change(world: &mut World, what: What, count: usize) -> Vec<Value> {
    let chosen = choose(world, count, |one| match what {
        What::Expiry | What::IssueDate => one.has_detail() && one.real_numbers().next().is_some(),
        What::Applicant => true,
        What::NumberCase => one.real_numbers().any(|number| number.contains(|c: char| c.is_ascii_alphabetic())),
    });
    let changed = chosen.into_iter().map(|at| change_one(world, what, at)).collect();
    world.reindex();
    changed
}

/// `count` new permits, received today.
pub fn issue(world: &mut World, count: usize) -> Vec<Value> {
    let before = world.issued.len();
    let today = world.generator.today;
    world.generator.fill(&world.types, &mut world.issued, count, Some(today));
    world.reindex();
    world.issued[before..].iter().map(|one| described(one, 0, "issued", &Value::Null, &Value::Null)).collect()
}

/// Gives real numbers to up to `count` applications that have none.
pub fn number(world: &mut World, count: usize) -> Vec<Value> {
    let chosen = choose(world, count, |one| !one.letters.is_empty() && one.real_numbers().next().is_none());
    let mut given = Vec::new();
    for at in chosen {
        let number = world.generator.plain_number();
        let letter = &mut world.issued[at].letters[0];
        let (from, to) = (raw(&letter.number), raw(&number));
        letter.number = number;
        given.push(described(&world.issued[at], 0, "number", &from, &to));
    }
    world.reindex();
    given
}

/// Takes up to `count` applications out of the list (a permit can leave it).
pub fn remove(world: &mut World, count: usize) -> Vec<Value> {
    let mut chosen = choose(world, count, |_| true);
    chosen.sort_unstable();
    let removed: Vec<Value> =
        chosen.iter().map(|at| described(&world.issued[*at], 0, "removed", &Value::Null, &Value::Null)).collect();
    let mut at = 0;
    world.issued.retain(|_| {
        at += 1;
        chosen.binary_search(&(at - 1)).is_err()
    });
    world.reindex();
    removed
}

fn change_one(world: &mut World, what: What, at: usize) -> Value {
    let days = world.generator.rng.i64(120..1_500);
    let fresh = (world.generator.today + TimeDelta::days(days)).to_string();
    let name = world.generator.plain_name();
    let one = &mut world.issued[at];
    let letter = one.letters.iter().position(|letter| is_real_number(&shown(&letter.number))).unwrap_or(0);
    let (place, to) = match what {
        What::Expiry => {
            let to = cell(other_than(&fresh, &one.expiry));
            (&mut one.expiry, to)
        }
        What::Applicant => (&mut one.applicants[0].name, cell(name)),
        What::NumberCase => {
            let number = &mut one.letters[letter].number;
            let text = utf8(number).unwrap_or_default();
            let lower = text.to_lowercase();
            let to = if lower == text { text.to_uppercase() } else { lower };
            (number, cell(to))
        }
        What::IssueDate => {
            let earlier = (world.generator.today - TimeDelta::days(days)).to_string();
            let issued = &mut one.letters[letter].issued;
            let to = cell(other_than(&earlier, issued));
            (issued, to)
        }
    };
    let (from, written) = (raw(place), raw(&to));
    *place = to;
    let named = match what {
        What::Expiry => "expiry",
        What::Applicant => "applicant",
        What::NumberCase => "number_case",
        What::IssueDate => "issue_date",
    };
    described(&world.issued[at], letter, named, &from, &written)
}

/// The text, or one that is not what stands there already.
fn other_than(text: &str, present: &super::db_value::Cell) -> String {
    if utf8(present) == Some(text) { text.replace("-0", "-1") } else { text.to_owned() }
}

/// Up to `count` positions of applications that fit, by chance.
fn choose(world: &mut World, count: usize, fits: impl Fn(&Application) -> bool) -> Vec<usize> {
    let mut all: Vec<usize> = (0..world.issued.len()).filter(|at| fits(&world.issued[*at])).collect();
    world.generator.rng.shuffle(&mut all);
    all.truncate(count);
    all
}

fn described(one: &Application, letter: usize, what: &str, from: &Value, to: &Value) -> Value {
    let number = one.letters.get(letter).map(|letter| shown(&letter.number)).filter(|number| is_real_number(number));
    json!({ "registration_number": one.registration, "permit_number": number, "what": what, "from": from, "to": to })
}
