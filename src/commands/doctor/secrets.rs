//! The master key, and whether it opens what is in the store.

use crate::app::{App, look};
use crate::secrets::Vault;

use super::findings::Findings;

const MASTER_KEY: &str = "master key";

/// In the order of looking.
pub(super) const CHECKS: [&str; 1] = [MASTER_KEY];

/// What is said of it; nothing is made here.
pub(super) async fn examine(app: &App, findings: &mut Findings) {
    findings.judge(MASTER_KEY, judge(app).await.map_err(|error| format!("{error:#}")));
}

async fn judge(app: &App) -> anyhow::Result<String> {
    let place = app.config.store.address()?;
    let file = app.config.secrets.master_key_file(&place)?;
    let Some(store) = look(&app.config).await else {
        return Ok(format!(
            "not looked at: {place} is no store of this version; where the service has another folder, look from there"
        ));
    };
    let vault = Vault::look(store, file.clone(), &app.config.odoo.database_uuid).await?;
    let Some(vault) = vault else { return Ok("`sicantik serve` makes it at its next start".to_owned()) };
    let (key, kept) = (vault.key().await?, vault.list().await?);
    for secret in &kept {
        vault.get(&secret.name).await?;
    }
    Ok(format!(
        "{} in {} opens every secret of this database ({}); keep a copy apart from the store",
        key.fingerprint(),
        file.display(),
        kept.len()
    ))
}
