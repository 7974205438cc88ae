//! What an account allows, and what a message of it needs.

use std::time::Duration;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Account, hash};
use crate::odoo::{MessageDocument, Way};
use crate::queue::Need;
use crate::store::Allowance;

/// Meta lets a new business write to as many people in 24 hours.
const FIRST_DAILY_LIMIT: i64 = 250;

/// Messages with a smaller priority go out at night, too; those that may have as much less than was ordered.
pub(super) const AT_NIGHT: i64 = 0;
const LESS_AT_NIGHT: i64 = 1_000;

/// Between two messages to one person.
const SPACING: Duration = Duration::from_secs(6);

/// What a job of a message holds.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Payload {
    pub(super) number: String,
    pub(super) text: String,
    pub(super) language: String,
    pub(super) parameters: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) button: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) header: Option<MessageDocument>,
    /// By which other accounts it may go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) others: Vec<Way>,
}

/// What a job holds; nothing where it cannot be read.
pub(super) fn read(payload: &str) -> Payload {
    serde_json::from_str(payload).unwrap_or_else(|_| Payload {
        number: String::new(),
        text: String::new(),
        language: String::new(),
        parameters: Vec::new(),
        button: None,
        header: None,
        others: Vec::new(),
    })
}

impl Account {
    /// What holds one of its messages up holds them all.
    pub(super) fn lane(&self) -> String {
        lane_of(&self.settings.uuid)
    }

    pub(super) fn text_scope(&self, payload: &Payload) -> String {
        format!("{}/text/{}/{}", self.lane(), payload.text, payload.language)
    }

    /// What a message needs before it may go out.
    pub(super) fn need(&self, payload: &Payload) -> Need {
        let settings = &self.settings;
        let people = self.people_in_a_day();
        // By the provider's own ids: whatever record of Odoo's a message goes by, the number is the same.
        let sender = Allowance {
            scope: format!("{}/{}", settings.provider, settings.sender_id),
            per_minute: Some(settings.per_minute),
            per_day: Some(settings.per_day),
            recipients_per_day: people,
            spacing: SPACING,
        };
        // Of which business one is that does not say so, nobody knows.
        let business = settings.business_id.as_deref().filter(|id| !id.is_empty()).map(|owner| Allowance {
            scope: format!("{}/business/{owner}", settings.provider),
            per_minute: None,
            per_day: None,
            recipients_per_day: people,
            spacing: Duration::ZERO,
        });
        let scopes = vec![self.text_scope(payload)];
        Need {
            recipient: hash(&payload.number),
            allowances: [Some(sender), business].into_iter().flatten().collect(),
            scopes,
        }
    }

    /// As the provider told it, a person says, or else what it lets a new business do.
    fn people_in_a_day(&self) -> Option<u32> {
        let said = self.settings.people_per_day.map(i64::from);
        match self.daily_limit.or(said).unwrap_or(FIRST_DAILY_LIMIT) {
            0 => None,
            limit => Some(u32::try_from(limit).unwrap_or(u32::MAX)),
        }
    }

    /// How long the night still lasts that it is now, if it is one.
    pub(super) fn night_left(&self, now: DateTime<Utc>) -> Option<Duration> {
        let (from, until) = &self.settings.night;
        let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
        let (from, until) = (time(from)?, time(until)?);
        let day = TimeDelta::days(1);
        // Both within the 24 hours from now on, whichever day it is.
        let ahead = |time: NaiveTime| {
            let ahead = time - now.time();
            if ahead <= TimeDelta::zero() { ahead + day } else { ahead }
        };
        (from != until && ahead(until) <= ahead(from)).then(|| ahead(until).to_std().ok()).flatten()
    }
}

/// By which a message waits: before everything that has to wait for the morning, or behind it.
pub(super) fn priority(ordered: i64, at_night: bool) -> i64 {
    let ordered = ordered.clamp(AT_NIGHT, LESS_AT_NIGHT - 1);
    if at_night { ordered - LESS_AT_NIGHT } else { ordered }
}

pub(super) fn lane_of(uuid: &str) -> String {
    format!("whatsapp/{uuid}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::MessageAccount;

    fn account(from: &str, until: &str) -> Account {
        let settings = MessageAccount {
            uuid: "u".to_owned(),
            provider: "meta".to_owned(),
            sender_id: "1".to_owned(),
            business_id: None,
            key_id: None,
            people_per_day: None,
            verify_token: String::new(),
            per_minute: 60,
            per_day: 1_000,
            retries: 3,
            retry_seconds: 300,
            night: (from.to_owned(), until.to_owned()),
            check: false,
            sealed: std::collections::BTreeMap::new(),
            texts: Vec::new(),
        };
        Account { settings, daily_limit: None }
    }

    fn left(from: &str, until: &str, now: &str) -> Option<i64> {
        let now = DateTime::parse_from_rfc3339(now).expect("a time").to_utc();
        account(from, until).night_left(now).map(|left| i64::try_from(left.as_secs()).expect("seconds") / 60)
    }

    #[test]
    fn the_night_of_the_office_is_known_in_utc() {
        // 20:00 to 09:00 in WIB, and in WIT.
        for (from, until) in [("13:00", "02:00"), ("11:00", "00:00")] {
            let begun = format!("2026-11-28T{from}:00Z");
            assert_eq!(left(from, until, &begun), Some(13 * 60), "{from}");
            let over = format!("2026-11-28T{until}:00Z");
            assert_eq!(left(from, until, &over), None, "{until}");
        }
        assert_eq!(left("13:00", "02:00", "2026-11-28T12:59:00Z"), None);
        assert_eq!(left("13:00", "02:00", "2026-11-28T23:59:00Z"), Some(121));
        assert_eq!(left("13:00", "02:00", "2026-11-29T01:59:00Z"), Some(1));
        assert_eq!(left("11:00", "00:00", "2026-11-28T23:59:00Z"), Some(1));
        assert_eq!(left("", "", "2026-11-28T23:59:00Z"), None);
        assert_eq!(left("01:00", "01:00", "2026-11-28T23:59:00Z"), None);
    }

    #[test]
    fn a_business_begins_with_what_the_provider_lets_a_new_one_do() {
        for (told, people) in [(None, Some(250)), (Some(2_000), Some(2_000)), (Some(0), None)] {
            assert_eq!(Account { daily_limit: told, ..account("13:00", "02:00") }.people_in_a_day(), people);
        }
        for (said, people) in [(500, Some(500)), (0, None)] {
            let mut account = account("13:00", "02:00");
            account.settings.people_per_day = Some(said);
            assert_eq!(account.people_in_a_day(), people, "a person knows it where the provider does not tell");
            account.daily_limit = Some(2_000);
            assert_eq!(account.people_in_a_day(), Some(2_000), "and where it tells, it knows better");
        }
    }
}
