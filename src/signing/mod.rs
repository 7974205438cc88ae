//! Electronic signatures of officials, by one folder for each provider behind [`Provider`]. What providers answer is
//! put into the same few outcomes, so that nobody else knows one.
//!
//! Nothing here reads a PDF but by the child that `pdf` has for it: whether a signature is good is for the verifier to say, before anything counts as signed.

pub mod bsre; // BSrE's eSign Client Service
pub mod local; // an authority of the office's own
mod outcome;
mod person;
mod provider;
mod reach;
mod service;

pub use outcome::{Outcome, Reason, Signed, Why};
pub use person::{NotASigner, Proof, Signer};
pub use provider::{Certificate, NotTold, Provider, Standing, Words};
pub use reach::Unusable;
pub use service::Service;
