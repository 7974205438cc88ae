//! What came of a job that is held. Each is refused to a holder whose lease is over.

use std::time::Duration;

use sqlx::any::AnyArguments;
use sqlx::query::Query;

use super::{JobLease, millis};
use crate::store::{StoreError, Transaction};

const COMPLETE: &str = "UPDATE jobs SET state = 'done', lease_token = NULL, ended_at = {now} \
     WHERE id = $1 AND lease_token = $2 AND state = 'running'";

const RETRY_LATER: &str = "UPDATE jobs SET lease_token = NULL, begun_at = NULL, due_at = {now} + $3, last_error = $4, \
         state = CASE WHEN attempts < max_attempts THEN 'waiting' ELSE 'dead' END, \
         ended_at = CASE WHEN attempts < max_attempts THEN NULL ELSE {now} END \
     WHERE id = $1 AND lease_token = $2 AND state = 'running'";

const GIVE_UP: &str = "UPDATE jobs SET state = 'dead', lease_token = NULL, ended_at = {now}, last_error = $3 \
     WHERE id = $1 AND lease_token = $2 AND state = 'running'";

const LEAVE_UNKNOWN: &str = "UPDATE jobs SET state = 'unknown', lease_token = NULL, ended_at = {now}, last_error = $3 \
     WHERE id = $1 AND lease_token = $2 AND state = 'running'";

const POSTPONE: &str = "UPDATE jobs SET state = 'waiting', lease_token = NULL, begun_at = NULL, due_at = {now} + $3, \
         attempts = attempts - 1, last_error = $4 \
     WHERE id = $1 AND lease_token = $2 AND state = 'running'";

/// It was due, so whenever it was made, it keeps its place before those that were made later.
const HAND_BACK: &str = "UPDATE jobs SET state = 'waiting', lease_token = NULL, begun_at = NULL, due_at = created_at, \
         attempts = attempts - 1, last_error = COALESCE($3, last_error) \
     WHERE id = $1 AND lease_token = $2 AND state = 'running'";

impl Transaction {
    /// The job is done.
    pub async fn complete(&mut self, held: &JobLease) -> Result<(), StoreError> {
        let query = self.held(COMPLETE, held);
        self.change(held, query).await
    }

    /// The attempt certainly failed: another one after `pause`, or none after the last.
    pub async fn retry_later(&mut self, held: &JobLease, pause: Duration, error: &str) -> Result<(), StoreError> {
        let query = self.held(RETRY_LATER, held).bind(millis(pause)).bind(error.to_owned());
        self.change(held, query).await
    }

    /// The job can never be done, for this reason.
    pub async fn give_up(&mut self, held: &JobLease, reason: &str) -> Result<(), StoreError> {
        let query = self.held(GIVE_UP, held).bind(reason.to_owned());
        self.change(held, query).await
    }

    /// Nobody knows whether it was done, for this reason; it is not tried again by itself.
    pub async fn leave_unknown(&mut self, held: &JobLease, reason: &str) -> Result<(), StoreError> {
        let query = self.held(LEAVE_UNKNOWN, held).bind(reason.to_owned());
        self.change(held, query).await
    }

    /// It may not be tried yet, for this reason: after `pause`, and the attempt does not count.
    pub async fn postpone(&mut self, held: &JobLease, pause: Duration, reason: &str) -> Result<(), StoreError> {
        let query = self.held(POSTPONE, held).bind(millis(pause)).bind(reason.to_owned());
        self.change(held, query).await
    }

    /// Nothing was tried, for this reason if there is one: another worker may take it at once, and the attempt does not
    /// count.
    pub async fn hand_back(&mut self, held: &JobLease, reason: Option<&str>) -> Result<(), StoreError> {
        let query = self.held(HAND_BACK, held).bind(reason.map(str::to_owned));
        self.change(held, query).await
    }

    pub(super) fn held<'q>(&self, template: &'static str, held: &JobLease) -> Query<'q, sqlx::Any, AnyArguments> {
        self.query(template).bind(held.id).bind(held.token.clone())
    }

    pub(super) async fn change(
        &mut self,
        held: &JobLease,
        query: Query<'_, sqlx::Any, AnyArguments>,
    ) -> Result<(), StoreError> {
        match self.execute(query).await? {
            0 => Err(StoreError::LeaseLost(held.id)),
            _ => Ok(()),
        }
    }
}
