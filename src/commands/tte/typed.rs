//! What a person types, unseen, or pipes in: a line each.

use std::io::{IsTerminal, Read, stdin};

use anyhow::Context;
use secrecy::SecretString;
use zeroize::Zeroizing;

/// A few lines are short; what comes behind is not read.
const MOST_BYTES: u64 = 64 * 1024;

/// What is typed or piped in, a line each: a NIK, a passphrase.
pub(super) struct Typed(Vec<Zeroizing<String>>);

impl Typed {
    pub(super) async fn read(questions: &[Option<&'static str>]) -> anyhow::Result<Self> {
        let questions: Vec<&'static str> = questions.iter().rev().copied().flatten().collect();
        let read = move || -> std::io::Result<Vec<Zeroizing<String>>> {
            if stdin().is_terminal() {
                let asked = questions.iter().rev().map(|question| rpassword::prompt_password(format!("{question}: ")));
                let asked: Result<Vec<_>, _> = asked.map(|line| line.map(Zeroizing::new)).collect();
                return asked.map(|lines| lines.into_iter().rev().collect());
            }
            let mut text = Zeroizing::new(String::with_capacity(usize::try_from(MOST_BYTES).unwrap_or_default()));
            stdin().take(MOST_BYTES).read_to_string(&mut text)?;
            let lines = text.lines().take(questions.len()).map(|line| Zeroizing::new(line.to_owned()));
            Ok(lines.collect::<Vec<_>>().into_iter().rev().collect())
        };
        let lines = tokio::task::spawn_blocking(read).await?.context("what was typed cannot be read")?;
        Ok(Self(lines))
    }

    pub(super) fn next(&mut self) -> Option<SecretString> {
        self.0.pop().filter(|line| !line.is_empty()).map(|line| SecretString::from(line.as_str()))
    }
}
