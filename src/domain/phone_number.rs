//! Phone numbers as people in Indonesia write them, and whether WhatsApp can reach them.
//!
//! A rule by hand instead of a library: libphonenumber reads `081xxxxxxx` as vanity letters and
//! `62812345678` as a landline of its own making.

/// A number in the international form, such as `+6281234567890`.
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
    /// Something that is no number.
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

/// Words that people put beside a number.
const LABELS: [&str; 14] = [
    "TLP",
    "TLPN",
    "TELP",
    "TELEPON",
    "TELPON",
    "TEL",
    "HP",
    "NO",
    "NOMOR",
    "WA",
    "WHATSAPP",
    "PHONE",
    "MOBILE",
    "HANDPHONE",
];

/// Words between two numbers.
const BETWEEN: [&str; 2] = ["ATAU", "DAN"];

/// Of several numbers the first mobile one is taken, else the first of the best other kind.
const BEST_FIRST: [PhoneState; 6] = [
    PhoneState::Mobile,
    PhoneState::Foreign,
    PhoneState::Landline,
    PhoneState::Service,
    PhoneState::Invalid,
    PhoneState::None,
];

/// Reads a column of free text; a number only where WhatsApp could reach it.
#[must_use]
pub fn parse(raw: &str) -> (Option<E164>, PhoneState) {
    let found: Vec<_> = pieces(raw).iter().map(|piece| parse_one(piece)).collect();
    let best = BEST_FIRST.iter().find_map(|state| found.iter().find(|(_, found)| found == state));
    best.cloned().unwrap_or((None, PhoneState::None))
}

/// The numbers of a text, each without the words around it. A word that touches a digit, or that is unknown,
/// stays and spoils its number.
fn pieces(raw: &str) -> Vec<String> {
    let plain: String = raw.chars().map(narrow).collect();
    let mut pieces = vec![String::new()];
    let mut rest = plain.as_str();
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len()).max(first.len_utf8());
        let (token, behind) = rest.split_at(length);
        let at = plain.len() - rest.len();
        let touches = plain[..at].ends_with(is_digit) || behind.starts_with(is_digit);
        let word = token.to_uppercase();
        if matches!(first, '/' | ',' | ';' | '&' | '\n') || (!touches && BETWEEN.contains(&word.as_str())) {
            pieces.push(String::new());
        } else if (touches || !LABELS.contains(&word.as_str()))
            && let Some(piece) = pieces.last_mut()
        {
            piece.push_str(token);
        }
        rest = behind;
    }
    pieces
}

fn parse_one(piece: &str) -> (Option<E164>, PhoneState) {
    let digits: String = piece.chars().filter(char::is_ascii_digit).collect();
    if digits.chars().all(|digit| digit == '0') {
        return (None, PhoneState::None);
    }
    let plus = piece.find('+');
    let first_digit = piece.find(is_digit);
    let stray = |(at, c): (usize, char)| match c {
        '+' => plus != Some(at) || plus > first_digit,
        // A colon stands behind a label; a no-break space is a space.
        _ => !(is_digit(c) || c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')' | ':')),
    };
    if piece.char_indices().any(stray) {
        return (None, PhoneState::Invalid);
    }
    if plus.is_some() {
        return international(&digits);
    }
    match digits.strip_prefix("00") {
        Some(rest) => international(rest),
        None => domestic(&digits),
    }
}

/// With its country code.
fn international(digits: &str) -> (Option<E164>, PhoneState) {
    if let Some(national) = digits.strip_prefix("62") {
        return indonesian(national.strip_prefix('0').unwrap_or(national));
    }
    if digits.starts_with('0') || !(8..=15).contains(&digits.len()) {
        return (None, PhoneState::Invalid);
    }
    (Some(E164(format!("+{digits}"))), PhoneState::Foreign)
}

/// As it is dialled in Indonesia, or with its country code but without the plus.
fn domestic(digits: &str) -> (Option<E164>, PhoneState) {
    if let Some(national) = digits.strip_prefix('0') {
        return indonesian(national);
    }
    let with_country_code = digits.strip_prefix("62").map(|rest| rest.strip_prefix('0').unwrap_or(rest));
    match with_country_code {
        Some(national) if national.starts_with('8') => indonesian(national),
        _ => indonesian(digits),
    }
}

/// Without country code and leading zero.
fn indonesian(national: &str) -> (Option<E164>, PhoneState) {
    let length = national.len();
    let second = national.chars().nth(1).unwrap_or('0');
    match national.chars().next() {
        Some('8') if second == '0' => (None, PhoneState::Service),
        Some('8') if second != '4' && (9..=12).contains(&length) => {
            (Some(E164(format!("+62{national}"))), PhoneState::Mobile)
        }
        Some('1') if (3..=11).contains(&length) => (None, PhoneState::Service),
        Some('2'..='7' | '9') if (8..=11).contains(&length) => (None, PhoneState::Landline),
        _ => (None, PhoneState::Invalid),
    }
}

/// Full-width digits and signs as plain ones.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

#[cfg(test)]
#[path = "phone_number_tests.rs"]
mod tests;
