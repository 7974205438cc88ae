//! The binary: chooses the TLS provider and hands over to the command line.

use std::process::ExitCode;

use sicantik_companion::commands;

/// One thread: the worker waits for others most of the time, and what it reads in large pages stays in one
/// heap. With several threads each would keep its own share of every page (70 MB instead of 44 at 100,000 permits).
/// The public listener has a thread of its own (`http::public`).
fn main() -> ExitCode {
    // One provider for every client; a second call cannot happen.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return commands::complain(&error.into()),
    };
    let code = runtime.block_on(commands::main());
    // Whoever still looks up a name or waits for a disk is not waited for.
    runtime.shutdown_background();
    code
}
