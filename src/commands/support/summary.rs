//! What `tstats` and `mstats` have in common: how the rows that they read are summarised, how their rows follow
//! others, and how their options are printed.

use std::fmt;
use std::sync::Arc;

use super::{FillNull, PreStats, TimeBins};
use crate::batch::FieldSet;
use crate::commands::stats::{GroupBy, needs_order};
use crate::diagnostic::Result;
use crate::exec::{AppendRows, Grouping};
use crate::parse::aggregation::Aggregation;
use crate::parse::search::write_value;
use crate::parse::{Search, Start};
use crate::plan::{InnerRows, Planner};
use crate::time;
use crate::value::{Text, Value};

/// How rows are summarised.
pub struct Summary<'c> {
    /// What is worked out for each group.
    pub aggregations: &'c [Aggregation],
    /// The fields of groups.
    pub groups: Vec<Text>,
    /// The bins that `_time` is cut into.
    pub span: Option<time::Span>,
    /// What stands in for the missing values of which fields.
    pub fill: Option<(&'c Text, Vec<Text>)>,
    /// Whether a later command does the summarising.
    pub prestats: bool,
}

impl Summary<'_> {
    /// Plans the steps after the rows were read and filtered.
    ///
    /// # Errors
    /// Those of the aggregations.
    pub fn plan(self, planner: &mut Planner<'_>) -> Result<()> {
        if let Some(span) = self.span {
            planner.streaming(TimeBins(span));
        }
        if let Some((value, fields)) = self.fill {
            planner.streaming(FillNull { fields, value: Value::Text(value.clone()) });
        }
        if needs_order(self.aggregations) {
            planner.always_time_order();
        }
        if self.prestats {
            let fields = FieldSet::of(self.aggregations.iter().flat_map(Aggregation::fields));
            planner.streaming(PreStats { by: self.groups, fields });
            return Ok(());
        }
        let grouping = Grouping::new(self.aggregations, &self.groups, false, &planner.context())?;
        planner.transforming(GroupBy(grouping));
        Ok(())
    }
}

/// Plans `append=true`: the rows of the command by itself follow those that come in.
///
/// # Errors
/// What is wrong with the command.
pub fn append_rows_of(alone: &Search, planner: &mut Planner<'_>) -> Result<()> {
    let (after, order) = (planner.after().clone(), planner.order_matters());
    let plan = planner.inner(alone, Start::Fresh, &after, order)?;
    planner.centralized(AppendRows(Arc::new(InnerRows { plan, limit: None })));
    Ok(())
}

/// The options before the aggregations, each with a blank after it.
pub fn write_options(
    f: &mut fmt::Formatter<'_>,
    (prestats, append): (bool, bool),
    others: &[(&str, Text)],
    fillnull_value: Option<&Text>,
) -> fmt::Result {
    f.write_str(if prestats { "prestats=true " } else { "" })?;
    f.write_str(if append { "append=true " } else { "" })?;
    for (name, value) in others {
        write!(f, "{name}={value} ")?;
    }
    if let Some(value) = fillnull_value {
        f.write_str("fillnull_value=")?;
        write_value(f, value)?;
        f.write_str(" ")?;
    }
    Ok(())
}
