//! Permits, types and details: what came last is kept.

use serde_json::{Value, json};

use super::State;
use super::rpc::Exception;

/// A `sicantik.permit`.
#[derive(Clone, Debug)]
pub struct PermitRecord {
    pub id: i64,
    /// The last row that brought it.
    pub row: Value,
    /// How often its columns were written.
    pub writes: usize,
    /// The last detail row that was applied.
    pub detail: Option<Value>,
    /// The run that asked for its detail last.
    asked_in: Option<String>,
}

impl State {
    pub(super) fn upsert_types(&mut self, arguments: &Value) -> Result<Value, Exception> {
        self.held(arguments)?;
        let (mut created, mut updated, mut unchanged) = (0, 0, 0);
        for row in rows(arguments) {
            let key = row["name_key"].as_str().expect("a key").to_owned();
            match self.types.insert(key, row.clone()) {
                None => created += 1,
                Some(before) if before["hash"] == row["hash"] => unchanged += 1,
                Some(_) => updated += 1,
            }
        }
        Ok(json!({ "created": created, "updated": updated, "unchanged": unchanged, "refused": [] }))
    }

    pub(super) fn upsert_permits(&mut self, arguments: &Value) -> Result<Value, Exception> {
        self.held(arguments)?;
        let (mut created, mut updated, mut unchanged) = (0, 0, 0);
        let mut refused = Vec::new();
        for row in rows(arguments) {
            let identity = row["identity"].as_str().expect("an identity");
            if self.refuse_rows_with.as_ref().is_some_and(|part| identity.contains(part)) {
                let message = "The permit type is archived.";
                refused.push(json!({ "key": identity, "code": "invalid", "message": message }));
                continue;
            }
            let id = i64::try_from(self.permits.len()).expect("few permits") + 1;
            match self.permits.get_mut(identity) {
                Some(permit) if permit.row["hash"] == row["hash"] => unchanged += 1,
                Some(permit) => {
                    permit.row = row.clone();
                    permit.writes += 1;
                    updated += 1;
                }
                None => {
                    let permit = PermitRecord { id, row: row.clone(), writes: 1, detail: None, asked_in: None };
                    self.permits.insert(identity.to_owned(), permit);
                    created += 1;
                }
            }
        }
        Ok(json!({
            "created": created, "updated": updated, "unchanged": unchanged, "rekeyed": 0, "ignored": 0,
            "refused": refused,
        }))
    }

    pub(super) fn due_details(&mut self, arguments: &Value) -> Result<Value, Exception> {
        let run = self.held(arguments)?.uuid.clone();
        let excluded = arguments["exclude"].as_array().expect("a list");
        let limit = usize::try_from(arguments["limit"].as_u64().expect("a limit")).expect("a number");
        let is_due = |permit: &&PermitRecord| {
            permit.row["permit_number"].is_string()
                && permit.asked_in.as_deref() != Some(&run)
                && !excluded.contains(&permit.id.into())
        };
        let mut due: Vec<&PermitRecord> = self.permits.values().filter(is_due).collect();
        due.sort_by_key(|permit| permit.id);
        let described = |permit: &&PermitRecord| {
            json!({
                "id": permit.id,
                "registration_number": permit.row["registration_number"],
                "permit_number": permit.row["permit_number"],
            })
        };
        let total = due.len();
        Ok(json!({ "permits": due.iter().take(limit).map(described).collect::<Vec<_>>(), "due_total": total }))
    }

    pub(super) fn apply_details(&mut self, arguments: &Value) -> Result<Value, Exception> {
        let run = self.held(arguments)?.uuid.clone();
        let (mut applied, mut changed, mut with_expiry) = (0, 0, 0);
        for row in rows(arguments) {
            let permit = self.permits.values_mut().find(|permit| row["id"] == permit.id).expect("a known permit");
            permit.asked_in = Some(run.clone());
            applied += 1;
            if row["outcome"] == "error" {
                continue;
            }
            changed += usize::from(permit.detail.as_ref().map(|known| &known["hash"]) != Some(&row["hash"]));
            with_expiry += usize::from(row["detail"]["expiry_date"].is_string());
            permit.detail = Some(row.clone());
        }
        Ok(json!({ "applied": applied, "changed": changed, "with_expiry": with_expiry, "refused": [] }))
    }
}

fn rows(arguments: &Value) -> &Vec<Value> {
    arguments["rows"].as_array().expect("rows")
}
