//! Makes a row of each row of the tables in a text.
//!
//! ## Syntax
//! `multikv [conf=<stanza>] [copyattrs=<bool>] [forceheader=<n>] [multitable=<bool>] [noheader=<bool>] [rmorig=<bool>] [fields <fields>] [filter <words>]`
//!
//! ## Description
//! The text is `_raw`. The names of the columns stand in the first line of words that are no numbers, with words beneath; in the
//! line `forceheader`, counted from 1; or with `noheader=true` nowhere, and are `Column_1`, `Column_2` and so on. The words of a row
//! belong to the columns in turn, and more than there are columns to the last; where there are fewer, to the
//! columns that they stand under. With commas between the names, commas separate the values too; quotation marks around
//! a value stay. In names what is no letter, digit or `_` becomes `_`, and goes at the start. A table ends at an empty line, and another may follow, unless `multitable=false`.
//!
//! `conf` is a stanza of the multikv.conf of an app, which says where a table and its parts are and how lines are cut; then neither
//! `forceheader` nor `noheader` can be said.
//!
//! Each new row has its line as `_raw` and the other fields of the row it comes from; these not with `copyattrs=false`. With
//! `rmorig=false` the row it comes from is there too, before them. A row without a table goes, unless `rmorig=false`. `fields`
//! lists the columns that become fields, `filter` texts of which one must stand in the line.
//!
//! ## Examples
//!
//! ```spl
//! multikv
//! ```
//! ```json in
//! {"host": "a", "_raw": "USER PID %CPU COMMAND\nroot 1 0.5 init -x\nada 22 3.0 sh"}
//! {"host": "b", "_raw": "no table"}
//! ```
//! ```json out
//! {"host": "a", "_raw": "root 1 0.5 init -x", "USER": "root", "PID": "1", "CPU": "0.5", "COMMAND": "init -x"}
//! {"host": "a", "_raw": "ada 22 3.0 sh", "USER": "ada", "PID": "22", "CPU": "3.0", "COMMAND": "sh"}
//! ```
//!
//! ```spl
//! multikv copyattrs=false rmorig=false fields pid, user filter ada bob
//! ```
//! ```json in
//! {"host": "a", "_raw": "user pid\nroot 1\nada 2\nbob 3"}
//! ```
//! ```json out
//! {"host": "a", "_raw": "user pid\nroot 1\nada 2\nbob 3"}
//! {"_raw": "ada 2", "user": "ada", "pid": "2"}
//! {"_raw": "bob 3", "user": "bob", "pid": "3"}
//! ```
//!
//! ```spl
//! multikv noheader=true | table Column_2
//! ```
//! ```json in
//! {"_raw": "a 1\nb 2"}
//! ```
//! ```json out
//! {"Column_2": "1"}
//! {"Column_2": "2"}
//! ```
//!
//! ```spl
//! multikv conf=netstat
//! ```
//! ```error
//! error[E0416]: no app describes the table `netstat`
//! ```
//!
//! ## Differences from Splunk
//! How Splunk finds the line with the names is not documented.

use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldMap, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{RunContext, Streaming};
use crate::extract::{Sections, TableRow, Tables};
use crate::parse::args::{Args, Word, write_names};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `multikv`
#[derive(Clone, Debug)]
pub struct MultiKv {
    /// The description that is named.
    conf: Option<Word>,
    tables: Tables,
    copy: bool,
    keep_original: bool,
    /// The columns that become fields; none for all.
    fields: Vec<Text>,
    /// Texts of which one must stand in a line; none for all lines.
    filter: Vec<Text>,
}

const OPTIONS: [&str; 6] = ["conf", "copyattrs", "forceheader", "multitable", "noheader", "rmorig"];

/// Reads the arguments of `multikv`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let tables = Tables { header: None, without_header: false, several: true };
    let mut command = MultiKv {
        conf: None,
        tables,
        copy: true,
        keep_original: false,
        fields: Vec::new(),
        filter: Vec::new(),
    };
    while !args.at_end() {
        if args.keyword("fields") {
            command.fields.extend(args.some_fields(&["filter"])?.into_iter().map(|word| word.text));
            continue;
        }
        if args.keyword("filter") {
            command.filter.extend(args.some_fields(&["fields"])?.into_iter().map(|word| word.text));
            continue;
        }
        match args.option(&OPTIONS)? {
            Some(("conf", value)) => command.conf = Some(value),
            Some(("copyattrs", value)) => command.copy = value.truth("copyattrs")?,
            Some(("forceheader", value)) => command.tables.header = Some(value.count("forceheader")?),
            Some(("multitable", value)) => command.tables.several = value.truth("multitable")?,
            Some(("noheader", value)) => command.tables.without_header = value.truth("noheader")?,
            Some((_, value)) => command.keep_original = !value.truth("rmorig")?,
            None => break,
        }
    }
    if command.conf.is_some() && (command.tables.header.is_some() || command.tables.without_header) {
        return Err(
            args.error("`conf` says where the names of columns are, as `forceheader` and `noheader` do")
        );
    }
    Ok(Box::new(command))
}

impl fmt::Display for MultiKv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("multikv")?;
        if let Some(conf) = &self.conf {
            f.write_str(" conf=")?;
            write_value(f, &conf.text)?;
        }
        f.write_str(if self.copy { "" } else { " copyattrs=false" })?;
        if let Some(line) = self.tables.header {
            write!(f, " forceheader={line}")?;
        }
        f.write_str(if self.tables.several { "" } else { " multitable=false" })?;
        f.write_str(if self.tables.without_header { " noheader=true" } else { "" })?;
        f.write_str(if self.keep_original { " rmorig=false" } else { "" })?;
        if !self.fields.is_empty() {
            f.write_str(" fields ")?;
            write_names(f, self.fields.iter().map(Text::as_str))?;
        }
        if !self.filter.is_empty() {
            f.write_str(" filter")?;
            for text in &self.filter {
                f.write_str(" ")?;
                write_value(f, text)?;
            }
        }
        Ok(())
    }
}

impl Command for MultiKv {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone().with(&FieldSet::of(["_raw"]))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let sections = self.conf.as_ref().map(|conf| described(conf, planner)).transpose()?;
        planner.streaming(Lines { command: self.clone(), sections });
        Ok(())
    }
}

/// The description of tables that is named.
fn described(conf: &Word, planner: &mut Planner<'_>) -> Result<Sections> {
    let Some(settings) = planner.knowledge.table_settings(&conf.text) else {
        let message = format!("no app describes the table `{}`", conf.text);
        return Err(Diagnostic::error(Code::UnknownTable, message)
            .at(conf.span, "")
            .help("tables are described in the multikv.conf of an app")
            .suggest(&conf.text, planner.knowledge.table_names()));
    };
    Sections::read(&settings).map_err(|problem| problem.at(conf.span, ""))
}

/// The command, with what multikv.conf says.
struct Lines {
    command: MultiKv,
    sections: Option<Sections>,
}

/// The rows that come out: each with the number of the row it comes from, and what a table's row says.
#[derive(Default)]
struct Rows {
    from: Vec<usize>,
    /// Whether the fields of the row it comes from are kept.
    copied: Vec<bool>,
    columns: FieldMap<Vec<Value>>,
}

impl Rows {
    fn add(&mut self, from: usize, copied: bool) {
        self.from.push(from);
        self.copied.push(copied);
    }

    fn set(&mut self, name: &str, value: Value) {
        let column = self.columns.entry(Text::from(name)).or_default();
        // Of columns with the same name the last counts.
        column.truncate(self.from.len() - 1);
        column.resize(self.from.len() - 1, Value::Null);
        column.push(value);
    }
}

impl Streaming for Lines {
    fn map(&self, batch: Batch, _: &RunContext) -> Result<Batch> {
        let command = &self.command;
        let mut rows = Rows::default();
        for row in 0..batch.rows() {
            let raw = batch.get("_raw", row);
            if command.keep_original {
                rows.add(row, true);
                rows.set("_raw", raw.clone().into_owned());
            }
            let text = raw.to_text();
            let found = match &self.sections {
                Some(sections) => sections.rows(&text, command.tables.several),
                None => command.tables.rows(&text),
            };
            for table_row in found.iter().filter(|table_row| command.passes(table_row)) {
                rows.add(row, command.copy);
                rows.set("_raw", Value::text(table_row.line));
                for (name, value) in &table_row.columns {
                    if command.fields.is_empty() || command.fields.contains(name) {
                        rows.set(name, Value::text(value.as_ref()));
                    }
                }
            }
        }
        Ok(rows.over(&batch))
    }
}

impl MultiKv {
    fn passes(&self, row: &TableRow<'_>) -> bool {
        self.filter.is_empty() || self.filter.iter().any(|text| row.line.contains(text.as_str()))
    }
}

impl Rows {
    /// The rows with what they have of the batch that they come from.
    fn over(self, batch: &Batch) -> Batch {
        let mut out = batch.take(&self.from);
        let names: Vec<Text> = out.names().cloned().collect();
        for name in names.into_iter().filter(|_| self.copied.contains(&false)) {
            if let Some(column) = out.column(&name) {
                let copied = column.select(&self.copied, &Column::Null(self.from.len()));
                out.set(name, copied);
            }
        }
        for (name, mut column) in self.columns {
            column.resize(self.from.len(), Value::Null);
            let set: Vec<bool> = column.iter().map(|value| !value.is_null()).collect();
            let mut column = Column::from_values(column);
            if let Some(before) = out.column(&name) {
                column = column.select(&set, before);
            }
            out.set(name, column);
        }
        out
    }
}
