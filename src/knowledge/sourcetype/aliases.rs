//! The values of `FIELDALIAS-class` and `LOOKUP-class`.

use super::super::located::Located;
use super::super::words::{Word, split_words};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Text;

/// A second name for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The field that is there.
    pub field: Text,
    /// Its second name.
    pub alias: Text,
    /// `AS`: a field of that name is replaced, and removed where the first is missing. Otherwise, with
    /// `ASNEW`, it is left alone (props.conf, `FIELDALIAS`).
    pub overwrite: bool,
    /// Where it was said.
    pub place: Located,
}

/// A lookup that every event goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutomaticLookup {
    /// The class: what stands after `LOOKUP-`.
    pub class: Text,
    /// The lookup's name.
    pub lookup: Text,
    /// Pairs of the table's column and the event's field that are to match.
    pub inputs: Vec<(Text, Text)>,
    /// Pairs of the table's column and the event's field that it is written to; none for all columns that
    /// are not inputs.
    pub outputs: Option<Vec<(Text, Text)>>,
    /// `OUTPUT`: fields that are there are replaced. Otherwise, with `OUTPUTNEW`, they are left alone.
    pub overwrite: bool,
    /// Where it was said.
    pub place: Located,
}

/// Reads `a AS b "c d" ASNEW e`.
///
/// # Errors
/// Anything else.
pub(super) fn read_aliases(value: &Located) -> Result<Vec<Alias>> {
    let words = split_words(value.text());
    let mut aliases = Vec::new();
    let mut rest = words.as_slice();
    while !rest.is_empty() {
        let [field, keyword, alias, after @ ..] = rest else { return Err(not_aliases(value)) };
        if !keyword.is("AS") && !keyword.is("ASNEW") {
            return Err(not_aliases(value));
        }
        aliases.push(Alias {
            field: field.text.clone(),
            alias: alias.text.clone(),
            overwrite: keyword.is("AS"),
            place: value.clone(),
        });
        rest = after;
    }
    Ok(aliases)
}

fn not_aliases(value: &Located) -> Diagnostic {
    value.error(Code::Knowledge, format!("`{}` is not FIELD AS ALIAS", value.text()))
}

/// Reads `table column [AS field] … [OUTPUT|OUTPUTNEW column [AS field] …]`.
///
/// # Errors
/// Anything else.
pub(super) fn read_lookup(class: &str, value: &Located) -> Result<AutomaticLookup> {
    let wrong = || {
        let message =
            format!("`{}` is not LOOKUP COLUMN [AS FIELD] [OUTPUT COLUMN [AS FIELD]]", value.text());
        value.error(Code::Knowledge, message)
    };
    let words = split_words(value.text());
    let (lookup, rest) = words.split_first().ok_or_else(wrong)?;
    let output = rest.iter().position(|word| word.is("OUTPUT") || word.is("OUTPUTNEW"));
    let (inputs, outputs) = rest.split_at_checked(output.unwrap_or(rest.len())).ok_or_else(wrong)?;
    let inputs = read_pairs(inputs).filter(|pairs| !pairs.is_empty()).ok_or_else(wrong)?;
    let overwrite = outputs.first().is_none_or(|word| word.is("OUTPUT"));
    let outputs = match outputs.split_first() {
        None | Some((_, [])) => None,
        Some((_, columns)) => Some(read_pairs(columns).ok_or_else(wrong)?),
    };
    let lookup = lookup.text.clone();
    Ok(AutomaticLookup { class: class.into(), lookup, inputs, outputs, overwrite, place: value.clone() })
}

/// Reads `column [AS field] …`.
fn read_pairs(mut words: &[Word]) -> Option<Vec<(Text, Text)>> {
    let mut pairs = Vec::new();
    loop {
        words = match words {
            [] => return Some(pairs),
            [column, keyword, field, rest @ ..] if keyword.is("AS") => {
                pairs.push((column.text.clone(), field.text.clone()));
                rest
            }
            [column, rest @ ..] if !column.is("AS") => {
                pairs.push((column.text.clone(), column.text.clone()));
                rest
            }
            _ => return None,
        };
    }
}
