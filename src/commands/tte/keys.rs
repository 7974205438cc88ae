//! The authority of the office's own, and the certificates of its officials.
#![expect(clippy::print_stdout, reason = "this is the answer to a command")]

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;
use secrecy::ExposeSecret;
use url::Url;

use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::secrets::Vault;
use crate::signing::Signer;
use crate::signing::local::{Holder, KeyRing, KeyRingError, LEAST_PASSPHRASE, pem};
use crate::store::Store;

use super::super::OK;
use super::typed::Typed;

/// What is done with the keys.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Makes the authority of the office's own, once, and writes its certificate for whoever is to trust it.
    Init {
        /// How the authority is called.
        #[arg(long)]
        name: String,
        /// The office, as it stands in every certificate.
        #[arg(long)]
        organization: String,
        /// Where its certificate (PEM) goes.
        #[arg(long, value_name = "FILE")]
        certificate: PathBuf,
    },
    /// Makes a key and a certificate for an official. The passphrase is typed twice, or piped in as two lines: the
    /// official's own, which nobody else knows.
    Issue {
        #[arg(long)]
        email: String,
        /// As it stands in signatures.
        #[arg(long)]
        name: String,
        /// The official's office, such as "Kepala Dinas".
        #[arg(long)]
        title: String,
        /// In place of a certificate that still holds; what it has signed stays good.
        #[arg(long)]
        renew: bool,
    },
    /// Ends an official's certificate before its time. The list has to be written and published anew.
    End {
        #[arg(long)]
        email: String,
    },
    /// Writes the list (DER) of the certificates that were ended. It holds for a week.
    List { file: PathBuf },
}

/// Does it.
pub(super) async fn keep(config: &Config, action: &Action) -> anyhow::Result<ExitCode> {
    let keys = KeyRing::new(vault(config).await?);
    let now = SystemClock.now();
    match action {
        Action::Init { name, organization, certificate } => {
            if [name, organization].iter().any(|text| text.trim().is_empty()) {
                bail!("give the authority a name, and the office's");
            }
            let made = match keys.make_authority(name.trim(), organization.trim(), now).await {
                // Whoever has lost the file gets it again.
                Err(KeyRingError::HasAuthority) => {
                    let present = keys.authority_certificate().await?.context("the authority is gone")?;
                    write(certificate, pem(&present)?.as_bytes())?;
                    let path = certificate.display();
                    bail!("there is an authority already, and it is made once; its certificate is in {path}");
                }
                made => made?,
            };
            write(certificate, pem(&made)?.as_bytes())?;
            println!("the authority is made; whoever is to trust it needs {}", certificate.display());
        }
        Action::Issue { email, name, title, renew } => {
            let signer = signer(email)?;
            if name.trim().is_empty() {
                bail!("give the official's name");
            }
            let mut typed = Typed::read(&[Some("Passphrase"), Some("Passphrase again")]).await?;
            let (first, second) = (typed.next(), typed.next());
            let passphrase = first.with_context(|| format!("type {LEAST_PASSPHRASE} characters, twice"))?;
            if second.is_none_or(|second| second.expose_secret() != passphrase.expose_secret()) {
                bail!("the two passphrases differ");
            }
            let lists: Vec<String> = config.signing.local()?.revocation_list.iter().map(Url::to_string).collect();
            let holder = Holder { name: name.trim().to_owned(), title: title.trim().to_owned() };
            keys.issue(&signer, &holder, &passphrase, &lists, *renew, now).await?;
            println!("{name} can sign; nobody can sign with this key when the passphrase is forgotten");
        }
        Action::End { email } => {
            keys.end(&signer(email)?, now).await?;
            println!("the certificate is ended; write and publish the list now: sicantik tte list FILE");
        }
        Action::List { file } => {
            write(file, &keys.revocation_list(now).await?)?;
            println!("the list is in {}; it holds for a week", file.display());
        }
    }
    Ok(ExitCode::from(OK))
}

/// Where the keys are: in the store of the service.
pub(super) async fn vault(config: &Config) -> anyhow::Result<Vault> {
    let place = config.store.address()?;
    let file = config.secrets.master_key_file(&place)?;
    let database_uuid = config.odoo.database_uuid.as_str();
    if database_uuid.is_empty() {
        let remedy = "keys belong to a database of Odoo: put the line that Connect Worker shows into the settings";
        return Err(ConfigError::Missing { key: "odoo.database_uuid", remedy: remedy.to_owned() }.into());
    }
    let vault = match Store::look(&place).await {
        Some(store) => Vault::look(store, file, database_uuid).await?,
        None => None,
    };
    vault.with_context(|| {
        format!(
            "{place} has no master key for the keys of signers: start `sicantik serve` once with these settings; where the \
             service has another folder, call this from there"
        )
    })
}

fn signer(email: &str) -> anyhow::Result<Signer> {
    let signer = Signer::parse(&email.into())?;
    if !signer.is_email() {
        bail!("{}", KeyRingError::NeedsEmail);
    }
    Ok(signer)
}

/// Beside it first: whoever publishes the file never has half of it.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let unwritable = || format!("{} cannot be written", path.display());
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&new).with_context(unwritable)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(unwritable)?;
    std::fs::rename(&new, path).with_context(unwritable)
}
