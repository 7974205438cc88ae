//! Reads the sources and holds them to the plan of the house (`docs/architecture.md`): which module may use
//! which, which crate may appear where, how large a file may grow, and what is said of things that others use.

#![allow(clippy::expect_used, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Allowed edges of each top-level module; what is not listed may use nothing.
const EDGES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("net", &[]),
    ("clock", &[]),
    ("health", &["metrics"]),
    ("lifecycle", &[]),
    ("pdf", &[]),
    ("config", &[]),
    ("telemetry", &["config"]),
    ("metrics", &["clock", "domain"]),
    ("orders", &["domain", "net"]),
    ("sicantik", &["clock", "domain", "net", "config", "metrics"]),
    ("odoo", &["clock", "domain", "net", "config", "metrics", "orders"]),
    ("sources", &["clock", "config", "domain", "net", "sicantik"]),
    ("sync", &["domain", "net", "clock", "config", "metrics", "orders", "sicantik", "odoo", "store"]),
    ("store", &["clock", "config", "domain"]),
    ("queue", &["store"]),
    ("whatsapp", &["clock", "net"]),
    ("signing", &["clock", "domain", "net", "pdf", "secrets"]),
    ("outbox", &["clock", "config", "domain", "metrics", "net", "odoo", "queue", "secrets", "store", "whatsapp"]),
    ("secrets", &["config", "store"]),
    ("files", &["clock", "config", "domain", "metrics", "pdf", "secrets", "store"]),
    ("inbox", &["clock", "config", "domain", "files", "metrics", "odoo", "pdf", "store"]),
    (
        "jobs",
        &["app", "domain", "inbox", "lifecycle", "metrics", "odoo", "orders", "outbox", "sicantik", "store", "sync"],
    ),
    ("http", &["clock", "domain", "files", "health", "metrics", "net", "odoo", "secrets", "store", "whatsapp"]),
    (
        "app",
        &[
            "clock", "config", "domain", "files", "health", "inbox", "net", "odoo", "orders", "outbox", "secrets",
            "sicantik", "signing", "sources", "store", "sync",
        ],
    ),
    (
        "commands",
        &[
            "app",
            "clock",
            "config",
            "domain",
            "files",
            "health",
            "http",
            "inbox",
            "jobs",
            "lifecycle",
            "metrics",
            "net",
            "odoo",
            "orders",
            "pdf",
            "secrets",
            "sicantik",
            "signing",
            "sources",
            "store",
            "sync",
            "whatsapp",
            "telemetry",
        ],
    ),
];

/// Crates that may appear only in some modules.
const CRATES: &[(&str, &[&str])] = &[
    ("axum", &["http"]),
    ("hyper", &["http"]),
    ("hyper_util", &["http"]),
    ("http_body", &["signing/bsre/body.rs"]),
    ("reqwest", &["net", "sicantik", "odoo/transport", "signing/bsre", "signing/local/time_service.rs", "whatsapp"]),
    ("metrics_exporter_prometheus", &["metrics.rs"]),
    ("utoipa", &["http"]),
    ("jsonrpsee", &["odoo/transport"]),
    ("governor", &["net/asks.rs", "net/rate.rs"]),
    ("backoff", &["net/retry.rs"]),
    ("httpdate", &["net/retry_after.rs"]),
    ("tower", &["odoo/transport"]),
    ("quick_xml", &["sicantik"]),
    ("flate2", &["sicantik", "pdf"]),
    ("lopdf", &["pdf"]),
    ("cms", &["pdf/verify", "signing/local"]),
    ("der", &["pdf/verify", "signing/local"]),
    ("spki", &["pdf/verify", "signing/local"]),
    ("x509_cert", &["pdf/verify", "signing/local"]),
    ("x509_ocsp", &["pdf/verify"]),
    ("x509_tsp", &["signing/local"]),
    ("rcgen", &["signing/local"]),
    ("qrcode", &["pdf/revise/qr.rs"]),
    ("rustix", &["files/storage.rs", "pdf/child.rs", "pdf/looking.rs"]),
    ("sqlx", &["store"]),
    ("hpke", &["secrets/master_key.rs", "secrets/sealed_stream.rs"]),
    ("object_store", &["files/bucket.rs", "files/place.rs", "files/placed.rs"]),
    ("clap", &["commands"]),
    ("indicatif", &["commands"]),
];

/// Own lines (before the tests) of the largest file.
const MAX_LINES: usize = 300;

struct Source {
    path: PathBuf,
    /// Path below `src`, with `/`.
    name: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
                sources.push(Source { text: fs::read_to_string(&path).expect("text"), path, name });
            }
        }
    }
    assert!(sources.len() > 30, "the sources were not found");
    sources
}

fn module_of(name: &str) -> &str {
    name.split('/').next().unwrap_or(name).trim_end_matches(".rs")
}

/// Code without comments, so that prose may name what it likes.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

/// The top-level modules that a file uses: by `crate::`, or by as many `super::` as lead out of its own.
fn modules_used(name: &str, text: &str) -> Vec<String> {
    let path = name.trim_end_matches("mod.rs").trim_end_matches(".rs").trim_end_matches('/');
    let depth = path.split('/').count();
    let mut modules = Vec::new();
    for (deeper, code) in scopes(text) {
        for root in starts(&code, "crate::") {
            modules.extend(names_behind(&code[root..]["crate::".len()..]));
        }
        for start in starts(&code, "super::") {
            let mut rest = &code[start..];
            let mut steps = 0;
            while let Some(behind) = rest.strip_prefix("super::") {
                (rest, steps) = (behind, steps + 1);
            }
            if steps == depth + deeper {
                modules.extend(names_behind(rest));
            }
        }
    }
    modules
}

/// The code of a file by how many modules deep it stands in it: what is in no module of its own is at 0.
fn scopes(text: &str) -> BTreeMap<usize, String> {
    let mut scopes = BTreeMap::<usize, String>::new();
    let mut ends = Vec::new();
    for line in code(text) {
        if ends.last().is_some_and(|end| line == *end) {
            ends.pop();
        }
        let scope = scopes.entry(ends.len()).or_default();
        scope.push_str(line.trim());
        scope.push(' ');
        let opens = line.trim_start().trim_start_matches("pub ").starts_with("mod ") && line.ends_with('{');
        if opens {
            ends.push(format!("{}}}", &line[..line.len() - line.trim_start().len()]));
        }
    }
    scopes
}

/// Where the word begins, but not in the middle of a path of such words.
fn starts(code: &str, word: &str) -> Vec<usize> {
    let found = code.match_indices(word).map(|(at, _)| at);
    found.filter(|at| !code[..*at].ends_with(is_of_a_name) && !code[..*at].ends_with("super::")).collect()
}

/// The name that follows a path, or those of the group that does.
fn names_behind(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else { return vec![leading_name(path)] };
    let mut depth = 0;
    let mut names = vec![String::new()];
    for character in group.chars() {
        match character {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            _ if depth == 0 => names.last_mut().expect("one").push(character),
            _ => {}
        }
    }
    assert!(!names.iter().any(|name| name.trim_start().starts_with("super::")), "write it out: {group:.80}");
    names.iter().map(|name| leading_name(name.trim())).filter(|name| !name.is_empty()).collect()
}

fn leading_name(text: &str) -> String {
    text.chars().take_while(|c| is_of_a_name(*c)).collect()
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[test]
fn modules_use_only_what_the_plan_allows() {
    let edges: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    for source in sources() {
        let module = module_of(&source.name);
        if matches!(module, "main" | "lib") {
            continue;
        }
        let allowed = edges.get(module).unwrap_or_else(|| panic!("{module}: add the new module to EDGES"));
        for used in modules_used(&source.name, &source.text) {
            let fine = used == module || allowed.contains(&used.as_str());
            assert!(fine, "{}: {module} may not use {used}", source.path.display());
        }
    }
}

#[test]
fn a_module_is_seen_by_whatever_way_it_is_used() {
    let used = |name: &str, text: &str| modules_used(name, text).join(" ");
    assert_eq!(
        used("sync/run.rs", "use crate::{\n    odoo::{Finish, Report},\n    orders,\n};\nuse super::Stop;"),
        "odoo orders"
    );
    assert_eq!(used("sync/run.rs", "    crate::store::open(crate::app::VERSION)"), "store app");
    assert_eq!(
        used("http/internal/hooks.rs", "use super::super::{state, error};\nuse super::super::super::store;"),
        "store"
    );
    assert_eq!(used("http/mod.rs", "use super::{jobs::Job, store};\npub(super) fn f() {}"), "jobs store");
    assert_eq!(used("clock.rs", "use self::super::store;\nuse super::app;"), "store app");
    let tests = "use super::a;\nmod tests {\n    use super::super::b;\n    use super::super::super::store;\n}\nuse super::super::app;";
    assert_eq!(used("sync/run.rs", tests), "app store");
    assert_eq!(used("sync/run.rs", "// use crate::store;"), "");
}

#[test]
fn crates_stay_in_their_rooms() {
    for source in sources() {
        for (name, rooms) in CRATES {
            let used = code(&source.text).any(|line| {
                line.match_indices(&format!("{name}::")).any(|(at, _)| !line[..at].ends_with(is_of_a_name))
            });
            let at_home = rooms.iter().any(|room| source.name.starts_with(room));
            assert!(!used || at_home, "{}: {name} belongs in {rooms:?}", source.path.display());
        }
    }
}

#[test]
fn files_stay_small() {
    for source in sources() {
        let own = source.text.split("#[cfg(test)]\nmod").next().unwrap_or(&source.text).lines().count();
        assert!(own <= MAX_LINES, "{}: {own} lines; is there a room that wants its own door?", source.path.display());
    }
}

#[test]
fn every_module_says_what_it_is() {
    for source in sources() {
        assert!(source.text.starts_with("//!"), "{}: begin with what the module is", source.path.display());
    }
}

/// Words of an item that others may use, before its name.
const ITEMS: [&str; 6] = ["fn", "struct", "enum", "union", "trait", "type"];

/// In place of rustc's `missing_docs`, which wants a sentence at each field and variant, too.
#[test]
fn what_others_use_says_what_it_is() {
    for source in sources() {
        for told in told(own_lines(&source)).iter().filter(|told| told.is_public_item()) {
            assert!(told.has_sentence(), "{}: say what `{}` is", source.path.display(), told.name());
        }
    }
}

#[test]
fn no_doc_repeats_the_name() {
    let mut found = Vec::new();
    for source in sources() {
        let repeated = told(own_lines(&source)).into_iter().filter(Told::repeats_its_name);
        found.extend(repeated.map(|told| format!("{}: {:?} above `{}`", source.path.display(), told.doc, told.name())));
    }
    assert!(found.is_empty(), "say more, or nothing:\n{}", found.join("\n"));
}

#[test]
fn a_missing_sentence_and_a_repeated_name_are_seen() {
    let lines = "/// The permit.\n#[derive(\n    Debug,\n)]\npub struct Permit {\n    /// Its status, a word.\n    pub status: u8,\n    \
                 /// The permit number.\n    pub permit_number: u8,\n}\n\n#[must_use]\npub async fn bare() {}\n\
                 /// A sentence\npub const fn half() {}\n/// A whole one.\npub unsafe trait Fine {}\n\
                 /// Link local.\nLinkLocal,\nfn private() {}\npub(super) fn inside() {}";
    let told = told(lines);
    assert_eq!(names(&told, Told::is_public_item), "Permit bare half Fine");
    assert_eq!(names(&told, |told| told.is_public_item() && !told.has_sentence()), "bare half");
    assert_eq!(names(&told, Told::repeats_its_name), "Permit permit_number LinkLocal");
}

fn names<'a>(told: &[Told<'a>], of: impl Fn(&Told<'a>) -> bool) -> String {
    told.iter().filter(|told| of(told)).map(Told::name).collect::<Vec<_>>().join(" ")
}

/// A line of code, and what stands above it.
struct Told<'a> {
    doc: String,
    code: &'a str,
}

impl Told<'_> {
    /// Without `pub` and what else comes before the kind of an item.
    fn words(&self) -> Vec<&str> {
        let words = self.code.split_whitespace().skip_while(|word| word.starts_with("pub"));
        words.skip_while(|word| ["async", "const", "unsafe"].contains(word)).collect()
    }

    fn is_public_item(&self) -> bool {
        self.code.starts_with("pub ") && self.words().first().is_some_and(|word| ITEMS.contains(word))
    }

    /// Of an item, a field or a variant.
    fn name(&self) -> String {
        let words = self.words();
        let at = usize::from(words.first().is_some_and(|word| ITEMS.contains(word)));
        words.get(at).map(|word| leading_name(word)).unwrap_or_default()
    }

    fn has_sentence(&self) -> bool {
        let first = self.doc.split("\n\n").next().unwrap_or_default().trim_end();
        first.contains(' ') && first.ends_with(['.', '?', ':', ')'])
    }

    fn repeats_its_name(&self) -> bool {
        let said = self.doc.to_lowercase();
        let said = said.split(|c: char| !c.is_alphanumeric()).filter(|word| !["", "a", "an", "the"].contains(word));
        let mut name = String::new();
        for character in self.name().chars() {
            if character.is_uppercase() {
                name.push('_');
            }
            name.extend(character.to_lowercase());
        }
        // How it is spelt elsewhere, such as a variable, is news.
        !self.doc.is_empty() && !self.doc.starts_with('`') && said.eq(name.split('_').filter(|word| !word.is_empty()))
    }
}

/// Every line of code that a doc or a name could belong to.
fn told(lines: &str) -> Vec<Told<'_>> {
    let mut told = Vec::new();
    let (mut doc, mut open_brackets) = (String::new(), 0);
    for line in lines.lines().map(str::trim) {
        let in_attribute = open_brackets > 0 || line.starts_with("#[");
        if let Some(text) = line.strip_prefix("///") {
            doc.push_str(text.trim());
            doc.push('\n');
        } else if in_attribute {
            open_brackets += line.matches('[').count();
            open_brackets -= line.matches(']').count().min(open_brackets);
        } else {
            told.push(Told { doc: std::mem::take(&mut doc).trim_end().to_owned(), code: line });
        }
    }
    told
}

/// A file without its tests.
fn own_lines(source: &Source) -> &str {
    if source.name.ends_with("tests.rs") {
        return "";
    }
    source.text.split("#[cfg(test)]\nmod").next().unwrap_or(&source.text)
}

/// Words that lead to documents that are not here, or that nobody else has read.
const ELSEWHERE: [&str; 7] =
    ["shared/", "design/", "reviews/", "predecessor", "review finding", "architecture.md section", "/work/"];

/// Endings of files that people write.
const WRITTEN: [&str; 10] = ["rs", "py", "md", "xml", "js", "css", "sh", "toml", "sql", "csv"];

#[test]
fn nothing_points_at_a_document_that_is_not_here() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = ["src", "tests", "odoo_addon", "docs"].iter().map(|name| root.join(name)).collect();
    let (mut found, mut read) = (Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            // Caches of tools are hidden folders.
            let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_dir() && !is_hidden {
                folders.push(path);
                continue;
            }
            let is_written = path.extension().is_some_and(|ending| WRITTEN.iter().any(|known| ending == *known));
            if !is_written || path == root.join(file!()) {
                continue;
            }
            read += 1;
            let text = fs::read_to_string(&path).expect("text").to_lowercase();
            let pointing = text.lines().filter(|line| ELSEWHERE.iter().any(|word| line.contains(word)));
            found.extend(pointing.map(|line| format!("{}: {}", path.display(), line.trim())));
        }
    }
    assert!(read > 300, "the files were not found");
    assert!(found.is_empty(), "say the fact itself:\n{}", found.join("\n"));
}
