//! Secrets, given inline or as a file.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::ConfigError;

/// The secret itself, or the first line of its file; `None` when neither is given.
pub(super) fn resolve(
    key: &'static str,
    inline: &SecretString,
    file: &Path,
) -> Result<Option<SecretString>, ConfigError> {
    if !inline.expose_secret().is_empty() {
        return Ok(Some(inline.clone()));
    }
    if file.as_os_str().is_empty() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(file).map_err(|error| ConfigError::Bad {
        key,
        value: file.display().to_string(),
        remedy: format!("the file cannot be read ({error}); correct its path or its rights"),
    })?;
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() {
        return Err(ConfigError::Bad {
            key,
            value: file.display().to_string(),
            remedy: "the file is empty; put the secret on its first line".to_owned(),
        });
    }
    Ok(Some(SecretString::from(line)))
}
