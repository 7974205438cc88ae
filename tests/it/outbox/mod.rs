//! Messages that Odoo orders, from the order to *read*, on both databases: each goes out once, whatever breaks and
//! whatever somebody restores, and Odoo hears of every state.

mod hears;
mod many;
mod meta;
mod once;
mod others;
mod post_office;
mod sends;
mod webhook;
