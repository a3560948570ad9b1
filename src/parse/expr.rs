//! Expressions of `eval` and `where`: the tree.

use std::fmt;

use crate::diagnostic::Span;
use crate::functions::{Function, SearchMatch, Type};
use crate::value::{Number, Text, Value};

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it says.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
    returns: Type,
    depth: usize,
}

/// What an expression says.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A number, with the text it was written as.
    Number(Number),
    /// `"…"`
    Text(Text),
    /// A field's name.
    Field(Field),
    /// `-x`, `NOT x`
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `f(a, b)`
    Call(Call),
    /// `searchmatch("…")`
    SearchMatch(SearchMatch),
}

/// A field's name and, once bound, the slot in which an evaluator finds its value.
#[derive(Clone)]
pub struct Field {
    /// The name.
    pub name: Text,
    /// Set by [`Expr::bind`].
    pub slot: usize,
}

impl Field {
    fn bind_into(&mut self, names: &mut Vec<Text>) {
        let known = names.iter().position(|name| *name == self.name);
        self.slot = known.unwrap_or(names.len());
        if known.is_none() {
            names.push(self.name.clone());
        }
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Field) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.name, f)
    }
}

/// A call of a function that exists.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its name, in lower case.
    pub name: &'static str,
    /// The function.
    pub function: &'static Function,
    /// What it is called with.
    pub arguments: Vec<Expr>,
}

impl PartialEq for Call {
    fn eq(&self, other: &Call) -> bool {
        self.name == other.name && self.arguments == other.arguments
    }
}

/// Operators of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-x`
    Minus,
    /// `+x`
    Plus,
    /// `NOT x`, `!x`
    Not,
}

/// Operators of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the operator that its name says")]
pub enum BinaryOp {
    Multiply,
    Divide,
    Modulo,
    Add,
    Subtract,
    Concatenate,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Xor,
}

impl Expr {
    /// An expression of this form.
    pub fn new(kind: ExprKind, span: Span) -> Expr {
        let returns = kind.returns();
        let depth = match &kind {
            ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Field(_) | ExprKind::SearchMatch(_) => 0,
            ExprKind::Unary(_, operand) => operand.depth + 1,
            ExprKind::Binary(_, left, right) => left.depth.max(right.depth) + 1,
            ExprKind::Call(call) => call.arguments.iter().map(|it| it.depth).max().unwrap_or(0) + 1,
        };
        Expr { kind, span, returns, depth }
    }

    /// How many expressions stand in each other: what walks the tree needs as much of the stack.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Gives every field a slot, the same for the same name, and returns the names by slot.
    pub fn bind(&mut self) -> Vec<Text> {
        let mut names = Vec::new();
        self.bind_into(&mut names);
        names
    }

    fn bind_into(&mut self, names: &mut Vec<Text>) {
        match &mut self.kind {
            ExprKind::Number(_) | ExprKind::Text(_) => {}
            ExprKind::Field(field) => field.bind_into(names),
            ExprKind::SearchMatch(search) => {
                search.fields.iter_mut().for_each(|field| field.bind_into(names))
            }
            ExprKind::Unary(_, operand) => operand.bind_into(names),
            ExprKind::Binary(_, left, right) => {
                left.bind_into(names);
                right.bind_into(names);
            }
            ExprKind::Call(call) => {
                for argument in &mut call.arguments {
                    argument.bind_into(names);
                }
            }
        }
    }

    /// Calls `visit` on this and on every expression in it.
    pub fn walk<'e>(&'e self, visit: &mut impl FnMut(&'e Expr)) {
        visit(self);
        match &self.kind {
            ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Field(_) | ExprKind::SearchMatch(_) => {}
            ExprKind::Unary(_, operand) => operand.walk(visit),
            ExprKind::Binary(_, left, right) => {
                left.walk(visit);
                right.walk(visit);
            }
            ExprKind::Call(call) => call.arguments.iter().for_each(|argument| argument.walk(visit)),
        }
    }

    /// The fields it names, in order of appearance, each once.
    pub fn fields(&self) -> Vec<Text> {
        self.clone().bind()
    }

    /// Whether the same row always gives the same value.
    pub fn is_pure(&self) -> bool {
        let mut pure = true;
        self.walk(&mut |part| {
            if let ExprKind::Call(call) = &part.kind {
                pure &= call.function.pure;
            }
        });
        pure
    }

    /// Its type as far as it is known before any row is read.
    pub fn static_type(&self) -> Type {
        self.returns
    }

    /// The value of a literal.
    pub fn literal(&self) -> Option<Value> {
        match &self.kind {
            ExprKind::Number(number) => Some(Value::Number(*number)),
            ExprKind::Text(text) => Some(Value::Text(text.clone())),
            _ => None,
        }
    }
}

impl ExprKind {
    fn returns(&self) -> Type {
        match self {
            ExprKind::Number(_) => Type::Number,
            ExprKind::Text(_) => Type::Text,
            ExprKind::Field(_) => Type::Any,
            ExprKind::Unary(UnaryOp::Not, _) => Type::Bool,
            ExprKind::Unary(..) => Type::Number,
            ExprKind::Binary(op, left, right) => {
                let has = |wanted| left.returns == wanted || right.returns == wanted;
                match op {
                    BinaryOp::Concatenate => Type::Text,
                    BinaryOp::Add if has(Type::Text) => Type::Text,
                    // A number beside a field either adds or gives null.
                    BinaryOp::Add if has(Type::Number) => Type::Number,
                    BinaryOp::Add => Type::Any,
                    BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo | BinaryOp::Subtract => {
                        Type::Number
                    }
                    _ => Type::Bool,
                }
            }
            ExprKind::Call(call) => call.function.returns,
            ExprKind::SearchMatch(_) => Type::Bool,
        }
    }
}
