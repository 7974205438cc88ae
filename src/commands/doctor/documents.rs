//! Whether documents can be kept and read.

use crate::app::{App, look};
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
    let place = Place::open(&config.files.place(&address)?)?;
    if !store.has_objects(&config.odoo.database_uuid).await? && !place.is_ready().await? {
        return Ok(format!("none is kept yet; {place} is made ready when the first one comes"));
    }
    place.try_out().await?;
    Ok(format!("{place} takes and gives what is put there; nothing in it can be read without the master key"))
}
