//! `/json/2`: Odoo 19 and later. Named arguments, an API key instead of a sign-in, real HTTP statuses.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use crate::net::rpc_client;

use super::super::OdooError;
use super::super::error::Denial;
use super::MAX_BODY_BYTES;
use super::answer;

const PATH: &str = "/json/2";

/// Chooses the database where a server has several.
const DATABASE: HeaderName = HeaderName::from_static("x-odoo-database");

/// How Odoo says that the name in [`DATABASE`] is none.
const NO_DATABASE: &str = "No database is selected";

/// A session-less client of one database.
#[derive(Debug)]
pub(super) struct Json2 {
    http: Client,
    base: Url,
    database: String,
    headers: HeaderMap,
}

impl Json2 {
    pub(super) fn new(
        url: &Url,
        database: String,
        api_key: &SecretString,
        timeout: Duration,
    ) -> Result<Self, OdooError> {
        let http = rpc_client(timeout).map_err(|error| OdooError::WrongAddress { reason: error.to_string() })?;
        let mut bearer = HeaderValue::from_str(&format!("bearer {}", api_key.expose_secret()))
            .map_err(|_| OdooError::Denied(Denial::Key))?;
        bearer.set_sensitive(true);
        let name = HeaderValue::from_bytes(database.as_bytes())
            .map_err(|_| OdooError::NoDatabase { name: database.clone() })?;
        let json = HeaderValue::from_static("application/json");
        let headers = HeaderMap::from_iter([(AUTHORIZATION, bearer), (DATABASE, name), (CONTENT_TYPE, json)]);
        Ok(Self { http, base: url.clone(), database, headers })
    }

    /// Calls a method of a model with named arguments, an object.
    pub(super) async fn call(&self, model: &str, method: &str, arguments: &RawValue) -> Result<Value, OdooError> {
        let url = with_path(&self.base, &format!("{PATH}/{model}/{method}"));
        let request = self.http.post(url).headers(self.headers.clone()).body(arguments.get().to_owned());
        let response = request.send().await.map_err(|error| broken(&error))?;
        let status = response.status().as_u16();
        let body = read(response).await?;
        self.judge(status, &body, &format!("{model}.{method}"))
    }

    fn judge(&self, status: u16, body: &[u8], method: &str) -> Result<Value, OdooError> {
        let answer = serde_json::from_slice::<Value>(body);
        match answer {
            Ok(answer) if status == 200 => Ok(answer),
            Err(_) if status == 200 => Err(answer::not_odoo()),
            // An exception of Odoo's has a name. Of 503 and the like the status says more.
            Ok(Value::Object(error)) if !answer::is_passing(status) || status == 500 => {
                let text = |key| error.get(key).and_then(Value::as_str);
                Err(match text("name") {
                    Some(name) => answer::exception(name, text("message").unwrap_or_default(), method),
                    None => answer::status(status, PATH),
                })
            }
            Err(_) if status == 404 && String::from_utf8_lossy(body).contains(NO_DATABASE) => {
                Err(OdooError::NoDatabase { name: self.database.clone() })
            }
            _ => Err(answer::status(status, PATH)),
        }
    }
}

/// The address with this path.
pub(super) fn with_path(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(path);
    url
}

/// The body, as long as it is no flood.
pub(super) async fn read(mut response: Response) -> Result<Vec<u8>, OdooError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if body.len() + chunk.len() > MAX_BODY_BYTES as usize {
            return Err(OdooError::WrongAddress { reason: format!("an answer of more than {MAX_BODY_BYTES} bytes") });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A call without a whole answer. Where no connection came about, nothing can have run.
pub(super) fn broken(error: &reqwest::Error) -> OdooError {
    if error.is_connect() {
        OdooError::Unavailable { reason: answer::root_cause(error) }
    } else {
        OdooError::UnknownOutcome
    }
}
