//! From Odoo to the worker: whether its listener answers where Odoo knocks, and takes a hook signed with our key.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;

use crate::app::App;
use crate::http;
use crate::net::rpc_client;
use crate::odoo::Handshake;

use super::address::without_password;
use super::findings::Findings;

const LISTENER: &str = "listener";
const ANSWERS: &str = "worker address";
const HOOK: &str = "hook";

/// In the order of looking.
pub(super) const CHECKS: [&str; 3] = [LISTENER, ANSWERS, HOOK];

/// Odoo itself waits less.
const TIME_LIMIT: Duration = Duration::from_secs(5);

const PATH: &str = "/hooks/v1/runs";

/// No run has it: the worker only looks for orders, and finds what there is.
const NO_RUN: &str = "00000000-0000-0000-0000-000000000000";

/// Knocks at each address that Odoo knows, as Odoo does.
pub(super) async fn examine(app: &App, handshake: &Handshake, findings: &mut Findings) {
    findings.judge(LISTENER, listener(app));
    let addresses: BTreeSet<&str> =
        handshake.configs.iter().filter_map(|config| config.worker_url.as_deref()).collect();
    if addresses.is_empty() {
        let seconds = app.config.worker.poll().as_secs();
        findings.good(ANSWERS, format!("Odoo has none: buttons work within {seconds} s, when the worker looks"));
        findings.skip([HOOK]);
        return;
    }
    for address in addresses {
        let address = address.trim_end_matches('/');
        if without_password(address) != address {
            let shown = without_password(address);
            findings
                .bad(ANSWERS, format!("{shown} holds a user or password; give the worker's address in Odoo without"));
            findings.skip([HOOK]);
            continue;
        }
        let answers = alive(address).await;
        let lives = answers.is_ok();
        findings.judge(ANSWERS, answers);
        if lives {
            findings.judge(HOOK, knock(app, handshake, address).await);
        } else {
            findings.skip([HOOK]);
        }
    }
}

/// A private network is allowed on purpose, and said each time: whoever is in it can read what is sent.
fn listener(app: &App) -> Result<String, String> {
    let address = app.config.internal.listen().map_err(|error| error.to_string())?;
    Ok(if address.ip().is_loopback() {
        format!("{address}, on this machine only")
    } else {
        format!("{address}, in a private network and not encrypted, as internal.allow_private allows")
    })
}

async fn alive(address: &str) -> Result<String, String> {
    let remedy = "start `sicantik serve`, or correct the worker's address in Odoo (SICANTIK › Configuration)";
    let unreachable = |_| format!("nothing answers at {address}; {remedy}");
    let http = rpc_client(TIME_LIMIT, Vec::new()).map_err(|error| error.to_string())?;
    let response = http.get(format!("{address}/healthz")).send().await.map_err(unreachable)?;
    match response.status().as_u16() {
        200 => Ok(format!("the worker answers at {address}")),
        status => Err(format!("{address} answers with status {status}, which is not the worker; {remedy}")),
    }
}

async fn knock(app: &App, handshake: &Handshake, address: &str) -> Result<String, String> {
    let url = url::Url::parse(&format!("{address}{PATH}")).map_err(|error| error.to_string())?;
    let host = url.host_str().unwrap_or_default();
    // A signed hook is worth something to whoever gets it.
    if !app.config.internal.is_own_host(host) {
        return Err(format!(
            "nothing was signed for {host}, which is not this machine; when it leads to this worker, name it in \
             internal.hosts"
        ));
    }
    let keys = app.config.hook.keys().map_err(|error| error.to_string())?;
    let key = keys.first().ok_or("the worker has no hook key, so nothing can be signed")?;
    let body = json!({ "database_uuid": handshake.server.database_uuid, "run_uuid": NO_RUN, "login": "doctor" });
    let body = body.to_string();
    let (timestamp, nonce) = (app.clock.now().timestamp().to_string(), uuid::Uuid::new_v4().simple().to_string());
    let signature = http::sign(key, "POST", url.path(), &timestamp, &nonce, body.as_bytes());
    let request = rpc_client(TIME_LIMIT, Vec::new())
        .map_err(|error| error.to_string())?
        .post(url)
        .header("Content-Type", "application/json")
        .header("X-Sicantik-Timestamp", timestamp)
        .header("X-Sicantik-Nonce", nonce)
        .header("X-Sicantik-Signature", signature.unwrap_or_default())
        .body(body);
    let response = request.send().await.map_err(|_| "the connection broke; look at the worker's log".to_owned())?;
    match response.status().as_u16() {
        202 => Ok("one signed with our key is accepted".to_owned()),
        401 => Err("the running worker refuses our key: restart it, so that it reads its settings anew".to_owned()),
        403 => Err("the running worker is paired with another database: restart it, or pair it again".to_owned()),
        status => Err(format!("a signed hook is answered with status {status}; look at the worker's log")),
    }
}
