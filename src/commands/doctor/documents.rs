//! Whether documents can be kept and read, how full their place is, and what it does for what was deleted.

use crate::app::{App, look};
use crate::files::{Place, Room, Safety};

use super::findings::Findings;

const DOCUMENTS: &str = "documents";

const MIB: u64 = 1024 * 1024;

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
    let room = place.room().await;
    if let Some(room) = room.filter(|room| room.is_short()) {
        anyhow::bail!("{place} is nearly full: {}; make room, or give it a larger disk", told(room));
    }
    let further = if place.is_bucket() {
        safety(place.safety().await)
    } else {
        room.map_or_else(|| "how full its disk is, is not told".to_owned(), told)
    };
    Ok(format!(
        "{place} takes and gives what is put there; nothing in it can be read without the master key; {further}"
    ))
}

fn told(Room { free, total }: Room) -> String {
    let percent = free.saturating_mul(100) / total.max(1);
    format!("{} of {} MiB are free ({percent} %)", free / MIB, total / MIB)
}

/// What is off is no fault of the worker's, and worth a thought.
fn safety(Safety { versioning, object_lock }: Safety) -> String {
    let versioning = match versioning {
        Some(true) => "bucket versioning is on",
        Some(false) => {
            "bucket versioning is off: switch it on at its server, so that what somebody deletes there can be had back"
        }
        None => "whether bucket versioning is on, its server does not tell (s3:GetBucketVersioning)",
    };
    let object_lock = match object_lock {
        Some(true) => "object lock is on",
        Some(false) => {
            "object lock is off: a new bucket may have it, so that nobody deletes documents before their time"
        }
        None => "whether object lock is on, its server does not tell (s3:GetBucketObjectLockConfiguration)",
    };
    format!("{versioning}; {object_lock}")
}
