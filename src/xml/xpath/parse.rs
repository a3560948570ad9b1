//! Text to expression.

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct XPath(pub(super) Expr);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Text(String),
    Number(f64),
    Path { from_root: bool, steps: Vec<Step> },
    Binary(Operator, Box<Expr>, Box<Expr>),
    Negative(Box<Expr>),
    Call(Function, Vec<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Union,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub axis: Axis,
    pub test: Test,
    pub predicates: Vec<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    Itself,
    Parent,
    Ancestor,
    AncestorOrSelf,
    Following,
    FollowingSibling,
    Preceding,
    PrecedingSibling,
    Attribute,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    Name(String),
    AnyName,
    Text,
    Node,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Boolean,
    Ceiling,
    Concat,
    Contains,
    Count,
    False,
    Floor,
    Lang,
    Last,
    LocalName,
    Name,
    NormalizeSpace,
    Not,
    Number,
    Position,
    Round,
    StartsWith,
    String,
    StringLength,
    Substring,
    SubstringAfter,
    SubstringBefore,
    Sum,
    Translate,
    True,
}

/// The functions, with how many arguments they take.
pub(super) const FUNCTIONS: [(&str, Function, usize, usize); 25] = [
    ("boolean", Function::Boolean, 1, 1),
    ("ceiling", Function::Ceiling, 1, 1),
    ("concat", Function::Concat, 2, usize::MAX),
    ("contains", Function::Contains, 2, 2),
    ("count", Function::Count, 1, 1),
    ("false", Function::False, 0, 0),
    ("floor", Function::Floor, 1, 1),
    ("lang", Function::Lang, 1, 1),
    ("last", Function::Last, 0, 0),
    ("local-name", Function::LocalName, 0, 1),
    ("name", Function::Name, 0, 1),
    ("normalize-space", Function::NormalizeSpace, 0, 1),
    ("not", Function::Not, 1, 1),
    ("number", Function::Number, 0, 1),
    ("position", Function::Position, 0, 0),
    ("round", Function::Round, 1, 1),
    ("starts-with", Function::StartsWith, 2, 2),
    ("string", Function::String, 0, 1),
    ("string-length", Function::StringLength, 0, 1),
    ("substring", Function::Substring, 2, 3),
    ("substring-after", Function::SubstringAfter, 2, 2),
    ("substring-before", Function::SubstringBefore, 2, 2),
    ("sum", Function::Sum, 1, 1),
    ("translate", Function::Translate, 3, 3),
    ("true", Function::True, 0, 0),
];

const AXES: [(&str, Axis); 12] = [
    ("child::", Axis::Child),
    ("descendant::", Axis::Descendant),
    ("descendant-or-self::", Axis::DescendantOrSelf),
    ("self::", Axis::Itself),
    ("parent::", Axis::Parent),
    ("ancestor::", Axis::Ancestor),
    ("ancestor-or-self::", Axis::AncestorOrSelf),
    ("following::", Axis::Following),
    ("following-sibling::", Axis::FollowingSibling),
    ("preceding::", Axis::Preceding),
    ("preceding-sibling::", Axis::PrecedingSibling),
    ("attribute::", Axis::Attribute),
];

/// Operators from the weakest to the strongest; those of one line have one strength.
const STRENGTHS: [&[(&str, Operator)]; 7] = [
    &[("or", Operator::Or)],
    &[("and", Operator::And)],
    &[("=", Operator::Equal), ("!=", Operator::NotEqual)],
    &[
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[("*", Operator::Multiply), ("div", Operator::Divide), ("mod", Operator::Modulo)],
    &[("|", Operator::Union)],
];

/// The strength of the sign `-`: above all but `|`.
const UNION: usize = 6;

/// How deep expressions may stand in each other.
const DEEPEST: usize = 40;

type Read<T> = Result<T, String>;

impl XPath {
    /// Reads an expression.
    ///
    /// # Errors
    /// Why it is none, or which of its parts is not supported.
    pub fn parse(text: &str) -> Read<XPath> {
        let mut reader = Reader { rest: text, depth: 0 };
        let expr = reader.expression(0)?;
        reader.blanks();
        if reader.rest.is_empty() { Ok(XPath(expr)) } else { Err(reader.unexpected("the end")) }
    }
}

struct Reader<'t> {
    rest: &'t str,
    depth: usize,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, token: &str) -> bool {
        self.blanks();
        let Some(rest) = self.rest.strip_prefix(token) else { return false };
        // `order` is no `or`.
        if token.ends_with(char::is_alphabetic) && rest.starts_with(is_name) {
            return false;
        }
        self.rest = rest;
        true
    }

    fn unexpected(&self, wanted: &str) -> String {
        let found: String = self.rest.chars().take(20).collect();
        match found.is_empty() {
            true => format!("{wanted} is missing at its end"),
            false => format!("expected {wanted}, found `{found}`"),
        }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= DEEPEST {
            return Err(format!("it is nested more than {DEEPEST} deep"));
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// Operators of this strength and above.
    fn expression(&mut self, strength: usize) -> Read<Expr> {
        if strength == UNION && self.eat("-") {
            return self.deeper(|reader| Ok(Expr::Negative(Box::new(reader.expression(UNION)?))));
        }
        let Some(operators) = STRENGTHS.get(strength) else { return self.primary() };
        let mut left = self.expression(strength + 1)?;
        while let Some((_, operator)) = operators.iter().find(|(token, _)| self.eat(token)) {
            let right = self.expression(strength + 1)?;
            left = Expr::Binary(*operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn primary(&mut self) -> Read<Expr> {
        self.blanks();
        for mark in ['\'', '"'] {
            if let Some(inside) = self.rest.strip_prefix(mark) {
                let (text, rest) = inside.split_once(mark).ok_or_else(|| format!("{mark} is not closed"))?;
                self.rest = rest;
                return Ok(Expr::Text(text.to_string()));
            }
        }
        let digits =
            self.rest.len() - self.rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        if let Some(Ok(number)) = self.rest.get(..digits).map(str::parse) {
            self.rest = self.rest.get(digits..).unwrap_or("");
            return Ok(Expr::Number(number));
        }
        if self.eat("(") {
            let inner = self.deeper(|reader| reader.expression(0))?;
            return if self.eat(")") { Ok(inner) } else { Err(self.unexpected("`)`")) };
        }
        match self.call()? {
            Some(call) => Ok(call),
            None => self.path(),
        }
    }

    fn call(&mut self) -> Read<Option<Expr>> {
        let (name, after) = split_name(self.rest);
        let Some(arguments) = after.trim_start().strip_prefix('(') else { return Ok(None) };
        if name.is_empty() || ["text", "node"].contains(&name) {
            return Ok(None);
        }
        let known = FUNCTIONS.iter().find(|(known, ..)| *known == name);
        let Some((_, function, least, most)) = known else {
            return Err(format!("the function `{name}` is not supported"));
        };
        let wrong = format!("the function `{name}` does not take so many arguments");
        self.rest = arguments;
        let mut given = Vec::new();
        while !self.eat(")") {
            if !given.is_empty() && !self.eat(",") {
                return Err(self.unexpected("`,` or `)`"));
            }
            given.push(self.deeper(|reader| reader.expression(0))?);
        }
        match (*least..=*most).contains(&given.len()) {
            true => Ok(Some(Expr::Call(*function, given))),
            false => Err(wrong),
        }
    }

    fn path(&mut self) -> Read<Expr> {
        let anywhere = || Step { axis: Axis::DescendantOrSelf, test: Test::Node, predicates: Vec::new() };
        let mut steps = Vec::new();
        let from_root = self.rest.starts_with('/');
        if self.eat("//") {
            steps.push(anywhere());
        } else {
            self.eat("/");
        }
        loop {
            steps.push(self.step()?);
            if self.eat("//") {
                steps.push(anywhere());
            } else if !self.eat("/") {
                return Ok(Expr::Path { from_root, steps });
            }
        }
    }

    fn step(&mut self) -> Read<Step> {
        self.blanks();
        for (token, axis) in [("..", Axis::Parent), (".", Axis::Itself)] {
            if self.eat(token) {
                return Ok(Step { axis, test: Test::Node, predicates: self.predicates()? });
            }
        }
        let named = AXES.iter().find(|(name, _)| self.rest.starts_with(name));
        let axis = match named {
            Some((name, axis)) => {
                self.rest = self.rest.get(name.len()..).unwrap_or("");
                *axis
            }
            None if self.eat("@") => Axis::Attribute,
            None => Axis::Child,
        };
        let test = self.test()?;
        Ok(Step { axis, test, predicates: self.predicates()? })
    }

    fn test(&mut self) -> Read<Test> {
        if self.eat("*") {
            return Ok(Test::AnyName);
        }
        for (token, test) in [("text()", Test::Text), ("node()", Test::Node)] {
            if self.eat(token) {
                return Ok(test);
            }
        }
        self.blanks();
        let (name, rest) = split_name(self.rest);
        if rest.starts_with("::") {
            return Err(format!("the axis `{name}` is not supported"));
        }
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.unexpected("a step"));
        }
        self.rest = rest;
        Ok(Test::Name(name.to_string()))
    }

    fn predicates(&mut self) -> Read<Vec<Expr>> {
        let mut predicates = Vec::new();
        while self.eat("[") {
            predicates.push(self.deeper(|reader| reader.expression(0))?);
            if !self.eat("]") {
                return Err(self.unexpected("`]`"));
            }
        }
        Ok(predicates)
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || "_-.".contains(c)
}

/// A name with its prefix, and what stands after it.
fn split_name(text: &str) -> (&str, &str) {
    let run = |text: &str| text.len() - text.trim_start_matches(is_name).len();
    let first = run(text);
    let prefixed = text.get(first..).and_then(|rest| rest.strip_prefix(':'));
    let second = prefixed.filter(|rest| !rest.starts_with(':')).map_or(0, run);
    text.split_at(if first > 0 && second > 0 { first + 1 + second } else { first })
}
