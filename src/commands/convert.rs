//! Converts values to numbers, and times to text.
//!
//! ## Syntax
//! `convert [timeformat=<format>] <function>(<field>) [AS <name>] [[,] <function>(<field>) [AS <name>]]...`
//!
//! ## Description
//! | function | value | becomes |
//! |---|---|---|
//! | `ctime` | seconds since 1970 | text in `timeformat` |
//! | `mktime` | text in `timeformat` | seconds since 1970 |
//! | `dur2sec` | `[D+]HH:MM:SS` | seconds |
//! | `mstime` | `[MM:]SS.SSS` | seconds |
//! | `memk` | a size with `k`, `m`, `g` or no unit, not negative | kilobytes |
//! | `rmcomma` | text | the text without commas |
//! | `rmunit` | text that begins with a number | the number |
//! | `num` | a number, one with commas, a duration, a size | a number; any other value goes |
//! | `auto` | the same | a number, if one of these readings fits all values of the field |
//! | `none` | anything | itself: wildcards pass over the field |
//!
//! A value that its function cannot read stays as it is, except under `num`. A missing field is left alone.
//! `timeformat` is `%m/%d/%Y %H:%M:%S` unless given. With `AS` the old field stays. A field may have `*`,
//! which at the start does not stand for internal fields; `AS` then needs as many.
//!
//! ## Examples
//!
//! ```spl
//! convert timeformat="%Y-%m-%dT%H:%M:%S" ctime(firstTime), ctime(lastTime) AS last
//! ```
//! ```json in
//! {"firstTime": "0", "lastTime": "86399.5"}
//! {"firstTime": "never"}
//! ```
//! ```json out
//! {"firstTime": "1970-01-01T00:00:00", "lastTime": "86399.5", "last": "1970-01-01T23:59:59"}
//! {"firstTime": "never"}
//! ```
//!
//! ```spl
//! convert dur2sec(delay) mstime(lap) memk(size) rmcomma(price) rmunit(speed)
//! ```
//! ```json in
//! {"delay": "1+00:10:15", "lap": "01:02.5", "size": "3m", "price": "1,000.00", "speed": "12.5 m/s"}
//! {"delay": "soon", "lap": "7", "size": "3", "price": "7", "speed": "fast"}
//! ```
//! ```json out
//! {"delay": 87015, "lap": 62.5, "size": 3072, "price": "1000.00", "speed": "12.5"}
//! {"delay": "soon", "lap": "7", "size": "3", "price": "7", "speed": "fast"}
//! ```
//!
//! What is no number goes.
//!
//! ```spl
//! convert num(*) none(src_ip)
//! ```
//! ```json in
//! {"n": "1,000", "user": "ada", "src_ip": "web"}
//! {"n": ["7", "many"], "user": "5"}
//! ```
//! ```json out
//! {"n": 1000, "src_ip": "web"}
//! {"n": "7", "user": "5"}
//! ```
//!
//! `auto` converts all values of a field or none.
//!
//! ```spl
//! convert auto(*)
//! ```
//! ```json in
//! {"port": "http", "delay": "00:00:05"}
//! {"port": "1,000", "delay": "00:01:00"}
//! ```
//! ```json out
//! {"port": "http", "delay": 5}
//! {"port": "1,000", "delay": 60}
//! ```
//!
//! ```spl
//! convert timeformat="%d.%m.%Y" mktime(day) AS day_*
//! ```
//! ```error
//! error[E0205]: `day` has 0 `*` and `day_*` has 1
//! ```
//!
//! ```spl
//! convert cttime(firstTime)
//! ```
//! ```error
//! error[E0301]: unknown conversion function `cttime`
//! ```
//!
//! ## Differences from Splunk
//! Which readings `auto` and `num` know is not documented; they are those of the table.

mod readings;

use std::fmt;

use super::{Command, fields::stands_for};
use crate::batch::{Batch, FieldMap, FieldSet, Pattern};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Dataset, RunContext, Streaming};
use crate::functions::EvalContext;
use crate::parse::args::{Args, write_name};
use crate::parse::lexeme;
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::time::{strftime, strptime_prefix};
use crate::value::{Text, Value};
use readings::{READINGS, Reading, duration, kilobytes, leading_number, minutes_and_seconds, without_commas};

/// The default of `timeformat` (Search Reference, `convert`).
const DEFAULT_FORMAT: &str = "%m/%d/%Y %H:%M:%S";

/// `convert`
#[derive(Clone, Debug)]
pub struct Convert {
    time_format: Text,
    conversions: Vec<Conversion>,
}

#[derive(Clone, Debug, PartialEq)]
struct Conversion {
    function: Function,
    field: Pattern,
    alias: Option<Pattern>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Auto,
    Ctime,
    Dur2sec,
    Memk,
    Mktime,
    Mstime,
    None,
    Num,
    Rmcomma,
    Rmunit,
}

const FUNCTIONS: [(&str, Function); 10] = [
    ("auto", Function::Auto),
    ("ctime", Function::Ctime),
    ("dur2sec", Function::Dur2sec),
    ("memk", Function::Memk),
    ("mktime", Function::Mktime),
    ("mstime", Function::Mstime),
    ("none", Function::None),
    ("num", Function::Num),
    ("rmcomma", Function::Rmcomma),
    ("rmunit", Function::Rmunit),
];

/// Reads the arguments of `convert`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut convert = Convert { time_format: Text::from(DEFAULT_FORMAT), conversions: Vec::new() };
    loop {
        args.cursor.separators();
        if args.at_end() {
            break;
        }
        match args.option(&["timeformat"])? {
            Some((_, format)) => convert.time_format = format.text,
            None => convert.conversions.push(conversion(args)?),
        }
    }
    if convert.conversions.is_empty() {
        return Err(args.error("`convert` needs at least one conversion: `function(<field>)`"));
    }
    Ok(Box::new(convert))
}

fn conversion(args: &mut Args<'_>) -> Result<Conversion> {
    let start = args.cursor.position();
    let Some(name) = args.cursor.lex(lexeme::identifier) else {
        return Err(args.cursor.expected("a conversion function"));
    };
    let span = args.cursor.span_from(start);
    let Some((_, function)) = FUNCTIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
        let message = format!("unknown conversion function `{name}`");
        let known: Vec<&str> = FUNCTIONS.iter().map(|(known, _)| *known).collect();
        return Err(Diagnostic::error(Code::UnknownFunction, message)
            .at(span, "not a function of convert")
            .suggest(name, known.iter().copied())
            .help(format!("the functions are {}", known.join(", "))));
    };
    if !args.cursor.eat('(') {
        return Err(args.cursor.expected("`(`"));
    }
    let open = args.cursor.before();
    args.cursor.blanks();
    let Some(field) = args.cursor.lex(lexeme::word("(),|=")) else {
        return Err(args.cursor.expected("a field"));
    };
    args.cursor.close(open, "`)`")?;
    let field = Pattern::new(field);
    let alias = args.alias()?;
    if let Some(alias) = &alias {
        let (left, right) = (field.wildcards(), alias.pattern().wildcards());
        if left != right {
            let message = format!("`{field}` has {left} `*` and `{}` has {right}", alias.text);
            return Err(Diagnostic::error(Code::Arguments, message).at(alias.span, ""));
        }
    }
    Ok(Conversion { function: *function, field, alias: alias.map(|alias| alias.pattern()) })
}

impl fmt::Display for Convert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("convert ")?;
        if self.time_format != DEFAULT_FORMAT {
            f.write_str("timeformat=")?;
            write_value(f, &self.time_format)?;
            f.write_str(" ")?;
        }
        for (at, conversion) in self.conversions.iter().enumerate() {
            f.write_str(if at > 0 { ", " } else { "" })?;
            write!(f, "{conversion}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Conversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = FUNCTIONS.iter().find(|(_, function)| *function == self.function);
        write!(f, "{}(", name.map_or("", |(name, _)| *name))?;
        match self.field.as_str() {
            field if field.contains(['(', ')']) => write_value(f, field)?,
            field => write_name(f, field)?,
        }
        f.write_str(")")?;
        if let Some(alias) = &self.alias {
            f.write_str(" AS ")?;
            write_name(f, alias.as_str())?;
        }
        Ok(())
    }
}

impl Command for Convert {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let mut needed = after.clone();
        for conversion in self.conversions.iter().rev() {
            let Some(alias) = &conversion.alias else { continue };
            if alias.literal().is_none_or(|name| needed.contains(name)) {
                needed.add(conversion.field.as_str());
            }
        }
        needed
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let named = |conversion: &Conversion| conversion.alias.as_ref()?.literal().cloned();
        planner.declare(self.conversions.iter().filter_map(named));
        if self.conversions.iter().any(|conversion| conversion.function == Function::Auto) {
            planner.dataset(All(self.clone()));
        } else {
            planner.streaming(self.clone());
        }
        Ok(())
    }
}

impl Streaming for Convert {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        for conversion in &self.conversions {
            for (field, target) in self.fields(conversion, std::slice::from_ref(&batch)) {
                convert(&mut batch, &field, target, &|value| {
                    conversion.function.convert(value, &self.time_format, &context.eval)
                });
            }
        }
        Ok(batch)
    }
}

/// With `auto` all rows must be seen first.
struct All(Convert);

impl Dataset for All {
    fn apply(&self, mut batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        for conversion in &self.0.conversions {
            for (field, target) in self.0.fields(conversion, &batches) {
                let reading = match conversion.function {
                    Function::Auto => reading_of_all(&field, &batches),
                    _ => None,
                };
                for batch in &mut batches {
                    convert(batch, &field, target.clone(), &|value| match (conversion.function, reading) {
                        (Function::Auto, Some(reading)) => reading(value).unwrap_or_default(),
                        (Function::Auto, None) => value.clone(),
                        (function, _) => function.convert(value, &self.0.time_format, &context.eval),
                    });
                }
            }
        }
        Ok(batches)
    }
}

/// The first reading that fits every value of the field.
fn reading_of_all(field: &str, batches: &[Batch]) -> Option<Reading> {
    let fits = |reading: &Reading| {
        let whole = |value: &Value| value.values().iter().all(|value| reading(value).is_some());
        batches
            .iter()
            .filter_map(|batch| batch.column(field))
            .all(|column| column.mask(whole).into_iter().all(|fits| fits))
    };
    READINGS.into_iter().find(|reading| fits(reading))
}

impl Convert {
    /// The fields that a conversion is about, of those that are there, each with its target.
    fn fields(&self, conversion: &Conversion, batches: &[Batch]) -> Vec<(Text, Text)> {
        let target = |field: &Text| match &conversion.alias {
            Some(alias) => alias.fill(&conversion.field.captures(field).unwrap_or_default()),
            None => field.clone(),
        };
        let excluded = |field: &Text| {
            let by = |other: &Conversion| other.function == Function::None && stands_for(&other.field, field);
            self.conversions.iter().any(by)
        };
        let fits = |field: &&Text| match conversion.field.literal() {
            Some(name) => name == *field,
            None => stands_for(&conversion.field, field) && !excluded(field),
        };
        let names: FieldMap<()> =
            batches.iter().flat_map(Batch::names).filter(fits).map(|name| (name.clone(), ())).collect();
        names.into_keys().map(|field| (field.clone(), target(&field))).collect()
    }
}

/// Sets `target` to what `function` makes of `field`; a row without the field keeps what it has.
fn convert(batch: &mut Batch, field: &Text, target: Text, function: &dyn Fn(&Value) -> Value) {
    let Some(column) = batch.column(field) else { return };
    let each = |value: &Value| if value.is_null() { Value::Null } else { value.map_each(function) };
    let converted = column.map(each);
    let converted = match batch.column(&target) {
        Some(before) if target != *field => converted.select(&column.mask(|value| !value.is_null()), before),
        _ => converted,
    };
    batch.set(target, converted);
}

impl Function {
    /// What becomes of one value that is not null.
    fn convert(self, value: &Value, time_format: &str, context: &EvalContext) -> Value {
        let converted = match self {
            Function::Ctime => value
                .as_number()
                .and_then(|epoch| strftime(epoch, time_format, &context.zone))
                .map(Value::text),
            Function::Mktime => {
                strptime_prefix(&value.to_text(), time_format, &context.zone, context.now).map(Value::number)
            }
            Function::Dur2sec => duration(value),
            Function::Mstime => minutes_and_seconds(value),
            Function::Memk => kilobytes(value),
            Function::Rmcomma => Some(without_commas(value)),
            Function::Rmunit => leading_number(value),
            Function::Num => {
                return READINGS.iter().find_map(|reading| reading(value)).unwrap_or_default();
            }
            // `auto` looks at all rows and is not asked here.
            Function::None | Function::Auto => None,
        };
        converted.unwrap_or_else(|| value.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_there_and_back() {
        let context = EvalContext::new(0.0, crate::time::TimeZone::UTC, crate::eval::Warnings::new());
        let value = Value::text("03/27/2018 17:20:14");
        let epoch = Function::Mktime.convert(&value, DEFAULT_FORMAT, &context);
        assert_eq!(epoch.to_text(), "1522171214");
        assert_eq!(Function::Ctime.convert(&epoch, DEFAULT_FORMAT, &context), value);
        assert_eq!(Function::Mktime.convert(&"soon".into(), DEFAULT_FORMAT, &context), "soon".into());
    }

    #[test]
    fn what_is_needed_before() {
        let conversion = |field: &str, alias: Option<&str>| Conversion {
            function: Function::Ctime,
            field: Pattern::new(field),
            alias: alias.map(Pattern::new),
        };
        let conversions = vec![conversion("a", Some("b")), conversion("b", Some("c")), conversion("d", None)];
        let convert = Convert { time_format: Text::new(), conversions };
        assert_eq!(convert.needs(&FieldSet::of(["c"])).to_string(), "a, b, c");
        assert_eq!(convert.needs(&FieldSet::of(["d"])).to_string(), "d");
    }
}
