//! Takes fields out of JSON and XML.
//!
//! ## Syntax
//! `spath [input=<field>] [output=<field>] [[path=]<path>]`
//!
//! ## Description
//! The text stands in `_raw` unless `input` names a field. Of a multivalue field each value is read. A row whose text is
//! neither JSON nor XML, or in which nothing is found, keeps what it has.
//!
//! Without a path every value in the text becomes a field that is named by where it stands: in JSON members with dots
//! between them, and `{}` for the elements of an array, `a.b{}.c`; in XML elements with dots between them, and attributes in
//! braces, `a.b{@c}`. Values with the same name make a multivalue field, those of equal keys too. JSON's null is `null`. Objects, arrays and
//! elements that hold others are no fields themselves.
//!
//! With a path what it leads to is the field `output`, or if that is not said the field named as the path is written. In JSON
//! `a{2}` is an element of an array, counted from 0, and `a{}` every one, or what is there if it is an object; objects and arrays come as JSON text. In XML
//! `a{2}` is an element among those of its name, counted from 1, `a` and `a{}` every one, and `a{@c}` the attribute; what stands in
//! elements that hold others comes as XML.
//!
//! ## Examples
//!
//! ```spl
//! spath
//! ```
//! ```json in
//! {"_raw": "{\"user\": {\"name\": \"ada\", \"id\": 7.0}, \"tags\": [\"x\", \"y\"], \"last\": null, \"on\": true}"}
//! {"_raw": "<event id='3'><user>bob</user><ip>10.0.0.1</ip><ip>10.0.0.2</ip></event>"}
//! {"_raw": "neither"}
//! ```
//! ```json out
//! {"_raw": "{\"user\": {\"name\": \"ada\", \"id\": 7.0}, \"tags\": [\"x\", \"y\"], \"last\": null, \"on\": true}", "user.name": "ada", "user.id": "7.0", "tags{}": ["x", "y"], "last": "null", "on": "true"}
//! {"_raw": "<event id='3'><user>bob</user><ip>10.0.0.1</ip><ip>10.0.0.2</ip></event>", "event{@id}": "3", "event.user": "bob", "event.ip": ["10.0.0.1", "10.0.0.2"]}
//! {"_raw": "neither"}
//! ```
//!
//! ```spl
//! spath input=policy output=actions path=Statement{}.Action | spath input=policy Statement{1}.Effect | fields - policy
//! ```
//! ```json in
//! {"policy": "{\"Statement\": [{\"Action\": \"s3:*\", \"Effect\": \"Allow\"}, {\"Action\": [\"a\", \"b\"], \"Effect\": \"Deny\"}]}"}
//! {"policy": ["{\"Statement\": [{\"Action\": 1.50}]}", "{\"Statement\": [{\"Action\": {\"x\" : 2}}]}"]}
//! {"actions": "old"}
//! ```
//! ```json out
//! {"actions": ["s3:*", "[\"a\",\"b\"]"], "Statement{1}.Effect": "Deny"}
//! {"actions": ["1.50", "{\"x\":2}"]}
//! {"actions": "old"}
//! ```
//!
//! ```spl
//! spath input=x output=all path=a.b | spath input=x output=second path=a.b{2} | spath input=x output=ids path=a.b{@id} | fields - x
//! ```
//! ```json in
//! {"x": "<a><b id='1'>x</b><b id='2'><c>y</c></b></a>"}
//! ```
//! ```json out
//! {"all": ["x", "<c>y</c>"], "second": "<c>y</c>", "ids": ["1", "2"]}
//! ```
//!
//! XML that is not quite right is read as far as it can be told what it says: attributes without quotation marks, a
//! declaration that ends too early, elements that are not closed.
//!
//! ```spl
//! spath output=years path=books.title{@year} | table years
//! ```
//! ```json in
//! {"_raw": "<?xml version='1.0'>\n<books><title year=1996>A</title><title year='1998'>B</title>"}
//! ```
//! ```json out
//! {"years": ["1996", "1998"]}
//! ```
//!
//! ```spl
//! spath input=x output=days path=Rule{}.Days | fields days
//! ```
//! ```json in
//! {"x": "{\"Rule\": [{\"Days\": 1}, {\"Days\": 2}]}"}
//! {"x": "{\"Rule\": {\"Days\": 3}}"}
//! ```
//! ```json out
//! {"days": ["1", "2"]}
//! {"days": "3"}
//! ```
//!
//! ```spl
//! spath output=user
//! ```
//! ```error
//! error[E0205]: `output` of `spath` needs a path
//! ```
//!
//! ```spl
//! spath path=a{b}
//! ```
//! ```error
//! error[E0205]: `a{b}` is not a path
//! ```
//!
//! ## Differences from Splunk
//! All of the text is read; Splunk looks at its first 5,000 characters unless limits.conf says otherwise. Text is read to its first mistake in XML, and not at all if it is not JSON. JSON
//! or XML that is nested more than 128 deep is not read further.

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{RunContext, Streaming};
use crate::extract::{Existing, Found, Structured, StructuredPath, add_fields};
use crate::parse::args::{Args, Word, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `spath`
#[derive(Clone, Debug)]
pub struct Spath {
    input: Text,
    target: Option<Target>,
}

/// A path, and the field for what it leads to.
#[derive(Clone, Debug)]
struct Target {
    path: StructuredPath,
    written: Text,
    output: Option<Text>,
}

/// Reads the arguments of `spath`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut input, mut output, mut path) = (Text::from("_raw"), None, None::<Word>);
    loop {
        args.cursor.separators();
        if args.at_end() {
            break;
        }
        match args.option(&["input", "output", "path"])? {
            Some(("input", value)) => input = value.text,
            Some(("output", value)) => output = Some(value.text),
            Some((_, value)) if path.is_none() => path = Some(value),
            None if path.is_none() => path = Some(args.word("a path")?),
            _ => return Err(args.error("`spath` takes one path")),
        }
    }
    let target = match path {
        None if output.is_some() => return Err(args.error("`output` of `spath` needs a path")),
        None => None,
        Some(word) => {
            let Some(path) = StructuredPath::parse(&word.text) else {
                let message = format!("`{}` is not a path", word.text);
                return Err(Diagnostic::error(Code::Arguments, message).at(word.span, ""));
            };
            Some(Target { path, written: word.text, output })
        }
    };
    Ok(Box::new(Spath { input, target }))
}

impl fmt::Display for Spath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("spath")?;
        let output = self.target.as_ref().and_then(|target| target.output.as_ref());
        let options = [
            ("input", (self.input != "_raw").then_some(&self.input)),
            ("output", output),
            ("path", self.target.as_ref().map(|target| &target.written)),
        ];
        for (name, value) in options {
            if let Some(value) = value {
                write!(f, " {name}=")?;
                write_name(f, value)?;
            }
        }
        Ok(())
    }
}

impl Target {
    fn field(&self) -> &Text {
        self.output.as_ref().unwrap_or(&self.written)
    }
}

impl Command for Spath {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        // A field that is there already stays where nothing is found.
        match &self.target {
            Some(target) if !after.contains(target.field()) => after.clone(),
            _ => after.clone().with(&FieldSet::of([self.input.clone()])),
        }
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(Read { spath: self.clone(), wanted: planner.after().clone() });
        Ok(())
    }
}

struct Read {
    spath: Spath,
    wanted: FieldSet,
}

impl Streaming for Read {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        add_fields(&mut batch, &self.spath.input, Existing::Replaced, &self.wanted, |value| {
            let documents =
                value.values().iter().filter_map(|value| Structured::parse(&value.to_text())).collect();
            self.found(documents)
        });
        Ok(batch)
    }
}

impl Read {
    fn found(&self, documents: Vec<Structured>) -> Found {
        match &self.spath.target {
            None => documents.iter().flat_map(Structured::fields).collect(),
            Some(target) => {
                let values = documents.iter().flat_map(|document| document.select(&target.path));
                match Value::from_values(values) {
                    Value::Null => Found::new(),
                    value => vec![(target.field().clone(), value)],
                }
            }
        }
    }
}
