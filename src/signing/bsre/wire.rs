//! What is asked, as the service wants it written: JSON in version 2, a form in version 1. Secrets are written into
//! memory that is wiped, and that is large enough from the beginning, so that no copy of them stays behind.

use bytes::Bytes;
use secrecy::ExposeSecret;
use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::body::Body;
use crate::signing::person::Identity;
use crate::signing::{Proof, Signer, Words};

/// A character takes at most so many bytes in JSON: `\u001f`.
const LONGEST_ESCAPE: usize = 6;

/// Quotes, colons and commas around a name and its value.
const AROUND: usize = 8;

/// A request: its body, and what it says of itself.
pub(super) struct Request {
    pub(super) content_type: String,
    pub(super) body: Body,
}

/// The members of an object of JSON, some of which are secret.
struct Members(Zeroizing<Vec<u8>>);

impl Members {
    fn new(members: &[(&str, &str)]) -> Self {
        let most: usize =
            members.iter().map(|(name, value)| name.len() + value.len() * LONGEST_ESCAPE + AROUND).sum::<usize>() + 2;
        let mut text = Zeroizing::new(Vec::with_capacity(most));
        for (number, (name, value)) in members.iter().enumerate() {
            text.push(if number == 0 { b'{' } else { b',' });
            push_string(&mut text, name);
            text.push(b':');
            push_string(&mut text, value);
        }
        debug_assert!(text.len() <= most, "a copy was left behind");
        Self(text)
    }
}

/// As JSON; writing a string into a vector cannot fail.
fn push_string(text: &mut Vec<u8>, value: &str) {
    let _ = serde_json::to_writer(text, value);
}

fn signer_of(signer: &Signer) -> (&'static str, &str) {
    match signer.identity() {
        Identity::Nik(nik) => ("nik", nik.expose_secret()),
        Identity::Email(email) => ("email", email.expose_secret()),
    }
}

fn proof_of(proof: &Proof) -> (&'static str, &str) {
    match proof {
        Proof::Passphrase(text) => ("passphrase", text.expose_secret()),
        Proof::Totp(text) => ("totp", text.expose_secret()),
    }
}

fn in_json(body: Body) -> Request {
    Request { content_type: "application/json".to_owned(), body }
}

/// Who is meant, and nothing else.
pub(super) fn who(signer: &Signer) -> Request {
    let mut body = Body::default();
    body.push_secret(Members::new(&[signer_of(signer)]).0);
    body.push_text("}");
    in_json(body)
}

/// A code for so many files.
pub(super) fn totp(signer: &Signer, files: usize) -> Request {
    let mut body = Body::default();
    body.push_secret(Members::new(&[signer_of(signer)]).0);
    body.push_text(format!(",\"data\":{files}}}"));
    in_json(body)
}

/// Files to be signed, without anything that is seen on a page. The one entry of properties holds for all of them.
pub(super) fn sign_v2(signer: &Signer, proof: &Proof, words: &Words, files: &[Bytes]) -> Request {
    let mut body = Body::default();
    body.push_secret(Members::new(&[signer_of(signer), proof_of(proof)]).0);
    let mut properties = json!({ "tampilan": "INVISIBLE" });
    for (name, value) in [("reason", &words.reason), ("location", &words.location)] {
        if let Some(value) = value {
            properties[name] = value.as_str().into();
        }
    }
    body.push_text(format!(",\"signatureProperties\":[{properties}],\"file\":["));
    for (number, file) in files.iter().enumerate() {
        body.push_text(if number == 0 { "\"" } else { ",\"" });
        body.push_in_base64(file.clone());
        body.push_text("\"");
    }
    body.push_text("]}");
    in_json(body)
}

/// A file whose signatures the service is to judge.
pub(super) fn verify_v2(file: Bytes) -> Request {
    let mut body = Body::default();
    body.push_text("{\"file\":\"");
    body.push_in_base64(file);
    body.push_text("\"}");
    in_json(body)
}

/// A form of several parts.
struct Form {
    boundary: String,
    body: Body,
}

impl Form {
    fn new() -> Self {
        Self { boundary: Uuid::new_v4().simple().to_string(), body: Body::default() }
    }

    fn field(&mut self, name: &str, value: &str) {
        let head = format!("--{}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n", self.boundary);
        self.body.push_text(head);
        let mut text = Zeroizing::new(Vec::with_capacity(value.len() + 2));
        text.extend_from_slice(value.as_bytes());
        text.extend_from_slice(b"\r\n");
        self.body.push_secret(text);
    }

    fn file(&mut self, name: &str, file: Bytes) {
        self.body.push_text(format!(
            "--{}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"document.pdf\"\r\n\
             content-type: application/pdf\r\n\r\n",
            self.boundary
        ));
        self.body.push_bytes(file);
        self.body.push_text("\r\n");
    }

    fn end(mut self) -> Request {
        self.body.push_text(format!("--{}--\r\n", self.boundary));
        Request { content_type: format!("multipart/form-data; boundary={}", self.boundary), body: self.body }
    }
}

/// One file to be signed, without anything that is seen on a page.
pub(super) fn sign_v1(nik: &str, passphrase: &str, words: &Words, file: Bytes) -> Request {
    let mut form = Form::new();
    form.field("nik", nik);
    form.field("passphrase", passphrase);
    form.field("tampilan", "invisible");
    for (name, value) in [("reason", &words.reason), ("location", &words.location)] {
        if let Some(value) = value {
            form.field(name, value);
        }
    }
    form.file("file", file);
    form.end()
}

/// The same of version 1.
pub(super) fn verify_v1(file: Bytes) -> Request {
    let mut form = Form::new();
    form.file("signed_file", file);
    form.end()
}
