//! Puts the fields of another search's rows beside rows with the same values.
//!
//! ## Syntax
//! `join [type=inner|left|outer] [max=<n>] [overwrite=<bool>] [usetime=<bool>] [earlier=<bool>] [<field>...]
//! [<search>]`
//! | `join [<option>...] left=<alias> right=<alias> WHERE <alias>.<field>=<alias>.<field> [AND ...] [<search>]`
//!
//! Instead of a search in brackets a dataset may stand: `datamodel:<model>.<dataset>`, `lookup:<name>`,
//! `savedsearch:<name>`.
//!
//! ## Description
//! Rows match where all the fields have the same values, letter for letter; a row that lacks one of them matches
//! nothing, but of a field that no row of the other search has it is asked only that the own row lacks it too.
//! Without fields those count that both sides have, internal ones aside. Each row is given once for every match, with
//! the other row's fields after its own; `max` of its matches are used, which is 1, and with 0 all. A row without a
//! match is dropped by an `inner` join, which is the usual one, and kept by a `left` join; `outer` is another name
//! for `left`. Of fields that both rows have, the other's value is taken; with
//! `overwrite=false` the own one. Internal fields, whose names begin with `_`, are not taken from the other row, even
//! where the own row lacks them: `rename _time AS seen` in the brackets brings the time across.
//!
//! With aliases the two fields that are compared may have different names. The fields are then called `<alias>.<field>` in
//! the result, those of both sides, internal ones aside.
//!
//! With `usetime=true` a row matches only rows that are not later, or with `earlier=false` not earlier, than
//! itself.
//!
//! The search in the brackets stands alone, as that of `append` does; `maxout`, `maxtime`, `timeout` and
//! `extendtimerange` mean what they mean there. 50,000 of its rows are used, with a warning where there are more.
//!
//! ## Examples
//!
//! ```spl
//! join type=inner user[|inputlookup staff | fields user department]
//! ```
//! ```json in
//! {"user": "bob", "n": "1"}
//! {"user": "eve", "n": "2"}
//! {"user": "ada", "n": "3"}
//! {"n": "4"}
//! ```
//! ```json out
//! {"user": "bob", "n": "1", "department": "sales"}
//! {"user": "ada", "n": "3", "department": "research"}
//! ```
//!
//! A field that neither side has does not part them.
//!
//! ```spl
//! join user, process_guid [|inputlookup staff | fields user department]
//! ```
//! ```json in
//! {"user": "bob"}
//! {"user": "ada", "process_guid": "{1}"}
//! ```
//! ```json out
//! {"user": "bob", "department": "sales"}
//! ```
//!
//! All matches, and rows that have none.
//!
//! ```spl
//! join type=left max=0 user overwrite=f [inputlookup rota.csv | fields user day shift]
//! ```
//! ```json in
//! {"user": "ada", "shift": "none"}
//! {"user": "eve"}
//! ```
//! ```json out
//! {"user": "ada", "shift": "none", "day": "mon"}
//! {"user": "ada", "shift": "none", "day": "tue"}
//! {"user": "eve"}
//! ```
//!
//! ```spl
//! join left=L right=R where L.who=R.user lookup:staff
//! ```
//! ```json in
//! {"who": "ada"}
//! {"who": "eve"}
//! ```
//! ```json out
//! {"L.who": "ada", "R.user": "ada", "R.department": "research", "R.level": "3"}
//! ```
//!
//! Only what was there before.
//!
//! ```spl
//! join host usetime=true [| makeresults format=csv data="host,_time,state
//! web,30,up
//! web,10,down" ]
//! ```
//! ```json in
//! {"host": "web", "_time": 20}
//! ```
//! ```json out
//! {"host": "web", "_time": 20, "state": "down"}
//! ```
//!
//! The time of the other row stays behind, be there an own one or not.
//!
//! ```spl
//! join host [| makeresults format=csv data="host,_time,state
//! web,30,up
//! db,10,down" ]
//! ```
//! ```json in
//! {"host": "db", "_time": 20}
//! {"host": "web"}
//! ```
//! ```json out
//! {"host": "db", "_time": 20, "state": "down"}
//! {"host": "web", "state": "up"}
//! ```
//!
//! ```spl
//! join type=right user [| inputlookup staff]
//! ```
//! ```error
//! error[E0204]: `type` needs inner, left or outer and got `right`
//! ```
//!
//! ```spl
//! join user
//! ```
//! ```error
//! error[E0205]: `join` needs a search in brackets, or a dataset such as `lookup:staff`
//! ```
//!
//! ## Differences from Splunk
//! Splunk's documentation uses fields by `<alias>.<field>` after the command, but does not say that all of them are called
//! so, nor what becomes of internal ones. It is silent about a field of the list that neither side has; a published search
//! with a test of its own joins two such sides.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::Command;
use super::support::{Index, Operand, SubsearchOptions, merge};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Centralized, Dataset, Flow, Generating, RunContext, Scan};
use crate::parse::Start;
use crate::parse::args::{Args, write_name};
use crate::plan::{InnerRows, Planner};
use crate::value::Text;

/// `join`
#[derive(Debug)]
pub struct Join {
    options: Options,
    /// Fields on the left and on the right; none for those that both sides have.
    on: Vec<(Text, Text)>,
    aliases: Option<(Text, Text)>,
    subsearch: SubsearchOptions,
    operand: Operand,
}

#[derive(Clone, Debug)]
struct Options {
    keep: bool,
    max: usize,
    overwrite: bool,
    usetime: bool,
    earlier: bool,
}

const NAMES: [&str; 11] = [
    "type",
    "max",
    "overwrite",
    "usetime",
    "earlier",
    "left",
    "right",
    "maxout",
    "maxtime",
    "timeout",
    "extendtimerange",
];

/// Reads the arguments of `join`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut options = Options { keep: false, max: 1, overwrite: true, usetime: false, earlier: true };
    let (mut subsearch, mut fields) = (SubsearchOptions::default(), Vec::new());
    let (mut left, mut right) = (None, None);
    let (mut operand, mut on) = (None, Vec::new());
    loop {
        if args.sees_bracket() && operand.is_none() {
            operand = Some(Operand::bracketed(args)?);
        } else if args.at_end() {
            break;
        } else if let Some((name, value)) = args.option(&NAMES)? {
            match name {
                "type" => {
                    options.keep = match value.text.to_ascii_lowercase().as_str() {
                        "inner" => false,
                        "left" | "outer" => true,
                        _ => return Err(value.wrong("type", "inner, left or outer")),
                    };
                }
                "max" => options.max = value.count(name)?,
                "overwrite" => options.overwrite = value.truth(name)?,
                "usetime" => options.usetime = value.truth(name)?,
                "earlier" => options.earlier = value.truth(name)?,
                "left" => left = Some(value.text),
                "right" => right = Some(value.text),
                name => subsearch.take(name, value)?,
            }
        } else if let (Some(left), Some(right), true) = (&left, &right, args.keyword("where")) {
            on = pairs(left, right, args)?;
        } else {
            let word = args.word("a field")?;
            match Operand::is_dataset(&word) && operand.is_none() {
                true => operand = Some(Operand::dataset(word, args)?),
                false => fields.push(word.text),
            }
        }
    }
    let Some(operand) = operand else {
        let message = "`join` needs a search in brackets, or a dataset such as `lookup:staff`";
        return Err(args.error(message));
    };
    let aliases = match (left, right) {
        (Some(left), Some(right)) if !on.is_empty() && fields.is_empty() => Some((left, right)),
        (None, None) => None,
        _ => return Err(args.error("`left`, `right` and `WHERE` belong together, without a list of fields")),
    };
    on.extend(fields.into_iter().map(|field| (field.clone(), field)));
    Ok(Box::new(Join { options, on, aliases, subsearch, operand }))
}

/// `L.a=R.b AND …`, in either order of the sides.
fn pairs(left: &str, right: &str, args: &mut Args<'_>) -> Result<Vec<(Text, Text)>> {
    let mut pairs = Vec::new();
    loop {
        let one = args.word("a field of one side")?;
        if !args.cursor.eat('=') {
            return Err(args.cursor.expected("`=`"));
        }
        let other = args.word("a field of the other side")?;
        let of = |alias: &str, name: &str| {
            name.strip_prefix(alias).and_then(|rest| rest.strip_prefix('.')).map(Text::from)
        };
        let pair = match (of(left, &one.text), of(right, &other.text)) {
            (Some(left), Some(right)) => Some((left, right)),
            _ => of(left, &other.text).zip(of(right, &one.text)),
        };
        let Some(pair) = pair else {
            return Err(args.error(format!("`WHERE` compares a field of `{left}` with one of `{right}`")));
        };
        pairs.push(pair);
        if !args.keyword("and") {
            return Ok(pairs);
        }
    }
}

impl fmt::Display for Join {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { keep, max, overwrite, usetime, earlier } = self.options;
        f.write_str("join ")?;
        f.write_str(if keep { "type=left " } else { "" })?;
        if max != 1 {
            write!(f, "max={max} ")?;
        }
        f.write_str(if overwrite { "" } else { "overwrite=false " })?;
        f.write_str(if usetime { "usetime=true " } else { "" })?;
        f.write_str(if earlier { "" } else { "earlier=false " })?;
        write!(f, "{}", self.subsearch)?;
        if let Some((left, right)) = &self.aliases {
            write!(f, "left={left} right={right} where ")?;
            for (at, (a, b)) in self.on.iter().enumerate() {
                f.write_str(if at > 0 { " AND " } else { "" })?;
                write_name(f, &format!("{left}.{a}"))?;
                f.write_str("=")?;
                write_name(f, &format!("{right}.{b}"))?;
            }
            f.write_str(" ")?;
        } else {
            for (field, _) in &self.on {
                write_name(f, field)?;
                f.write_str(" ")?;
            }
        }
        write!(f, "{}", self.operand)
    }
}

impl Command for Join {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        // After aliases the names are others.
        if self.on.is_empty() || self.aliases.is_some() {
            return FieldSet::all();
        }
        let time = self.options.usetime.then(|| Text::from("_time"));
        after.clone().with(&FieldSet::of(self.on.iter().map(|(left, _)| left.clone()).chain(time)))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let time = self.options.usetime.then(|| Text::from("_time"));
        let right = FieldSet::of(self.on.iter().map(|(_, right)| right.clone()).chain(time));
        let wanted = match self.on.is_empty() || self.aliases.is_some() {
            true => FieldSet::all(),
            false => planner.after().clone().with(&right),
        };
        let plan = planner.inner(&self.operand.search, Start::Subsearch, &wanted, true)?;
        let limit = self.subsearch.limit("join", self.operand.search.span);
        let rows = InnerRows { plan, limit };
        let (options, on, aliases) = (self.options.clone(), self.on.clone(), self.aliases.clone());
        let joiner = Joiner { options, on, aliases, rows };
        match self.on.is_empty() {
            true => planner.dataset(joiner),
            false => planner.centralized(JoinRows(Arc::new(joiner))),
        }
        Ok(())
    }
}

struct Joiner {
    options: Options,
    on: Vec<(Text, Text)>,
    /// What stands before the names of fields in the result, on the left and on the right.
    aliases: Option<(Text, Text)>,
    rows: InnerRows,
}

/// The rows on the right, by the fields that are compared.
struct Right {
    rows: Batch,
    index: Index,
    left: Vec<Text>,
    right: Vec<Text>,
    /// Fields that no row on the right has: a row on the left must lack them too.
    absent: Vec<Text>,
}

impl Joiner {
    fn right(&self, on: Vec<(Text, Text)>, rows: Batch) -> Right {
        let has = |name: &str| (0..rows.rows()).any(|row| !rows.get(name, row).is_null());
        let (on, absent): (Vec<_>, Vec<_>) = match on.iter().any(|(_, right)| has(right)) {
            true => on.into_iter().partition(|(_, right)| has(right)),
            false => (on, Vec::new()),
        };
        let (left, right): (Vec<Text>, Vec<Text>) = on.into_iter().unzip();
        let absent = absent.into_iter().map(|(left, _)| left).collect();
        Right { index: Index::new(&rows, &right), rows, left, right, absent }
    }

    fn join(&self, batch: &Batch, right: &Right) -> Batch {
        let mut pairs = Vec::new();
        let max = if self.options.max == 0 { usize::MAX } else { self.options.max };
        for row in 0..batch.rows() {
            let before = pairs.len();
            let found = right.index.find(batch, row, &right.left).iter();
            let lacks = right.absent.iter().all(|name| batch.get(name, row).is_null());
            let fits = |other: &&usize| lacks && self.in_time(batch, row, &right.rows, **other);
            let found = found.filter(fits).take(max);
            pairs.extend(found.map(|&other| (Some(row), Some(other))));
            if self.options.keep && pairs.len() == before {
                pairs.push((Some(row), None));
            }
        }
        if let Some((own, other)) = &self.aliases {
            let take = |name: &str| !name.starts_with('_');
            let (batch, rows) = (with_alias(batch, own), with_alias(&right.rows, other));
            return merge(&batch, &rows, &pairs, true, take);
        }
        let same = |name: &str| right.left.iter().zip(&right.right).any(|(a, b)| a == b && a == name);
        // Splunk prints no `_time` where only the rows in brackets have one.
        let take = |name: &str| !same(name) && !name.starts_with('_');
        merge(batch, &right.rows, &pairs, self.options.overwrite, take)
    }

    fn in_time(&self, batch: &Batch, row: usize, right: &Batch, other: usize) -> bool {
        let time = |batch: &Batch, row: usize| batch.get("_time", row).as_number();
        match (self.options.usetime, time(batch, row), time(right, other)) {
            (false, ..) => true,
            (true, Some(own), Some(other)) if self.options.earlier => other <= own,
            (true, Some(own), Some(other)) => other >= own,
            _ => false,
        }
    }
}

/// The same rows with an alias before the names of fields that are not internal.
fn with_alias(batch: &Batch, alias: &str) -> Batch {
    let mut renamed = Batch::with_rows(batch.rows());
    renamed.ordered = batch.ordered;
    for (name, column) in batch.columns() {
        let name = if name.starts_with('_') { name.clone() } else { Text::from(format!("{alias}.{name}")) };
        renamed.set(name, column.clone());
    }
    renamed
}

/// Without a list of fields: those that both sides have.
impl Dataset for Joiner {
    fn apply(&self, batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let left = Batch::concat(&batches);
        let rows = Batch::concat(&self.rows.generate(context)?);
        let shared = |name: &&Text| !name.starts_with('_') && rows.column(name).is_some();
        let on: Vec<(Text, Text)> =
            left.names().filter(shared).map(|name| (name.clone(), name.clone())).collect();
        Ok(vec![self.join(&left, &self.right(on, rows))])
    }
}

struct JoinRows(Arc<Joiner>);

impl Centralized for JoinRows {
    fn start(&self) -> Box<dyn Scan> {
        Box::new(Joining { joiner: Arc::clone(&self.0), right: OnceLock::new() })
    }
}

struct Joining {
    joiner: Arc<Joiner>,
    /// Filled when the first row comes.
    right: OnceLock<Right>,
}

impl Scan for Joining {
    fn step(&mut self, batch: Batch, context: &RunContext) -> Result<(Batch, Flow)> {
        if self.right.get().is_none() {
            let rows = Batch::concat(&self.joiner.rows.generate(context)?);
            let _ = self.right.set(self.joiner.right(self.joiner.on.clone(), rows));
        }
        let joined = self.right.get().map(|right| self.joiner.join(&batch, right));
        Ok((joined.unwrap_or(batch), Flow::More))
    }
}
