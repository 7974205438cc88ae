//! jsonrpsee keeps the status of a refusal only; this layer under it keeps Retry-After, too.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use jsonrpsee::core::http_helpers::HttpError;
use jsonrpsee::http_client::transport::Error as TransportError;
use jsonrpsee::http_client::{HttpRequest, HttpResponse};
use tower::{Layer, Service};

use crate::clock::Clock;
use crate::net::retry_after;

/// A refusal that says when to come again.
#[derive(Debug, thiserror::Error)]
#[error("status {status}")]
pub(super) struct ComeAgain {
    pub(super) status: u16,
    pub(super) after: Duration,
}

/// Puts the layer round jsonrpsee's own client.
#[derive(Debug, Clone)]
pub(super) struct KeepRetryAfter(pub(super) Arc<dyn Clock>);

impl<S> Layer<S> for KeepRetryAfter {
    type Service = Keeping<S>;

    fn layer(&self, inner: S) -> Keeping<S> {
        Keeping { inner, clock: Arc::clone(&self.0) }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Keeping<S> {
    inner: S,
    clock: Arc<dyn Clock>,
}

impl<S, B> Service<HttpRequest> for Keeping<S>
where
    S: Service<HttpRequest, Response = HttpResponse<B>, Error = TransportError>,
    S::Future: Send + 'static,
{
    type Response = HttpResponse<B>;
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: HttpRequest) -> Self::Future {
        let answer = self.inner.call(request);
        let clock = Arc::clone(&self.clock);
        Box::pin(async move {
            let response = answer.await?;
            match retry_after(response.headers(), clock.now()) {
                Some(after) if !response.status().is_success() => {
                    let status = response.status().as_u16();
                    Err(TransportError::Http(HttpError::Stream(Box::new(ComeAgain { status, after }))))
                }
                _ => Ok(response),
            }
        })
    }
}
