//! `sicantik-simulator`: a SICANTIK server with made-up permits, for tests, demonstrations and benchmarks. Never shipped.
//!
//! Prints one JSON line with its addresses when it listens; stops on SIGTERM, SIGINT or `POST /_admin/shutdown`.

#[path = "mod.rs"]
mod simulator;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

/// The command line: the simulator's options, each a flag.
#[derive(Parser)]
#[command(name = "sicantik-simulator", about = "A SICANTIK server with made-up permits")]
struct Cli {
    #[command(flatten)]
    options: simulator::Options,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let running = simulator::spawn(Cli::parse().options).await?;
    let line = serde_json::json!({ "base_url": running.base_url(), "admin_url": running.admin_url() });
    #[allow(clippy::print_stdout, reason = "whoever started the program reads its addresses there")]
    {
        println!("{line}");
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
        () = running.stopped() => {}
    }
    running.shutdown().await;
    Ok(())
}
