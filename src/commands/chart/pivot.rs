//! A table of rows and columns, computed from groups: the stage of `chart` and `timechart`.

use std::any::Any;
use std::cmp::Ordering;
use std::sync::Arc;

use indexmap::IndexMap;

use super::clause::{Axis, Clause};
use super::rows;
use super::terms::{Results, Term};
use crate::batch::{Batch, Column};
use crate::commands::bin::{BinOptions, Cut, Cutter};
use crate::diagnostic::Result;
use crate::exec::{Dataset, Grouping, Groups, Partial, RunContext, Transforming};
use crate::parse::aggregation::{Aggregation, Argument, rate_seconds};
use crate::plan::{Planner, TimeRange};
use crate::value::{Text, Value, compare_group_key};

/// The names of the keys while rows are grouped: the fields themselves are as they were for aggregations.
const ROW_KEY: &str = "#row";
const COLUMN_KEY: &str = "#column";

/// A chart, ready to run.
pub struct Pivot {
    grouping: Grouping,
    /// What is computed, and what is asked of rows and columns.
    pub clause: Clause,
    /// For each aggregation how many seconds its sum is to be for.
    rates: Vec<Option<f64>>,
    row: Option<Cut>,
    column: Option<Cut>,
    /// The time range of the search.
    pub range: TimeRange,
}

/// How the values of both fields are cut; none where they are not.
#[derive(Clone, Debug, Default)]
pub struct Cutters {
    /// The rows.
    pub row: Option<Cutter>,
    /// The columns.
    pub column: Option<Cutter>,
}

/// Gives the planner the stage of a chart.
pub fn plan(clause: &Clause, planner: &mut Planner<'_>) -> Result<()> {
    let mut list: Vec<Aggregation> = Vec::new();
    let mut rates = Vec::new();
    for aggregation in clause.terms.iter().flat_map(Term::aggregations) {
        if let Argument::Eval(expr) = &aggregation.argument {
            planner.read_lookups_of(expr)?;
        }
        let rate = rate_seconds(&aggregation.function);
        let mut aggregation = aggregation.clone();
        if rate.is_some() {
            aggregation.function = Text::from("sum");
        }
        rates.push(rate);
        list.push(aggregation);
    }
    let Some(span) = list.first().map(|aggregation| aggregation.span) else { return Ok(()) };
    // How many rows a series has decides which are shown where there are several aggregations.
    list.push(Aggregation::count(span));
    let axes = [(&clause.row, ROW_KEY), (&clause.column, COLUMN_KEY)];
    let by: Vec<Text> =
        axes.iter().filter(|(axis, _)| axis.is_some()).map(|(_, key)| Text::from(*key)).collect();
    let grouping = Grouping::new(&list, &by, clause.dedup_splitvals, &planner.context())?
        .excluding(clause.row.iter().chain(&clause.column).map(|axis| axis.field.clone()));
    let range = planner.range();
    let row = cut(clause.row.as_ref(), clause.time.is_some(), planner)?.map(|cut| cut.over(&range));
    let column = cut(clause.column.as_ref(), false, planner)?;
    let pivot = Arc::new(Pivot { grouping, clause: clause.clone(), rates, row, column, range });
    match pivot.known() {
        Some(cutters) => planner.transforming(Known { pivot, cutters: Arc::new(cutters) }),
        None => planner.dataset(Unknown(pivot)),
    }
    Ok(())
}

fn cut(axis: Option<&Axis>, always: bool, planner: &Planner<'_>) -> Result<Option<Cut>> {
    let Some(axis) = axis.filter(|axis| always || axis.bins != BinOptions::default()) else {
        return Ok(None);
    };
    Cut::new(&axis.bins, &axis.field, planner).map(Some).map_err(|problem| planner.place(problem))
}

/// A chart whose bins are known.
struct Known {
    pivot: Arc<Pivot>,
    cutters: Arc<Cutters>,
}

/// A chart whose bins the rows decide.
struct Unknown(Arc<Pivot>);

impl Transforming for Known {
    fn start(&self) -> Box<dyn Partial> {
        Box::new(self.state(self.pivot.grouping.start()))
    }

    fn load(&self, bytes: &[u8]) -> Result<Box<dyn Partial>> {
        Ok(Box::new(self.state(self.pivot.grouping.load(bytes)?)))
    }
}

impl Known {
    fn state(&self, groups: Groups) -> State {
        State { groups, pivot: Arc::clone(&self.pivot), cutters: Arc::clone(&self.cutters) }
    }
}

impl Dataset for Unknown {
    fn apply(&self, batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let decide = |axis: &Option<Axis>, cut: &Option<Cut>| match (axis, cut) {
            (Some(axis), Some(Cut::Unknown(automatic))) => {
                automatic.decide(batches.iter().filter_map(|batch| batch.column(&axis.field)))
            }
            (_, Some(Cut::Known(cutter))) => Some(cutter.clone()),
            _ => None,
        };
        let clause = &self.0.clause;
        let row = decide(&clause.row, &self.0.row);
        let column = decide(&clause.column, &self.0.column);
        let stage = Known { pivot: Arc::clone(&self.0), cutters: Arc::new(Cutters { row, column }) };
        let mut state = stage.start();
        batches.iter().try_for_each(|batch| state.update(batch, context))?;
        state.finish(context)
    }
}

struct State {
    groups: Groups,
    pivot: Arc<Pivot>,
    cutters: Arc<Cutters>,
}

impl Partial for State {
    fn update(&mut self, batch: &Batch, context: &RunContext) -> Result<()> {
        self.groups.update(&self.pivot.with_keys(batch, &self.cutters), context);
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Partial>, context: &RunContext) -> Result<()> {
        if let Ok(later) = later.into_any().downcast::<State>() {
            self.groups.merge(later.groups, context.arrival);
        }
        Ok(())
    }

    fn finish(&mut self, context: &RunContext) -> Result<Vec<Batch>> {
        Ok(vec![self.pivot.table(&self.groups, &self.cutters, context)?])
    }

    fn save(&mut self, _: &RunContext) -> Result<Vec<u8>> {
        self.groups.save()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// The groups as a grid.
struct Grid {
    /// For each group its row and its column.
    places: Vec<(usize, usize)>,
    rows: Vec<Value>,
    columns: Vec<Value>,
}

impl Pivot {
    /// How values are cut, if that is known before the first row.
    fn known(&self) -> Option<Cutters> {
        let of = |cut: &Option<Cut>| match cut {
            None => Some(None),
            Some(Cut::Known(cutter)) => Some(Some(cutter.clone())),
            Some(Cut::Unknown(_)) => None,
        };
        Some(Cutters { row: of(&self.row)?, column: of(&self.column)? })
    }

    /// A batch with its keys as fields.
    fn with_keys(&self, batch: &Batch, cutters: &Cutters) -> Batch {
        let mut keyed = batch.clone();
        let none = Column::Null(batch.rows());
        let bins = |axis: &Axis, cutter: &Option<Cutter>| {
            let column = batch.column(&axis.field).unwrap_or(&none);
            match cutter {
                Some(cutter) => column.map(|value| cutter.cut(value)),
                None => column.clone(),
            }
        };
        if let Some(axis) = &self.clause.row {
            let mut column = bins(axis, &cutters.row);
            if self.clause.time.is_some() {
                // What is no time has no place in a chart over time.
                column = column.map(|value| value.as_number().map_or(Value::Null, Value::number));
            }
            keyed.set(ROW_KEY.into(), column);
        }
        if let Some(axis) = &self.clause.column {
            let column = bins(axis, &cutters.column);
            let column = match &self.clause.series.null {
                Some(name) => column.map(|value| match value {
                    Value::Null => Value::Text(name.clone()),
                    other => other.clone(),
                }),
                None => column,
            };
            keyed.set(COLUMN_KEY.into(), column);
        }
        keyed
    }

    /// The result.
    fn table(&self, groups: &Groups, cutters: &Cutters, context: &RunContext) -> Result<Batch> {
        let mut grid = self.grid(groups, cutters)?;
        let mut columns = self.columns(groups, &grid, cutters, context);
        if self.clause.column.is_some() {
            let shown = self.shown(groups, &grid, &columns, context);
            if shown.iter().any(|shown| !shown) {
                self.put_together(&mut grid, &shown);
                columns = self.columns(groups, &grid, cutters, context);
            }
        }
        let mut batch = Batch::with_rows(grid.rows.len());
        batch.ordered = true;
        if let Some(axis) = &self.clause.row {
            batch.set(axis.field.clone(), Column::from_values(grid.rows.clone()));
        }
        let width = grid.columns.len();
        let single = columns.len() == 1;
        for (name, values) in &columns {
            for (at, value) in grid.columns.iter().enumerate() {
                let name = match &self.clause.column {
                    None => name.clone(),
                    Some(_) => self.clause.series.column_name(name, &value.to_text(), single),
                };
                let cells =
                    (0..grid.rows.len()).map(|row| values.get(row * width + at).cloned().unwrap_or_default());
                batch.set(name, Column::from_values(cells.collect()));
            }
        }
        // Without rows to be told apart, a row in which nothing was computed is no row: as of `stats`.
        let nothing = self.clause.row.is_none() && batch.columns().all(|(_, column)| column.is_all_null());
        Ok(if nothing { batch.slice(0, 0) } else { batch })
    }

    fn grid(&self, groups: &Groups, cutters: &Cutters) -> Result<Grid> {
        let keys = groups.keys();
        let (mut rows, mut columns) = (IndexMap::new(), IndexMap::new());
        let of = |key: &[Value], axis: &Option<Axis>, at: usize| {
            axis.as_ref().and_then(|_| key.get(at)).cloned().unwrap_or_default()
        };
        let column_at = usize::from(self.clause.row.is_some());
        for (key, _) in &keys {
            let (row, column) = (of(key, &self.clause.row, 0), of(key, &self.clause.column, column_at));
            rows.entry(row.to_text().into_owned()).or_insert(row);
            columns.entry(column.to_text().into_owned()).or_insert(column);
        }
        if self.clause.row.is_none() {
            rows.entry(String::new()).or_insert(Value::Null);
        }
        if self.clause.column.is_none() {
            columns.entry(String::new()).or_insert(Value::Null);
        }
        let rows = rows::arranged(self, rows.into_values().collect(), cutters.row.as_ref())?;
        let mut columns: Vec<Value> = columns.into_values().collect();
        let null = self.clause.series.null.as_ref();
        let last = |value: &Value| null.is_some_and(|name| value.to_text() == name.as_str());
        columns.sort_by(|a, b| last(a).cmp(&last(b)).then_with(|| compare(a, b, cutters.column.as_ref())));
        let number = |values: &[Value]| -> IndexMap<String, usize> {
            values.iter().enumerate().map(|(at, value)| (value.to_text().into_owned(), at)).collect()
        };
        let (row_numbers, column_numbers) = (number(&rows), number(&columns));
        // Beyond the grid: a row that is not shown.
        let beyond = rows.len();
        let mut places = vec![(beyond, 0); keys.len()];
        for (key, group) in &keys {
            let (row, column) = (of(key, &self.clause.row, 0), of(key, &self.clause.column, column_at));
            let row = row_numbers.get(row.to_text().as_ref()).copied();
            let column = column_numbers.get(column.to_text().as_ref()).copied();
            if let (Some(place), Some(row), Some(column)) = (places.get_mut(*group), row, column) {
                *place = (row, column);
            }
        }
        Ok(Grid { places, rows, columns })
    }

    /// The results of all terms, a value for each cell of the grid, row by row.
    fn columns(&self, groups: &Groups, grid: &Grid, cutters: &Cutters, context: &RunContext) -> Results {
        let parts = self.parts(groups, grid, cutters, context);
        let mut rest = parts.as_slice();
        let mut out = Vec::new();
        for term in &self.clause.terms {
            let (own, others) = rest.split_at(term.aggregations().len().min(rest.len()));
            rest = others;
            out.extend(term.results(own, context));
        }
        out
    }

    /// The results of all aggregations.
    fn parts(&self, groups: &Groups, grid: &Grid, cutters: &Cutters, context: &RunContext) -> Vec<Results> {
        let width = grid.columns.len();
        let of: Vec<u32> = grid.places.iter().map(|(row, column)| (row * width + column) as u32).collect();
        let mut parts = groups.regrouped(&of, grid.rows.len() * width, context.arrival);
        for (results, rate) in parts.iter_mut().zip(&self.rates) {
            let Some(seconds) = rate else { continue };
            for (_, values) in results {
                for (row, cells) in grid.rows.iter().zip(values.chunks_mut(width.max(1))) {
                    let length = rows::length(row, cutters.row.as_ref());
                    let scaled = |value: &Value| Value::number(value.as_number()? * seconds / length?).into();
                    for cell in cells {
                        *cell = Option::<Value>::unwrap_or_default(scaled(cell));
                    }
                }
            }
        }
        parts
    }

    /// For each column whether it is shown as it is.
    fn shown(&self, groups: &Groups, grid: &Grid, columns: &Results, context: &RunContext) -> Vec<bool> {
        let series = &self.clause.series;
        // Rows without the field are not chosen among.
        let null = series.null.as_ref();
        let candidates: Vec<usize> = (0..grid.columns.len())
            .filter(|at| {
                grid.columns
                    .get(*at)
                    .is_some_and(|value| null.is_none_or(|name| value.to_text() != name.as_str()))
            })
            .collect();
        let width = grid.columns.len();
        let cells = |values: &[Value], at: usize| -> Vec<Value> {
            values.iter().skip(at).step_by(width.max(1)).cloned().collect()
        };
        let of: Vec<u32> = grid.places.iter().map(|(row, column)| (row * width + column) as u32).collect();
        let counts =
            groups.regrouped(&of, grid.rows.len() * width, context.arrival).pop().unwrap_or_default();
        let counts = counts.into_iter().next().map(|(_, values)| values).unwrap_or_default();
        let rows: Vec<f64> = candidates
            .iter()
            .map(|&at| cells(&counts, at).iter().filter_map(Value::as_number).sum())
            .collect();
        let first = columns.first().map(|(_, values)| values.as_slice()).unwrap_or_default();
        let values: Vec<Vec<Value>> = candidates.iter().map(|&at| cells(first, at)).collect();
        let names: Vec<Value> = candidates.iter().filter_map(|&at| grid.columns.get(at)).cloned().collect();
        let chosen = series.chosen(&values, &rows, &names, columns.len() == 1);
        let mut shown = vec![true; grid.columns.len()];
        for (at, chosen) in candidates.into_iter().zip(chosen) {
            if let Some(shown) = shown.get_mut(at) {
                *shown = chosen;
            }
        }
        shown
    }

    /// Makes one column of those that are not shown, or none.
    fn put_together(&self, grid: &mut Grid, shown: &[bool]) {
        let is_shown = |at: usize| shown.get(at).copied().unwrap_or(false);
        let mut columns: Vec<Value> = Vec::new();
        let mut numbers = Vec::new();
        for (at, value) in grid.columns.iter().enumerate() {
            numbers.push(is_shown(at).then_some(columns.len()));
            if is_shown(at) {
                columns.push(value.clone());
            }
        }
        let other = self.clause.series.other.as_ref().map(|name| {
            // A value that is called so is part of it.
            let same = columns.iter().position(|value| value.to_text() == name.as_str());
            same.unwrap_or_else(|| {
                columns.push(Value::Text(name.clone()));
                columns.len() - 1
            })
        });
        let beyond = grid.rows.len();
        for (row, column) in &mut grid.places {
            match numbers.get(*column).copied().flatten().or(other) {
                Some(number) => *column = number,
                None => (*row, *column) = (beyond, 0),
            }
        }
        grid.columns = columns;
    }
}

/// The order of bins: of numbers by where they begin.
pub fn compare(a: &Value, b: &Value, cutter: Option<&Cutter>) -> Ordering {
    let start = |value: &Value| cutter.and_then(|cutter| cutter.start_of(value));
    match (start(a), start(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => compare_group_key(a, b),
    }
}
