//! `[public]`: the listener for citizens, behind the office's TLS proxy.

use std::net::SocketAddr;

use serde::Deserialize;

use super::{ConfigError, listen};

/// Variables `SICANTIK__PUBLIC__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicConfig {
    /// `LISTEN`: address and port; empty = there is none.
    listen: String,
    /// `ALLOW_PRIVATE`: an address of a private network may be listened on.
    allow_private: bool,
}

impl PublicConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.listen().map(drop)
    }

    /// The address to listen on, if any.
    pub fn listen(&self) -> Result<Option<SocketAddr>, ConfigError> {
        if self.listen.is_empty() {
            return Ok(None);
        }
        listen::parse("public.listen", &self.listen, self.allow_private, "public.allow_private").map(Some)
    }
}
