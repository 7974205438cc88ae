//! What an answer means; the one place that knows the API's habits with status codes.

use std::time::Duration;

use reqwest::StatusCode;

use super::SicantikError;
use super::wire::{self, Format, Record, Summary, Unreadable};

/// "No rows", in the words of the API, compared in lower case.
const NO_DATA: [&str; 2] = ["tidak ada data", "no izin tidak terdaftar"];

/// What the rows of an answer are gathered into.
pub(super) trait Gather: Default + Send + 'static {
    fn take(&mut self, record: &Record);
}

impl Gather for Vec<Record> {
    fn take(&mut self, record: &Record) {
        self.push(record.clone());
    }
}

/// An answer of HTTP.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) retry_after: Option<Duration>,
    pub(super) body: Vec<u8>,
}

/// Rows, or none.
#[derive(Debug, Default)]
pub(super) struct Answer<T> {
    pub(super) gathered: T,
    pub(super) rows: usize,
    /// `None` when the answer had no body at all.
    pub(super) format: Option<Format>,
}

/// An answer that is none.
#[derive(Debug)]
pub(super) struct Misfit {
    pub(super) error: SicantikError,
    /// It looks as if the server did not understand the form of the call.
    pub(super) may_be_the_form: bool,
}

impl From<SicantikError> for Misfit {
    fn from(error: SicantikError) -> Self {
        Self { error, may_be_the_form: false }
    }
}

/// Reads an answer.
pub(super) fn judge<T: Gather>(endpoint: &'static str, reply: &Reply) -> Result<Answer<T>, Misfit> {
    let status = reply.status;
    let unavailable = |reason: String| SicantikError::Unavailable { endpoint, reason, retry_after: reply.retry_after };
    let refused = || SicantikError::Refused { endpoint, status: status.as_u16() };
    let odd = |error| Misfit { error, may_be_the_form: true };
    match status.as_u16() {
        200 | 404 => {}
        401 | 403 => return Err(refused().into()),
        407 => return Err(SicantikError::ProxyCredentials.into()),
        500 => return Err(odd(unavailable(format!("status {status}")))),
        408 | 425 | 429 | 501..=599 => return Err(unavailable(format!("status {status}")).into()),
        _ => return Err(odd(wrong_address(endpoint, format!("status {status}")))),
    }
    let mut gathered = T::default();
    match (status, wire::read(&reply.body, &mut |record| gathered.take(record))) {
        (_, Ok(Summary { error: Some(error), format, .. })) => {
            let error = error.to_lowercase();
            if NO_DATA.iter().any(|known| error.contains(known)) {
                Ok(Answer { format: Some(format), ..Answer::default() })
            } else if error.contains("api key") {
                Err(refused().into())
            } else {
                Err(odd(wrong_address(endpoint, format!("status {status} with an error of the API"))))
            }
        }
        (StatusCode::OK, Ok(Summary { rows: 0, format: Format::Xml, .. })) => {
            Err(unavailable("an answer without rows".to_owned()).into())
        }
        (StatusCode::OK, Ok(Summary { rows, format, .. })) => Ok(Answer { gathered, rows, format: Some(format) }),
        (StatusCode::OK, Err(Unreadable::Html)) => Err(odd(unavailable(Unreadable::Html.to_string()))),
        (StatusCode::OK, Err(reason)) => Err(unavailable(reason.to_string()).into()),
        (_, Err(Unreadable::Empty)) => Ok(Answer::default()),
        // Half of a "no data" is not a wrong address.
        (_, Err(Unreadable::Cut)) => Err(unavailable(format!("status {status} with {}", Unreadable::Cut)).into()),
        _ => Err(odd(wrong_address(endpoint, format!("status {status}")))),
    }
}

fn wrong_address(endpoint: &'static str, reason: String) -> SicantikError {
    SicantikError::WrongAddress { endpoint, reason }
}
