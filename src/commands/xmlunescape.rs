//! Replaces XML's entities by their characters.
//!
//! ## Syntax
//! `xmlunescape [maxinputs=<n>]`
//!
//! ## Description
//! `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;` and the numbers of characters, `&#233;` and `&#xe9;`, in all fields. `maxinputs` is how
//! many rows Splunk hands to the script at once; it changes nothing.
//!
//! ## Examples
//!
//! ```spl
//! xmlunescape
//! ```
//! ```json in
//! {"_raw": "&lt;a b=&quot;&#233;&quot;&gt;", "n": ["1 &amp; 2", "&nbsp;"]}
//! ```
//! ```json out
//! {"_raw": "<a b=\"é\">", "n": ["1 & 2", "&nbsp;"]}
//! ```
//!
//! Once: what comes out is not read again.
//!
//! ```spl
//! xmlunescape maxinputs=100
//! ```
//! ```json in
//! {"_raw": "&amp;lt; & &#0; &lt"}
//! ```
//! ```json out
//! {"_raw": "&lt; & &#0; &lt"}
//! ```
//!
//! ```spl
//! xmlunescape _raw
//! ```
//! ```error
//! error[E0205]: `xmlunescape` does not take `_raw` here
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::parse::args::Args;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `xmlunescape`
#[derive(Clone, Debug)]
pub struct XmlUnescape;

/// Reads the arguments of `xmlunescape`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    if let Some((_, value)) = args.option(&["maxinputs"])? {
        value.count("maxinputs")?;
    }
    Ok(Box::new(XmlUnescape))
}

impl fmt::Display for XmlUnescape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("xmlunescape")
    }
}

impl Command for XmlUnescape {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(XmlUnescape);
        Ok(())
    }
}

impl Streaming for XmlUnescape {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let names: Vec<Text> = batch.names().cloned().collect();
        for name in names {
            let changed = batch.column(&name).map(|column| column.map(|value| value.map_each(each)));
            if let Some(column) = changed {
                batch.set(name, column);
            }
        }
        Ok(batch)
    }
}

fn each(value: &Value) -> Value {
    match value {
        Value::Text(text) if text.contains('&') => Value::text(unescape(text)),
        other => other.clone(),
    }
}

fn unescape(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match after.split_once(';').and_then(|(name, tail)| Some((character(name)?, tail))) {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    let number = match (name, name.strip_prefix('#')) {
        ("amp", _) => return Some('&'),
        ("lt", _) => return Some('<'),
        ("gt", _) => return Some('>'),
        ("quot", _) => return Some('"'),
        ("apos", _) => return Some('\''),
        (_, number) => number?,
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|c| *c != '\0')
}
