//! The calls. Each waits for its place in the rate limit and is tried again as its error says.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Response, StatusCode, Url, header};
use tokio::time::Instant;

use crate::domain::{Issue, ListRow, PermitDetail, PermitNumber, PermitType, RegistrationNumber};
use crate::metrics;
use crate::net::{RateLimit, RetryPolicy, http_client};

use super::wire::{self, Document, Format, Record};
use super::{SicantikError, convert};

/// The endpoints that may be called: GET without side effects, all of them.
pub mod endpoint {
    /// How many permit types there are.
    pub const TYPE_COUNT: &str = "jumlahPerizinan";
    /// The permit types.
    pub const TYPES: &str = "jenisPerizinanList";
    /// The issued permits.
    pub const ISSUED: &str = "listpermohonanterbit";
    /// A permit by its number, in base64.
    pub const DETAIL_BY_NUMBER: &str = "cekperizinanizin";
    /// A permit by the code printed on it, which for newer ones is the number in base64.
    pub const DETAIL_BY_CODE: &str = "cekperizinan";
}

/// The largest body that is read; a page of 20,000 rows has about 6 MB.
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;

/// "No rows", in the words of the API, compared in lower case.
const NO_DATA: [&str; 2] = ["tidak ada data", "no izin tidak terdaftar"];

/// How to speak to one SICANTIK.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Address of the API, with or without a slash at its end.
    pub api_url: String,
    /// Limit of one call.
    pub timeout: Duration,
    /// When to try again.
    pub retry: RetryPolicy,
}

/// A client of one SICANTIK.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    rate: Arc<RateLimit>,
    retry: RetryPolicy,
    calls: AtomicU64,
}

/// One page of the list.
#[derive(Debug, Default)]
pub struct Page {
    /// The rows that could be read.
    pub rows: Vec<ListRow>,
    /// The rows that could not, with the reason.
    pub refused: Vec<Issue>,
    /// How many rows the server sent; 0 = the end of the list.
    pub received: usize,
    /// The names of the columns, for the probe.
    pub columns: Vec<String>,
    /// `xml` or `json`.
    pub format: &'static str,
}

impl Page {
    /// Whether the list carries the expiry date, so that no detail call is needed.
    #[must_use]
    pub fn has_expiry_column(&self) -> bool {
        self.columns.iter().any(|column| column.eq_ignore_ascii_case(convert::EXPIRY_COLUMN))
    }
}

/// What the detail calls say of a permit.
#[derive(Debug, Clone, PartialEq)]
pub enum DetailAnswer {
    /// The detail.
    Found(Box<PermitDetail>),
    /// A definite "no data": normal for permits of individuals.
    NoData,
}

impl Client {
    /// A client for the address; `rate` is shared by all clients of one SICANTIK.
    pub fn new(options: &ClientOptions, rate: Arc<RateLimit>) -> Result<Self, SicantikError> {
        let bad = |reason: String| SicantikError::BadAddress { reason };
        let base = Url::parse(options.api_url.trim()).map_err(|error| bad(error.to_string()))?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(bad("it must begin with http:// or https:// and name a host".to_owned()));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(bad("it must not hold a user name or password".to_owned()));
        }
        let http = http_client(options.timeout).map_err(|error| bad(error.to_string()))?;
        Ok(Self { http, base, rate, retry: options.retry, calls: AtomicU64::new(0) })
    }

    /// Calls made so far, retries included.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// How many permit types SICANTIK counts; `None` when it does not say.
    pub async fn type_count(&self) -> Result<Option<u64>, SicantikError> {
        let answer = self.get(endpoint::TYPE_COUNT, &[], None).await?;
        Ok(answer.records.first().and_then(|record| record.text("jumlahPerizinan").trim().parse().ok()))
    }

    /// All permit types.
    pub async fn permit_types(&self) -> Result<Vec<PermitType>, SicantikError> {
        let answer = self.get(endpoint::TYPES, &[], None).await?;
        Ok(answer.records.iter().filter_map(convert::permit_type).collect())
    }

    /// `limit` rows of the list of issued permits from `offset` on; a page without rows is the end.
    pub async fn issued_page(&self, offset: usize, limit: usize) -> Result<Page, SicantikError> {
        let path = [("limit", limit), ("offset", offset)];
        let answer = self.get(endpoint::ISSUED, &path, None).await?;
        if answer.records.is_empty() && offset == 0 {
            return Err(SicantikError::EmptyList);
        }
        let mut page = Page { received: answer.records.len(), format: answer.format(), ..Page::default() };
        if let Some(first) = answer.records.first() {
            page.columns = first.names().map(str::to_owned).collect();
        }
        for record in &answer.records {
            match convert::list_row(record) {
                Ok(row) => page.rows.push(row),
                Err(issue) => page.refused.push(issue),
            }
        }
        Ok(page)
    }

    /// The detail of a permit: by its number, then by its printed code. A number with a quote makes the
    /// first of them fail inside SICANTIK for good, so it is not called.
    pub async fn detail(
        &self,
        registration: &RegistrationNumber,
        number: &PermitNumber,
    ) -> Result<DetailAnswer, SicantikError> {
        let key = STANDARD.encode(number.as_str());
        let quoted = number.as_str().contains('\'');
        for endpoint in [endpoint::DETAIL_BY_NUMBER, endpoint::DETAIL_BY_CODE] {
            if quoted && endpoint == endpoint::DETAIL_BY_NUMBER {
                continue;
            }
            let answer = self.get(endpoint, &[], Some(("no_izin", &key))).await?;
            if let Some(detail) = convert::detail(&answer.records, registration, number, endpoint) {
                return Ok(DetailAnswer::Found(Box::new(detail)));
            }
        }
        Ok(DetailAnswer::NoData)
    }

    async fn get(
        &self,
        endpoint: &'static str,
        path: &[(&str, usize)],
        query: Option<(&str, &str)>,
    ) -> Result<Answer, SicantikError> {
        let url = self.url(endpoint, path, query)?;
        self.retry.run(endpoint, || self.get_once(endpoint, url.clone())).await
    }

    fn url(&self, endpoint: &str, path: &[(&str, usize)], query: Option<(&str, &str)>) -> Result<Url, SicantikError> {
        let mut url = self.base.clone();
        let numbers = path.iter().flat_map(|(name, number)| [(*name).to_owned(), number.to_string()]);
        url.path_segments_mut()
            .map_err(|()| SicantikError::BadAddress { reason: "it cannot hold a path".to_owned() })?
            .pop_if_empty()
            .push(endpoint)
            .extend(numbers);
        if let Some((name, value)) = query {
            url.query_pairs_mut().append_pair(name, value);
        }
        Ok(url)
    }

    async fn get_once(&self, endpoint: &'static str, url: Url) -> Result<Answer, SicantikError> {
        self.rate.ready().await;
        self.calls.fetch_add(1, Ordering::Relaxed);
        let begun = Instant::now();
        let answer = self.fetch(endpoint, url).await;
        metrics::source_call(endpoint, answer.as_ref().err().map(SicantikError::code), begun.elapsed());
        answer
    }

    async fn fetch(&self, endpoint: &'static str, url: Url) -> Result<Answer, SicantikError> {
        let request = self.http.get(url).header(header::ACCEPT, "application/xml");
        let response = request.send().await.map_err(|error| unavailable(endpoint, &error))?;
        let status = response.status();
        let retry_after = retry_after(&response);
        let body = read_body(endpoint, response).await?;
        judge(endpoint, status, retry_after, &body)
    }
}

/// Rows, or none.
#[derive(Debug)]
struct Answer {
    records: Vec<Record>,
    format: Option<Format>,
}

impl Answer {
    const NONE: Self = Self { records: Vec::new(), format: None };

    fn format(&self) -> &'static str {
        match self.format {
            Some(Format::Xml) => "xml",
            Some(Format::Json) => "json",
            None => "",
        }
    }
}

/// What an answer means; the one place that knows the API's habits with status codes.
fn judge(
    endpoint: &'static str,
    status: StatusCode,
    retry_after: Option<Duration>,
    body: &[u8],
) -> Result<Answer, SicantikError> {
    let unavailable = |reason: String| SicantikError::Unavailable { endpoint, reason, retry_after };
    let wrong_address = |reason: String| SicantikError::WrongAddress { endpoint, reason };
    match (status.as_u16(), wire::read(body)) {
        (401 | 403, _) => Err(SicantikError::Refused { endpoint, status: status.as_u16() }),
        (408 | 425 | 429 | 500..=599, _) => Err(unavailable(format!("status {status}"))),
        (200 | 404, Ok(Document { error: Some(error), .. })) => {
            let error = error.to_lowercase();
            if NO_DATA.iter().any(|known| error.contains(known)) {
                Ok(Answer::NONE)
            } else if error.contains("api key") {
                Err(SicantikError::Refused { endpoint, status: status.as_u16() })
            } else {
                Err(wrong_address(format!("status {status} with an error of the API")))
            }
        }
        (200, Ok(document)) if document.records.is_empty() && document.format == Format::Xml => {
            Err(unavailable("an answer without rows".to_owned()))
        }
        (200, Ok(document)) => Ok(Answer { records: document.records, format: Some(document.format) }),
        (200, Err(reason)) => Err(unavailable(reason.to_string())),
        (404, Err(wire::Unreadable::Empty)) => Ok(Answer::NONE),
        (300..=399, _) => Err(wrong_address("a redirect to another host".to_owned())),
        _ => Err(wrong_address(format!("status {status}"))),
    }
}

async fn read_body(endpoint: &'static str, mut response: Response) -> Result<Vec<u8>, SicantikError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unavailable(endpoint, &error))? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(SicantikError::Unavailable {
                endpoint,
                reason: format!("a body of more than {MAX_BODY_BYTES} bytes"),
                retry_after: None,
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(header::RETRY_AFTER)?;
    value.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// The error without its address, which holds permit numbers.
fn unavailable(endpoint: &'static str, error: &reqwest::Error) -> SicantikError {
    let reason = if error.is_timeout() {
        "no answer within the time limit".to_owned()
    } else if error.is_connect() {
        format!("no connection ({})", root_cause(error))
    } else {
        format!("the connection broke ({})", root_cause(error))
    };
    SicantikError::Unavailable { endpoint, reason, retry_after: None }
}

fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
