//! Files of the inbox, as `docs/interfaces.md` says: a file whose name begins with `izin` is of a permit.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::State;

/// A `sicantik.document.arrival`.
#[derive(Clone, Debug)]
pub struct ArrivalRecord {
    pub name: String,
    pub sha256: String,
    /// `None` = on its way.
    pub outcome: Option<&'static str>,
    /// Which version its bytes are.
    pub version: String,
    /// As it was offered at first.
    pub offered: Value,
}

/// By their keys.
pub type Arrivals = BTreeMap<String, ArrivalRecord>;

impl State {
    pub(super) fn arrival(&mut self, method: &str, arguments: &Value) -> Value {
        match method {
            "document.arrival.worker_settings" => {
                json!({ "wanted": true, "largest_mib": 3, "most_pages": 100, "allow_embedded": false })
            }
            "document.arrival.offer" => {
                let files = arguments["files"].as_array().cloned().unwrap_or_default();
                let keys: Vec<Value> = files.iter().map(|file| file["key"].clone()).collect();
                for file in &files {
                    self.offered(file);
                }
                self.decisions(&keys)
            }
            _ => {
                let keys = arguments["keys"].as_array().cloned().unwrap_or_default();
                for key in &keys {
                    self.landed(key.as_str().expect("a key"));
                }
                self.decisions(&keys)
            }
        }
    }

    fn offered(&mut self, file: &Value) {
        let (key, text) = (file["key"].as_str().expect("a key"), |name: &str| file[name].as_str().expect("text"));
        if self.arrivals.contains_key(key) {
            return;
        }
        let outcome = if file["refusal"].is_null() { None } else { Some("refused") };
        let record = ArrivalRecord {
            name: text("name").to_owned(),
            sha256: text("sha256").to_owned(),
            outcome,
            version: format!("ffffffff-0000-4000-8000-{:012}", self.arrivals.len()),
            offered: file.clone(),
        };
        self.arrivals.insert(key.to_owned(), record);
    }

    fn landed(&mut self, key: &str) {
        let before = self.arrivals.values().filter(|arrival| arrival.outcome == Some("imported"));
        let imported: Vec<String> = before.map(|arrival| arrival.sha256.clone()).collect();
        let arrival = self.arrivals.get_mut(key).expect("it was offered");
        if arrival.outcome.is_some() {
            return;
        }
        let (is_of_permit, is_double) = (arrival.name.starts_with("izin"), imported.contains(&arrival.sha256));
        arrival.outcome = Some(match (is_of_permit, is_double) {
            (false, _) => "unmatched",
            (true, true) => "double",
            (true, false) => "imported",
        });
    }

    fn decisions(&self, keys: &[Value]) -> Value {
        let decided = keys.iter().map(|key| {
            let arrival = &self.arrivals[key.as_str().expect("a key")];
            let version = json!({
                "uuid": arrival.version, "document": format!("{}-d", arrival.version), "number": 1, "stage": "original",
                "by": "inbox",
            });
            let version = if arrival.outcome.is_some() { Value::Null } else { version };
            let sentence = arrival.outcome.map_or("", |_| "Demikian.");
            json!({ "key": key, "outcome": arrival.outcome, "version": version, "sentence": sentence })
        });
        json!({ "files": decided.collect::<Vec<_>>() })
    }
}
