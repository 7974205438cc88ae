//! Finds out how a SICANTIK answers, with at most eight calls, and says it in words for an officer.

use std::collections::BTreeMap;

use tokio::time::Instant;

use crate::domain::{ListRow, Message, RunKind};
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
        Some(count) => {
            Message::with("type_count", format!("SICANTIK counts {count} permit types."), [("count", &count)])
        }
        None => Message::plain("type_count_unknown", "SICANTIK does not say how many permit types it has."),
    });
    findings.push(said_of_pages(run).await);
    findings.push(said_of_details(run, &page.rows).await);
    findings.extend(run.source.habits());
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

fn said_of_list(page: &Page, millis: u64) -> Vec<Message> {
    let format = page.format.to_uppercase();
    let message = format!("The list of issued permits answers in {format}, {millis} ms for a short page.");
    let answers = Message::with("list_answers", message, [("format", &format), ("ms", &millis)]);
    let expiry = if page.has_expiry_column() {
        Message::plain("list_has_expiry", "The list carries expiry dates: no detail calls are needed.")
    } else {
        Message::plain("list_lacks_expiry", "The list carries no expiry dates: they are asked permit by permit.")
    };
    vec![answers, expiry]
}

/// A page that comes short, with rows behind it, was cut. A failure here is a finding, not the end.
async fn said_of_pages(run: &Run) -> Message {
    let cut = async {
        let received = run.source.issued_page(0, LARGER_PAGE).await?.received;
        let behind = if received < LARGER_PAGE { run.source.issued_page(received, 1).await?.received } else { 0 };
        Ok::<_, SicantikError>((received, behind > 0))
    };
    let of_rows = |code, rows: usize, message: String| Message::with(code, message, [("rows", &rows)]);
    match cut.await {
        Ok((received, true)) => {
            let message =
                format!("The server cuts pages at {received} rows: a full pass over the list takes many calls.");
            of_rows("pages_cut", received, message)
        }
        Ok((received, false)) if received < LARGER_PAGE => {
            of_rows("list_rows", received, format!("The whole list has {received} rows."))
        }
        Ok(_) => of_rows("pages_whole", LARGER_PAGE, format!("Pages of {LARGER_PAGE} rows come whole.")),
        Err(error) => {
            let message = format!("A page of {LARGER_PAGE} rows could not be read: {error}.");
            Message::with("page_fails", message, [("rows", &LARGER_PAGE), ("reason", &error)])
        }
    }
}

/// Asks for the newest permit that has a number.
async fn said_of_details(run: &Run, rows: &[ListRow]) -> Message {
    let Some((row, number)) = rows.iter().find_map(|row| Some((row, row.number.as_ref()?))) else {
        let message = "None of the newest permits has a number, so no detail could be asked for.";
        return Message::plain("detail_not_asked", message);
    };
    let begun = Instant::now();
    let answer = run.source.detail(&row.registration, number).await;
    let millis = millis_since(begun);
    let (code, how) = match answer {
        Ok(DetailAnswer::Found(detail)) if detail.expiry_date.is_some() => ("detail_dated", "with an expiry date"),
        Ok(DetailAnswer::Found(_)) => ("detail_undated", "without an expiry date"),
        Ok(DetailAnswer::NoData) => ("detail_no_data", "without data: normal for permits of individuals"),
        Err(error) => {
            let message = format!("The detail of a permit cannot be read: {error}.");
            return Message::with("detail_fails", message, [("reason", &error)]);
        }
    };
    let message = format!("The detail of a permit answers in {millis} ms, {how}.");
    Message::with(code, message, [("ms", &millis)])
}

/// A sentence for each kind of value that could not be taken as it is.
fn said_of_oddities(page: &Page) -> Vec<Message> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for row in &page.rows {
        let nameless = row.applicant.is_none().then_some("applicant_missing");
        for code in row.flags.codes().chain(nameless) {
            *counts.entry(code).or_default() += 1;
        }
    }
    for row in &page.refused {
        *counts.entry(&row.issue.code).or_default() += 1;
    }
    if page.named_by_numbers > 0 {
        counts.insert("numbers_for_texts", page.named_by_numbers);
    }
    let rows = page.received;
    let said_of = |(kind, count): (&str, usize)| {
        let message = format!("Newest {rows} rows, {}: {count}.", kind.replace('_', " "));
        Message::with("odd_values", message, [("rows", &rows), ("count", &count), ("kind", &kind)])
    };
    counts.into_iter().map(said_of).collect()
}

fn millis_since(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
