//! Further authorities that an administrator trusts: those of an office's own certificates.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// The certificates in a file of PEM; none without a file. `setting` names it to people.
pub fn authorities(file: Option<&Path>, setting: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let Some(path) = file else { return Ok(Vec::new()) };
    let unusable = |reason: &str| format!("the file of {setting} ({}) {reason}", path.display());
    let pem = std::fs::read(path).map_err(|error| unusable(&format!("cannot be read: {error}")))?;
    match CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>() {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(unusable("holds no certificate in PEM")),
    }
}
