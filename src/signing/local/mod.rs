//! Signatures by an office's own authority, for offices without an account at BSrE, for trials and for tests. They are
//! as sound as others, and certified by nobody: the law calls them *tidak tersertifikasi* (PP 71/2019, article 60).

//!
//! `key_ring` has the keys, in the vault: the authority's, and each official's under the official's own passphrase
//! (`sealed_key`). `office` signs with them; `time_service` asks for time stamps.

mod authority;
mod cms;
mod key;
mod key_ring;
mod office;
mod sealed_key;
mod time_service;
mod time_stamp;

pub use authority::{Authority, AuthorityError, Ended, Issued, Person, pem};
pub use cms::{CmsError, Signed, Signer};
pub use key::{KeyError, SigningKey};
pub use key_ring::{Holder, KeyRing, KeyRingError, LEAST_PASSPHRASE};
pub use office::{Office, Parts};
pub use sealed_key::SealError;
pub use time_service::{TimeService, TimeServiceSettings};
pub use time_stamp::{Question, TimeStampError};

/// How the provider is called, also before its codes.
pub const NAME: &str = "local";
