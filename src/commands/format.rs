//! Makes one search of all rows.
//!
//! ## Syntax
//! `format [mvsep="<text>"] [maxresults=<n>] [emptystr="<text>"] ["<row prefix>" "<column prefix>" "<column
//! separator>" "<column end>" "<row separator>" "<row end>"]`
//!
//! ## Description
//! One row comes out, with one field `search`: for each row the comparisons of its fields, in the order of their
//! names, joined by `AND`, and the rows joined by `OR`. Fields whose name begins with `_` are left out; a field
//! with several values becomes comparisons joined by `mvsep`, which is `OR`. The value of a field that is called
//! `search` or `query` stands as it is, without a name. Where there is nothing to compare the search is
//! `emptystr`, which is `NOT ( )`: it matches nothing.
//!
//! The six texts stand for `(`, `(`, `AND`, `)`, `OR` and `)`; who gives one gives all. `maxresults` takes that
//! many rows, 0 all of them.
//!
//! A subsearch in the arguments of a command ends with this command without its being written. Of one row with
//! nothing but `search` or `query` the value alone is inserted: so `format` and `return` may end a subsearch
//! themselves. Of more than 10,000 rows the first 10,000 are taken, with a warning.
//!
//! ## Examples
//!
//! ```spl
//! format
//! ```
//! ```json in
//! {"user": "ada", "_time": 5, "host": "web"}
//! {"user": "bob"}
//! ```
//! ```json out
//! {"search": "( ( host=\"web\" AND user=\"ada\" ) OR ( user=\"bob\" ) )"}
//! ```
//!
//! ```spl
//! format mvsep="or else" "<" "{" "and" "}" "," ">"
//! ```
//! ```json in
//! {"port": ["22", "23"], "search": "login*"}
//! {"port": "80"}
//! ```
//! ```json out
//! {"search": "< { ( port=\"22\" or else port=\"23\" ) and login* } , { port=\"80\" } >"}
//! ```
//!
//! ```spl
//! format emptystr="nothing"
//! ```
//! ```json in
//! {"_time": 5}
//! ```
//! ```json out
//! {"search": "nothing"}
//! ```
//!
//! ```spl
//! format "(" "("
//! ```
//! ```error
//! error[E0205]: `format` takes six texts for rows and columns, or none, and got 2
//! ```

use std::fmt;
use std::fmt::Write as _;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::Args;
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `format`
#[derive(Clone, Debug)]
pub struct Format {
    separator: Option<Text>,
    most: usize,
    empty: Option<Text>,
    parts: Option<[Text; 6]>,
}

/// What stands around rows and columns where nothing is said about it.
const PARTS: [&str; 6] = ["(", "(", "AND", ")", "OR", ")"];

/// Reads the arguments of `format`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut separator, mut most, mut empty) = (None, 0, None);
    let mut parts: Vec<Text> = Vec::new();
    while !args.at_end() {
        match args.option(&["mvsep", "maxresults", "emptystr"])? {
            Some(("mvsep", value)) => separator = Some(value.text),
            Some(("maxresults", value)) => most = value.count("maxresults")?,
            Some((_, value)) => empty = Some(value.text),
            None => parts.push(args.word("a text")?.text),
        }
    }
    let parts = match (parts.len(), <[Text; 6]>::try_from(parts)) {
        (0, _) => None,
        (_, Ok(parts)) => Some(parts),
        (count, Err(_)) => {
            let message = format!("`format` takes six texts for rows and columns, or none, and got {count}");
            return Err(args.error(message));
        }
    };
    Ok(Box::new(Format { separator, most, empty, parts }))
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("format")?;
        for (name, value) in [("mvsep", &self.separator), ("emptystr", &self.empty)] {
            if let Some(value) = value {
                write!(f, " {name}=")?;
                write_value(f, value)?;
            }
        }
        if self.most > 0 {
            write!(f, " maxresults={}", self.most)?;
        }
        for part in self.parts.iter().flatten() {
            write!(f, " \"{}\"", escaped(part))?;
        }
        Ok(())
    }
}

impl Command for Format {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::all()
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

impl Dataset for Format {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        Ok(vec![search_row(self.text(&batches))])
    }
}

/// The one row that a subsearch ends with.
pub(super) fn search_row(search: String) -> Batch {
    let mut row = Batch::from_rows(&["search".into()], [vec![Value::text(search)]]);
    row.ordered = true;
    row
}

impl Format {
    fn text(&self, batches: &[Batch]) -> String {
        let most = if self.most == 0 { usize::MAX } else { self.most };
        let part = |at: usize| {
            let own = self.parts.as_ref().and_then(|parts| parts.get(at)).map(Text::as_str);
            own.or(PARTS.get(at).copied()).unwrap_or("")
        };
        let separator = self.separator.as_deref().unwrap_or("OR");
        let rows = batches.iter().flat_map(|batch| (0..batch.rows()).map(move |row| (batch, row)));
        let mut text = String::new();
        for (batch, row) in rows.take(most) {
            let terms = terms(batch, row, separator);
            if terms.is_empty() {
                continue;
            }
            let before = if text.is_empty() { part(0) } else { part(4) };
            let terms = terms.join(&format!(" {} ", part(2)));
            let space = if text.is_empty() { "" } else { " " };
            let _ = write!(text, "{space}{before} {} {terms} {}", part(1), part(3));
        }
        match text.is_empty() {
            true => self.empty.as_deref().unwrap_or("NOT ( )").to_string(),
            false => format!("{text} {}", part(5)),
        }
    }
}

/// What a row asks for, field by field in the order of their names.
fn terms(batch: &Batch, row: usize, separator: &str) -> Vec<String> {
    let mut names: Vec<&Text> = batch.names().filter(|name| !name.starts_with('_')).collect();
    names.sort();
    names.into_iter().filter_map(|name| term(name, &batch.get(name, row), separator)).collect()
}

fn term(name: &str, value: &Value, separator: &str) -> Option<String> {
    let raw = is_raw(name);
    let mut terms = value.values().iter().map(|value| match raw {
        true => value.to_text().into_owned().to_string(),
        false => comparison(name, &value.to_text()),
    });
    let first = terms.next()?;
    // Of several values of `search` the first is the search.
    let others: Vec<String> = if raw { Vec::new() } else { terms.collect() };
    if others.is_empty() {
        return Some(first);
    }
    Some(format!("( {first} {separator} {} )", others.join(&format!(" {separator} "))))
}

/// Whether the values of a field stand without its name.
fn is_raw(name: &str) -> bool {
    name == "search" || name == "query"
}

/// `name="value"`, so that the search language reads the value back.
pub(super) fn comparison(name: &str, value: &str) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write_value(&mut out, name);
    let _ = write!(out, "=\"{}\"", escaped(value));
    out
}

/// As it stands between quotation marks.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// The text that is inserted for a subsearch.
pub fn inserted_text(rows: &[Batch]) -> String {
    let filled: Vec<&Batch> = rows.iter().filter(|batch| batch.rows() > 0).collect();
    if let [batch] = filled.as_slice()
        && batch.rows() == 1
    {
        let fields: Vec<&Text> =
            batch.names().filter(|name| !name.starts_with('_') && !batch.get(name, 0).is_null()).collect();
        if let [name] = fields.as_slice()
            && is_raw(name)
        {
            return batch
                .get(name, 0)
                .values()
                .first()
                .map_or(String::new(), |value| value.to_text().into_owned().to_string());
        }
    }
    Format { separator: None, most: 0, empty: None, parts: None }.text(rows)
}
