//! Takes fields out of text by a regular expression, or rewrites text.
//!
//! ## Syntax
//! `rex [field=<field>] "<regular expression>" [max_match=<n>] [offset_field=<field>]`
//!
//! `rex [field=<field>] mode=sed "<sed expression>"`
//!
//! ## Description
//! Each named group, `(?<name>...)` or `(?P<name>...)`, is a field. The expression may match anywhere in the field, which is
//! `_raw` unless it is named. Where it does not match, and for a group that takes no part in the match, a row keeps what it
//! has; a group that matches nothing gives an empty value. `max_match` is how many matches are taken, 0 for all;
//! more than one make multivalue fields. Of a multivalue field each value is searched.
//!
//! `offset_field` says where the groups stand, as `name=first-last` counted in characters from 0, with `&` between groups; it has
//! a value for each match.
//!
//! With `mode=sed`, `s/<regular expression>/<replacement>/<flags>` replaces the first match, with the flag `g` every match,
//! with a number that one. In the replacement `\1` to `\9` are the groups, `\0` is the match, `\n`, `\t` and `\r` as usual.
//! `y/<characters>/<others>/` replaces characters one by one. Instead of `/` any other character may stand that is no
//! letter, digit, blank or backslash; with a backslash before it it is itself.
//!
//! In quotation marks `\"` is a quotation mark and `\\` a backslash; every other backslash is the expression's. An expression
//! without blanks needs no quotation marks.
//!
//! ## Examples
//!
//! ```spl
//! rex "user=(?<user>\w+)( from (?P<src>\S+))?"
//! ```
//! ```json in
//! {"_raw": "user=ada from 10.0.0.1", "src": "old"}
//! {"_raw": "user=bob", "src": "old"}
//! {"_raw": "none", "user": "old"}
//! {"user": "old"}
//! ```
//! ```json out
//! {"_raw": "user=ada from 10.0.0.1", "src": "10.0.0.1", "user": "ada"}
//! {"_raw": "user=bob", "src": "old", "user": "bob"}
//! {"_raw": "none", "user": "old"}
//! {"user": "old"}
//! ```
//!
//! ```spl
//! rex field=path max_match=0 offset_field=at "(?<step>[^\\\\]+)\\\\?"
//! ```
//! ```json in
//! {"path": "C:\\Users\\ada"}
//! {"path": ["x\\y", "z"]}
//! ```
//! ```json out
//! {"path": "C:\\Users\\ada", "step": ["C:", "Users", "ada"], "at": ["step=0-1", "step=3-7", "step=9-11"]}
//! {"path": ["x\\y", "z"], "step": ["x", "y", "z"], "at": ["step=0-0", "step=2-2", "step=0-0"]}
//! ```
//!
//! ```spl
//! rex field=arn .*instance/(?<instance>.*)
//! ```
//! ```json in
//! {"arn": "arn:x:instance/i-1"}
//! {"arn": "arn:x:instance/"}
//! ```
//! ```json out
//! {"arn": "arn:x:instance/i-1", "instance": "i-1"}
//! {"arn": "arn:x:instance/", "instance": ""}
//! ```
//!
//! ```spl
//! rex mode=sed field=card "s/(\d{4})-(?=\d)/XXXX-/g" | rex mode=sed field=name "s/(\w+) (\w+)/\2, \1/" | rex mode=sed field=path "s#/+#:#2" | rex mode=sed field=code "y/abc/ABC/"
//! ```
//! ```json in
//! {"card": "1111-2222-3333-4444", "name": "Ada Lovelace", "path": "/a//b/c", "code": ["cab", "xyz"]}
//! ```
//! ```json out
//! {"card": "XXXX-XXXX-XXXX-4444", "name": "Lovelace, Ada", "path": "/a:b/c", "code": ["CAB", "xyz"]}
//! ```
//!
//! ```spl
//! rex "user=(\w+)"
//! ```
//! ```error
//! error[E0205]: the regular expression `user=(\w+)` of `rex` has no named group
//! ```
//!
//! ```spl
//! rex mode=sed "s/a/b/x"
//! ```
//! ```error
//! error[E0205]: `rex mode=sed` knows the flags `g` and a number, not `x`
//! ```
//!
//! ## Differences from Splunk
//! An expression that takes more than 100,000 steps on a value does not match it, and a warning says so; nothing limits
//! memory.

use std::fmt;

use fancy_regex::Captures;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::extract::{Existing, Found, Regular, Sed, add_fields};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `rex`
#[derive(Clone, Debug)]
pub struct Rex {
    field: Text,
    mode: Mode,
}

#[derive(Clone, Debug)]
enum Mode {
    Extract { regex: Regular, max_match: usize, offset_field: Option<Text> },
    Sed(Sed),
}

/// Reads the arguments of `rex`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut field, mut max_match, mut offset_field, mut sed) = (Text::from("_raw"), None, None, false);
    let mut expression = None;
    while !args.at_end() {
        if !args.sees_option() {
            if expression.is_some() {
                break;
            }
            expression = Some(args.regular_expression("a regular expression")?);
            continue;
        }
        match args.option(&["field", "max_match", "offset_field", "mode"])? {
            Some(("field", value)) => field = value.text,
            Some(("max_match", value)) => max_match = Some(value.count("max_match")?),
            Some(("offset_field", value)) => offset_field = Some(value.text),
            Some((_, mode)) if mode.text.eq_ignore_ascii_case("sed") => sed = true,
            Some((_, mode)) => return Err(mode.wrong("mode", "`sed`")),
            None => break,
        }
    }
    let Some(word) = expression else { return Err(args.error("`rex` needs a regular expression")) };
    if sed {
        if max_match.is_some() || offset_field.is_some() {
            return Err(args.error("`rex mode=sed` takes neither `max_match` nor `offset_field`"));
        }
        return Ok(Box::new(Rex { field, mode: Mode::Sed(Sed::read(&word)?) }));
    }
    let regex = Regular::new(&word)?;
    if regex.names().next().is_none() {
        let message = format!("the regular expression `{}` of `rex` has no named group", word.text);
        return Err(args.error(message).help("a field is a named group: `(?<name>...)`"));
    }
    let mode = Mode::Extract { regex, max_match: max_match.unwrap_or(1), offset_field };
    Ok(Box::new(Rex { field, mode }))
}

impl fmt::Display for Rex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rex ")?;
        if self.field != "_raw" {
            f.write_str("field=")?;
            write_name(f, &self.field)?;
            f.write_str(" ")?;
        }
        match &self.mode {
            Mode::Sed(sed) => write!(f, "mode=sed {sed}"),
            Mode::Extract { regex, max_match, offset_field } => {
                if *max_match != 1 {
                    write!(f, "max_match={max_match} ")?;
                }
                if let Some(name) = offset_field {
                    f.write_str("offset_field=")?;
                    write_name(f, name)?;
                    f.write_str(" ")?;
                }
                write!(f, "{regex}")
            }
        }
    }
}

impl Command for Rex {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let wanted = match &self.mode {
            Mode::Sed(_) => after.contains(&self.field),
            Mode::Extract { .. } => self.fields().any(|name| after.contains(name)),
        };
        // A field that is there already stays where nothing is found.
        if wanted { after.clone().with(&FieldSet::of([self.field.clone()])) } else { after.clone() }
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(Stage { rex: self.clone(), wanted: planner.after().clone() });
        Ok(())
    }
}

impl Rex {
    fn fields(&self) -> impl Iterator<Item = &str> {
        let (regex, offset_field) = match &self.mode {
            Mode::Extract { regex, offset_field, .. } => (Some(regex), offset_field.as_deref()),
            Mode::Sed(_) => (None, None),
        };
        regex.into_iter().flat_map(Regular::names).chain(offset_field)
    }
}

struct Stage {
    rex: Rex,
    wanted: FieldSet,
}

impl Streaming for Stage {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        let field = &self.rex.field;
        match &self.rex.mode {
            Mode::Sed(sed) => {
                if let Some(column) = batch.column(field) {
                    let edited = column.map(|value| value.map_each(|one| sed.edit(one, context.warnings())));
                    batch.set(field.clone(), edited);
                }
            }
            Mode::Extract { regex, max_match, offset_field } => {
                let most = if *max_match == 0 { usize::MAX } else { *max_match };
                add_fields(&mut batch, field, Existing::Replaced, &self.wanted, |value| {
                    let mut found = Found::new();
                    for text in value.values().iter().map(Value::to_text) {
                        for captures in regex.matches(&text, context.warnings()).take(most) {
                            take_groups(regex, &captures, &mut found);
                            if let Some(name) = offset_field {
                                found.push((name.clone(), offsets(regex, &captures, &text)));
                            }
                        }
                    }
                    found
                });
            }
        }
        Ok(batch)
    }
}

fn take_groups(regex: &Regular, captures: &Captures<'_, str>, found: &mut Found) {
    for name in regex.names() {
        if let Some(group) = captures.name(name) {
            found.push((Text::from(name), Value::text(group.as_str())));
        }
    }
}

/// Where the groups stand, in characters: `name=first-last`.
fn offsets(regex: &Regular, captures: &Captures<'_, str>, text: &str) -> Value {
    let mut places = String::new();
    for name in regex.names() {
        let Some(group) = captures.name(name).filter(|group| group.end() > group.start()) else { continue };
        let first = text.get(..group.start()).map_or(0, |before| before.chars().count());
        let last = first + group.as_str().chars().count() - 1;
        places.push_str(if places.is_empty() { "" } else { "&" });
        places.push_str(&format!("{name}={first}-{last}"));
    }
    if places.is_empty() { Value::Null } else { Value::text(places) }
}
