//! Names the ranges that a number lies in.
//!
//! ## Syntax
//! `rangemap field=<field> <name>=<from>-<to>... [default=<text>]`
//!
//! ## Description
//! The field `range` becomes the name of the range in which the number is, bounds included; of several ranges it has all
//! names. Where no range fits, and where the field is missing or no number, it is `default`, which is `None` unless said
//! otherwise. Bounds may be negative and have decimals.
//!
//! ## Examples
//!
//! ```spl
//! rangemap field=n green=1-30 blue=31-39 red=40-59 even=20-45 default=gray
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "42"}
//! {"n": "30.5"}
//! {"n": "60"}
//! {"n": "many"}
//! {}
//! ```
//! ```json out
//! {"n": "1", "range": "green"}
//! {"n": "42", "range": ["red", "even"]}
//! {"n": "30.5", "range": "even"}
//! {"n": "60", "range": "gray"}
//! {"n": "many", "range": "gray"}
//! {"range": "gray"}
//! ```
//!
//! ```spl
//! rangemap field=delta below=-10--0.5 far-above=0.5-10 "no change"=0-0
//! ```
//! ```json in
//! {"delta": "-3"}
//! {"delta": "0"}
//! {"delta": "5"}
//! {"delta": "-0.2"}
//! ```
//! ```json out
//! {"delta": "-3", "range": "below"}
//! {"delta": "0", "range": "no change"}
//! {"delta": "5", "range": "far-above"}
//! {"delta": "-0.2", "range": "None"}
//! ```
//!
//! ```spl
//! rangemap field=n low=10
//! ```
//! ```error
//! error[E0204]: `low` needs a range such as `1-10` and got `10`
//! ```
//!
//! ```spl
//! rangemap field=n high=10-1
//! ```
//! ```error
//! error[E0204]: `high` needs a range such as `1-10` and got `10-1`
//! ```
//!
//! ```spl
//! rangemap field=n
//! ```
//! ```error
//! error[E0205]: `rangemap` needs a field and at least one range: `field=<field> <name>=<from>-<to>`
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{RunContext, Streaming};
use crate::parse::args::{Args, Word, write_name};
use crate::parse::lexeme;
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Number, Text, Value, parse_number};

/// `rangemap`
#[derive(Clone, Debug)]
pub struct RangeMap {
    field: Text,
    ranges: Vec<Range>,
    default: Text,
}

#[derive(Clone, Debug)]
struct Range {
    name: Text,
    from: Number,
    to: Number,
}

/// The default of `default` (Search Reference, `rangemap`).
const NONE: &str = "None";

/// The field that is set.
const TARGET: &str = "range";

/// Reads the arguments of `rangemap`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut field, mut default, mut ranges) = (None, None, Vec::<Range>::new());
    loop {
        args.cursor.separators();
        let start = args.cursor.position();
        let Some(name) = range_name(args) else { break };
        let name = name.as_str();
        let span = args.cursor.span_from(start);
        let value = args.word("a value")?;
        let taken = match name.to_ascii_lowercase().as_str() {
            "field" => field.replace(value.text).is_some(),
            "default" => default.replace(value.text).is_some(),
            _ => {
                let taken = ranges.iter().any(|range| range.name == name);
                ranges.push(Range::read(name, &value)?);
                taken
            }
        };
        if taken {
            let message = format!("the option `{name}` is given twice");
            return Err(Diagnostic::error(Code::RepeatedOption, message).at(span, ""));
        }
    }
    match field {
        Some(field) if !ranges.is_empty() => {
            Ok(Box::new(RangeMap { field, ranges, default: default.unwrap_or_else(|| NONE.into()) }))
        }
        _ => {
            Err(args
                .error("`rangemap` needs a field and at least one range: `field=<field> <name>=<from>-<to>`"))
        }
    }
}

/// The name and the `=` before a range: also one that no option could have, `mid-depth=`.
fn range_name(args: &mut Args<'_>) -> Option<Text> {
    let mut ahead = args.cursor.clone();
    let name = match ahead.lex(lexeme::option_name) {
        Some(name) => Text::from(name),
        None => Text::from(ahead.lex(lexeme::word("=,|()[]")).filter(|_| ahead.eat('='))?),
    };
    args.cursor = ahead;
    Some(name)
}

impl Range {
    fn read(name: &str, word: &Word) -> Result<Range> {
        // The first `-` after the first character is the one between the bounds.
        let split = word.text.char_indices().skip(1).find(|(_, c)| *c == '-').map(|(at, _)| at);
        let bounds = split.and_then(|at| {
            let (from, to) = (word.text.get(..at)?, word.text.get(at + 1..)?);
            Some((parse_number(from)?, parse_number(to)?))
        });
        // The second bound is not below the first (Search Reference, `rangemap`).
        let bounds = bounds.filter(|(from, to)| from.value <= to.value);
        let Some((from, to)) = bounds else { return Err(word.wrong(name, "a range such as `1-10`")) };
        Ok(Range { name: name.into(), from, to })
    }
}

impl fmt::Display for RangeMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rangemap field=")?;
        write_name(f, &self.field)?;
        for range in &self.ranges {
            f.write_str(" ")?;
            write_name(f, &range.name)?;
            write!(f, "={}-{}", range.from, range.to)?;
        }
        if self.default != NONE {
            f.write_str(" default=")?;
            write_value(f, &self.default)?;
        }
        Ok(())
    }
}

impl Command for RangeMap {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let mut before = after.clone();
        if after.contains(TARGET) {
            before.remove(TARGET);
            before.extend(&FieldSet::of([self.field.clone()]));
        }
        before
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl Streaming for RangeMap {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let named = match batch.column(&self.field) {
            Some(column) => column.map(|value| self.names(value)),
            None => Column::constant(self.names(&Value::Null), batch.rows()),
        };
        batch.set(TARGET.into(), named);
        Ok(batch)
    }
}

impl RangeMap {
    fn names(&self, value: &Value) -> Value {
        let inside = |range: &&Range| {
            value.as_number().is_some_and(|number| range.from.value <= number && number <= range.to.value)
        };
        let names = self.ranges.iter().filter(inside).map(|range| Value::Text(range.name.clone()));
        match Value::from_values(names) {
            Value::Null => Value::Text(self.default.clone()),
            names => names,
        }
    }
}
