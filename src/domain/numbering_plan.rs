//! Which digits are a telephone number, and of what kind: Indonesia's numbering plan, and what is known of others.

/// A number in the international form, such as `+6283601000123`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct E164(String);

impl E164 {
    /// The text: `+` and 8 to 15 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What kind of number it is, and so why there is one for WhatsApp, or none. The words are stored in Odoo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneState {
    /// An Indonesian mobile number.
    Mobile,
    /// A number of another country.
    Foreign,
    /// An Indonesian landline.
    Landline,
    /// A short, toll-free or premium number.
    Service,
    /// Something that is no number, or more than one may be read in it.
    Invalid,
    None,
}

impl PhoneState {
    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Foreign => "foreign",
            Self::Landline => "landline",
            Self::Service => "service",
            Self::Invalid => "invalid",
            Self::None => "none",
        }
    }
}

/// The number, where WhatsApp can reach it, and its kind.
pub(super) type Found = (Option<E164>, PhoneState);

pub(super) const INVALID: Found = (None, PhoneState::Invalid);

/// Digits of a foreign number with its country code: none that is carried about is longer.
const FOREIGN: std::ops::RangeInclusive<usize> = 8..=13;

/// Countries whose numbers have these lengths only. Of +8… only mobile numbers are taken: that is where an
/// Indonesian one lands whose 62 was forgotten (`+812…`).
const KNOWN_ABROAD: [(&str, usize, usize); 20] = [
    ("1", 11, 11),
    ("7", 11, 11),
    ("60", 10, 12),
    ("65", 10, 10),
    ("8170", 12, 12),
    ("8180", 12, 12),
    ("8190", 12, 12),
    ("8210", 12, 12),
    ("84", 11, 12),
    ("8524", 11, 11),
    ("8525", 11, 11),
    ("8526", 11, 11),
    ("8527", 11, 11),
    ("8529", 11, 11),
    ("8536", 11, 11),
    ("855", 11, 12),
    ("85620", 13, 13),
    ("861", 13, 13),
    ("8801", 13, 13),
    ("8869", 12, 12),
];

/// What these digits are; `plus` says that a `+` stands before them.
pub(super) fn number(plus: bool, digits: &str) -> Found {
    if plus {
        return international(digits);
    }
    match digits.strip_prefix("00") {
        Some(rest) if is_dialled_at_home(rest) => INVALID,
        Some(rest) => international(rest),
        None => domestic(digits),
    }
}

/// With its country code.
fn international(digits: &str) -> Found {
    if let Some(national) = digits.strip_prefix("62") {
        return indonesian(national.strip_prefix('0').unwrap_or(national));
    }
    let known = KNOWN_ABROAD.iter().find(|(prefix, ..)| digits.starts_with(prefix));
    let fits = match known {
        Some((_, least, most)) => (*least..=*most).contains(&digits.len()),
        None => !digits.starts_with(['0', '8']) && FOREIGN.contains(&digits.len()),
    };
    if fits { (Some(E164(format!("+{digits}"))), PhoneState::Foreign) } else { INVALID }
}

/// Whether what stands behind two zeros may be an Indonesian number: `00812…` is 0812… with a zero too many or
/// Japan, `00862812…` is 008, a carrier's prefix, or China, `0020812…` is a place in a list and 0812…, or Egypt.
fn is_dialled_at_home(rest: &str) -> bool {
    let rest = rest.as_bytes();
    let national = rest.get(1..).and_then(|behind| match behind {
        [b'6', b'2', b'0', national @ ..] | [b'6', b'2', national @ ..] | [b'0', national @ ..] => Some(national),
        _ => None,
    });
    is_mobile(rest) || national.is_some_and(is_mobile)
}

/// As it is dialled in Indonesia, or with its country code but without the plus.
fn domestic(digits: &str) -> Found {
    if let Some(national) = digits.strip_prefix('0') {
        return indonesian(national);
    }
    let with_country_code = digits.strip_prefix("62").map(|rest| rest.strip_prefix('0').unwrap_or(rest));
    match with_country_code {
        Some(national) if national.starts_with('8') || is_landline(national.as_bytes()) => indonesian(national),
        _ => indonesian(digits),
    }
}

/// Without country code and leading zero.
fn indonesian(national: &str) -> Found {
    let length = national.len();
    if is_mobile(national.as_bytes()) {
        return (Some(E164(format!("+62{national}"))), PhoneState::Mobile);
    }
    match national.as_bytes() {
        [b'8', b'0', ..] if (8..=11).contains(&length) => (None, PhoneState::Service),
        [b'1', ..] if (3..=11).contains(&length) => (None, PhoneState::Service),
        // The country code once more.
        [b'6', b'2', twice @ ..] if is_mobile(twice.strip_prefix(b"0").unwrap_or(twice)) => INVALID,
        _ if is_landline(national.as_bytes()) => (None, PhoneState::Landline),
        _ => INVALID,
    }
}

/// Without country code and leading zero.
fn is_mobile(national: &[u8]) -> bool {
    (9..=12).contains(&national.len()) && matches!(national, [b'8', b'1'..=b'3' | b'5'..=b'9', ..])
}

/// An area code and a local part, which begins with no zero; without country code and leading zero. The local parts of
/// 062x have at most seven digits: one with more is 62 once more, and Jakarta.
fn is_landline(national: &[u8]) -> bool {
    let area = match national {
        [b'2', b'1' | b'2' | b'4', ..] | [b'3' | b'6', b'1', ..] => 2,
        [b'2'..=b'7' | b'9', ..] => 3,
        _ => return false,
    };
    let longest = if national.starts_with(b"62") { 10 } else { 11 };
    (8..=longest).contains(&national.len()) && national[area] != b'0'
}
