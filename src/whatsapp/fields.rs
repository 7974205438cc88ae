//! Single fields of what providers tell. Each may be missing, or of another type than documented.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::DailyLimit;

/// Unix seconds of the years in which WhatsApp is: not milliseconds, and no nonsense.
const PLAUSIBLE: std::ops::Range<i64> = 1_230_000_000..4_100_000_000;

/// Of a list that may be none.
pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Text that says something.
pub(super) fn text(value: &Value) -> Option<String> {
    said(value.as_str()?)
}

/// Text that says something, without control characters, which no database takes in the same way.
pub(super) fn said(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|character| !character.is_control()).collect();
    (!text.is_empty()).then_some(text)
}

/// Unix seconds, as text or as a number.
pub(super) fn seconds(value: &Value) -> Option<DateTime<Utc>> {
    let seconds = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
    DateTime::from_timestamp(seconds, 0).filter(|_| PLAUSIBLE.contains(&seconds))
}

/// A time as RFC 3339 writes it.
pub(super) fn moment(value: &Value) -> Option<DateTime<Utc>> {
    let moment = DateTime::parse_from_rfc3339(value.as_str()?).ok()?.to_utc();
    Some(moment).filter(|moment| PLAUSIBLE.contains(&moment.timestamp()))
}

/// A code of an error, as text or as a number.
pub(super) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// What a telephone number is written in, if it is one: a user's name or id is none.
pub(super) fn digits(text: &str) -> Option<String> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (!digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())).then(|| digits.to_owned())
}

/// Bytes that are written in hex, exactly as many.
pub(super) fn bytes<const COUNT: usize>(hex: &str) -> Option<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    if hex.len() != 2 * COUNT || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// `TIER_2K` is 2,000, and so is `tier_2k`. What is none of Meta's tiers says nothing.
pub(super) fn daily_limit(value: &Value) -> Option<DailyLimit> {
    if let Some(number) = value.as_u64() {
        return u32::try_from(number).ok().filter(|people| *people > 0).map(DailyLimit::People);
    }
    let text = value.as_str()?.to_ascii_uppercase();
    let tier = text.strip_prefix("TIER_").unwrap_or(&text);
    if tier == "UNLIMITED" {
        return Some(DailyLimit::Unlimited);
    }
    let (number, times) = tier.strip_suffix('K').map_or((tier, 1), |thousands| (thousands, 1_000));
    number.parse::<u32>().ok()?.checked_mul(times).filter(|people| *people > 0).map(DailyLimit::People)
}
