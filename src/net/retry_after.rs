//! The pause that a server asks for. It says so in seconds or as a date, and not always by the book.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// The pause, if the headers ask for one. A date is compared with the server's own clock where it tells it
/// (`Date`), else with `now`; one that has passed asks for no pause.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Some(pause) = in_seconds(text) {
        return Some(pause);
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = date(headers).unwrap_or_else(|| now.into());
    Some(until.duration_since(now).unwrap_or_default())
}

/// `4`, and what some servers write: `4.0`, `4s`.
fn in_seconds(text: &str) -> Option<Duration> {
    let number = text.strip_suffix('s').unwrap_or(text).trim_end();
    let is_number = number.starts_with(|c: char| c.is_ascii_digit());
    Duration::try_from_secs_f64(number.parse().ok().filter(|_| is_number)?).ok()
}

fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    /// Five to eleven in the evening.
    const NOW: &str = "2026-11-26T22:55:00Z";

    fn pause(retry_after: &str, date: Option<&str>) -> Option<f64> {
        let mut headers = HeaderMap::new();
        let value = |text: &str| HeaderValue::from_str(text).expect("a header");
        headers.insert(RETRY_AFTER, value(retry_after));
        headers.extend(date.map(|date| (DATE, value(date))));
        super::retry_after(&headers, NOW.parse().expect("a time")).map(|pause| pause.as_secs_f64())
    }

    #[test]
    fn seconds_are_read_however_they_are_written() {
        assert_eq!(
            ["4", " 4 ", "4.0", "4s", "0.5", "0"].map(|text| pause(text, None)),
            [4.0, 4.0, 4.0, 4.0, 0.5, 0.0].map(Some)
        );
        for text in ["", "soon", "-4", "inf", "NaN", "1e400", "4 minutes", "s"] {
            assert_eq!(pause(text, None), None, "{text:?}");
        }
    }

    #[test]
    fn each_form_of_a_date_is_read() {
        for text in ["Thu, 26 Nov 2026 23:00:04 GMT", "Thursday, 26-Nov-26 23:00:04 GMT", "Thu Nov 26 23:00:04 2026"] {
            assert_eq!(pause(text, None), Some(304.0), "{text}");
        }
        assert_eq!(pause("Thu, 26 Nov 2026 22:00:00 GMT", None), Some(0.0), "it has passed");
        assert_eq!(pause("Thu, 99 Nov 2026 22:00:00 GMT", None), None);
    }

    #[test]
    fn a_date_means_the_server_s_own_clock() {
        let an_hour_fast = Some("Thu, 26 Nov 2026 23:55:00 GMT");
        assert_eq!(pause("Thu, 26 Nov 2026 23:55:07 GMT", an_hour_fast), Some(7.0));
        assert_eq!(pause("Thu, 26 Nov 2026 23:00:04 GMT", Some("today")), Some(304.0));
    }
}
