//! Reads the sources and holds them to the plan of the house (`docs/architecture.md`): which module may use
//! which, which crate may appear where, and how large a file may grow.

#![allow(clippy::expect_used, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Allowed `use crate::` edges of each top-level module; what is not listed may use nothing.
const EDGES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("net", &[]),
    ("clock", &[]),
    ("health", &["metrics"]),
    ("lifecycle", &[]),
    ("config", &[]),
    ("telemetry", &["config"]),
    ("metrics", &["clock", "domain"]),
    ("orders", &["domain", "net"]),
    ("sicantik", &["clock", "domain", "net", "config", "metrics"]),
    ("odoo", &["clock", "domain", "net", "config", "metrics", "orders"]),
    ("sources", &["clock", "config", "domain", "net", "sicantik"]),
    ("sync", &["domain", "net", "clock", "config", "metrics", "orders", "sicantik", "odoo"]),
    ("store", &["config"]),
    ("jobs", &["app", "domain", "lifecycle", "metrics", "odoo", "orders", "sicantik", "store", "sync"]),
    ("http", &["clock", "domain", "health", "metrics", "store"]),
    ("app", &["clock", "config", "domain", "health", "net", "odoo", "orders", "sicantik", "sources", "sync"]),
    (
        "commands",
        &[
            "app",
            "clock",
            "config",
            "domain",
            "health",
            "http",
            "jobs",
            "lifecycle",
            "metrics",
            "net",
            "odoo",
            "orders",
            "sicantik",
            "sources",
            "store",
            "sync",
            "telemetry",
        ],
    ),
];

/// Crates that may appear only in some modules.
const CRATES: &[(&str, &[&str])] = &[
    ("axum", &["http"]),
    ("hyper", &["http"]),
    ("hyper_util", &["http"]),
    ("reqwest", &["net", "sicantik", "odoo/transport"]),
    ("metrics_exporter_prometheus", &["metrics.rs"]),
    ("utoipa", &["http"]),
    ("jsonrpsee", &["odoo/transport"]),
    ("governor", &["net/rate.rs"]),
    ("backoff", &["net/retry.rs"]),
    ("httpdate", &["net/retry_after.rs"]),
    ("tower", &["odoo/transport"]),
    ("quick_xml", &["sicantik"]),
    ("flate2", &["sicantik"]),
    ("sqlx", &["store"]),
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

fn crate_uses(text: &str) -> Vec<String> {
    let joined: String = code(text).collect::<Vec<_>>().join(" ");
    let mut modules = Vec::new();
    for piece in joined.split("crate::").skip(1) {
        match piece.strip_prefix('{') {
            Some(group) => {
                let group = group.split("};").next().unwrap_or(group);
                modules.extend(top_level_names(group));
            }
            None => modules.push(leading_name(piece)),
        }
    }
    modules
}

fn top_level_names(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = vec![String::new()];
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            _ if depth == 0 => names.last_mut().expect("one").push(character),
            _ => {}
        }
    }
    names.iter().map(|name| leading_name(name.trim())).filter(|name| !name.is_empty()).collect()
}

fn leading_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
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
        for used in crate_uses(&source.text) {
            let fine = used == module || allowed.contains(&used.as_str());
            assert!(fine, "{}: {module} may not use {used}", source.path.display());
        }
    }
}

#[test]
fn crates_stay_in_their_rooms() {
    for source in sources() {
        for (name, rooms) in CRATES {
            let used = code(&source.text).any(|line| {
                line.match_indices(&format!("{name}::"))
                    .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
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
