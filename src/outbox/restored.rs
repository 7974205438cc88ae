//! Somebody brought an earlier store back: what the journal knows and the store does not went out since then, and is not
//! done again.

use std::collections::HashMap;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::{Outbox, OutboxError, Sent};
use crate::domain::MessageState;
use crate::store::{Durability, Move, StoreError};

/// Messages of one look.
const LOOKED_AT: i64 = 5_000;

/// Messages of one transaction.
const AT_ONCE: usize = 500;

/// What is said of them.
const RESTORED: &str = "restored";

impl Outbox {
    /// Has the store know what the journal knows. The store is walked through once: a hundred thousand questions would take
    /// many times as long.
    pub(super) async fn follow_journal(&self, begun: &[Sent]) -> Result<(), StoreError> {
        let database_uuid = self.parts.database_uuid.as_str();
        let mut doubtful: HashMap<&str, i64> = begun.iter().map(|sent| (sent.key.as_str(), sent.at)).collect();
        let mut behind = String::new();
        while !doubtful.is_empty() {
            let known = self.parts.store.message_states(database_uuid, &behind, LOOKED_AT).await?;
            let Some((last, _)) = known.last() else { break };
            behind.clone_from(last);
            for (key, _) in known.iter().filter(|(_, state)| *state != MessageState::Waiting) {
                doubtful.remove(key.as_str());
            }
        }
        let mut doubtful: Vec<(&str, i64)> = doubtful.into_iter().collect();
        // Whoever follows a journal at the same time waits for the same row first.
        doubtful.sort_unstable();
        for some in doubtful.chunks(AT_ONCE) {
            let mut some = some.to_vec();
            while let Some(back) = self.leave_unknown(&some).await? {
                some.retain(|(key, _)| *key != back);
            }
        }
        Ok(())
    }

    /// The same while the worker runs: the store does not know what left last.
    pub(super) async fn notice_earlier_store(&self) -> Result<(), OutboxError> {
        let journal = &self.parts.journal;
        // Of the look before, too: what left since then may have come from the earlier store.
        let looked_for = self.looked_for.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let last = journal.last();
        let mut is_earlier = self.is_doubtful.load(Ordering::Relaxed);
        for sent in [&looked_for, &last].into_iter().flatten() {
            let has_left = self.parts.store.has_left(&self.parts.database_uuid, &sent.key).await?;
            // What was not taken meanwhile waits again.
            is_earlier |= !has_left && journal.may_have_left(&sent.key);
        }
        if is_earlier {
            let begun = journal.begun().await;
            let begun = begun.map_err(|error| OutboxError::Journal(journal.path().display().to_string(), error))?;
            self.follow_journal(&begun).await?;
            self.is_doubtful.store(false, Ordering::Relaxed);
        }
        *self.looked_for.lock().unwrap_or_else(PoisonError::into_inner) = last.or(looked_for);
        Ok(())
    }

    /// What the store has not, or has as waiting, may have gone out. But for one that was certainly not taken since the
    /// journal was read: then nothing is changed, and that one is told.
    async fn leave_unknown<'a>(&self, doubtful: &[(&'a str, i64)]) -> Result<Option<&'a str>, StoreError> {
        let (database_uuid, line) = (self.parts.database_uuid.as_str(), self.line(""));
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        for &(key, at) in doubtful {
            if transaction.keep_gone(database_uuid, key, at, RESTORED).await? {
                continue;
            }
            let Some(standing) = transaction.message_of_key(database_uuid, key).await? else { continue };
            // One that had begun is known to the queue already.
            if standing.state == MessageState::Waiting && transaction.cancel(&line, standing.configuration, key).await?
            {
                if !self.parts.journal.may_have_left(key) {
                    return Ok(Some(key));
                }
                let order = standing.order_uuid;
                tracing::warn!(message.order = order, "an older store came back: this message may have gone out");
                let unknown = Move::to(MessageState::Unknown, Some(RESTORED));
                transaction.move_message(database_uuid, key, &unknown).await?;
                transaction.note_begun(database_uuid, key, Some(at)).await?;
            }
        }
        transaction.commit().await.map(|()| None)
    }
}
