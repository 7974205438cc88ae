//! What the addon and the pages say of the worker's code is true of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sicantik_companion::sicantik::BROKEN_OFF;

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
    // Of calls alone, and no error of a run.
    codes.insert(BROKEN_OFF.to_owned());

    let words = read("odoo_addon/sicantik_connector/wording/errors.py");
    let told = words.lines().filter(|line| line.contains("\": env._(")).filter_map(quoted);
    assert_eq!(told.collect::<BTreeSet<_>>(), codes);
}

#[test]
fn the_addon_takes_as_long_a_name_as_the_worker_sends() {
    let limit = format!("MAX_TEXT = {}", sicantik_companion::domain::text::MAX_NAME);
    assert!(read("odoo_addon/sicantik_connector/tools/constants.py").lines().any(|line| line == limit), "{limit}");
}

/// The files below a folder that end so: path and text.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (mut folders, mut found) = (vec![root], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let text = fs::read_to_string(&path).expect("text");
                found.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    found
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Whether a line of the text begins an item of this name, behind one of these words.
fn defines(text: &str, kinds: &[&str], name: &str) -> bool {
    let begins = |line: &str| {
        let words: Vec<&str> = words(line).collect();
        words.windows(2).any(|pair| kinds.contains(&pair[0]) && pair[1] == name)
    };
    text.lines().filter(|line| !line.trim_start().starts_with(['/', '#'])).any(begins)
}

/// `Type::method` and `module::item` lie where they say, `item` anywhere.
fn is_in_the_worker(name: &str, sources: &[(String, String)]) -> bool {
    let (place, item) = name.rsplit_once("::").map_or((None, name), |(place, item)| (Some(place), item));
    sources.iter().any(|(path, text)| {
        let is_there = place.is_none_or(|place| words(path).any(|part| part == place) || has_impl(text, place));
        is_there && defines(text, &["fn", "struct", "enum", "trait", "mod"], item)
    })
}

fn has_impl(text: &str, name: &str) -> bool {
    text.lines().any(|line| line.starts_with("impl") && words(line).any(|word| word == name))
}

/// `sicantik.model.method` stands in a file of that model, `function` anywhere.
fn is_in_the_addon(name: &str, modules: &[(String, String)]) -> bool {
    let (model, item) = name.rsplit_once('.').map_or((None, name), |(model, item)| (Some(model), item));
    modules.iter().any(|(_, text)| {
        let is_there = model.is_none_or(|model| text.contains(&format!(" = \"{model}\"\n")));
        is_there && defines(text, &["def", "class"], item)
    })
}

#[test]
fn the_way_of_a_permit_names_what_is_there() {
    let page = read("docs/architecture.md");
    let (_, rest) = page.split_once("## The way of a permit\n").expect("the section");
    let (section, _) = rest.split_once("\n## ").expect("its end");
    let named: BTreeSet<&str> = section.split('`').skip(1).step_by(2).collect();
    assert!(named.len() > 50, "{named:?}");

    let sources = files("src", ".rs");
    let addon = ["models", "tools"].map(|folder| files(&format!("odoo_addon/sicantik_connector/{folder}"), ".py"));
    let modules = addon.concat();
    let is_there = |name: &&&str| is_in_the_worker(name, &sources) || is_in_the_addon(name, &modules);
    let gone: Vec<_> = named.iter().filter(|name| !is_there(name)).collect();
    assert!(gone.is_empty(), "docs/architecture.md names what the code does not have: {gone:?}");
}
