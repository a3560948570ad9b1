//! Adds fields from a table.
//!
//! ## Syntax
//! `lookup [local=<bool>] [update=<bool>] <lookup> <column> [AS <field>] [, ...] [OUTPUT | OUTPUTNEW <column> [AS <field>] [, ...]]`
//!
//! ## Description
//! The lookup is a definition of transforms.conf, or a file `<name>.csv` or `<name>.csv.gz` in the `lookups/`
//! of an app. The rows of the table are found that have in each of the first columns what the row of the
//! search has in the field; without `AS` the field is called as the column. How columns are compared, and
//! what comes of no match, the definition says (`match_type`, `case_sensitive_match`, `max_matches`,
//! `min_matches`, `default_match`). A row that lacks one of the fields matches nothing.
//!
//! In a CSV file blanks before a value are not part of it, unless the value stands in quotation marks.
//!
//! `OUTPUT` names the columns that become fields; without it all other columns do. A match overwrites, and an
//! empty cell takes the field away; so does no match, for a row that has all of the first fields.
//! `OUTPUTNEW` sets only fields that the row lacks. Several matches give a multivalue field, in the table's order; a multivalue
//! input is looked up value by value. The table is read before the search starts, so a table that the
//! same search writes is not seen.
//!
//! A definition may name a program instead of a table (`external_cmd`). No program is run; what `ut_shannon.py` of the
//! app URL Toolbox answers is worked out here: the entropy of a text, under the built-in lookup
//! `ut_shannon_lookup` with the columns `word` and `ut_shannon`.
//!
//! `local` and `update` say on which machine Splunk looks up, and whether a search that never ends reads the
//! table again. There is one machine, and searches end: they change nothing.
//!
//! ## Examples
//!
//! In this table a `*` in a cell of `user` stands for any text.
//!
//! ```spl
//! lookup staff user OUTPUT department
//! ```
//! ```json in
//! {"user": "ada", "department": "sales"}
//! {"user": "backup-svc"}
//! {"user": "eve", "department": "sales"}
//! {"department": "sales", "host": "web"}
//! ```
//! ```json out
//! {"user": "ada", "department": "research"}
//! {"user": "backup-svc", "department": "machines"}
//! {"user": "eve"}
//! {"department": "sales", "host": "web"}
//! ```
//!
//! `OUTPUTNEW` leaves what is there.
//!
//! ```spl
//! lookup staff user AS src_user OUTPUTNEW department AS group, level
//! ```
//! ```json in
//! {"src_user": "ada", "group": "sales"}
//! {"src_user": "bob"}
//! ```
//! ```json out
//! {"src_user": "ada", "group": "sales", "level": "3"}
//! {"src_user": "bob", "group": "sales", "level": "1"}
//! ```
//!
//! Four letters, each once, are two bits a letter.
//!
//! ```spl
//! lookup ut_shannon_lookup word AS name
//! ```
//! ```json in
//! {"name": "abcd"}
//! {"name": "aaaa"}
//! {"host": "web"}
//! ```
//! ```json out
//! {"name": "abcd", "ut_shannon": 2}
//! {"name": "aaaa", "ut_shannon": 0}
//! {"host": "web"}
//! ```
//!
//! A table of networks, whose definition gives `outside` where none contains the address. A multivalue field
//! is looked up value by value.
//!
//! ```spl
//! lookup zones network AS src
//! ```
//! ```json in
//! {"host": "db", "src": "10.1.2.3"}
//! {"src": ["192.0.2.1", "198.51.100.1"]}
//! {"host": "web"}
//! ```
//! ```json out
//! {"host": "db", "src": "10.1.2.3", "zone": "inside"}
//! {"src": ["192.0.2.1", "198.51.100.1"], "zone": ["lab", "outside"]}
//! {"host": "web", "zone": "outside"}
//! ```
//!
//! A table by its file's name, with two rows for `ada`; all columns must match.
//!
//! ```spl
//! lookup rota.csv user OUTPUT day | lookup update=true rota.csv day user output shift AS hours
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": "Bob"}
//! ```
//! ```json out
//! {"user": "ada", "day": ["mon", "tue"], "hours": ["early", "late"]}
//! {"user": "Bob"}
//! ```
//!
//! ```spl
//! lookup stuff user OUTPUT department
//! ```
//! ```error
//! error[E0401]: no app defines the lookup `stuff`
//! ```
//!
//! ```spl
//! lookup staff user OUTPUT departement
//! ```
//! ```error
//! error[E0402]: the lookup `staff` has no column `departement`
//! ```
//!
//! ```spl
//! lookup staff OUTPUT department
//! ```
//! ```error
//! error[E0205]: `lookup` needs at least one column to match
//! ```

mod computed;

use std::fmt;

use super::Command;
use crate::batch::FieldSet;
use crate::diagnostic::{Result, Span};
use crate::exec::LookupJoin;
use crate::knowledge::LookupTable;
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::Text;

/// `lookup`
#[derive(Clone, Debug)]
pub struct Lookup {
    name: Text,
    span: Span,
    inputs: Vec<Pair>,
    /// None for all columns that are not inputs.
    outputs: Option<Vec<Pair>>,
    /// `OUTPUT`, not `OUTPUTNEW`.
    overwrite: bool,
}

/// `column AS field`
#[derive(Clone, Debug)]
struct Pair {
    column: Text,
    span: Span,
    field: Text,
}

/// The words that end the inputs.
const CLAUSES: &[&str] = &["output", "outputnew"];

/// Reads the arguments of `lookup`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    while let Some((option, value)) = args.option(&["local", "update"])? {
        // Neither has a meaning here; a word that is no truth value is a mistake all the same.
        value.truth(option)?;
    }
    let name = args.word("the name of a lookup")?;
    let inputs = pairs(args)?;
    if inputs.is_empty() {
        return Err(args.error("`lookup` needs at least one column to match"));
    }
    let overwrite = !args.keyword("outputnew");
    let mut outputs = None;
    if !overwrite || args.keyword("output") {
        let named = pairs(args)?;
        if named.is_empty() {
            let clause = if overwrite { "OUTPUT" } else { "OUTPUTNEW" };
            return Err(args.error(format!("`{clause}` needs at least one column")));
        }
        outputs = Some(named);
    }
    Ok(Box::new(Lookup { name: name.text, span: name.span, inputs, outputs, overwrite }))
}

fn pairs(args: &mut Args<'_>) -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    loop {
        args.cursor.separators();
        if args.at_end() || args.sees(CLAUSES) || args.sees_option() {
            return Ok(pairs);
        }
        let column = args.word("a column")?;
        let field = args.alias()?.map_or_else(|| column.text.clone(), |alias| alias.text);
        pairs.push(Pair { column: column.text, span: column.span, field });
    }
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lookup ")?;
        write_name(f, &self.name)?;
        f.write_str(" ")?;
        write_pairs(f, &self.inputs)?;
        if let Some(outputs) = &self.outputs {
            f.write_str(if self.overwrite { " OUTPUT " } else { " OUTPUTNEW " })?;
            write_pairs(f, outputs)?;
        }
        Ok(())
    }
}

fn write_pairs(f: &mut fmt::Formatter<'_>, pairs: &[Pair]) -> fmt::Result {
    for (at, pair) in pairs.iter().enumerate() {
        f.write_str(if at > 0 { ", " } else { "" })?;
        write_name(f, &pair.column)?;
        if pair.field != pair.column {
            f.write_str(" AS ")?;
            write_name(f, &pair.field)?;
        }
    }
    Ok(())
}

impl Command for Lookup {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        // What is there already decides what OUTPUTNEW sets, and stays without a match.
        after.clone().with(&FieldSet::of(self.inputs.iter().map(|pair| pair.field.clone())))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        if let Some(program) =
            planner.knowledge.lookup_program(&self.name).as_deref().and_then(computed::find)
        {
            let named = |pairs: &[Pair]| {
                pairs.iter().map(|it| (it.column.clone(), it.span, it.field.clone())).collect()
            };
            let (inputs, outputs): (Vec<_>, Option<Vec<_>>) =
                (named(&self.inputs), self.outputs.as_deref().map(named));
            if let Some(answers) = computed::Answers::new(program, inputs, outputs, self.overwrite)? {
                planner.streaming(answers);
            }
            return Ok(());
        }
        let table = planner.lookup(&self.name, self.span)?;
        let inputs = bind(&table, &self.inputs)?;
        let mut outputs = match &self.outputs {
            Some(outputs) => bind(&table, outputs)?,
            None => {
                let is_input = |at: usize| inputs.iter().any(|(column, _)| *column == at);
                let columns = table.columns().iter().cloned().enumerate();
                columns.filter(|(at, _)| !is_input(*at)).collect()
            }
        };
        outputs.retain(|(_, field)| planner.after().contains(field));
        planner.streaming(LookupJoin { table, inputs, outputs, overwrite: self.overwrite });
        Ok(())
    }
}

/// The columns' numbers in the table.
fn bind(table: &LookupTable, pairs: &[Pair]) -> Result<Vec<(usize, Text)>> {
    let number = |pair: &Pair| -> Result<(usize, Text)> {
        let column = table.column(&pair.column).map_err(|problem| problem.at(pair.span, ""))?;
        Ok((column, pair.field.clone()))
    };
    pairs.iter().map(number).collect()
}
