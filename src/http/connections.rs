//! Which connections of a listener are open, and what each does: it waits for a request, is answered, or takes its answer.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use hyper::body::{Bytes, Frame, Incoming, SizeHint};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Who takes nothing of an answer for so long may lose it to somebody else.
pub(super) const STALLED: Duration = Duration::from_secs(30);

/// The connections that are open.
#[derive(Debug, Default)]
pub(super) struct Open {
    connections: Mutex<Vec<Arc<State>>>,
    pub(super) changed: Notify,
}

/// One connection.
#[derive(Debug)]
pub(super) struct State {
    doing: Mutex<Doing>,
    pub(super) gives_way: CancellationToken,
}

/// What a connection does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Doing {
    /// Since then it waits for a whole request.
    Waits(Instant),
    /// Its request is there, and its answer is not.
    IsAnswered,
    /// Its answer goes out, and moved last then.
    Streams(Instant),
}

impl Open {
    fn connections(&self) -> MutexGuard<'_, Vec<Arc<State>>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn admit(self: &Arc<Self>) -> Arc<State> {
        let doing = Mutex::new(Doing::Waits(Instant::now()));
        let state = Arc::new(State { doing, gives_way: CancellationToken::new() });
        self.connections().push(Arc::clone(&state));
        state
    }

    pub(super) fn leave(&self, gone: &Arc<State>) {
        self.connections().retain(|state| !Arc::ptr_eq(state, gone));
    }

    /// False when all have sent whole requests.
    pub(super) fn oldest_gives_way(&self) -> bool {
        let connections = self.connections();
        let going = connections.iter().filter(|state| !state.gives_way.is_cancelled());
        let oldest = going.filter_map(|state| Some((state.idle_since()?, state))).min_by_key(|(since, _)| *since);
        oldest.inspect(|(_, state)| state.gives_way.cancel()).is_some()
    }
}

impl State {
    pub(super) fn doing(&self) -> Doing {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn does(&self, doing: Doing) {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = doing;
    }

    /// Since when nothing is done for it: it waits, or takes nothing of its answer any more.
    fn idle_since(&self) -> Option<Instant> {
        match self.doing() {
            Doing::Waits(since) => Some(since),
            Doing::IsAnswered => None,
            Doing::Streams(moved) => Some(moved).filter(|moved| moved.elapsed() > STALLED),
        }
    }
}

/// The body of an answer, which tells when it moves, and when it has ended.
pub(super) struct Answer {
    pub(super) body: Body,
    pub(super) state: Arc<State>,
    pub(super) open: Arc<Open>,
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.state.does(Doing::Waits(Instant::now()));
        self.open.changed.notify_waiters();
    }
}

impl hyper::body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.state.does(Doing::Streams(Instant::now()));
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A body that tells when it was read to its end.
pub(super) struct Watched {
    pub(super) body: Incoming,
    pub(super) state: Arc<State>,
}

impl hyper::body::Body for Watched {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() || self.body.is_end_stream() {
            self.state.does(Doing::IsAnswered);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
