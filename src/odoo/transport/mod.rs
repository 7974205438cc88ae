//! How a call reaches Odoo. JSON-RPC today; JSON-2 of Odoo 19 has its room beside it.

mod jsonrpc;

pub(super) use jsonrpc::JsonRpc;
