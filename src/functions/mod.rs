//! The functions of `eval` and `where`, one file each, in Splunk's chapters.
//!
//! A function's file is its manual page (the `//!` text), and a constant [`Function`] that says how it is
//! called. To add one: write the file, add its `mod` line in its chapter and its line in `registry.rs`.

pub mod bitwise;
pub mod comparison;
pub mod conversion;
pub mod crypto;
pub mod datetime;
pub mod informational;
pub mod json;
pub mod math;
pub mod multivalue;
mod registry;
pub mod statistical;
mod support;
pub mod text;
pub mod trigonometry;

pub use comparison::lookup::tables as lookup_tables;
pub use comparison::searchmatch::SearchMatch;
pub use registry::{CHAPTERS, find, names, pages};

use std::borrow::Cow;

use jiff::tz::TimeZone;

use crate::diagnostic::Result;
use crate::eval::Warnings;
use crate::knowledge::LookupSnapshot;
use crate::parse::expr::{Expr, ExprKind};
use crate::value::Value;

/// The type that an expression has before any row is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Known only at the row: a field, or a function of several types.
    Any,
    /// Text by its type: it takes part in comparisons and additions as text even if it looks like a number.
    Text,
    /// A number.
    Number,
    /// A truth value.
    Bool,
    /// `null()`.
    Null,
}

/// What happens when an argument is null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nulls {
    /// The result is null and the body is not called.
    Propagate,
    /// The body sees nulls.
    Handle,
}

/// How many arguments a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arity {
    /// At least.
    pub min: usize,
    /// At most; none for any number.
    pub max: Option<usize>,
    /// Whether they come in pairs.
    pub pairs: bool,
}

impl Arity {
    /// Exactly so many.
    pub const fn exactly(count: usize) -> Arity {
        Arity { min: count, max: Some(count), pairs: false }
    }

    /// Between two numbers.
    pub const fn between(min: usize, max: usize) -> Arity {
        Arity { min, max: Some(max), pairs: false }
    }

    /// So many or more.
    pub const fn at_least(min: usize) -> Arity {
        Arity { min, max: None, pairs: false }
    }

    /// One pair or more.
    pub const fn pairs() -> Arity {
        Arity { min: 2, max: None, pairs: true }
    }

    /// Whether this many are right.
    pub fn accepts(self, count: usize) -> bool {
        count >= self.min
            && self.max.is_none_or(|max| count <= max)
            && (!self.pairs || count.is_multiple_of(2))
    }

    /// For a message: `1 argument`, `2 or 3 arguments`, `at least 1 argument`, `pairs of arguments`.
    pub fn describe(self) -> String {
        let plural = |count: usize| if count == 1 { "argument" } else { "arguments" };
        match (self.pairs, self.min, self.max) {
            (true, ..) => "pairs of arguments".to_string(),
            (_, 0, Some(0)) => "no arguments".to_string(),
            (_, min, Some(max)) if min == max => format!("{min} {}", plural(min)),
            (_, min, Some(max)) if min + 1 == max => format!("{min} or {max} {}", plural(max)),
            (_, min, Some(max)) => format!("{min} to {max} {}", plural(max)),
            (_, min, None) => format!("at least {min} {}", plural(min)),
        }
    }
}

/// How a function computes.
#[derive(Clone, Copy)]
pub enum Body {
    /// On its arguments' values, in one pure step.
    Strict(fn(&[Value], &EvalContext) -> Value),
    /// On its arguments unevaluated, because it may not need them all, or needs them several times.
    Lazy(fn(&[Expr], &Evaluator<'_>) -> Value),
    /// Not as a call: the grammar has an expression of its own made of the arguments.
    Form(fn(&[Expr]) -> Result<ExprKind>),
}

/// What a check of literal arguments finds wrong: the message, and which argument (from 0) it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    /// What is wrong.
    pub message: String,
    /// The argument.
    pub argument: usize,
    /// Whether a regular expression is at fault.
    pub regex: bool,
}

/// A look at the arguments before any row is read: `Some` where an argument is a literal.
pub type Check = fn(&[Option<Value>]) -> Result<(), Misuse>;

/// A look at the arguments' form before any row is read.
pub type Shape = fn(&[Expr]) -> Result<(), Misuse>;

/// A function of expressions.
pub struct Function {
    /// How many arguments.
    pub arity: Arity,
    /// The type of its result.
    pub returns: Type,
    /// What happens to nulls.
    pub nulls: Nulls,
    /// The same arguments give the same result. Only `random()` and `time()` are otherwise.
    pub pure: bool,
    /// How it computes.
    pub body: Body,
    /// Looks at literal arguments before any row is read.
    pub check: Option<Check>,
    /// Looks at what the arguments are made of before any row is read.
    pub shape: Option<Shape>,
    /// A field that it reads without its being written: it comes behind the arguments.
    pub reads: Option<&'static str>,
}

impl Function {
    /// A pure function of values that is null when an argument is.
    pub const fn strict(arity: Arity, returns: Type, body: fn(&[Value], &EvalContext) -> Value) -> Function {
        let nulls = Nulls::Propagate;
        Function {
            arity,
            returns,
            nulls,
            pure: true,
            body: Body::Strict(body),
            check: None,
            shape: None,
            reads: None,
        }
    }

    /// A pure function that decides itself which arguments to evaluate.
    pub const fn lazy(arity: Arity, returns: Type, body: fn(&[Expr], &Evaluator<'_>) -> Value) -> Function {
        let nulls = Nulls::Handle;
        Function {
            arity,
            returns,
            nulls,
            pure: true,
            body: Body::Lazy(body),
            check: None,
            shape: None,
            reads: None,
        }
    }

    /// A pure function that is an expression of its own.
    pub const fn form(arity: Arity, returns: Type, read: fn(&[Expr]) -> Result<ExprKind>) -> Function {
        let nulls = Nulls::Handle;
        Function {
            arity,
            returns,
            nulls,
            pure: true,
            body: Body::Form(read),
            check: None,
            shape: None,
            reads: None,
        }
    }

    /// The same, but the body sees null arguments.
    pub const fn handling_nulls(mut self) -> Function {
        self.nulls = Nulls::Handle;
        self
    }

    /// The same, with a check of its literal arguments.
    pub const fn checked(mut self, check: Check) -> Function {
        self.check = Some(check);
        self
    }

    /// The same, with a check of its arguments' form.
    pub const fn shaped(mut self, shape: Shape) -> Function {
        self.shape = Some(shape);
        self
    }

    /// The same, with a field behind its arguments that nobody writes.
    pub const fn reading(mut self, field: &'static str) -> Function {
        self.reads = Some(field);
        self
    }

    /// The same, but every call may give another result.
    pub const fn impure(mut self) -> Function {
        self.pure = false;
        self
    }
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Function").field("arity", &self.arity).field("returns", &self.returns).finish()
    }
}

/// What an expression may know besides its row.
#[derive(Clone, Debug)]
pub struct EvalContext {
    /// The start of the search, epoch seconds: `now()` is the same for every row.
    pub now: f64,
    /// The zone in which local time is meant.
    pub zone: TimeZone,
    /// Run-time trouble, said once each.
    pub warnings: Warnings,
    /// The tables that `lookup()` reads.
    pub lookups: LookupSnapshot,
}

impl EvalContext {
    /// A context in which no lookup is known.
    pub fn new(now: f64, zone: TimeZone, warnings: Warnings) -> EvalContext {
        EvalContext { now, zone, warnings, lookups: LookupSnapshot::default() }
    }
}

/// Evaluates expressions on one row. The row is the values of the fields that the expression names, by
/// slot (see [`Expr::bind`]).
pub struct Evaluator<'r> {
    /// The values by slot.
    pub row: &'r [Cow<'r, Value>],
    /// What else may be known.
    pub context: &'r EvalContext,
    /// Inside `exact()`: products and quotients keep all their digits.
    pub exact: bool,
}
