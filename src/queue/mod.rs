//! Work that is born in the worker, one job after the other, within what others allow. It knows no permit and no
//! provider: what a job means is its caller's matter.

mod pause;
mod take;

pub use pause::Pauses;
pub use take::{Begun, Need, Taken, held, look_again, take};
