//! Values far from the middle half: what `outlier` and `anomalydetection` share.

use std::fmt;

use crate::aggregates::{self, Arrival};
use crate::batch::{Batch, Column, FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::parse::args::Word;
use crate::value::{Text, Value};

/// How many times the interquartile range a value may be away where nothing is said (Search Reference, `outlier`).
const DEFAULT_FACTOR: f64 = 2.5;

/// What is done with values that are far out.
#[derive(Clone, Debug, PartialEq)]
pub struct Treatment {
    /// Whether rows with such values are removed; else the values are cut off.
    pub remove: bool,
    /// Whether values that are cut off are marked.
    pub mark: bool,
    /// How many times the interquartile range a value may be away.
    pub factor: f64,
    /// Whether values that are too small count as well.
    pub lower: bool,
}

impl Default for Treatment {
    fn default() -> Treatment {
        Treatment { remove: false, mark: false, factor: DEFAULT_FACTOR, lower: false }
    }
}

/// The bounds within which values are usual.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    least: Option<f64>,
    most: f64,
}

impl Treatment {
    /// The names of the options.
    pub const OPTIONS: [&'static str; 4] = ["action", "mark", "param", "uselower"];

    /// Takes an option of [`Treatment::OPTIONS`].
    ///
    /// # Errors
    /// Its value is not of the kind that it takes.
    pub fn take(&mut self, name: &str, value: &Word) -> Result<()> {
        match name {
            "action" => {
                self.remove = match value.text.to_ascii_lowercase().as_str() {
                    "remove" | "rm" => true,
                    "transform" | "tf" => false,
                    _ => return Err(value.wrong(name, "remove or transform")),
                }
            }
            "mark" => self.mark = value.truth(name)?,
            "uselower" => self.lower = value.truth(name)?,
            _ => {
                let factor =
                    value.text.parse().ok().filter(|factor: &f64| *factor >= 0.0 && factor.is_finite());
                self.factor = factor.ok_or_else(|| value.wrong(name, "a number that is not negative"))?;
            }
        }
        Ok(())
    }

    /// Removes or cuts off what is far out, in the fields that fit; without any, in all.
    pub fn apply(&self, mut all: Batch, fields: &[Pattern]) -> Batch {
        let names: Vec<Text> = chosen(&all, fields);
        let mut keep = vec![true; all.rows()];
        for name in names {
            let Some((column, bounds)) =
                all.column(&name).and_then(|column| Some((column, self.bounds(column)?)))
            else {
                continue;
            };
            if self.remove {
                let usual = column
                    .mask(|value| value.as_number().is_none_or(|number| bounds.beyond(number).is_none()));
                keep.iter_mut().zip(usual).for_each(|(keep, usual)| *keep &= usual);
            } else {
                let cut =
                    column.map(|value| match value.as_number().and_then(|number| bounds.beyond(number)) {
                        None => value.clone(),
                        Some(bound) if self.mark => {
                            Value::text(format!("000{}", Value::number(bound).to_text()))
                        }
                        Some(bound) => Value::number(bound),
                    });
                all.set(name, cut);
            }
        }
        all.filter(&keep)
    }

    fn bounds(&self, column: &Column) -> Option<Bounds> {
        let quartile = |function: &str| percentile(function, column);
        let (first, third) = (quartile("perc25")?, quartile("perc75")?);
        let reach = self.factor * (third - first);
        Some(Bounds { least: self.lower.then_some(first - reach), most: third + reach })
    }
}

impl Bounds {
    /// The bound that a number lies beyond.
    fn beyond(&self, number: f64) -> Option<f64> {
        if number > self.most { Some(self.most) } else { self.least.filter(|least| number < *least) }
    }
}

/// The fields that fit one of the patterns; without patterns all whose names do not begin with `_`.
pub fn chosen(all: &Batch, fields: &[Pattern]) -> Vec<Text> {
    let fits = |name: &&Text| match fields {
        [] => !name.starts_with('_'),
        fields => fields.iter().any(|field| field.matches(name)),
    };
    all.names().filter(fits).cloned().collect()
}

/// The fields that must be there for [`chosen`] to choose among, and those needed after the command.
pub fn needed(after: &FieldSet, fields: &[Pattern]) -> FieldSet {
    match fields {
        [] => FieldSet::all(),
        fields => after.clone().with(&FieldSet::of(fields.iter().map(Pattern::as_str))),
    }
}

/// A statistical function of the numbers in a column.
pub fn percentile(function: &str, column: &Column) -> Option<f64> {
    let mut state = aggregates::find(function)?.start();
    state.resize(1);
    let rows: Vec<(u32, u32)> = (0..column.len() as u32).map(|row| (row, 0)).collect();
    state.update(&rows, column, None, Arrival::SearchOrder);
    state.value(0).as_number()
}

impl fmt::Display for Treatment {
    /// The options, each with a blank before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " action={}", if self.remove { "remove" } else { "transform" })?;
        f.write_str(if self.mark { " mark=true" } else { "" })?;
        write!(f, " param={}", self.factor)?;
        f.write_str(if self.lower { " uselower=true" } else { "" })
    }
}
