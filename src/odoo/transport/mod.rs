//! How a call reaches Odoo: JSON-2 from 19 on, JSON-RPC before. Odoo is asked which it is, once, and again
//! when it turns out to be another one than before.

mod answer;
mod json2;
mod jsonrpc;
mod keep_retry_after;
mod version;

use std::sync::Arc;

use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::config::Protocol;
use crate::{metrics, net};

use super::{ClientOptions, OdooError};

use json2::Json2;
use jsonrpc::JsonRpc;
use version::{Version, VersionQuestion};

/// Odoo itself takes up to 128 MiB; a batch is far smaller, but an answer with many permits may be large.
const MAX_BODY_BYTES: u32 = 64 * 1024 * 1024;

/// A way to one database that suits its version.
#[derive(Debug)]
pub(super) struct Transport {
    wanted: Protocol,
    question: VersionQuestion,
    jsonrpc: JsonRpc,
    json2: Json2,
    /// Held while it is asked for, so that it is asked for once.
    version: Mutex<Option<Version>>,
}

/// The protocol of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    JsonRpc,
    Json2,
}

impl Way {
    fn word(self) -> &'static str {
        match self {
            Self::JsonRpc => "jsonrpc",
            Self::Json2 => "json2",
        }
    }
}

impl Transport {
    /// Nothing is sent yet.
    pub(super) fn new(options: ClientOptions) -> Result<Self, OdooError> {
        let unusable = |reason: String| OdooError::BadSettings { reason };
        let authorities = net::authorities(options.ca_file.as_deref(), "odoo.ca_file").map_err(unusable)?;
        let http = |timeout| net::rpc_client(timeout, authorities.clone()).map_err(|error| unusable(error.to_string()));
        let for_version = http(options.timeout.min(version::TIME_LIMIT))?;
        let for_calls = http(options.timeout)?;
        let tls = net::tls(authorities.clone()).map_err(|error| unusable(error.to_string()))?;
        let jsonrpc = JsonRpc::new(&options, tls)?;
        let ClientOptions { url, database, api_key, protocol, clock, .. } = options;
        Ok(Self {
            wanted: protocol,
            question: VersionQuestion::new(for_version, &url, Arc::clone(&clock)),
            json2: Json2::new(for_calls, &url, database, &api_key, clock)?,
            jsonrpc,
            version: Mutex::default(),
        })
    }

    /// Calls a method of a model with named arguments, an object.
    pub(super) async fn call(
        &self,
        model: &'static str,
        method: &'static str,
        arguments: &RawValue,
    ) -> Result<Value, OdooError> {
        let way = self.way().await?;
        let answer = self.call_by(way, model, method, arguments).await;
        if !matches!(answer, Err(OdooError::Gone { .. })) {
            return answer;
        }
        *self.version.lock().await = None;
        match self.way().await? {
            same if same == way => answer,
            other => self.call_by(other, model, method, arguments).await,
        }
    }

    /// Odoo's version and the protocol that is used.
    pub(super) async fn describe(&self) -> Result<(String, &'static str), OdooError> {
        let version = self.version().await?;
        Ok((version.0, self.way().await?.word()))
    }

    /// An answer named the version: another one than before may want another protocol.
    pub(super) async fn heard(&self, version: &str) {
        if !version.is_empty() {
            *self.version.lock().await = Some(Version(version.to_owned()));
        }
    }

    async fn call_by(
        &self,
        way: Way,
        model: &'static str,
        method: &'static str,
        arguments: &RawValue,
    ) -> Result<Value, OdooError> {
        let begun = Instant::now();
        let answer = match way {
            Way::JsonRpc => self.jsonrpc.call(model, method, arguments).await,
            Way::Json2 => self.json2.call(model, method, arguments).await,
        };
        let error = answer.as_ref().err().map(OdooError::code);
        metrics::odoo_call(way.word(), &format!("{model}.{method}"), error, begun.elapsed());
        answer
    }

    async fn way(&self) -> Result<Way, OdooError> {
        let with_json2 = match self.wanted {
            Protocol::Jsonrpc => false,
            Protocol::Json2 => true,
            Protocol::Auto => self.version().await?.has_json2(),
        };
        Ok(if with_json2 { Way::Json2 } else { Way::JsonRpc })
    }

    async fn version(&self) -> Result<Version, OdooError> {
        let mut version = self.version.lock().await;
        if let Some(version) = &*version {
            return Ok(version.clone());
        }
        let found = self.question.ask(&self.jsonrpc).await?;
        tracing::debug!(odoo.version = found.0, "Odoo told its version");
        Ok(version.insert(found).clone())
    }
}
