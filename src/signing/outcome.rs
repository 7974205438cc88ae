//! What came of files that were handed to a provider.

use std::fmt;

use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};

/// Of what a provider says, as much is kept.
const LONGEST_DETAIL: usize = 300;

/// Digits in a row that may be somebody's number.
const NUMBER: usize = 7;

/// Stands for what is nobody's business.
const HIDDEN: &str = "…";

/// The few cases that a batch knows.
#[derive(Debug)]
pub enum Outcome {
    /// Every file came back with something behind its own bytes, in the order of the files. Whether that is a signature,
    /// and whose, the verifier says.
    Signed(Vec<Signed>),
    /// As many came back, and not each with something behind its own bytes: of those the outcome is unknown.
    Mixed(Vec<Result<Signed, Reason>>),
    /// Nothing was signed; the reason has to go before another try.
    Refused(Reason),
    /// Nobody knows what was signed. Never to be repeated before a person has looked.
    Unknown(Reason),
    /// Nothing was sent, or nobody took it: another try, later, signs nothing twice.
    Away(Reason),
}

/// A file as it was sent, and what the provider put behind it.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    original: Bytes,
    appended: Vec<u8>,
    lacks: Option<Reason>,
}

/// Why it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub why: Why,
    /// The provider's code, after its name: `bsre_2031`.
    pub code: String,
    /// What the provider says, without the signer, at most 300 characters; for technicians.
    pub detail: String,
}

/// Reasons that people are told in words of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The provider does not accept the worker's own account.
    Credentials,
    /// The provider does not know the signer.
    NotRegistered,
    WrongPassphrase,
    /// The code is wrong, used or too old, or none can be sent.
    Totp,
    /// The provider knows signers by their NIK only.
    NeedsNik,
    /// The provider knows signers by their e-mail address only.
    NeedsEmail,
    /// The provider asks for a passphrase, and takes no TOTP.
    NeedsPassphrase,
    /// The signer's certificate has expired, or was ended.
    CertificateEnded,
    /// The keys of the office's own are not to be had.
    Keys,
    /// The signature should have a time stamp, and there is none.
    NoTimeStamp,
    /// More files, or a larger one, than a call takes.
    TooMuch,
    /// The provider cannot read the PDF.
    UnreadablePdf,
    /// It was fetched already, and is given once only.
    FetchedAlready,
    /// The provider has no such call: its address or its version is another one.
    NoSuchCall,
    /// Too many calls at once.
    Busy,
    /// The provider cannot be reached.
    Unreachable,
    /// The provider does not prove who it is.
    Certificate,
    /// The address leads where it must not: plain http to a public host, for instance.
    AddressRefused,
    /// It was sent, and there was no answer, or half of one.
    NoAnswer,
    /// The provider's server failed, and says nothing of the files.
    ProviderFailed,
    /// An answer that is none: no file, and no error.
    NoFiles,
    /// More or fewer files than were sent.
    WrongCount,
    /// The same file, without a signature.
    SameFile,
    /// A file that does not begin with the bytes that were sent.
    OtherFile,
    /// What came cannot be decoded, or is no PDF.
    NotPdf,
    /// Something that this version does not know; the provider's code and words stand beside it.
    Other,
}

impl Why {
    /// As it is told to Odoo.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::NotRegistered => "not_registered",
            Self::WrongPassphrase => "wrong_passphrase",
            Self::Totp => "totp",
            Self::NeedsNik => "needs_nik",
            Self::NeedsEmail => "needs_email",
            Self::NeedsPassphrase => "needs_passphrase",
            Self::CertificateEnded => "certificate_ended",
            Self::Keys => "keys",
            Self::NoTimeStamp => "no_time_stamp",
            Self::TooMuch => "too_much",
            Self::UnreadablePdf => "unreadable_pdf",
            Self::FetchedAlready => "fetched_already",
            Self::NoSuchCall => "no_such_call",
            Self::Busy => "busy",
            Self::Unreachable => "unreachable",
            Self::Certificate => "certificate",
            Self::AddressRefused => "address_refused",
            Self::NoAnswer => "no_answer",
            Self::ProviderFailed => "provider_failed",
            Self::NoFiles => "no_files",
            Self::WrongCount => "wrong_count",
            Self::SameFile => "same_file",
            Self::OtherFile => "other_file",
            Self::NotPdf => "not_pdf",
            Self::Other => "other",
        }
    }
}

impl Signed {
    /// `appended` follows the very bytes of `original`.
    pub(super) const fn new(original: Bytes, appended: Vec<u8>) -> Self {
        Self { original, appended, lacks: None }
    }

    /// It is signed, and something that was wished is not there.
    pub(super) fn lacking(self, lacks: Reason) -> Self {
        Self { lacks: Some(lacks), ..self }
    }

    /// What was wished and is not there: a time stamp.
    #[must_use]
    pub const fn lacks(&self) -> Option<&Reason> {
        self.lacks.as_ref()
    }

    /// As it was sent.
    #[must_use]
    pub const fn original(&self) -> &Bytes {
        &self.original
    }

    /// What came behind it: the signature's own revision.
    #[must_use]
    pub fn appended(&self) -> &[u8] {
        &self.appended
    }

    /// The whole file, as a copy.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.original[..], &self.appended].concat()
    }
}

/// Without what is in it.
impl fmt::Debug for Signed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Signed({} + {} bytes)", self.original.len(), self.appended.len())
    }
}

impl Reason {
    /// `detail` may be whatever the provider says, `secrets` what it must not repeat.
    pub(super) fn new(why: Why, code: impl Into<String>, detail: &str, secrets: &[&SecretString]) -> Self {
        Self { why, code: code.into(), detail: told(detail, secrets) }
    }
}

/// The provider's words, without these secrets and without numbers of people.
pub(super) fn told(said: &str, secrets: &[&SecretString]) -> String {
    let mut said = said.to_owned();
    for secret in secrets.iter().map(|secret| secret.expose_secret()).filter(|secret| !secret.is_empty()) {
        said = said.replace(secret, HIDDEN);
    }
    let mut told = String::new();
    let mut digits = String::new();
    // One more, so that the last run ends.
    for character in said.chars().chain(['\n']) {
        if character.is_ascii_digit() {
            digits.push(character);
            continue;
        }
        told.push_str(if digits.len() >= NUMBER { HIDDEN } else { &digits });
        digits.clear();
        told.push(if character.is_control() { ' ' } else { character });
    }
    told.trim().chars().take(LONGEST_DETAIL).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_provider_says_is_kept_without_people_and_secrets() {
        let (nik, passphrase, empty) = ("3201010101010001".into(), "Rahasia#1".into(), "".into());
        let secrets = [&nik, &passphrase, &empty];
        for (said, kept) in [
            ("User 3201010101010001 tidak terdaftar 2011", "User … tidak terdaftar 2011"),
            ("Rahasia#1 salah\r\n2031", "… salah  2031"),
            ("ask 081200000000", "ask …"),
            ("", ""),
        ] {
            assert_eq!(told(said, &secrets), kept, "{said:?}");
        }
        assert_eq!(told(&"é".repeat(1_000), &[]).chars().count(), LONGEST_DETAIL);
    }

    #[test]
    fn a_signed_file_is_what_was_sent_and_what_came_behind() {
        let signed = Signed::new(Bytes::from_static(b"%PDF-1.7"), b"more".to_vec());
        assert_eq!((&signed.to_bytes()[..], signed.appended()), (&b"%PDF-1.7more"[..], &b"more"[..]));
        assert_eq!(format!("{signed:?}"), "Signed(8 + 4 bytes)");
    }
}
