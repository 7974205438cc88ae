//! The calls. Each waits for its place in the rate limit and is tried again as its error says.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::clock::Clock;
use crate::domain::{EndpointCalls, Message, PermitNumber, PermitType, RegistrationNumber};
use crate::net::{Deadline, RateLimit, RetryPolicy};

use super::answer::{Answer, Rejected, Reply, RowSink, interpret};
use super::call_stats::CallStats;
use super::call_style::{Arguments, CallStyle, KnownStyle};
use super::page::{DetailAnswer, Page, TypeCount};
use super::transport::Transport;
use super::waits::{Wait, Waits};
use super::wire::{Format, Record};
use super::{Access, SicantikError, convert, endpoint};

/// A piece of a page that is known to fail is given this part of a call's patience.
const PIECE_PATIENCE: u32 = 8;

/// A larger body is read on a thread of its own: it takes some milliseconds.
const LARGE_BODY_BYTES: usize = 128 * 1024;

/// How to speak to one SICANTIK.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Address of the API, with or without a slash at its end.
    pub api_url: String,
    pub timeout: Duration,
    pub retry: RetryPolicy,
    /// Rows of the largest page of the list: no answer may be larger than such a page.
    pub largest_page: usize,
    /// What the address may be, and the key.
    pub access: Access,
    /// Time of day, for pauses that the server asks for by date.
    pub clock: Arc<dyn Clock>,
    /// After it no call leaves any more.
    pub until: Deadline,
}

/// A client of one SICANTIK.
#[derive(Debug)]
pub struct Client {
    transport: Transport,
    retry: RetryPolicy,
    largest_page: usize,
    style: KnownStyle,
    stats: Arc<CallStats>,
    waits: Waits,
    /// The server takes offset 0 for none at all, so that it is written `00`.
    zero_is_refused: AtomicBool,
}

impl Client {
    /// A client for the address; `rate` is shared by all clients of one SICANTIK.
    pub fn new(options: &ClientOptions, rate: Arc<RateLimit>) -> Result<Self, SicantikError> {
        let (stats, zero_is_refused) = (Arc::<CallStats>::default(), AtomicBool::new(false));
        let transport = Transport::new(options, rate, Arc::clone(&stats))?;
        let style = KnownStyle::of(transport.base());
        let (retry, largest_page) = (options.retry, options.largest_page);
        Ok(Self { transport, retry, largest_page, style, stats, waits: Waits::default(), zero_is_refused })
    }

    /// Calls made so far, retries and redirects included.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.stats.by_endpoint().iter().map(|endpoint| endpoint.calls).sum()
    }

    /// The same endpoint by endpoint, with their times and errors.
    #[must_use]
    pub fn calls_by_endpoint(&self) -> Vec<EndpointCalls> {
        self.stats.by_endpoint()
    }

    /// What is waited for while SICANTIK does not answer; `None` while it does.
    #[must_use]
    pub fn waits_for(&self) -> Option<Wait> {
        self.waits.longest()
    }

    /// What was learnt of the server's habits so far, in words for people.
    #[must_use]
    pub fn habits(&self) -> Vec<Message> {
        let form = self.style.known().map(|form| match form {
            CallStyle::Path => {
                Message::plain("form_path", "Pages of the list are asked for in the path of the address.")
            }
            CallStyle::Query => {
                Message::plain("form_query", "Pages of the list are asked for in the query of the address.")
            }
            CallStyle::Simple => {
                Message::plain("form_simple", "This is the simple API (api_simple.php): it has no detail calls.")
            }
        });
        let zero = self.zero_is_refused.load(Ordering::Relaxed);
        let zero = zero.then(|| Message::plain("zero_refused", "The server refuses the offset 0; it is written 00."));
        form.into_iter().chain(zero).chain(self.transport.remarks()).collect()
    }

    /// How many permit types SICANTIK counts; `None` when it does not say.
    pub async fn type_count(&self) -> Result<Option<u64>, SicantikError> {
        Ok(self.get::<TypeCount>(endpoint::TYPE_COUNT, Arguments::None, self.retry).await?.content.0)
    }

    /// All permit types.
    pub async fn permit_types(&self) -> Result<Vec<PermitType>, SicantikError> {
        Ok(self.get(endpoint::TYPES, Arguments::None, self.retry).await?.content)
    }

    /// `limit` rows of the list of issued permits from `offset` on; a page without rows is the end.
    pub async fn issued_page(&self, offset: usize, limit: usize) -> Result<Page, SicantikError> {
        self.page(offset, limit, self.retry).await
    }

    /// The same with less patience, for pieces of a page that is known to fail: several rows once only, a
    /// single row some times.
    pub async fn issued_piece(&self, offset: usize, limit: usize) -> Result<Page, SicantikError> {
        let (total, tries) =
            if limit == 1 { (self.retry.total / PIECE_PATIENCE, self.retry.tries) } else { (self.retry.total, 1) };
        self.page(offset, limit, RetryPolicy { total, tries, ..self.retry }).await
    }

    /// The detail of a permit: by its number, then by its printed code. A number with a quote makes the
    /// first of them fail inside SICANTIK for good, so it is not called.
    pub async fn detail(
        &self,
        registration: &RegistrationNumber,
        number: &PermitNumber,
    ) -> Result<DetailAnswer, SicantikError> {
        if self.style.known() == Some(CallStyle::Simple) {
            return Err(SicantikError::NoSuchCall { endpoint: endpoint::DETAIL_BY_NUMBER });
        }
        let key = STANDARD.encode(number.as_str());
        let quoted = number.as_str().contains('\'');
        for endpoint in [endpoint::DETAIL_BY_NUMBER, endpoint::DETAIL_BY_CODE] {
            if quoted && endpoint == endpoint::DETAIL_BY_NUMBER {
                continue;
            }
            let answer = self.get::<Vec<Record>>(endpoint, Arguments::Number(&key), self.retry).await?;
            if let Some(detail) = convert::detail(&answer.content, registration, number, endpoint) {
                return Ok(DetailAnswer::Found(Box::new(detail)));
            }
        }
        Ok(DetailAnswer::NoData)
    }

    async fn page(&self, offset: usize, limit: usize, retry: RetryPolicy) -> Result<Page, SicantikError> {
        let zero = offset == 0 && self.zero_is_refused.load(Ordering::Relaxed);
        let written = if zero { "00".to_owned() } else { offset.to_string() };
        let ask = async |offset| self.get::<Page>(endpoint::ISSUED, Arguments::Page { limit, offset }, retry).await;
        let mut answer = ask(&written).await?;
        // PHP takes "0" for nothing: a server that stops at a missing parameter gives a 404 without a word.
        if offset == 0 && answer.format.is_none() && !zero {
            answer = ask("00").await?;
            self.zero_is_refused.store(answer.rows > 0, Ordering::Relaxed);
        }
        if offset == 0 && answer.rows == 0 {
            return Err(SicantikError::EmptyList);
        }
        let format = match answer.format {
            Some(Format::Xml) => "xml",
            Some(Format::Json) => "json",
            None => "",
        };
        Ok(Page { format, ..answer.content })
    }

    async fn get<T: RowSink>(
        &self,
        endpoint: &'static str,
        arguments: Arguments<'_>,
        retry: RetryPolicy,
    ) -> Result<Answer<T>, SicantikError> {
        let call = self.waits.begin();
        let tell = |error: &SicantikError, pause| call.failed(error, pause);
        retry.repeat_idempotent_telling(endpoint, || self.get_once(endpoint, arguments), tell).await
    }

    /// Asks in the form that is known, or looks for one.
    async fn get_once<T: RowSink>(
        &self,
        endpoint: &'static str,
        arguments: Arguments<'_>,
    ) -> Result<Answer<T>, SicantikError> {
        let rejected = match self.ask(self.style.current(), endpoint, arguments).await {
            Ok(answer) => return Ok(answer),
            Err(rejected) => rejected,
        };
        if rejected.may_be_the_style {
            for form in self.style.others(arguments) {
                if let Ok(answer) = self.ask(form, endpoint, arguments).await {
                    tracing::info!(?form, "SICANTIK takes another form of calls");
                    return Ok(answer);
                }
            }
        }
        Err(rejected.error)
    }

    async fn ask<T: RowSink>(
        &self,
        form: CallStyle,
        endpoint: &'static str,
        arguments: Arguments<'_>,
    ) -> Result<Answer<T>, Rejected> {
        let url = form.url(self.transport.base(), endpoint, arguments);
        let (reply, call) = self.transport.get(endpoint, url).await?;
        let answer = self.read(endpoint, reply).await;
        call.ended(answer.as_ref().map(drop).map_err(|rejected| rejected.error.code()));
        let answer = answer?;
        if answer.rows > 0 || form != CallStyle::Path {
            self.style.learn(form, arguments);
        }
        Ok(answer)
    }

    async fn read<T: RowSink>(&self, endpoint: &'static str, reply: Reply) -> Result<Answer<T>, Rejected> {
        let largest_page = self.largest_page;
        if reply.body.len() < LARGE_BODY_BYTES {
            return interpret(endpoint, &reply, largest_page);
        }
        // The worker has one thread for everything else: a hook must not wait until a large page is read.
        match tokio::task::spawn_blocking(move || interpret(endpoint, &reply, largest_page)).await {
            Ok(answer) => answer,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(error) => {
                Err(SicantikError::Unavailable { endpoint, reason: error.to_string(), retry_after: None }.into())
            }
        }
    }
}
