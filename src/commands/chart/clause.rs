//! The arguments of `chart` and `timechart`.

use std::fmt;

use super::series::{Series, SeriesOptions};
use super::terms::Term;
use crate::batch::FieldSet;
use crate::commands::bin::{BinOptions, Width};
use crate::diagnostic::Result;
use crate::parse::args::{Args, Word, write_name};
use crate::parse::lexeme;
use crate::value::Text;

/// What `chart` or `timechart` is asked for.
#[derive(Clone, Debug)]
pub struct Clause {
    /// What is computed; at least one.
    pub terms: Vec<Term>,
    /// The field whose values are the rows.
    pub row: Option<Axis>,
    /// The field whose values are the columns.
    pub column: Option<Axis>,
    /// Which columns there are.
    pub series: Series,
    /// Whether a value that a multivalue field holds twice counts once.
    pub dedup_splitvals: bool,
    /// Whether bins without rows are shown.
    pub cont: bool,
    /// What `timechart` has beside.
    pub time: Option<TimeShape>,
}

/// A field, and how its values are cut into bins.
#[derive(Clone, Debug)]
pub struct Axis {
    /// The field.
    pub field: Text,
    /// All are unset where values are not cut.
    pub bins: BinOptions,
}

/// Which bins of time there are.
#[derive(Clone, Copy, Debug)]
pub struct TimeShape {
    /// Whether the first and the last bin are shown that reach beyond the search's time range.
    pub partial: bool,
    /// Whether the bins are those of the search's time range, and not those of the rows.
    pub fixed_range: bool,
}

/// Words that end a list of aggregations.
const STOP: [&str; 4] = ["by", "groupby", "over", "where"];

const OWN_OPTIONS: [&str; 5] = ["cont", "dedup_splitvals", "dedup_splitval", "partial", "fixedrange"];

/// The arguments as they are read.
struct Reader<'a, 't> {
    args: &'a mut Args<'t>,
    options: Vec<&'static str>,
    clause: Clause,
    series: SeriesOptions,
    /// Bin options before a field that they are of.
    bins: BinOptions,
}

impl Clause {
    /// Reads all arguments; `time` is for `timechart`.
    pub fn parse(args: &mut Args<'_>, time: bool) -> Result<Clause> {
        let mut options: Vec<&'static str> = OWN_OPTIONS.to_vec();
        options.truncate(if time { OWN_OPTIONS.len() } else { 3 });
        options.extend(SeriesOptions::NAMES);
        options.extend(BinOptions::NAMES);
        let clause = Clause {
            terms: Vec::new(),
            row: None,
            column: None,
            series: Series::default(),
            dedup_splitvals: false,
            cont: true,
            time: time.then_some(TimeShape { partial: true, fixed_range: true }),
        };
        let mut reader =
            Reader { args, options, clause, series: SeriesOptions::default(), bins: BinOptions::default() };
        while !reader.args.at_end() {
            reader.step()?;
        }
        reader.finish()
    }

    /// The fields it reads.
    pub fn fields_read(&self) -> FieldSet {
        let mut fields = FieldSet::none();
        for aggregation in self.terms.iter().flat_map(Term::aggregations) {
            fields.extend(&FieldSet::of(aggregation.fields()));
        }
        self.row.iter().chain(&self.column).for_each(|axis| fields.add(axis.field.clone()));
        // Times decide between earliest and latest, and rates.
        fields.add("_time");
        fields
    }

    /// What the aggregates need to know about the order of rows.
    pub fn needs_order(&self) -> bool {
        self.terms.iter().any(Term::needs_order)
    }
}

impl Reader<'_, '_> {
    /// Reads the next option, list of aggregations or clause.
    fn step(&mut self) -> Result<()> {
        if self.takes_aggregation_option()? {
            return Ok(());
        }
        if let Some((name, value)) = self.args.option(&self.options)? {
            return self.take(name, &value);
        }
        let by = self.args.keyword("by") || self.args.keyword("groupby");
        if by || (self.clause.time.is_none() && self.args.keyword("over")) {
            return self.split(by);
        }
        if self.args.keyword("where") {
            return self.series.take_where(self.args);
        }
        let more = Term::list(self.args, &STOP)?;
        if more.is_empty() && !self.args.at_end() && !self.args.sees(&STOP) && !self.args.sees_option() {
            return Err(self.args.cursor.expected("an aggregation"));
        }
        if more.is_empty() && self.args.sees(&STOP) {
            return Err(self.args.cursor.expected("an aggregation"));
        }
        self.clause.terms.extend(more);
        Ok(())
    }

    /// `agg=count`: another way to name an aggregation.
    fn takes_aggregation_option(&mut self) -> Result<bool> {
        self.args.cursor.separators();
        let mut ahead = self.args.cursor.clone();
        let is_it = ahead.lex(lexeme::option_name).is_some_and(|name| name.eq_ignore_ascii_case("agg"));
        if is_it {
            self.args.cursor = ahead;
            self.args.cursor.blanks();
            let term = Term::one(self.args)?;
            self.clause.terms.push(term);
        }
        Ok(is_it)
    }

    fn take(&mut self, name: &'static str, value: &Word) -> Result<()> {
        match (name, &mut self.clause.time) {
            ("cont", _) => self.clause.cont = value.truth(name)?,
            ("dedup_splitvals" | "dedup_splitval", _) => self.clause.dedup_splitvals = value.truth(name)?,
            ("partial", Some(time)) => time.partial = value.truth(name)?,
            ("fixedrange", Some(time)) => time.fixed_range = value.truth(name)?,
            _ if BinOptions::NAMES.contains(&name) => return self.take_bins(name, value),
            _ => return self.series.take(name, value, self.args),
        }
        Ok(())
    }

    /// Bin options are of the field before them. `timechart` cuts time, wherever a span of time stands.
    fn take_bins(&mut self, name: &'static str, value: &Word) -> Result<()> {
        let mut read = BinOptions::default();
        read.take(name, value)?;
        let of_time = self.clause.time.is_some()
            && self.bins.span.is_none()
            && matches!(read.span, Some(Width::Time(_)));
        let bins = match (&mut self.clause.column, &mut self.clause.row) {
            (Some(column), _) if !of_time => &mut column.bins,
            (_, Some(row)) => &mut row.bins,
            _ => &mut self.bins,
        };
        bins.take(name, value)
    }

    /// Reads the fields after BY or OVER.
    fn split(&mut self, by: bool) -> Result<()> {
        let mut count = 0;
        loop {
            self.args.cursor.separators();
            if self.args.at_end() || self.args.sees(&STOP) {
                break;
            }
            if self.args.sees_option() {
                if self.takes_aggregation_option()? {
                    continue;
                }
                if let Some((name, value)) = self.args.option(&self.options)? {
                    self.take(name, &value)?;
                }
                continue;
            }
            let word = self.args.word("a field")?;
            count += 1;
            self.args.allow_again(&BinOptions::NAMES);
            let axis = Axis { field: word.text.clone(), bins: BinOptions::default() };
            let as_row = self.clause.time.is_none() && self.clause.row.is_none();
            let taken = if as_row { &mut self.clause.row } else { &mut self.clause.column };
            if taken.is_some() || (!by && count > 1) {
                let message =
                    format!("`{}` does not take one more field, `{}`", self.args.command(), word.text);
                return Err(self.args.error(message));
            }
            *taken = Some(axis);
        }
        if count == 0 {
            return Err(self.args.cursor.expected("a field"));
        }
        Ok(())
    }

    fn finish(self) -> Result<Clause> {
        let mut clause = self.clause;
        if clause.terms.is_empty() {
            let message = format!("`{}` needs at least one aggregation", self.args.command());
            return Err(self.args.error(message));
        }
        clause.series = self.series.finish();
        if clause.time.is_some() {
            clause.row = Some(Axis { field: Text::from("_time"), bins: self.bins });
        } else if let Some(row) = &mut clause.row
            && self.bins != BinOptions::default()
        {
            row.bins = self.bins;
        }
        Ok(clause)
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(time) = &self.time {
            f.write_str(if time.partial { "" } else { " partial=false" })?;
            f.write_str(if time.fixed_range { "" } else { " fixedrange=false" })?;
            self.row.iter().try_for_each(|row| write!(f, "{}", row.bins))?;
        }
        f.write_str(if self.cont { "" } else { " cont=false" })?;
        f.write_str(if self.dedup_splitvals { " dedup_splitvals=true" } else { "" })?;
        write!(f, "{}", self.series)?;
        for (at, term) in self.terms.iter().enumerate() {
            f.write_str(if at > 0 { ", " } else { " " })?;
            write!(f, "{term}")?;
        }
        let row = self.row.as_ref().filter(|_| self.time.is_none());
        for (word, axis) in [("OVER", row), ("BY", self.column.as_ref())] {
            if let Some(axis) = axis {
                write!(f, " {word} ")?;
                write_name(f, &axis.field)?;
                write!(f, "{}", axis.bins)?;
            }
        }
        self.series.write_where(f)
    }
}
