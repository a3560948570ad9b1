//! Keeps the rows in which a field matches a regular expression, or does not.
//!
//! ## Syntax
//! `regex (<field>=<regular expression> | <field>!=<regular expression> | <regular expression>)`
//!
//! ## Description
//! The expression may match anywhere in the field; without a field it is about `_raw`. With `=` a row without the field goes,
//! with `!=` it stays. Of a multivalue field one value that matches is enough. In quotation marks `\"` is a quotation
//! mark and `\\` a backslash; every other backslash is the expression's.
//!
//! ## Examples
//!
//! ```spl
//! regex process="(?i)rundll32\.exe.{0,4}$"
//! ```
//! ```json in
//! {"process": "C:\\Windows\\RunDll32.exe"}
//! {"process": "rundll32.exe shell32.dll,Control"}
//! {"process": ["cmd.exe", "rundll32.exe x"]}
//! {"user": "ada"}
//! ```
//! ```json out
//! {"process": "C:\\Windows\\RunDll32.exe"}
//! {"process": ["cmd.exe", "rundll32.exe x"]}
//! ```
//!
//! ```spl
//! regex src != "^10\.|^192\.168\."
//! ```
//! ```json in
//! {"src": "10.0.0.1"}
//! {"src": "8.8.8.8"}
//! {"user": "ada"}
//! ```
//! ```json out
//! {"src": "8.8.8.8"}
//! {"user": "ada"}
//! ```
//!
//! ```spl
//! regex "a\|b"
//! ```
//! ```json in
//! {"_raw": "a|b"}
//! {"_raw": "a"}
//! ```
//! ```json out
//! {"_raw": "a|b"}
//! ```
//!
//! ```spl
//! regex process="(cmd"
//! ```
//! ```error
//! error[E0304]: the regular expression `(cmd` does not compile: opening parenthesis without closing parenthesis
//! ```
//!
//! ## Differences from Splunk
//! An expression that takes more than 100,000 steps on a value does not match it, and a warning says so.

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::extract::Regular;
use crate::parse::args::{Args, write_name};
use crate::parse::lexeme;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `regex`
#[derive(Clone, Debug)]
pub struct Regex {
    field: Text,
    /// Whether rows that match go.
    without: bool,
    regex: Regular,
}

/// Reads the arguments of `regex`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    if args.at_end() {
        return Err(args.error("`regex` needs a regular expression"));
    }
    let (field, without) = comparison(args).unwrap_or(("_raw".into(), false));
    let regex = Regular::new(&args.regular_expression("a regular expression")?)?;
    Ok(Box::new(Regex { field, without, regex }))
}

/// A field and `=` or `!=`, if they stand here.
fn comparison(args: &mut Args<'_>) -> Option<(Text, bool)> {
    let start = args.cursor.position();
    let field = args.cursor.lex(lexeme::word("=!<>("));
    args.cursor.blanks();
    let operator = args.cursor.lex(lexeme::operator(&["!=", "="]));
    match (field, operator) {
        (Some(field), Some(operator)) => Some((Text::from(field), operator == "!=")),
        _ => {
            args.cursor.jump(start);
            None
        }
    }
}

impl fmt::Display for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("regex ")?;
        write_name(f, &self.field)?;
        write!(f, "{}{}", if self.without { "!=" } else { "=" }, self.regex)
    }
}

impl Command for Regex {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone().with(&FieldSet::of([self.field.clone()]))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl Streaming for Regex {
    fn map(&self, batch: Batch, context: &RunContext) -> Result<Batch> {
        let matches = |value: &Value| {
            let mut values = value.values().iter();
            values.any(|value| self.regex.is_match(&value.to_text(), context.warnings()))
        };
        match batch.column(&self.field) {
            Some(column) => Ok(batch.filter(&column.mask(|value| matches(value) != self.without))),
            None if self.without => Ok(batch),
            None => Ok(batch.slice(0, 0)),
        }
    }
}
