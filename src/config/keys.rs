//! Refuses settings that nobody reads, which are misspelt ones.

use config::{Config, ValueKind};

use super::ConfigError;

/// What a setting was once called; similar letters would lead elsewhere.
const RENAMED: [(&str, &str); 1] = [("http.listen", "internal.listen")];

/// The defaults name every setting there is.
pub(super) fn check(collected: &Config) -> Result<(), ConfigError> {
    let known = known_keys();
    for key in keys_of(collected) {
        if !known.contains(&key) {
            let renamed = RENAMED.iter().find(|(old, _)| *old == key).map(|(_, new)| (*new).to_owned());
            let nearest = renamed
                .or_else(|| known.iter().max_by(|a, b| similarity(&key, a).total_cmp(&similarity(&key, b))).cloned());
            let nearest = nearest.unwrap_or_default();
            return Err(ConfigError::Unknown { key, nearest });
        }
    }
    Ok(())
}

/// `section.key` of every setting there is.
pub(super) fn known_keys() -> Vec<String> {
    let defaults = config::File::from_str(super::DEFAULTS, config::FileFormat::Toml);
    Config::builder().add_source(defaults).build().map(|defaults| keys_of(&defaults)).unwrap_or_default()
}

/// `section.key` of everything that was given, and the bare name of what stands outside a section.
fn keys_of(collected: &Config) -> Vec<String> {
    let ValueKind::Table(sections) = &collected.cache.kind else { return Vec::new() };
    let mut keys = Vec::new();
    for (section, value) in sections {
        match &value.kind {
            ValueKind::Table(entries) => keys.extend(entries.keys().map(|key| format!("{section}.{key}"))),
            _ => keys.push(section.clone()),
        }
    }
    keys.sort();
    keys
}

fn similarity(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
}
