//! What the service says of a signer.

use secrecy::ExposeSecret;
use serde_json::Value;

use super::account::{Account, Api, read};
use super::errors::{self, ServiceError, number};
use super::wire;
use crate::signing::outcome::told;
use crate::signing::person::Identity;
use crate::signing::{Certificate, NotTold, Reason, Signer, Standing, Why};

/// A word of the service is not longer.
const LONGEST_WORD: usize = 40;

impl Account {
    pub(super) async fn standing(&self, signer: &Signer) -> Result<Standing, NotTold> {
        let secrets = [signer.secret(), self.password()];
        let response = match (self.api, signer.identity()) {
            (Api::V2, _) => self.post("/api/v2/user/check/status", wire::who(signer)).await,
            (Api::V1, Identity::Nik(nik)) => self.get(&format!("/api/user/status/{}", nik.expose_secret())).await,
            (Api::V1, Identity::Email(_)) => return Err(NotTold { reason: needs_nik() }),
        };
        let response = response.map_err(|broken| broken.not_told(&secrets))?;
        let (status, said) = read(response).await.map_err(|broken| broken.not_told(&secrets))?;
        let detail = || told(said["message"].as_str().unwrap_or_default(), &secrets);
        if let Some(certificate) = certificate(&said).filter(|_| (200..300).contains(&status)) {
            return Ok(Standing { certificate, detail: detail() });
        }
        match ServiceError::of(status, &said) {
            Some(error) if error.why() == Why::NotRegistered => {
                let detail = error.reason(Why::NotRegistered, status, &secrets).detail;
                Ok(Standing { certificate: Certificate::NotRegistered, detail })
            }
            _ => Err(NotTold { reason: errors::reason(status, &said, &secrets) }),
        }
    }
}

/// Version 1 knows no e-mail addresses.
pub(super) fn needs_nik() -> Reason {
    let detail = "version 1 of the service knows signers by their NIK only";
    Reason::new(Why::NeedsNik, "bsre_not_sent", detail, &[])
}

/// The word, which may stand a level deeper, or the code that is known for it.
fn certificate(said: &Value) -> Option<Certificate> {
    let word = [&said["status"], &said["data"]["status"]].into_iter().find_map(Value::as_str);
    let code = [&said["status_code"], &said["data"]["status_code"]].into_iter().find_map(number);
    let word = match (word.map(str::trim).filter(|word| !word.is_empty()), code) {
        (Some(word), _) => word.to_uppercase(),
        (None, Some(1110)) => "NOT_REGISTERED".to_owned(),
        (None, Some(1111)) => "ISSUE".to_owned(),
        (None, _) => return None,
    };
    Some(match word.as_str() {
        "ISSUE" => Certificate::Issued,
        "EXPIRED" => Certificate::Expired,
        "RENEW" => Certificate::Renewing,
        "WAITING_FOR_VERIFICATION" => Certificate::WaitingForVerification,
        "NEW" => Certificate::New,
        "NO_CERTIFICATE" => Certificate::None,
        "NOT_REGISTERED" => Certificate::NotRegistered,
        "SUSPEND" => Certificate::Suspended,
        "REVOKE" => Certificate::Revoked,
        other => Certificate::Other(told(other, &[]).chars().take(LONGEST_WORD).collect()),
    })
}
