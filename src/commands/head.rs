//! Keeps the first rows.
//!
//! ## Syntax
//! `head [<n> | limit=<n>] [<predicate>] [keeplast=<bool>] [null=<bool>]`
//!
//! ## Description
//! The first 10 rows, or so many; or the rows before the first for which the predicate is false; with both, the
//! fewer. With `null=true` a null predicate lets the row through, else it ends the rows as false does. With
//! `keeplast=true` the row that ended them is kept.
//!
//! ## Examples
//!
//! ```spl
//! head 2
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "2"}
//! {"n": "3"}
//! ```
//! ```json out
//! {"n": "1"}
//! {"n": "2"}
//! ```
//!
//! ```spl
//! head (n < 2) keeplast=true
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "2"}
//! {"n": "1"}
//! ```
//! ```json out
//! {"n": "1"}
//! {"n": "2"}
//! ```
//!
//! A missing field makes the predicate null; both limits together.
//!
//! ```spl
//! head limit=3 (n < 5) null=true
//! ```
//! ```json in
//! {"n": "1"}
//! {"host": "a"}
//! {"n": "2"}
//! {"n": "3"}
//! ```
//! ```json out
//! {"n": "1"}
//! {"host": "a"}
//! {"n": "2"}
//! ```
//!
//! ```spl
//! head 5 limit=10
//! ```
//! ```error
//! error[E0205]: `head` takes one count
//! ```
//!
//! ```spl
//! head limit=few
//! ```
//! ```error
//! error[E0204]: `limit` needs a whole number that is not negative and got `few`
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::eval::Program;
use crate::exec::{Centralized, Flow, RunContext, Scan};
use crate::parse::args::Args;
use crate::parse::expr::Expr;
use crate::parse::predicate;
use crate::plan::Planner;
use crate::value::Value;

/// `head`
#[derive(Clone, Debug)]
pub struct Head {
    /// At most so many rows.
    count: Option<usize>,
    /// Up to the first row for which this is false.
    expr: Option<Expr>,
    keep_last: bool,
    null_passes: bool,
}

/// Reads the arguments of `head`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut count, mut expr, mut keep_last, mut null_passes) = (None, None, false, false);
    while !args.at_end() {
        let known = ["limit=", "keeplast=", "null="];
        let squeezed: String = args.cursor.rest().chars().filter(|c| !c.is_whitespace()).take(9).collect();
        let is_option = known.iter().any(|name| squeezed.to_ascii_lowercase().starts_with(name));
        let number = args.cursor.rest().split_whitespace().next().and_then(|word| word.parse::<usize>().ok());
        if is_option {
            match args.option(&["limit", "keeplast", "null"])? {
                Some(("limit", value)) => {
                    let limit = value.count("limit")?;
                    if count.replace(limit).is_some() {
                        return Err(args.error("`head` takes one count"));
                    }
                }
                Some(("keeplast", value)) => keep_last = value.truth("keeplast")?,
                Some((_, value)) => null_passes = value.truth("null")?,
                None => {}
            }
        } else if let Some(number) = number {
            if count.replace(number).is_some() {
                return Err(args.error("`head` takes one count"));
            }
            args.word("a count")?;
        } else {
            let predicate_expr = args.expression()?;
            predicate(&predicate_expr, "head")?;
            if expr.replace(predicate_expr).is_some() {
                return Err(args.error("`head` takes one predicate"));
            }
        }
    }
    // Without a predicate there are 10; with one, as many as it lets pass.
    let count = count.or(expr.is_none().then_some(10));
    Ok(Box::new(Head { count, expr, keep_last, null_passes }))
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("head")?;
        self.count.map_or(Ok(()), |count| write!(f, " {count}"))?;
        self.expr.as_ref().map_or(Ok(()), |expr| write!(f, " ({expr})"))?;
        f.write_str(if self.keep_last { " keeplast=true" } else { "" })?;
        f.write_str(if self.null_passes { " null=true" } else { "" })
    }
}

impl Command for Head {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let read = self.expr.as_ref().map_or_else(Vec::new, |expr| expr.fields());
        after.clone().with(&FieldSet::of(read))
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        if let Some(expr) = &self.expr {
            planner.read_lookups_of(expr)?;
        }
        planner.centralized(self.clone());
        Ok(())
    }
}

impl Centralized for Head {
    fn start(&self) -> Box<dyn Scan> {
        let program = self.expr.clone().map(Program::new);
        let while_true = program.map(|program| WhileTrue {
            program,
            keep_last: self.keep_last,
            null_passes: self.null_passes,
        });
        Box::new(FirstRows { left: self.count.unwrap_or(usize::MAX), while_true })
    }
}

struct FirstRows {
    left: usize,
    while_true: Option<WhileTrue>,
}

impl Scan for FirstRows {
    fn step(&mut self, batch: Batch, context: &RunContext) -> Result<(Batch, Flow)> {
        let mut out = if batch.rows() > self.left { batch.slice(0, self.left) } else { batch };
        self.left -= out.rows();
        let mut flow = if self.left == 0 { Flow::Enough } else { Flow::More };
        if let Some(end) = self.while_true.as_ref().and_then(|predicate| predicate.end(&out, context)) {
            out = out.slice(0, end);
            flow = Flow::Enough;
        }
        Ok((out, flow))
    }
}

struct WhileTrue {
    program: Program,
    keep_last: bool,
    null_passes: bool,
}

impl WhileTrue {
    /// How many rows are kept, if the predicate ends among them.
    fn end(&self, batch: &Batch, context: &RunContext) -> Option<usize> {
        let truth = self.program.column(batch, &context.eval);
        let passes = |value: &Value| value.is_true() || (self.null_passes && value.is_null());
        let end = truth.iter().position(|value| !passes(&value))?;
        Some(end + usize::from(self.keep_last))
    }
}
