//! The difference between a field and the same field of a row before.
//!
//! ## Syntax
//! `delta <field> [AS <name>] [p=<n>]`
//!
//! ## Description
//! Each row gets its number less that of the row before it, or `p` rows before it. The new field is called
//! `delta(<field>)` if it has no other name. Where one of the two rows has no number there is no difference.
//!
//! ## Examples
//!
//! ```spl
//! delta count AS more
//! ```
//! ```json in
//! {"count": "5"}
//! {"count": "8"}
//! {"count": "6"}
//! {"user": "ada"}
//! {"count": "7"}
//! ```
//! ```json out
//! {"count": "5"}
//! {"count": "8", "more": 3}
//! {"count": "6", "more": -2}
//! {"user": "ada"}
//! {"count": "7"}
//! ```
//!
//! ```spl
//! delta n p=2
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "2"}
//! {"n": "4"}
//! ```
//! ```json out
//! {"n": "1"}
//! {"n": "2"}
//! {"n": "4", "delta(n)": 3}
//! ```
//!
//! ```spl
//! delta n p=0
//! ```
//! ```error
//! error[E0204]: `p` needs a whole number from 1 on and got `0`
//! ```
//!
//! ## Differences from Splunk
//! Whether a row without the field counts as the row before is not documented: here it does.

use std::collections::VecDeque;
use std::fmt;

use super::Command;
use super::accum::along::{Along, Course, Kind, Step};
use crate::batch::FieldSet;
use crate::diagnostic::Result;
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `delta`
#[derive(Clone, Debug)]
pub struct Delta {
    course: Course<Back>,
}

/// How many rows before.
#[derive(Clone, Debug)]
struct Back(usize);

/// Reads the arguments of `delta`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut names, mut back) = (None, 1);
    while !args.at_end() {
        match args.option(&["p"])? {
            Some((_, value)) => {
                let count = value.count("p").ok().filter(|&count| count > 0);
                back = count.ok_or_else(|| value.wrong("p", "a whole number from 1 on"))?;
            }
            None if names.is_none() => {
                let field = args.word("a field")?.text;
                names = Some((field, args.alias()?.map(|word| word.text)));
            }
            None => args.end()?,
        }
    }
    let Some((field, target)) = names else { return Err(args.error("`delta` needs a field")) };
    let target = target.unwrap_or_else(|| Text::from(format!("delta({field})")));
    Ok(Box::new(Delta { course: Course { field, target, kind: Back(back) } }))
}

impl fmt::Display for Delta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("delta ")?;
        write_name(f, &self.course.field)?;
        f.write_str(" AS ")?;
        write_name(f, &self.course.target)?;
        write!(f, " p={}", self.course.kind.0)
    }
}

impl Command for Delta {
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

impl Kind for Back {
    fn start(&self) -> Box<dyn Step> {
        Box::new(Numbers { back: self.0, before: VecDeque::new() })
    }
}

struct Numbers {
    back: usize,
    /// The numbers of the last rows, the oldest first.
    before: VecDeque<Option<f64>>,
}

impl Step for Numbers {
    fn next(&mut self, value: &Value) -> Option<Value> {
        let number = value.as_number();
        self.before.push_back(number);
        if self.before.len() <= self.back {
            return None;
        }
        let before = self.before.pop_front().flatten()?;
        Some(Value::number(number? - before))
    }
}
