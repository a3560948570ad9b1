//! Takes a field out of XML by an XPath expression.
//!
//! ## Syntax
//! `xpath [outfield=<field>] "<expression>" [field=<field>] [default=<text>]`
//!
//! ## Description
//! What the expression finds in `field`, which is `_raw`, becomes `outfield`, which is `xpath`; several nodes make a multivalue
//! field. An element that holds nothing but text is its text, another is what stands in it, as XML. Where nothing is found the
//! field is `default`; without a default a row keeps what it has.
//!
//! Expressions are of XPath 1.0, with all axes but `namespace`, in full or
//! abbreviated; predicates; the operators `or`, `and`, `=`, `!=`, `<`, `<=`, `>`, `>=`, `+`, `-`, `*`, `div`, `mod`, `|`; and the
//! functions boolean, ceiling, concat, contains, count, false, floor, lang, last, local-name, name, normalize-space, not, number,
//! position, round, starts-with, string, string-length, substring, substring-after, substring-before, sum, translate, true. Names are compared with their prefixes.
//!
//! ## Examples
//!
//! ```spl
//! xpath outfield=name "//bar/@nickname"
//! ```
//! ```json in
//! {"_raw": "<foo><bar nickname='spock'/><bar nickname='scotty'/><foo><bar nickname='bones'/></foo></foo>"}
//! {"_raw": "no XML", "name": "old"}
//! ```
//! ```json out
//! {"_raw": "<foo><bar nickname='spock'/><bar nickname='scotty'/><foo><bar nickname='bones'/></foo></foo>", "name": ["spock", "scotty", "bones"]}
//! {"_raw": "no XML", "name": "old"}
//! ```
//!
//! ```spl
//! xpath field=x "/shop/book[price > 10]/title" default="none found" | fields - x
//! ```
//! ```json in
//! {"x": "<shop><book><title>A</title><price>7.5</price></book><book><title>B</title><price>30</price></book></shop>"}
//! {"x": "<shop/>"}
//! {"x": "<shop><book><title>C <i>d</i></title><price>11</price></book></shop>"}
//! ```
//! ```json out
//! {"xpath": "B"}
//! {"xpath": "none found"}
//! {"xpath": "C <i>d</i>"}
//! ```
//!
//! ```spl
//! xpath outfield=next "//step[@n='1']/following-sibling::step[1]/text()"
//! ```
//! ```json in
//! {"_raw": "<plan><step n='1'>look</step><step n='2'>leap</step><step n='3'>land</step></plan>"}
//! ```
//! ```json out
//! {"_raw": "<plan><step n='1'>look</step><step n='2'>leap</step><step n='3'>land</step></plan>", "next": "leap"}
//! ```
//!
//! ```spl
//! xpath "//a/namespace::b"
//! ```
//! ```error
//! error[E0205]: `//a/namespace::b` is no XPath expression that is supported: the axis `namespace` is not supported
//! ```
//!
//! ## Differences from Splunk
//! Namespaces mean nothing: a prefix is a part of a name. Text is read to its first mistake in XML.

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Combinations, RunContext, Streaming};
use crate::parse::args::{Args, Word, write_name};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};
use crate::xml::{self, XPath as Expression};

/// `xpath`
#[derive(Clone, Debug)]
pub struct XPath {
    field: Text,
    target: Text,
    default: Option<Text>,
    expression: Expression,
    written: Text,
}

/// The default of `outfield` (Search Reference, `xpath`).
const TARGET: &str = "xpath";

/// Reads the arguments of `xpath`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut field, mut target, mut default) = (Text::from("_raw"), Text::from(TARGET), None);
    let mut written: Option<Word> = None;
    while !args.at_end() {
        if !args.sees_option() {
            if written.is_some() {
                break;
            }
            written = Some(args.regular_expression("an XPath expression")?);
            continue;
        }
        match args.option(&["field", "outfield", "default"])? {
            Some(("field", value)) => field = value.text,
            Some(("outfield", value)) => target = value.text,
            Some((_, value)) => default = Some(value.text),
            None => break,
        }
    }
    let Some(word) = written else { return Err(args.error("`xpath` needs an XPath expression")) };
    let expression = Expression::parse(&word.text).map_err(|reason| {
        let message = format!("`{}` is no XPath expression that is supported: {reason}", word.text);
        Diagnostic::error(Code::Arguments, message).at(word.span, "")
    })?;
    Ok(Box::new(XPath { field, target, default, expression, written: word.text }))
}

impl fmt::Display for XPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("xpath ")?;
        if self.target != TARGET {
            f.write_str("outfield=")?;
            write_name(f, &self.target)?;
            f.write_str(" ")?;
        }
        crate::parse::args::write_regex(f, &self.written)?;
        if self.field != "_raw" {
            f.write_str(" field=")?;
            write_name(f, &self.field)?;
        }
        if let Some(default) = &self.default {
            f.write_str(" default=")?;
            write_value(f, default)?;
        }
        Ok(())
    }
}

impl Command for XPath {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        match after.contains(&self.target) {
            true => after.clone().with(&FieldSet::of([self.field.clone()])),
            false => after.clone(),
        }
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl Streaming for XPath {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let texts = Combinations::of(&batch, [&self.field]);
        let outcomes = texts.iter().map(|texts| self.find(texts.first().unwrap_or(&Value::Null))).collect();
        texts.set(&mut batch, &self.target, outcomes, true);
        Ok(batch)
    }
}

impl XPath {
    fn find(&self, text: &Value) -> Option<Value> {
        let documents = text.values().iter().filter_map(|value| xml::parse(&value.to_text()));
        let found = Value::from_values(documents.flat_map(|document| self.expression.values(&document)));
        match found {
            Value::Null => self.default.clone().map(Value::Text),
            found => Some(found),
        }
    }
}
