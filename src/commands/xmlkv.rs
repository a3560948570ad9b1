//! Takes fields out of XML by the names of its elements.
//!
//! ## Syntax
//! `xmlkv [<field>] [maxinputs=<n>]`
//!
//! ## Description
//! Each element that holds text and no other element becomes a field of its name; with several of a name the field is
//! multivalue. The text, in `_raw` unless a field is named, need not be well-formed, nor XML all over; attributes and empty elements
//! are passed over. `maxinputs` is how many rows Splunk hands to the script at once; it changes nothing.
//!
//! ## Examples
//!
//! ```spl
//! xmlkv Message
//! ```
//! ```json in
//! {"Message": "Task: <Task version=\"1.2\"><Author>ada &amp; bob</Author><Exec><Command>cmd.exe</Command><Arguments></Arguments></Exec></Task>"}
//! {"Message": "none", "Author": "old"}
//! ```
//! ```json out
//! {"Message": "Task: <Task version=\"1.2\"><Author>ada &amp; bob</Author><Exec><Command>cmd.exe</Command><Arguments></Arguments></Exec></Task>", "Author": "ada & bob", "Command": "cmd.exe"}
//! {"Message": "none", "Author": "old"}
//! ```
//!
//! ```spl
//! xmlkv maxinputs=10000
//! ```
//! ```json in
//! {"_raw": "<ip v='4'>10.0.0.1</ip> and <ip>10.0.0.2</ip>"}
//! ```
//! ```json out
//! {"_raw": "<ip v='4'>10.0.0.1</ip> and <ip>10.0.0.2</ip>", "ip": ["10.0.0.1", "10.0.0.2"]}
//! ```
//!
//! ```spl
//! xmlkv field=Message
//! ```
//! ```error
//! error[E0202]: `xmlkv` has no option `field`
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::extract::{Existing, add_fields, tags};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `xmlkv`
#[derive(Clone, Debug)]
pub struct XmlKv {
    field: Text,
}

/// Reads the arguments of `xmlkv`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut field = None;
    while !args.at_end() {
        match args.option(&["maxinputs"])? {
            Some((_, value)) => drop(value.count("maxinputs")?),
            None if field.is_none() => field = Some(args.word("a field")?.text),
            None => break,
        }
    }
    Ok(Box::new(XmlKv { field: field.unwrap_or_else(|| "_raw".into()) }))
}

impl fmt::Display for XmlKv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("xmlkv ")?;
        write_name(f, &self.field)
    }
}

impl Command for XmlKv {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone().with(&FieldSet::of([self.field.clone()]))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(Read { field: self.field.clone(), wanted: planner.after().clone() });
        Ok(())
    }
}

struct Read {
    field: Text,
    wanted: FieldSet,
}

impl Streaming for Read {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        add_fields(&mut batch, &self.field, Existing::Replaced, &self.wanted, |value| {
            let texts: Vec<_> = value.values().iter().map(Value::to_text).collect();
            let found = texts.iter().flat_map(|text| tags::leaf_elements(text));
            found.map(|(name, value)| (Text::from(name), Value::text(value.as_ref()))).collect()
        });
        Ok(batch)
    }
}
