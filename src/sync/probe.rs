//! Finds out how a SICANTIK answers, with at most eight calls, and says it in words for an officer.

use std::collections::BTreeMap;

use tokio::time::Instant;

use crate::domain::{ListRow, RunKind};
use crate::odoo::Probe;
use crate::sicantik::{DetailAnswer, Page, SicantikError};

use super::Run;

/// Rows that the probe looks at.
const SAMPLE_ROWS: usize = 10;

/// A page that shows whether the server cuts pages: more than any sensible limit of a web page, and still
/// small for the server.
const LARGER_PAGE: usize = 500;

/// Asks for the count of types, a few permits, a larger page and one detail; tells what was found.
pub async fn probe(run: &Run) -> Probe {
    run.progress.stage(RunKind::Probe);
    let result = look(run).await;
    run.count_calls();
    result.unwrap_or_else(|error| Probe {
        error_code: Some(error.code()),
        error_message: Some(error.to_string()),
        ..Probe::default()
    })
}

async fn look(run: &Run) -> Result<Probe, SicantikError> {
    let begun = Instant::now();
    let permit_types = run.source.type_count().await?;
    let latency_ms = millis_since(begun);
    let begun = Instant::now();
    let page = run.source.issued_page(0, SAMPLE_ROWS).await?;
    let mut findings = said_of_list(&page, millis_since(begun));
    findings.push(match permit_types {
        Some(count) => format!("SICANTIK counts {count} permit types."),
        None => "SICANTIK does not say how many permit types it has.".to_owned(),
    });
    findings.push(said_of_pages(run).await);
    findings.push(said_of_details(run, &page.rows).await);
    findings.extend(run.source.habits().into_iter().map(str::to_owned));
    findings.extend(said_of_oddities(&page));
    Ok(Probe {
        ok: true,
        latency_ms,
        format: page.format.to_owned(),
        permit_types,
        has_expiry_column: page.has_expiry_column(),
        columns: page.columns,
        findings,
        error_code: None,
        error_message: None,
    })
}

fn said_of_list(page: &Page, millis: u64) -> Vec<String> {
    let format = page.format.to_uppercase();
    let expiry = if page.has_expiry_column() {
        "The list carries expiry dates: no detail calls are needed."
    } else {
        "The list carries no expiry dates: they are asked permit by permit."
    };
    vec![format!("The list of issued permits answers in {format}, {millis} ms for a short page."), expiry.to_owned()]
}

/// A page that comes short, with rows behind it, was cut. A failure here is a finding, not the end.
async fn said_of_pages(run: &Run) -> String {
    let cut = async {
        let received = run.source.issued_page(0, LARGER_PAGE).await?.received;
        let behind = if received < LARGER_PAGE { run.source.issued_page(received, 1).await?.received } else { 0 };
        Ok::<_, SicantikError>((received, behind > 0))
    };
    match cut.await {
        Ok((received, true)) => {
            format!("The server cuts pages at {received} rows: a full pass over the list takes many calls.")
        }
        Ok((received, false)) if received < LARGER_PAGE => format!("The whole list has {received} rows."),
        Ok(_) => format!("Pages of {LARGER_PAGE} rows come whole."),
        Err(error) => format!("A page of {LARGER_PAGE} rows could not be read: {error}."),
    }
}

/// Asks for the newest permit that has a number.
async fn said_of_details(run: &Run, rows: &[ListRow]) -> String {
    let Some((row, number)) = rows.iter().find_map(|row| Some((row, row.number.as_ref()?))) else {
        return "None of the newest permits has a number, so no detail could be asked for.".to_owned();
    };
    let begun = Instant::now();
    let answer = run.source.detail(&row.registration, number).await;
    let millis = millis_since(begun);
    match answer {
        Ok(DetailAnswer::Found(detail)) => {
            let date = if detail.expiry_date.is_some() { "with" } else { "without" };
            format!("The detail of a permit answers in {millis} ms, {date} an expiry date.")
        }
        Ok(DetailAnswer::NoData) => {
            format!("The detail of a permit answers in {millis} ms, without data: normal for permits of individuals.")
        }
        Err(error) => format!("The detail of a permit cannot be read: {error}."),
    }
}

fn said_of_oddities(page: &Page) -> Option<String> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for row in &page.rows {
        let nameless = row.applicant.is_none().then_some("applicant_missing");
        for code in row.notes.codes().chain(nameless) {
            *counts.entry(code).or_default() += 1;
        }
    }
    for issue in &page.refused {
        *counts.entry(&issue.code).or_default() += 1;
    }
    let said: Vec<String> = counts.iter().map(|(code, count)| format!("{} {count}", code.replace('_', " "))).collect();
    let rows = page.received;
    (!said.is_empty()).then(|| format!("Odd values in the newest {rows} rows: {}.", said.join(", ")))
}

fn millis_since(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
