//! What came of a message that was handed to a provider.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Digits in a row that may be somebody's number.
const NUMBER: usize = 7;

/// Of what a provider says, as much is kept.
const LONGEST_DETAIL: usize = 300;

/// The few cases that the queue knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Taken, under this id of the provider's. Whether it arrives is told later.
    Accepted { id: String },
    /// Certainly not taken, but another attempt may be. It waits with whatever `holds` names, at least for `pause` where
    /// the provider asked for a time.
    Later { holds: Holds, pause: Option<Duration>, reason: Reason },
    /// Certainly not taken, and the same message never will be.
    Refused(Reason),
    /// Nobody knows whether it was taken.
    Unknown(Reason),
}

/// What waits along with a message that was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Nothing else.
    Message,
    /// What goes to the same person.
    Recipient,
    /// What has the same text.
    Text,
    /// What goes by the same number, for a time.
    Sender,
    /// What goes by the same account, until a person has mended it.
    Account,
}

/// Why a message was not taken, or did not arrive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub why: Why,
    /// The provider's code, after its name: `meta_131026`.
    pub code: String,
    /// What the provider says, without numbers of people, at most 300 characters; for technicians.
    pub detail: String,
}

/// Reasons that people are told in words of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The provider does not accept the account's key.
    Credentials,
    /// The account may not do this, or is blocked: somebody has to look at it at the provider's.
    AccountBlocked,
    /// Too many at once.
    Busy,
    /// Too soon after the last one to the same person.
    TooSoon,
    /// As many people were written to today as the provider allows.
    DailyLimit,
    /// The provider has slowed the sender down, because people complained.
    Quality,
    /// The provider is away, or is being mended.
    ProviderDown,
    /// No WhatsApp on this number, or one that cannot take it.
    NotOnWhatsApp,
    /// The person wants no messages.
    OptedOut,
    /// The provider did not want to bother the person.
    Declined,
    /// A free text, and the person has not written in 24 hours.
    OutsideWindow,
    /// The sender may not write to this number.
    RecipientNotAllowed,
    /// The provider does not know the text in this language, or has not approved it.
    TextMissing,
    /// The provider has paused the text.
    TextPaused,
    /// The provider does not take the text as it is.
    TextRejected,
    /// The values do not fit the text.
    WrongParameters,
    /// There was no answer, or none that can be understood.
    NoAnswer,
    /// Something that this version does not know.
    Other,
}

impl Why {
    /// As it is told to Odoo.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::AccountBlocked => "account_blocked",
            Self::Busy => "busy",
            Self::TooSoon => "too_soon",
            Self::DailyLimit => "daily_limit",
            Self::Quality => "quality",
            Self::ProviderDown => "provider_down",
            Self::NotOnWhatsApp => "not_on_whatsapp",
            Self::OptedOut => "opted_out",
            Self::Declined => "declined",
            Self::OutsideWindow => "outside_window",
            Self::RecipientNotAllowed => "recipient_not_allowed",
            Self::TextMissing => "text_missing",
            Self::TextPaused => "text_paused",
            Self::TextRejected => "text_rejected",
            Self::WrongParameters => "wrong_parameters",
            Self::NoAnswer => "no_answer",
            Self::Other => "other",
        }
    }
}

impl Reason {
    /// `detail` may be whatever the provider says.
    #[must_use]
    pub fn new(why: Why, code: impl Into<String>, detail: &str) -> Self {
        let told = without_numbers(detail);
        let detail = told.chars().filter(|character| !character.is_control()).take(LONGEST_DETAIL).collect();
        Self { why, code: code.into(), detail }
    }
}

/// What people put between the digits of a number.
const BETWEEN: [char; 7] = [' ', '-', '.', '/', '(', ')', '\u{a0}'];

/// Long runs of digits, also with blanks, hyphens and the like between, become an ellipsis.
fn without_numbers(text: &str) -> String {
    let (mut told, mut run, mut digits) = (String::new(), String::new(), 0);
    // One more, so that the last run ends.
    for character in text.chars().chain(['\n']) {
        if character.is_ascii_digit() || digits > 0 && BETWEEN.contains(&character) {
            digits += usize::from(character.is_ascii_digit());
            run.push(character);
            continue;
        }
        let number = run.trim_end_matches(BETWEEN);
        let rest = &run[number.len()..];
        told.push_str(if digits >= NUMBER { "…" } else { number });
        told.push_str(rest);
        told.push(character);
        run.clear();
        digits = 0;
    }
    told.pop();
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_provider_says_is_kept_without_numbers_of_people() {
        for (said, kept) in [
            ("Recipient +62 812-0000-0000 is not in the list", "Recipient +… is not in the list"),
            ("(#131030) no 6281200000000", "(#131030) no …"),
            ("0812.0000.0000, (0812) 000 000; 0812/0000/0000.", "…, (…; …."),
            ("error 500, retry in 60 s - please", "error 500, retry in 60 s - please"),
            ("", ""),
        ] {
            assert_eq!(Reason::new(Why::Other, "x", said).detail, kept, "{said:?}");
        }
        assert_eq!(Reason::new(Why::Other, "x", &"é".repeat(1_000)).detail.chars().count(), LONGEST_DETAIL);
    }
}
