//! `/json/2`: Odoo 19 and later. Named arguments, an API key instead of a sign-in, real HTTP statuses.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use crate::clock::Clock;
use crate::net::{BodyError, read_body, retry_after};

use super::super::OdooError;
use super::super::error::Denial;
use super::MAX_BODY_BYTES;
use super::answer;

const PATH: &str = "/json/2";

/// Chooses the database where a server has several.
const DATABASE: HeaderName = HeaderName::from_static("x-odoo-database");

/// How Odoo says that it has no database of the name in [`DATABASE`], or hides it (`dbfilter`).
const NO_DATABASE: &str = "No database is selected";

/// A session-less client of one database.
#[derive(Debug)]
pub(super) struct Json2 {
    http: Client,
    base: Url,
    database: String,
    headers: HeaderMap,
    clock: Arc<dyn Clock>,
}

impl Json2 {
    pub(super) fn new(
        http: Client,
        url: &Url,
        database: String,
        api_key: &SecretString,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OdooError> {
        let mut bearer = HeaderValue::from_str(&format!("bearer {}", api_key.expose_secret()))
            .map_err(|_| OdooError::Denied(Denial::Key))?;
        bearer.set_sensitive(true);
        let name = HeaderValue::from_bytes(database.as_bytes())
            .map_err(|_| OdooError::NoDatabase { name: database.clone() })?;
        let json = HeaderValue::from_static("application/json");
        let headers = HeaderMap::from_iter([(AUTHORIZATION, bearer), (DATABASE, name), (CONTENT_TYPE, json)]);
        Ok(Self { http, base: url.clone(), database, headers, clock })
    }

    /// Calls a method of a model with named arguments, an object.
    pub(super) async fn call(&self, model: &str, method: &str, arguments: &RawValue) -> Result<Value, OdooError> {
        let url = with_path(&self.base, &format!("{PATH}/{model}/{method}"));
        let request = self.http.post(url).headers(self.headers.clone()).body(arguments.get().to_owned());
        let response = request.send().await.map_err(|error| broken(&error, &self.base))?;
        let status = response.status().as_u16();
        let pause = retry_after(response.headers(), self.clock.now());
        let body = read(response, &self.base).await?;
        self.judge(status, pause, &body, &format!("{model}.{method}"))
    }

    fn judge(&self, status: u16, pause: Option<Duration>, body: &[u8], method: &str) -> Result<Value, OdooError> {
        let answer = serde_json::from_slice::<Value>(body);
        match answer {
            Ok(answer) if status == 200 => Ok(answer),
            Err(_) if status == 200 => Err(answer::not_odoo()),
            // An exception of Odoo's has a name. Of 503 and the like the status says more.
            Ok(Value::Object(error)) if !answer::is_passing(status) || status == 500 => {
                let text = |key| error.get(key).and_then(Value::as_str);
                Err(match text("name") {
                    Some(name) => answer::exception(name, text("message").unwrap_or_default(), method),
                    None => answer::status(status, PATH, pause),
                })
            }
            Err(_) if status == 404 && String::from_utf8_lossy(body).contains(NO_DATABASE) => {
                Err(OdooError::NoDatabaseHere {
                    name: self.database.clone(),
                    host: self.base.host_str().unwrap_or_default().to_owned(),
                })
            }
            _ => Err(answer::status(status, PATH, pause)),
        }
    }
}

/// The address with this path.
pub(super) fn with_path(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(path);
    url
}

/// The body of an answer of the server at `base`.
pub(super) async fn read(response: Response, base: &Url) -> Result<Vec<u8>, OdooError> {
    read_body(response, MAX_BODY_BYTES as usize).await.map_err(|error| match error {
        BodyError::TooLarge(_) => OdooError::WrongAddress { reason: error.to_string() },
        BodyError::Broken(error) => broken(&error, base),
    })
}

/// A call without a whole answer. Where no connection came about, nothing can have run.
pub(super) fn broken(error: &reqwest::Error, base: &Url) -> OdooError {
    if error.is_connect() {
        answer::no_connection(error, base.host_str().unwrap_or_default())
    } else {
        OdooError::UnknownOutcome
    }
}
