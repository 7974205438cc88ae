//! BSrE's eSign Client Service: a gateway in the agency's own network, before BSrE's cloud. Facts from public clients
//! of versions 1 and 2.2 of its interface as of November 2026; nobody has called a real one from here.

mod account;
mod answer;
mod body;
mod errors;
mod files;
mod sign;
mod status;
mod totp;
mod verify;
mod wire;

pub use account::{Account, Api, Settings};
pub use verify::{Verified, VerifiedSignature};

/// How the provider is called, also before its codes.
pub const NAME: &str = "bsre";
