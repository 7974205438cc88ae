//! The worker's side: one child at a time, fed piece by piece, and ended when it takes too long, when it has looked at
//! enough, or when nothing comes any more.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::Stream;
use thiserror::Error;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

use super::child::{Answer, Order, Work};
use super::looking::Looking;
use super::revise::{Field, Prepared, Stamp, Unrevisable};
use super::verify::{Reason, Report, Trust};
use super::{Limits, Refusal, Seen};

/// How long the delivery of a file may take, and how long a look, by the time of the day: three times what the child may use
/// of the processor, which others use, too.
const PATIENCE: Duration = Duration::from_secs(30);

/// So many files one child looks at. Whatever one of them leaves behind does not stay for long.
const MOST_FILES: u32 = 50;

/// A child that had more to do than this is ended, so that the next file has all of the time and the memory.
const MOST_LOOK: Duration = Duration::from_millis(100);
const SMALL: u64 = 4 << 20;

/// A child that waits longer for a file is ended.
const MOST_IDLE: Duration = Duration::from_secs(10);

/// Looks at files by processes of its own, at one file at a time.
#[derive(Debug)]
pub struct Reader {
    program: PathBuf,
    patience: Duration,
    most_idle: Duration,
    /// The child that waits for the next file. Whoever has the lock has the turn.
    waiting: Arc<Mutex<Option<Looking>>>,
}

/// Why nothing is known of a file. None of them is its fault.
#[derive(Debug, Error)]
pub enum ReaderError {
    /// The program is not there, or the machine can start none.
    #[error("{program} cannot be started: {error}")]
    Start { program: PathBuf, error: io::Error },
    /// Whoever was to bring the file does not, or brings another amount than was said.
    #[error("the file could not be brought: {0}")]
    Source(io::Error),
    /// Another program, or one of another version.
    #[error("{program} does not answer as it should ({status})")]
    Answer { program: PathBuf, status: ExitStatus },
}

impl Reader {
    /// By that program, which is `sicantik` itself.
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        Self { program, patience: PATIENCE, most_idle: MOST_IDLE, waiting: Arc::default() }
    }

    /// Waits this long for a file, and as long for an answer.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Keeps a child that has nothing to do for this long.
    #[must_use]
    pub fn with_most_idle(self, most_idle: Duration) -> Self {
        Self { most_idle, ..self }
    }

    /// What is in the file that comes in these pieces and has `size` bytes. Whoever comes while another file is looked at
    /// waits for that. Whoever stops waiting ends the child.
    pub async fn read<S, B>(&self, pieces: S, size: u64, limits: Limits) -> Result<Result<Seen, Refusal>, ReaderError>
    where
        S: Stream<Item = io::Result<B>>,
        B: AsRef<[u8]>,
    {
        let order = Order { size, work: Work::Look(limits) };
        self.ask(pieces, &order, |answer, _| if let Answer::Seen(seen) = answer { Some(seen) } else { None }).await
    }

    /// What is to be appended to that file so that it has the stamp.
    pub async fn stamp<S, B>(
        &self,
        pieces: S,
        size: u64,
        stamp: Stamp,
    ) -> Result<Result<Vec<u8>, Unrevisable>, ReaderError>
    where
        S: Stream<Item = io::Result<B>>,
        B: AsRef<[u8]>,
    {
        let understand = |answer, appended| match answer {
            Answer::Stamped { .. } => Some(Ok(appended)),
            Answer::Unrevisable(reason) => Some(Err(reason)),
            _ => None,
        };
        let answer = self.ask(pieces, &Order { size, work: Work::Stamp(stamp) }, understand).await?;
        Ok(answer.map_err(Unrevisable::Refused).flatten())
    }

    /// What is to be appended to that file so that it has one more signature field, with a place for the signature.
    pub async fn prepare<S, B>(
        &self,
        pieces: S,
        size: u64,
        field: Field,
    ) -> Result<Result<Prepared, Unrevisable>, ReaderError>
    where
        S: Stream<Item = io::Result<B>>,
        B: AsRef<[u8]>,
    {
        let understand = |answer, appended| match answer {
            Answer::Prepared { byte_range, hole, .. } => {
                Prepared::fitting(size, appended, byte_range, hole[0]..hole[1]).map(Ok)
            }
            Answer::Unrevisable(reason) => Some(Err(reason)),
            _ => None,
        };
        let answer = self.ask(pieces, &Order { size, work: Work::Prepare(field) }, understand).await?;
        Ok(answer.map_err(Unrevisable::Refused).flatten())
    }

    /// What the signatures of that file are worth.
    pub async fn verify<S, B>(
        &self,
        pieces: S,
        size: u64,
        trust: Trust,
        at: DateTime<Utc>,
    ) -> Result<Report, ReaderError>
    where
        S: Stream<Item = io::Result<B>>,
        B: AsRef<[u8]>,
    {
        let understand = |answer, _| if let Answer::Verified(report) = answer { Some(report) } else { None };
        let answer = self.ask(pieces, &Order { size, work: Work::Verify { trust, at } }, understand).await?;
        // The only refusal that there is: the child has died of it.
        Ok(answer.unwrap_or_else(|_| Report::without_signatures(Reason::TooComplex)))
    }

    /// What becomes of the file. What `understand` does not take is no answer to what was asked.
    async fn ask<S, B, T>(
        &self,
        pieces: S,
        order: &Order<Work>,
        understand: impl FnOnce(Answer, Vec<u8>) -> Option<T>,
    ) -> Result<Result<T, Refusal>, ReaderError>
    where
        S: Stream<Item = io::Result<B>>,
        B: AsRef<[u8]>,
    {
        let mut waiting = self.waiting.lock().await;
        let is_alone = order.work.is_alone();
        let ready = if is_alone { None } else { waiting.take() };
        let mut looking = match ready.and_then(|looking| looking.ready_for(order.size)) {
            Some(looking) => looking,
            None => Looking::start(&self.program, order.size.max(SMALL)).map_err(|error| self.start_error(error))?,
        };
        let fed = timeout(self.patience, looking.feed(pieces, order)).await;
        if let Err(error) = fed.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            looking.end().await;
            return Err(ReaderError::Source(error));
        }
        let begun = Instant::now();
        let Ok(heard) = timeout(self.patience, looking.hear()).await else {
            looking.end().await;
            return Ok(Err(Refusal::TooComplex));
        };
        looking.files += 1;
        looking.since = Instant::now();
        let answer = heard.and_then(|(answer, appended)| match answer {
            Answer::Refused(refusal) => Some(Err(refusal)),
            answer => understand(answer, appended).map(Ok),
        });
        let Some(answer) = answer else { return self.understand_end(looking).await };
        let is_fresh = !is_alone && order.size <= SMALL && looking.files < MOST_FILES && begun.elapsed() < MOST_LOOK;
        if is_fresh && !matches!(answer, Err(Refusal::TooComplex)) {
            let is_new = looking.files == 1;
            *waiting = Some(looking);
            if is_new {
                tokio::spawn(end_idle(Arc::clone(&self.waiting), self.most_idle));
            }
        } else {
            looking.end().await;
        }
        Ok(answer)
    }

    fn start_error(&self, error: io::Error) -> ReaderError {
        ReaderError::Start { program: self.program.clone(), error }
    }

    /// What it means that a child has ended, or says what is no answer.
    async fn understand_end<T>(&self, looking: Looking) -> Result<Result<T, Refusal>, ReaderError> {
        let Some(status) = looking.ended(self.patience).await else { return Ok(Err(Refusal::TooComplex)) };
        let status = status.map_err(|error| self.start_error(error))?;
        // A signal has ended it: memory, stack or time were not enough.
        if status.code().is_none() {
            return Ok(Err(Refusal::TooComplex));
        }
        Err(ReaderError::Answer { program: self.program.clone(), status })
    }
}

/// Ends the child that waits, when it has waited for so long.
async fn end_idle(waiting: Arc<Mutex<Option<Looking>>>, most_idle: Duration) {
    loop {
        sleep(most_idle).await;
        let mut waiting = waiting.lock().await;
        match waiting.take_if(|looking| looking.since.elapsed() >= most_idle) {
            Some(looking) => return looking.end().await,
            None if waiting.is_none() => return,
            None => {}
        }
    }
}
