//! What the service itself says of a file's signatures. It is asked beside the worker's own verifier, never in its
//! place.

use bytes::Bytes;
use serde_json::Value;

use super::account::{Account, Api, read};
use super::errors::{self, number};
use super::wire;
use crate::signing::NotTold;
use crate::signing::outcome::told;

/// The service's judgement of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// In its own words: `VALID`, `DOCUMENT NOT VALID !!!`; empty where there is no signature.
    pub conclusion: String,
    pub detail: String,
    pub count: u32,
    pub signatures: Vec<VerifiedSignature>,
}

/// One signature in it.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedSignature {
    /// A person's name.
    pub signer: String,
    /// As the service writes it.
    pub signed_at: String,
    /// Whether what it covers is as it was signed; `None` = not told.
    pub is_intact: Option<bool>,
    /// Whether the service trusts its certificate.
    pub is_trusted: Option<bool>,
}

/// Without the person.
impl std::fmt::Debug for VerifiedSignature {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { is_intact, is_trusted, .. } = self;
        let mut told = formatter.debug_struct("VerifiedSignature");
        told.field("is_intact", is_intact).field("is_trusted", is_trusted).finish_non_exhaustive()
    }
}

impl Account {
    /// Asks the service for its judgement.
    pub async fn verify(&self, file: Bytes) -> Result<Verified, NotTold> {
        let secrets = [self.password()];
        let response = match self.api {
            Api::V2 => self.post("/api/v2/verify/pdf", wire::verify_v2(file)).await,
            Api::V1 => self.post("/api/sign/verify", wire::verify_v1(file)).await,
        };
        let response = response.map_err(|broken| broken.not_told(&secrets))?;
        let (status, said) = read(response).await.map_err(|broken| broken.not_told(&secrets))?;
        let verified = if (200..300).contains(&status) { judgement(&said) } else { None };
        verified.ok_or_else(|| NotTold { reason: errors::reason(status, &said, &secrets) })
    }
}

/// Of either version.
fn judgement(said: &Value) -> Option<Verified> {
    let text = |value: &Value| told(value.as_str().unwrap_or_default(), &[]);
    let (keys, signature): ([&str; 4], fn(&Value) -> VerifiedSignature) = if said["signatureCount"].is_null() {
        (["jumlah_signature", "summary", "notes", "details"], of_v1)
    } else {
        (["signatureCount", "conclusion", "description", "signatureInformations"], of_v2)
    };
    let [count, conclusion, detail, signatures] = keys.map(|key| &said[key]);
    Some(Verified {
        conclusion: text(conclusion),
        detail: text(detail),
        count: u32::try_from(number(count)?).ok()?,
        signatures: signatures.as_array().into_iter().flatten().map(signature).collect(),
    })
}

fn of_v2(told: &Value) -> VerifiedSignature {
    VerifiedSignature {
        signer: text(&told["signerName"]),
        signed_at: text(&told["signatureDate"]),
        is_intact: told["integrityValid"].as_bool(),
        is_trusted: told["certificateTrusted"].as_bool(),
    }
}

fn of_v1(told: &Value) -> VerifiedSignature {
    let (signer, document) = (&told["info_signer"], &told["signature_document"]);
    VerifiedSignature {
        signer: text(&signer["signer_name"]),
        signed_at: text(&document["signed_in"]),
        is_intact: document["document_integrity"].as_bool(),
        is_trusted: signer["cert_user_certified"].as_bool(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
