//! Expressions over a document.

use super::parse::{Axis, Expr, Function, Operator, Step, Test, XPath};
use crate::value::Number;
use crate::xml::{Element, Node};

/// The nodes of a document by number, in document order. The root is the first.
pub(super) struct Arena<'d> {
    nodes: Vec<Entry<'d>>,
}

struct Entry<'d> {
    parent: usize,
    kind: Kind<'d>,
    children: Vec<usize>,
    attributes: Vec<usize>,
}

#[derive(Clone, Copy)]
enum Kind<'d> {
    Root,
    Element(&'d Element),
    Text(&'d str),
    Attribute(&'d str, &'d str),
}

/// What an expression comes to.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Nodes(Vec<usize>),
    Text(String),
    Number(f64),
    Truth(bool),
}

/// Where an expression is worked out: a node, its place among its like, counted from 1, and how many they are.
#[derive(Clone, Copy)]
struct Focus {
    node: usize,
    position: usize,
    last: usize,
}

impl<'d> Arena<'d> {
    pub fn new(document: &'d [Element]) -> Arena<'d> {
        let mut arena = Arena { nodes: Vec::new() };
        arena.add(0, Kind::Root);
        for element in document {
            arena.add_element(0, element);
        }
        arena
    }

    fn add(&mut self, parent: usize, kind: Kind<'d>) -> usize {
        let number = self.nodes.len();
        self.nodes.push(Entry { parent, kind, children: Vec::new(), attributes: Vec::new() });
        if let Some(entry) = self.nodes.get_mut(parent).filter(|_| parent != number) {
            match kind {
                Kind::Attribute(..) => entry.attributes.push(number),
                _ => entry.children.push(number),
            }
        }
        number
    }

    fn add_element(&mut self, parent: usize, element: &'d Element) {
        let number = self.add(parent, Kind::Element(element));
        for (name, value) in &element.attributes {
            self.add(number, Kind::Attribute(name, value));
        }
        for child in &element.children {
            match child {
                Node::Element(element) => self.add_element(number, element),
                Node::Text(text) => drop(self.add(number, Kind::Text(text))),
            }
        }
    }

    pub fn evaluate(&self, path: &XPath) -> Outcome {
        self.eval(&path.0, Focus { node: 0, position: 1, last: 1 })
    }

    /// What a node is as a field's value.
    pub fn content(&self, node: usize) -> String {
        match self.kind(node) {
            Kind::Root => String::new(),
            Kind::Element(element) => element.content(),
            Kind::Text(text) => text.trim().to_string(),
            Kind::Attribute(_, value) => value.to_string(),
        }
    }

    fn kind(&self, node: usize) -> Kind<'d> {
        self.nodes.get(node).map_or(Kind::Root, |entry| entry.kind)
    }

    /// The string value of a node.
    fn text(&self, node: usize) -> String {
        match self.kind(node) {
            Kind::Root => self.children(node).iter().map(|&child| self.text(child)).collect(),
            Kind::Element(element) => element.text(),
            Kind::Text(text) => text.to_string(),
            Kind::Attribute(_, value) => value.to_string(),
        }
    }

    fn children(&self, node: usize) -> &[usize] {
        self.nodes.get(node).map_or(&[], |entry| &entry.children)
    }

    fn eval(&self, expr: &Expr, focus: Focus) -> Outcome {
        match expr {
            Expr::Text(text) => Outcome::Text(text.clone()),
            Expr::Number(number) => Outcome::Number(*number),
            Expr::Negative(inner) => Outcome::Number(-self.number(&self.eval(inner, focus))),
            Expr::Path { from_root, steps } => {
                let mut places = vec![if *from_root { 0 } else { focus.node }];
                for step in steps {
                    places = places.iter().flat_map(|&place| self.step(step, place)).collect();
                    places.sort_unstable();
                    places.dedup();
                }
                Outcome::Nodes(places)
            }
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right, focus),
            Expr::Call(function, arguments) => self.call(*function, arguments, focus),
        }
    }

    fn step(&self, step: &Step, place: usize) -> Vec<usize> {
        let mut found = self.along(step.axis, place);
        found.retain(|&node| self.passes(&step.test, node, step.axis));
        for predicate in &step.predicates {
            let last = found.len();
            let mut position = 0;
            found.retain(|&node| {
                position += 1;
                match self.eval(predicate, Focus { node, position, last }) {
                    Outcome::Number(number) => number == position as f64,
                    other => self.truth(&other),
                }
            });
        }
        found
    }

    fn along(&self, axis: Axis, place: usize) -> Vec<usize> {
        match axis {
            Axis::Child => self.children(place).to_vec(),
            Axis::Attribute => self.nodes.get(place).map_or_else(Vec::new, |entry| entry.attributes.clone()),
            Axis::Itself => vec![place],
            Axis::Parent if place == 0 => Vec::new(),
            Axis::Parent => self.nodes.get(place).map(|entry| entry.parent).into_iter().collect(),
            Axis::Descendant => {
                let mut found = Vec::new();
                self.descend(place, &mut found);
                found
            }
            Axis::DescendantOrSelf => {
                let mut found = vec![place];
                self.descend(place, &mut found);
                found
            }
        }
    }

    fn descend(&self, place: usize, found: &mut Vec<usize>) {
        for &child in self.children(place) {
            found.push(child);
            self.descend(child, found);
        }
    }

    fn passes(&self, test: &Test, node: usize, axis: Axis) -> bool {
        match (test, self.kind(node)) {
            (Test::Node, _) => true,
            (Test::Text, kind) => matches!(kind, Kind::Text(_)),
            (Test::AnyName, Kind::Element(_)) => axis != Axis::Attribute,
            (Test::AnyName, Kind::Attribute(..)) => true,
            (Test::Name(name), Kind::Element(element)) => element.name == name.as_str(),
            (Test::Name(name), Kind::Attribute(attribute, _)) => attribute == name,
            _ => false,
        }
    }

    fn binary(&self, operator: Operator, left: &Expr, right: &Expr, focus: Focus) -> Outcome {
        let one = self.eval(left, focus);
        match operator {
            Operator::Or if self.truth(&one) => return Outcome::Truth(true),
            Operator::And if !self.truth(&one) => return Outcome::Truth(false),
            _ => {}
        }
        let two = self.eval(right, focus);
        let number =
            |compute: fn(f64, f64) -> f64| Outcome::Number(compute(self.number(&one), self.number(&two)));
        match operator {
            Operator::Or | Operator::And => Outcome::Truth(self.truth(&two)),
            Operator::Add => number(|a, b| a + b),
            Operator::Subtract => number(|a, b| a - b),
            Operator::Multiply => number(|a, b| a * b),
            Operator::Divide => number(|a, b| a / b),
            Operator::Modulo => number(|a, b| a % b),
            Operator::Union => match (one, two) {
                (Outcome::Nodes(mut nodes), Outcome::Nodes(more)) => {
                    nodes.extend(more);
                    nodes.sort_unstable();
                    nodes.dedup();
                    Outcome::Nodes(nodes)
                }
                _ => Outcome::Nodes(Vec::new()),
            },
            comparison => Outcome::Truth(self.compare(comparison, &one, &two)),
        }
    }

    /// Of nodes one that compares is enough.
    fn compare(&self, operator: Operator, left: &Outcome, right: &Outcome) -> bool {
        let texts = |nodes: &[usize]| -> Vec<Outcome> {
            nodes.iter().map(|&node| Outcome::Text(self.text(node))).collect()
        };
        match (left, right) {
            (Outcome::Nodes(nodes), other) if !matches!(other, Outcome::Truth(_)) => {
                texts(nodes).iter().any(|text| self.compare(operator, text, other))
            }
            (other, Outcome::Nodes(nodes)) if !matches!(other, Outcome::Truth(_)) => {
                texts(nodes).iter().any(|text| self.compare(operator, other, text))
            }
            _ => {
                let truths = matches!(left, Outcome::Truth(_)) || matches!(right, Outcome::Truth(_));
                let numbers = matches!(left, Outcome::Number(_)) || matches!(right, Outcome::Number(_));
                let equal = || match (truths, numbers) {
                    (true, _) => self.truth(left) == self.truth(right),
                    (_, true) => self.number(left) == self.number(right),
                    _ => self.string(left) == self.string(right),
                };
                let (a, b) = (self.number(left), self.number(right));
                match operator {
                    Operator::Equal => equal(),
                    Operator::NotEqual => !equal(),
                    Operator::Less => a < b,
                    Operator::LessOrEqual => a <= b,
                    Operator::Greater => a > b,
                    _ => a >= b,
                }
            }
        }
    }

    fn call(&self, function: Function, arguments: &[Expr], focus: Focus) -> Outcome {
        let argument = |at: usize| match arguments.get(at) {
            Some(argument) => self.eval(argument, focus),
            None => Outcome::Nodes(vec![focus.node]),
        };
        let text = |at: usize| self.string(&argument(at));
        let number = |at: usize| self.number(&argument(at));
        let nodes = |outcome: Outcome| match outcome {
            Outcome::Nodes(nodes) => nodes,
            _ => Vec::new(),
        };
        let name = || nodes(argument(0)).first().map_or("", |&node| self.name(node));
        match function {
            Function::Boolean => Outcome::Truth(self.truth(&argument(0))),
            Function::Ceiling => Outcome::Number(number(0).ceil()),
            Function::Concat => Outcome::Text((0..arguments.len()).map(text).collect()),
            Function::Contains => Outcome::Truth(text(0).contains(&text(1))),
            Function::Count => Outcome::Number(nodes(argument(0)).len() as f64),
            Function::False => Outcome::Truth(false),
            Function::Floor => Outcome::Number(number(0).floor()),
            Function::Last => Outcome::Number(focus.last as f64),
            Function::LocalName => Outcome::Text(name().rsplit(':').next().unwrap_or("").to_string()),
            Function::Name => Outcome::Text(name().to_string()),
            Function::NormalizeSpace => {
                Outcome::Text(text(0).split_whitespace().collect::<Vec<_>>().join(" "))
            }
            Function::Not => Outcome::Truth(!self.truth(&argument(0))),
            Function::Number => Outcome::Number(number(0)),
            Function::Position => Outcome::Number(focus.position as f64),
            Function::Round => Outcome::Number((number(0) + 0.5).floor()),
            Function::StartsWith => Outcome::Truth(text(0).starts_with(&text(1))),
            Function::String => Outcome::Text(text(0)),
            Function::StringLength => Outcome::Number(text(0).chars().count() as f64),
            Function::Sum => {
                let numbers = nodes(argument(0)).into_iter().map(|node| to_number(&self.text(node)));
                Outcome::Number(numbers.sum())
            }
            Function::True => Outcome::Truth(true),
        }
    }

    fn name(&self, node: usize) -> &str {
        match self.kind(node) {
            Kind::Element(element) => &element.name,
            Kind::Attribute(name, _) => name,
            Kind::Root | Kind::Text(_) => "",
        }
    }

    fn truth(&self, outcome: &Outcome) -> bool {
        match outcome {
            Outcome::Nodes(nodes) => !nodes.is_empty(),
            Outcome::Text(text) => !text.is_empty(),
            Outcome::Number(number) => *number != 0.0 && !number.is_nan(),
            Outcome::Truth(truth) => *truth,
        }
    }

    fn number(&self, outcome: &Outcome) -> f64 {
        match outcome {
            Outcome::Number(number) => *number,
            Outcome::Truth(truth) => f64::from(u8::from(*truth)),
            other => to_number(&self.string(other)),
        }
    }

    pub fn string(&self, outcome: &Outcome) -> String {
        match outcome {
            Outcome::Nodes(nodes) => nodes.first().map(|&node| self.text(node)).unwrap_or_default(),
            Outcome::Text(text) => text.clone(),
            Outcome::Number(number) if number.is_finite() => Number::exact(*number).to_string(),
            Outcome::Number(number) if number.is_nan() => "NaN".to_string(),
            Outcome::Number(number) => if *number > 0.0 { "Infinity" } else { "-Infinity" }.to_string(),
            Outcome::Truth(truth) => truth.to_string(),
        }
    }
}

fn to_number(text: &str) -> f64 {
    let text = text.trim();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    if plain { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}
