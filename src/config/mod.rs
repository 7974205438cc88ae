//! Configuration of the process: `config/default.toml` < `--config FILE` < `--env-file FILE` < environment. Read once.
//! What belongs to one SICANTIK (address, rate, ...) is a setting in Odoo and is read at each run.

mod address;
mod env_file;
mod files;
mod inbox;
mod internal;
mod keys;
mod listen;
mod names;
mod net;
mod odoo;
mod postgres_url;
mod public;
mod secret;
mod secrets;
mod sicantik;
mod signing;
mod store;
mod whatsapp;
mod worker;

use std::path::Path;

use config::{Environment, File, FileFormat};
use serde::Deserialize;

pub use env_file::EnvFile;
pub use files::{FilesConfig, FilesPlace, S3Place};
pub use inbox::{InboxConfig, InboxPlace};
pub use internal::{HookConfig, InternalConfig};
pub use net::{NetConfig, ProxyConfig};
pub use odoo::{OdooConfig, Protocol};
pub use postgres_url::PostgresUrl;
pub use public::PublicConfig;
pub use secrets::SecretsConfig;
pub use sicantik::SicantikConfig;
pub use signing::{BsreApi, BsrePlace, LocalSigning, SigningConfig, SigningProvider, TimePlace};
pub use store::{StoreAddress, StoreConfig};
pub use whatsapp::{Providers, WhatsappConfig};
pub use worker::{LogConfig, LogFormat, WorkerConfig};

const DEFAULTS: &str = include_str!("../../config/default.toml");

/// Everything that the process is told from outside.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The Odoo that is kept true.
    pub odoo: OdooConfig,
    /// Limits of reading SICANTIK.
    pub sicantik: SicantikConfig,
    /// The way to the outside.
    pub net: NetConfig,
    /// The secret shared with Odoo's buttons.
    pub hook: HookConfig,
    /// The internal listener.
    pub internal: InternalConfig,
    /// The public one.
    pub public: PublicConfig,
    /// The worker's own database.
    pub store: StoreConfig,
    /// What seals the secrets in it.
    pub secrets: SecretsConfig,
    /// Where documents are kept.
    pub files: FilesConfig,
    /// Where the office puts PDFs.
    pub inbox: InboxConfig,
    /// The services that sign for officials.
    pub signing: SigningConfig,
    /// The providers of WhatsApp.
    pub whatsapp: WhatsappConfig,
    /// The worker itself.
    pub worker: WorkerConfig,
    /// Logging.
    pub log: LogConfig,
}

/// A setting that cannot be used: says which, its value, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A file or the environment could not be read.
    #[error("the configuration cannot be read: {0}")]
    Unreadable(String),
    /// A name that is none.
    #[error("unknown setting `{key}`: did you mean `{nearest}`?")]
    Unknown {
        key: String,
        /// The nearest valid name.
        nearest: String,
    },
    /// A value that cannot be used.
    #[error("setting `{key}` = {value:?}: {remedy}")]
    Bad {
        key: &'static str,
        /// Its value; never a secret.
        value: String,
        remedy: String,
    },
    /// A value that is needed and not there.
    #[error("setting `{key}` is missing: {remedy}")]
    Missing { key: &'static str, remedy: String },
}

impl Config {
    /// Reads defaults, the file, and the process's variables that begin with `SICANTIK__`.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        Self::load_with(file, &EnvFile::default())
    }

    /// The same, with a file of variables below those of the process.
    pub fn load_with(file: Option<&Path>, env_file: &EnvFile) -> Result<Self, ConfigError> {
        let process =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let variables = env_file.over(process);
        Self::from_sources(file, Environment::with_prefix("SICANTIK").source(Some(variables)))
    }

    /// The same, but nothing is tried again: for a look that a person waits for.
    #[must_use]
    pub fn without_retries(mut self) -> Self {
        self.odoo.retry_seconds = 0;
        self.sicantik.retry_seconds = 0;
        self
    }

    fn from_sources(file: Option<&Path>, environment: Environment) -> Result<Self, ConfigError> {
        let unreadable = |error: config::ConfigError| ConfigError::Unreadable(without_quotations(&error.to_string()));
        let mut sources = config::Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(path) = file {
            sources = sources.add_source(File::from(path).format(FileFormat::Toml));
        }
        let sources = sources.add_source(environment.prefix_separator("__").separator("__"));
        let collected = sources.build().map_err(unreadable)?;
        keys::check(&collected)?;
        let config: Self = collected.try_deserialize().map_err(unreadable)?;
        config.odoo.check()?;
        config.net.check()?;
        config.hook.check()?;
        config.internal.check()?;
        config.public.check()?;
        let own = [
            config.secrets.master_key_file(&config.store.address()?)?,
            config.whatsapp.journal_file(&config.store.address()?),
        ];
        config.files.check(&config.store.address()?)?;
        config.inbox.check(&config.files, &config.store.address()?, &own)?;
        config.signing.check()?;
        config.whatsapp.check()?;
        config.worker.check()?;
        config.sicantik.check()?;
        Ok(config)
    }
}

/// A parser quotes the line at fault, in which a secret may stand.
fn without_quotations(text: &str) -> String {
    let kept: Vec<&str> = text.lines().filter(|line| !line.contains(" |")).map(str::trim).collect();
    kept.join("; ")
}

#[cfg(test)]
mod tests;
