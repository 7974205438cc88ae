//! The master key is changed by a command that is killed at any moment: every document opens, before and after the worker
//! was started anew.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::archive::Archive;
use super::sealed::{Sealed, pdf_of};
use crate::fake_odoo::DATABASE_UUID;

const DOCUMENTS: usize = 12;
const KILLS: u32 = 14;

fn rekey(archive: &Archive) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sicantik"));
    command.args(["secret", "rekey"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("SICANTIK__STORE__URL", &archive.url).env("SICANTIK__ODOO__DATABASE_UUID", DATABASE_UUID);
    command.env("SICANTIK__SECRETS__MASTER_KEY_FILE", archive.home.join("master.key"));
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_key_that_is_killed_at_any_moment_loses_no_document() {
    for mut archive in Archive::on_both().await {
        let uuid = |at: usize| format!("eeeeeeee-0000-4000-8000-{at:012}");
        for at in 0..DOCUMENTS {
            archive.send(&Sealed::of(&uuid(at), &pdf_of(1_000 + at))).await.expect("kept");
        }
        let fingerprint = async |archive: &Archive| archive.vault.key().await.expect("a key").fingerprint();
        let (first, begun) = (fingerprint(&archive).await, Instant::now());
        assert!(rekey(&archive).status().expect("a command").success());
        let (whole, mut last) = (begun.elapsed(), fingerprint(&archive).await);
        assert_ne!(last, first);
        let mut changed = 0;
        for at in 1..=KILLS {
            let mut command = rekey(&archive).spawn().expect("a command");
            // More of them where the steps are than where it starts.
            tokio::time::sleep(whole.mul_f64(0.3 + 0.8 * f64::from(at) / f64::from(KILLS))).await;
            command.kill().expect("killed, or ended before");
            command.wait().expect("ended");
            for is_anew in [false, true] {
                if is_anew {
                    archive.start_anew().await;
                }
                for at in 0..DOCUMENTS {
                    assert!(archive.get(&uuid(at)).await.expect("given") == pdf_of(1_000 + at), "{at}");
                }
            }
            let now = fingerprint(&archive).await;
            changed += usize::from(now != last);
            last = now;
        }
        println!("{changed} of {KILLS} changes came to their commit; a whole one took {whole:?}");
        assert!(rekey(&archive).status().expect("a command").success(), "the next one comes to its end");
        assert_ne!(fingerprint(&archive).await, last);
        assert!(whole < Duration::from_mins(1));
    }
}
