//! Writes the rows into a file for `inputcsv`, and passes them on.
//!
//! ## Syntax
//! `outputcsv [append=<bool>] [create_empty=<bool>] [override_if_empty=<bool>] [singlefile=true] [dispatch=false] [usexml=false] <file>`
//!
//! ## Description
//! The file stands in the `csv/` of the last `--app`, or of `./speleo-app` without one; `.csv` is added to a
//! name that does not end in `.csv` or `.csv.gz`. It is written as a whole or not at all: nothing is written
//! when the search fails before, and who reads the file meanwhile sees the old one or the new one.
//!
//! The columns are the fields of the rows in their order, also those whose names begin with `_`, and those
//! that a command such as `table` names and no row has. A multivalue field is written as its values with
//! blanks between them. Options may also stand after the file's name.
//!
//! With `append=true` the rows are added to those of the file, under the file's columns: a field that
//! has no column is not written, which a warning says.
//!
//! If there are no rows, the file is taken away; with `create_empty=true` it is written with nothing in it;
//! with `override_if_empty=false`, or `append=true` to a file that exists, it is left as it is.
//!
//! ## Examples
//!
//! The rows go on, and are in the file.
//!
//! ```spl
//! outputcsv seen | stats count | inputcsv append=true seen
//! ```
//! ```json in
//! {"_raw": "up", "host": "web", "tag": ["cloud", "change"]}
//! {"_raw": "down", "host": "db"}
//! ```
//! ```json out
//! {"count": 2}
//! {"_raw": "up", "host": "web", "tag": "cloud change"}
//! {"_raw": "down", "host": "db"}
//! ```
//!
//! `append=true` keeps the columns of the file: `host`.
//!
//! ```spl
//! table host | outputcsv hosts | eval port = 80 | outputcsv append=true hosts.csv | head 0 | inputcsv append=true hosts
//! ```
//! ```json in
//! {"host": "web"}
//! {"host": "db"}
//! ```
//! ```json out
//! {"host": "web"}
//! {"host": "db"}
//! {"host": "web"}
//! {"host": "db"}
//! ```
//!
//! Without rows the file stays as it was.
//!
//! ```spl
//! table host | outputcsv hosts | head 0 | outputcsv hosts override_if_empty=false | inputcsv append=true hosts
//! ```
//! ```json in
//! {"host": "web"}
//! ```
//! ```json out
//! {"host": "web"}
//! ```
//!
//! ```spl
//! outputcsv hosts/all.csv
//! ```
//! ```error
//! error[E0404]: `hosts/all.csv` is not the name of a file: results stand in the csv/ of an app
//! ```
//!
//! ```spl
//! outputcsv usexml=true hosts
//! ```
//! ```error
//! error[E0207]: `usexml=true` is not supported
//! ```
//!
//! ## Differences from Splunk
//! Splunk's folder is `var/run/splunk/csv`. The file's name is required: Splunk writes the rows into the field
//! `_xml` without one. A file that ends in `.csv.gz` can be appended to. Splunk keeps the values of a
//! multivalue field apart in columns `__mv_*`. No search has a folder of its own, so `dispatch=true` is refused,
//! as are `usexml=true` and, since there is always one file, `singlefile=false`.

use std::fmt;
use std::sync::Arc;

use super::Command;
use super::outputlookup::{columns, print_write_options, take_write_option, warn_of_lost};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::exec::{Dataset, RunContext};
use crate::knowledge::{Knowledge, WriteOptions};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::Text;

/// `outputcsv`
#[derive(Clone, Debug)]
pub struct OutputCsv {
    name: Text,
    span: Span,
    options: WriteOptions,
}

const OPTIONS: &[&str] = &["append", "create_empty", "override_if_empty", "singlefile", "dispatch", "usexml"];

/// Reads the arguments of `outputcsv`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut options, mut name) = (WriteOptions::default(), None);
    while !args.at_end() {
        match args.option(OPTIONS)? {
            Some((option, value)) if take_write_option(&mut options, option, &value)? => {}
            // Of these, one value is what happens anyway.
            Some((option, value)) if value.truth(option)? != (option == "singlefile") => {
                let message = format!("`{option}={}` is not supported", value.text);
                return Err(Diagnostic::error(Code::NotSupported, message).at(value.span, ""));
            }
            Some(_) => {}
            None if name.is_none() => name = Some(args.word("the name of a file")?),
            None => break,
        }
    }
    let Some(name) = name else { return Err(args.error("`outputcsv` needs the name of a file")) };
    Ok(Box::new(OutputCsv { name: name.text, span: name.span, options }))
}

impl fmt::Display for OutputCsv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outputcsv ")?;
        print_write_options(f, self.options)?;
        write_name(f, &self.name)
    }
}

impl Command for OutputCsv {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::all()
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let file = planner.results_written(&self.name, self.span)?;
        let knowledge = Arc::clone(planner.knowledge);
        planner.dataset(Write { command: self.clone(), file, knowledge });
        Ok(())
    }
}

struct Write {
    command: OutputCsv,
    file: Text,
    knowledge: Arc<Knowledge>,
}

impl Dataset for Write {
    fn apply(&self, batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let OutputCsv { span, options, .. } = &self.command;
        let all = Batch::concat(&batches);
        let columns = columns(&all);
        let row = |row: usize| columns.iter().map(|name| all.get(name, row).into_owned()).collect();
        let written = self.knowledge.write_results(&self.file, &columns, (0..all.rows()).map(row), *options);
        warn_of_lost(&written.map_err(|problem| problem.at(*span, ""))?, *span, context);
        Ok(vec![all])
    }
}
