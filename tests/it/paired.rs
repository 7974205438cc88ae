//! The configuration of a worker that is paired with an Odoo, as a file gives it.

use std::io::Write;

use sicantik_companion::config::Config;

use crate::fake_odoo::{API_KEY, DATABASE, DATABASE_UUID, FakeOdoo, LOGIN};
use crate::listener::KEY;

/// `lines` are further settings, in TOML.
pub fn config(odoo: &FakeOdoo, lines: &str) -> Config {
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().expect("a file");
    let url = odoo.url();
    write!(
        file,
        "odoo.url = {url:?}\nodoo.database = {DATABASE:?}\nodoo.database_uuid = {DATABASE_UUID:?}\n\
         odoo.login = {LOGIN:?}\nodoo.api_key = {API_KEY:?}\nodoo.retry_seconds = 1\nhook.key = {KEY:?}\n\
         worker.name = \"kantor\"\n{lines}"
    )
    .expect("written");
    Config::load(Some(file.path())).expect("a configuration")
}
