//! Messages that are ordered, as `docs/interfaces.md` says.

use serde_json::{Value, json};

use super::State;

/// A `sicantik.whatsapp.message`.
#[derive(Clone, Debug)]
pub struct MessageRecord {
    /// As a claim gives it.
    pub order: Value,
    /// Its first report has not come; a claim gives it again.
    pub is_new: bool,
    /// Claimed by a worker that never reported it.
    pub is_lost: bool,
    /// A person pressed Cancel.
    pub cancel: bool,
    /// Every report, in their order.
    pub reports: Vec<Value>,
}

impl MessageRecord {
    /// The states that were told, in their order, with why.
    pub fn states(&self) -> Vec<String> {
        let told = self.reports.iter().map(|report| {
            let why = report["why"].as_str().map(|why| format!(": {why}")).unwrap_or_default();
            format!("{}{why}", report["state"].as_str().unwrap_or_default())
        });
        told.collect()
    }
}

impl State {
    /// A notice is due: what one says to `number`.
    pub fn order_message(&mut self, account: &str, key: &str, number: &str) -> String {
        self.order_by(&[(account, "permit_expiring_v1")], key, number)
    }

    /// The same, by the first of these accounts and texts that can.
    pub fn order_by(&mut self, ways: &[(&str, &str)], key: &str, number: &str) -> String {
        let ways: Vec<Value> = ways.iter().map(|(account, text)| json!({ "account": account, "text": text })).collect();
        let uuid = format!("message-{}", self.messages.len() + 1);
        let order = json!({
            "uuid": uuid, "attempt": 1, "key": key, "ways": ways, "configuration": 1, "number": number,
            "language": "id", "parameters": ["BUDI CONTOH", "503/0001/CONTOH/2026"],
            "may_be_empty": [], "variables": 2, "priority": 10, "expires_at": null, "at_night": false, "button": null, "header": null,
        });
        self.messages.push(MessageRecord { order, is_new: true, is_lost: false, cancel: false, reports: Vec::new() });
        uuid
    }

    pub fn message(&mut self, uuid: &str) -> &mut MessageRecord {
        self.ordered(uuid).expect("a message")
    }

    /// Their uuids count them, unless a story says otherwise.
    fn ordered(&mut self, uuid: &str) -> Option<&mut MessageRecord> {
        let number = uuid.strip_prefix("message-").and_then(|number| number.parse::<usize>().ok()).unwrap_or_default();
        let is_it = |message: &MessageRecord| message.order["uuid"] == uuid;
        let place = number.checked_sub(1).filter(|place| self.messages.get(*place).is_some_and(is_it));
        let place = place.or_else(|| self.messages.iter().position(is_it))?;
        self.messages.get_mut(place)
    }

    pub(super) fn order_models(&self) -> Value {
        if self.accounts.is_empty() { json!([]) } else { json!(["sicantik.whatsapp.message"]) }
    }

    pub(super) fn claim_messages(&self, arguments: &Value) -> Value {
        let most = usize::try_from(arguments["limit"].as_u64().expect("a limit")).expect("a number");
        assert!(arguments["lease_seconds"].as_u64().is_some_and(|seconds| seconds >= 60), "{arguments}");
        let waiting: Vec<&Value> = self
            .messages
            .iter()
            .filter(|message| message.is_new && !message.cancel)
            .map(|message| &message.order)
            .collect();
        let cancel = self.messages.iter().filter(|message| message.cancel && (!message.is_new || message.is_lost));
        let taken_back = |order: &Value| json!({ "uuid": order["uuid"], "attempt": order["attempt"] });
        let cancel: Vec<Value> = cancel.map(|message| taken_back(&message.order)).collect();
        let more = waiting.len() > most;
        let claimed: Vec<&Value> = waiting.into_iter().take(most).collect();
        json!({ "accounts": self.accounts, "claimed": claimed, "cancel": cancel, "ask": self.ask, "more": more })
    }

    pub(super) fn report_messages(&mut self, arguments: &Value) -> Value {
        let (mut accepted, mut refused) = (Vec::new(), Vec::new());
        for report in arguments["reports"].as_array().expect("a list") {
            let uuid = report["uuid"].clone();
            match self.ordered(uuid.as_str().expect("a uuid")) {
                Some(message) => {
                    message.is_new = false;
                    message.reports.push(report.clone());
                    accepted.push(uuid);
                }
                None => refused.push(json!({ "key": uuid, "code": "unknown", "message": "There is no such message." })),
            }
        }
        json!({ "accepted": accepted, "refused": refused })
    }

    pub(super) fn hear(&mut self, arguments: &Value) -> Value {
        let events = arguments["events"].as_array().expect("a list");
        self.heard.extend(events.iter().cloned());
        json!({ "accepted": events.iter().map(|event| &event["id"]).collect::<Vec<_>>(), "refused": [] })
    }

    pub(super) fn report_accounts(&mut self, arguments: &Value) -> Value {
        let reports = arguments["reports"].as_array().expect("a list");
        self.account_reports.extend(reports.iter().cloned());
        for report in reports.iter().filter(|report| report["check"].is_object()) {
            let account = self.accounts.iter_mut().find(|account| account["uuid"] == report["uuid"]);
            account.expect("an account")["check"] = false.into();
        }
        for report in reports.iter().filter(|report| report["sealed"].as_object().is_some_and(|all| !all.is_empty())) {
            let account = self.accounts.iter_mut().find(|account| account["uuid"] == report["uuid"]);
            account.expect("an account")["sealed"] = json!({});
        }
        json!({ "accepted": reports.iter().map(|report| &report["uuid"]).collect::<Vec<_>>(), "refused": [] })
    }
}

/// An account of Meta's that allows much.
pub fn account(uuid: &str) -> Value {
    json!({
        "uuid": uuid, "provider": "meta", "sender_id": "100000000000001", "business_id": "200000000000002",
        "key_id": null, "people_per_day": null, "texts": [{ "name": "permit_expiring_v1", "language": "id" }],
        "verify_token": "token-contoh", "per_minute": 100_000, "per_day": 100_000, "retries": 3, "retry_seconds": 300,
        "night": ["20:00", "09:00"], "check": false,
    })
}
