//! Evaluating expressions: on a row, and on a batch.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::batch::{Batch, Column};
use crate::functions::{Body, EvalContext, Evaluator, Nulls, Type};
use crate::parse::expr::{BinaryOp, Call, Expr, ExprKind, UnaryOp};
use crate::value::{Number, Text, Value, eval_equal, eval_order};

/// An expression made ready to run on batches.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    expr: Expr,
    fields: Vec<Text>,
    pure: bool,
}

impl Program {
    /// Binds the expression's fields to slots.
    pub fn new(mut expr: Expr) -> Program {
        let fields = expr.bind();
        let pure = expr.is_pure();
        Program { expr, fields, pure }
    }

    /// The fields it reads.
    pub fn fields(&self) -> &[Text] {
        &self.fields
    }

    /// The expression.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// The value in every row. An expression over one dictionary-coded field is evaluated once for each
    /// distinct value, one over none once.
    pub fn column(&self, batch: &Batch, context: &EvalContext) -> Column {
        let rows = batch.rows();
        let columns: Vec<Cow<'_, Column>> = self
            .fields
            .iter()
            .map(|name| batch.column(name).map_or(Cow::Owned(Column::Null(rows)), Cow::Borrowed))
            .collect();
        let varying: Vec<usize> =
            (0..columns.len()).filter(|&slot| !is_constant(columns.get(slot))).collect();
        let first_row = || columns.iter().map(|column| column.get(0)).collect::<Vec<_>>();
        match varying.as_slice() {
            _ if !self.pure || rows == 0 => self.by_row(&columns, rows, context),
            [] => {
                let row = first_row();
                Column::constant(Evaluator { row: &row, context, exact: false }.eval(&self.expr), rows)
            }
            &[slot] => match columns.get(slot).map(Cow::as_ref) {
                Some(Column::Dictionary(dictionary)) if dictionary.values().len() < rows => {
                    let mut row = first_row();
                    Column::Dictionary(dictionary.map(|value| {
                        if let Some(cell) = row.get_mut(slot) {
                            *cell = Cow::Borrowed(value);
                        }
                        Evaluator { row: &row, context, exact: false }.eval(&self.expr)
                    }))
                }
                _ => self.by_row(&columns, rows, context),
            },
            _ => self.by_row(&columns, rows, context),
        }
    }

    /// Whether the value is strictly true, row by row.
    pub fn mask(&self, batch: &Batch, context: &EvalContext) -> Vec<bool> {
        self.column(batch, context).mask(Value::is_true)
    }

    fn by_row(&self, columns: &[Cow<'_, Column>], rows: usize, context: &EvalContext) -> Column {
        let mut row = Vec::with_capacity(columns.len());
        let values = (0..rows).map(|number| {
            row.clear();
            row.extend(columns.iter().map(|column| column.get(number)));
            Evaluator { row: &row, context, exact: false }.eval(&self.expr)
        });
        Column::from_values(values.collect())
    }
}

fn is_constant(column: Option<&Cow<'_, Column>>) -> bool {
    match column.map(Cow::as_ref) {
        None | Some(Column::Null(_)) => true,
        Some(Column::Dictionary(dictionary)) => dictionary.values().len() == 1,
        Some(_) => false,
    }
}

impl Evaluator<'_> {
    /// The value of an expression on this row.
    pub fn eval(&self, expr: &Expr) -> Value {
        match &expr.kind {
            ExprKind::Number(number) => Value::Number(*number),
            ExprKind::Text(text) => Value::Text(text.clone()),
            ExprKind::Field(field) => {
                self.row.get(field.slot).map(|value| (**value).clone()).unwrap_or_default()
            }
            ExprKind::Unary(op, operand) => unary(*op, &self.eval(operand)),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right),
            ExprKind::Call(call) => self.call(call),
            ExprKind::SearchMatch(search) => Value::Bool(search.holds(self.row)),
        }
    }

    fn call(&self, call: &Call) -> Value {
        match call.function.body {
            Body::Lazy(body) => body(&call.arguments, self),
            // The grammar makes no call of it.
            Body::Form(_) => Value::Null,
            Body::Strict(body) => {
                let mut values: Vec<Value> =
                    call.arguments.iter().map(|argument| self.eval(argument)).collect();
                if self.exact && call.function.returns == Type::Number {
                    values.iter_mut().for_each(forget_precision);
                }
                if call.function.nulls == Nulls::Propagate && values.iter().any(Value::is_null) {
                    return Value::Null;
                }
                body(&values, self.context)
            }
        }
    }

    fn binary(&self, op: BinaryOp, left: &Expr, right: &Expr) -> Value {
        let a = self.eval(left);
        match op {
            BinaryOp::And if is_false(&a) => return Value::Bool(false),
            BinaryOp::Or if a.is_true() => return Value::Bool(true),
            _ => {}
        }
        let b = self.eval(right);
        let as_text = left.static_type() == Type::Text || right.static_type() == Type::Text;
        match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => logic(op, &a, &b),
            BinaryOp::Concatenate => concatenate(&a, &b),
            BinaryOp::Add => add(&a, &b, as_text, self.exact),
            BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo | BinaryOp::Subtract => {
                arithmetic(op, &a, &b, self.exact)
            }
            _ => compare(op, &a, &b, as_text),
        }
    }
}

fn is_false(value: &Value) -> bool {
    matches!(value, Value::Bool(false))
}

fn unary(op: UnaryOp, operand: &Value) -> Value {
    match (op, operand) {
        (UnaryOp::Not, Value::Bool(truth)) => Value::Bool(!truth),
        (UnaryOp::Not, _) => Value::Null,
        (UnaryOp::Plus, operand) => operand.as_numeric().map_or(Value::Null, Value::Number),
        (UnaryOp::Minus, operand) => {
            let negated = |number: Number| Value::Number(Number { value: -number.value, ..number });
            let beyond = || operand.as_calculated().map(|value| Value::computed(Number::exact(-value)));
            operand.as_numeric().map(negated).or_else(beyond).unwrap_or(Value::Null)
        }
    }
}

/// Three-valued logic: a null operand is unknown.
fn logic(op: BinaryOp, a: &Value, b: &Value) -> Value {
    let known = |value: &Value| match value {
        Value::Bool(truth) => Some(*truth),
        _ => None,
    };
    let truth = match (op, known(a), known(b)) {
        (BinaryOp::And, Some(false), _) | (BinaryOp::And, _, Some(false)) => Some(false),
        (BinaryOp::Or, Some(true), _) | (BinaryOp::Or, _, Some(true)) => Some(true),
        (BinaryOp::And, Some(a), Some(b)) => Some(a && b),
        (BinaryOp::Or, Some(a), Some(b)) => Some(a || b),
        (BinaryOp::Xor, Some(a), Some(b)) => Some(a != b),
        _ => None,
    };
    truth.map_or(Value::Null, Value::Bool)
}

/// `.`: the texts of both; null when either is. A multivalue has no one text.
pub fn concatenate(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Null | Value::Multi(_), _) | (_, Value::Null | Value::Multi(_)) => Value::Null,
        (a, b) => {
            let mut text = Text::from(a.to_text());
            text.push_str(&b.to_text());
            Value::Text(text)
        }
    }
}

/// `+` adds numbers and joins text; a side that is text by its type joins, whatever the other looks like
/// (Search Reference, `eval`; a field of text and a number is null).
fn add(a: &Value, b: &Value, as_text: bool, exact: bool) -> Value {
    if as_text {
        return concatenate(a, b);
    }
    match (a.as_numeric(), b.as_numeric()) {
        (Some(_), Some(_)) => arithmetic(BinaryOp::Add, a, b, exact),
        _ => match (a, b) {
            (Value::Text(_), Value::Text(_)) => concatenate(a, b),
            _ => beyond_numbers(BinaryOp::Add, a, b),
        },
    }
}

fn arithmetic(op: BinaryOp, a: &Value, b: &Value, exact: bool) -> Value {
    let (Some(a), Some(b)) = (a.as_numeric(), b.as_numeric()) else { return beyond_numbers(op, a, b) };
    let number = match op {
        BinaryOp::Add => decimal_sum(a.value + b.value, a, b),
        BinaryOp::Subtract => decimal_sum(a.value - b.value, a, b),
        BinaryOp::Multiply if exact => decimal_product(a, b),
        BinaryOp::Divide if exact && b.value != 0.0 => Number::exact(a.value / b.value),
        BinaryOp::Multiply => Number::rounded_like(a.value * b.value, a, b),
        BinaryOp::Divide if b.value != 0.0 => Number::rounded_like(a.value / b.value, a, b),
        BinaryOp::Modulo if b.value != 0.0 => Number::exact(a.value % b.value),
        _ => return Value::Null,
    };
    Value::computed(number)
}

/// What a number and `NaN`, `inf` or `-inf`, or two of these, come to; null of anything else.
fn beyond_numbers(op: BinaryOp, a: &Value, b: &Value) -> Value {
    let (Some(a), Some(b)) = (a.as_calculated(), b.as_calculated()) else { return Value::Null };
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::Divide if b != 0.0 => a / b,
        BinaryOp::Modulo if b != 0.0 => a % b,
        _ => return Value::Null,
    };
    Value::computed(Number::exact(value))
}

/// A sum of decimals has the decimals of the longer one: 0.1 + 0.25 is 0.35, not a double's long tail.
fn decimal_sum(value: f64, a: Number, b: Number) -> Number {
    match (written_decimals(a), written_decimals(b)) {
        (Some(a), Some(b)) => with_decimals(value, a.max(b)),
        _ => Number::exact(value),
    }
}

/// A product of decimals has the decimals of both: 8.250 * 0.2 is 1.6500, not a double's 1.6500000000000001.
fn decimal_product(a: Number, b: Number) -> Number {
    let value = a.value * b.value;
    match (written_decimals(a), written_decimals(b)) {
        (Some(a), Some(b)) => with_decimals(value, a.saturating_add(b)),
        _ => Number::exact(value),
    }
}

fn written_decimals(number: Number) -> Option<u8> {
    number.decimals.or((number.value.fract() == 0.0).then_some(0))
}

/// The value without the noise beyond its decimals, as far as a double is sure of them.
fn with_decimals(value: f64, decimals: u8) -> Number {
    if !(1..=15).contains(&decimals) {
        return Number::exact(value);
    }
    let text = format!("{value:.*}", usize::from(decimals));
    Number::fixed(text.parse().unwrap_or(value), decimals)
}

fn forget_precision(value: &mut Value) {
    if let Value::Number(number) = value {
        number.decimals = None;
    }
}

fn compare(op: BinaryOp, a: &Value, b: &Value, as_text: bool) -> Value {
    let truth = match op {
        BinaryOp::Equal => eval_equal(a, b, as_text),
        BinaryOp::NotEqual => not_equal(a, b, as_text),
        _ => eval_order(a, b, as_text).map(|order| match op {
            BinaryOp::Less => order == Ordering::Less,
            BinaryOp::LessOrEqual => order != Ordering::Greater,
            BinaryOp::Greater => order == Ordering::Greater,
            _ => order != Ordering::Less,
        }),
    };
    truth.map_or(Value::Null, Value::Bool)
}

/// `!=` holds for a multivalue when any of its values differs.
fn not_equal(a: &Value, b: &Value, as_text: bool) -> Option<bool> {
    if a.is_null() || b.is_null() {
        return None;
    }
    let differs = |a: &Value, b: &Value| eval_equal(a, b, as_text) == Some(false);
    Some(a.values().iter().any(|a| b.values().iter().any(|b| differs(a, b))))
}
