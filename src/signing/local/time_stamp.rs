//! Time stamps (RFC 3161): what a service is asked, and what of its answer is believed. Whether the service itself is to
//! be trusted says the verifier.

use cms::signed_data::SignedData;
use der::asn1::{Int, Null, OctetString};
use der::oid::db::rfc5912::ID_SHA_256;
use der::{Decode, Encode};
use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};
use spki::AlgorithmIdentifier;
use thiserror::Error;
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion, TstInfo};

/// What is asked of a service, and what its answer must fit to.
#[derive(Debug)]
pub struct Question {
    request: TimeStampReq,
}

/// Why there is no time stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TimeStampError {
    #[error("this machine has no random numbers")]
    Random,
    #[error("the answer of the time-stamp service is none")]
    Malformed,
    /// By the number of RFC 3161.
    #[error("the time-stamp service refuses (status {0})")]
    Refused(u8),
    #[error("the time stamp is of something else")]
    OfOther,
}

impl Question {
    /// For the signature that is to be stamped.
    pub fn of(signature: &[u8]) -> Result<Self, TimeStampError> {
        let mut nonce = [0; 16];
        SystemRandom::new().fill(&mut nonce).map_err(|_| TimeStampError::Random)?;
        // A number without a sign, in as few bytes as it takes.
        nonce[0] = nonce[0] & 0x7f | 0x40;
        let malformed = |_| TimeStampError::Malformed;
        Ok(Self {
            request: TimeStampReq {
                version: TspVersion::V1,
                message_imprint: MessageImprint {
                    hash_algorithm: AlgorithmIdentifier { oid: ID_SHA_256, parameters: Some(Null.into()) },
                    hashed_message: OctetString::new(Sha256::digest(signature).to_vec()).map_err(malformed)?,
                },
                req_policy: None,
                nonce: Some(Int::new(&nonce).map_err(malformed)?),
                cert_req: true,
                extensions: None,
            },
        })
    }

    /// The body of the call (`application/timestamp-query`).
    pub fn to_der(&self) -> Result<Vec<u8>, TimeStampError> {
        self.request.to_der().map_err(|_| TimeStampError::Malformed)
    }

    /// The token (DER) of an answer (`application/timestamp-reply`) that fits to the question.
    pub fn token(&self, answer: &[u8]) -> Result<Vec<u8>, TimeStampError> {
        let malformed = |_| TimeStampError::Malformed;
        let answer = TimeStampResp::from_der(answer).map_err(malformed)?;
        let status = answer.status.status as u8;
        // Granted, or granted with changes.
        if status > 1 {
            return Err(TimeStampError::Refused(status));
        }
        let token = answer.time_stamp_token.ok_or(TimeStampError::Malformed)?;
        let signed: SignedData = token.content.decode_as().map_err(malformed)?;
        let content = signed.encap_content_info.econtent.ok_or(TimeStampError::Malformed)?;
        let content = content.decode_as::<OctetString>().map_err(malformed)?;
        let info = TstInfo::from_der(content.as_bytes()).map_err(malformed)?;
        let asked = &self.request;
        let is_ours = info.message_imprint.hash_algorithm.oid == ID_SHA_256
            && info.message_imprint.hashed_message == asked.message_imprint.hashed_message
            && info.nonce == asked.nonce;
        if is_ours { token.to_der().map_err(malformed) } else { Err(TimeStampError::OfOther) }
    }
}
