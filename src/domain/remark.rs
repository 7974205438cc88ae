//! What the worker tells the people of an office: a stable word with its figures, which Odoo puts into the
//! reader's language, and the same in English for the terminal and the log.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// What a sentence speaks of, by name. Odoo fills them into its own sentence.
pub type Values = BTreeMap<&'static str, String>;

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// A stable word. Odoo's sentence for it stands in the addon's `sentences`.
    pub code: &'static str,
    /// The figures in it.
    #[serde(skip_serializing_if = "Values::is_empty")]
    pub values: Values,
    /// The whole sentence in English.
    pub message: String,
}

impl Remark {
    /// A sentence without figures.
    #[must_use]
    pub fn plain(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, values: Values::new(), message: message.into() }
    }

    /// A sentence with figures.
    #[must_use]
    pub fn with<const N: usize>(
        code: &'static str,
        message: impl Into<String>,
        values: [(&'static str, &dyn fmt::Display); N],
    ) -> Self {
        Self { code, values: values_of(values), message: message.into() }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// Values as they travel.
#[must_use]
pub fn values_of<const N: usize>(values: [(&'static str, &dyn fmt::Display); N]) -> Values {
    values.into_iter().map(|(name, value)| (name, value.to_string())).collect()
}
