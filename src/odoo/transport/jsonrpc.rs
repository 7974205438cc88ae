//! `/jsonrpc`, the same on Odoo 18 and 19. jsonrpsee brings its own HTTP client.

use std::time::Duration;

use jsonrpsee::core::ClientError;
use jsonrpsee::core::client::ClientT;
use jsonrpsee::core::http_helpers::HttpError;
use jsonrpsee::core::middleware::RpcServiceBuilder;
use jsonrpsee::core::params::ObjectParams;
use jsonrpsee::http_client::transport::{Error as TransportError, HttpBackend};
use jsonrpsee::http_client::{HttpClient, HttpClientBuilder, RpcService};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use tokio::sync::OnceCell;
use url::Url;

use super::super::{OdooError, names};

/// Odoo itself takes up to 128 MiB; a batch is far smaller, but an answer with many permits may be large.
const MAX_BODY_BYTES: u32 = 64 * 1024 * 1024;

/// The longest sentence of Odoo's that is passed on.
const MAX_MESSAGE_CHARS: usize = 300;

/// A session-less client of one database.
#[derive(Debug)]
pub(in crate::odoo) struct JsonRpc {
    http: HttpClient<RpcService<HttpBackend>>,
    database: String,
    login: String,
    api_key: SecretString,
    uid: OnceCell<i64>,
}

impl JsonRpc {
    pub(in crate::odoo) fn new(
        url: &Url,
        database: String,
        login: String,
        api_key: SecretString,
        timeout: Duration,
    ) -> Result<Self, OdooError> {
        let target = format!("{}/jsonrpc", url.as_str().trim_end_matches('/'));
        // The default middleware prints parameters, the API key among them, at trace level.
        let http = HttpClientBuilder::default()
            .set_rpc_middleware(RpcServiceBuilder::new())
            .max_request_size(MAX_BODY_BYTES)
            .max_response_size(MAX_BODY_BYTES)
            .request_timeout(timeout)
            .build(target)
            .map_err(|error| OdooError::WrongAddress { reason: error.to_string() })?;
        Ok(Self { http, database, login, api_key, uid: OnceCell::new() })
    }

    /// Calls a method of a model with named arguments.
    pub(in crate::odoo) async fn call(
        &self,
        model: &str,
        method: &str,
        arguments: Map<String, Value>,
    ) -> Result<Value, OdooError> {
        let uid = *self.uid.get_or_try_init(|| self.authenticate()).await?;
        let key = self.api_key.expose_secret();
        let args = json!([self.database, uid, key, model, method, [], arguments]);
        self.request("object", "execute_kw", args)
            .await
            .map_err(|error| translate(&error, &format!("{model}.{method}")))
    }

    async fn authenticate(&self) -> Result<i64, OdooError> {
        let args = json!([self.database, self.login, self.api_key.expose_secret(), {}]);
        let answer =
            self.request("common", "authenticate", args).await.map_err(|error| translate(&error, "authenticate"))?;
        answer.as_i64().ok_or_else(|| OdooError::Denied {
            reason: "unknown login, or the API key is wrong, expired or revoked".to_owned(),
        })
    }

    async fn request(&self, service: &str, method: &str, args: Value) -> Result<Value, ClientError> {
        let mut params = ObjectParams::new();
        params.insert("service", service)?;
        params.insert("method", method)?;
        params.insert("args", args)?;
        self.http.request("call", params).await
    }
}

fn translate(error: &ClientError, method: &str) -> OdooError {
    match error {
        ClientError::Call(call) => {
            let data: Value = call.data().and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
            let text = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default();
            translate_exception(text("name"), text("message"), method)
        }
        ClientError::RequestTimeout => OdooError::UnknownOutcome,
        ClientError::Transport(error) => match error.downcast_ref::<TransportError>() {
            Some(TransportError::Rejected { status_code }) => translate_status(*status_code),
            Some(TransportError::RequestTooLarge) => OdooError::TooLarge,
            Some(TransportError::Http(HttpError::Malformed)) => not_json(),
            _ => OdooError::Unavailable { reason: root_cause(&**error) },
        },
        ClientError::ParseError(_) => not_json(),
        other => OdooError::Unavailable { reason: other.to_string() },
    }
}

/// A page of a proxy, or of a program that is not Odoo.
fn not_json() -> OdooError {
    OdooError::WrongAddress { reason: "an answer that is not JSON-RPC".to_owned() }
}

fn translate_status(status: u16) -> OdooError {
    match status {
        413 => OdooError::TooLarge,
        408 | 425 | 429 | 500..=599 => OdooError::Unavailable { reason: format!("status {status}") },
        401 | 403 => OdooError::Denied { reason: format!("status {status}") },
        _ => OdooError::WrongAddress { reason: format!("status {status}") },
    }
}

/// Odoo answers every error with status 200; the name of the exception tells.
fn translate_exception(name: &str, message: &str, method: &str) -> OdooError {
    let first_line: String = message.lines().next().unwrap_or_default().chars().take(MAX_MESSAGE_CHARS).collect();
    let short_name = name.rsplit('.').next().unwrap_or(name);
    match short_name {
        _ if first_line.starts_with(names::STALE_TOKEN) => OdooError::LeaseLost,
        "AccessDenied" | "SessionExpiredException" => {
            OdooError::Denied { reason: "the API key is wrong, expired or revoked".to_owned() }
        }
        "AccessError" => OdooError::Denied { reason: "the user is not in the group SICANTIK Worker".to_owned() },
        "SerializationFailure"
        | "DeadlockDetected"
        | "LockNotAvailable"
        | "ConcurrencyError"
        | "LockError"
        | "OperationalError"
        | "InterfaceError"
        | "PoolError"
        | "AdminShutdown"
        | "CannotConnectNow" => OdooError::Unavailable { reason: format!("its database says {short_name}") },
        _ => OdooError::Refused { method: method.to_owned(), name: name.to_owned(), message: first_line },
    }
}

fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_become_what_the_caller_can_do() {
        let code = |name, message| translate_exception(name, message, "a.b").code();
        assert_eq!(code("odoo.exceptions.AccessDenied", "Access Denied"), "odoo_denied");
        assert_eq!(code("odoo.exceptions.AccessError", "no"), "odoo_denied");
        assert_eq!(code("psycopg2.errors.SerializationFailure", "could not serialize"), "odoo_unavailable");
        assert_eq!(code("odoo.exceptions.UserError", "stale_token: taken"), "lease_lost");
        assert_eq!(code("builtins.AttributeError", "no method"), "odoo_refused");
    }

    #[test]
    fn a_traceback_never_leaves() {
        let OdooError::Refused { message, .. } =
            translate_exception("odoo.exceptions.ValidationError", "A sentence.\nTraceback: secret", "a.b")
        else {
            panic!("refused expected")
        };
        assert_eq!(message, "A sentence.");
    }
}
