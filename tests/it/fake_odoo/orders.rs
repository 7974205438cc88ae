//! Runs and their leases, as `docs/interfaces.md` says.

use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::rpc::Exception;
use super::{DATABASE_UUID, State};

/// A `sicantik.sync.run`.
#[derive(Clone, Debug)]
pub struct RunRecord {
    pub uuid: String,
    pub kind: String,
    pub state: String,
    pub limit: usize,
    pub full: bool,
    pub token: String,
    /// The instance that has claimed it last.
    worker: String,
    pub lease_until: Instant,
    pub attempts: usize,
    /// A person pressed Cancel.
    pub cancel: bool,
    /// The last figures told.
    pub figures: Map<String, Value>,
    pub issues: Vec<Value>,
    pub settings: Value,
    lease: Duration,
}

impl RunRecord {
    /// A figure of the last report.
    pub fn figure(&self, name: &str) -> u64 {
        self.figures.get(name).and_then(Value::as_u64).unwrap_or_default()
    }

    /// The codes of all issues.
    pub fn issue_codes(&self) -> Vec<&str> {
        self.issues.iter().filter_map(|issue| issue["code"].as_str()).collect()
    }
}

impl State {
    /// A person presses a button.
    pub fn order(&mut self, kind: &str, settings: Value) -> String {
        let uuid = format!("run-{}", self.runs.len() + 1);
        self.runs.push(RunRecord {
            uuid: uuid.clone(),
            kind: kind.to_owned(),
            state: "queued".to_owned(),
            limit: 0,
            full: false,
            token: String::new(),
            worker: String::new(),
            lease_until: Instant::now(),
            attempts: 0,
            cancel: false,
            figures: Map::new(),
            issues: Vec::new(),
            settings,
            lease: Duration::ZERO,
        });
        uuid
    }

    /// The run.
    pub fn run(&mut self, uuid: &str) -> &mut RunRecord {
        self.runs.iter_mut().find(|run| run.uuid == uuid).expect("a run")
    }

    /// Another worker takes the run: the token of the first one is stale from now on.
    pub fn take_over(&mut self, uuid: &str) {
        let token = self.new_token();
        self.run(uuid).token = token;
    }

    /// So much time passes that every lease has ended.
    pub fn end_leases(&mut self) {
        for run in &mut self.runs {
            run.lease_until = Instant::now();
        }
    }

    pub(super) fn queued(&self) -> Value {
        let open = self.runs.iter().filter(|run| run.is_open());
        let runs: Vec<Value> = open.map(|run| run.described(self)).collect();
        let cancelled = self.runs.iter().filter(|run| run.state == "claimed" && run.cancel);
        let cancel: Vec<&str> = cancelled.map(|run| run.uuid.as_str()).collect();
        let mut answer = self.told_facts();
        answer["runs"] = runs.into();
        answer["cancel"] = cancel.into();
        answer["orders"] = self.order_models();
        answer
    }

    /// A command orders a run.
    pub(super) fn order_by_command(&mut self, arguments: &Value) -> Value {
        let kind = arguments["kind"].as_str().expect("a kind").to_owned();
        let settings = self.settings.clone();
        let open = self.runs.iter().find(|run| run.kind == kind && ["queued", "claimed"].contains(&run.state.as_str()));
        let open = open.map(|run| run.uuid.clone());
        let joined = open.is_some();
        let uuid = open.unwrap_or_else(|| self.order(&kind, settings));
        let run = self.run(&uuid);
        run.limit = usize::try_from(arguments["limit"].as_u64().expect("a limit")).expect("a number");
        run.full = arguments["full"].as_bool().expect("yes or no");
        let claim =
            json!({ "uuids": [uuid], "worker": arguments["worker"], "lease_seconds": arguments["lease_seconds"] });
        let mut answer = self.claim(&claim);
        let run = self.run(&uuid).clone();
        answer["run"] = run.described(self);
        answer["joined"] = joined.into();
        answer
    }

    /// Anybody's run, to follow it.
    pub(super) fn status(&self, arguments: &Value) -> Value {
        let asked = arguments["uuids"].as_array().expect("a list");
        let found = self.runs.iter().filter(|run| asked.contains(&run.uuid.as_str().into()));
        let described = found.map(|run| {
            let mut status = run.described(self);
            for name in ["total", "done", "created", "updated", "unchanged", "failed"] {
                status[name] = run.figure(name).into();
            }
            status
        });
        json!({ "runs": described.collect::<Vec<_>>() })
    }

    pub(super) fn worker_settings(&self) -> Value {
        let mut answer = self.told_facts();
        answer["configs"] = self.configs.clone().into();
        answer
    }

    fn told_facts(&self) -> Value {
        let mut facts = self.facts.clone();
        facts.insert("database_uuid".to_owned(), DATABASE_UUID.into());
        facts.insert("odoo_version".to_owned(), format!("{}.0", self.version).into());
        facts.into()
    }

    pub(super) fn claim(&mut self, arguments: &Value) -> Value {
        let lease = Duration::from_secs(arguments["lease_seconds"].as_u64().expect("seconds").clamp(5, 600));
        let worker = arguments["worker"].as_str().expect("a name");
        let (mut claimed, mut refused) = (Vec::new(), Vec::new());
        for uuid in arguments["uuids"].as_array().expect("a list") {
            let token = self.new_token();
            let at = self.runs.iter().position(|run| run.uuid == *uuid);
            match at.filter(|&at| self.runs[at].is_open() || self.runs[at].is_under_way_with(worker)) {
                None => {
                    let code = match at.map(|at| self.runs[at].state.as_str()) {
                        None => "unknown",
                        Some("claimed") => "leased",
                        Some(_) => "not_open",
                    };
                    refused.push(json!({ "key": uuid, "code": code, "message": "The run is not to be had." }));
                }
                Some(at) => {
                    let run = &mut self.runs[at];
                    "claimed".clone_into(&mut run.state);
                    run.token.clone_from(&token);
                    worker.clone_into(&mut run.worker);
                    run.attempts += 1;
                    run.lease = lease;
                    run.lease_until = Instant::now() + lease;
                    let mut described = self.runs[at].described(self);
                    described["token"] = token.into();
                    described["settings"] = self.runs[at].settings.clone();
                    claimed.push(described);
                }
            }
        }
        json!({ "claimed": claimed, "refused": refused })
    }

    pub(super) fn report(&mut self, arguments: &Value) -> Value {
        let (mut accepted, mut cancel, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for report in arguments["reports"].as_array().expect("a list") {
            let uuid = report["uuid"].as_str().expect("a uuid").to_owned();
            let run = self.run(&uuid);
            if run.is_held_with(&report["token"]) {
                run.note(report);
                run.lease_until = Instant::now() + run.lease;
                if run.cancel {
                    cancel.push(uuid.clone());
                }
                accepted.push(uuid);
            } else {
                refused.push(stale(&uuid));
            }
        }
        json!({ "accepted": accepted, "cancel": cancel, "refused": refused })
    }

    pub(super) fn finish(&mut self, arguments: &Value) -> Value {
        let (mut accepted, mut refused) = (Vec::new(), Vec::new());
        for result in arguments["results"].as_array().expect("a list") {
            let uuid = result["uuid"].as_str().expect("a uuid").to_owned();
            let state = result["state"].as_str().expect("a state").to_owned();
            let run = self.run(&uuid);
            if run.is_held_with(&result["token"]) {
                run.note(result);
                run.state = state;
                if let Some(unlisted) = result.get("unlisted") {
                    self.settings["unlisted"] = unlisted.clone();
                }
                accepted.push(uuid);
            } else if run.token == result["token"] && run.state == state {
                accepted.push(uuid);
            } else {
                refused.push(stale(&uuid));
            }
        }
        json!({ "accepted": accepted, "refused": refused })
    }

    /// The run of a data call; a stale token refuses the whole call.
    pub(super) fn held(&mut self, arguments: &Value) -> Result<&mut RunRecord, Exception> {
        let uuid = arguments["uuid"].as_str().expect("a uuid");
        let run = self.run(uuid);
        if run.is_held_with(&arguments["token"]) {
            Ok(run)
        } else {
            let message = "stale_token: the run was taken over by another worker".to_owned();
            Err(Exception("odoo.exceptions.UserError", message))
        }
    }

    fn new_token(&mut self) -> String {
        self.last_token += 1;
        format!("{:032x}", self.last_token)
    }
}

impl RunRecord {
    fn is_open(&self) -> bool {
        self.state == "queued" || (self.state == "claimed" && self.lease_until <= Instant::now())
    }

    /// The same instance asks again when the first answer was lost on its way.
    fn is_under_way_with(&self, worker: &str) -> bool {
        self.state == "claimed" && self.worker == worker
    }

    fn is_held_with(&self, token: &Value) -> bool {
        self.state == "claimed" && self.token == *token
    }

    fn note(&mut self, report: &Value) {
        let mut figures = report.as_object().cloned().expect("an object");
        if let Some(Value::Array(issues)) = figures.remove("issues") {
            self.issues.extend(issues);
        }
        self.figures = figures;
    }

    fn described(&self, state: &State) -> Value {
        let id = state.runs.iter().position(|run| run.uuid == self.uuid).unwrap_or_default() + 1;
        json!({
            "id": id, "uuid": self.uuid, "kind": self.kind, "state": self.state,
            "config_id": self.settings["config_id"], "limit": self.limit, "full": self.full,
        })
    }
}

fn stale(uuid: &str) -> Value {
    json!({ "key": uuid, "code": "stale_token", "message": "The run was taken over by another worker." })
}
