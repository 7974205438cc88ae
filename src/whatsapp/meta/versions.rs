//! When versions of the Graph API end. From Meta's changelog as of November 2026; of a later one nothing is known yet.

use chrono::NaiveDate;

/// The oldest that is still answered, and until when each one is.
const ENDS: [(u32, (i32, u32, u32)); 3] = [(21, (2027, 1, 21)), (22, (2027, 5, 20)), (23, (2027, 10, 8))];

/// The day on which a version such as `v21.0` ends; one that ended long ago ends on the first day there is. `None`: not
/// known, or no version.
#[must_use]
pub fn end_of(version: &str) -> Option<NaiveDate> {
    let major: u32 = version.strip_prefix('v')?.split('.').next()?.parse().ok()?;
    if major < ENDS[0].0 {
        return Some(NaiveDate::MIN);
    }
    let (_, (year, month, day)) = ENDS.into_iter().find(|(known, _)| *known == major)?;
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_ends_on_its_day() {
        assert_eq!(end_of("v22.0"), NaiveDate::from_ymd_opt(2027, 5, 20));
        assert_eq!(end_of("v19.0"), Some(NaiveDate::MIN));
        assert_eq!((end_of("v26.0"), end_of("22.0"), end_of("vx")), (None, None, None));
    }
}
