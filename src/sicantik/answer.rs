//! What an answer means; the one place that knows the API's habits with status codes.

use std::ops::ControlFlow;
use std::time::Duration;

use reqwest::StatusCode;

use super::SicantikError;
use super::wire::{self, Format, Record, Summary, Unreadable};

/// "No rows", in the words of the API, compared in lower case.
const NO_DATA: [&str; 2] = ["tidak ada data", "no izin tidak terdaftar"];

/// What the rows of an answer are content into.
pub(super) trait RowSink: Default + Send + 'static {
    /// The columns that an answer of this kind may have. One whose rows have none of them is no answer, whatever
    /// its status says: `{"status": false, "message": "Too many connections"}`.
    const COLUMNS: &'static [&'static str];

    /// More rows than this are refused while they are read.
    fn most_rows(largest_page: usize) -> usize;

    fn take(&mut self, record: &Record);
}

/// Rows of one application: its numbers times its applicants times its types.
const MOST_DETAILS: usize = 2_000;

impl RowSink for Vec<Record> {
    const COLUMNS: &'static [&'static str] = &["pendaftaran_id", "no_surat"];

    fn most_rows(_: usize) -> usize {
        MOST_DETAILS
    }

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
    pub(super) content: T,
    pub(super) rows: usize,
    /// `None` when the answer had no body at all.
    pub(super) format: Option<Format>,
}

/// An answer that is none.
#[derive(Debug)]
pub(super) struct Rejected {
    pub(super) error: SicantikError,
    /// It looks as if the server did not understand the form of the call.
    pub(super) may_be_the_style: bool,
}

impl From<SicantikError> for Rejected {
    fn from(error: SicantikError) -> Self {
        Self { error, may_be_the_style: false }
    }
}

/// Reads an answer; `largest_page` is the most that a page may have.
pub(super) fn interpret<T: RowSink>(
    endpoint: &'static str,
    reply: &Reply,
    largest_page: usize,
) -> Result<Answer<T>, Rejected> {
    let status = reply.status;
    let unavailable = |reason: String| SicantikError::Unavailable { endpoint, reason, retry_after: reply.retry_after };
    let refused = || SicantikError::Refused { endpoint, status: status.as_u16() };
    let odd = |error| Rejected { error, may_be_the_style: true };
    match status.as_u16() {
        200 | 404 => {}
        401 | 403 => return Err(refused().into()),
        407 => return Err(SicantikError::ProxyCredentials.into()),
        500 => return Err(odd(unavailable(format!("status {status}")))),
        408 | 425 | 429 | 501..=599 => return Err(unavailable(format!("status {status}")).into()),
        400 => return Err(odd(wrong_address(endpoint, format!("status {status}")))),
        // A filter before the server refuses single calls, and a server that is worked on says this and that.
        _ => {
            let reason =
                format!("status {status}; if it stays so, check the API URL and what stands before the server");
            return Err(odd(unavailable(reason)));
        }
    }
    let mut rows = BoundedRows::<T>::up_to(T::most_rows(largest_page));
    let read = wire::read(&reply.body, &mut |record| rows.take(record));
    let said = |error: &str| NO_DATA.iter().any(|known| error.to_lowercase().contains(known));
    match (status, read) {
        (_, Ok(Summary { error: Some(error), format, .. })) if said(&error) => Ok(Answer::none(format)),
        (_, Ok(Summary { error: Some(error), .. })) if error.to_lowercase().contains("api key") => {
            Err(refused().into())
        }
        (_, Ok(Summary { error: Some(_), .. })) => {
            Err(odd(wrong_address(endpoint, format!("status {status} with an error of the API"))))
        }
        (_, Ok(Summary { rows: 1, format, .. })) if rows.lacks_known_columns() && said(&rows.message) => {
            Ok(Answer::none(format))
        }
        (StatusCode::OK, Ok(_)) if rows.lacks_known_columns() => {
            Err(unavailable("an answer without any column that is known".to_owned()).into())
        }
        (StatusCode::OK, Ok(Summary { rows: 0, format: Format::Xml, .. })) => {
            Err(unavailable("an answer without rows".to_owned()).into())
        }
        (StatusCode::OK, Ok(Summary { rows: count, format, .. })) => {
            Ok(Answer { content: rows.content, rows: count, format: Some(format) })
        }
        (StatusCode::OK, Err(Unreadable::TooMany)) => {
            Err(SicantikError::too_much(endpoint, format!("more than {} rows", rows.most)).into())
        }
        (StatusCode::OK, Err(Unreadable::Html)) => Err(odd(unavailable(Unreadable::Html.to_string()))),
        (StatusCode::OK, Err(reason)) => Err(unavailable(reason.to_string()).into()),
        (_, Err(Unreadable::Empty)) => Ok(Answer::default()),
        // Half of a "no data" is not a wrong address.
        (_, Err(Unreadable::Cut)) => Err(unavailable(format!("status {status} with {}", Unreadable::Cut)).into()),
        _ => Err(odd(wrong_address(endpoint, format!("status {status}")))),
    }
}

impl<T: Default> Answer<T> {
    /// "No rows", said in so many words.
    fn none(format: Format) -> Self {
        Self { format: Some(format), ..Self::default() }
    }
}

/// The rows of a body while it is read.
struct BoundedRows<T> {
    content: T,
    rows: usize,
    most: usize,
    /// Some row had a column that is known.
    known: bool,
    /// What a row that had none says.
    message: String,
}

impl<T: RowSink> BoundedRows<T> {
    fn up_to(most: usize) -> Self {
        Self { content: T::default(), rows: 0, most, known: false, message: String::new() }
    }

    fn take(&mut self, record: &Record) -> ControlFlow<()> {
        self.rows += 1;
        if self.rows > self.most {
            return ControlFlow::Break(());
        }
        if T::COLUMNS.iter().any(|column| record.get(column).is_some()) {
            self.known = true;
        } else if self.message.is_empty() {
            record.text("message").clone_into(&mut self.message);
        }
        self.content.take(record);
        ControlFlow::Continue(())
    }

    /// There are rows, and they are none of this kind.
    fn lacks_known_columns(&self) -> bool {
        self.rows > 0 && !self.known
    }
}

fn wrong_address(endpoint: &'static str, reason: String) -> SicantikError {
    SicantikError::WrongAddress { endpoint, reason }
}

#[cfg(test)]
mod tests {
    use super::super::Page;
    use super::super::page::TypeCount;
    use super::*;
    use crate::domain::PermitType;

    const BOUND: usize = 100;

    fn reply(body: String) -> Reply {
        Reply { status: StatusCode::OK, retry_after: None, body: body.into_bytes() }
    }

    /// So many rows in the two languages, alone and in an envelope.
    fn bodies(rows: usize) -> [String; 4] {
        let items = "<item><pendaftaran_id>1</pendaftaran_id><id>1</id></item>".repeat(rows);
        let objects = vec![r#"{"pendaftaran_id":"1","id":"1"}"#; rows].join(",");
        [
            format!("<xml>{items}</xml>"),
            format!("<xml><data>{items}</data></xml>"),
            format!("[{objects}]"),
            format!(r#"{{"data":[{objects}]}}"#),
        ]
    }

    #[test]
    fn a_page_is_read_to_its_bound_and_never_holds_a_row_more() {
        for body in bodies(BOUND) {
            let page = interpret::<Page>("list", &reply(body), BOUND).expect("a page");
            assert_eq!((page.content.received, page.content.rows.len()), (BOUND, BOUND));
        }
        for body in bodies(BOUND * 50) {
            let mut rows = BoundedRows::<Page>::up_to(BOUND);
            let read = wire::read(body.as_bytes(), &mut |record| rows.take(record));
            assert_eq!((read, rows.content.rows.len()), (Err(Unreadable::TooMany), BOUND));
            assert_eq!(rows.rows, BOUND + 1, "nothing behind it was looked at");
        }
    }

    #[test]
    fn other_answers_have_bounds_of_their_own() {
        let [xml, .., json] = bodies(20_000);
        for body in [xml, json] {
            let error = interpret::<Vec<PermitType>>("types", &reply(body.clone()), BOUND).expect_err("refused").error;
            assert_eq!(error.code(), "sicantik_too_much");
            interpret::<TypeCount>("count", &reply(body.clone()), BOUND).expect_err("refused");
            interpret::<Vec<Record>>("detail", &reply(body), BOUND).expect_err("refused");
        }
    }

    #[test]
    fn an_answer_without_a_known_column_is_none_whatever_its_words() {
        for body in [
            r#"{"status":false,"message":"Too many connections"}"#,
            "<xml><status/><message>Too many connections</message></xml>",
            r#"{"status":false,"data":[]}"#,
            "[null, 7]",
            "[{}]",
        ] {
            let error = interpret::<Page>("list", &reply(body.to_owned()), BOUND).expect_err("no page").error;
            assert!(error.is_unavailable(), "{body}: {error}");
            let error =
                interpret::<Vec<Record>>("detail", &reply(body.to_owned()), BOUND).expect_err("no detail").error;
            assert!(error.is_unavailable(), "{body}: {error}");
        }
        for body in [r#"{"status":false,"message":"Tidak ada data.."}"#, r#"{"status":true,"data":[]}"#, "[]"] {
            let answer = interpret::<Page>("list", &reply(body.to_owned()), BOUND).expect("the end of the list");
            assert_eq!(answer.rows, 0, "{body}");
        }
    }
}
