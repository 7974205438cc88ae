//! What messages to people need: keys of their accounts, a way in for what providers tell, a version that Meta answers.

use chrono::{NaiveDate, TimeDelta};

use crate::app::{App, look};
use crate::domain::MessageAccount;
use crate::secrets::Vault;
use crate::whatsapp::{Judge, meta};

use super::findings::Findings;

const MESSAGES: &str = "messages";

/// In the order of looking.
pub(super) const CHECKS: [&str; 1] = [MESSAGES];

/// So long before a version of the Graph API ends somebody has to act.
const AHEAD: TimeDelta = TimeDelta::days(90);

/// What is said of them; no provider is asked.
pub(super) async fn examine(app: &App, findings: &mut Findings) {
    match judge(app).await {
        Ok(verdict) => findings.judge(MESSAGES, verdict),
        Err(error) => findings.bad(MESSAGES, format!("{error:#}")),
    }
}

async fn judge(app: &App) -> anyhow::Result<Result<String, String>> {
    let config = &app.config;
    let place = config.store.address()?;
    let Some(store) = look(config).await else { return Ok(Ok(format!("not looked at: {place} is no store"))) };
    let kept = store.message_accounts(&config.odoo.database_uuid).await?;
    let accounts: Vec<MessageAccount> = kept.into_iter().map(|kept| kept.settings).collect();
    if let Some(journal) = app.journal_ahead_of(&store).await? {
        let journal = journal.display();
        return Ok(Err(format!(
            "an older database came back: {journal} knows of WhatsApp messages that the database has not sent. Start this \
             worker before any other that shares the database"
        )));
    }
    if accounts.is_empty() {
        return Ok(Ok("Odoo has told of no WhatsApp account".to_owned()));
    }
    let file = config.secrets.master_key_file(&place)?;
    let names: Vec<String> = match Vault::look(store, file, &config.odoo.database_uuid).await? {
        Some(vault) => vault.list().await?.into_iter().map(|secret| secret.name).collect(),
        None => Vec::new(),
    };
    let version = config.whatsapp.meta_version.as_str();
    let today = app.clock.now().date_naive();
    let wrong = missing_key(&accounts, &names)
        .or_else(|| accounts.iter().any(|account| account.provider == meta::NAME).then(|| ends(version, today))?)
        .or_else(|| {
            no_way_in(&accounts, config.public.address().ok()?.is_some(), config.public.listen().ok()?.is_some())
        });
    let count = accounts.len();
    let told = match meta::end_of(version) {
        Some(end) => format!("{count} WhatsApp accounts have their keys; Meta answers {version} until {end}"),
        None => format!("{count} WhatsApp accounts have their keys"),
    };
    Ok(wrong.map_or(Ok(told), Err))
}

fn missing_key(accounts: &[MessageAccount], names: &[String]) -> Option<String> {
    let mut wanted =
        accounts.iter().flat_map(|account| ["token", "app_secret"].map(|which| account.secret_name(which)));
    let missing = wanted.find(|name| !names.contains(name))?;
    Some(format!(
        "a key of a WhatsApp account is missing: press Enter Keys in Odoo, or run `sicantik secret set {missing}`"
    ))
}

fn ends(version: &str, today: NaiveDate) -> Option<String> {
    let end = meta::end_of(version)?;
    if end.checked_sub_signed(AHEAD).is_some_and(|from| today < from) {
        return None;
    }
    let when = if end > today { format!("after {end} no more") } else { "no more".to_owned() };
    Some(format!("Meta answers whatsapp.meta_version = {version} {when}: take the setting out, or set a newer version"))
}

fn no_way_in(accounts: &[MessageAccount], has_address: bool, listens: bool) -> Option<String> {
    if !listens {
        return Some(
            "public.listen is not set: messages go out, and nobody hears what became of them, nor who writes STOP"
                .to_owned(),
        );
    }
    let needs = |account: &MessageAccount| Judge::of(&account.provider).is_some_and(|judge| judge.needs_address);
    let account = accounts.iter().find(|account| needs(account)).filter(|_| !has_address)?;
    Some(format!(
        "{} signs the address of its webhooks: set public.address to how the internet reaches the public listener",
        account.provider
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_ends_soon_is_told() {
        let day = |text: &str| text.parse().expect("a day");
        assert_eq!(ends("v26.0", day("2026-11-29")), None);
        assert_eq!(ends("v22.0", day("2027-02-18")), None);
        let told = ends("v22.0", day("2027-02-19")).expect("told");
        assert!(told.contains("after 2027-05-20 no more") && told.contains("whatsapp.meta_version"), "{told}");
        for (version, today) in [("v22.0", "2027-05-20"), ("v19.0", "2026-11-29")] {
            assert!(ends(version, day(today)).expect("told").contains(" no more:"), "{version}");
        }
    }
}
