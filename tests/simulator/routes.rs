//! From HTTP to the endpoints: the base path, the forms of a call, the two dialects.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request as HttpRequest, Response, header};

use super::answer::Answer;
use super::options::Dialect;
use super::request::{Request, argument, query_pairs};
use super::respond::{send, time_of};
use super::{Shared, admin, dialect_simple, endpoints};

/// Path of the first dialect.
pub const API: &str = "/backoffice/api";

/// Path of the second dialect.
pub const SIMPLE: &str = "/backoffice/www/api_simple.php";

/// The imitated server and its administration.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new().nest("/_admin", admin::router()).fallback(call).with_state(shared)
}

async fn call(State(shared): State<Arc<Shared>>, request: HttpRequest<Body>) -> Response<Body> {
    let path = request.uri().path();
    let query = request.uri().query().unwrap_or_default();
    let dialect = shared.options().dialect;
    match dialect {
        Dialect::Simple if path == SIMPLE => {
            let args = query_pairs(query);
            let endpoint = argument(&args, "endpoint").unwrap_or_default().to_lowercase();
            answer(&shared, &endpoint, &args, |number| {
                dialect_simple::answer(&shared.world(), &shared.options(), &args, number)
            })
            .await
        }
        Dialect::Api if path == API || path.starts_with("/backoffice/api/") => {
            let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
            api(&shared, request.method(), &path[API.len()..], query, accept.unwrap_or_default()).await
        }
        _ => {
            let page = Answer::html(404, "404 Not Found", "The requested URL was not found on this server.");
            answer(&shared, path, &[], |_| page).await
        }
    }
}

async fn api(shared: &Arc<Shared>, method: &Method, path: &str, query: &str, accept: &str) -> Response<Body> {
    let Ok(mut request) = Request::parse(path, query, accept) else {
        let message = "The URI you submitted has disallowed characters.";
        let page = Answer::html(500, "An Error Was Encountered", message);
        return answer(shared, path, &[], |_| page).await;
    };
    let name = request.endpoint.clone();
    if shared.options().query_only && path.trim_matches('/').contains('/') {
        let page = Answer::html(404, "404 Page Not Found", "The page you requested was not found.");
        return answer(shared, &name, &[], |_| page).await;
    }
    if matches!(*method, Method::POST | Method::PUT | Method::DELETE | Method::PATCH) {
        // The controller has only `…_get` methods of these; HEAD and OPTIONS are handled as GET.
        request.endpoint.clear();
    }
    let make = |number| endpoints::answer(&shared.world(), &shared.options(), &request, number);
    answer(shared, &name, &request.args, make).await
}

/// Notes the call, makes the answer and sends it.
async fn answer(
    shared: &Arc<Shared>,
    endpoint: &str,
    args: &[(String, String)],
    make: impl FnOnce(u64) -> Answer,
) -> Response<Body> {
    let call = shared.calls.begin(endpoint, args);
    let reply = make(shared.queries.fetch_add(1, Ordering::SeqCst));
    let fault = shared.faults.pick(endpoint, args, &reply.body);
    let time = time_of(&shared.options(), &reply);
    send(reply, fault, time, call).await
}
