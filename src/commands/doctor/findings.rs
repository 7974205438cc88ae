//! What was found, in the order of looking.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::json;

/// How a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Good,
    /// Somebody has to act.
    Bad,
    /// Hidden by an earlier failure.
    Skipped,
}

/// One link and how it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which link.
    pub check: &'static str,
    /// How it is.
    pub state: State,
    /// What was seen and, where it is bad, what to do.
    pub message: String,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn good(&mut self, check: &'static str, message: impl Into<String>) {
        self.0.push(Finding { check, state: State::Good, message: message.into() });
    }

    pub(super) fn bad(&mut self, check: &'static str, message: impl Into<String>) {
        self.0.push(Finding { check, state: State::Bad, message: message.into() });
    }

    pub(super) fn judge(&mut self, check: &'static str, verdict: Result<String, String>) {
        match verdict {
            Ok(message) => self.good(check, message),
            Err(message) => self.bad(check, message),
        }
    }

    pub(super) fn skip(&mut self, checks: impl IntoIterator<Item = &'static str>) {
        let skipped = |check| Finding { check, state: State::Skipped, message: "not looked at".to_owned() };
        self.0.extend(checks.into_iter().map(skipped));
    }

    /// Whether nobody has to act.
    #[must_use]
    pub fn all_well(&self) -> bool {
        self.0.iter().all(|finding| finding.state != State::Bad)
    }

    /// In the order of looking.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Finding { check, state, message }) in self.0.iter().enumerate() {
            let mark = match state {
                State::Good => "✓",
                State::Bad => "✗",
                State::Skipped => "–",
            };
            let end_of_last = if at == 0 { "" } else { "\n" };
            write!(formatter, "{end_of_last}{mark} {check}: {message}")?;
        }
        Ok(())
    }
}

impl Serialize for Findings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({ "ok": self.all_well(), "checks": self.0 }).serialize(serializer)
    }
}
