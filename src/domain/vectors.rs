//! The examples that worker and addon are both held to: what people write, and what it says.

use std::collections::BTreeMap;

const FILE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/odoo_addon/sicantik_connector/tests/vectors.json"));

/// `(what is written, the right value, why)` of one kind.
pub(crate) fn of(kind: &str) -> Vec<(String, String, String)> {
    let mut kinds: BTreeMap<String, Vec<(String, String, String)>> =
        serde_json::from_str(FILE).expect("kinds of lines");
    kinds.remove(kind).unwrap_or_else(|| panic!("no examples of {kind}"))
}
