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
            Axis::Ancestor => self.ancestors(place),
            Axis::AncestorOrSelf => std::iter::once(place).chain(self.ancestors(place)).collect(),
            Axis::Following => self.beside(place, false),
            Axis::FollowingSibling => self.siblings(place, false),
            Axis::Preceding => self.beside(place, true),
            Axis::PrecedingSibling => self.siblings(place, true),
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

    /// The nodes that it stands in, the nearest first.
    fn ancestors(&self, place: usize) -> Vec<usize> {
        let parent = |node: &usize| match *node {
            0 => None,
            node => self.nodes.get(node).map(|entry| entry.parent),
        };
        std::iter::successors(parent(&place), parent).collect()
    }

    /// The nodes beside it: before it, the nearest first, or after it. An attribute has none.
    fn siblings(&self, place: usize, before: bool) -> Vec<usize> {
        let parent = self.ancestors(place).first().copied();
        let all = parent.map_or(&[] as &[usize], |parent| self.children(parent));
        let Some(at) = all.iter().position(|&child| child == place) else { return Vec::new() };
        match before {
            true => all.iter().take(at).rev().copied().collect(),
            false => all.iter().skip(at + 1).copied().collect(),
        }
    }

    /// All nodes before or after it in the document that it neither stands in nor holds, the nearest first.
    fn beside(&self, place: usize, before: bool) -> Vec<usize> {
        let mut found = Vec::new();
        for node in std::iter::once(place).chain(self.ancestors(place)) {
            for sibling in self.siblings(node, before) {
                let mut tree = self.along(Axis::DescendantOrSelf, sibling);
                if before {
                    tree.reverse();
                }
                found.extend(tree);
            }
        }
        found
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
            Function::Lang => Outcome::Truth(self.is_in_language(focus.node, &text(0))),
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
            Function::Substring => {
                let length = arguments.get(2).map(|_| number(2));
                Outcome::Text(substring(&text(0), number(1), length))
            }
            Function::SubstringAfter => {
                Outcome::Text(text(0).split_once(&text(1)).map_or("", |(_, after)| after).to_string())
            }
            Function::SubstringBefore => {
                Outcome::Text(text(0).split_once(&text(1)).map_or("", |(before, _)| before).to_string())
            }
            Function::Translate => Outcome::Text(translate(&text(0), &text(1), &text(2))),
            Function::Sum => {
                let numbers = nodes(argument(0)).into_iter().map(|node| to_number(&self.text(node)));
                Outcome::Number(numbers.sum())
            }
            Function::True => Outcome::Truth(true),
        }
    }

    /// Whether the nearest `xml:lang` says that language, or a kind of it.
    fn is_in_language(&self, node: usize, language: &str) -> bool {
        let said = std::iter::once(node).chain(self.ancestors(node)).find_map(|node| match self.kind(node) {
            Kind::Element(element) => element.attribute("xml:lang"),
            _ => None,
        });
        said.is_some_and(|said| {
            let (said, language) = (said.to_ascii_lowercase(), language.to_ascii_lowercase());
            said.strip_prefix(&language).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
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

/// The characters from `start`, counted from 1, as many as `length` says, both rounded.
fn substring(text: &str, start: f64, length: Option<f64>) -> String {
    let round = |number: f64| (number + 0.5).floor();
    let start = round(start);
    let end = length.map_or(f64::INFINITY, |length| start + round(length));
    let inside = |at: usize| (at as f64) >= start && (at as f64) < end;
    text.chars().zip(1..).filter(|(_, at)| inside(*at)).map(|(c, _)| c).collect()
}

/// Each character of `from` becomes that at its place in `to`, or goes where there is none.
fn translate(text: &str, from: &str, to: &str) -> String {
    let translated = |c: char| match from.chars().position(|other| other == c) {
        Some(at) => to.chars().nth(at),
        None => Some(c),
    };
    text.chars().filter_map(translated).collect()
}

fn to_number(text: &str) -> f64 {
    let text = text.trim();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    if plain { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}
