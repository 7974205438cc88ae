//! Files that stand still are taken: read, offered to Odoo, kept, and put away.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{Inbox, InboxError, Looked, Lying};
use crate::domain::text::hex;
use crate::metrics;
use crate::odoo::{Arrival, ArrivalOutcome, Decision, InboxSettings};
use crate::pdf::{Limits, Refusal, Seen};
use crate::store::DocumentVersion;

/// Files that are offered together have no more than this: in all, and in bytes, unless one alone has more.
const AT_ONCE: usize = 20;
const BYTES_AT_ONCE: u64 = 16 * 1024 * 1024;

/// What Odoo does not understand is offered again after this time.
const PAUSE: Duration = Duration::from_mins(10);

/// Why a file is refused that nobody has looked into.
const TOO_LARGE: &str = "too_large";
const WORKER_TOO_LARGE: &str = "worker_too_large";

/// A file on its way.
struct Taken {
    lying: Lying,
    arrival: Arrival,
    pieces: Vec<Bytes>,
}

impl Inbox {
    /// Takes in what stands still: one batch, so that no look lasts long.
    pub async fn look(&self) -> Result<Looked, InboxError> {
        let lying = self.source.list().await?;
        let ready = self.watched.lock().await.ready(&lying, self.parts.patience);
        let mut looked = Looked { waiting: lying.len(), ..Looked::default() };
        let mut batches = in_batches(ready).into_iter();
        let Some(together) = batches.next() else { return Ok(looked) };
        let settings = self.parts.odoo.inbox_settings().await?;
        if !settings.wanted {
            return Ok(Looked { is_unwanted: true, ..looked });
        }
        looked.has_more = batches.next().is_some();
        match self.take(&together, settings, &mut looked).await {
            Err(InboxError::Odoo(error)) if error.is_refusal() => {
                self.take_singly(&together, settings, &mut looked).await?;
            }
            taken => taken?,
        }
        Ok(looked)
    }

    /// One of them may be to blame for what Odoo refuses: the others are not to wait for it.
    async fn take_singly(
        &self,
        together: &[Lying],
        settings: InboxSettings,
        looked: &mut Looked,
    ) -> Result<(), InboxError> {
        for lying in together {
            match self.take(std::slice::from_ref(lying), settings, looked).await {
                Err(InboxError::Odoo(error)) if error.is_refusal() => {
                    tracing::warn!(%error, bytes = lying.size, "Odoo refuses a file of the inbox; it is offered again later");
                    self.watched.lock().await.rest(lying, PAUSE);
                }
                taken => taken?,
            }
        }
        Ok(())
    }

    async fn take(&self, together: &[Lying], settings: InboxSettings, looked: &mut Looked) -> Result<(), InboxError> {
        let largest = self.parts.files.largest().min(settings.largest_mib * 1024 * 1024);
        let bytes = together.iter().map(|lying| lying.size).filter(|size| *size <= largest).sum();
        let _room = self.parts.files.room_for(bytes).await?;
        let mut taken = Vec::new();
        for lying in together {
            match self.read(lying.clone(), settings, largest).await {
                Ok(one) => taken.extend(one),
                Err(error) => self.pass_over(lying, error, looked).await?,
            }
        }
        if taken.is_empty() {
            return Ok(());
        }
        let (arrivals, mut on_their_way) = apart(taken);
        let decisions = self.parts.odoo.offer_arrivals(&arrivals).await?.files;
        let mut kept = Vec::new();
        for decision in &decisions {
            if self.keep(decision, &mut on_their_way).await? {
                kept.push(decision.key.as_str());
            }
        }
        let ended = if kept.is_empty() { Vec::new() } else { self.parts.odoo.arrivals_kept(&kept).await?.files };
        for decision in decisions.iter().chain(&ended) {
            if let Some(outcome) = decision.outcome
                && let Some((lying, ..)) = on_their_way.remove(&decision.key)
            {
                match self.source.put_away(&lying, (outcome, self.today()), &decision.sentence).await {
                    Ok(()) => {
                        // Whatever lies there by now, the same one too, has to stand still anew.
                        self.watched.lock().await.forget(&lying);
                        looked.count(outcome);
                        metrics::inbox_file(outcome.word());
                        tracing::info!(bytes = lying.size, outcome = outcome.word(), "a file of the inbox was taken");
                    }
                    Err(error) => self.pass_over(&lying, error, looked).await?,
                }
            }
        }
        for (lying, ..) in on_their_way.values() {
            // A newer Odoo may know an outcome that this worker does not.
            tracing::warn!(bytes = lying.size, "Odoo does not say what is to become of a file of the inbox");
            self.watched.lock().await.rest(lying, PAUSE);
        }
        Ok(())
    }

    /// What is wrong with one file in the inbox holds up no other; it is looked at again later.
    async fn pass_over(&self, lying: &Lying, error: InboxError, looked: &mut Looked) -> Result<(), InboxError> {
        let InboxError::Away { reason, .. } = &error else { return Err(error) };
        tracing::warn!(
            reason,
            bytes = lying.size,
            "a file of the inbox cannot be read or moved; it is tried again later"
        );
        self.watched.lock().await.rest(lying, PAUSE);
        looked.passed_over += 1;
        Ok(())
    }

    /// What is in a file; `None` where it is to be left alone for now.
    async fn read(&self, lying: Lying, settings: InboxSettings, largest: u64) -> Result<Option<Taken>, InboxError> {
        if lying.size > largest {
            let is_in_doubt = self.watched.lock().await.is_in_doubt(&lying, self.parts.patience);
            let is_of_office = largest == settings.largest_mib * 1024 * 1024;
            let code = if is_of_office { TOO_LARGE } else { WORKER_TOO_LARGE };
            return Ok((!is_in_doubt).then(|| Taken::refused(lying, String::new(), code)));
        }
        let Some(pieces) = self.source.read(&lying).await? else {
            // What came anew does not rest.
            self.watched.lock().await.rest(&lying, PAUSE);
            return Ok(None);
        };
        let hash = hash_of(&pieces);
        let limits = Limits {
            most_pages: settings.most_pages,
            allow_embedded: settings.allow_embedded,
            // Who signed a permit elsewhere may bring it in.
            wants_original: false,
        };
        match self.parts.files.look_into(&pieces, lying.size, limits).await? {
            Ok(seen) => Ok(Some(Taken::seen(lying, hash, seen, pieces))),
            Err(refusal) => {
                let may_be_half = matches!(refusal, Refusal::Empty | Refusal::NotPdf | Refusal::Damaged);
                let is_in_doubt = may_be_half && self.watched.lock().await.is_in_doubt(&lying, self.parts.patience);
                Ok((!is_in_doubt).then(|| Taken::refused(lying, hash, refusal.code())))
            }
        }
    }

    /// Whether its bytes were asked for, and are kept.
    async fn keep(&self, decision: &Decision, of: &mut OnTheirWay) -> Result<bool, InboxError> {
        let Some(wanted) = &decision.version else { return Ok(false) };
        let Some((_, hash, pieces)) = of.get_mut(&decision.key) else { return Ok(false) };
        let version = DocumentVersion {
            uuid: wanted.uuid.clone(),
            document_uuid: wanted.document.clone(),
            number: wanted.number.into(),
            stage: wanted.stage.clone(),
            sha256: hash.clone(),
            made_by: wanted.by.clone(),
        };
        self.parts.files.keep(&version, std::mem::take(pieces)).await?;
        Ok(true)
    }
}

/// File, hash and bytes, by the key of the arrival.
type OnTheirWay = HashMap<String, (Lying, String, Vec<Bytes>)>;

/// What Odoo is told, and what is kept.
fn apart(taken: Vec<Taken>) -> (Vec<Arrival>, OnTheirWay) {
    let mut arrivals = Vec::new();
    let mut on_their_way = HashMap::new();
    for Taken { lying, arrival, pieces } in taken {
        on_their_way.insert(arrival.key.clone(), (lying, arrival.sha256.clone(), pieces));
        arrivals.push(arrival);
    }
    (arrivals, on_their_way)
}

fn in_batches(ready: Vec<Lying>) -> Vec<Vec<Lying>> {
    let (mut batches, mut bytes) = (Vec::<Vec<Lying>>::new(), 0);
    for lying in ready {
        bytes += lying.size;
        match batches.last_mut() {
            Some(batch) if batch.len() < AT_ONCE && bytes <= BYTES_AT_ONCE => batch.push(lying),
            _ => {
                bytes = lying.size;
                batches.push(vec![lying]);
            }
        }
    }
    batches
}

fn hash_of(pieces: &[Bytes]) -> String {
    let mut digest = Sha256::new();
    for piece in pieces {
        digest.update(piece);
    }
    hex(&digest.finalize())
}

impl Taken {
    fn seen(lying: Lying, sha256: String, seen: Seen, pieces: Vec<Bytes>) -> Self {
        let Seen { pages, title, signatures, text } = seen;
        let arrival = Arrival { pages, title, signatures, text, ..Arrival::of(&lying, sha256) };
        Self { lying, arrival, pieces }
    }

    fn refused(lying: Lying, sha256: String, code: &'static str) -> Self {
        let arrival = Arrival { refusal: Some(code), ..Arrival::of(&lying, sha256) };
        Self { lying, arrival, pieces: Vec::new() }
    }
}

impl Arrival {
    fn of(lying: &Lying, sha256: String) -> Self {
        let name = lying.name.shown();
        let key = hash_of(&[format!("{sha256}\n{}\n{name}", lying.stamp).into()]);
        Self {
            key,
            name,
            size: lying.size,
            sha256,
            pages: 0,
            title: None,
            signatures: 0,
            text: String::new(),
            refusal: None,
        }
    }
}

impl Looked {
    fn count(&mut self, outcome: ArrivalOutcome) {
        match outcome {
            ArrivalOutcome::Imported => self.imported += 1,
            ArrivalOutcome::Unmatched => self.unmatched += 1,
            ArrivalOutcome::Double => self.double += 1,
            ArrivalOutcome::Refused => self.refused += 1,
        }
    }
}
