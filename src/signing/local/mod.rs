//! Signatures by an office's own authority, for offices without an account at BSrE, for trials and for tests. They are
//! as sound as others, and certified by nobody: the law calls them *tidak tersertifikasi* (PP 71/2019, article 60).

mod authority;
mod cms;
mod key;
mod time_stamp;

pub use authority::{Authority, AuthorityError, Ended, Issued, Person};
pub use cms::{CmsError, Signed, Signer};
pub use key::{KeyError, SigningKey};
pub use time_stamp::{Question, TimeStampError};
