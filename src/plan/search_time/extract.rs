//! Extractions: regular expressions that take fields out of a text.

use std::borrow::Cow;

use fancy_regex::Captures;

use super::Compiler;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::Regex;
use crate::exec::{RunContext, Streaming};
use crate::knowledge::{Extraction, ExtractionKind, Located};
use crate::plan::prefilter::{Condition, Invert, ValueTest};
use crate::value::{Text, Value};

/// One extraction: `EXTRACT` or `REPORT`.
pub struct Extract {
    regex: Regex,
    source: Text,
    /// Templates of name and value, such as `$1` and `$2`; none for named groups.
    format: Vec<(Text, Text)>,
    /// Every match adds values; otherwise the first match counts.
    all_matches: bool,
    note: String,
}

impl Extract {
    /// The extraction, if it gives a wanted field.
    pub fn new(
        extraction: &Extraction,
        wanted: &FieldSet,
        compiler: &mut Compiler<'_>,
    ) -> Result<Option<Extract>> {
        let (pattern, source, format, all_matches) = match &extraction.kind {
            ExtractionKind::Inline { pattern, source } => (pattern, source, Vec::new(), false),
            ExtractionKind::Transform(transform) => {
                let Some(pattern) = &transform.regex else { return Err(unsupported(extraction)) };
                (pattern, &transform.source_key, transform.format.clone(), transform.mv_add)
            }
        };
        let regex = regex(pattern, compiler)?;
        let fixed = |(name, _): &(Text, Text)| !name.contains('$');
        let names: Vec<Text> = match format.is_empty() {
            true => regex.capture_names().flatten().map(Text::from).collect(),
            false => format.iter().filter(|pair| fixed(pair)).map(|(name, _)| name.clone()).collect(),
        };
        let dynamic = !format.iter().all(fixed);
        if !dynamic && !names.iter().any(|name| wanted.contains(name)) {
            return Ok(None);
        }
        let note = format!("extraction `{}`: {}", extraction.class, pattern.place());
        Ok(Some(Extract { regex, source: source.clone(), format, all_matches, note }))
    }

    /// Named groups out of a field, as a data model has them.
    pub fn of_field(pattern: &Located, source: &Text, compiler: &mut Compiler<'_>) -> Result<Extract> {
        Ok(Extract {
            regex: regex(pattern, compiler)?,
            source: source.clone(),
            format: Vec::new(),
            all_matches: false,
            note: String::new(),
        })
    }

    /// The field it is applied to.
    pub fn reads(&self) -> FieldSet {
        FieldSet::of([self.source.clone()])
    }

    /// For `--explain`.
    pub fn note(&self) -> String {
        self.note.clone()
    }
}

fn unsupported(extraction: &Extraction) -> Diagnostic {
    let message = format!("the extraction `{}` without REGEX is not supported", extraction.class);
    Diagnostic::error(Code::NotSupported, message)
}

fn regex(pattern: &Located, compiler: &mut Compiler<'_>) -> Result<Regex> {
    let text = compiler.regex(pattern)?;
    crate::eval::compile(&text).map_err(|message| pattern.error(Code::Regex, message))
}

impl Invert for Extract {
    /// A regular expression is not inverted: what it may give is possible.
    fn before(&self, field: &str, _: &ValueTest) -> Option<Condition> {
        let gives = |name: &str| name.contains('$') || name == field;
        let given = match self.format.is_empty() {
            true => self.regex.capture_names().flatten().any(gives),
            false => self.format.iter().any(|(name, _)| gives(name)),
        };
        given.then_some(Condition::True)
    }
}

impl Streaming for Extract {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        let Some(column) = batch.column(&self.source) else { return Ok(batch) };
        let found: Vec<Vec<(Text, Value)>> =
            column.iter().map(|value| self.fields(&value, context)).collect();
        let mut names: Vec<Text> = Vec::new();
        for (name, _) in found.iter().flatten() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        for name in names {
            let before = batch.column(&name).cloned();
            let value = |(row, fields): (usize, &Vec<(Text, Value)>)| {
                let of_name =
                    fields.iter().filter(|(field, _)| *field == name).map(|(_, value)| value.clone());
                match Value::from_values(of_name) {
                    Value::Null => before.as_ref().map_or(Value::Null, |column| column.get(row).into_owned()),
                    value => value,
                }
            };
            let column = Column::from_values(found.iter().enumerate().map(value).collect());
            batch.set(name, column);
        }
        Ok(batch)
    }
}

impl Extract {
    fn fields(&self, value: &Value, context: &RunContext) -> Vec<(Text, Value)> {
        let mut fields = Vec::new();
        for text in value.values().iter().map(Value::to_text) {
            for captures in self.regex.captures_iter(&text) {
                match captures {
                    Ok(captures) => self.take(&captures, &mut fields),
                    Err(error) => {
                        let message = format!("a regular expression gave up on a value: {error}");
                        context.warnings().add(Diagnostic::warning(Code::RegexLimit, message));
                        break;
                    }
                }
                if !self.all_matches {
                    break;
                }
            }
        }
        fields
    }

    fn take(&self, captures: &Captures<'_, str>, fields: &mut Vec<(Text, Value)>) {
        let mut add = |name: Text, value: Text| {
            if !name.is_empty() && !value.is_empty() {
                fields.push((name, Value::Text(value)));
            }
        };
        if self.format.is_empty() {
            for name in self.regex.capture_names().flatten() {
                if let Some(found) = captures.name(name) {
                    add(Text::from(name), Text::from(found.as_str()));
                }
            }
        }
        for (name, value) in &self.format {
            add(fill(name, captures).as_ref().into(), fill(value, captures).as_ref().into());
        }
    }
}

/// A template with its `$n` replaced by the groups of a match.
fn fill<'t>(template: &'t str, captures: &Captures<'_, str>) -> Cow<'t, str> {
    if !template.contains('$') {
        return Cow::Borrowed(template);
    }
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = after.split_at(digits);
        match number.parse::<usize>() {
            Ok(number) => out.push_str(captures.get(number).map_or("", |found| found.as_str())),
            Err(_) => out.push('$'),
        }
        rest = tail;
    }
    out.push_str(rest);
    Cow::Owned(out)
}
