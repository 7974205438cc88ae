//! What a caller can do about a failed call.

use std::time::Duration;

use crate::net::{BadCertificate, Retry, Retryable};

use super::endpoint;

/// A failed call to SICANTIK.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SicantikError {
    /// Nothing usable came: time-out, connection lost, server error, empty or cut body, an error page. The
    /// same call may work in a moment. Never to be read as the end of a list.
    #[error("SICANTIK did not answer {endpoint}: {reason}")]
    Unavailable {
        endpoint: &'static str,
        /// What happened, without any content of the body.
        reason: String,
        /// The pause that the server asked for.
        retry_after: Option<Duration>,
    },
    /// The address does not lead to SICANTIK's API, or the API lacks the method. Check the API URL.
    #[error("the address does not lead to SICANTIK's API ({endpoint} answered {reason}); check the API URL")]
    WrongAddress {
        endpoint: &'static str,
        /// Status and kind of the answer.
        reason: String,
    },
    /// The server refuses the worker. A person has to ask the office that runs it.
    #[error("SICANTIK refuses access ({endpoint} answered {status}); ask its administrator, who may give an API key")]
    Refused {
        endpoint: &'static str,
        /// 401 or 403.
        status: u16,
    },
    /// The configured address cannot be used. Correct it in Odoo.
    #[error("the API URL cannot be used: {reason}")]
    BadAddress { reason: String },
    /// A setting of the worker cannot be used, such as its file of authorities. Its administrator corrects it.
    #[error("a setting of the worker cannot be used: {reason}")]
    BadSettings { reason: String },
    /// The worker's administrator has not allowed this host.
    #[error("the worker may not call {host}; its administrator can add the host to sicantik.allowed_hosts")]
    HostNotAllowed { host: String },
    /// The host is inside the network, and nobody has said that it may be called.
    #[error("{host} is a private address; the worker's administrator can add the host to sicantik.allowed_hosts")]
    PrivateAddress { host: String },
    /// Never a SICANTIK.
    #[error("{host} is a link-local or metadata address, which is never called; correct the API URL")]
    LinkLocal { host: String },
    /// Personal data would travel in clear.
    #[error("{host} would be called without encryption; use https://, or allow plain HTTP in the configuration")]
    PlainHttp { host: String },
    /// The server does not prove who it is.
    #[error("the certificate of {host} cannot be trusted: {}", reason.told("sicantik.ca_file"))]
    Certificate {
        host: String,
        /// What is wrong with it, and what to do.
        reason: BadCertificate,
    },
    /// The proxy does not let the worker out.
    #[error(
        "the proxy wants another user or password; correct net.proxy_user and net.proxy_password, and look whether \
         net.proxy is the right one"
    )]
    ProxyCredentials,
    /// The server sends the worker where it must not go.
    #[error("SICANTIK redirects {endpoint} {target}; put the address of the API itself into the API URL")]
    Redirect {
        endpoint: &'static str,
        /// Where to, in words.
        target: &'static str,
    },
    /// The second dialect has no such calls.
    #[error("this SICANTIK (api_simple.php) has no {endpoint}; give the address of its full API")]
    NoSuchCall {
        /// The endpoint that is missing.
        endpoint: &'static str,
    },
    /// The server gives everything at once, or one answer that never ends. The worker's memory has a bound.
    #[error(
        "SICANTIK sends {what} in one page of its list, whatever is asked, and the worker reads no more at once; set \
         sicantik.largest_page in the worker's settings above the length of the list, or ask SICANTIK's \
         administrator why limit is not heeded"
    )]
    PageTooLarge { what: String },
    /// An answer that is known to be small is not.
    #[error("SICANTIK answers {endpoint} with {what}, which no office has; look at SICANTIK itself")]
    TooMuch { endpoint: &'static str, what: String },
    /// The list has more pages than any office has.
    #[error(
        "SICANTIK's list goes on after {pages} pages and {rows} permits; it gives so few rows a page that it cannot \
         be read whole: ask SICANTIK's administrator to allow larger pages"
    )]
    TooManyPages { pages: usize, rows: usize },
    /// The list has no permit at its very beginning: not "zero permits", but a fault of the server.
    #[error("SICANTIK's list of issued permits is empty at its beginning; look at SICANTIK itself")]
    EmptyList,
    /// Another worker may speak to this SICANTIK by now: no call leaves any more.
    #[error("the worker's time with this SICANTIK has ended")]
    LeaseEnded,
    /// Page after page brings the same rows: the server does not heed where a page begins.
    #[error("SICANTIK gives the same permits on every page of its list; look at SICANTIK itself")]
    Repeating,
}

impl SicantikError {
    /// A stable word for the run's issue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "sicantik_unavailable",
            Self::WrongAddress { .. } => "sicantik_wrong_address",
            Self::LeaseEnded => "lease_lost",
            Self::Refused { .. } => "sicantik_refused",
            Self::BadAddress { .. } => "sicantik_bad_address",
            Self::BadSettings { .. } => "sicantik_bad_settings",
            Self::HostNotAllowed { .. } => "host_not_allowed",
            Self::PrivateAddress { .. } => "private_address",
            Self::LinkLocal { .. } => "link_local",
            Self::PlainHttp { .. } => "plain_http",
            Self::Certificate { .. } => "certificate",
            Self::ProxyCredentials => "proxy_credentials",
            Self::Redirect { .. } => "redirect",
            Self::NoSuchCall { .. } => "sicantik_no_such_call",
            Self::PageTooLarge { .. } => "sicantik_page_too_large",
            Self::TooMuch { .. } => "sicantik_too_much",
            Self::TooManyPages { .. } => "sicantik_too_many_pages",
            Self::EmptyList => "sicantik_empty_list",
            Self::Repeating => "sicantik_repeating",
        }
    }

    /// More came than is read at once; of a page of the list, with the setting that bounds it.
    pub(super) fn too_much(endpoint: &'static str, what: String) -> Self {
        if endpoint == endpoint::ISSUED { Self::PageTooLarge { what } } else { Self::TooMuch { endpoint, what } }
    }

    /// Whether the worker itself kept the call back, when it saw where it would go.
    pub(super) fn is_kept_back(&self) -> bool {
        matches!(self, Self::PrivateAddress { .. } | Self::LinkLocal { .. } | Self::PlainHttp { .. })
    }

    /// Whether a page of another size may do better.
    #[must_use]
    pub fn depends_on_size(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::PageTooLarge { .. })
    }

    /// Whether nothing usable came, so that a smaller or later call may do better.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }
}

impl Retryable for SicantikError {
    fn retry(&self) -> Retry {
        match self {
            Self::Unavailable { retry_after: Some(pause), .. } => Retry::After(*pause),
            Self::Unavailable { .. } => Retry::Yes,
            _ => Retry::No,
        }
    }
}
