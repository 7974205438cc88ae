//! Addresses in settings. One that holds a user or password is refused and never shown: addresses are printed.

use url::Url;

use super::ConfigError;

/// What is shown instead of an address that may hold a password.
const HIDDEN: &str = "(hidden: it holds a user or password)";

/// An address of http or https, without a path. `example` says what one looks like, `secrets` where user and
/// password belong.
pub(super) fn parse(key: &'static str, text: &str, example: &str, secrets: &str) -> Result<Url, ConfigError> {
    check_secrets(key, text, secrets)?;
    let bad = |remedy: &str| ConfigError::Bad { key, value: text.to_owned(), remedy: remedy.to_owned() };
    let url = Url::parse(text).map_err(|_| bad(example))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(bad("it must begin with http:// or https:// and name a host"));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(bad("give the address without a path"));
    }
    Ok(url)
}

/// The same where secrets go: of https, or on this machine. `plain` says what to do about another one.
pub(super) fn parse_encrypted(
    key: &'static str,
    text: &str,
    example: &str,
    secrets: &str,
    plain: &str,
) -> Result<Url, ConfigError> {
    let url = parse(key, text, example, secrets)?;
    let is_own = url.host_str().is_some_and(|host| matches!(host, "127.0.0.1" | "localhost" | "[::1]"));
    if url.scheme() == "https" || is_own {
        return Ok(url);
    }
    Err(ConfigError::Bad { key, value: text.to_owned(), remedy: plain.to_owned() })
}

/// Wherever a user may stand, an `@` follows, also in an address that is none.
pub(super) fn check_secrets(key: &'static str, text: &str, secrets: &str) -> Result<(), ConfigError> {
    if text.contains('@') {
        return Err(ConfigError::Bad { key, value: HIDDEN.to_owned(), remedy: secrets.to_owned() });
    }
    Ok(())
}
