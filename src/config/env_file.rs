//! The file of settings that *Connect Worker* in Odoo shows: lines `NAME=VALUE`, as systemd reads them, for commands that
//! no service manager starts.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::ConfigError;

/// A file of settings is short.
const MAX_BYTES: u64 = 64 * 1024;

/// Nobody but the owner may write it, and nobody but the owner and its group may read it.
const TOO_OPEN: u32 = 0o027;

/// Variables from a file. Those of the process win.
#[derive(Clone, Default)]
pub struct EnvFile {
    /// Where it is; `None` = there is none.
    pub path: Option<PathBuf>,
    /// Others than its owner can read or change it.
    pub is_too_open: bool,
    variables: HashMap<String, String>,
}

impl std::fmt::Debug for EnvFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("EnvFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl EnvFile {
    /// Reads it, if there is one. An error names the line by its number, never by what stands there.
    pub fn read(path: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = path else { return Ok(Self::default()) };
        let refused = |why: String| ConfigError::Unreadable(format!("{}: {why}", path.display()));
        let about = fs::metadata(path).map_err(|error| refused(error.to_string()))?;
        if about.len() > MAX_BYTES || about.is_dir() {
            return Err(refused("this is not a file of settings".to_owned()));
        }
        let text = fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
        let variables = parse(&text).map_err(|line| refused(format!("line {line} is not NAME=VALUE")))?;
        let is_too_open = about.permissions().mode() & TOO_OPEN != 0;
        Ok(Self { path: Some(path.to_owned()), is_too_open, variables })
    }

    /// Its variables, and over them those of the process.
    pub(super) fn over(&self, process: impl Iterator<Item = (String, String)>) -> HashMap<String, String> {
        self.variables.clone().into_iter().chain(process).collect()
    }

    /// The names of the settings in it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }
}

/// The variables, or the number of the first line that is none.
fn parse(text: &str) -> Result<HashMap<String, String>, usize> {
    let mut variables = HashMap::new();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        let (name, value) = assignment(line).ok_or(number + 1)?;
        variables.insert(name.to_owned(), value);
    }
    Ok(variables)
}

fn assignment(line: &str) -> Option<(&str, String)> {
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    let (name, value) = line.split_once('=')?;
    let begins_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_name = begins_well && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    is_name.then_some(())?;
    Some((name, unquoted(value.trim())?))
}

/// The value without its quotes; a backslash keeps its meaning outside double quotes only.
fn unquoted(value: &str) -> Option<String> {
    let Some(quote @ ('"' | '\'')) = value.chars().next() else { return Some(value.to_owned()) };
    let (mut text, mut rest) = (String::new(), value[1..].chars());
    loop {
        match rest.next()? {
            end if end == quote => break,
            '\\' if quote == '"' => text.push(rest.next()?),
            other => text.push(other),
        }
    }
    let behind = rest.as_str().trim_start();
    (behind.is_empty() || behind.starts_with('#')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_a_service_manager_reads_them() {
        let text = "\u{feff}# a comment\r\n; another\n\nA=1\nexport B = no\n";
        assert_eq!(parse(text), Err(5), "no blank before the sign");
        let text = "A=1\r\nexport B=two words # kept\nC='a \"b\" \\ #'\nD=\"x \\\"y\\\\ z\" # told\nE=\nA=2\n_F=a=b";
        let mut found: Vec<(String, String)> = parse(text).expect("good lines").into_iter().collect();
        found.sort();
        let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let wanted = [
            ("A", "2"),
            ("B", "two words # kept"),
            ("C", "a \"b\" \\ #"),
            ("D", "x \"y\\ z"),
            ("E", ""),
            ("_F", "a=b"),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_line_that_is_none_is_named_by_its_number_and_never_quoted() {
        for line in
            ["sangat-rahasia", "1A=sangat-rahasia", "A B=sangat-rahasia", "A=\"sangat-rahasia", "A='sangat-rahasia' x"]
        {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("worker.env");
            fs::write(&path, format!("A=1\n{line}\n")).expect("written");
            let error = EnvFile::read(Some(&path)).expect_err("refused").to_string();
            assert!(error.contains("line 2") && !error.contains("rahasia"), "{error}");
        }
    }

    #[test]
    fn a_file_that_others_can_read_or_change_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("worker.env");
        fs::write(&path, "SICANTIK__HOOK__KEY=sangat-rahasia").expect("written");
        for (mode, is_too_open) in [(0o600, false), (0o640, false), (0o644, true), (0o660, true), (0o602, true)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
            let file = EnvFile::read(Some(&path)).expect("read");
            assert_eq!(file.is_too_open, is_too_open, "{mode:o}");
            assert!(!format!("{file:?}").contains("rahasia"));
        }
        assert!(EnvFile::read(Some(folder.path())).is_err() && EnvFile::read(Some(&path.join("x"))).is_err());
    }
}
