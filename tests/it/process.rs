//! `sicantik` as a process of its own, with its signals.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::fake_odoo::{API_KEY, DATABASE, DATABASE_UUID, LOGIN};
use crate::listener::KEY;
use crate::office::Office;

/// The worker promises 15 seconds; a busy machine gets more, and a process that hangs has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// Longer than any command that is well.
const COMMAND: Duration = Duration::from_mins(3);

pub struct Process {
    child: Child,
    lines: BufReader<ChildStderr>,
    /// Where `serve` listens; empty for commands.
    pub address: String,
    _store: TempDir,
}

impl Process {
    /// `sicantik serve`, once it listens.
    pub fn serve(odoo: &str) -> Self {
        let mut worker = Self::start(odoo, "exec \"$0\" serve");
        worker.address = worker.logged("internal.listen");
        worker
    }

    /// What a shell makes of `line`, in which `$0` is the binary.
    pub fn start(odoo: &str, line: &str) -> Self {
        let (folder, store) = crate::store::place();
        let store = store.to_string();
        let variables = [
            ("ODOO__URL", odoo),
            ("ODOO__DATABASE", DATABASE),
            ("ODOO__DATABASE_UUID", DATABASE_UUID),
            ("ODOO__LOGIN", LOGIN),
            ("ODOO__API_KEY", API_KEY),
            ("HOOK__KEY", KEY),
            ("SICANTIK__ALLOWED_HOSTS", "127.0.0.1"),
            ("INTERNAL__LISTEN", "127.0.0.1:0"),
            ("WORKER__POLL_SECONDS", "1"),
            ("LOG__FORMAT", "json"),
            ("STORE__URL", &store),
        ];
        let mut child = Command::new("sh")
            .args(["-c", &format!("ulimit -n 1024; {line}"), env!("CARGO_BIN_EXE_sicantik")])
            .envs(variables.map(|(name, value)| (format!("SICANTIK__{name}"), value)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a process");
        let lines = BufReader::new(child.stderr.take().expect("its log"));
        Self { child, lines, address: String::new(), _store: folder }
    }

    /// What its listener answers, head and body.
    pub fn get(&self, path: &str) -> String {
        let mut connection = TcpStream::connect(&self.address).expect("connected");
        write!(connection, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("sent");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("text");
        answer
    }

    /// SIGTERM.
    pub fn tell(&self) {
        self.tell_by("TERM");
    }

    /// A signal by its name.
    pub fn tell_by(&self, signal: &str) {
        let told = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status();
        assert!(told.expect("a kill").success());
    }

    /// Waits until it has ended by itself, and gives how, and what else it logged.
    pub fn ended(&mut self) -> (ExitStatus, String) {
        let told = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            assert!(told.elapsed() < PATIENCE, "it hangs");
            std::thread::sleep(Duration::from_millis(20));
        };
        (status, self.log())
    }

    /// The power cut; gives what else it logged.
    pub fn kill(&mut self) -> String {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ended");
        self.log()
    }

    /// Reads the log up to a line with these words, and gives it.
    pub fn until_logged(&mut self, words: &str) -> String {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert!(self.lines.read_line(&mut line).expect("text") > 0, "it ended without {words:?}");
        }
        line
    }

    /// Reads the log up to a line with this field, and gives its text.
    pub fn logged(&mut self, field: &str) -> String {
        let line: serde_json::Value = serde_json::from_str(&self.until_logged(field)).expect("JSON");
        line["fields"][field].as_str().expect("text").to_owned()
    }

    fn log(&mut self) -> String {
        let mut log = String::new();
        self.lines.read_to_string(&mut log).expect("text");
        log
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended unless the story failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command beside the office's servers.
pub fn command(office: &Office, arguments: &[&str]) -> Command {
    let variables = [
        ("SICANTIK__ODOO__URL", office.odoo.url()),
        ("SICANTIK__ODOO__DATABASE", DATABASE.to_owned()),
        ("SICANTIK__ODOO__LOGIN", LOGIN.to_owned()),
        ("SICANTIK__ODOO__API_KEY", API_KEY.to_owned()),
        ("SICANTIK__SICANTIK__RETRY_SECONDS", "0".to_owned()),
        ("SICANTIK__SICANTIK__URL", office.sicantik.base_url()),
    ];
    let mut command = Command::new(env!("CARGO_BIN_EXE_sicantik"));
    command.args(arguments).envs(variables);
    command
}

/// Runs it to its end.
pub async fn sicantik(office: &Office, arguments: &[&str]) -> Output {
    run(&mut command(office, arguments)).await
}

/// The same with variables of its own.
pub async fn run(command: &mut Command) -> Output {
    let mut owned = Command::new(command.get_program());
    owned.args(command.get_args());
    owned.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let done = tokio::task::spawn_blocking(move || owned.output().expect("it runs"));
    tokio::time::timeout(COMMAND, done).await.expect("it ends").expect("no panic")
}
