//! What a perfect reader sees in the simulator's world, as the worker names it.

use std::collections::BTreeMap;

use serde_json::Value;
use sicantik_companion::domain::{NamedKey, PermitNumber};

use crate::simulator::Running;

/// The permits by identity.
pub fn permits(sicantik: &Running) -> BTreeMap<String, Value> {
    let Value::Array(permits) = sicantik.truth()["permits"].take() else { panic!("permits") };
    permits.into_iter().map(|permit| (identity(&permit), permit)).collect()
}

/// Whether the simulator's truth knows the permit's spelling: it asks for details by the tidy number, the
/// worker by the stored one, which finds some more.
pub fn is_spelt_tidily(permit: &Value) -> bool {
    permit["permit_number"] == permit["number_raw"]
}

fn identity(permit: &Value) -> String {
    let registration = permit["registration_number"].as_str().expect("text");
    let Some(number) = permit["permit_number"].as_str() else {
        let name = NamedKey::parse(permit["types"][0].as_str().unwrap_or_default());
        return format!("T\u{1f}{registration}\u{1f}{}", name.as_ref().map_or("", NamedKey::key));
    };
    let number = PermitNumber::parse(number).expect("a real number");
    format!("N\u{1f}{registration}\u{1f}{}", number.folded())
}
