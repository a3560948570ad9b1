//! Going through the values of one field of an expression: what `mvfilter` and `mvmap` share.

use std::borrow::Cow;

use super::super::Evaluator;
use crate::parse::expr::{Expr, ExprKind, Field};
use crate::value::Value;

/// The fields that an expression names, in order, each once; without `null`, which as a bare word stands
/// for nothing.
pub fn subjects(expr: &Expr) -> Vec<&Field> {
    let mut found = Vec::new();
    expr.walk(&mut |part| match &part.kind {
        ExprKind::Field(field) => add(field, &mut found),
        ExprKind::SearchMatch(search) => search.fields.iter().for_each(|field| add(field, &mut found)),
        _ => {}
    });
    found
}

/// The first of them.
pub fn subject(expr: &Expr) -> Option<&Field> {
    subjects(expr).first().copied()
}

fn add<'e>(field: &'e Field, found: &mut Vec<&'e Field>) {
    if !field.name.eq_ignore_ascii_case("null") && !found.contains(&field) {
        found.push(field);
    }
}

/// Calls `visit` for each value with an evaluator of the row in which the slot holds that value alone.
pub fn for_each(
    row: &Evaluator<'_>,
    slot: usize,
    values: &[Value],
    mut visit: impl FnMut(&Evaluator<'_>, &Value),
) {
    let mut cells: Vec<Cow<'_, Value>> = row.row.iter().map(|cell| Cow::Borrowed(cell.as_ref())).collect();
    for value in values {
        if let Some(cell) = cells.get_mut(slot) {
            *cell = Cow::Borrowed(value);
        }
        visit(&Evaluator { row: &cells, ..*row }, value);
    }
}
