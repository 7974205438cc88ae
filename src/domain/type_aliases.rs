//! Permit types that people in Odoo have merged: SICANTIK goes on listing permits under the old names.

use std::collections::HashMap;

use super::{NamedKey, PermitType};

/// For the key of each old name the type that stands for it now. There are no chains: Odoo names the type that
/// remains.
#[derive(Debug, Clone, Default)]
pub struct TypeAliases(HashMap<String, NamedKey>);

impl FromIterator<(String, NamedKey)> for TypeAliases {
    fn from_iter<T: IntoIterator<Item = (String, NamedKey)>>(aliases: T) -> Self {
        Self(aliases.into_iter().collect())
    }
}

impl TypeAliases {
    /// Puts the type that remains in place of a merged one.
    pub fn resolve(&self, permit_type: &mut Option<NamedKey>) {
        if let Some(remaining) = permit_type.as_ref().and_then(|named| self.0.get(named.key())) {
            *permit_type = Some(remaining.clone());
        }
    }

    /// Whether a line of SICANTIK's list of types speaks of a merged type. It says nothing of the one that remains,
    /// which has a line of its own.
    #[must_use]
    pub fn is_merged(&self, permit_type: &PermitType) -> bool {
        self.0.contains_key(permit_type.name.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Option<NamedKey> {
        NamedKey::parse(name)
    }

    #[test]
    fn an_old_name_stands_for_the_type_that_remains_however_it_is_spelt() {
        let remaining = NamedKey::known("Izin Optik", "IZIN OPTIK");
        let aliases = TypeAliases::from_iter([("IZIN OPTIKAL".to_owned(), remaining)]);
        for (listed, key) in [("izin  optikal", "IZIN OPTIK"), ("IZIN OPTIK", "IZIN OPTIK"), ("IZIN A", "IZIN A")] {
            let mut permit_type = named(listed);
            aliases.resolve(&mut permit_type);
            assert_eq!(permit_type.as_ref().map(NamedKey::key), Some(key), "{listed}");
        }
        let mut none = None;
        aliases.resolve(&mut none);
        assert_eq!(none, None);
    }
}
