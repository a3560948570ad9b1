//! Compares two rows line by line.
//!
//! ## Syntax
//! `diff [position1=<n>] [position2=<n>] [attribute=<field>] [diffheader=<bool>] [context=<bool>] [maxlen=<bytes>]`
//!
//! ## Description
//! The rows are those at `position1`, by default 1, the first, and `position2`, by default 2, which must be greater. The
//! texts are those of `_raw`, or of the field that `attribute` names; the values of a multivalue are lines. Of each the
//! first `maxlen` bytes are compared, by default 100000; 0 is no limit.
//!
//! The result is one row, with the difference as its `_raw`, as the Unix program of this name prints it: in unified form,
//! or in context form with `context=true`, with three lines around each change, and with `diffheader=true` with the
//! lines that name the two texts. If there is no difference, it is `Results are the same`.
//!
//! ## Examples
//!
//! ```spl
//! diff
//! ```
//! ```json in
//! {"_raw": "a 1\nb 2\nc 3"}
//! {"_raw": "a 1\nb 5\nc 3\nd 4"}
//! ```
//! ```json out
//! {"_raw": "@@ -1,3 +1,4 @@\n a 1\n-b 2\n+b 5\n c 3\n+d 4"}
//! ```
//!
//! ```spl
//! diff position1=1 position2=3 attribute=ip diffheader=true context=true
//! ```
//! ```json in
//! {"ip": "10.0.0.1"}
//! {"ip": "10.0.0.2"}
//! {"ip": "10.0.0.3"}
//! ```
//! ```json out
//! {"_raw": "*** 1\n--- 3\n***************\n*** 1 ****\n! 10.0.0.1\n--- 1 ----\n! 10.0.0.3"}
//! ```
//!
//! ```spl
//! diff position1=2 position2=3
//! ```
//! ```json in
//! {"_raw": "a"}
//! {"_raw": "b"}
//! {"_raw": "b"}
//! ```
//! ```json out
//! {"_raw": "Results are the same"}
//! ```
//!
//! ```spl
//! diff position1=2 position2=1
//! ```
//! ```error
//! error[E0204]: `position2` needs a position after `position1` and got `1`
//! ```
//!
//! ## Differences from Splunk
//! Without a row at `position2` the run ends with an error. How Splunk names the two texts in the
//! header is not documented; here it is by their positions.

mod form;

use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};
use form::Form;

/// How many bytes are compared where nothing is said (Search Reference, `diff`).
const DEFAULT_LENGTH: usize = 100_000;

/// `diff`
#[derive(Clone, Debug)]
pub struct Diff {
    positions: (usize, usize),
    attribute: Text,
    form: Form,
    /// How many bytes are compared; 0 is no limit.
    max_length: usize,
}

/// Reads the arguments of `diff`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut parsed = Diff {
        positions: (1, 2),
        attribute: Text::from("_raw"),
        form: Form { header: false, context: false },
        max_length: DEFAULT_LENGTH,
    };
    let mut second = None;
    let options = ["position1", "position2", "attribute", "diffheader", "context", "maxlen"];
    while let Some((name, value)) = args.option(&options)? {
        match name {
            "attribute" => parsed.attribute = value.text,
            "diffheader" => parsed.form.header = value.truth(name)?,
            "context" => parsed.form.context = value.truth(name)?,
            "maxlen" => parsed.max_length = value.count(name)?,
            _ => {
                let position = value.count(name).ok().filter(|&position| position > 0);
                let position = position.ok_or_else(|| value.wrong(name, "a position from 1 on"))?;
                match name {
                    "position1" => parsed.positions.0 = position,
                    _ => (parsed.positions.1, second) = (position, Some(value)),
                }
            }
        }
    }
    if parsed.positions.1 <= parsed.positions.0 {
        let message = "`position2` needs a position after `position1`";
        return Err(second.map_or_else(
            || args.error(format!("{message}: it is {} unless it is given", parsed.positions.1)),
            |value| value.wrong("position2", "a position after `position1`"),
        ));
    }
    Ok(Box::new(parsed))
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "diff position1={} position2={} attribute=", self.positions.0, self.positions.1)?;
        write_name(f, &self.attribute)?;
        write!(f, " diffheader={} context={} maxlen={}", self.form.header, self.form.context, self.max_length)
    }
}

impl Command for Diff {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::of([self.attribute.clone()])
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

impl Dataset for Diff {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let all = Batch::concat(&batches);
        if all.rows() < self.positions.1 {
            let message = format!("there is no row {} to compare with", self.positions.1);
            return Err(
                Diagnostic::error(Code::NoRows, message).help(format!("there are {} rows", all.rows()))
            );
        }
        let text = |position: usize| {
            let value = all.get(&self.attribute, position - 1);
            let lines: Vec<_> = value.values().iter().map(|value| value.to_text().into_owned()).collect();
            self.cut(lines.join("\n"))
        };
        let shown = self.form.shown(&text(self.positions.0), &text(self.positions.1), self.positions);
        let mut out = Batch::with_rows(1);
        out.ordered = true;
        out.set("_raw".into(), Column::constant(Value::text(shown), 1));
        Ok(vec![out])
    }
}

impl Diff {
    /// What is compared of a text.
    fn cut(&self, mut text: String) -> String {
        if self.max_length > 0 && text.len() > self.max_length {
            text.truncate(text.floor_char_boundary(self.max_length));
        }
        text
    }
}
