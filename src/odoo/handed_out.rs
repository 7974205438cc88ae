//! Documents that the office hands out: whether one may be given to whoever has its address. Asked live, and tried once:
//! somebody waits, and asks again.

use serde::Deserialize;
use serde_json::json;

use super::client::Client;
use super::{OdooError, names};

/// What Odoo says of a public address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct HandedOut {
    /// `ready` = it is given; none = there is no such address; anything else = the office's staff alone have it.
    pub state: Option<String>,
    /// The uuid of the version that is given.
    pub version: String,
    /// How the file is called: by number, after nobody.
    pub name: String,
    /// Of the clear bytes, in hex.
    pub sha256: String,
}

impl Client {
    /// What may be given to who has the token of this hash.
    pub async fn handed_out(&self, token_sha256: &str) -> Result<HandedOut, OdooError> {
        self.call_once(names::DOCUMENT, names::HANDED_OUT, json!({ "token_sha256": token_sha256 })).await
    }
}
