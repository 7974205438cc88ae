//! Documents: kept sealed, given back as they were, and what happens when somebody meddles.

pub mod archive;
mod hooks;
mod keeps;
mod lies;
pub mod sealed;
