//! Commands beside the service: they choose a configuration, take part in its lease, follow who has it, and pass for
//! nobody else.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};
use sicantik_companion::domain::RunKind;
use tempfile::TempDir;

use crate::fake_odoo::{API_KEY, DATABASE, Failure, How, LOGIN};
use crate::office::Office;
use crate::process::{command, run, sicantik};

const ORDER: &str = "sync.run.order";
const FINISH: &str = "sync.run.finish";
const QUEUED: &str = "sync.run.queued";

#[tokio::test(flavor = "multi_thread")]
async fn one_of_several_configurations_is_named_by_its_id() {
    let office = Office::with_permits(10).await;
    let mut other = office.odoo.state().settings.clone();
    other["config_id"] = 2.into();
    other["name"] = "Kantor Lain".into();
    office.odoo.state().configs.push(other);

    let unnamed = sicantik(&office, &["run", "types"]).await;
    let said = stderr(&unnamed);
    assert!(said.contains("name one with --configuration: 1 (Kantor Contoh), 2 (Kantor Lain)"), "{said}");
    assert!(!said.contains("up to date?"), "{said}");
    let unknown = sicantik(&office, &["compare", "--configuration", "9"]).await;
    assert!(stderr(&unknown).contains("no active configuration has the id 9"), "{}", stderr(&unknown));
    assert_eq!((unnamed.status.code(), unknown.status.code(), office.odoo.count(ORDER)), (Some(1), Some(1), 0));

    let named = sicantik(&office, &["run", "types", "--configuration", "2"]).await;
    assert_eq!(named.status.code(), Some(0), "{}", stderr(&named));
    assert_eq!(office.odoo.calls(ORDER)[0].arguments["config_id"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_not_the_service() {
    let office = Office::with_permits(10).await;
    for arguments in [&["run", "types"][..], &["run", "types", "--dry-run"], &["compare"], &["doctor"]] {
        sicantik(&office, arguments).await;
    }
    assert_eq!(office.odoo.count(QUEUED), 0, "only the service is heard of, and ends a rotation of keys");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_of_any_kind_claims_a_run_of_its_own() {
    let office = Office::with_permits(30).await;
    for kind in ["types", "permits", "expiry", "all", "probe"] {
        let done = sicantik(&office, &["run", kind, "--dry-run", "--limit", "3"]).await;
        assert_eq!(done.status.code(), Some(0), "{kind}: {}", stderr(&done));
        let run = office.odoo.state().runs.last().expect("a run").clone();
        assert_eq!((run.kind.as_str(), run.state.as_str()), ("preview", "done"), "{kind}");
    }
    assert!(office.odoo.state().permits.is_empty() && office.odoo.state().types.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_another_worker_has_is_followed_until_its_end() {
    for (state, code) in [("done", 0), ("partial", 3), ("failed", 1), ("cancelled", 1)] {
        let office = Office::with_permits(10).await;
        let other = office.run(RunKind::Permits).await;
        let uuid = other.order.lease.uuid.clone();
        let (told, ()) = tokio::join!(sicantik(&office, &["run", "permits", "--json"]), async {
            office.odoo.until(|now| now.calls.iter().any(|call| call.method == "sync.run.status")).await;
            office.odoo.state().run(&uuid).state = state.to_owned();
        });
        assert_eq!(told.status.code(), Some(code), "{state}: {}", stderr(&told));
        let line: Value = serde_json::from_slice(&told.stdout).expect("one line of JSON");
        assert_eq!((&line["state"], &line["followed"]), (&json!(state), &json!(true)));
        assert!(office.odoo.state().permits.is_empty(), "the other one does it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_steps_in_for_a_worker_that_broke_off() {
    let office = Office::with_permits(10).await;
    let _gone = office.run(RunKind::Permits).await;
    let (told, ()) = tokio::join!(sicantik(&office, &["run", "permits"]), async {
        office.odoo.until(|now| now.calls.iter().any(|call| call.method == "sync.run.status")).await;
        office.odoo.state().end_leases();
    });
    assert_eq!((told.status.code(), office.odoo.state().permits.len()), (Some(0), 10), "{}", stderr(&told));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_address_cannot_be_used_ends_at_once_and_keeps_nobody_off() {
    let office = Office::with_permits(10).await;
    for (count, arguments) in [&["run", "types"][..], &["compare"], &["run", "permits", "--dry-run"]].iter().enumerate()
    {
        let variables = [("SICANTIK__SICANTIK__URL", ""), ("SICANTIK__SICANTIK__ALLOWED_HOSTS", "lain.example.test")];
        let refused = run(command(&office, arguments).envs(variables)).await;
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        assert!(stderr(&refused).contains("sicantik.allowed_hosts"), "{}", stderr(&refused));
        let runs = office.odoo.state().runs.clone();
        assert_eq!((runs.len(), runs[count].state.as_str()), (count + 1, "failed"), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_end_odoo_never_heard_of_is_not_called_done() {
    let office = Office::with_permits(10).await;
    office.odoo.fail([Failure::of(FINISH, How::Status(403))]);
    let told = sicantik(&office, &["run", "types"]).await;
    assert_eq!((told.status.code(), office.odoo.state().types.is_empty()), (Some(1), false), "{}", stderr(&told));
    assert_eq!(office.odoo.state().runs[0].state, "claimed", "it is taken up again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_authorities_that_is_not_there_is_a_wrong_setting() {
    let office = Office::with_permits(1).await;
    for (name, state) in [("ODOO", None), ("SICANTIK", Some("failed"))] {
        let mut command = command(&office, &["run", "types"]);
        let refused = run(command.env(format!("SICANTIK__{name}__CA_FILE"), "/nowhere")).await;
        let setting = format!("{}.ca_file", name.to_lowercase());
        assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
        assert!(stderr(&refused).contains(&setting), "{}", stderr(&refused));
        let runs = office.odoo.state().runs.clone();
        assert_eq!(runs.first().map(|run| run.state.as_str()), state, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_whose_odoo_is_not_wholly_set_does_not_go_without_it() {
    let office = Office::with_permits(10).await;
    for name in ["ODOO__API_KEY", "ODOO__DATABASE"] {
        let mut command = command(&office, &["run", "permits", "--dry-run"]);
        let refused = run(command.env(format!("SICANTIK__{name}"), "")).await;
        let setting = name.to_lowercase().replace("__", ".");
        assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
        assert!(stderr(&refused).contains(&setting), "{}", stderr(&refused));
    }
    assert!(office.sicantik.calls().is_empty(), "it would be asked beside the service");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_settings_that_odoo_shows_is_read_by_every_command() {
    let office = Office::with_permits(10).await;
    let (_folder, file) = env_file(&office, "");
    let arguments = ["--env-file", file.to_str().expect("text"), "run", "types"];
    let done = run(Command::new(env!("CARGO_BIN_EXE_sicantik")).args(arguments)).await;
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));

    // What the process was given wins.
    let wrong =
        run(Command::new(env!("CARGO_BIN_EXE_sicantik")).args(arguments).env("SICANTIK__ODOO__DATABASE", "lain")).await;
    assert!(stderr(&wrong).contains("no database named lain"), "{}", stderr(&wrong));

    let (_folder, file) = env_file(&office, "sangat-rahasia\n");
    for command in ["run types", "compare", "doctor", "migrate", "serve"] {
        let mut refused = Command::new(env!("CARGO_BIN_EXE_sicantik"));
        refused.args(command.split(' ')).args(["--env-file", file.to_str().expect("text")]);
        let refused = run(&mut refused).await;
        let said = format!("{}{}", stderr(&refused), String::from_utf8_lossy(&refused.stdout));
        assert!(!refused.status.success() && said.contains("line 8"), "{command}: {said}");
        assert!(!said.contains("rahasia"), "{command}: {said}");
    }
}

/// As *Connect Worker* shows it, with a comment and a quote; `end` stands at its end.
fn env_file(office: &Office, end: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("worker.env");
    let text = format!(
        "# the worker\nSICANTIK__ODOO__URL={}\nexport SICANTIK__ODOO__DATABASE=\"{DATABASE}\"\n\
         SICANTIK__ODOO__LOGIN={LOGIN}\nSICANTIK__ODOO__API_KEY='{API_KEY}'\nSICANTIK__ODOO__RETRY_SECONDS=0\n\
         SICANTIK__SICANTIK__ALLOWED_HOSTS=127.0.0.1\n{end}",
        office.odoo.url()
    );
    fs::write(&file, text).expect("written");
    (folder, file)
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
