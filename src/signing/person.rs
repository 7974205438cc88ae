//! Who signs, and how that person agrees to it. Neither is ever printed.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// Digits of a NIK.
const NIK: usize = 16;

/// An official as a provider knows him.
#[derive(Clone)]
pub struct Signer(Identity);

#[derive(Clone)]
pub(super) enum Identity {
    Nik(SecretString),
    Email(SecretString),
}

/// What a person types to sign. It lives in memory that is wiped, for as long as its owner keeps it.
#[derive(Clone)]
pub enum Proof {
    Passphrase(SecretString),
    /// A code that the provider sent to the signer, for one call.
    Totp(SecretString),
}

/// Neither a NIK nor an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("give a NIK of 16 digits or an e-mail address")]
pub struct NotASigner;

impl Signer {
    /// Of a NIK or the e-mail address that the certificate is registered with.
    pub fn parse(text: &SecretString) -> Result<Self, NotASigner> {
        let text = text.expose_secret().trim();
        if text.len() == NIK && text.bytes().all(|digit| digit.is_ascii_digit()) {
            return Ok(Self(Identity::Nik(text.into())));
        }
        let is_plain = text.chars().all(|character| !character.is_whitespace() && !character.is_control());
        let is_email = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        if is_plain && is_email { Ok(Self(Identity::Email(text.into()))) } else { Err(NotASigner) }
    }

    /// Whether it is one that everybody may read, which a NIK is not.
    #[must_use]
    pub const fn is_email(&self) -> bool {
        matches!(self.0, Identity::Email(_))
    }

    pub(super) const fn identity(&self) -> &Identity {
        &self.0
    }

    pub(super) fn secret(&self) -> &SecretString {
        let (Identity::Nik(text) | Identity::Email(text)) = &self.0;
        text
    }
}

impl Proof {
    pub(super) const fn secret(&self) -> &SecretString {
        let (Self::Passphrase(text) | Self::Totp(text)) = self;
        text
    }
}

/// Without the person.
impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.is_email() { "Signer(an e-mail address)" } else { "Signer(a NIK)" })
    }
}

/// Without what was typed.
impl fmt::Debug for Proof {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if matches!(self, Self::Totp(_)) { "Proof(a TOTP)" } else { "Proof(a passphrase)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signer_is_a_nik_or_an_email_address_and_is_never_printed() {
        for (text, is_email) in
            [("3201010101010001", false), (" 3201010101010001\n", false), ("ani@example.go.id", true)]
        {
            let signer = Signer::parse(&text.into()).expect(text);
            assert_eq!(signer.is_email(), is_email, "{text}");
            assert_eq!(signer.secret().expose_secret(), text.trim());
            let told = format!("{signer:?} {:?}", Proof::Passphrase("rahasia".into()));
            assert!(!told.contains("3201") && !told.contains("ani") && !told.contains("rahasia"), "{told}");
        }
        for text in
            ["", "320101010101000", "32010101010100012", "320101010101000x", "ani", "@example.go.id", "a b@c.id"]
        {
            assert!(Signer::parse(&text.into()).is_err(), "{text}");
        }
    }
}
