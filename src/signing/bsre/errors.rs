//! What the service's errors mean. No list of its codes is public: those that clients were seen to meet are known, the
//! others are told as they came.

use secrecy::SecretString;
use serde_json::Value;

use super::NAME;
use crate::signing::{Outcome, Reason, Why};

/// Codes of the service begin here; smaller numbers are HTTP statuses, which stand in the same place.
const FIRST_CODE: i64 = 1_000;

/// An error, in whichever of its shapes it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServiceError {
    code: Option<i64>,
    text: String,
}

impl ServiceError {
    /// `{"error": "…", "status_code": 2031}`, or with the HTTP status there and the code at the end of the text; or a
    /// `message` beside `"result": false` or a status that is an error's.
    pub(super) fn of(status: u16, said: &Value) -> Option<Self> {
        let texts = [&said["error"], &said["message"]].map(|text| text.as_str().unwrap_or_default().trim());
        let is_refused = said["result"] == false || said["success"] == false;
        let is_message = texts[0].is_empty() && (is_refused || status >= 400);
        let text = texts[usize::from(is_message)];
        let told = number(&said["status_code"]).filter(|code| *code >= FIRST_CODE);
        // A server that fails says so in the same place, without a code: `"error": "Internal Server Error"`.
        let is_spring = said["timestamp"] != Value::Null && said["path"] != Value::Null;
        if text.is_empty() && !is_refused || is_spring {
            return None;
        }
        Some(Self { code: told.or_else(|| last_four(text)), text: text.to_owned() })
    }

    /// By the code where it is known, else by words that were seen.
    pub(super) fn why(&self) -> Why {
        match self.code {
            Some(2011) => return Why::NotRegistered,
            Some(2031) => return Why::WrongPassphrase,
            _ => {}
        }
        let text = self.text.to_lowercase();
        let says = |words: &str| text.contains(words);
        match () {
            () if says("user tidak terdaftar") => Why::NotRegistered,
            () if says("passphrase anda salah") => Why::WrongPassphrase,
            () if says("telah didownload") => Why::FetchedAlready,
            () if says("com.itextpdf") || says("invalidpdfexception") => Why::UnreadablePdf,
            () => Why::Other,
        }
    }

    fn is_known(&self) -> bool {
        self.why() != Why::Other
    }

    pub(super) fn reason(&self, why: Why, status: u16, secrets: &[&SecretString]) -> Reason {
        let code = self.code.map_or_else(|| by_status(status), |code| format!("{NAME}_{code}"));
        Reason::new(why, code, &self.text, secrets)
    }
}

/// Of an answer without a file to a call that signs.
pub(super) fn outcome(status: u16, said: &Value, secrets: &[&SecretString]) -> Outcome {
    if let Some(error) = ServiceError::of(status, said) {
        let reason = |why| error.reason(why, status, secrets);
        return match status {
            // What is known says that nothing was signed, whatever the status.
            _ if error.is_known() => Outcome::Refused(reason(error.why())),
            401 | 403 => Outcome::Refused(reason(Why::Credentials)),
            408 => Outcome::Unknown(reason(Why::NoAnswer)),
            429 => Outcome::Away(reason(Why::Busy)),
            404 | 405 => Outcome::Refused(reason(Why::NoSuchCall)),
            413 => Outcome::Refused(reason(Why::TooMuch)),
            200..=299 | 400..=499 => Outcome::Refused(reason(Why::Other)),
            _ => Outcome::Unknown(reason(Why::ProviderFailed)),
        };
    }
    let reason = |why, detail: &str| Reason::new(why, by_status(status), detail, secrets);
    match status {
        401 | 403 => {
            Outcome::Refused(reason(Why::Credentials, "the service does not accept the application's account"))
        }
        404 | 405 => Outcome::Refused(reason(Why::NoSuchCall, "there is no such call at this address")),
        413 => Outcome::Refused(reason(Why::TooMuch, "more than the service, or a proxy before it, takes at once")),
        429 => Outcome::Away(reason(Why::Busy, "too many calls at once")),
        408 => Outcome::Unknown(reason(Why::NoAnswer, "the service had not read all of it, or says so")),
        400..=499 => Outcome::Refused(reason(Why::Other, "an error without a word")),
        200..=299 => Outcome::Unknown(reason(Why::NoFiles, "no file and no error")),
        _ => Outcome::Unknown(reason(Why::ProviderFailed, "the service failed, and says nothing of the files")),
    }
}

/// The same of a call that changes nothing: whatever it was, it may be asked again.
pub(super) fn reason(status: u16, said: &Value, secrets: &[&SecretString]) -> Reason {
    match outcome(status, said, secrets) {
        Outcome::Refused(reason) | Outcome::Unknown(reason) | Outcome::Away(reason) => reason,
        Outcome::Signed(_) | Outcome::Mixed(_) => Reason::new(Why::Other, by_status(status), "", secrets),
    }
}

pub(super) fn by_status(status: u16) -> String {
    format!("{NAME}_http_{status}")
}

/// A number, also as text.
pub(super) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The code that ends a text: a word of four digits.
fn last_four(text: &str) -> Option<i64> {
    let word = text.rsplit(|character: char| !character.is_ascii_digit()).next()?;
    let begins = &text[..text.len() - word.len()];
    let stands_alone = begins.is_empty() || begins.ends_with([' ', ':', '-', '(']);
    (word.len() == 4 && stands_alone).then(|| word.parse().ok()).flatten().filter(|code| *code >= FIRST_CODE)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(said: &Value) -> Option<(Option<i64>, Why)> {
        ServiceError::of(200, said).map(|error| (error.code, error.why()))
    }

    #[test]
    fn a_code_is_found_in_both_shapes() {
        for (said, expected) in [
            (json!({ "error": "Passphrase anda salah", "status_code": 2031 }), (Some(2031), Why::WrongPassphrase)),
            (json!({ "error": "Passphrase anda salah", "status_code": "2031" }), (Some(2031), Why::WrongPassphrase)),
            (json!({ "error": "Passphrase anda salah 2031", "status_code": 400 }), (Some(2031), Why::WrongPassphrase)),
            (
                json!({ "error": "Proses signing gagal : User tidak terdaftar 2011", "status_code": 400 }),
                (Some(2011), Why::NotRegistered),
            ),
            (json!({ "error": "User tidak terdaftar" }), (None, Why::NotRegistered)),
            (json!({ "error": "Tag tidak ditemukan 2999", "status_code": 400 }), (Some(2999), Why::Other)),
            (json!({ "error": "Maksimal 20260 berkas", "status_code": 400 }), (None, Why::Other)),
            (json!({ "error": "Sejak NIK3201", "status_code": 400 }), (None, Why::Other)),
            (
                json!({ "error": "Proses signing gagal : com.itextpdf.text.exceptions.InvalidPdfException: Rebuild failed" }),
                (None, Why::UnreadablePdf),
            ),
            (json!({ "error": "Dokumen telah didownload sebelumnya" }), (None, Why::FetchedAlready)),
            (json!({ "result": false, "message": "TOTP sudah digunakan" }), (None, Why::Other)),
            (json!({ "result": false }), (None, Why::Other)),
        ] {
            assert_eq!(read(&said), Some(expected), "{said}");
        }
    }

    #[test]
    fn a_message_is_an_error_where_the_status_says_so() {
        let said = json!({ "message": "User tidak terdaftar", "status_code": 2011 });
        assert_eq!(ServiceError::of(400, &said).map(|error| error.why()), Some(Why::NotRegistered));
        assert_eq!(ServiceError::of(200, &said), None);
    }

    #[test]
    fn what_is_no_error_of_the_service_is_none() {
        for said in [
            json!(null),
            json!([]),
            json!("error"),
            json!({ "error": "" }),
            json!({ "error": 5 }),
            json!({ "message": "User terdaftar", "status_code": 1111 }),
            json!({ "timestamp": "2026-11-29T10:00:00.000+0000", "status": 500, "error": "Internal Server Error", "path": "/api" }),
        ] {
            assert_eq!(read(&said), None, "{said}");
        }
    }
}
