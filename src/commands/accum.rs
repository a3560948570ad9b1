//! Adds up a field along the rows.
//!
//! ## Syntax
//! `accum <field> [AS <name>]`
//!
//! ## Description
//! Each row in which the field is a number gets the sum of the numbers up to it, in place of the field or in a new
//! one. Other rows stay as they are.
//!
//! ## Examples
//!
//! ```spl
//! accum bytes AS total
//! ```
//! ```json in
//! {"bytes": "5"}
//! {"bytes": "none"}
//! {"bytes": "2.5"}
//! ```
//! ```json out
//! {"bytes": "5", "total": 5}
//! {"bytes": "none"}
//! {"bytes": "2.5", "total": 7.5}
//! ```
//!
//! ```spl
//! accum n
//! ```
//! ```json in
//! {"n": "1"}
//! {"user": "ada"}
//! {"n": "1"}
//! ```
//! ```json out
//! {"n": 1}
//! {"user": "ada"}
//! {"n": 2}
//! ```
//!
//! ```spl
//! accum
//! ```
//! ```error
//! error[E0205]: `accum` needs a field
//! ```

pub(super) mod along;

use std::fmt;

use super::Command;
use crate::batch::FieldSet;
use crate::diagnostic::Result;
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::Value;
use along::{Along, Course, Kind, Step};

/// `accum`
#[derive(Clone, Debug)]
pub struct Accum {
    course: Course<Total>,
}

#[derive(Clone, Debug)]
struct Total;

/// Reads the arguments of `accum`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let field = args.word("a field")?.text;
    let target = args.alias()?.map_or_else(|| field.clone(), |word| word.text);
    Ok(Box::new(Accum { course: Course { field, target, kind: Total } }))
}

impl fmt::Display for Accum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("accum ")?;
        write_name(f, &self.course.field)?;
        f.write_str(" AS ")?;
        write_name(f, &self.course.target)
    }
}

impl Command for Accum {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        Along::needs(std::slice::from_ref(&self.course), after)
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.centralized(Along(vec![self.course.clone()]));
        Ok(())
    }
}

impl Kind for Total {
    fn start(&self) -> Box<dyn Step> {
        Box::new(Sum(0.0))
    }
}

struct Sum(f64);

impl Step for Sum {
    fn next(&mut self, value: &Value) -> Option<Value> {
        self.0 += value.as_number()?;
        Some(Value::number(self.0))
    }
}
