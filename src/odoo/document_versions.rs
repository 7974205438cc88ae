//! What Odoo knows of documents by their hashes, for a store that came back from an earlier day.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::json;

use super::client::Client;
use super::settings::ServerInfo;
use super::{OdooError, names};

/// Hashes of one call; Odoo takes 500.
const AT_ONCE: usize = 250;

/// A version that Odoo shows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShownVersion {
    pub version: String,
    pub document: String,
    pub number: u32,
    pub stage: String,
    /// Of the clear bytes.
    pub size: u64,
    /// Of the clear bytes, in hex.
    pub sha256: String,
    /// Who brought it.
    pub by: String,
}

/// The versions of some bytes.
#[derive(Debug, Clone, Default)]
pub struct VersionsOfHashes {
    /// Whose bytes Odoo counts on.
    pub living: Vec<ShownVersion>,
    /// By their uuids: those of which Odoo heard that their bytes are erased.
    pub erased: HashSet<String>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(flatten)]
    server: ServerInfo,
    living: Vec<ShownVersion>,
    erased: Vec<String>,
}

impl Client {
    /// The versions of these bytes that Odoo knows, in the paired database alone: another one would know none of them.
    pub async fn versions_of_hashes(&self, hashes: &[String]) -> Result<VersionsOfHashes, OdooError> {
        let mut found = VersionsOfHashes::default();
        for (at, some) in hashes.chunks(AT_ONCE).enumerate() {
            let arguments = json!({ "hashes": some });
            // Whoever waits for a command hears soon that Odoo is away; once it has answered it may be busy for a while.
            let answer: Answer = if at == 0 {
                self.call_once(names::DOCUMENT_VERSION, names::OF_HASHES, arguments).await?
            } else {
                self.call(names::DOCUMENT_VERSION, names::OF_HASHES, arguments).await?
            };
            self.check(&answer.server).await?;
            found.living.extend(answer.living);
            found.erased.extend(answer.erased);
        }
        Ok(found)
    }
}
