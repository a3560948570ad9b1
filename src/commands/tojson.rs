//! Makes a JSON object of the fields of each row.
//!
//! ## Syntax
//! `tojson [<type>(<fields>) | <fields>]... [default_type=<type>] [fill_null=<bool>] [include_internal=<bool>] [output_field=<field>]`
//!
//! ## Description
//! The object stands in `_raw`, or in `output_field`; its members are ordered by name. Without fields they are all that are
//! not internal, and the internal ones too with `include_internal=true`; otherwise those that are listed, in which `*` may stand.
//! A missing field is left out. A multivalue field becomes an array.
//!
//! The type says how a value is written; for fields without one it is `default_type`, which is `none`.
//!
//! | type | a value becomes |
//! |---|---|
//! | `auto` | a number, truth value, null, object or array if its text is one in JSON; otherwise a string |
//! | `bool` | `false` if it is 0, `false`, `f`, `no` or `n`, `true` if it is another number, `true`, `t`, `yes` or `y`; any other is left out |
//! | `json` | the JSON that it is; what is none is left out |
//! | `none` | a number if that is all that it is, as JSON writes one; else a string |
//! | `num` | a number; what is none is left out |
//! | `str` | a string |
//!
//! With `fill_null=true` what would be left out because of its type is `null`.
//!
//! ## Examples
//!
//! ```spl
//! eval n = 1 + 1 | tojson output_field=all
//! ```
//! ```json in
//! {"user": "ada", "port": "80", "ip": ["10.0.0.1", "10.0.0.2"], "_time": "5"}
//! ```
//! ```json out
//! {"user": "ada", "port": "80", "ip": ["10.0.0.1", "10.0.0.2"], "_time": "5", "n": 2, "all": "{\"ip\":[\"10.0.0.1\",\"10.0.0.2\"],\"n\":2,\"port\":80,\"user\":\"ada\"}"}
//! ```
//!
//! ```spl
//! tojson auto(a*) bool(b) json(j) num(n, m) str(s) fill_null=true | fields _raw
//! ```
//! ```json in
//! {"a1": "7.0", "a2": "true", "a3": "{\"x\": 1}", "a4": "x", "b": ["no", "7", "?"], "j": "[1]", "n": "1e3", "m": "ten", "s": "5"}
//! {"b": "Y", "j": "{"}
//! ```
//! ```json out
//! {"_raw": "{\"a1\":7.0,\"a2\":true,\"a3\":{\"x\":1},\"a4\":\"x\",\"b\":[false,true,null],\"j\":[1],\"m\":null,\"n\":1e3,\"s\":\"5\"}"}
//! {"_raw": "{\"b\":true,\"j\":null}"}
//! ```
//!
//! ```spl
//! tojson | fields _raw
//! ```
//! ```json in
//! {"a": "1.50", "b": "007", "c": " 5", "d": "5 ms", "e": ["1", "x"]}
//! ```
//! ```json out
//! {"_raw": "{\"a\":1.50,\"b\":\"007\",\"c\":\" 5\",\"d\":\"5 ms\",\"e\":[1,\"x\"]}"}
//! ```
//!
//! ```spl
//! tojson number(n)
//! ```
//! ```error
//! error[E0301]: unknown type `number`
//! ```
//!
//! ## Differences from Splunk
//! Splunk does not document how members are ordered, nor which words `bool` knows.

use std::fmt;

use super::{Command, fields::stands_for};
use crate::batch::{Batch, Column, FieldSet, Pattern};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{RunContext, Streaming};
use crate::functions::json::{Json, Object};
use crate::parse::args::{Args, Word, write_name, write_names};
use crate::parse::lexeme;
use crate::plan::Planner;
use crate::value::{Text, Value, parse_number};

/// `tojson`
#[derive(Clone, Debug)]
pub struct ToJson {
    /// Fields with the type that they are written in; none for all.
    fields: Vec<(Pattern, Option<Type>)>,
    default_type: Type,
    fill_null: bool,
    include_internal: bool,
    output: Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Auto,
    Bool,
    Json,
    None,
    Num,
    Str,
}

const TYPES: [(&str, Type); 6] = [
    ("auto", Type::Auto),
    ("bool", Type::Bool),
    ("json", Type::Json),
    ("none", Type::None),
    ("num", Type::Num),
    ("str", Type::Str),
];

/// Reads the arguments of `tojson`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut command = ToJson {
        fields: Vec::new(),
        default_type: Type::None,
        fill_null: false,
        include_internal: false,
        output: "_raw".into(),
    };
    loop {
        args.cursor.separators();
        if args.at_end() {
            return Ok(Box::new(command));
        }
        match args.option(&["default_type", "fill_null", "include_internal", "output_field"])? {
            Some(("default_type", value)) => command.default_type = named(&value)?,
            Some(("fill_null", value)) => command.fill_null = value.truth("fill_null")?,
            Some(("include_internal", value)) => {
                command.include_internal = value.truth("include_internal")?
            }
            Some((_, value)) => command.output = value.text,
            None => fields(args, &mut command.fields)?,
        }
    }
}

/// `type(fields)`, or a field.
fn fields(args: &mut Args<'_>, fields: &mut Vec<(Pattern, Option<Type>)>) -> Result<()> {
    let start = args.cursor.position();
    let name = args.cursor.lex(lexeme::identifier).unwrap_or("");
    let span = args.cursor.span_from(start);
    if !args.cursor.rest().starts_with('(') {
        args.cursor.jump(start);
        fields.push((args.word("a field")?.pattern(), None));
        return Ok(());
    }
    let kind = named(&Word { text: name.into(), span, quoted: false })?;
    args.cursor.eat('(');
    let open = args.cursor.before();
    loop {
        args.cursor.separators();
        let Some(field) = args.cursor.lex(lexeme::word("(),|=")) else { break };
        fields.push((Pattern::new(field), Some(kind)));
    }
    args.cursor.close(open, "a field or `)`")
}

fn named(word: &Word) -> Result<Type> {
    let found = TYPES.iter().find(|(name, _)| name.eq_ignore_ascii_case(&word.text));
    found.map(|(_, kind)| *kind).ok_or_else(|| {
        Diagnostic::error(Code::UnknownFunction, format!("unknown type `{}`", word.text))
            .at(word.span, "")
            .help("the types are auto, bool, json, none, num, str")
    })
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(TYPES.iter().find(|(_, kind)| kind == self).map_or("", |(name, _)| name))
    }
}

impl fmt::Display for ToJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tojson")?;
        for (field, kind) in &self.fields {
            f.write_str(" ")?;
            match kind {
                None => write_name(f, field.as_str())?,
                Some(kind) => {
                    write!(f, "{kind}(")?;
                    write_names(f, [field.as_str()])?;
                    f.write_str(")")?;
                }
            }
        }
        if self.default_type != Type::None {
            write!(f, " default_type={}", self.default_type)?;
        }
        f.write_str(if self.fill_null { " fill_null=true" } else { "" })?;
        f.write_str(if self.include_internal { " include_internal=true" } else { "" })?;
        if self.output != "_raw" {
            f.write_str(" output_field=")?;
            write_name(f, &self.output)?;
        }
        Ok(())
    }
}

impl Command for ToJson {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let mut before = after.clone();
        if after.contains(&self.output) {
            before.remove(&self.output);
            match self.fields.is_empty() {
                true => return FieldSet::all(),
                false => before.extend(&FieldSet::of(self.fields.iter().map(|(field, _)| field.as_str()))),
            }
        }
        before
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl Streaming for ToJson {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let mut columns: Vec<(&Text, &Column, Type)> =
            batch.columns().filter_map(|(name, column)| Some((name, column, self.type_of(name)?))).collect();
        columns.sort_by_key(|(name, ..)| *name);
        let object = |row: usize| {
            let mut members = Object::default();
            for (name, column, kind) in &columns {
                if let Some(json) = self.member(&column.get(row), *kind) {
                    members.insert((*name).clone(), json);
                }
            }
            Value::text(Json::Object(members).to_string())
        };
        let objects = (0..batch.rows()).map(object).collect();
        batch.set(self.output.clone(), Column::from_values(objects));
        Ok(batch)
    }
}

impl ToJson {
    /// How a field is written, if it is.
    fn type_of(&self, name: &str) -> Option<Type> {
        if self.fields.is_empty() {
            return (self.include_internal || !name.starts_with('_')).then_some(self.default_type);
        }
        let (_, kind) = self.fields.iter().find(|(field, _)| stands_for(field, name))?;
        Some(kind.unwrap_or(self.default_type))
    }

    fn member(&self, value: &Value, kind: Type) -> Option<Json> {
        let write = |value: &Value| kind.write(value).or_else(|| self.fill_null.then_some(Json::Null));
        match value {
            Value::Null => None,
            Value::Multi(values) => {
                let items: Vec<Json> = values.iter().filter_map(write).collect();
                (!items.is_empty()).then_some(Json::Array(items))
            }
            one => write(one),
        }
    }
}

impl Type {
    /// A value as JSON; none if it is not of this type.
    fn write(self, value: &Value) -> Option<Json> {
        let text = value.to_text();
        match self {
            Type::Auto => Some(Json::parse(&text).filter(no_string).unwrap_or_else(|| Json::string(&text))),
            Type::Json => Json::parse(&text),
            Type::None if matches!(value, Value::Number(_)) => Type::Num.write(value),
            Type::None => match Json::parse(&text) {
                // Blanks around it are text.
                Some(number @ Json::Number(_)) if text.trim() == text => Some(number),
                _ => Some(Json::string(&text)),
            },
            Type::Str => Some(Json::string(&text)),
            // `007` and `.5` are numbers, but not in JSON.
            Type::Num => match Json::parse(&text) {
                Some(number @ Json::Number(_)) => Some(number),
                _ => Some(Json::Number(parse_number(&text)?.to_string().trim_start_matches('+').into())),
            },
            Type::Bool => match text.to_ascii_lowercase().as_str() {
                "false" | "f" | "no" | "n" => Some(Json::Bool(false)),
                "true" | "t" | "yes" | "y" => Some(Json::Bool(true)),
                _ => Some(Json::Bool(value.as_number()? != 0.0)),
            },
        }
    }
}

/// A string in quotation marks is text, quotation marks and all.
fn no_string(json: &Json) -> bool {
    !matches!(json, Json::String(_))
}
