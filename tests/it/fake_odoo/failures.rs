//! Failures on demand: what a proxy, a network or a busy database does to a call.

use std::time::Duration;

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum How {
    /// A proxy answers; Odoo never sees the call.
    Status(u16),
    /// The same, with a Retry-After.
    ComeAgain(u16, &'static str),
    /// A proxy's body limit: 413 for larger requests.
    LargerThan(usize),
    /// An exception of Odoo's: its name and message.
    Exception(&'static str, &'static str),
    /// A page instead of JSON, with status 200.
    Page,
    /// The connection breaks before Odoo sees the call.
    ResetBefore,
    /// Odoo does its work, then the connection breaks.
    ResetAfter,
    /// Odoo does its work and answers too late.
    SlowAfter(Duration),
    /// Odoo answers late, but in time.
    Slow(Duration),
    /// Odoo answers once so many calls of the method are under way.
    Together(usize),
}

/// A failure and when it comes.
#[derive(Clone, Debug)]
pub struct Failure {
    /// As in [`super::Call::method`], or `*`.
    method: &'static str,
    how: How,
    after: usize,
    times: usize,
    seen: usize,
}

impl Failure {
    /// Each call of the method fails, from the first on and for ever.
    pub fn of(method: &'static str, how: How) -> Self {
        Self { method, how, after: 0, times: usize::MAX, seen: 0 }
    }

    /// So many calls go well first.
    pub fn after(self, after: usize) -> Self {
        Self { after, ..self }
    }

    /// So many calls fail.
    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }
}

/// The failures in force; the first that fits a call is the one.
#[derive(Debug, Default)]
pub(super) struct Failures(Vec<Failure>);

impl Failures {
    pub(super) fn set(&mut self, failures: impl IntoIterator<Item = Failure>) {
        self.0 = failures.into_iter().collect();
    }

    pub(super) fn pick(&mut self, method: &str, bytes: usize) -> Option<How> {
        self.0.iter_mut().filter(|failure| failure.fits(method, bytes)).find_map(Failure::count)
    }
}

impl Failure {
    fn fits(&self, method: &str, bytes: usize) -> bool {
        let fits_size = !matches!(self.how, How::LargerThan(limit) if bytes <= limit);
        (self.method == "*" || self.method == method) && fits_size
    }

    fn count(&mut self) -> Option<How> {
        self.seen += 1;
        let hit = self.seen > self.after && self.seen - self.after <= self.times;
        hit.then(|| self.how.clone())
    }
}
