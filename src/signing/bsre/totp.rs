//! A code for one call, which the service sends to the signer.

use super::account::{Account, Api, read};
use super::errors::{self, ServiceError};
use super::wire;
use crate::signing::{NotTold, Reason, Signer, Why};

impl Account {
    pub(super) async fn send_totp(&self, signer: &Signer, files: usize) -> Result<(), NotTold> {
        let secrets = [signer.secret(), self.password()];
        if self.api == Api::V1 {
            return Err(NotTold { reason: needs_passphrase() });
        }
        let response = self.post("/api/v2/sign/get/totp", wire::totp(signer, files)).await;
        let response = response.map_err(|broken| broken.not_told(&secrets))?;
        let (status, said) = read(response).await.map_err(|broken| broken.not_told(&secrets))?;
        let reason = match ServiceError::of(status, &said) {
            None if (200..300).contains(&status) && said.is_object() => return Ok(()),
            // It fails with a status of 200, too.
            Some(error) if (200..300).contains(&status) && error.why() == Why::Other => {
                error.reason(Why::Totp, status, &secrets)
            }
            _ => errors::reason(status, &said, &secrets),
        };
        Err(NotTold { reason })
    }
}

/// Version 1 has no codes.
pub(super) fn needs_passphrase() -> Reason {
    let detail = "version 1 of the service takes a passphrase only";
    Reason::new(Why::NeedsPassphrase, "bsre_not_sent", detail, &[])
}
