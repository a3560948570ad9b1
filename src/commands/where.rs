//! Keeps the rows for which a predicate is true.
//!
//! ## Syntax
//! `where <predicate>`
//!
//! ## Description
//! The predicate is an expression as in `eval`. A row stays only if it is strictly true: a comparison with a
//! missing field is null, and null is not true. A bare word is a field; text stands in double quotes.
//!
//! ## Examples
//!
//! Text that looks like a number compares as a number.
//!
//! ```spl
//! where count > 9
//! ```
//! ```json in
//! {"count": "10"}
//! {"count": "9"}
//! {"host": "web"}
//! ```
//! ```json out
//! {"count": "10"}
//! ```
//!
//! ```spl
//! where isnull(firstSeen) OR firstSeen > 1000
//! ```
//! ```json in
//! {"image": "a"}
//! {"image": "b", "firstSeen": "999"}
//! {"image": "c", "firstSeen": "1001"}
//! ```
//! ```json out
//! {"image": "a"}
//! {"image": "c", "firstSeen": "1001"}
//! ```
//!
//! ```spl
//! where count + 1
//! ```
//! ```error
//! error[E0303]: `where` needs a predicate, something that is true or false
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::eval::Program;
use crate::exec::{RunContext, Streaming};
use crate::parse::args::Args;
use crate::parse::expr::Expr;
use crate::parse::predicate;
use crate::plan::Planner;

/// `where <predicate>`
#[derive(Debug)]
pub struct Where {
    predicate: Expr,
}

/// Reads the arguments of `where`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let expr = args.expression()?;
    predicate(&expr, "where")?;
    Ok(Box::new(Where { predicate: expr }))
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "where {}", self.predicate)
    }
}

impl Command for Where {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone().with(&FieldSet::of(self.predicate.fields()))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let predicate = planner.program(&self.predicate)?;
        planner.streaming(Keep(predicate));
        Ok(())
    }
}

struct Keep(Program);

impl Streaming for Keep {
    fn map(&self, batch: Batch, context: &RunContext) -> Result<Batch> {
        let mask = self.0.mask(&batch, &context.eval);
        Ok(batch.filter(&mask))
    }
}
