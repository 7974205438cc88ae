//! What the addon and the pages say of the worker's code is true of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

fn quoted(line: &str) -> Option<String> {
    line.split('"').nth(1).map(str::to_owned)
}

/// The words that `fn code` of an error gives.
fn codes_of(path: &str) -> BTreeSet<String> {
    let source = read(path);
    let (_, rest) = source.split_once("pub fn code(&self)").expect("fn code");
    let (body, _) = rest.split_once("\n    }\n").expect("its end");
    body.lines().filter_map(quoted).collect()
}

#[test]
fn each_error_that_ends_a_run_has_its_sentence_in_the_addon() {
    let mut codes = codes_of("src/sicantik/error.rs");
    codes.extend(codes_of("src/odoo/error.rs"));
    // Whoever lost the lease of a run tells its end to nobody.
    assert!(codes.remove("lease_lost"));
    // Odoo finds that out by itself.
    codes.insert("lost".to_owned());

    let words = read("odoo_addon/sicantik_connector/wording/errors.py");
    let told = words.lines().filter(|line| line.contains("\": env._(")).filter_map(quoted);
    assert_eq!(told.collect::<BTreeSet<_>>(), codes);
}
