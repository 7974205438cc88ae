//! Faults on demand: what a broken server, proxy or network in front of it would send.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::request::argument;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `status` (503 unless told), an HTML body, `Retry-After` if told.
    Status,
    /// 200 without a body.
    Empty,
    /// An HTML error page with `status` (200 unless told).
    Html,
    /// Waits `hang_ms` (10 minutes unless told), then answers.
    Hang,
    /// Closes the socket in the middle of the body.
    Reset,
    /// A whole HTTP answer with the first half of the body.
    Truncate,
    /// A PHP warning before the body.
    GarbageBefore,
    /// A byte order mark before the body.
    Bom,
    /// `text/html` for the right body.
    WrongContentType,
    /// Words instead of the body.
    NotJson,
}

impl Kind {
    /// The name in the call log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Empty => "empty",
            Self::Html => "html",
            Self::Hang => "hang",
            Self::Reset => "reset",
            Self::Truncate => "truncate",
            Self::GarbageBefore => "garbage_before",
            Self::Bom => "bom",
            Self::WrongContentType => "wrong_content_type",
            Self::NotJson => "not_json",
        }
    }
}

/// When something goes wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// An endpoint in any case, or `*`.
    pub endpoint: String,
    pub fault: Kind,
    #[serde(default)]
    pub status: Option<u16>,
    /// Seconds.
    #[serde(default)]
    pub retry_after: Option<u64>,
    /// How often; 0 = forever.
    #[serde(default)]
    pub times: u64,
    /// Calls let through first.
    #[serde(default)]
    pub after: u64,
    #[serde(default)]
    pub hang_ms: Option<u64>,
    /// Only calls that ask for more rows than this: a server that cannot give large pages.
    #[serde(default)]
    pub above_limit: Option<u64>,
    /// Only answers that hold this text: a page that stays bad because of one row.
    #[serde(default)]
    pub contains: Option<String>,
}

/// A rule and how far it has got.
#[derive(Clone, Debug, Serialize)]
struct Live {
    rule: Rule,
    /// Calls that it was meant for.
    seen: u64,
    /// Calls that it spoilt.
    hits: u64,
}

/// The rules in force; the first that fits a call is laid over it.
#[derive(Default)]
pub struct Faults(Mutex<Vec<Live>>);

impl Faults {
    /// Replaces all rules.
    pub fn set(&self, rules: Vec<Rule>) {
        *self.live() = rules.into_iter().map(|rule| Live { rule, seen: 0, hits: 0 }).collect();
    }

    /// The rules with their counts, as JSON.
    pub fn describe(&self) -> serde_json::Value {
        serde_json::to_value(&*self.live()).unwrap_or_default()
    }

    /// The rule for this call, if any; counts it.
    pub fn pick(&self, endpoint: &str, args: &[(String, String)], body: &[u8]) -> Option<Rule> {
        for live in self.live().iter_mut().filter(|live| live.rule.fits(endpoint, args, body)) {
            live.seen += 1;
            if live.seen > live.rule.after && (live.rule.times == 0 || live.hits < live.rule.times) {
                live.hits += 1;
                return Some(live.rule.clone());
            }
        }
        None
    }

    fn live(&self) -> MutexGuard<'_, Vec<Live>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rule {
    fn fits(&self, endpoint: &str, args: &[(String, String)], body: &[u8]) -> bool {
        let limit = || argument(args, "limit").and_then(|value| value.parse::<u64>().ok()).unwrap_or(0);
        let holds = |text: &String| body.windows(text.len().max(1)).any(|part| part == text.as_bytes());
        (self.endpoint == "*" || self.endpoint.eq_ignore_ascii_case(endpoint))
            && self.above_limit.is_none_or(|most| limit() > most)
            && self.contains.as_ref().is_none_or(holds)
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn rule(json: serde_json::Value) -> Rule {
        serde_json::from_value(json).expect("a rule")
    }

    #[test]
    fn a_rule_waits_and_ends() {
        let faults = Faults::default();
        faults.set(vec![rule(serde_json::json!({ "endpoint": "Lists", "fault": "empty", "after": 1, "times": 2 }))]);
        let hit = |endpoint| faults.pick(endpoint, &[], b"").is_some();
        assert!(!hit("other"));
        assert_eq!([hit("lists"), hit("lists"), hit("lists"), hit("lists")], [false, true, true, false]);
    }

    #[test]
    fn a_rule_can_ask_for_size_and_content() {
        let faults = Faults::default();
        faults.set(vec![rule(
            serde_json::json!({ "endpoint": "*", "fault": "html", "above_limit": 100, "contains": "00012" }),
        )]);
        let hit = |limit: &str, body: &[u8]| faults.pick("x", &[("limit".into(), limit.into())], body).is_some();
        assert_eq!([hit("101", b"..00012.."), hit("100", b"00012"), hit("101", b"00013")], [true, false, false]);
    }
}
