//! Takes fields out of the event's text: pairs of key and value, or what transforms.conf says.
//!
//! ## Syntax
//! `extract [<options>] [<stanza of transforms.conf>]...`
//!
//! `kv` is another name for it. The options are `auto`, `clean_keys`, `kvdelim`, `limit`, `maxchars`, `mv_add`, `pairdelim`, `reload` and
//! `segment`.
//!
//! ## Description
//! The text is `_raw`. A field that a row has stays.
//!
//! The field transforms that are named come first, then the pairs; with `auto=false` these are left out. `kvdelim` lists the
//! characters each of which may stand between key and value, `pairdelim` those between pairs. Without `kvdelim` it
//! is `=`. Without `pairdelim` pairs end at blanks, commas, semicolons, `|` and `&`, a value may stand in quotation
//! marks, and the key is the word before; with it everything between two of them is a pair. If `kvdelim` was given, a pair
//! in whose value one of its characters stands outside of quotation marks is passed over.
//!
//! `limit` is how many pairs are read, 50 unless said otherwise, and `maxchars` in how many bytes of the text, 10,240 unless said
//! otherwise. The first value of a key counts; with `mv_add=true` all do, and replace what the row has. Characters of keys other
//! than letters, digits, `_` and `.` become `_`, and go at the start, unless `clean_keys=false`.
//!
//! `segment` is about an index and changes nothing; `reload` neither: settings are read for each run.
//!
//! ## Examples
//!
//! ```spl
//! extract
//! ```
//! ```json in
//! {"_raw": "user=ada action=\"log in\", src-ip=10.0.0.1;port=22 user=bob"}
//! {"_raw": "n=1", "n": "old"}
//! ```
//! ```json out
//! {"_raw": "user=ada action=\"log in\", src-ip=10.0.0.1;port=22 user=bob", "user": "ada", "action": "log in", "src_ip": "10.0.0.1", "port": "22"}
//! {"_raw": "n=1", "n": "old"}
//! ```
//!
//! ```spl
//! extract pairdelim=";" kvdelim=":" clean_keys=false
//! ```
//! ```json in
//! {"_raw": "client id: 7;url:http://x;title:\"a: b\""}
//! ```
//! ```json out
//! {"_raw": "client id: 7;url:http://x;title:\"a: b\"", "client id": "7", "title": "a: b"}
//! ```
//!
//! ```spl
//! kv mv_add=true limit=2 pairdelim="?&"
//! ```
//! ```json in
//! {"_raw": "?a=1&a=two words&b=3"}
//! ```
//! ```json out
//! {"_raw": "?a=1&a=two words&b=3", "a": ["1", "two words"]}
//! ```
//!
//! ```spl
//! extract access-log
//! ```
//! ```error
//! error[E0205]: no app has the field transform `access-log`
//! ```
//!
//! ## Differences from Splunk
//! What ends a pair when nothing is said is not documented. The extractions of the events' own source type are made when they are
//! read, and not again here. `limit` is about pairs, not about what a field transform finds.

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{RunContext, Streaming};
use crate::extract::{Existing, Found, KeyValues, add_fields};
use crate::knowledge::{Extraction, ExtractionKind};
use crate::parse::args::{Args, Word, write_name};
use crate::parse::search::write_value;
use crate::plan::{Extract as Extractor, Planner, Reader};
use crate::value::{Text, Value};

/// `extract`
#[derive(Clone, Debug)]
pub struct Extract {
    auto: bool,
    clean_keys: Option<bool>,
    pair_delims: Option<Text>,
    key_delims: Option<Text>,
    limit: usize,
    max_chars: usize,
    mv_add: Option<bool>,
    stanzas: Vec<Word>,
}

/// The default of `limit` (Search Reference, `extract`).
const LIMIT: usize = 50;

/// The default of `maxchars`.
const MAX_CHARS: usize = 10_240;

const OPTIONS: [&str; 9] =
    ["auto", "clean_keys", "kvdelim", "limit", "maxchars", "mv_add", "pairdelim", "reload", "segment"];

/// Reads the arguments of `extract`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut command = Extract {
        auto: true,
        clean_keys: None,
        pair_delims: None,
        key_delims: None,
        limit: LIMIT,
        max_chars: MAX_CHARS,
        mv_add: None,
        stanzas: Vec::new(),
    };
    loop {
        args.cursor.separators();
        if args.at_end() {
            return Ok(Box::new(command));
        }
        let Some((name, value)) = args.option(&OPTIONS)? else {
            command.stanzas.push(args.word("the name of a stanza")?);
            continue;
        };
        match name {
            "auto" => command.auto = value.truth(name)?,
            "clean_keys" => command.clean_keys = Some(value.truth(name)?),
            "kvdelim" => command.key_delims = Some(delims(name, &value)?),
            "pairdelim" => command.pair_delims = Some(delims(name, &value)?),
            "limit" => command.limit = value.count(name)?,
            "maxchars" => command.max_chars = value.count(name)?,
            "mv_add" => command.mv_add = Some(value.truth(name)?),
            _ => drop(value.truth(name)?),
        }
    }
}

/// A list of characters, in which `\n` and `\t` may stand for what they stand for everywhere.
fn delims(option: &str, word: &Word) -> Result<Text> {
    if word.text.is_empty() {
        return Err(word.wrong(option, "at least one character"));
    }
    Ok(Text::from(word.text.replace("\\n", "\n").replace("\\t", "\t")))
}

impl fmt::Display for Extract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("extract")?;
        f.write_str(if self.auto { "" } else { " auto=false" })?;
        for (name, value) in [("clean_keys", self.clean_keys), ("mv_add", self.mv_add)] {
            if let Some(value) = value {
                write!(f, " {name}={value}")?;
            }
        }
        for (name, value) in [("pairdelim", &self.pair_delims), ("kvdelim", &self.key_delims)] {
            if let Some(value) = value {
                write!(f, " {name}=")?;
                write_value(f, &value.replace("\n", "\\n").replace("\t", "\\t"))?;
            }
        }
        if self.limit != LIMIT {
            write!(f, " limit={}", self.limit)?;
        }
        if self.max_chars != MAX_CHARS {
            write!(f, " maxchars={}", self.max_chars)?;
        }
        for stanza in &self.stanzas {
            f.write_str(" ")?;
            write_name(f, &stanza.text)?;
        }
        Ok(())
    }
}

impl Command for Extract {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        // What a field transform reads is known when it is found; it may be any field.
        match self.stanzas.is_empty() {
            true => after.clone().with(&FieldSet::of(["_raw"])),
            false => FieldSet::all(),
        }
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let wanted = planner.after().clone();
        for stanza in &self.stanzas {
            if let Some(extractor) = self.transform(stanza, &wanted, planner)? {
                planner.streaming(extractor);
            }
        }
        if self.auto {
            planner.streaming(Pairs {
                reader: KeyValues {
                    pair_delims: self.pair_delims.clone(),
                    key_delims: self.key_delims.clone(),
                    clean_keys: self.clean_keys.unwrap_or(true),
                    limit: self.limit,
                    max_bytes: self.max_chars,
                    ..KeyValues::auto()
                },
                several: self.mv_add == Some(true),
                wanted,
            });
        }
        Ok(())
    }
}

impl Extract {
    fn transform(
        &self,
        stanza: &Word,
        wanted: &FieldSet,
        planner: &mut Planner<'_>,
    ) -> Result<Option<Extractor>> {
        let Some(mut transform) = planner.knowledge.field_transform(&stanza.text)? else {
            let message = format!("no app has the field transform `{}`", stanza.text);
            let names = planner.knowledge.transform_names();
            let problem = Diagnostic::error(Code::Arguments, message).at(stanza.span, "");
            return Err(problem.suggest(&stanza.text, names));
        };
        transform.mv_add = self.mv_add.unwrap_or(transform.mv_add);
        transform.clean_keys = self.clean_keys.unwrap_or(transform.clean_keys);
        let class = transform.name.clone();
        let extraction = Extraction { class, kind: ExtractionKind::Transform(transform) };
        let context = planner.context();
        // What a transform finds replaces what the row has.
        Extractor::new(&extraction, Reader::Json, wanted, &mut planner.compiler(&context))
    }
}

struct Pairs {
    reader: KeyValues,
    several: bool,
    wanted: FieldSet,
}

impl Streaming for Pairs {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let existing = if self.several { Existing::Replaced } else { Existing::Kept };
        add_fields(&mut batch, &"_raw".into(), existing, &self.wanted, |value| {
            let mut found = Found::new();
            for (key, text) in self.reader.pairs(&value.to_text()) {
                if self.several || !found.iter().any(|(other, _)| *other == key) {
                    found.push((key, Value::Text(text)));
                }
            }
            found
        });
        Ok(batch)
    }
}
