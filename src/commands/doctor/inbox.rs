//! Whether PDFs that are put into the inbox can be taken.

use crate::app::App;
use crate::config::InboxPlace;
use crate::inbox::Inbox;

use super::findings::Findings;

const INBOX: &str = "inbox";

/// In the order of looking.
pub(super) const CHECKS: [&str; 1] = [INBOX];

/// What is said of it: it is listed, and something small is put there and taken away again.
pub(super) async fn examine(app: &App, findings: &mut Findings) {
    findings.judge(INBOX, judge(app).await.map_err(|error| format!("{error:#}")));
}

async fn judge(app: &App) -> anyhow::Result<String> {
    let config = &app.config;
    let Some(place) = config.inbox.place(&config.files, &config.store.address()?)? else {
        return Ok("not looked at: no inbox is set (inbox.folder, inbox.s3_prefix)".to_owned());
    };
    Inbox::try_out(&place).await?;
    let name = match &place {
        InboxPlace::Folder(folder) => format!("the folder {}", folder.display()),
        InboxPlace::S3(bucket) => format!("{}/ in the bucket {}", bucket.prefix, bucket.bucket),
    };
    Ok(format!("{name} can be read, and what lies there be moved"))
}
