//! `INGEST_EVAL`: assignments that are worked out while an event is indexed.

use super::super::super::search_time::Compiler;
use super::Surroundings;
use super::event::{Event, as_batch, unprefixed};
use crate::diagnostic::{Diagnostic, Result};
use crate::eval::Program;
use crate::functions::lookup_tables;
use crate::knowledge::{IndexKey, Located, Target};
use crate::parse::cursor::Cursor;
use crate::parse::{expression, lexeme};
use crate::value::{Text, Value};

/// The assignments of one stanza, each of which sees those before it.
pub struct IngestEval(Vec<Assignment>);

struct Assignment {
    dest: Dest,
    program: Program,
}

enum Dest {
    Key(IndexKey),
    /// A field; with `:=` it is replaced, with `=` it gets a further value.
    Field {
        name: Text,
        replaces: bool,
        kind: Kind,
    },
}

/// What a value becomes (`name[int]`).
#[derive(Clone, Copy)]
enum Kind {
    Any,
    Whole,
    Text,
}

impl IngestEval {
    /// Reads `a = 1, b := c, queue = if(…)`; what `given` holds of stays as it is.
    ///
    /// # Errors
    /// Anything else.
    pub fn read(
        located: &Located,
        given: &dyn Fn(&IndexKey) -> bool,
        compiler: &mut Compiler<'_>,
    ) -> Result<IngestEval> {
        let id = match plain_names(located.text()) {
            None => located.register(compiler.sources),
            Some(text) => compiler.sources.add(located.place(), text),
        };
        let text = compiler.sources.text(id);
        let mut cursor = Cursor::new(&text, id, 0, text.len());
        let mut assignments = Vec::new();
        loop {
            cursor.blanks();
            if cursor.at_end() {
                break;
            }
            let dest = read_dest(&mut cursor)?;
            let expr = expression(&mut cursor)?;
            lookup_tables(&expr, compiler.context)?;
            if !matches!(&dest, Dest::Key(key) if given(key)) {
                assignments.push(Assignment { dest, program: Program::new(expr) });
            }
            if !cursor.eat(',') && !cursor.at_end() {
                return Err(cursor.expected("`,` or the end"));
            }
        }
        Ok(IngestEval(assignments))
    }

    /// The fields that are read.
    pub fn reads(&self) -> Vec<Text> {
        let names = self.0.iter().flat_map(|assignment| assignment.program.fields());
        names.map(|name| Text::from(unprefixed(name).1)).collect()
    }

    /// Works the assignments out for events.
    pub fn apply(&self, events: &mut [Event], around: &Surroundings<'_>) {
        for Assignment { dest, program } in &self.0 {
            let column = program.column(&as_batch(events, program.fields(), around), around.context);
            for (row, event) in events.iter_mut().enumerate().filter(|(_, event)| !event.stopped) {
                let value = match column.get(row).into_owned() {
                    Value::Bool(_) => Value::Null,
                    value => value,
                };
                dest.set(event, value, around);
            }
        }
    }
}

impl Dest {
    fn set(&self, event: &mut Event, value: Value, around: &Surroundings<'_>) {
        match self {
            Dest::Key(IndexKey::Time) => event.time = Some(value).filter(|value| !value.is_null()),
            Dest::Key(key) if !value.is_null() => event.set_key(key, &value.to_text(), around),
            Dest::Key(_) => {}
            Dest::Field { name, replaces, kind } => {
                if *replaces {
                    event.fields.retain(|(field, _)| field != name);
                }
                for single in value.values().iter().filter(|value| !value.is_null()) {
                    event.fields.push((name.clone(), kind.of(single)));
                }
            }
        }
    }
}

impl Kind {
    fn of(self, value: &Value) -> Value {
        match (self, value.as_number()) {
            (Kind::Whole, Some(number)) => Value::number(number.trunc()),
            (Kind::Text, _) => Value::text(value.to_text().as_ref()),
            _ => value.clone(),
        }
    }
}

/// Reads `name =`, `name :=` or `name[int] =`.
fn read_dest(cursor: &mut Cursor<'_>) -> Result<Dest> {
    let name = match cursor.peek() {
        Some('\'') => cursor.lex(lexeme::single_quoted),
        _ => cursor.lex(lexeme::word("=,|()+*%<>![")),
    };
    let name = name.ok_or_else(|| cursor.expected("a field to assign to"))?;
    let (mut name, mut replaces) = match name.strip_suffix(':') {
        Some(name) => (name.to_string(), true),
        None => (name, false),
    };
    let mut kind = Kind::Any;
    if cursor.eat('[') {
        let of = cursor.lex(lexeme::word("]")).unwrap_or_default();
        kind = match of.as_str() {
            "int" => Kind::Whole,
            "string" => Kind::Text,
            "float" | "float32" | "float-sf" | "float32-sf" => Kind::Any,
            _ => return Err(unknown_kind(cursor)),
        };
        if !cursor.eat(']') {
            return Err(cursor.expected("`]`"));
        }
    }
    replaces |= cursor.eat(':');
    if !cursor.eat('=') {
        return Err(cursor.expected("`=` or `:=`"));
    }
    let of_event = name.strip_prefix("pd:").map(str::to_string);
    let field = name.strip_prefix("field:").map(str::to_string);
    let named = of_event.or_else(|| field.is_none().then(|| name.clone()));
    if let Some(key) = named.as_deref().and_then(key_of) {
        return Ok(Dest::Key(key));
    }
    name = field.unwrap_or(name);
    Ok(Dest::Field { name: name.into(), replaces, kind })
}

fn unknown_kind(cursor: &Cursor<'_>) -> Diagnostic {
    cursor.expected("`int`, `float`, `float32`, `float-sf`, `float32-sf` or `string`")
}

/// The key that a name assigns to.
fn key_of(name: &str) -> Option<IndexKey> {
    Some(match name {
        "host" => IndexKey::Of(Target::Host),
        "source" => IndexKey::Of(Target::Source),
        "sourcetype" => IndexKey::Of(Target::SourceType),
        "index" => IndexKey::Index,
        _ => IndexKey::of(name).filter(|key| !matches!(key, IndexKey::Named(_) | IndexKey::Fields))?,
    })
}

/// The text with `$pd:a$`, `$field:a$` and `$mv:a$` as names in single quotes; none if it has none of them.
fn plain_names(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        let prefixed = ["pd:", "field:", "mv:"].into_iter().any(|prefix| after.starts_with(prefix));
        let Some((name, tail)) = after.split_once('$').filter(|_| prefixed) else {
            out.push_str(before);
            out.push('$');
            rest = after;
            continue;
        };
        out.push_str(before);
        out.push_str(&format!("'{name}'"));
        rest = tail;
    }
    out.push_str(rest);
    (out != text).then_some(out)
}
