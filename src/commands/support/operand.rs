//! The other rows that a command works on: a search in brackets, or a dataset by its kind and name.

use std::fmt;

use crate::diagnostic::Result;
use crate::parse::args::{Args, Word, write_name};
use crate::parse::{Search, Start};
use crate::value::Text;

/// A search in brackets, or a dataset.
#[derive(Debug)]
pub struct Operand {
    /// The search, or one for the rows of the dataset.
    pub search: Search,
    /// As the dataset is written.
    name: Option<Text>,
}

impl Operand {
    /// Whether a dataset's kind and name stand in a word: `datamodel:M.D`, `lookup:L`.
    pub fn is_dataset(word: &Word) -> bool {
        let kind = word.text.split_once(':').map(|(kind, _)| kind.to_ascii_lowercase());
        kind.is_some_and(|kind| {
            ["datamodel", "lookup", "inputlookup", "savedsearch", "dataset"].contains(&kind.as_str())
        })
    }

    /// The search in the brackets that stand here.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn bracketed(args: &mut Args<'_>) -> Result<Operand> {
        Ok(Operand { search: args.pipeline(Start::Subsearch)?, name: None })
    }

    /// The dataset that a word names.
    ///
    /// # Errors
    /// A kind of dataset that does not exist.
    pub fn dataset(word: Word, args: &mut Args<'_>) -> Result<Operand> {
        let mut text = String::from("| from ");
        // Writing to a string does not fail.
        let _ = write_name(&mut text, &word.text);
        Ok(Operand { search: args.search_for(&text, word.span, Start::Fresh)?, name: Some(word.text) })
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write_name(f, name),
            None => write!(f, "[{}]", self.search),
        }
    }
}
