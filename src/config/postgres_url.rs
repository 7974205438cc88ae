//! The address of a PostgreSQL: off this machine by verified TLS only, so that the password reaches nobody else.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// What may stand behind the `?`. Anything else is refused: some options would name another server than the host.
const OPTIONS: [&str; 7] = ["sslmode", "sslrootcert", "sslcert", "sslkey", "user", "host", "application_name"];

/// The one mode that looks at the certificate and at the name in it.
const VERIFIED: &str = "verify-full";

/// On this machine the server may do without TLS; certificates are looked at where the address asks for it.
const LOCAL_DEFAULT: &str = "prefer";

/// A PostgreSQL that may be connected to: on this machine, or by verified TLS. Holds a password.
#[derive(Debug, Clone)]
pub struct PostgresUrl {
    url: SecretString,
    shown: String,
    root_certificate: Option<PathBuf>,
}

impl PostgresUrl {
    /// Reads `postgres://USER:PASSWORD@HOST/DATABASE`; an error is what to do about it, without the secret.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let usage = || "give sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE".to_owned();
        let mut url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "postgres" | "postgresql"));
        let url = url.as_mut().ok_or_else(usage)?;
        for (name, _) in url.query_pairs() {
            if !OPTIONS.contains(&&*name) {
                return Err(format!("the option {name:?} is not known; there are {}", OPTIONS.join(", ")));
            }
        }
        let is_local = is_on_this_machine(url)?;
        match option(url, "sslmode")? {
            None => {
                // Written out, so that a variable of libpq (PGSSLMODE) changes nothing.
                url.query_pairs_mut().append_pair("sslmode", if is_local { LOCAL_DEFAULT } else { VERIFIED });
            }
            Some(mode) if is_local || mode == VERIFIED => {}
            Some(_) => {
                return Err("a PostgreSQL on another machine is reached by verified TLS only: give \
                            sslmode=verify-full, and sslrootcert=FILE for an authority of your own"
                    .to_owned());
            }
        }
        let root_certificate = option(url, "sslrootcert")?.map(PathBuf::from);
        Ok(Self { shown: shown(url), root_certificate, url: SecretString::from(url.as_str()) })
    }

    /// The whole address, `sslmode` included.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.url
    }

    /// The file with the authority that issued the server's certificate.
    #[must_use]
    pub fn root_certificate(&self) -> Option<&Path> {
        self.root_certificate.as_deref()
    }

    /// As [`secret`](Self::secret), parsed again.
    #[must_use]
    pub fn url(&self) -> Option<Url> {
        Url::parse(self.url.expose_secret()).ok()
    }

    /// Without user, password and options.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }
}

/// Whether the address names a socket or the loopback. A name other than `localhost` is taken for another machine,
/// whatever it resolves to today.
fn is_on_this_machine(url: &Url) -> Result<bool, String> {
    let socket = option(url, "host")?;
    if socket.as_deref().is_some_and(|path| !path.starts_with('/')) {
        return Err("the option host is for the folder of a socket (host=/run/postgresql); another machine's name \
                    stands before the database"
            .to_owned());
    }
    let host = url.host_str().unwrap_or_default();
    match (host.is_empty(), socket) {
        (true, None) => Err("name the host, or the folder of a socket (?host=/run/postgresql)".to_owned()),
        (false, Some(_)) => Err("name either a host or the folder of a socket".to_owned()),
        (true, Some(_)) => Ok(true),
        (false, None) => {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            let is_loopback = bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
            let is_socket = host.to_ascii_lowercase().starts_with("%2f");
            Ok(is_loopback || is_socket || host.eq_ignore_ascii_case("localhost"))
        }
    }
}

/// An option of the address, given once.
fn option(url: &Url, name: &str) -> Result<Option<String>, String> {
    let mut values = url.query_pairs().filter(|(key, _)| key == name);
    let value = values.next().map(|(_, value)| value.into_owned());
    match values.next() {
        Some(_) => Err(format!("the option {name} is given twice")),
        None => Ok(value),
    }
}

fn shown(url: &Url) -> String {
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    format!("postgres://{}{port}{}", url.host_str().unwrap_or_default(), url.path())
}
