//! Changes how a field is shown, and not what it is.
//!
//! ## Syntax
//! `fieldformat <field>=<expression>`
//!
//! ## Description
//! Every command that follows sees the field as it was: sorting, comparing and adding up work on that. Only where the rows of the
//! search come out, the field is what the expression gives for the row as it is then. Where it gives null, and where a
//! row does not have the field, nothing changes. Of several for one field the last counts.
//!
//! ## Examples
//!
//! ```spl
//! fieldformat total = tostring(total, "commas") | sort total
//! ```
//! ```json in
//! {"host": "a", "total": "12345"}
//! {"host": "b", "total": "9876"}
//! {"host": "c"}
//! ```
//! ```json out
//! {"host": "b", "total": "9,876"}
//! {"host": "a", "total": "12,345"}
//! {"host": "c"}
//! ```
//!
//! ```spl
//! fieldformat "start time" = strftime('start time', "%Y-%m-%d") | eval day = 'start time' / 86400
//! ```
//! ```json in
//! {"start time": "172800"}
//! ```
//! ```json out
//! {"start time": "1970-01-03", "day": 2}
//! ```
//!
//! ```spl
//! fieldformat total
//! ```
//! ```error
//! error[E0002]: expected `=`, found the end
//! ```
//!
//! ## Differences from Splunk
//! Splunk formats what it shows, and not what it exports; here all output is formatted, and what `outputlookup` writes and
//! searches in brackets hand on is not. A field that is renamed loses its format.

use std::fmt;

use super::Command;
use crate::batch::FieldSet;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::Program;
use crate::functions::{Type, lookup_tables};
use crate::parse::args::{Args, write_name};
use crate::parse::expr::Expr;
use crate::plan::Planner;
use crate::value::Text;

/// `fieldformat`
#[derive(Clone, Debug)]
pub struct FieldFormat {
    field: Text,
    expr: Expr,
}

/// Reads the arguments of `fieldformat`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let field = args.word("a field")?.text;
    if !args.cursor.eat('=') {
        return Err(args.cursor.expected("`=`"));
    }
    let expr = args.expression()?;
    if expr.static_type() == Type::Bool {
        let message = format!("the field `{field}` cannot be shown as a truth value");
        return Err(Diagnostic::error(Code::TypeCheck, message).at(expr.span, ""));
    }
    Ok(Box::new(FieldFormat { field, expr }))
}

impl fmt::Display for FieldFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fieldformat ")?;
        write_name(f, &self.field)?;
        write!(f, "={}", self.expr)
    }
}

impl Command for FieldFormat {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        lookup_tables(&self.expr, &planner.context())?;
        planner.format(&self.field, Program::new(self.expr.clone()));
        Ok(())
    }
}
