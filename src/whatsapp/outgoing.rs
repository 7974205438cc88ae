//! A message as it goes out: an approved text, and the values that stand in it.

use std::fmt;

/// In one value, as every provider takes it.
const LONGEST_VALUE: usize = 200;

/// One more blank in a row is refused by the providers.
const MOST_BLANKS: usize = 1;

/// Stands for a value that is empty.
const NOTHING: &str = "-";

/// To one person.
#[derive(Clone, Copy)]
pub struct Outgoing<'a> {
    /// E.164, with the plus.
    pub to: &'a str,
    /// How the text is registered at the provider's.
    pub text: &'a str,
    /// As the provider writes it: `id`, `en`.
    pub language: &'a str,
    pub parameters: &'a Parameters,
    /// Ours, comes back with receipts: at most 100 bytes.
    pub reference: &'a str,
    /// What ends the address of the text's button, where it has one.
    pub button: Option<&'a str>,
    /// What stands above the words, where the text has a place for it.
    pub header: Option<Document<'a>>,
    /// The whole address of our webhook, for the providers that want it with each message.
    pub receipts: Option<&'a str>,
}

/// A document that the provider fetches and the person sees.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    /// Whoever has it can read the document.
    pub link: &'a str,
    /// As the person sees it.
    pub name: &'a str,
}

/// The values of a text, in their order, as every provider takes them: without line breaks, tabs and further blanks, none
/// of them empty, none too long.
#[derive(Clone, PartialEq, Eq)]
pub struct Parameters(Vec<String>);

/// Without the person, and what the person is told.
impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, language, reference, .. } = self;
        let mut told = formatter.debug_struct("Outgoing");
        told.field("text", text).field("language", language).field("reference", reference).finish_non_exhaustive()
    }
}

/// Without the link, which opens it, and the name, which may be a person's.
impl fmt::Debug for Document<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Document").finish_non_exhaustive()
    }
}

/// How many there are.
impl fmt::Debug for Parameters {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Parameters").field(&self.0.len()).finish()
    }
}

/// Values that do not fit their text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParametersError {
    #[error("the text has {wanted} variables, and there are {given} values")]
    Count { wanted: usize, given: usize },
    #[error("value {0} is empty")]
    Empty(usize),
}

impl Parameters {
    /// Of the values that a permit or a person brings. `wanted` is how many variables the approved text has;
    /// `may_be_empty` says of which value a hyphen may stand in its place, counted from 0.
    pub fn new(
        values: &[String],
        wanted: usize,
        may_be_empty: impl Fn(usize) -> bool,
    ) -> Result<Self, ParametersError> {
        if values.len() != wanted {
            return Err(ParametersError::Count { wanted, given: values.len() });
        }
        let cleaned = values.iter().enumerate().map(|(number, value)| {
            let value = cleaned(value);
            match value.is_empty() {
                false => Ok(value),
                true if may_be_empty(number) => Ok(NOTHING.to_owned()),
                true => Err(ParametersError::Empty(number + 1)),
            }
        });
        cleaned.collect::<Result<_, _>>().map(Self)
    }

    /// In their order.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.0
    }
}

/// Control characters and white space of every kind become single blanks; what is too long ends with an ellipsis.
fn cleaned(value: &str) -> String {
    let mut clean = String::new();
    let mut blanks = 0;
    for character in value.trim().chars() {
        let is_blank = character.is_whitespace() || character.is_control();
        blanks = if is_blank { blanks + 1 } else { 0 };
        if !is_blank {
            clean.push(character);
        } else if blanks <= MOST_BLANKS {
            clean.push(' ');
        }
    }
    let clean = clean.trim();
    if clean.chars().count() <= LONGEST_VALUE {
        return clean.to_owned();
    }
    let mut short: String = clean.chars().take(LONGEST_VALUE - 1).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Result<Vec<String>, ParametersError> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        Parameters::new(&values, 2, |number| number == 1).map(|parameters| parameters.values().to_vec())
    }

    #[test]
    fn white_space_that_no_provider_takes_becomes_one_blank() {
        for value in
            ["BUDI\nSANTOSA", "BUDI \t  SANTOSA", " BUDI\r\nSANTOSA ", "BUDI\u{a0}\u{2003}SANTOSA", "BUDI\0SANTOSA"]
        {
            assert_eq!(of(&[value, "x"]), Ok(vec!["BUDI SANTOSA".to_owned(), "x".to_owned()]), "{value:?}");
        }
    }

    #[test]
    fn a_value_is_never_empty_and_never_too_long() {
        assert_eq!(of(&["x", " \n"]), Ok(vec!["x".to_owned(), "-".to_owned()]));
        assert_eq!(of(&[" \n", "x"]), Err(ParametersError::Empty(1)));
        let long = of(&[&"BUDI ".repeat(400), "x"]).expect("shortened").swap_remove(0);
        assert!(long.chars().count() <= LONGEST_VALUE && long.ends_with("BUDI…"), "{long}");
    }

    #[test]
    fn there_are_as_many_values_as_the_text_has_variables() {
        assert_eq!(of(&["x"]), Err(ParametersError::Count { wanted: 2, given: 1 }));
        assert_eq!(of(&["x", "y", "z"]), Err(ParametersError::Count { wanted: 2, given: 3 }));
    }

    #[test]
    fn what_looks_like_a_variable_is_a_value() {
        assert_eq!(of(&["{{1}}", "{2}"]), Ok(vec!["{{1}}".to_owned(), "{2}".to_owned()]));
    }
}
