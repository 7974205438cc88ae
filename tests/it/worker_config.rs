//! The configuration of a worker that is paired with an Odoo, as a file gives it.

use std::collections::BTreeMap;
use std::io::Write;

use sicantik_companion::config::Config;

use crate::fake_odoo::{API_KEY, DATABASE, DATABASE_UUID, FakeOdoo, LOGIN};
use crate::listener::KEY;

/// `lines` are further settings in TOML, `section.key = value` each; they win.
pub fn config(odoo: &FakeOdoo, lines: &str) -> Config {
    let usual = format!(
        "odoo.url = {:?}\nodoo.database = {DATABASE:?}\nodoo.database_uuid = {DATABASE_UUID:?}\n\
         odoo.login = {LOGIN:?}\nodoo.api_key = {API_KEY:?}\nodoo.retry_seconds = 1\nhook.key = {KEY:?}\n\
         worker.name = \"kantor\"\nsicantik.allowed_hosts = [\"127.0.0.1\"]",
        odoo.url()
    );
    let settings: BTreeMap<&str, &str> =
        usual.lines().chain(lines.lines()).filter_map(|line| line.split_once(" = ")).collect();
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().expect("a file");
    for (name, value) in settings {
        writeln!(file, "{name} = {value}").expect("written");
    }
    Config::load(Some(file.path())).expect("a configuration")
}
