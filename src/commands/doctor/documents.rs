//! Whether documents can be kept and read.

use crate::app::{App, look};
use crate::config::FilesPlace;
use crate::files::Place;

use super::findings::Findings;

const DOCUMENTS: &str = "documents";

/// In the order of looking.
pub(super) const CHECKS: [&str; 1] = [DOCUMENTS];

/// What is said of their place: something small is put there, read and taken away again.
pub(super) async fn examine(app: &App, findings: &mut Findings) {
    findings.judge(DOCUMENTS, judge(app).await.map_err(|error| format!("{error:#}")));
}

async fn judge(app: &App) -> anyhow::Result<String> {
    let config = &app.config;
    let address = config.store.address()?;
    let Some(store) = look(config).await else { return Ok(format!("not looked at: {address} is no store")) };
    let (setting, has_objects) = (config.files.place(&address)?, store.has_objects(&config.odoo.database_uuid).await?);
    if let FilesPlace::Folder(folder) = &setting
        && !has_objects
        && !folder.exists()
    {
        return Ok(format!("none is kept yet; the folder {} is made when the first one comes", folder.display()));
    }
    let place = Place::open(&setting, has_objects)?;
    place.try_out().await?;
    Ok(format!("{place} takes and gives what is put there; nothing in it can be read without the master key"))
}
