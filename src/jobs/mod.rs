//! The list of all background jobs, one file each.

mod odoo_heard; // what each look for orders says of Odoo
pub mod purge_nonces;
pub mod take_orders;
