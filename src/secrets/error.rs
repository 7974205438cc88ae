//! Why a secret is not to be had, and what to do.

use std::path::{Path, PathBuf};

use crate::store::StoreError;

use super::Name;

/// A failure around secrets. Never holds one.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SecretsError {
    /// The file of the master key is not there.
    #[error(
        "the master key {file} is not there, and the store's secrets are sealed to it (fingerprint {fingerprint}): put \
         its copy there, that of the other worker where several share the store; or look from the service's folder, or \
         name the file in secrets.master_key_file. Only where no copy is left, `sicantik secret rekey --forget` begins \
         anew without those secrets",
        file = .file.display()
    )]
    Gone { file: PathBuf, fingerprint: String },
    /// Another key seals what the store holds.
    #[error(
        "the master key {file} (fingerprint {fingerprint}) is not the one that the store's secrets are sealed to \
         ({expected}): put that one in its place, that of the other worker where several share the store (an earlier one \
         lies beside it as .old), or name its file in secrets.master_key_file. Only where it is lost, `sicantik secret \
         rekey --forget` begins anew without those secrets",
        file = .file.display()
    )]
    OtherKey { file: PathBuf, fingerprint: String, expected: String },
    /// Nothing is to be forgotten.
    #[error(
        "the master key of this store is there ({fingerprint} in {file}): `sicantik secret rekey` changes it and keeps \
         the secrets",
        file = .file.display()
    )]
    NotLost { file: PathBuf, fingerprint: String },
    /// Somebody else changed it meanwhile.
    #[error("the master key was changed a moment ago; try again")]
    KeyChanged,
    /// The file cannot be read, written, or is no key.
    #[error("the master key {file} cannot be used: {reason}", file = .file.display())]
    Unusable { file: PathBuf, reason: String },
    /// Sealed to another key or for another place, or changed on its way.
    #[error("the secret {0} cannot be opened: it was sealed to another key, for another name, or changed; set it anew")]
    Sealed(Name),
    /// A name that no secret can have.
    #[error("{0:?} is no name of a secret: use letters a to z, digits, dots, dashes and underscores, up to 100")]
    Name(String),
    /// A secret without a character, or too large to be one.
    #[error("a secret has 1 to {most} bytes, and this one {0}", most = super::master_key::LONGEST)]
    Length(usize),
    /// The store is at fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SecretsError {
    /// Whether the same may work a moment later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_passing())
    }

    pub(super) fn unusable(file: &Path, reason: &dyn ToString) -> Self {
        Self::Unusable { file: file.to_owned(), reason: reason.to_string() }
    }
}
