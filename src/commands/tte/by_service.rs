//! Signatures by hand, of the provider of the settings: to try out an account and to find what only a real one can tell. What
//! is signed so belongs to no document of Odoo's.
#![expect(clippy::print_stdout, reason = "this is the answer to a command")]

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use bytes::Bytes;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::app;
use crate::config::{Config, SigningProvider};
use crate::signing::bsre::{Account, Verified};
use crate::signing::local::KeyRing;
use crate::signing::{NotTold, Outcome, Proof, Provider, Reason, Service, Signed, Signer, Words};

use super::super::{FAILED, OK, PARTIAL};
use super::keys;
use super::typed::Typed;

const NOBODY: &str = "there is nobody who signs: give the address of the eSign Client Service in signing.bsre_url, or \
                      make an authority of the office's own by `sicantik tte init`";

/// What the provider is asked.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Tells whether a signer's certificate can sign.
    Status(Who),
    /// Has a code sent to a signer, for one call with so many files.
    Totp {
        #[command(flatten)]
        who: Who,
        #[arg(long, default_value_t = 1)]
        files: usize,
    },
    /// Signs copies of files, in one call.
    Sign {
        #[command(flatten)]
        who: Who,
        /// What is typed is a code, not a passphrase.
        #[arg(long)]
        totp: bool,
        #[arg(long)]
        reason: Option<String>,
        #[arg(long)]
        location: Option<String>,
        /// An empty folder for what comes back.
        #[arg(long, value_name = "FOLDER")]
        into: PathBuf,
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Who {
    /// The signer's e-mail address. Without one a NIK is asked for: the command line is no place for it.
    #[arg(long, value_name = "EMAIL")]
    signer: Option<String>,
}

/// Does it, at the service of the settings; 0 = yes, 3 = nobody knows.
pub(super) async fn ask(config: &Config, action: &Action, as_json: bool) -> anyhow::Result<ExitCode> {
    let service = service(config).await?;
    let (told, code) = match action {
        Action::Status(who) => {
            let signer = who.signer(&mut Typed::read(&[who.question()]).await?)?;
            status(&service, &signer).await
        }
        Action::Totp { who, files } => {
            let signer = who.signer(&mut Typed::read(&[who.question()]).await?)?;
            match service.ask_totp(&signer, *files).await {
                Ok(()) => (json!({ "outcome": "asked" }), OK),
                Err(NotTold { reason }) => (of(&reason, "refused"), FAILED),
            }
        }
        Action::Sign { who, totp, reason, location, into, files } => {
            let secret = if *totp { "TOTP" } else { "Passphrase" };
            let mut typed = Typed::read(&[who.question(), Some(secret)]).await?;
            let signer = who.signer(&mut typed)?;
            let secret = typed.next().context("no passphrase was given")?;
            let proof = if *totp { Proof::Totp(secret) } else { Proof::Passphrase(secret) };
            let words = Words { reason: reason.clone(), location: location.clone() };
            sign(&service, &signer, &proof, &words, into, files).await?
        }
    };
    Ok(tell((told, code), as_json))
}

/// Asks BSrE's service, whoever signs.
pub(super) async fn second_opinion(config: &Config, file: &Path, as_json: bool) -> anyhow::Result<ExitCode> {
    let Some(account) = app::bsre(config)? else {
        bail!("there is no service to ask: give the address of the eSign Client Service in signing.bsre_url");
    };
    Ok(tell(verify(&account, file).await?, as_json))
}

/// Whom the settings name.
async fn service(config: &Config) -> anyhow::Result<Service> {
    if config.signing.provider()? == SigningProvider::Bsre {
        return Ok(Service::Bsre(Box::new(app::bsre(config)?.context("signing.bsre_url is empty")?)));
    }
    let vault = keys::vault(config).await.context(NOBODY)?;
    if KeyRing::new(vault.clone()).authority_certificate().await?.is_none() {
        bail!(NOBODY);
    }
    Ok(Service::Local(Box::new(app::local_signing(config, vault)?)))
}

fn tell((told, code): (Value, u8), as_json: bool) -> ExitCode {
    if as_json {
        println!("{told}");
    } else if let Value::Object(told) = told {
        told.iter().for_each(|(name, value)| println!("{name}: {value}"));
    }
    ExitCode::from(code)
}

impl Who {
    /// What has to be typed.
    fn question(&self) -> Option<&'static str> {
        self.signer.is_none().then_some("NIK")
    }

    fn signer(&self, typed: &mut Typed) -> anyhow::Result<Signer> {
        let Some(email) = &self.signer else {
            return Ok(Signer::parse(&typed.next().context("no NIK was given")?)?);
        };
        let signer = Signer::parse(&email.as_str().into())?;
        if !signer.is_email() {
            bail!("a NIK does not belong on the command line: leave --signer out, and type it when it is asked for");
        }
        Ok(signer)
    }
}

async fn status(service: &Service, signer: &Signer) -> (Value, u8) {
    match service.status(signer).await {
        Ok(standing) => {
            let can_sign = standing.certificate.can_sign();
            let told = json!({
                "certificate": standing.certificate.code(), "can_sign": can_sign, "detail": standing.detail,
            });
            (told, if can_sign { OK } else { FAILED })
        }
        Err(NotTold { reason }) => (of(&reason, "refused"), FAILED),
    }
}

async fn verify(account: &Account, file: &Path) -> anyhow::Result<(Value, u8)> {
    let file = read(file)?;
    Ok(match account.verify(file).await {
        Ok(Verified { conclusion, detail, count, signatures }) => {
            let told = |signature: &crate::signing::bsre::VerifiedSignature| {
                json!({
                    "signer": signature.signer, "signed_at": signature.signed_at, "is_intact": signature.is_intact,
                    "is_trusted": signature.is_trusted,
                })
            };
            let signatures: Vec<Value> = signatures.iter().map(told).collect();
            let told = json!({ "conclusion": conclusion, "detail": detail, "count": count, "signatures": signatures });
            (told, OK)
        }
        Err(NotTold { reason }) => (of(&reason, "refused"), FAILED),
    })
}

async fn sign(
    service: &Service,
    signer: &Signer,
    proof: &Proof,
    words: &Words,
    into: &Path,
    paths: &[PathBuf],
) -> anyhow::Result<(Value, u8)> {
    let targets = targets(into, paths)?;
    let files = paths.iter().map(|path| read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(match service.sign(signer, proof, words, &files).await {
        Outcome::Signed(came) => (told_each(came.into_iter().map(Ok), &targets, "signed")?, OK),
        Outcome::Mixed(came) => (told_each(came, &targets, "mixed")?, PARTIAL),
        Outcome::Refused(reason) => (of(&reason, "refused"), FAILED),
        Outcome::Unknown(reason) => (of(&reason, "unknown"), PARTIAL),
        Outcome::Away(reason) => (of(&reason, "away"), FAILED),
    })
}

/// Where each file goes. Known to be free before anything is signed.
fn targets(into: &Path, paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let is_empty = into.read_dir().with_context(|| into.display().to_string())?.next().is_none();
    if !is_empty {
        bail!("{} is not empty", into.display());
    }
    let named = paths.iter().map(|path| Ok(into.join(path.file_name().context("a file has no name")?)));
    let targets = named.collect::<anyhow::Result<Vec<PathBuf>>>()?;
    let twice = targets.iter().enumerate().any(|(number, target)| targets[..number].contains(target));
    if twice {
        bail!("two files have the same name");
    }
    Ok(targets)
}

fn told_each(
    came: impl IntoIterator<Item = Result<Signed, Reason>>,
    targets: &[PathBuf],
    outcome: &str,
) -> anyhow::Result<Value> {
    let mut files = Vec::new();
    for (came, target) in came.into_iter().zip(targets) {
        files.push(match came {
            Ok(signed) => {
                write(target, &signed).with_context(|| target.display().to_string())?;
                let bytes = signed.original().len() + signed.appended().len();
                let mut told = json!({ "file": target, "outcome": "signed", "bytes": bytes });
                if let Some(lacks) = signed.lacks() {
                    told["lacks"] = of(lacks, "signed");
                }
                told
            }
            Err(reason) => of(&reason, "unknown"),
        });
    }
    Ok(json!({ "outcome": outcome, "files": files }))
}

fn write(target: &Path, signed: &Signed) -> std::io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(target)?;
    file.write_all(signed.original())?;
    file.write_all(signed.appended())?;
    file.sync_all()
}

fn read(path: &Path) -> anyhow::Result<Bytes> {
    Ok(std::fs::read(path).with_context(|| path.display().to_string())?.into())
}

fn of(reason: &Reason, outcome: &str) -> Value {
    json!({ "outcome": outcome, "why": reason.why.code(), "code": reason.code, "detail": reason.detail })
}
