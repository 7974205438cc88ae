//! The traps that telephone numbers set.

use proptest::prelude::*;

use super::*;
use crate::domain::vectors;

/// As the examples write it: the kind, and the number where WhatsApp can reach it. They name that of a landline or a
/// service, too, by which the addon compares it.
fn said(raw: &str) -> String {
    let (number, state) = parse(raw);
    let number = number.map(|number| format!(" {}", number.as_str())).unwrap_or_default();
    format!("{}{number}", state.as_str())
}

#[test]
fn numbers_are_read_as_the_examples_say() {
    for kind in ["phone", "phones"] {
        for (raw, right, why) in vectors::of(kind) {
            let (kind, _) = right.split_once(' ').unwrap_or((right.as_str(), ""));
            let right = if ["landline", "service"].contains(&kind) { kind } else { right.as_str() };
            assert_eq!(said(&raw), right, "{raw:?}: {why}");
        }
    }
}

fn is_e164(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (8..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
}

proptest! {
    #[test]
    fn any_text_is_read_and_a_number_is_always_in_the_international_form(raw in "\\PC*") {
        check(&raw)?;
    }

    #[test]
    fn text_that_looks_like_numbers_is_read_too(raw in "[-+0-9 ().,/&;aWx０-９]{0,24}") {
        check(&raw)?;
    }

    #[test]
    fn whatever_stands_behind_or_before_a_number_never_makes_another_one_of_it(
        national in "8[1-35-9][0-9]{7,10}",
        spelling in 0..5_usize,
        mark in "[ .,(#:;/]{1,3}|ext|x| - ",
        other in "[0-9]{1,4}",
        place in "[0-9]{1,2}|00[1-9]",
        before in any::<bool>(),
    ) {
        let (head, tail) = national.split_at(3);
        let (middle, end) = tail.split_at(tail.len() / 2);
        let number = match spelling {
            0 => format!("0{national}"),
            1 => national.clone(),
            2 => format!("+62{national}"),
            3 => format!("0{head}-{middle}-{end}"),
            _ => format!("+62 {head} {tail}"),
        };
        let raw = if before {
            format!("{place}{mark}{number}")
        } else {
            format!("{number}{mark}{other}")
        };
        if let (Some(read), _) = parse(&raw) {
            prop_assert_eq!(read.as_str(), format!("+62{national}"), "{:?}", raw);
        }
    }
}

/// A number that was read is read again as itself, and only mobile and foreign ones are numbers.
fn check(raw: &str) -> Result<(), TestCaseError> {
    let (number, state) = parse(raw);
    prop_assert_eq!(number.is_some(), matches!(state, PhoneState::Mobile | PhoneState::Foreign));
    if let Some(number) = number {
        prop_assert!(is_e164(number.as_str()), "{:?}", number);
        prop_assert_eq!(parse(number.as_str()), (Some(number), state));
    }
    Ok(())
}
