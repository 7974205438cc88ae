//! Permits, types and details: what came last is kept. Of the identity rules it knows what the worker's own
//! rules must agree with: a numbered row takes over its unnumbered permit, and an unnumbered row yields to it.

use serde_json::{Map, Value, json};

use super::State;
use super::rpc::Exception;

const COUNTS: [&str; 5] = ["created", "updated", "unchanged", "rekeyed", "ignored"];

/// As the addon limits it.
const MAX_ROWS: usize = 2_000;

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
    /// Not in SICANTIK's list any more.
    pub missing: bool,
    /// What people made of it: a status of their own.
    pub status: Option<&'static str>,
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
        let mut counts = Map::from_iter(COUNTS.map(|count| (count.to_owned(), 0.into())));
        let mut refused = Vec::new();
        for row in rows(arguments) {
            let identity = row["identity"].as_str().expect("an identity");
            if self.refuse_rows_with.as_ref().is_some_and(|part| identity.contains(part)) {
                let message = "The permit type is archived.";
                refused.push(json!({ "key": identity, "code": "invalid", "message": message }));
                continue;
            }
            let count = &mut counts[self.upsert_permit(identity, row)];
            *count = (count.as_u64().expect("a count") + 1).into();
        }
        counts.insert("refused".to_owned(), refused.into());
        Ok(counts.into())
    }

    /// Names the count that the row belongs to.
    fn upsert_permit(&mut self, identity: &str, row: &Value) -> &'static str {
        if let Some(permit) = self.permits.get_mut(identity) {
            if permit.row["hash"] == row["hash"] {
                return "unchanged";
            }
            permit.row = row.clone();
            permit.writes += 1;
            return "updated";
        }
        if row["permit_number"].is_null() && self.is_numbered_by_now(row) {
            return "ignored";
        }
        let unnumbered = unnumbered_identities(row).into_iter().find_map(|old| self.permits.remove(&old));
        let count = if unnumbered.is_some() { "rekeyed" } else { "created" };
        self.last_permit += i64::from(unnumbered.is_none());
        let mut permit = unnumbered.unwrap_or_else(|| PermitRecord::new(self.last_permit));
        permit.row = row.clone();
        permit.writes += 1;
        self.permits.insert(identity.to_owned(), permit);
        count
    }

    /// Whether a permit that has its number is the one that the unnumbered row speaks of.
    fn is_numbered_by_now(&self, unnumbered: &Value) -> bool {
        let begin = format!("N\u{1f}{}\u{1f}", unnumbered["registration_number"].as_str().expect("text"));
        let same_registration =
            self.permits.range(begin.clone()..).take_while(|(identity, _)| identity.starts_with(&begin));
        same_registration
            .flat_map(|(_, permit)| unnumbered_identities(&permit.row))
            .any(|own| unnumbered["identity"] == own.as_str())
    }

    pub(super) fn keys(&mut self, arguments: &Value) -> Result<Value, Exception> {
        self.held(arguments)?;
        let number = |name: &str| arguments[name].as_i64().expect("a number");
        let mut found: Vec<&PermitRecord> =
            self.permits.values().filter(|permit| permit.id > number("after")).collect();
        found.sort_by_key(|permit| permit.id);
        let limit = usize::try_from(number("limit")).expect("a limit").min(MAX_ROWS);
        found.truncate(limit);
        let last = found.last().filter(|_| found.len() == limit).map_or(0, |permit| permit.id);
        let values = arguments["values"] == true;
        Ok(json!({ "permits": found.iter().map(|permit| permit.key(values)).collect::<Vec<_>>(), "last": last }))
    }

    pub(super) fn mark_missing(&mut self, arguments: &Value) -> Result<Value, Exception> {
        self.held(arguments)?;
        let [missing, seen] = ["missing", "seen"].map(|name| arguments[name].as_array().expect("a list"));
        assert!((1..=MAX_ROWS).contains(&(missing.len() + seen.len())), "neither nothing nor too much");
        let mut changed = |ids: &[Value], mark: bool| {
            let named = self.permits.values_mut().filter(|permit| ids.contains(&permit.id.into()));
            named.map(|permit| std::mem::replace(&mut permit.missing, mark)).filter(|before| *before != mark).count()
        };
        Ok(json!({ "missing": changed(missing, true), "seen": changed(seen, false) }))
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
        let (mut refused, mut issues) = (Vec::new(), Vec::new());
        for row in rows(arguments) {
            let (identity, permit) =
                self.permits.iter_mut().find(|(_, permit)| row["id"] == permit.id).expect("a known permit");
            if self.refuse_rows_with.as_ref().is_some_and(|part| identity.contains(part)) {
                refused.push(json!({ "key": row["id"], "code": "constraint", "message": "A constraint refuses it." }));
                continue;
            }
            permit.asked_in = Some(run.clone());
            applied += 1;
            if row["outcome"] == "error" {
                let key = &permit.row["permit_number"];
                issues.push(json!({ "key": key, "code": row["code"], "permit_id": row["id"] }));
                continue;
            }
            changed += usize::from(permit.detail.as_ref().map(|known| &known["hash"]) != Some(&row["hash"]));
            with_expiry += usize::from(row["detail"]["expiry_date"].is_string());
            permit.detail = Some(row.clone());
        }
        self.run(&run).issues.extend(issues);
        Ok(json!({ "applied": applied, "changed": changed, "with_expiry": with_expiry, "refused": refused }))
    }
}

impl PermitRecord {
    fn new(id: i64) -> Self {
        Self { id, row: Value::Null, writes: 0, detail: None, missing: false, status: None, asked_in: None }
    }

    fn key(&self, values: bool) -> Value {
        let numbered = self.row["permit_number"].is_string();
        let mut key = json!({
            "id": self.id,
            "identity": self.row["identity"],
            "status": self.status.unwrap_or(if numbered { "active" } else { "draft" }),
            "missing": self.missing,
        });
        if values {
            key["values"] = self.values();
        }
        key
    }

    /// What the list said, and the date of the list or the detail.
    fn values(&self) -> Value {
        let row = &self.row;
        let keys =
            |further: &str| row[further].as_array().into_iter().flatten().map(|one| &one["key"]).collect::<Vec<_>>();
        let from_list = row["has_expiry"] == true;
        let detail = self.detail.as_ref().map_or(&Value::Null, |detail| &detail["detail"]["expiry_date"]);
        json!({
            "registration_number": row["registration_number"],
            "permit_number": row["permit_number"],
            "permit_type": row["permit_type"]["key"],
            "further_types": keys("further_types"),
            "applicant": row["applicant"]["key"],
            "further_applicants": keys("further_applicants"),
            "registered_month": row["registered_month"],
            "source_expiry_date": if from_list { &row["expiry_date"] } else { detail },
            "source_expiry_origin": if from_list { "list" } else { "detail" },
            "flags": row["flags"],
        })
    }
}

/// What the permit was, or would be, without its number.
fn unnumbered_identities(row: &Value) -> Vec<String> {
    if row["permit_number"].is_null() {
        return Vec::new();
    }
    let registration = row["registration_number"].as_str().expect("text");
    let further = row["further_types"].as_array().into_iter().flatten();
    let keys =
        std::iter::once(&row["permit_type"]).chain(further).map(|named| named["key"].as_str().unwrap_or_default());
    keys.map(|key| format!("T\u{1f}{registration}\u{1f}{key}")).collect()
}

fn rows(arguments: &Value) -> &Vec<Value> {
    arguments["rows"].as_array().expect("rows")
}
