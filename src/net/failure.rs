//! What stands behind a failed request, as far as people can do something about it.

use std::error::Error;
use std::io;

use rustls::{CertificateError, Error as TlsError, OtherError};

use super::address_guard::AddressRefused;

/// What is wrong with a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCertificate {
    /// Its time is over.
    #[error("it has expired; its owner must renew it (is this machine's clock right?)")]
    Expired,
    /// Its time has not come.
    #[error("it is not valid yet; look at the clocks of both machines")]
    NotYetValid,
    /// It belongs to another server.
    #[error("it belongs to another name; use the name in the certificate as the address")]
    OtherName,
    /// Nobody that this machine trusts has signed it.
    #[error("its issuer is unknown here")]
    UnknownIssuer,
    /// It vouches for itself.
    #[error("it is self-signed")]
    SelfSigned,
    /// Something else.
    #[error("it is not acceptable; ask its owner to have it issued anew")]
    Other,
}

impl BadCertificate {
    /// What is wrong, with the remedy; `ca_file` is the setting that names further authorities.
    #[must_use]
    pub fn told(self, ca_file: &str) -> String {
        match self {
            Self::UnknownIssuer => format!("{self}; put the certificate of the office's authority into {ca_file}"),
            Self::SelfSigned => {
                format!("{self}; if it is the office's own (made with CA:FALSE), put it into {ca_file}")
            }
            _ => self.to_string(),
        }
    }
}

/// How reqwest's tunnel says that the proxy wants to know who asks; its type is not public.
const TUNNEL_WANTS_CREDENTIALS: &str = "proxy authorization required";

/// The reason of a failed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The address may not be called.
    Refused(AddressRefused),
    /// The server does not prove who it is.
    Certificate(BadCertificate),
    /// The proxy wants another user or password.
    ProxyCredentials,
    /// Anything else, in the words of whoever noticed it first.
    Other(String),
}

/// Looks for the reason in the chain of causes. Never gives the address, which holds permit numbers.
#[must_use]
pub fn failure(error: &(dyn Error + 'static)) -> Failure {
    let mut cause = error;
    loop {
        if let Some(refused) = cause.downcast_ref::<AddressRefused>() {
            return Failure::Refused(*refused);
        }
        if let Some(TlsError::InvalidCertificate(reason)) = cause.downcast_ref::<TlsError>() {
            return Failure::Certificate(name_of(reason));
        }
        match deeper(cause) {
            Some(next) => cause = next,
            None => return named(cause.to_string()),
        }
    }
}

fn named(cause: String) -> Failure {
    if cause.ends_with(TUNNEL_WANTS_CREDENTIALS) { Failure::ProxyCredentials } else { Failure::Other(cause) }
}

/// An I/O error hides the one that it was made of behind its own `source`.
fn deeper<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    inside.map(|inner| inner as &(dyn Error + 'static)).or_else(|| error.source())
}

fn name_of(reason: &CertificateError) -> BadCertificate {
    match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => BadCertificate::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => BadCertificate::NotYetValid,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            BadCertificate::OtherName
        }
        CertificateError::UnknownIssuer => BadCertificate::UnknownIssuer,
        CertificateError::Other(OtherError(named)) => named.downcast_ref().copied().unwrap_or(BadCertificate::Other),
        _ => BadCertificate::Other,
    }
}
