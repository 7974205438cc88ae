//! What stands behind a failed request, as far as people can do something about it.

use std::error::Error;
use std::io;

use rustls::{CertificateError, Error as TlsError, OtherError};

use super::reach::Refusal;

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
    #[error("its issuer is unknown here; put the certificate of the office's authority into sicantik.ca_file")]
    UnknownIssuer,
    /// It vouches for itself.
    #[error("it is self-signed; if it is the office's own (made with CA:FALSE), put it into sicantik.ca_file")]
    SelfSigned,
    /// Something else.
    #[error("it is not acceptable; ask its owner to have it issued anew")]
    Other,
}

/// The reason of a failed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The address may not be called.
    Refused(Refusal),
    /// The server does not prove who it is.
    Certificate(BadCertificate),
    /// Anything else, in the words of whoever noticed it first.
    Other(String),
}

/// Looks for the reason in the chain of causes. Never gives the address, which holds permit numbers.
#[must_use]
pub fn trouble(error: &reqwest::Error) -> Trouble {
    let mut cause: &(dyn Error + 'static) = error;
    loop {
        if let Some(refusal) = cause.downcast_ref::<Refusal>() {
            return Trouble::Refused(*refusal);
        }
        if let Some(TlsError::InvalidCertificate(reason)) = cause.downcast_ref::<TlsError>() {
            return Trouble::Certificate(name_of(reason));
        }
        match deeper(cause) {
            Some(next) => cause = next,
            None => return Trouble::Other(cause.to_string()),
        }
    }
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
