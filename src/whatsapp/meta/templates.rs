//! What Meta says of the texts that are registered with a WhatsApp Business Account.

use serde_json::Value;

use crate::whatsapp::fields::{list, text};
use crate::whatsapp::{TextState, TextTold};

/// What is asked of each.
pub(super) const FIELDS: &str = "name,language,status,category";

/// Of one page.
pub(super) const AT_ONCE: &str = "200";

/// An account has 250 texts, or 6,000 where the business is verified: so many pages hold them.
pub(super) const MOST_PAGES: usize = 30;

/// Of what one page of the list tells, what was asked for.
pub(super) fn told(page: &Value, asked: &[(&str, &str)]) -> Vec<TextTold> {
    let told = list(&page["data"]).iter().filter_map(one);
    told.filter(|told| asked.contains(&(told.name.as_str(), told.language.as_str()))).collect()
}

/// What leads to the next page, if there is one. Not its address, which need not be Meta's.
pub(super) fn next(page: &Value) -> Option<String> {
    page["paging"]["next"].as_str()?;
    text(&page["paging"]["cursors"]["after"])
}

fn one(template: &Value) -> Option<TextTold> {
    Some(TextTold {
        name: text(&template["name"])?,
        language: text(&template["language"])?,
        state: state(template["status"].as_str()?)?,
        category: text(&template["category"]),
    })
}

/// As lists and webhooks write it. One that is flagged still goes out.
pub(super) fn state(word: &str) -> Option<TextState> {
    Some(match word {
        "APPROVED" | "REINSTATED" | "UNARCHIVED" => TextState::Approved,
        "PENDING" | "IN_APPEAL" => TextState::Pending,
        "REJECTED" => TextState::Rejected,
        "PAUSED" => TextState::Paused,
        "DISABLED" | "PENDING_DELETION" | "DELETED" | "ARCHIVED" => TextState::Disabled,
        _ => return None,
    })
}
