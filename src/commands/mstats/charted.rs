//! `mstats chart=true`: the rows are made by `chart` or `timechart`; and samples of time.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use super::Mstats;
use crate::batch::{Batch, Column};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{RunContext, Streaming};
use crate::parse::aggregation::write_list;
use crate::parse::args::{Args, write_names};
use crate::parse::search::write_value;
use crate::parse::{Search, Start};
use crate::plan::Planner;
use crate::time::Span;
use crate::value::Text;

/// Before the name of an option that is one of `chart`.
const PREFIX: &str = "chart.";

const OPTIONS: [&str; 5] = ["limit", "usenull", "useother", "nullstr", "otherstr"];

/// What is read of `chart=` and the options that go with it.
#[derive(Debug, Default)]
pub struct Chart {
    /// `chart=true`
    pub wanted: bool,
    options: Vec<(&'static str, Text)>,
}

/// The command that makes the rows.
#[derive(Clone, Debug)]
pub struct Charted {
    options: Vec<(&'static str, Text)>,
    search: Arc<Search>,
}

impl Chart {
    /// Takes an option that begins with `chart.`, if one stands here.
    pub fn takes_option(&mut self, args: &mut Args<'_>) -> Result<bool> {
        args.cursor.separators();
        let prefixed =
            args.cursor.rest().get(..PREFIX.len()).is_some_and(|it| it.eq_ignore_ascii_case(PREFIX));
        if !prefixed {
            return Ok(false);
        }
        args.cursor.jump(args.cursor.position() + PREFIX.len());
        let Some((option, value)) = args.option(&OPTIONS)? else {
            return Err(args.cursor.expected("an option of `chart`"));
        };
        self.options.push((option, value.text));
        Ok(true)
    }

    /// What it comes to.
    pub fn finish(self, mstats: &Mstats, args: &mut Args<'_>) -> Result<Option<Charted>> {
        let wrong = |message: &str| {
            let place = mstats.place;
            Err(Diagnostic::error(Code::Arguments, message).at(place, ""))
        };
        if !self.wanted {
            return match self.options.is_empty() {
                true => Ok(None),
                false => wrong("the options that begin with `chart.` need `chart=true`"),
            };
        }
        if mstats.prestats {
            return wrong("`chart=true` and `prestats=true` cannot be together");
        }
        match (&mstats.span, mstats.by.len()) {
            (Some(_), 0 | 1) | (None, 1 | 2) => {}
            (Some(_), _) => return wrong("`mstats chart=true` with `span` takes one field after BY"),
            (None, _) => return wrong("`mstats chart=true` without `span` takes one or two fields after BY"),
        }
        let text = Text::from(Command { mstats, options: &self.options }.to_string());
        let search = args.search_for(&text, mstats.place, Start::Rows)?;
        Ok(Some(Charted { options: self.options, search: Arc::new(search) }))
    }
}

/// `chart` or `timechart` as text.
struct Command<'c> {
    mstats: &'c Mstats,
    options: &'c [(&'static str, Text)],
}

impl fmt::Display for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.mstats.span.is_some() { "| timechart" } else { "| chart" })?;
        if let Some((written, _)) = &self.mstats.span {
            write!(f, " span={written}")?;
        }
        for (option, value) in self.options {
            write!(f, " {option}=")?;
            write_value(f, value)?;
        }
        f.write_char(' ')?;
        write_list(f, &self.mstats.aggregations, &[])?;
        if !self.mstats.by.is_empty() {
            f.write_str(" BY ")?;
            write_names(f, self.mstats.by.iter().map(Text::as_str))?;
        }
        Ok(())
    }
}

impl Charted {
    /// Plans the command.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        self.search.commands.iter().try_for_each(|parsed| parsed.command.plan(planner))
    }
}

impl fmt::Display for Charted {
    /// The options, each with a blank after it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("chart=true ")?;
        for (option, value) in &self.options {
            write!(f, "{PREFIX}{option}=")?;
            write_value(f, value)?;
            f.write_str(" ")?;
        }
        Ok(())
    }
}

/// `span` and `every`: what is not in the first `span` of each `every` goes.
pub struct Samples {
    /// How long a sample is.
    pub span: Span,
    /// From one beginning to the next.
    pub every: Span,
}

impl Streaming for Samples {
    fn map(&self, batch: Batch, context: &RunContext) -> Result<Batch> {
        let zone = &context.eval.zone;
        let inside = |time: f64| {
            let end = self.every.floor(time, zone).and_then(|start| self.span.add(start, zone));
            end.is_some_and(|end| time < end)
        };
        let none = Column::Null(batch.rows());
        let times = batch.column("_time").unwrap_or(&none);
        Ok(batch.filter(&times.mask(|time| time.as_number().is_some_and(inside))))
    }
}
