//! What tests of the product may rely on, told on whole worlds.

use std::collections::{HashMap, HashSet};

use chrono::Datelike;
use serde_json::Value;

use super::db_value::{Cell, utf8};
use super::list::{Query, RowAt};
use super::options::Options;
use super::world::World;
use super::{base64, detail, truth};

fn options(permits: usize) -> Options {
    Options { permits, ..Options::default() }
}

fn permits(world: &World, options: &Options) -> Vec<Value> {
    truth::truth(world, options)["permits"].as_array().cloned().unwrap_or_default()
}

#[test]
fn there_are_as_many_permits_as_asked_for_and_always_the_same() {
    for count in [0, 1, 3, 500, 2_345] {
        let (options, again) = (options(count), options(count));
        let world = World::new(&options);
        let found = permits(&world, &options);
        assert_eq!(found.len(), count);
        let text = serde_json::from_str::<Value>(&truth::truth_text(&world, &options)).ok();
        assert_eq!(text, Some(truth::truth(&world, &options)));
        assert_eq!(found, permits(&World::new(&again), &again));
    }
}

#[test]
fn a_living_office_has_something_in_every_month_mobile_numbers_and_renewals() {
    let options = Options { living: true, ..options(500) };
    let world = World::new(&options);
    let found = permits(&world, &options);
    assert_eq!(found.len(), 500);
    let months = |ago: i32| {
        let month = options.today.year() * 12 + options.today.month0().cast_signed() + ago;
        format!("{}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
    };
    let begins = |name: &str, month: &str| {
        found.iter().any(|permit| permit[name].as_str().is_some_and(|day| day.starts_with(month)))
    };
    for ago in 0..12 {
        let (past, ahead) = (months(-ago), months(ago + 1));
        let (year, month) = past.split_once('-').expect("a month");
        let registered = format!("{month}{year}");
        assert!(
            found
                .iter()
                .any(|permit| permit["registration_number"].as_str().is_some_and(|text| text.ends_with(&registered))),
            "{past}"
        );
        assert!(begins("expiry_date", &ahead), "{ahead}");
    }
    let phones: Vec<&str> =
        world.issued.iter().flat_map(|one| &one.applicants).filter_map(|one| utf8(&one.phone)).collect();
    assert!(phones.iter().any(|phone| phone.starts_with("08360100")));
    assert!(phones.iter().all(|phone| !phone.contains("800")), "{phones:?}");
    let renewals = world.issued.iter().rev().take(15).filter(|one| {
        let name = utf8(&world.types[one.types[0]].name).expect("a name");
        name.starts_with("PERPANJANGAN ")
    });
    assert_eq!(renewals.count(), 15);
}

#[test]
fn one_query_over_everything_has_each_row_once_while_small_pages_overlap_and_miss() {
    let world = World::new(&options(2_000));
    let list = &world.issued_order;
    let all: HashSet<RowAt> = list.rows.iter().copied().collect();
    assert_eq!(all.len(), list.rows.len());
    for (number, limit) in [(0, list.rows.len()), (1, list.rows.len() + 1), (2, usize::MAX)] {
        let page = list.page(1, Query { number, limit, offset: 0 });
        assert_eq!(page.len(), all.len());
        assert_eq!(page.into_iter().collect::<HashSet<_>>(), all);
    }

    let mut walked = Vec::new();
    for number in 0.. {
        let page = list.page(1, Query { number, limit: 100, offset: walked.len() });
        walked.extend(page.iter().copied());
        if page.len() < 100 {
            break;
        }
    }
    assert_eq!(walked.len(), all.len());
    let seen: HashSet<RowAt> = walked.iter().copied().collect();
    let missed = all.len() - seen.len();
    assert!((10..400).contains(&missed), "{missed} rows missed, as many doubled");
}

#[test]
fn newest_comes_first_and_the_same_query_has_the_same_order() {
    let world = World::new(&options(500));
    let query = Query { number: 7, limit: 300, offset: 40 };
    let page = world.issued_order.page(1, query);
    assert_eq!(page, world.issued_order.page(1, query));
    assert_ne!(page, world.issued_order.page(1, Query { number: 8, ..query }));
    assert!(page.is_sorted_by_key(|at| std::cmp::Reverse(world.issued[at.application].day)));
    assert!(world.issued_order.page(1, Query { offset: 10_000, ..query }).is_empty());
    assert!(world.issued_order.page(1, Query { limit: 0, ..query }).is_empty());
}

#[test]
fn about_three_in_ten_numbered_permits_have_no_detail() {
    let options = options(5_000);
    let world = World::new(&options);
    let (mut numbered, mut without, mut by_code) = (0, 0, 0);
    for permit in permits(&world, &options).iter().filter(|permit| permit["permit_number"].is_string()) {
        numbered += 1;
        without += usize::from(permit["detail"].is_null());
        by_code += usize::from(permit["detail_by"] == "code");
    }
    let share = without * 100 / numbered;
    assert!((27..34).contains(&share), "{share} %");
    assert!(by_code > 20, "{by_code} found by their printed code only");
}

/// Asks as a careful client does: the shown number, then as a printed code; and finds what the truth says.
#[test]
fn a_detail_in_the_truth_can_be_found_with_the_shown_number() {
    let options = options(3_000);
    let world = World::new(&options);
    let mut not_first = 0;
    for permit in permits(&world, &options) {
        let Some(number) = permit["permit_number"].as_str() else {
            assert!(permit["detail"].is_null());
            continue;
        };
        let code = base64::encode(number.as_bytes());
        let is_it = |row: &super::wire_xml::Row<'_>| {
            let shown = truth::object(row);
            let stored = super::db_value::cell(shown["no_surat"].as_str().unwrap_or_default());
            shown["pendaftaran_id"] == permit["registration_number"]
                && super::db_value::fold(&super::db_value::shown(&stored)) == super::db_value::fold(number)
        };
        let first = detail::by_number(&world, &code).unwrap_or_default();
        let second = detail::by_code(&world, &code);
        let by = if first.iter().any(is_it) {
            not_first += usize::from(!is_it(&first[0]));
            Some("number")
        } else {
            second.iter().any(is_it).then_some("code")
        };
        assert_eq!(permit["detail_by"].as_str(), by, "{number}");
    }
    assert!(not_first > 10, "row 0 was the wrong one only {not_first} times");
}

#[test]
fn two_thousand_permits_hold_every_oddity_several_times() {
    let options = options(2_000);
    let world = World::new(&options);
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut note = |what: &'static str, is: bool| *counts.entry(what).or_default() += usize::from(is);
    for one in &world.issued {
        for applicant in &one.applicants {
            name_oddities(&applicant.name, &mut note);
            note("phone 0", utf8(&applicant.phone) == Some("0"));
            note("phone NULL", applicant.phone.is_none());
            note("two phones", utf8(&applicant.phone).is_some_and(|text| text.contains('/')));
            note("address not UTF-8", applicant.address.is_some() && utf8(&applicant.address).is_none());
        }
        for letter in &one.letters {
            number_oddities(&letter.number, &mut note);
            note("no printed code", letter.code.is_none());
            date_oddities(
                &letter.issued,
                ["issue NULL", "issue ''", "issue 0000", "issue with time", "issue d-m-Y"],
                &mut note,
            );
        }
        date_oddities(
            &one.expiry,
            ["expiry NULL", "expiry ''", "expiry 0000", "expiry with time", "expiry d-m-Y"],
            &mut note,
        );
        for far in ["1970-01-01", "2999-12-31", "1899-11-30", "31-02-2024"] {
            note(far, utf8(&one.expiry) == Some(far));
        }
        note("slashes", one.registration.contains('/'));
        note("leading zeros", one.registration.starts_with("000"));
        note("numbers", one.real_numbers().count() > 1);
        note("renumbered", one.letters.len() == 2 && one.real_numbers().count() == 1);
        note("applicants", one.applicants.len() > 1);
        note("types", one.types.len() > 1);
        note("types unnumbered", one.types.len() > 1 && one.real_numbers().count() == 0);
        note("type not listed", one.types.iter().any(|at| !world.types[*at].listed));
        note("villages", one.villages.len() > 1);
        note("no village", one.villages.is_empty());
        note("no company", one.company.is_none());
        note("no receipt", one.day == 0);
    }
    note("same number", world.by_number.values().filter(|at| at.len() > 1).count() > 2);
    let registrations: HashSet<&str> = world.issued.iter().map(|one| one.registration.as_str()).collect();
    let repeated = world.issued.len() - registrations.len();
    for permit in permits(&world, &options) {
        note("before issue", permit["expiry_note"] == "before_issue");
        note("lossy", permit["lossy"] == true);
    }
    let rare: Vec<_> = counts.iter().filter(|(what, count)| **count < 3 && **what != "same number").collect();
    assert!(rare.is_empty() && counts["same number"] == 1 && repeated > 2, "{rare:?} {counts:?} {repeated}");
}

fn name_oddities(name: &Cell, note: &mut impl FnMut(&'static str, bool)) {
    let Some(text) = utf8(name) else {
        note("name NULL", name.is_none());
        note("name not UTF-8", name.is_some());
        return;
    };
    for part in ["é", "“", "–", "²", "°", "\u{a0}", "  ", "&amp;", "&quot;", " & ", "<", "\u{b}", "\r\n", "😀", "例"]
    {
        note(part, text.contains(part));
    }
    for whole in ["0", "-", ""] {
        note(if whole.is_empty() { "name ''" } else { whole }, text == whole);
    }
}

fn number_oddities(number: &Cell, note: &mut impl FnMut(&'static str, bool)) {
    let Some(text) = utf8(number) else {
        return note("number NULL", number.is_none());
    };
    note("number ''", text.is_empty());
    note("number 0", text == "0");
    note("number -", text == "-");
    for (what, part) in [
        ("template", "/YYY/KK"),
        ("template XXX", "/XXX/"),
        ("number with dots", "503."),
        ("number with double blank", "  "),
        ("number with NBSP", "\u{a0}"),
        ("number with control", "\u{b}"),
        ("number with quote", "'"),
        ("number in lower case", "cth/"),
    ] {
        note(what, text.contains(part));
    }
    note("number with edge blanks", text.starts_with(' ') || text.ends_with(' '));
    let code = base64::encode(text.as_bytes());
    note("code with + and /", code.contains('+') && code.contains('/'));
}

fn date_oddities(date: &Cell, names: [&'static str; 5], note: &mut impl FnMut(&'static str, bool)) {
    let text = utf8(date);
    note(names[0], date.is_none());
    note(names[1], text == Some(""));
    note(names[2], text == Some("0000-00-00"));
    note(names[3], text.is_some_and(|text| text.ends_with(" 00:00:00")));
    note(names[4], text.is_some_and(|text| text.as_bytes().get(2) == Some(&b'-')));
}

#[test]
fn a_hundred_thousand_permits_are_made_and_listed() {
    let world = World::new(&options(100_000));
    for number in 0..1_000 {
        let offset = usize::try_from(number * 100).unwrap_or_default();
        assert_eq!(world.issued_order.page(1, Query { number, limit: 100, offset }).len(), 100);
    }
}

#[test]
fn an_office_goes_on_working() {
    let options = options(800);
    let mut world = World::new(&options);
    assert_eq!(super::change::issue(&mut world, 25).len(), world.issued.len() - World::new(&options).issued.len());
    assert_eq!(permits(&world, &options).len(), 825);
    for what in [super::What::Expiry, super::What::Applicant, super::What::NumberCase, super::What::IssueDate] {
        let changed = super::change::change(&mut world, what, 9);
        assert_eq!(changed.len(), 9);
        assert!(changed.iter().all(|change| change["from"] != change["to"]), "{changed:?}");
    }
    let numbered =
        |world: &World| permits(world, &options).iter().filter(|permit| permit["permit_number"].is_string()).count();
    let before = numbered(&world);
    super::change::number(&mut world, 5);
    assert_eq!(numbered(&world), before + 5);
    let applications = world.issued.len();
    assert_eq!(super::change::remove(&mut world, 40).len(), 40);
    assert_eq!(world.issued.len(), applications - 40);
}
