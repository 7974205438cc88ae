//! Files go out and come back signed. Sent once: whatever is not understood of the answer is *unknown*, because another
//! try could be another signature.

use bytes::Bytes;
use reqwest::Response;
use secrecy::{ExposeSecret, SecretString};

use super::account::{Account, Api, Broken};
use super::answer::{Answer, Reading};
use super::errors::{self, by_status};
use super::files::HEADER;
use super::status::needs_nik;
use super::totp::needs_passphrase;
use super::wire;
use crate::net::failure;
use crate::signing::person::Identity;
use crate::signing::{NotTold, Outcome, Proof, Provider, Reason, Signed, Signer, Standing, Why, Words};

/// So many files in one call: of a few MiB each, what a gateway with usual limits takes. Nothing larger is promised
/// anywhere.
const MOST_AT_ONCE: usize = 20;

/// Under this name version 1 gives the file once more, if it was not fetched.
const ID: &str = "id_dokumen";

/// Longer than any id, which is a UUID.
const LONGEST_ID: usize = 64;

impl Provider for Account {
    async fn status(&self, signer: &Signer) -> Result<Standing, NotTold> {
        self.standing(signer).await
    }

    async fn ask_totp(&self, signer: &Signer, files: usize) -> Result<(), NotTold> {
        self.send_totp(signer, files).await
    }

    async fn sign(&self, signer: &Signer, proof: &Proof, words: &Words, files: &[Bytes]) -> Outcome {
        let refused = |why, detail: &str| Outcome::Refused(Reason::new(why, "bsre_not_sent", detail, &[]));
        if files.is_empty() || files.len() > self.most_at_once() {
            return refused(Why::TooMuch, &format!("a call takes 1 to {} files", self.most_at_once()));
        }
        if files.iter().any(|file| !file.starts_with(HEADER)) {
            return refused(Why::UnreadablePdf, "a file does not begin as a PDF does");
        }
        match self.api {
            Api::V2 => self.sign_many(signer, proof, words, files).await,
            Api::V1 => self.sign_one(signer, proof, words, files).await,
        }
    }

    fn most_at_once(&self) -> usize {
        match self.api {
            Api::V2 => MOST_AT_ONCE,
            Api::V1 => 1,
        }
    }
}

impl Account {
    async fn sign_many(&self, signer: &Signer, proof: &Proof, words: &Words, files: &[Bytes]) -> Outcome {
        let secrets = [signer.secret(), proof.secret(), self.password()];
        let request = wire::sign_v2(signer, proof, words, files);
        match self.post("/api/v2/sign/pdf", request).await {
            Ok(response) => came(response, files, &secrets).await,
            Err(broken) => broken.outcome(&secrets),
        }
    }

    /// What comes broken is fetched once more, by the id that stood above it: that signs nothing.
    async fn sign_one(&self, signer: &Signer, proof: &Proof, words: &Words, files: &[Bytes]) -> Outcome {
        let secrets = [signer.secret(), proof.secret(), self.password()];
        let (nik, passphrase) = match (signer.identity(), proof) {
            (Identity::Email(_), _) => return Outcome::Refused(needs_nik()),
            (_, Proof::Totp(_)) => return Outcome::Refused(needs_passphrase()),
            (Identity::Nik(nik), Proof::Passphrase(passphrase)) => (nik.expose_secret(), passphrase.expose_secret()),
        };
        let request = wire::sign_v1(nik, passphrase, words, files[0].clone());
        let response = match self.post("/api/sign/pdf", request).await {
            Ok(response) => response,
            Err(broken) => return broken.outcome(&secrets),
        };
        let id = id_of(&response);
        let outcome = came(response, files, &secrets).await;
        match (outcome, id) {
            (Outcome::Unknown(reason), Some(id)) => match self.fetch(&id, files, &secrets).await {
                whole @ Outcome::Signed(_) => whole,
                _ => Outcome::Unknown(reason),
            },
            (outcome, _) => outcome,
        }
    }

    async fn fetch(&self, id: &str, files: &[Bytes], secrets: &[&SecretString]) -> Outcome {
        match self.get(&format!("/api/sign/download/{id}")).await {
            Ok(response) => came(response, files, secrets).await,
            Err(broken) => broken.outcome(secrets),
        }
    }
}

/// Only what cannot lead to another call.
fn id_of(response: &Response) -> Option<String> {
    let id = response.headers().get(ID)?.to_str().ok()?.trim();
    let is_plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    (response.status().is_success() && is_plain && (1..=LONGEST_ID).contains(&id.len())).then(|| id.to_owned())
}

/// What an answer is worth, whatever its status: files that are ours and longer are what was asked for.
async fn came(mut response: Response, files: &[Bytes], secrets: &[&SecretString]) -> Outcome {
    let status = response.status().as_u16();
    let mut reading = Reading::new(files);
    loop {
        match response.chunk().await {
            Ok(Some(piece)) => reading.take(&piece),
            Ok(None) => break,
            Err(error) => return Broken::after(failure(&error)).outcome(secrets),
        }
    }
    let Answer { files: came, said } = reading.end();
    if came.is_empty() {
        return errors::outcome(status, &said, secrets);
    }
    let reason = |why| Reason::new(why, by_status(status), detail(why), secrets);
    if came.len() != files.len() {
        return Outcome::Unknown(reason(Why::WrongCount));
    }
    let came: Vec<Result<Signed, Reason>> = came.into_iter().map(|file| file.map_err(reason)).collect();
    if came.iter().all(Result::is_ok) {
        return Outcome::Signed(came.into_iter().flatten().collect());
    }
    match came.iter().find_map(|file| file.as_ref().err()).cloned() {
        Some(reason) if came.iter().all(Result::is_err) => Outcome::Unknown(reason),
        _ => Outcome::Mixed(came),
    }
}

const fn detail(why: Why) -> &'static str {
    match why {
        Why::WrongCount => "more or fewer files came back than were sent",
        Why::SameFile => "the file came back as it was sent",
        Why::OtherFile => "a file came back that does not begin with the one that was sent",
        _ => "what came back is no whole PDF",
    }
}
