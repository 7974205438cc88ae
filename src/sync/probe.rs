//! Finds out how a SICANTIK answers, with few small calls.

use tokio::time::Instant;

use crate::domain::RunKind;
use crate::odoo::Probe;
use crate::sicantik::{Page, SicantikError};

use super::Run;

/// Rows that the probe looks at.
const SAMPLE_ROWS: usize = 10;

/// Asks for the count of types and a few permits; tells what was found, in words.
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
    let latency_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let page = run.source.issued_page(0, SAMPLE_ROWS).await?;
    Ok(Probe {
        ok: true,
        latency_ms,
        format: page.format.to_owned(),
        permit_types,
        columns: page.columns.clone(),
        has_expiry_column: page.has_expiry_column(),
        findings: findings(&page, permit_types),
        error_code: None,
        error_message: None,
    })
}

fn findings(page: &Page, permit_types: Option<u64>) -> Vec<String> {
    let mut findings = vec![format!("The list of issued permits answers in {}.", page.format.to_uppercase())];
    findings.push(if page.has_expiry_column() {
        "The list carries expiry dates: no detail calls are needed.".to_owned()
    } else {
        "The list carries no expiry dates: they are asked permit by permit.".to_owned()
    });
    findings.push(match permit_types {
        Some(count) => format!("SICANTIK counts {count} permit types."),
        None => "SICANTIK does not say how many permit types it has.".to_owned(),
    });
    let odd =
        page.rows.iter().filter(|row| !row.notes.is_empty() || row.applicant.is_none()).count() + page.refused.len();
    if odd > 0 {
        findings
            .push(format!("{odd} of the newest {} rows have values that cannot be taken as they are.", page.received));
    }
    findings
}
