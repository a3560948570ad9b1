//! Adds the bins of a field that no row lies in.
//!
//! ## Syntax
//! `makecontinuous [<field>] [span=<width>] [bins=<n>] [start=<number>] [end=<number>]`
//!
//! ## Description
//! The values of the field, `_time` if none is named, become the starts of their bins, of time or of numbers; rows
//! are sorted by them, and for each bin between the first and the last without a row there is a new one that has
//! nothing but the field. `bin` says how wide bins are. `start` and `end` say where the first and the last bin are;
//! rows outside are left out. Rows without a number in the field come last, as they are.
//!
//! ## Examples
//!
//! ```spl
//! makecontinuous span=1h _time
//! ```
//! ```json in
//! {"_time": "1773658810", "count": "1"}
//! {"_time": "1773651600", "count": "3"}
//! ```
//! ```json out
//! {"_time": 1773651600, "count": "3"}
//! {"_time": 1773655200}
//! {"_time": 1773658800, "count": "1"}
//! ```
//!
//! ```spl
//! makecontinuous size span=5 start=0 end=14
//! ```
//! ```json in
//! {"size": "7", "n": "1"}
//! {"size": "20", "n": "2"}
//! {"n": "3"}
//! ```
//! ```json out
//! {"size": 0}
//! {"size": 5, "n": "1"}
//! {"size": 10}
//! {"n": "3"}
//! ```
//!
//! ```spl
//! makecontinuous size span=log10
//! ```
//! ```error
//! error[E0207]: `makecontinuous` has bins of one width, not of powers
//! ```
//!
//! ## Differences from Splunk
//! The order of the rows, and what becomes of those without the field, is not documented.

use std::fmt;

use super::Command;
use super::bin::{BinOptions, Cut, Cutter, Width};
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// How many bins there are at most (limits.conf, `maxbins`).
const MOST_BINS: usize = 50_000;

/// `makecontinuous`
#[derive(Clone, Debug)]
pub struct MakeContinuous {
    field: Text,
    bins: BinOptions,
}

/// Reads the arguments of `makecontinuous`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut field, mut bins) = (None, BinOptions::default());
    while !args.at_end() {
        match args.option(&["span", "bins", "start", "end"])? {
            Some((name, value)) => {
                bins.take(name, &value)?;
                if matches!(bins.span, Some(Width::Log { .. })) {
                    let message = "`makecontinuous` has bins of one width, not of powers";
                    return Err(Diagnostic::error(Code::NotSupported, message).at(value.span, ""));
                }
            }
            None if field.is_none() => field = Some(args.word("a field")?.text),
            None => args.end()?,
        }
    }
    Ok(Box::new(MakeContinuous { field: field.unwrap_or_else(|| Text::from("_time")), bins }))
}

impl fmt::Display for MakeContinuous {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("makecontinuous ")?;
        write_name(f, &self.field)?;
        write!(f, "{}", self.bins)
    }
}

impl Command for MakeContinuous {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone().with(&FieldSet::of([self.field.clone()]))
    }

    fn order_matters(&self, _: bool) -> bool {
        // Rows in one bin keep their order.
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let cut = Cut::new(&self.bins, &self.field, planner).map_err(|problem| planner.place(problem))?;
        planner.dataset(Filling { command: self.clone(), cut });
        Ok(())
    }
}

struct Filling {
    command: MakeContinuous,
    cut: Cut,
}

impl Dataset for Filling {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let all = Batch::concat(&batches);
        let field = &self.command.field;
        let cutter = match &self.cut {
            Cut::Known(cutter) => Some(cutter.clone()),
            Cut::Unknown(automatic) => automatic.decide(all.column(field).into_iter()),
        };
        let Some(cutter) = cutter else { return Ok(vec![all]) };
        let (mut placed, mut others) = (Vec::new(), Vec::new());
        for row in 0..all.rows() {
            let number = all.get(field, row).as_number();
            match number.and_then(|number| Some((number, cutter.start(number)?))) {
                Some((number, start)) if self.inside(number) => placed.push((start, row)),
                Some(_) => {}
                None => others.push(row),
            }
        }
        placed.sort_by(|a, b| a.0.total_cmp(&b.0));
        let starts = self.starts(&cutter, &placed)?;
        Ok(vec![filled(&all, field, &starts, &placed, &others)])
    }
}

impl Filling {
    fn inside(&self, number: f64) -> bool {
        self.command.bins.start.is_none_or(|start| number >= start)
            && self.command.bins.end.is_none_or(|end| number <= end)
    }

    /// The starts of all bins from the first to the last.
    fn starts(&self, cutter: &Cutter, placed: &[(f64, usize)]) -> Result<Vec<f64>> {
        let bound = |number: Option<f64>| number.and_then(|number| cutter.start(number));
        let first = bound(self.command.bins.start).or(placed.first().map(|(start, _)| *start));
        let last = bound(self.command.bins.end).or(placed.last().map(|(start, _)| *start));
        let (Some(mut start), Some(last)) = (first, last) else { return Ok(Vec::new()) };
        let mut starts = Vec::new();
        while start <= last {
            if starts.len() >= MOST_BINS {
                let message = format!("`makecontinuous` would make more than {MOST_BINS} bins");
                return Err(Diagnostic::error(Code::Arguments, message).help("a longer span gives fewer"));
            }
            starts.push(start);
            // A bound that rounding put a little before a bin would be met twice.
            match cutter.next(start).and_then(|next| cutter.start(next)) {
                Some(next) if next > start => start = next,
                _ => break,
            }
        }
        Ok(starts)
    }
}

/// The rows in their bins, with a row for each bin that has none, and the other rows after them.
fn filled(all: &Batch, field: &Text, starts: &[f64], placed: &[(f64, usize)], others: &[usize]) -> Batch {
    // Beyond the last row there is nothing: a new row.
    let none = all.rows();
    let (mut rows, mut values) = (Vec::new(), Vec::new());
    let mut placed = placed.iter().peekable();
    for &start in starts {
        let mut found = false;
        while let Some((own, row)) = placed.next_if(|(own, _)| *own <= start) {
            rows.push(*row);
            values.push(Value::number(*own));
            found |= *own == start;
        }
        if !found {
            rows.push(none);
            values.push(Value::number(start));
        }
    }
    for (own, row) in placed {
        rows.push(*row);
        values.push(Value::number(*own));
    }
    for &row in others {
        rows.push(row);
        values.push(all.get(field, row).into_owned());
    }
    let mut out = Batch::with_rows(rows.len());
    out.ordered = all.ordered;
    for (name, column) in all.columns() {
        let cells = match name == field {
            true => std::mem::take(&mut values),
            false => rows.iter().map(|&row| column.get(row).into_owned()).collect(),
        };
        out.set(name.clone(), Column::from_values(cells));
    }
    if all.column(field).is_none() {
        out.set(field.clone(), Column::from_values(values));
    }
    out
}
