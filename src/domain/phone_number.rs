//! Phone numbers as people in Indonesia write them, and whether WhatsApp can reach them.
//!
//! A rule by hand instead of a library: libphonenumber reads `081xxxxxxx` as vanity letters, `62812345678` as a
//! landline of its own making, and glues to a number whatever digits stand behind it. Digits that may belong to
//! something else (a spreadsheet's decimals, a count, an extension) leave no number: a wrong one is another person's.
//! The addon reads numbers by the same rules (`tools/phone_number.py`), and both are held to one file of examples.

pub use super::numbering_plan::{E164, PhoneState};
use super::numbering_plan::{Found, INVALID, number};
use super::text::{is_quote, typed};

/// Words that people put beside a number.
const LABELS: [&str; 17] = [
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
    "PONSEL",
    "SELULER",
    "KONTAK",
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

/// Behind these the link of a chat names its number, with the country code and without a plus.
const CHATS: [&str; 3] = ["wa.me/", "send?phone=", "send/?phone="];

/// As many of one digit are typed where a number is demanded; nobody has such a number.
const PLACEHOLDER: usize = 7;

/// Before more digits than a country code behind two zeros has, brackets and colons hold what is no part of the
/// number.
const LONGEST_CODE: usize = 5;

/// Reads a column of free text; a number only where WhatsApp could reach it.
#[must_use]
pub fn parse(raw: &str) -> (Option<E164>, PhoneState) {
    let words: Vec<String> = typed(raw).replace('\n', " \n ").split(' ').map(unlinked).collect();
    let pieces = pieces(&words.join(" "));
    let mut found: Vec<_> = pieces.iter().map(|piece| parse_one(piece)).collect();
    for at in 1..pieces.len() {
        // An extension, or the last digits of a number that was meant to differ in them only.
        let is_rest = (1..=3).contains(&pieces[at].chars().filter(|c| is_digit(*c)).count());
        if is_rest && found[at].1 != PhoneState::None {
            (found[at - 1], found[at]) = (INVALID, INVALID);
        }
    }
    let best = BEST_FIRST.iter().find_map(|state| found.iter().find(|(_, found)| found == state));
    best.cloned().unwrap_or((None, PhoneState::None))
}

/// The number in a link (`tel:+62…;ext=1`, `https://wa.me/62…?text=…`) in place of the link.
fn unlinked(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    if lower.starts_with("tel:") {
        return word["tel:".len()..].split([';', '?']).next().unwrap_or_default().to_owned();
    }
    let links = CHATS.iter().filter_map(|mark| Some((lower.find(mark)?, mark.len())));
    let Some((start, length)) = links.min() else { return word.to_owned() };
    let at = start + length;
    let (number, behind) =
        word[at..].split_at(word[at..].find(|c: char| !is_digit(c) && c != '+').unwrap_or(word.len() - at));
    match number.chars().next() {
        Some(_) if !behind.is_empty() && !behind.starts_with(['?', '&', '/', '#']) => word.to_owned(),
        Some('+' | '0') => number.to_owned(),
        Some(_) => format!("+{number}"),
        None => word.to_owned(),
    }
}

/// The numbers of a text, each without the words around it. A word that touches a digit, or that is unknown,
/// stays and spoils its number.
fn pieces(plain: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut rest = plain;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len()).max(first.len_utf8());
        let (token, behind) = rest.split_at(length);
        let at = plain.len() - rest.len();
        let touches = plain[..at].ends_with(is_digit) || behind.starts_with(is_digit);
        let word = token.to_uppercase();
        if matches!(first, '/' | ',' | ';' | '&' | '|' | '\n') || (!touches && BETWEEN.contains(&word.as_str())) {
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

fn parse_one(piece: &str) -> Found {
    let piece = without_decimals(piece.trim_matches(|c| c == ' ' || is_quote(c)));
    let groups = groups(piece);
    let digits = joined(&groups);
    if digits.bytes().all(|digit| digit == b'0') {
        return (None, PhoneState::None);
    }
    let plus = piece.find('+');
    let first_digit = piece.find(is_digit);
    let stray = |(at, c): (usize, char)| match c {
        '+' => plus != Some(at) || plus > first_digit,
        // A colon stands behind a label.
        _ => !(is_digit(c) || matches!(c, ' ' | '-' | '.' | '(' | ')' | ':')),
    };
    if piece.char_indices().any(stray) || is_placeholder(&digits) || says_more(plus.is_some(), &groups) {
        return INVALID;
    }
    number(plus.is_some(), &digits)
}

/// A spreadsheet's `81234567890.0` without what it adds.
fn without_decimals(piece: &str) -> &str {
    let zeros = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit == b'0');
    match piece.split_once('.') {
        Some((whole, decimals)) if zeros(decimals) && whole.trim_start_matches('+').chars().all(is_digit) => whole,
        _ => piece,
    }
}

/// Digits that stand together, and what stands between them and the group before.
struct Group<'a> {
    separator: &'a str,
    digits: &'a str,
}

fn groups(piece: &str) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    let mut rest = piece;
    while let Some(start) = rest.find(is_digit) {
        let (separator, from) = rest.split_at(start);
        let (digits, behind) = from.split_at(from.find(|c| !is_digit(c)).unwrap_or(from.len()));
        groups.push(Group { separator, digits });
        rest = behind;
    }
    groups
}

fn joined(groups: &[Group<'_>]) -> String {
    groups.iter().map(|group| group.digits).collect()
}

/// Whether some of the digits may be no part of the number: a place in a list before it, the country code once more,
/// what is bracketed behind it, or up to three digits behind it (a count, an extension) where it would be a number
/// without them. Digits in even groups are one number.
fn says_more(plus: bool, groups: &[Group<'_>]) -> bool {
    let [first, behind @ ..] = groups else { return false };
    let Some((last, before)) = behind.split_last() else { return false };
    if is_twice_abroad(groups) || is_bracketed_behind(groups) {
        return true;
    }
    if !plus && (is_listed(first.digits, &joined(behind)) || is_zero_behind_code(groups)) {
        return true;
    }
    // One or two digits behind a number that is too short.
    if last.digits.len() <= 2 && before.last().unwrap_or(first).digits.len() >= 7 {
        return true;
    }
    let without_last = joined(&groups[..groups.len() - 1]);
    let reaches =
        matches!(number(plus, &without_last).1, PhoneState::Mobile | PhoneState::Foreign | PhoneState::Landline);
    if last.digits.len() > 3 || !reaches {
        return false;
    }
    let evenly = before.last().is_some_and(|group| group.separator == last.separator)
        && first.digits.len() <= 4
        && before.iter().all(|group| group.digits.len() <= last.digits.len());
    !evenly
}

/// Whether the first group may be a place in a list, because the rest is a number. Of `001` to `009` two name a
/// country, the United States and Russia.
fn is_listed(first: &str, rest: &str) -> bool {
    let is_prefix = ["0", "00", "62"].contains(&first);
    let state = number(false, rest).1;
    let is_mobile = state == PhoneState::Mobile;
    let is_dialled = rest.starts_with('0') && (is_mobile || state == PhoneState::Landline);
    match first.as_bytes() {
        [_] | [_, _] => !is_prefix && (is_mobile || is_dialled),
        b"001" | b"007" => is_mobile || rest.starts_with('0') || rest.starts_with("62"),
        [b'0', b'0', _] => true,
        [b'0', _, _] => is_dialled,
        _ => false,
    }
}

/// Whether a number of two zeros and a country code goes on with a zero, which is that of another number: only behind
/// 62 people write it.
fn is_zero_behind_code(groups: &[Group<'_>]) -> bool {
    let (code, behind) = match groups {
        [zeros, code, behind @ ..] if zeros.digits == "00" => (format!("00{}", code.digits), behind),
        [code, behind @ ..] => (code.digits.to_owned(), behind),
        [] => return false,
    };
    let is_code = code.starts_with("00") && code != "0062" && code.len() <= LONGEST_CODE;
    (is_code || code == "0") && joined(behind).starts_with('0')
}

/// Whether the country code stands there twice; no area has the number 62.
fn is_twice_abroad(groups: &[Group<'_>]) -> bool {
    let mut codes = groups.iter().map(|group| group.digits).filter(|digits| *digits != "00");
    let first = codes.next().unwrap_or_default();
    match first.strip_prefix("00").unwrap_or(first) {
        "6262" => true,
        "62" => codes.next() == Some("62"),
        _ => false,
    }
}

fn is_bracketed_behind(groups: &[Group<'_>]) -> bool {
    let is_apart = |at: &usize| groups[*at].separator.contains(['(', ':']);
    (0..groups.len()).filter(is_apart).any(|at| joined(&groups[..at]).len() > LONGEST_CODE)
}

fn is_placeholder(digits: &str) -> bool {
    digits.as_bytes().chunk_by(|a, b| a == b).any(|same| same.len() >= PLACEHOLDER)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

#[cfg(test)]
#[path = "phone_number_tests.rs"]
mod tests;
