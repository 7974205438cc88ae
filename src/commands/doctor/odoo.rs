//! From the worker to Odoo: address, database, user, addon, keys.

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::{App, VERSION};
use crate::health::KEY_WARNING;
use crate::odoo::{Denial, Handshake, OdooError, hook_key_id};

use super::address::without_password;
use super::findings::Findings;

const ANSWERS: &str = "Odoo";
const PROTOCOL: &str = "protocol";
const DATABASE: &str = "database";
const SIGN_IN: &str = "sign-in";
const ADDON: &str = "addon";
const GROUP: &str = "group";
const UUID: &str = "database uuid";
const NO_COPY: &str = "no neutralised copy";
const FITS: &str = "addon version";
const CLOCK: &str = "clock";
const API_KEY: &str = "API key";
const CONFIGURATIONS: &str = "configurations";
const HOOK_KEY: &str = "hook key";

/// In the order of looking.
pub(super) const CHECKS: [&str; 13] =
    [ANSWERS, PROTOCOL, DATABASE, SIGN_IN, ADDON, GROUP, UUID, NO_COPY, FITS, CLOCK, API_KEY, CONFIGURATIONS, HOOK_KEY];

/// What one call to the addon passes, one after another, and what is said when it did.
const ENTRY: [(&str, &str); 4] = [
    (DATABASE, "it is there"),
    (SIGN_IN, "Odoo knows the API key"),
    (ADDON, "SICANTIK Connector is installed"),
    (GROUP, "the user may work for SICANTIK"),
];

/// The first number of the addon's own version; another one speaks another contract.
const ADDON_MAJOR: &str = "1";

/// Hooks are refused at 300 seconds; a clock that is off by this much already goes wrong.
const MAX_CLOCK_DIFFERENCE: TimeDelta = TimeDelta::seconds(60);

/// What the addon told; `None` where nothing further can be looked at.
pub(super) async fn examine(app: &App, findings: &mut Findings) -> Option<Handshake> {
    let (version, protocol) = match app.odoo.version().await {
        Ok(found) => found,
        Err(error) => {
            findings.bad(ANSWERS, sentence(&error));
            findings.skip(CHECKS.into_iter().skip(1));
            return None;
        }
    };
    findings.good(ANSWERS, format!("{} is Odoo {version}", app.config.odoo.url));
    findings.good(PROTOCOL, protocol);
    let handshake = enter(app, findings).await?;
    judge(app, &handshake, findings);
    let is_ours = is_paired(app, &handshake).is_ok() && !handshake.server.neutralized;
    is_ours.then_some(handshake)
}

async fn enter(app: &App, findings: &mut Findings) -> Option<Handshake> {
    let answer = app.odoo.handshake(&app.instance, VERSION).await;
    let failed_at = answer.as_ref().err().map(stage_of);
    let passed = ENTRY.iter().take_while(|(check, _)| Some(*check) != failed_at);
    passed.for_each(|(check, message)| findings.good(check, *message));
    match answer {
        Ok(handshake) => Some(handshake),
        Err(error) => {
            let at = stage_of(&error);
            findings.bad(at, sentence(&error));
            findings.skip(CHECKS.into_iter().skip_while(|check| *check != at).skip(1));
            None
        }
    }
}

/// Which check an error belongs to.
fn stage_of(error: &OdooError) -> &'static str {
    match error {
        OdooError::Denied(Denial::Group) => GROUP,
        OdooError::Denied(Denial::Key) => SIGN_IN,
        OdooError::Refused { .. } => ADDON,
        _ => DATABASE,
    }
}

/// What passes by itself has no remedy of its own.
fn sentence(error: &OdooError) -> String {
    match error {
        OdooError::Unavailable { .. } | OdooError::UnknownOutcome => {
            format!("{error}; look whether Odoo runs, and whether odoo.url leads to it")
        }
        _ => error.in_full(),
    }
}

fn judge(app: &App, handshake: &Handshake, findings: &mut Findings) {
    let now = app.clock.now();
    let ids: Result<Vec<String>, String> =
        app.config.hook.keys().map(|keys| keys.iter().map(hook_key_id).collect()).map_err(|error| error.to_string());
    findings.judge(UUID, is_paired(app, handshake));
    findings.judge(NO_COPY, is_no_copy(handshake));
    findings.judge(FITS, fits(handshake.addon_version.as_deref()));
    findings.judge(CLOCK, is_in_time(handshake.now, now));
    findings.judge(API_KEY, lasts(handshake.server.api_key_expires, now));
    findings.judge(CONFIGURATIONS, has_configurations(handshake));
    findings.judge(HOOK_KEY, ids.and_then(|ids| shares_a_key(handshake.hook_key_id.as_deref(), &ids)));
}

fn is_paired(app: &App, handshake: &Handshake) -> Result<String, String> {
    let found = &handshake.server.database_uuid;
    match app.config.odoo.database_uuid.as_str() {
        "" => Ok(format!("{found}; none is demanded (odoo.database_uuid)")),
        paired if paired == found => Ok(format!("{found}, as paired")),
        _ => Err(OdooError::WrongDatabase { found: found.clone() }.to_string()),
    }
}

fn is_no_copy(handshake: &Handshake) -> Result<String, String> {
    if handshake.server.neutralized { Err(OdooError::Neutralized.to_string()) } else { Ok("it is none".to_owned()) }
}

/// Odoo puts its own two numbers before the addon's three.
fn fits(version: Option<&str>) -> Result<String, String> {
    let version = version.unwrap_or("unknown");
    let numbers: Vec<&str> = version.split('.').collect();
    if numbers.len() >= 3 && numbers[numbers.len() - 3] == ADDON_MAJOR {
        Ok(format!("{version}, which fits the worker's {VERSION}"))
    } else {
        Err(format!(
            "the addon has version {version}, but worker {VERSION} needs {ADDON_MAJOR}.x; upgrade the older one"
        ))
    }
}

fn is_in_time(odoo: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<String, String> {
    let odoo = odoo.ok_or("the addon does not tell its time; upgrade it")?;
    let difference = (odoo - now).abs();
    let seconds = difference.num_seconds();
    if difference <= MAX_CLOCK_DIFFERENCE {
        Ok(format!("{seconds} s between worker and Odoo"))
    } else {
        Err(format!("the clocks of worker and Odoo are {seconds} s apart; set both (hooks are refused at 300)"))
    }
}

fn lasts(ends: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<String, String> {
    let Some(ends) = ends else { return Ok("it has no end".to_owned()) };
    let date = ends.date_naive();
    if ends - now > KEY_WARNING {
        Ok(format!("it is good until {date}"))
    } else {
        Err(format!("it ends on {date}; press Renew Keys in Odoo (SICANTIK › Configuration) for new keys"))
    }
}

fn has_configurations(handshake: &Handshake) -> Result<String, String> {
    let described: Vec<String> = handshake
        .configs
        .iter()
        .map(|config| {
            let settings = &config.settings;
            let address = match settings.api_url.as_str() {
                "" => "no address".to_owned(),
                address => without_password(address),
            };
            format!("{} ({address}, {} calls a second)", settings.name, settings.rate_per_second)
        })
        .collect();
    if described.is_empty() {
        return Err("none is active; make one in Odoo (SICANTIK › Configuration)".to_owned());
    }
    let described = described.join("; ");
    if handshake.configs.iter().any(|config| config.settings.api_url.is_empty()) {
        return Err(format!(
            "{described}; without an address nothing is called: enter it in Odoo (SICANTIK › Configuration)"
        ));
    }
    Ok(described)
}

fn shares_a_key(odoo: Option<&str>, ours: &[String]) -> Result<String, String> {
    let remedy = "press Renew Keys in Odoo (SICANTIK › Configuration) and give the worker what it shows";
    match (odoo, ours) {
        (_, []) => Err(format!("the worker has none, so buttons work only at the next poll; {remedy}")),
        (None, _) => Err(format!("Odoo has none, so buttons work only at the next poll; {remedy}")),
        (Some(newest), [first, ..]) if newest == first => Ok(format!("{newest} is known to both")),
        (Some(newest), _) if ours.iter().any(|id| id == newest) => {
            Err(format!("Odoo's key {newest} is the worker's previous one (hook.previous_key); {remedy}"))
        }
        (Some(newest), _) => Err(format!("Odoo's key {newest} is not the worker's; {remedy}")),
    }
}
