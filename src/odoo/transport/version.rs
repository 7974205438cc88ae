//! Which Odoo this is. 19 and later say it at `/web/version`; before, `/jsonrpc` knows.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::clock::Clock;
use crate::net::retry_after;

use super::super::OdooError;
use super::answer;
use super::json2::{broken, read, with_path};
use super::jsonrpc::JsonRpc;

const PATH: &str = "/web/version";

/// An Odoo that does not even say its version within this time is not there.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(15);

/// The first version that serves JSON-2.
const FIRST_WITH_JSON2: u32 = 19;

/// A version as Odoo writes it, such as `19.0-20260101` or `saas~18.2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version(pub(super) String);

impl Version {
    /// The number that counts; 0 when there is none.
    fn major(&self) -> u32 {
        let digits: String =
            self.0.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or_default()
    }

    pub(super) fn has_json2(&self) -> bool {
        self.major() >= FIRST_WITH_JSON2
    }
}

/// Asks; nobody needs to be signed in.
#[derive(Debug)]
pub(super) struct VersionQuestion {
    http: Client,
    url: Url,
    clock: Arc<dyn Clock>,
}

#[derive(Deserialize)]
struct WebVersion {
    version: String,
}

impl VersionQuestion {
    pub(super) fn new(http: Client, url: &Url, clock: Arc<dyn Clock>) -> Self {
        Self { http, url: with_path(url, PATH), clock }
    }

    pub(super) async fn ask(&self, jsonrpc: &JsonRpc) -> Result<Version, OdooError> {
        if let Some(version) = self.web_version().await? {
            return Ok(version);
        }
        let answer = jsonrpc.version().await?;
        let version = answer.get("server_version").and_then(Value::as_str);
        version.map(|version| Version(version.to_owned())).ok_or_else(answer::not_odoo)
    }

    /// `None` where the page is not served. Whatever else stands there is Odoo 18's business.
    async fn web_version(&self) -> Result<Option<Version>, OdooError> {
        let response = self.http.get(self.url.clone()).send().await.map_err(|error| broken(&error, &self.url))?;
        let status = response.status().as_u16();
        if answer::is_passing(status) {
            return Err(answer::status(status, PATH, retry_after(response.headers(), self.clock.now())));
        }
        let body = read(response, &self.url).await?;
        let found: Option<WebVersion> = serde_json::from_slice(&body).ok().filter(|_| status == 200);
        Ok(found.map(|found| Version(found.version)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json2_begins_with_19_however_the_version_is_written() {
        let has_json2 = |text: &str| Version(text.to_owned()).has_json2();
        assert_eq!(["18.0", "saas~18.4", "17.0+e", "", "x"].map(has_json2), [false; 5]);
        assert_eq!(["19.0-20260101", "saas~19.1", "20.0"].map(has_json2), [true; 3]);
    }
}
