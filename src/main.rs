//! The binary: chooses the TLS provider and hands over to the command line.

use std::process::ExitCode;

use sicantik_companion::commands;

#[tokio::main]
async fn main() -> ExitCode {
    // One provider for every client; a second call cannot happen.
    let _ = rustls::crypto::ring::default_provider().install_default();
    commands::main().await
}
