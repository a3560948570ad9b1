//! Looks a row up in a table and gives what it finds as JSON.
//!
//! ## Syntax
//! `lookup("<lookup>", json_object("<column>", <value>, ...), json_array("<column>", ...))`
//!
//! ## Description
//! The lookup is a definition of transforms.conf, or a file `<name>.csv` or `<name>.csv.gz` in the `lookups/`
//! of an app. The rows of the table are found that have in each column of the object what its value is in the
//! row of the search; how columns are compared, and what comes of no match, the definition says
//! (`match_type`, `case_sensitive_match`, `max_matches`, `min_matches`, `default_match`). A value of null
//! matches nothing; a multivalue is looked up value by value. A lookup that is bounded by time (`time_field`) is
//! asked for the time of the row, `_time`.
//!
//! The result is the text of a JSON object with the columns of the array: a string each, or, where several
//! rows match, an array of strings in the table's order. Cells are text, numbers among them too, and an empty
//! cell is left out. Without a match the result is null. `json_extract` takes the object apart.
//!
//! The lookup and its columns are constants, checked before the search starts. The table is read then, so a
//! table that the same search writes is not seen.
//!
//! ## Examples
//!
//! In this table a `*` in a cell of `user` stands for any text.
//!
//! ```spl
//! eval staff = lookup("staff", json_object("user", user), json_array("department", "level"))
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": "backup-svc"}
//! {"user": "eve"}
//! {"host": "web"}
//! ```
//! ```json out
//! {"user": "ada", "staff": "{\"department\":\"research\",\"level\":\"3\"}"}
//! {"user": "backup-svc", "staff": "{\"department\":\"machines\",\"level\":\"0\"}"}
//! {"user": "eve"}
//! {"host": "web"}
//! ```
//!
//! A table by its file's name, with two rows for `ada`; all columns of the object must match.
//!
//! ```spl
//! eval days = lookup("rota.csv", json_object("user", user), json_array("day", "shift")), hours = json_extract(lookup("rota.csv", json_object("user", user, "day", "tue"), json_array("shift")), "shift")
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": "bob"}
//! ```
//! ```json out
//! {"user": "ada", "days": "{\"day\":[\"mon\",\"tue\"],\"shift\":[\"early\",\"late\"]}", "hours": "late"}
//! {"user": "bob", "days": "{\"day\":\"wed\",\"shift\":\"late\"}"}
//! ```
//!
//! A table of networks, whose definition gives `outside` where none contains the address.
//!
//! ```spl
//! where lookup("zones", json_object("network", src), json_array("zone")) != json_object("zone", "inside")
//! ```
//! ```json in
//! {"src": "10.1.2.3"}
//! {"src": "192.0.2.7"}
//! {"src": "198.51.100.1"}
//! ```
//! ```json out
//! {"src": "192.0.2.7"}
//! {"src": "198.51.100.1"}
//! ```
//!
//! ```spl
//! eval staff = lookup("stuff", json_object("user", user), json_array("level"))
//! ```
//! ```error
//! error[E0401]: no app defines the lookup `stuff`
//! ```
//!
//! ```spl
//! where isnull(lookup("staff", json_object("usr", user), json_array("level")))
//! ```
//! ```error
//! error[E0402]: the lookup `staff` has no column `usr`
//! ```
//!
//! ```spl
//! eval staff = lookup("staff", user, json_array("level"))
//! ```
//! ```error
//! error[E0302]: the second argument of `lookup` is `json_object("<column>", <value>, ...)`
//! ```
//!
//! ## Differences from Splunk
//! What Splunk gives without a match, and for empty cells, its documentation does not say. A definition of a
//! KV store collection works like one of a CSV file.

use std::sync::Arc;

use super::super::json::{Json, Object, as_text};
use super::super::{Arity, EvalContext, Evaluator, Function, Misuse, Type};
use crate::diagnostic::{Result, Severity, Span};
use crate::exec::look_up;
use crate::knowledge::{LookupMatch, LookupTable};
use crate::parse::expr::{Expr, ExprKind};
use crate::value::{Text, Value};

/// `lookup("<lookup>", json_object(...), json_array(...))`
pub const FUNCTION: Function =
    Function::lazy(Arity::exactly(3), Type::Text, find).shaped(shape).reading("_time");

/// A constant and where it stands.
type Constant<'e> = (&'e Text, Span);

/// The parts of a call.
struct Parts<'e> {
    lookup: Constant<'e>,
    inputs: Vec<(Constant<'e>, &'e Expr)>,
    outputs: Vec<Constant<'e>>,
    /// The time of the row.
    time: Option<&'e Expr>,
}

impl<'e> Parts<'e> {
    /// Of a call's arguments; or which of them (from 0) is not of its form.
    fn of(arguments: &'e [Expr]) -> Result<Parts<'e>, usize> {
        let [lookup, object, array, time @ ..] = arguments else { return Err(0) };
        let pair = |pair: &'e [Expr]| match pair {
            [column, value] => Some((constant(column)?, value)),
            _ => None,
        };
        let pairs = members(object, "json_object").ok_or(1usize)?;
        Ok(Parts {
            lookup: constant(lookup).ok_or(0usize)?,
            inputs: pairs.chunks(2).map(pair).collect::<Option<_>>().ok_or(1usize)?,
            outputs: members(array, "json_array")
                .and_then(|columns| columns.iter().map(constant).collect::<Option<_>>())
                .ok_or(2usize)?,
            time: time.first(),
        })
    }
}

fn constant(expr: &Expr) -> Option<Constant<'_>> {
    match &expr.kind {
        ExprKind::Text(text) => Some((text, expr.span)),
        _ => None,
    }
}

/// The arguments of a call of this function, if it has any.
fn members<'e>(expr: &'e Expr, function: &str) -> Option<&'e [Expr]> {
    match &expr.kind {
        ExprKind::Call(call) if call.name == function && !call.arguments.is_empty() => Some(&call.arguments),
        _ => None,
    }
}

fn shape(arguments: &[Expr]) -> Result<(), Misuse> {
    let Err(argument) = Parts::of(arguments) else { return Ok(()) };
    let message = match argument {
        0 => "the first argument of `lookup` is the name of a lookup in quotation marks",
        1 => "the second argument of `lookup` is `json_object(\"<column>\", <value>, ...)`",
        _ => "the third argument of `lookup` is `json_array(\"<column>\", ...)`",
    };
    Err(Misuse { message: message.to_string(), argument, regex: false })
}

/// The tables in which an expression looks things up, read now. What was repaired in them is a warning.
///
/// # Errors
/// Those of [`crate::knowledge::Knowledge::lookup`], and columns that a table does not have; at the place of
/// the name.
pub fn tables(expr: &Expr, context: &EvalContext) -> Result<Vec<Arc<LookupTable>>> {
    let mut calls = Vec::new();
    expr.walk(&mut |part| match &part.kind {
        ExprKind::Call(call) if call.name == "lookup" => calls.extend(Parts::of(&call.arguments)),
        _ => {}
    });
    let mut tables = Vec::new();
    for Parts { lookup: (name, span), inputs, outputs, .. } in calls {
        let table = context.lookups.get(name).map_err(|problem| problem.at(span, ""))?;
        for (column, span) in inputs.into_iter().map(|(column, _)| column).chain(outputs) {
            table.column(column).map_err(|problem| problem.at(span, ""))?;
        }
        table.warnings().iter().for_each(|warning| context.warnings.add(warning.clone()));
        tables.push(table);
    }
    Ok(tables)
}

fn find(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    let Ok(parts) = Parts::of(arguments) else { return Value::Null };
    find_in_table(&parts, row).unwrap_or_else(|mut problem| {
        // Whoever compiles an expression has had it checked by `tables`.
        problem.severity = Severity::Warning;
        row.context.warnings.add(problem);
        Value::Null
    })
}

fn find_in_table(parts: &Parts<'_>, row: &Evaluator<'_>) -> Result<Value> {
    let table = row.context.lookups.get(parts.lookup.0)?;
    let columns: Vec<usize> =
        parts.inputs.iter().map(|((column, _), _)| table.column(column)).collect::<Result<_>>()?;
    let key: Vec<Value> = parts.inputs.iter().map(|(_, value)| row.eval(value)).collect();
    let time = parts.time.and_then(|time| row.eval(time).as_number());
    let found = look_up(&table.matcher(&columns), &table, &key, time);
    if found.is_empty() {
        return Ok(Value::Null);
    }
    let mut object = Object::default();
    for (name, _) in &parts.outputs {
        let column = table.column(name)?;
        let cell = |found: &LookupMatch| table.output(*found, column).cloned().map(Json::String);
        let mut cells: Vec<Json> = found.iter().filter_map(cell).collect();
        let several = cells.len() > 1;
        if let Some(json) = if several { Some(Json::Array(cells)) } else { cells.pop() } {
            object.insert((*name).clone(), json);
        }
    }
    Ok(as_text(&Json::Object(object)))
}
