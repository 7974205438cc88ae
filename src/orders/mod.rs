//! What Odoo orders and the worker holds for a while. Every kind of order shares one [`Lease`]; its holder obeys it.

mod claimed_run;
mod lease;

pub use claimed_run::ClaimedRun;
pub use lease::Lease;
