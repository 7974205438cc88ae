//! Addresses that come from Odoo are typed by people, who may put a password into them.

use url::Url;

/// What is shown of an address that cannot be read, and may hold anything.
const UNREADABLE: &str = "(an address that cannot be read)";

/// The address as it may be shown.
pub(super) fn without_password(address: &str) -> String {
    if !address.contains('@') {
        return address.to_owned();
    }
    let Ok(mut url) = Url::parse(address) else { return UNREADABLE.to_owned() };
    let is_bare = url.username().is_empty() && url.password().is_none();
    let is_removed = url.set_username("").is_ok() && url.set_password(None).is_ok();
    // What is left may be text behind an @ in a path; only an address that had none in its authority may keep it.
    match (is_bare, is_removed && url.has_host()) {
        (true, true) => address.to_owned(),
        (false, true) => url.to_string(),
        _ => UNREADABLE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for address in [
            "https://petugas:sandi@perizinan.example/api",
            "https://sandi@perizinan.example",
            "petugas:sandi@perizinan.example",
            "//petugas:sandi@perizinan.example",
            "https://petugas:sandi@",
        ] {
            assert!(!without_password(address).contains("sandi"), "{}", without_password(address));
        }
        for address in ["https://perizinan.example/api", "", "perizinan.example", "https://perizinan.example/a@b"] {
            assert_eq!(without_password(address), address);
        }
    }
}
