//! The traps that telephone numbers set, each by its name.

use proptest::prelude::*;

use super::*;

const MOBILE: &str = "+6281234567890";

fn number(raw: &str) -> Option<String> {
    parse(raw).0.map(|number| number.as_str().to_owned())
}

fn state(raw: &str) -> PhoneState {
    parse(raw).1
}

#[test]
fn every_spelling_of_a_mobile_number_is_the_same_number() {
    let spellings = [
        "0812-3456-7890",
        "+62 812 3456 7890",
        "62 812 3456 7890",
        "81234567890",
        "08 12 34 56 78 90",
        "+62-0812-3456-7890",
        "(+62) 812.3456.7890",
        "620812 3456 7890",
        "０８１２３４５６７８９０",
        "＋62 812 3456 7890",
        "0812\u{a0}3456\u{a0}7890",
    ];
    for raw in spellings {
        assert_eq!((number(raw).as_deref(), state(raw)), (Some(MOBILE), PhoneState::Mobile), "{raw:?}");
    }
}

#[test]
fn our_own_country_code_without_a_plus_is_not_an_area_code() {
    assert_eq!(number("62812345678").as_deref(), Some("+62812345678"));
}

#[test]
fn two_zeros_are_a_plus() {
    assert_eq!(number("0062812 3456 7890").as_deref(), Some(MOBILE));
    assert_eq!(
        (number("0060 12 345 6789").as_deref(), state("0060 12 345 6789")),
        (Some("+60123456789"), PhoneState::Foreign)
    );
}

#[test]
fn letters_that_touch_the_digits_are_no_number() {
    for raw in ["081xxxxxxx", "0812345678XX", "HP081234567890", "0812O4567890"] {
        assert_eq!((number(raw), state(raw)), (None, PhoneState::Invalid), "{raw:?}");
    }
}

#[test]
fn known_labels_are_left_away_and_unknown_words_are_not() {
    for raw in ["Tlp. 081234567890", "081234567890 (WA)", "No. HP: 081234567890", "WhatsApp 081234567890"] {
        assert_eq!(number(raw).as_deref(), Some(MOBILE), "{raw:?}");
    }
    assert_eq!(state("kantor 081234567890"), PhoneState::Invalid);
    assert_eq!(state("081234567890 ext 2"), PhoneState::Invalid);
}

#[test]
fn of_several_numbers_the_first_mobile_one_is_taken() {
    let several = [
        "081234567890/081398765432",
        "(061) 4567890, 081234567890",
        "-; 0812 3456 7890",
        "021 5551234 atau 081234567890",
        "081234567 & 081234567890 dan 081398765432",
    ];
    for raw in several {
        assert_eq!(number(raw).as_deref(), Some(MOBILE), "{raw:?}");
    }
    assert_eq!(state("0812345678/0813987654"), PhoneState::Mobile);
    assert_eq!(state("14022/(061) 4567890"), PhoneState::Landline, "the best of those that are there");
}

#[test]
fn landlines_are_told_from_mobiles() {
    for raw in ["(061) 4567890", "021 5551234", "+62 21 5551234", "0628-91234", "61 4567890"] {
        assert_eq!((number(raw), state(raw)), (None, PhoneState::Landline), "{raw:?}");
    }
}

#[test]
fn services_are_refused() {
    for raw in ["1500123", "14022", "0800 1 234567", "112", "0809 1000 000"] {
        assert_eq!((number(raw), state(raw)), (None, PhoneState::Service), "{raw:?}");
    }
}

#[test]
fn marks_for_nothing_are_no_error() {
    for raw in ["-", "0", "", "0000000000", "  ", "tidak ada", "000/000", "HP"] {
        assert_eq!((number(raw), state(raw)), (None, PhoneState::None), "{raw:?}");
    }
}

#[test]
fn numbers_that_are_too_short_or_too_long_are_invalid() {
    for raw in ["081234567", "08123456789012", "5551234", "12", "+62", "+6281234567", "0841234567", "+1234567"] {
        assert_eq!((number(raw), state(raw)), (None, PhoneState::Invalid), "{raw:?}");
    }
}

#[test]
fn numbers_of_other_countries_are_kept() {
    for (raw, expected) in [("+60 12-345 6789", "+60123456789"), ("+65 8123 4567", "+6581234567")] {
        assert_eq!((number(raw).as_deref(), state(raw)), (Some(expected), PhoneState::Foreign), "{raw:?}");
    }
    assert_eq!(state("+081234567890"), PhoneState::Invalid, "no country begins with 0");
    assert_eq!(state("0812+34567890"), PhoneState::Invalid, "a plus in the middle");
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
