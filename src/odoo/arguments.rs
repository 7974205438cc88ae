//! How the arguments of the addon's methods are put together. For `client` alone.

use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::domain::Order;

use super::OdooError;

/// The arguments of a call, encoded once however often it is tried.
pub(super) fn encoded(model: &str, method: &str, arguments: &impl Serialize) -> Result<Box<RawValue>, OdooError> {
    to_raw_value(arguments).map_err(|error| OdooError::Refused {
        method: format!("{model}.{method}"),
        name: "arguments that are no JSON".to_owned(),
        message: format!("{:?} error", error.classify()),
    })
}

/// The arguments of a method that takes rows for a run.
#[derive(Serialize)]
pub(super) struct WithRows<'a, T> {
    uuid: &'a str,
    token: &'a str,
    rows: &'a [T],
}

/// A report or an end, as the holder of the lease says it.
pub(super) fn with_token(order: &Order, body: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(body).unwrap_or_default();
    if let Value::Object(fields) = &mut value {
        fields.insert("uuid".to_owned(), order.uuid.clone().into());
        fields.insert("token".to_owned(), order.token.clone().into());
    }
    value
}

/// Rows, as the holder of the lease brings them.
pub(super) fn with_rows<'a, T: Serialize>(order: &'a Order, rows: &'a [T]) -> WithRows<'a, T> {
    WithRows { uuid: &order.uuid, token: &order.token, rows }
}
