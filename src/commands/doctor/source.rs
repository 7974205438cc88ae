//! From the worker to SICANTIK: one cheap question to each.

use std::time::Instant;

use crate::app::App;
use crate::net::Deadline;
use crate::odoo::{Configuration, Handshake};

use super::address::without_password;
use super::findings::Findings;

const ANSWERS: &str = "SICANTIK";
const CERTIFICATE: &str = "certificate";

/// In the order of looking.
pub(super) const CHECKS: [&str; 2] = [ANSWERS, CERTIFICATE];

/// The code of an error that is the certificate's.
const BAD_CERTIFICATE: &str = "certificate";

/// Asks the SICANTIK of each active configuration that has an address in Odoo: nothing is ordered for the others.
pub(super) async fn examine(app: &App, handshake: &Handshake, findings: &mut Findings) {
    let mut with_address = handshake.configs.iter().filter(|config| !config.settings.api_url.is_empty()).peekable();
    if with_address.peek().is_none() {
        findings.skip(CHECKS);
    }
    for config in with_address {
        ask(app, config, findings).await;
    }
}

async fn ask(app: &App, config: &Configuration, findings: &mut Findings) {
    let settings = &config.settings;
    let address = without_password(app.sources.address(settings));
    // One call more could be one too many in a second.
    if config.busy {
        findings.good(ANSWERS, format!("{address} is at work with a worker at this moment, so it is not asked"));
        findings.skip([CERTIFICATE]);
        return;
    }
    let begun = Instant::now();
    let answer = match app.sources.open(settings, Deadline::never()) {
        Ok(source) => source.type_count().await,
        Err(error) => Err(error),
    };
    let millis = begun.elapsed().as_millis();
    match answer {
        Ok(types) => {
            let types = types.map_or_else(String::new, |count| format!(", {count} permit types"));
            findings.good(ANSWERS, format!("{address} answers in {millis} ms{types}"));
            findings.good(CERTIFICATE, about_encryption(&address));
        }
        Err(error) if error.code() == BAD_CERTIFICATE => {
            findings.bad(ANSWERS, format!("{address} cannot be trusted"));
            findings.bad(CERTIFICATE, error.to_string());
        }
        Err(error) => {
            let remedy = "look at it in a browser, and at the API URL in Odoo (SICANTIK › Configuration)";
            findings.bad(ANSWERS, format!("{address}: {error}; {remedy}"));
            findings.skip([CERTIFICATE]);
        }
    }
}

fn about_encryption(address: &str) -> String {
    let is_encrypted = address.starts_with("https:");
    if is_encrypted { "it is trusted" } else { "none: the address is plain http" }.to_owned()
}
