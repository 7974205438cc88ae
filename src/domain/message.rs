//! What the worker tells the people of an office: a stable word with its figures, which Odoo puts into the
//! reader's language, and the same in English for the terminal and the log.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// What a sentence speaks of, by name. Odoo fills them into its own sentence.
pub type MessageArgs = BTreeMap<&'static str, String>;

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// A stable word. Odoo's sentence for it stands in the addon's `sentences`.
    pub code: &'static str,
    /// The figures in it.
    #[serde(skip_serializing_if = "MessageArgs::is_empty")]
    pub values: MessageArgs,
    /// The whole sentence in English.
    pub message: String,
}

impl Message {
    /// A sentence without figures.
    #[must_use]
    pub fn plain(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, values: MessageArgs::new(), message: message.into() }
    }

    /// A sentence with figures.
    #[must_use]
    pub fn with<const N: usize>(
        code: &'static str,
        message: impl Into<String>,
        values: [(&'static str, &dyn fmt::Display); N],
    ) -> Self {
        Self { code, values: message_args(values), message: message.into() }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// Values as they travel.
#[must_use]
pub fn message_args<const N: usize>(values: [(&'static str, &dyn fmt::Display); N]) -> MessageArgs {
    values.into_iter().map(|(name, value)| (name, value.to_string())).collect()
}
