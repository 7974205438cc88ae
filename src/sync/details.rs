//! Details, one call a permit: the expiry date above all. What is due stands in Odoo, so that an
//! interrupted run goes on by itself.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, mpsc};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::domain::{DetailResult, DuePermit, Issue, MessageArgs, RunKind};
use crate::odoo::{Due, RefusedRow, UnnamedPermit};
use crate::sicantik::{DetailAnswer, SicantikError};

use super::{Run, StopReason, SyncError};

/// Permits fetched from Odoo at once, and kept ahead of the calls.
const DUE_PAGE: usize = 100;

/// Results brought to Odoo at once; so many calls at most are made again after a kill.
const APPLY_BATCH: usize = 50;

/// A result waits no longer than this, so that people see the dates come in.
const APPLY_AFTER: Duration = Duration::from_secs(1);

/// At a stop, what was answered has so long to reach Odoo.
const FLUSH_LIMIT: Duration = Duration::from_secs(4);

/// So many permits in a row that could not be asked mean that SICANTIK is down.
const MAX_FAILURES_IN_A_ROW: usize = 5;

/// Odoo takes 20,000 permits to leave out; with so many that cannot be asked the run ends before.
const MAX_EXCLUDED: usize = 19_000;

type Answered = (DuePermit, DetailResult);

/// Asks for what is due, at most four calls at a time, and brings the answers to Odoo.
pub async fn sync_details(run: &Run) -> Result<(), SyncError> {
    run.progress.stage(RunKind::Expiry);
    let (due_sender, due) = mpsc::channel(DUE_PAGE);
    let (answered_sender, answered) = mpsc::channel(APPLY_BATCH);
    let work = Work {
        run,
        due: AsyncMutex::new(due),
        outstanding: Mutex::default(),
        failures_in_a_row: AtomicUsize::new(0),
        given_up: CancellationToken::new(),
        failure: OnceLock::new(),
    };
    let askers = [(); 4].map(|()| answered_sender.clone());
    drop(answered_sender);
    let [first, second, third, fourth] = askers;
    let all = async {
        tokio::try_join!(
            work.until_given_up(work.find_due(due_sender)),
            work.until_given_up(work.ask(first)),
            work.until_given_up(work.ask(second)),
            work.until_given_up(work.ask(third)),
            work.until_given_up(work.ask(fourth)),
            work.apply(answered),
        )
    };
    Box::pin(work.until_stopped(all)).await?;
    if let Some(error) = work.failure.into_inner() {
        return Err(error.into());
    }
    run.progress.has_read(RunKind::Expiry);
    Ok(())
}

struct Work<'a> {
    run: &'a Run,
    due: AsyncMutex<mpsc::Receiver<DuePermit>>,
    /// Handed out, but not applied: Odoo still counts them as due. What Odoo refuses stays here, so that it is
    /// not asked for again and again.
    outstanding: Mutex<HashSet<i64>>,
    failures_in_a_row: AtomicUsize,
    /// Nobody asks any more; what was answered is still brought to Odoo.
    given_up: CancellationToken,
    failure: OnceLock<SicantikError>,
}

impl Work<'_> {
    async fn until_given_up(&self, work: impl Future<Output = Result<(), SyncError>>) -> Result<(), SyncError> {
        tokio::select! {
            result = work => result,
            () = self.given_up.cancelled() => Ok(()),
        }
    }

    /// At a stop nobody asks any more, but what was answered is still brought to Odoo: the calls were paid for. Not so
    /// when the lease is lost.
    async fn until_stopped<T>(&self, all: impl Future<Output = Result<T, SyncError>>) -> Result<T, SyncError> {
        let mut all = std::pin::pin!(all);
        tokio::select! {
            result = &mut all => return result,
            () = self.run.stop.requested() => {}
        }
        if self.run.stop.reason() != Some(StopReason::LeaseLost) {
            self.given_up.cancel();
            if let Ok(Err(error)) = tokio::time::timeout(FLUSH_LIMIT, all).await {
                return Err(error);
            }
        }
        Err(SyncError::Stopped)
    }

    /// Keeps the askers supplied until nothing is due.
    async fn find_due(&self, due: mpsc::Sender<DuePermit>) -> Result<(), SyncError> {
        let limit = match self.run.order.kind {
            RunKind::Expiry | RunKind::All if self.run.order.limit > 0 => self.run.order.limit,
            _ => usize::MAX,
        };
        let mut handed_out = 0;
        while handed_out < limit {
            let exclude: Vec<i64> = self.outstanding().iter().copied().collect();
            if exclude.len() >= MAX_EXCLUDED {
                break;
            }
            let page = DUE_PAGE.min(limit - handed_out);
            let Due { permits, unnamed, total } =
                self.run.sink.due_details(&self.run.order.lease, page, &exclude).await?;
            if permits.is_empty() && unnamed.is_empty() {
                break;
            }
            if exclude.is_empty() {
                self.run.progress.update(|report| report.total = report.done + total);
            }
            self.tell_unnamed(unnamed);
            handed_out += permits.len();
            self.outstanding().extend(permits.iter().map(|permit| permit.id));
            for permit in permits {
                if due.send(permit).await.is_err() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Nobody can ask for these: they are told and counted out, so that the others have their turn.
    fn tell_unnamed(&self, permits: Vec<UnnamedPermit>) {
        self.outstanding().extend(permits.iter().map(|permit| permit.id));
        for permit in permits {
            self.run.progress.issue(Issue {
                key: permit.number,
                code: "number_unusable".to_owned(),
                message: "SICANTIK cannot be asked for a permit of this number; correct the number in SICANTIK"
                    .to_owned(),
                values: MessageArgs::new(),
                permit_id: Some(permit.id),
            });
            self.run.progress.update(|report| report.done += 1);
        }
    }

    async fn ask(&self, answered: mpsc::Sender<Answered>) -> Result<(), SyncError> {
        loop {
            let Some(permit) = self.due.lock().await.recv().await else { return Ok(()) };
            let answer = self.run.source.detail(&permit.registration, &permit.number).await;
            self.run.count_calls();
            let Some(result) = self.judge(answer) else { return Ok(()) };
            if answered.send((permit, result)).await.is_err() {
                return Ok(());
            }
        }
    }

    /// One permit that cannot be asked is an issue; several in a row are a server that cannot be asked.
    fn judge(&self, answer: Result<DetailAnswer, SicantikError>) -> Option<DetailResult> {
        match answer {
            Ok(answer) => {
                self.failures_in_a_row.store(0, Ordering::Relaxed);
                Some(match answer {
                    DetailAnswer::Found(detail) => DetailResult::Found(detail),
                    DetailAnswer::NoData => DetailResult::NoData,
                })
            }
            Err(error) => {
                let failures = self.failures_in_a_row.fetch_add(1, Ordering::Relaxed) + 1;
                if failures >= MAX_FAILURES_IN_A_ROW {
                    self.failure.get_or_init(|| error);
                    self.given_up.cancel();
                    return None;
                }
                Some(DetailResult::Failed { code: error.code(), message: error.to_string() })
            }
        }
    }

    async fn apply(&self, mut answered: mpsc::Receiver<Answered>) -> Result<(), SyncError> {
        while let Some(first) = answered.recv().await {
            let deadline = Instant::now() + APPLY_AFTER;
            let mut batch = vec![first];
            while batch.len() < APPLY_BATCH {
                match timeout_at(deadline, answered.recv()).await {
                    Ok(Some(next)) => batch.push(next),
                    Ok(None) | Err(_) => break,
                }
            }
            self.apply_batch(batch).await?;
        }
        Ok(())
    }

    async fn apply_batch(&self, batch: Vec<Answered>) -> Result<(), SyncError> {
        let progress = &self.run.progress;
        let (permits, results): (Vec<DuePermit>, Vec<(i64, DetailResult)>) =
            batch.into_iter().map(|(permit, result)| (permit.clone(), (permit.id, result))).unzip();
        let applied = self.run.sink.apply_details(&self.run.order.lease, &results).await?;
        progress.add_with_expiry(applied.with_expiry);
        let refused: HashMap<String, RefusedRow> =
            applied.refused.into_iter().map(|refusal| (refusal.key.clone(), refusal)).collect();
        let flagged = results.iter().filter(|(_, result)| is_flagged(result)).count() as u64;
        // Odoo has written the issues of these already.
        let failed = results.iter().filter(|(id, result)| is_failed(result) && !refused.contains_key(&id.to_string()));
        let failed = failed.count() as u64;
        if results.iter().any(|(_, result)| !is_failed(result)) {
            progress.has_read(RunKind::Expiry);
        }
        progress.update(|report| {
            report.done += results.len() as u64;
            report.updated += applied.changed;
            report.unchanged += applied.applied.saturating_sub(applied.changed);
            report.flagged += flagged;
            report.failed += failed;
        });
        for permit in &permits {
            match refused.get(&permit.id.to_string()) {
                Some(refusal) => progress.issue(refused_detail(permit, refusal)),
                None => _ = self.outstanding().remove(&permit.id),
            }
        }
        Ok(())
    }

    fn outstanding(&self) -> std::sync::MutexGuard<'_, HashSet<i64>> {
        self.outstanding.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_flagged(result: &DetailResult) -> bool {
    matches!(result, DetailResult::Found(detail) if !detail.flags.is_empty())
}

fn is_failed(result: &DetailResult) -> bool {
    matches!(result, DetailResult::Failed { .. })
}

/// The refusal names Odoo's id, which says nothing to people.
fn refused_detail(permit: &DuePermit, refusal: &RefusedRow) -> Issue {
    Issue { key: permit.number.as_str().to_owned(), permit_id: Some(permit.id), ..refusal.clone().into() }
}
