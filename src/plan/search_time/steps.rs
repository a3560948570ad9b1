//! Aliases and calculated fields.

use super::Compiler;
use crate::batch::{Batch, Column, FieldSet, Pattern};
use crate::diagnostic::{Code, Result};
use crate::eval::{Program, Regex};
use crate::exec::{RunContext, Streaming};
use crate::knowledge::SourceType;
use crate::plan::prefilter::{self, Condition, Invert, ValueTest};
use crate::value::{Text, Value};

/// The aliases of a source type that are wanted.
pub struct Aliases(Vec<(Text, Text, bool)>);

impl Aliases {
    /// Field, alias, and whether it overwrites. Aliases do not see each other's results.
    pub fn new(source_type: &SourceType, wanted: &FieldSet, notes: &mut Vec<String>) -> Aliases {
        let mut pairs = Vec::new();
        for alias in source_type.aliases.iter().filter(|alias| wanted.contains(&alias.alias)) {
            notes.push(format!(
                "field `{}`: alias of `{}`, {}",
                alias.alias,
                alias.field,
                alias.place.place()
            ));
            pairs.push((alias.field.clone(), alias.alias.clone(), alias.overwrite));
        }
        Aliases(pairs)
    }

    /// Adds what the aliases read to what is wanted.
    pub fn pull(&self, wanted: &mut FieldSet) {
        wanted.extend(&FieldSet::of(self.0.iter().map(|(field, ..)| field.clone())));
    }
}

impl Invert for Aliases {
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition> {
        let aliases: Vec<_> = self.0.iter().filter(|(_, alias, _)| alias == field).collect();
        let kept = aliases.iter().any(|(.., overwrite)| !overwrite).then(|| Text::from(field));
        let sources = aliases.iter().map(|(source, ..)| source.clone()).chain(kept);
        let any = Condition::any(sources.map(|source| Condition::Field(source, test.clone())));
        (!aliases.is_empty()).then_some(any)
    }
}

impl Streaming for Aliases {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let rows = batch.rows();
        let sources: Vec<Option<Column>> =
            self.0.iter().map(|(field, ..)| batch.column(field).cloned()).collect();
        let mut given: Vec<&Text> = Vec::new();
        for ((_, alias, overwrite), source) in self.0.iter().zip(sources) {
            let source = source.unwrap_or(Column::Null(rows));
            let again = given.contains(&alias);
            given.push(alias);
            let column = match batch.column(alias) {
                // Of several fields with one alias, which Splunk's pages advise against and add-ons have, the last that
                // an event has gives the value.
                Some(before) if *overwrite && again => {
                    source.select(&source.mask(|value| !value.is_null()), before)
                }
                // `AS` removes the alias from events without the field, `ASNEW` leaves it (props.conf).
                Some(before) if !overwrite => {
                    let has = before.mask(|value| !value.is_null());
                    before.select(&has, &source)
                }
                _ => source,
            };
            batch.set(alias.clone(), column);
        }
        Ok(batch)
    }
}

/// Takes the `{}` of lists out of the names of JSON's fields.
pub struct TrimBraces;

impl TrimBraces {
    /// Adds what a name may be before to what is wanted.
    pub fn pull(&self, wanted: &mut FieldSet) {
        let names = wanted.names().map(Text::as_str).chain(wanted.patterns().map(Pattern::as_str));
        let before =
            names.filter(|name| !name.starts_with('_')).map(|name| match name.contains(&['.', '*'][..]) {
                true => format!("{}*", name.split('.').collect::<Vec<_>>().join("*.")),
                false => format!("{name}{{}}*"),
            });
        let before = FieldSet::of(before.collect::<Vec<_>>());
        wanted.extend(&before);
    }
}

impl Invert for TrimBraces {
    /// The value stood in the field before, or in one with braces.
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition> {
        if field.starts_with('_') {
            return None;
        }
        let before = Condition::Field(field.into(), test.clone());
        Some(Condition::any([before, test.in_text("\"\\/")]))
    }
}

impl Streaming for TrimBraces {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let names: Vec<Text> = batch.columns().map(|(name, _)| name.clone()).collect();
        for name in names.iter().filter(|name| name.contains("{}")) {
            let Some(column) = batch.column(name).cloned() else { continue };
            let trimmed = name.replace("{}", "");
            batch.retain(|field| field != name.as_str());
            let both = match batch.column(&trimmed) {
                None => column,
                Some(before) => {
                    let pairs = before.iter().zip(column.iter());
                    let both = pairs.map(|(a, b)| Value::from_values([a.into_owned(), b.into_owned()]));
                    Column::from_values(both.collect())
                }
            };
            batch.set(trimmed, both);
        }
        Ok(batch)
    }
}

/// Fields that hold several values in a text (fields.conf, `TOKENIZER`): the first group of each match is one.
pub struct Tokenize(Vec<(Text, Regex)>);

impl Tokenize {
    /// Those that are wanted. An expression that cannot be read is an error where its field is wanted by its name.
    pub fn new(wanted: &FieldSet, compiler: &mut Compiler<'_>) -> Result<Option<Tokenize>> {
        let mut found = Vec::new();
        for (field, pattern) in compiler.knowledge.tokenizers() {
            if !wanted.contains(&field) {
                continue;
            }
            let regex = compiler.regex(&pattern).and_then(|text| {
                crate::eval::compile(&text).map_err(|message| pattern.error(Code::Regex, message))
            });
            let needed = wanted.names().any(|name| *name == field);
            if let Some(regex) = compiler.unless_needed(regex.map(Some), needed, &pattern)? {
                found.push((field, regex));
            }
        }
        Ok((!found.is_empty()).then_some(Tokenize(found)))
    }
}

impl Invert for Tokenize {
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition> {
        let tokenized = self.0.iter().any(|(name, _)| name == field);
        tokenized.then(|| Condition::Field(field.into(), test.inside()))
    }
}

impl Streaming for Tokenize {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        for (field, regex) in &self.0 {
            let Some(column) = batch.column(field) else { continue };
            let tokens = |value: &Value| {
                let mut found = Vec::new();
                for text in value.values().iter().map(Value::to_text) {
                    for captures in regex.captures_iter(&text).map_while(std::result::Result::ok) {
                        let token = captures.get(1).or_else(|| captures.get(0));
                        found.extend(token.map(|token| Value::text(token.as_str())));
                    }
                }
                Value::from_values(found)
            };
            let column = column.map(tokens);
            batch.set(field.clone(), column);
        }
        Ok(batch)
    }
}

/// Calculated fields: all see the row as it was before any of them.
pub struct Calculate(pub Vec<(Text, Program)>);

impl Calculate {
    /// Replaces what is calculated by what that reads.
    pub fn pull(&self, wanted: &mut FieldSet) {
        for (field, _) in &self.0 {
            wanted.remove(field);
        }
        for (_, program) in &self.0 {
            wanted.extend(&FieldSet::of(program.fields().iter().cloned()));
        }
    }
}

impl Invert for Calculate {
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition> {
        let (_, program) = self.0.iter().find(|(name, _)| name == field)?;
        Some(prefilter::of_value(program.expr(), test))
    }
}

impl Streaming for Calculate {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        let no_truth =
            |value: &Value| if matches!(value, Value::Bool(_)) { Value::Null } else { value.clone() };
        let columns: Vec<(Text, Column)> = self
            .0
            .iter()
            .map(|(field, program)| (field.clone(), program.column(&batch, &context.eval).map(no_truth)))
            .collect();
        for (field, column) in columns {
            batch.set(field, column);
        }
        Ok(batch)
    }
}
