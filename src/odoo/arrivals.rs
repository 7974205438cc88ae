//! Files that the office puts into the inbox: what Odoo makes of each. Each call may come again for the same files.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::OdooError;
use super::client::Client;
use super::names;

impl Client {
    /// What the office wants of its inbox.
    pub async fn inbox_settings(&self) -> Result<InboxSettings, OdooError> {
        self.call_once(names::ARRIVAL, names::WORKER_SETTINGS, json!({})).await
    }

    /// Says what lies in the inbox; hears of each file what is to become of it.
    pub async fn offer_arrivals(&self, files: &[Arrival]) -> Result<Decisions, OdooError> {
        self.call_once(names::ARRIVAL, names::OFFER, json!({ "files": files })).await
    }

    /// The bytes of these files are kept; hears what has become of them.
    pub async fn arrivals_kept(&self, keys: &[&str]) -> Result<Decisions, OdooError> {
        self.call_once(names::ARRIVAL, names::KEPT, json!({ "keys": keys })).await
    }
}

/// What the office wants of its inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct InboxSettings {
    /// Files are to be taken in at all.
    pub wanted: bool,
    pub largest_mib: u64,
    pub most_pages: u32,
    /// Files inside a file are no reason to refuse it.
    pub allow_embedded: bool,
}

/// A file in the inbox.
#[derive(Serialize)]
pub struct Arrival {
    /// The same for the same bytes under the same name, put there at the same time.
    pub key: String,
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// In hex; empty where the file was not read.
    pub sha256: String,
    pub pages: u32,
    /// As the file calls itself.
    pub title: Option<String>,
    /// How many it has.
    pub signatures: u32,
    /// Of its first two pages.
    pub text: String,
    /// Why it is refused.
    pub refusal: Option<&'static str>,
}

/// Without what it is called and what stands in it.
impl fmt::Debug for Arrival {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Arrival").field("key", &self.key).field("size", &self.size).finish_non_exhaustive()
    }
}

/// What Odoo says of files.
#[derive(Debug, Deserialize)]
pub struct Decisions {
    pub files: Vec<Decision>,
}

/// What becomes of a file.
#[derive(Debug, Clone, Deserialize)]
pub struct Decision {
    pub key: String,
    /// `None` = its bytes are to be kept first.
    pub outcome: Option<ArrivalOutcome>,
    /// As which version, where they are to be kept.
    pub version: Option<ArrivalVersion>,
    /// For whoever put it there.
    #[serde(default)]
    pub sentence: String,
}

/// Which version the bytes of a file are.
#[derive(Debug, Clone, Deserialize)]
pub struct ArrivalVersion {
    pub uuid: String,
    pub document: String,
    pub number: u32,
    pub stage: String,
    pub by: String,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArrivalOutcome {
    /// It is a document of a permit.
    Imported,
    /// A person is to say of which permit it is.
    Unmatched,
    /// Its permit has it already.
    Double,
    /// It is not taken.
    Refused,
}

impl ArrivalOutcome {
    pub const ALL: [Self; 4] = [Self::Imported, Self::Unmatched, Self::Double, Self::Refused];

    /// How its folder is called, and the figures call it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Unmatched => "unmatched",
            Self::Double => "double",
            Self::Refused => "refused",
        }
    }
}
