//! Kinds of permits, and names that are compared by a key.

use super::text::{MAX_NAME, content_hash, fold, shortened, tidy};

/// A name with the key by which it is compared (tidy, upper case).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedKey {
    name: String,
    key: String,
}

impl NamedKey {
    /// Reads a name; `None` when it stands for nothing (empty, `0`, `-`). Of one that is too long it is the beginning.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let name = tidy(raw);
        if super::text::is_blank_mark(&name) {
            return None;
        }
        let name = shortened(&name, MAX_NAME);
        Some(Self { name: name.to_owned(), key: fold(name) })
    }

    /// A name that Odoo holds, with the key that it keeps for it.
    #[must_use]
    pub fn known(name: impl Into<String>, key: impl Into<String>) -> Self {
        Self { name: name.into(), key: key.into() }
    }

    /// The name as it is shown.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name as it is compared.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// One line of SICANTIK's list of permit types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermitType {
    /// Name, as permits say it.
    pub name: NamedKey,
    /// SICANTIK's id.
    pub code: String,
    /// Group of types (*kelompok izin*).
    pub group: Option<String>,
    /// Days within which the office promises the permit.
    pub processing_days: Option<u32>,
}

impl PermitType {
    /// Changes when any stored value changes.
    #[must_use]
    pub fn hash(&self) -> String {
        let days = self.processing_days.map(|d| d.to_string()).unwrap_or_default();
        content_hash([self.name.name(), &self.code, self.group.as_deref().unwrap_or(""), &days])
    }
}
