//! The binary: chooses the TLS provider and hands over to the command line.

use std::process::ExitCode;

use sicantik_companion::commands;

/// One thread: the worker waits for others most of the time, and what it reads in large pages stays in one
/// heap. With several threads each would keep its own share of every page (70 MB instead of 44 at 100,000 permits).
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // One provider for every client; a second call cannot happen.
    let _ = rustls::crypto::ring::default_provider().install_default();
    commands::main().await
}
