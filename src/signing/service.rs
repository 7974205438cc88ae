//! The provider that the settings name.

use bytes::Bytes;

use super::{NotTold, Outcome, Proof, Provider, Signer, Standing, Words, bsre, local};

/// One of them.
#[derive(Debug)]
pub enum Service {
    Bsre(Box<bsre::Account>),
    Local(Box<local::Office>),
}

impl Service {
    /// How it is called.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Bsre(_) => bsre::NAME,
            Self::Local(_) => local::NAME,
        }
    }
}

impl Provider for Service {
    async fn status(&self, signer: &Signer) -> Result<Standing, NotTold> {
        match self {
            Self::Bsre(account) => account.status(signer).await,
            Self::Local(office) => office.status(signer).await,
        }
    }

    async fn ask_totp(&self, signer: &Signer, files: usize) -> Result<(), NotTold> {
        match self {
            Self::Bsre(account) => account.ask_totp(signer, files).await,
            Self::Local(office) => office.ask_totp(signer, files).await,
        }
    }

    async fn sign(&self, signer: &Signer, proof: &Proof, words: &Words, files: &[Bytes]) -> Outcome {
        match self {
            Self::Bsre(account) => account.sign(signer, proof, words, files).await,
            Self::Local(office) => office.sign(signer, proof, words, files).await,
        }
    }

    fn most_at_once(&self) -> usize {
        match self {
            Self::Bsre(account) => account.most_at_once(),
            Self::Local(office) => office.most_at_once(),
        }
    }
}
