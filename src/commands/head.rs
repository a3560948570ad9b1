//! Keeps the first rows.
//!
//! ## Syntax
//! `head [<n> | limit=<n> | <predicate>] [keeplast=<bool>] [null=<bool>]`
//!
//! ## Description
//! The first 10 rows, or so many; or the rows before the first for which the predicate is false. With
//! `null=true` a null predicate lets the row through, else it ends the rows as false does. With
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
    until: Until,
    keep_last: bool,
    null_passes: bool,
}

#[derive(Clone, Debug)]
enum Until {
    Count(usize),
    False(Expr),
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
                Some(("limit", value)) => count = Some(value.count("limit")?),
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
    let until = match (count, expr) {
        (Some(_), Some(_)) => return Err(args.error("`head` takes a count or a predicate, not both")),
        (_, Some(expr)) => Until::False(expr),
        (count, None) => Until::Count(count.unwrap_or(10)),
    };
    Ok(Box::new(Head { until, keep_last, null_passes }))
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.until {
            Until::Count(count) => write!(f, "head {count}")?,
            Until::False(expr) => write!(f, "head ({expr})")?,
        }
        f.write_str(if self.keep_last { " keeplast=true" } else { "" })?;
        f.write_str(if self.null_passes { " null=true" } else { "" })
    }
}

impl Command for Head {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        match &self.until {
            Until::Count(_) => after.clone(),
            Until::False(expr) => after.clone().with(&FieldSet::of(expr.fields())),
        }
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        if let Until::False(expr) = &self.until {
            planner.read_lookups_of(expr)?;
        }
        planner.centralized(self.clone());
        Ok(())
    }
}

impl Centralized for Head {
    fn start(&self) -> Box<dyn Scan> {
        match &self.until {
            Until::Count(count) => Box::new(FirstRows { left: *count }),
            Until::False(expr) => {
                let program = Program::new(expr.clone());
                Box::new(WhileTrue { program, keep_last: self.keep_last, null_passes: self.null_passes })
            }
        }
    }
}

struct FirstRows {
    left: usize,
}

impl Scan for FirstRows {
    fn step(&mut self, batch: Batch, _: &RunContext) -> Result<(Batch, Flow)> {
        let out = if batch.rows() > self.left { batch.slice(0, self.left) } else { batch };
        self.left -= out.rows();
        Ok((out, if self.left == 0 { Flow::Enough } else { Flow::More }))
    }
}

struct WhileTrue {
    program: Program,
    keep_last: bool,
    null_passes: bool,
}

impl Scan for WhileTrue {
    fn step(&mut self, batch: Batch, context: &RunContext) -> Result<(Batch, Flow)> {
        let truth = self.program.column(&batch, &context.eval);
        let passes = |value: &Value| value.is_true() || (self.null_passes && value.is_null());
        match truth.iter().position(|value| !passes(&value)) {
            Some(end) => Ok((batch.slice(0, end + usize::from(self.keep_last)), Flow::Enough)),
            None => Ok((batch, Flow::More)),
        }
    }
}
