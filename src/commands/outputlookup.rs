//! Writes the rows into a table, and passes them on.
//!
//! ## Syntax
//! `outputlookup [append=<bool>] [create_empty=<bool>] [override_if_empty=<bool>] [max=<n>] [key_field=<field>] [allow_updates=<bool>] [createinapp=true] [output_format=splunk_sv_csv|splunk_mv_csv] <lookup>`
//!
//! ## Description
//! The lookup is a definition of transforms.conf or, ending in `.csv` or `.csv.gz`, a file, which need not
//! exist yet. It is written to the `lookups/` of the last `--app`, or of `./speleo-app` without one, as a
//! whole or not at all: nothing is written when the search fails before, and who reads the table meanwhile
//! sees the old one or the new one.
//!
//! The columns are the fields of the rows in their order, also those that a command such as `table` names
//! and no row has. Fields whose names begin with `_` are left out, except `_time` and `_key`. A multivalue
//! field is written as its values with blanks between them, or, with `output_format=splunk_mv_csv`, so that
//! `inputlookup` reads them as several again, in a second column, `__mv_FIELD`. `max` writes only so many of the rows. Options
//! may also stand after the lookup's name.
//!
//! With `append=true` the rows are added to those of the table, under the table's columns: a field that
//! has no column is not written, which a warning says.
//!
//! A KV store collection is a table of records that are told apart by `_key`. With `append=true` a row takes
//! the place of the record with its `_key`; with `key_field=f` the field `f` is the key, and `append=true` is
//! meant. `allow_updates=false` leaves such records as they are. A field that the collection did not have is added.
//!
//! If there are no rows, the table is taken away; with `create_empty=true` it is written without rows; with
//! `override_if_empty=false`, or `append=true` to a table that exists, it is left as it is.
//!
//! ## Examples
//!
//! The rows go on, and are in the table.
//!
//! ```spl
//! table user, level | outputlookup team.csv | stats count | inputlookup append=t team.csv
//! ```
//! ```json in
//! {"user": "ada", "level": 3, "note": "new"}
//! {"user": "bob"}
//! ```
//! ```json out
//! {"count": 2}
//! {"user": "ada", "level": "3"}
//! {"user": "bob"}
//! ```
//!
//! `append=true` keeps the columns of the table: `user`, `day` and `shift`.
//!
//! ```spl
//! outputlookup append=true max=1 rota.csv | head 0 | inputlookup append=t rota.csv
//! ```
//! ```json in
//! {"user": "eve", "day": "fri", "note": "new"}
//! {"user": "mel", "day": "sat", "note": "new"}
//! ```
//! ```json out
//! {"user": "ada", "day": "mon", "shift": "early"}
//! {"user": "bob", "day": "wed", "shift": "late"}
//! {"user": "ada", "day": "tue", "shift": "late"}
//! {"user": "eve", "day": "fri"}
//! ```
//!
//! ```spl
//! outputlookup hosts.csv create_empty=t | head 0 | inputlookup append=t hosts.csv
//! ```
//! ```json in
//! {"_time": "5", "_raw": "up", "host": "web", "tag": ["cloud", "change"]}
//! ```
//! ```json out
//! {"_time": "5", "host": "web", "tag": "cloud change"}
//! ```
//!
//! ```spl
//! outputlookup team
//! ```
//! ```error
//! error[E0401]: no app defines the lookup `team`
//! ```
//!
//! `seen` is a collection. Its record of ada is written anew, and bob's is added.
//!
//! ```spl
//! outputlookup key_field=user seen | eval n=n+10 | where user="ada" | outputlookup append=t key_field=user seen | head 0 | inputlookup append=t seen
//! ```
//! ```json in
//! {"user": "ada", "n": 1}
//! {"user": "bob", "n": 2}
//! ```
//! ```json out
//! {"user": "ada", "n": "11", "_key": "ada"}
//! {"user": "bob", "n": "2", "_key": "bob"}
//! ```
//!
//! ```spl
//! outputlookup key_field=user hosts.csv
//! ```
//! ```error
//! error[E0207]: `key_field` is for KV store collections: `hosts.csv` is a file
//! ```
//!
//! ```spl
//! outputlookup output_format=splunk_mv_csv hosts.csv | head 0 | inputlookup append=t hosts.csv
//! ```
//! ```json in
//! {"host": "web", "tag": ["cloud", "change"]}
//! {"host": "db", "tag": "cloud"}
//! ```
//! ```json out
//! {"host": "web", "tag": ["cloud", "change"]}
//! {"host": "db", "tag": "cloud"}
//! ```
//!
//! ```spl
//! outputlookup createinapp=false hosts.csv
//! ```
//! ```error
//! error[E0207]: `createinapp=false` is not supported
//! ```
//!
//! ## Differences from Splunk
//! With `create_empty=true` the table that is written without rows has its header, where Splunk's file has
//! nothing in it. There is one place that tables are written to, so `createinapp=false` is refused.

use std::fmt;
use std::sync::Arc;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::exec::{Dataset, RunContext};
use crate::knowledge::{COLLECTION_KEY, Knowledge, WriteOptions, Written};
use crate::parse::args::{Args, Word, write_name};
use crate::plan::Planner;
use crate::value::Text;

/// `outputlookup`
#[derive(Clone, Debug)]
pub struct OutputLookup {
    name: Text,
    span: Span,
    options: WriteOptions,
    /// The most rows that are written; none for all.
    max: Option<usize>,
    /// The field that is the key of a collection's records.
    key_field: Option<Word>,
}

const OPTIONS: &[&str] = &[
    "append",
    "create_empty",
    "override_if_empty",
    "key_field",
    "allow_updates",
    "max",
    "createinapp",
    "output_format",
];

/// Reads the arguments of `outputlookup`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut options, mut max, mut key_field, mut name) = (WriteOptions::default(), None, None, None);
    while !args.at_end() {
        match args.option(OPTIONS)? {
            Some((option, value)) if take_write_option(&mut options, option, &value)? => {}
            Some(("output_format", value)) => {
                options.multivalues = match value.text.to_ascii_lowercase().as_str() {
                    "splunk_sv_csv" => false,
                    "splunk_mv_csv" => true,
                    _ => return Err(value.wrong("output_format", "splunk_sv_csv or splunk_mv_csv")),
                };
            }
            Some(("allow_updates", value)) => options.allow_updates = value.truth("allow_updates")?,
            Some(("key_field", value)) => key_field = Some(value),
            Some(("max", value)) => max = Some(value.count("max")?),
            Some((option, value)) => check_option(option, &value)?,
            None if name.is_none() => name = Some(args.word("the name of a lookup")?),
            None => break,
        }
    }
    let Some(name) = name else { return Err(args.error("`outputlookup` needs the name of a lookup")) };
    options.append |= key_field.is_some();
    Ok(Box::new(OutputLookup { name: name.text, span: name.span, options, max, key_field }))
}

/// Options of which one value is what happens anyway, and any other is not there.
fn check_option(option: &str, value: &Word) -> Result<()> {
    if value.truth(option)? {
        return Ok(());
    }
    let message = format!("`{option}={}` is not supported", value.text);
    Err(Diagnostic::error(Code::NotSupported, message).at(value.span, ""))
}

impl fmt::Display for OutputLookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outputlookup ")?;
        print_write_options(f, self.options)?;
        if let Some(max) = self.max {
            write!(f, "max={max} ")?;
        }
        if let Some(field) = &self.key_field {
            f.write_str("key_field=")?;
            write_name(f, &field.text)?;
            f.write_str(" ")?;
        }
        f.write_str(if self.options.multivalues { "output_format=splunk_mv_csv " } else { "" })?;
        f.write_str(if self.options.allow_updates { "" } else { "allow_updates=false " })?;
        write_name(f, &self.name)
    }
}

impl Command for OutputLookup {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::all()
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let is_collection = planner.lookup_written(&self.name, self.span)?;
        if let Some(field) = self.key_field.as_ref().filter(|_| !is_collection) {
            let message = format!("`key_field` is for KV store collections: `{}` is a file", self.name);
            return Err(Diagnostic::error(Code::NotSupported, message).at(field.span, ""));
        }
        let knowledge = Arc::clone(planner.knowledge);
        planner.dataset(Write { command: self.clone(), knowledge });
        Ok(())
    }
}

struct Write {
    command: OutputLookup,
    knowledge: Arc<Knowledge>,
}

impl Dataset for Write {
    fn apply(&self, batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let OutputLookup { name, span, options, max, key_field } = &self.command;
        let all = Batch::concat(&batches);
        let mut columns = columns(&all);
        let key_field = key_field.as_ref().map(|field| &field.text);
        if key_field.is_some() {
            columns.retain(|name| name != COLLECTION_KEY);
            columns.insert(0, COLLECTION_KEY.into());
        }
        let source = |name: &Text| match key_field {
            Some(field) if name == COLLECTION_KEY => field.clone(),
            _ => name.clone(),
        };
        let sources: Vec<Text> = columns.iter().map(source).collect();
        let row = |row: usize| sources.iter().map(|name| all.get(name, row).into_owned()).collect();
        let rows = (0..all.rows().min(max.unwrap_or(usize::MAX))).map(row);
        let written = self.knowledge.write_lookup(name, &columns, rows, *options);
        let written = written.map_err(|problem| problem.at(*span, ""))?;
        warn_of_lost(&written, *span, context);
        Ok(vec![all])
    }
}

/// Takes an option that says how a table is written; whether it is one.
pub(super) fn take_write_option(options: &mut WriteOptions, name: &str, value: &Word) -> Result<bool> {
    let option = match name {
        "append" => &mut options.append,
        "create_empty" => &mut options.create_empty,
        "override_if_empty" => &mut options.override_if_empty,
        _ => return Ok(false),
    };
    *option = value.truth(name)?;
    Ok(true)
}

/// Prints how a table is written, where it is not as usual.
pub(super) fn print_write_options(f: &mut fmt::Formatter<'_>, options: WriteOptions) -> fmt::Result {
    f.write_str(if options.append { "append=true " } else { "" })?;
    f.write_str(if options.create_empty { "create_empty=true " } else { "" })?;
    f.write_str(if options.override_if_empty { "" } else { "override_if_empty=false " })
}

/// Says which columns an appended table has no place for.
pub(super) fn warn_of_lost(written: &Written, span: Span, context: &RunContext) {
    if written.lost_columns.is_empty() {
        return;
    }
    let names: Vec<String> = written.lost_columns.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("the table has no column for {}: not written", names.join(", "));
    let warning = Diagnostic::warning(Code::LookupRow, message)
        .at(span, "")
        .in_file(written.path.display().to_string(), Some(1))
        .help("`append=true` keeps the columns of the table");
    context.warnings().add(warning);
}

/// The columns of the table, in the order of the rows. Where that is set, a column without a value is
/// meant; else it is there or not by where the input was cut.
pub(super) fn columns(all: &Batch) -> Vec<Text> {
    let has_value = |name: &Text| all.column(name).is_some_and(|column| !column.is_all_null());
    all.display_order().into_iter().filter(|name| all.ordered || has_value(name)).cloned().collect()
}
