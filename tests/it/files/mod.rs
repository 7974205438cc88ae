//! Documents: kept sealed, given back as they were, and what happens when somebody meddles.

pub mod archive;
mod erased;
mod handed_out;
mod hooks;
mod keeps;
mod lies;
mod places;
mod recovered;
mod rekeyed;
mod s3;
pub mod sealed;
