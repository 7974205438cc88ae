//! `/jsonrpc`: Odoo before 19, which serves it still. jsonrpsee brings its own HTTP client.

use std::error::Error;
use std::sync::Arc;

use jsonrpsee::core::ClientError;
use jsonrpsee::core::client::ClientT;
use jsonrpsee::core::http_helpers::HttpError;
use jsonrpsee::core::middleware::RpcServiceBuilder;
use jsonrpsee::core::params::ObjectParams;
use jsonrpsee::http_client::transport::{Error as TransportError, HttpBackend};
use jsonrpsee::http_client::{CustomCertStore, HttpClient, HttpClientBuilder, RpcService};
use jsonrpsee::types::ErrorObjectOwned;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use tokio::sync::OnceCell;
use tower::ServiceBuilder;

use super::super::error::Denial;
use super::super::{ClientOptions, OdooError};
use super::keep_retry_after::{ComeAgain, KeepRetryAfter, Keeping};
use super::{MAX_BODY_BYTES, answer};

const PATH: &str = "/jsonrpc";

/// A session-less client of one database.
#[derive(Debug)]
pub(super) struct JsonRpc {
    http: HttpClient<RpcService<Keeping<HttpBackend>>>,
    host: String,
    database: String,
    login: String,
    api_key: SecretString,
    uid: OnceCell<i64>,
}

impl JsonRpc {
    pub(super) fn new(options: &ClientOptions, tls: CustomCertStore) -> Result<Self, OdooError> {
        let target = format!("{}{PATH}", options.url.as_str().trim_end_matches('/'));
        // The default middleware prints parameters, the API key among them, at trace level.
        let http = HttpClientBuilder::default()
            .set_rpc_middleware(RpcServiceBuilder::new())
            .set_http_middleware(ServiceBuilder::new().layer(KeepRetryAfter(Arc::clone(&options.clock))))
            .with_custom_cert_store(tls)
            .max_request_size(MAX_BODY_BYTES)
            .max_response_size(MAX_BODY_BYTES)
            .request_timeout(options.timeout)
            .build(target)
            .map_err(|error| OdooError::WrongAddress { reason: error.to_string() })?;
        Ok(Self {
            http,
            host: options.url.host_str().unwrap_or_default().to_owned(),
            database: options.database.clone(),
            login: options.login.clone(),
            api_key: options.api_key.clone(),
            uid: OnceCell::new(),
        })
    }

    /// Calls a method of a model with named arguments, an object.
    pub(super) async fn call(&self, model: &str, method: &str, arguments: &RawValue) -> Result<Value, OdooError> {
        const NO_POSITIONAL: [(); 0] = [];
        let uid = *self.uid.get_or_try_init(|| self.authenticate()).await?;
        let key = self.api_key.expose_secret();
        let args = (&self.database, uid, key, model, method, NO_POSITIONAL, arguments);
        self.request("object", "execute_kw", args)
            .await
            .map_err(|error| self.translate(&error, &format!("{model}.{method}")))
    }

    /// What `common.version` says; nobody needs to be signed in.
    pub(super) async fn version(&self) -> Result<Value, OdooError> {
        const NOTHING: [(); 0] = [];
        self.request("common", "version", NOTHING).await.map_err(|error| self.translate(&error, "version"))
    }

    async fn authenticate(&self) -> Result<i64, OdooError> {
        let args = (&self.database, &self.login, self.api_key.expose_secret(), Map::new());
        let answer = self.request("common", "authenticate", args).await.map_err(|error| self.no_entry(&error))?;
        answer.as_i64().ok_or(OdooError::Denied(Denial::Key))
    }

    /// A database that is none looks like a database that is away, but for PostgreSQL's words.
    fn no_entry(&self, error: &ClientError) -> OdooError {
        let quoted = format!("\"{}\"", self.database);
        match error {
            ClientError::Call(call) if field(call, "message").contains(&format!("{quoted} does not exist")) => {
                OdooError::NoDatabase { name: self.database.clone() }
            }
            _ => self.translate(error, "authenticate"),
        }
    }

    async fn request(&self, service: &str, method: &str, args: impl Serialize) -> Result<Value, ClientError> {
        let mut params = ObjectParams::new();
        params.insert("service", service)?;
        params.insert("method", method)?;
        params.insert("args", args)?;
        self.http.request("call", params).await
    }

    fn translate(&self, error: &ClientError, method: &str) -> OdooError {
        let no_connection = |error: &(dyn Error + 'static)| answer::no_connection(error, &self.host);
        match error {
            // Odoo answers every exception with status 200.
            ClientError::Call(call) => answer::exception(&field(call, "name"), &field(call, "message"), method),
            ClientError::RequestTimeout => OdooError::UnknownOutcome,
            ClientError::Transport(error) => match error.downcast_ref::<TransportError>() {
                Some(TransportError::Rejected { status_code }) => answer::status(*status_code, PATH, None),
                Some(TransportError::RequestTooLarge) => OdooError::TooLarge,
                Some(TransportError::Http(HttpError::Malformed)) => answer::not_odoo(),
                Some(TransportError::Http(HttpError::Stream(error))) => match error.downcast_ref::<ComeAgain>() {
                    Some(again) => answer::status(again.status, PATH, Some(again.after)),
                    None => no_connection(&**error),
                },
                _ => no_connection(&**error),
            },
            ClientError::ParseError(_) => answer::not_odoo(),
            other => OdooError::Unavailable { reason: other.to_string(), retry_after: None },
        }
    }
}

/// A text of the exception's data; empty when it is not there.
fn field(call: &ErrorObjectOwned, key: &str) -> String {
    let data: Value = call.data().and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    data.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}
