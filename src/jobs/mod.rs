//! The list of all background jobs, one file each.

pub mod take_orders;
