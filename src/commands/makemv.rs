//! Splits a field into a multivalue field.
//!
//! ## Syntax
//! `makemv [delim=<text> | tokenizer=<regular expression>] [allowempty=<bool>] [setsv=<bool>] <field>`
//!
//! ## Description
//! The values stand between delimiters, which are blanks unless `delim` says otherwise, in which `\n`
//! is a new line and `\t` a tab; or they are what the first group of
//! `tokenizer` matches, again and again. Empty values go, unless `allowempty=true`. A field in which no value is found is
//! left alone. With `setsv=true` the field is one value: the values, with the delimiter between them.
//!
//! ## Examples
//!
//! ```spl
//! makemv delim="," list | makemv words
//! ```
//! ```json in
//! {"list": "a,b,,c", "words": "one  two"}
//! {"list": "a", "words": ["x y", "z"]}
//! ```
//! ```json out
//! {"list": ["a", "b", "c"], "words": ["one", "two"]}
//! {"list": "a", "words": ["x", "y", "z"]}
//! ```
//!
//! ```spl
//! makemv delim=":::" allowempty=true list
//! ```
//! ```json in
//! {"list": "a::::::b:::"}
//! ```
//! ```json out
//! {"list": ["a", "", "b", ""]}
//! ```
//!
//! ```spl
//! makemv delim="\n" list
//! ```
//! ```json in
//! {"list": "a b\nc"}
//! ```
//! ```json out
//! {"list": ["a b", "c"]}
//! ```
//!
//! ```spl
//! makemv tokenizer="([^,]+),?" list | makemv delim=" " setsv=true words
//! ```
//! ```json in
//! {"list": "one,two,three", "words": " a  b "}
//! ```
//! ```json out
//! {"list": ["one", "two", "three"], "words": "a b"}
//! ```
//!
//! ```spl
//! makemv tokenizer="\w+" list
//! ```
//! ```error
//! error[E0205]: `tokenizer` needs a group, and `\w+` has none
//! ```
//!
//! ```spl
//! makemv delim="," tokenizer="(\w+)" list
//! ```
//! ```error
//! error[E0205]: `makemv` takes `delim` or `tokenizer`, not both
//! ```
//!
//! ## Differences from Splunk
//! With `setsv=true` Splunk keeps the multivalue field beside the single value, under the same name. A tokenizer that takes more
//! than 100,000 steps on a value stops there, and a warning says so.

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{RunContext, Streaming};
use crate::extract::Regular;
use crate::parse::args::{Args, write_name};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `makemv`
#[derive(Clone, Debug)]
pub struct MakeMv {
    field: Text,
    split: Split,
    allow_empty: bool,
    single: bool,
}

#[derive(Clone, Debug)]
enum Split {
    Delimiter(Text),
    Tokenizer(Regular),
}

/// Reads the arguments of `makemv`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut delim, mut tokenizer, mut field) = (None, None, None);
    let (mut allow_empty, mut single) = (false, false);
    while !args.at_end() {
        if args.option_ahead("tokenizer") {
            let word = args.regular_option("tokenizer")?;
            let regex = Regular::new(&word)?;
            if regex.groups() < 2 {
                let message = format!("`tokenizer` needs a group, and `{}` has none", word.text);
                return Err(Diagnostic::error(Code::Arguments, message).at(word.span, ""));
            }
            tokenizer = Some(regex);
            continue;
        }
        match args.option(&["delim", "allowempty", "setsv"])? {
            Some(("delim", value)) if value.text.is_empty() => return Err(value.wrong("delim", "some text")),
            Some(("delim", value)) => {
                delim = Some(value.text.replace("\\n", "\n").replace("\\t", "\t"));
            }
            Some(("allowempty", value)) => allow_empty = value.truth("allowempty")?,
            Some((_, value)) => single = value.truth("setsv")?,
            None if field.is_none() => field = Some(args.word("a field")?.text),
            None => break,
        }
    }
    let split = match (delim, tokenizer) {
        (Some(_), Some(_)) => return Err(args.error("`makemv` takes `delim` or `tokenizer`, not both")),
        (_, Some(regex)) => Split::Tokenizer(regex),
        (delim, None) => Split::Delimiter(delim.unwrap_or_else(|| " ".into())),
    };
    let Some(field) = field else { return Err(args.error("`makemv` needs a field")) };
    Ok(Box::new(MakeMv { field, split, allow_empty, single }))
}

impl fmt::Display for MakeMv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("makemv ")?;
        match &self.split {
            Split::Delimiter(delim) if delim == " " => {}
            Split::Delimiter(delim) => {
                f.write_str("delim=")?;
                write_value(f, &delim.replace("\n", "\\n").replace("\t", "\\t"))?;
                f.write_str(" ")?;
            }
            Split::Tokenizer(regex) => write!(f, "tokenizer={regex} ")?,
        }
        f.write_str(if self.allow_empty { "allowempty=true " } else { "" })?;
        f.write_str(if self.single { "setsv=true " } else { "" })?;
        write_name(f, &self.field)
    }
}

impl Command for MakeMv {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl Streaming for MakeMv {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        if let Some(column) = batch.column(&self.field) {
            let split = column.map(|value| {
                let mut values: Vec<Value> = Vec::new();
                for one in value.values() {
                    self.split(one, context, &mut values);
                }
                match (values.is_empty(), self.single, &self.split) {
                    (true, ..) => value.clone(),
                    (_, false, _) => Value::from_values(values),
                    (_, true, Split::Delimiter(delim)) => joined(&values, delim),
                    (_, true, Split::Tokenizer(_)) => joined(&values, " "),
                }
            });
            batch.set(self.field.clone(), split);
        }
        Ok(batch)
    }
}

fn joined(values: &[Value], delim: &str) -> Value {
    Value::text(values.iter().map(Value::to_text).collect::<Vec<_>>().join(delim))
}

impl MakeMv {
    fn split(&self, value: &Value, context: &RunContext, values: &mut Vec<Value>) {
        let text = value.to_text();
        let mut add = |piece: &str| {
            if self.allow_empty || !piece.is_empty() {
                values.push(Value::text(piece));
            }
        };
        match &self.split {
            Split::Delimiter(delim) => text.split(delim.as_str()).for_each(add),
            Split::Tokenizer(regex) => {
                for captures in regex.matches(&text, context.warnings()) {
                    add(captures.get(1).map_or("", |group| group.as_str()));
                }
            }
        }
    }
}
