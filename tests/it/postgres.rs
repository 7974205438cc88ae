//! A private PostgreSQL for the stories of the store: its own folder, its own port on the loopback, with TLS. It is
//! made when the first story asks for it and ends with the tests, even when they are killed.
#![allow(dead_code, reason = "the unit tests of the store use a part of it")]

use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

const USER: &str = "worker";

/// What the certificate names. `0.0.0.0` reaches the loopback and is none, as another machine would be.
const NAMES: [&str; 2] = ["localhost", "0.0.0.0"];

const ATTEMPTS: usize = 3;

/// Against hanging only.
const START: Duration = Duration::from_mins(1);

/// Serves until its standard input ends, which it does with the tests, however they end; then its folder goes, unless
/// it is told to keep it. Not durable by default.
const SERVE: &str = r#"
"$1/postgres" -D data -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$PWD" \
    -c ssl=on -c ssl_cert_file="$PWD/server.pem" -c ssl_key_file="$PWD/server.key" \
    -c fsync=off -c synchronous_commit=off -c max_connections=200 >log 2>&1 </dev/null &
server=$!
told=$(cat)
kill -INT $server
wait $server
[ "$told" = keep ] || rm -rf "$PWD"
"#;

pub struct Cluster {
    pub port: u16,
    pub folder: PathBuf,
    /// Holds the server by its standard input.
    _server: Child,
}

/// The one of this process; none (and a line that says so) where PostgreSQL is not installed.
pub fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    let cluster = CLUSTER.get_or_init(|| programs().map(|programs| Cluster::start(&programs))).as_ref();
    if cluster.is_none() {
        println!("skipped: no PostgreSQL in /usr/lib/postgresql (Debian's package postgresql)");
    }
    cluster
}

/// The URL of a new and empty database.
pub async fn database() -> Option<String> {
    let cluster = cluster()?;
    let name = cluster.create_database().await;
    Some(format!("postgres://{USER}:rahasia-contoh@127.0.0.1:{}/{name}", cluster.port))
}

impl Cluster {
    pub async fn create_database(&self) -> String {
        let name = format!("store_{:x}", fastrand::u64(..));
        let mut connection = self.connect("postgres").await;
        let statement = AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0"));
        sqlx::raw_sql(statement).execute(&mut connection).await.expect("a database");
        connection.close().await.expect("closed");
        name
    }

    /// Another program in a database.
    pub async fn connect(&self, database: &str) -> PgConnection {
        let options = PgConnectOptions::new_without_pgpass();
        let options = options.host("127.0.0.1").port(self.port).username(USER).database(database);
        options.connect().await.expect("a connection")
    }

    pub fn authority(&self) -> String {
        self.folder.join("authority.pem").display().to_string()
    }

    fn start(programs: &Path) -> Self {
        let (folder, user) = (private_folder(), postgres_user());
        let as_user = |command: &mut Command| {
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command.current_dir(&folder).env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C.UTF-8");
        };
        certify(&folder);
        for path in ["", "server.key", "server.pem", "authority.pem"].map(|name| folder.join(name)) {
            if let Some((uid, gid)) = user {
                chown(path, Some(uid), Some(gid)).expect("given away");
            }
        }
        let mut initdb = Command::new(programs.join("initdb"));
        initdb.args(["-D", "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        as_user(&mut initdb);
        let made = initdb.output().expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        for _ in 0..ATTEMPTS {
            let port = free_port();
            let mut serve = Command::new("/bin/sh");
            serve.args(["-c", SERVE, "sh"]).arg(programs).arg(port.to_string()).stdin(Stdio::piped());
            as_user(&mut serve);
            let mut server = serve.spawn().expect("a shell");
            let is_up = answers(programs, port, &folder.join("log"));
            if is_up {
                return Self { port, folder, _server: server };
            }
            server.stdin.take().expect("a pipe").write_all(b"keep").expect("told");
            server.wait().expect("ended");
        }
        panic!("PostgreSQL does not start: {}", fs::read_to_string(folder.join("log")).unwrap_or_default());
    }
}

/// False when another program took the port meanwhile.
fn answers(programs: &Path, port: u16, log: &Path) -> bool {
    let mut ready = Command::new(programs.join("pg_isready"));
    let ready = ready.args(["-q", "-h", "127.0.0.1", "-t", "1", "-p"]).arg(port.to_string());
    let end = std::time::Instant::now() + START;
    while std::time::Instant::now() < end {
        if ready.status().expect("pg_isready runs").success() {
            return !fs::read_to_string(log).expect("a log").contains("could not bind");
        }
        if fs::read_to_string(log).is_ok_and(|log| log.contains("could not bind")) {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

/// Left to the server's shell to remove.
fn private_folder() -> PathBuf {
    tempfile::Builder::new().prefix("sicantik-store-").tempdir().expect("a folder").keep()
}

/// The certificate of the server and of the authority that issued it.
fn certify(folder: &Path) {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::CommonName, "Otoritas Contoh");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let names = CertificateParams::new(NAMES.map(str::to_owned)).expect("names");
    let server = names.signed_by(&key, &authority).expect("signed");
    fs::write(folder.join("authority.pem"), pem("CERTIFICATE", authority.der())).expect("written");
    fs::write(folder.join("server.pem"), pem("CERTIFICATE", server.der())).expect("written");
    fs::write(folder.join("server.key"), pem("PRIVATE KEY", &key.serialize_der())).expect("written");
    fs::set_permissions(folder.join("server.key"), fs::Permissions::from_mode(0o600)).expect("private");
}

pub fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", BASE64_STANDARD.encode(der))
}

/// The newest one on this machine.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok);
    let versions = versions.filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())));
    let newest = versions.filter(|(_, path)| path.join("bin/initdb").is_file()).max()?;
    Some(newest.1.join("bin"))
}

/// Root must not run PostgreSQL, so Debian's user does; anybody else does it as himself.
fn postgres_user() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").expect("a process").uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("users");
    let line = users.lines().find(|line| line.starts_with("postgres:")).expect("a user postgres");
    let mut numbers = line.split(':').skip(2).map(|number| number.parse().expect("a number"));
    Some((numbers.next().expect("a user"), numbers.next().expect("a group")))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}
