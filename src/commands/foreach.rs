//! Runs a template for each of several fields, or for each value of one.
//!
//! ## Syntax
//! `foreach [mode=multifield] <field>... [fieldstr=<text>] [matchstr=<text>] [matchseg1=<text>] [matchseg2=<text>]
//! [matchseg3=<text>] [<commands>]`
//! | `foreach mode=multivalue|json_array|auto_collections [<field>] [itemstr=<text>] [iterstr=<text>] [<eval>]`
//!
//! ## Description
//! Of several fields, which may be given with `*`: the commands in the brackets run once for each field that the
//! rows have, in the order of the list and, for one wildcard, of the columns. A field that is given without `*`
//! has its turn even where no row has it; fields whose name begins with `_` do not match `*`. Before that
//! `<<FIELD>>` in the text of the template becomes the field's name, `<<MATCHSTR>>` what `*` stands for, and
//! `<<MATCHSEG1>>` to `<<MATCHSEG3>>` what the first to third `*` stand for. The commands are such as map rows:
//! `eval`, `fieldformat`, `replace` and the like. A name with other characters than letters, digits and `_` needs
//! quotes in the template: `'<<FIELD>>'`. Where the template cannot be read with a field's name in it, a
//! warning says so and the field is passed over.
//!
//! Of one field: the `eval` in the brackets runs once for each value of a multivalue field (`multivalue`), each
//! element of a JSON array (`json_array`), or whichever of the two the field has (`auto_collections`);
//! without a field `auto_collections` goes through every field that has one of the two, in the order of their names.
//! `<<ITEM>>` is the value, as text or as a number by its looks, and `<<ITER>>` its number, from 0.
//!
//! The options set other words than these for the tokens.
//!
//! ## Examples
//!
//! ```spl
//! foreach n_* [eval <<FIELD>> = '<<FIELD>>' * 10, seen = mvappend(seen, "<<MATCHSTR>>")]
//! ```
//! ```json in
//! {"n_a": "1", "n_b": "2", "m": "3"}
//! {"n_b": "4"}
//! ```
//! ```json out
//! {"n_a": 10, "n_b": 20, "m": "3", "seen": ["a", "b"]}
//! {"n_b": 40, "seen": ["a", "b"]}
//! ```
//!
//! ```spl
//! foreach *_in_* fieldstr="#f" [eval total_<<MATCHSEG2>> = "<<MATCHSEG1>>:" . '#f']
//! ```
//! ```json in
//! {"bytes_in_web": "7"}
//! ```
//! ```json out
//! {"bytes_in_web": "7", "total_web": "bytes:7"}
//! ```
//!
//! ```spl
//! eval sum = 0 | foreach mode=multivalue n [eval sum = sum + <<ITEM>> * (<<ITER>> + 1)] | table sum
//! ```
//! ```json in
//! {"n": ["5", "15"]}
//! {"n": "2"}
//! {"m": "1"}
//! ```
//! ```json out
//! {"sum": 35}
//! {"sum": 2}
//! {"sum": 0}
//! ```
//!
//! ```spl
//! foreach mode=json_array users [eval names = mvappend(names, json_extract(<<ITEM>>, "name")), all = all . "<<ITEM>>;"]
//! ```
//! ```json in
//! {"users": "[{\"name\":\"ada\"},{\"name\":\"bob\"}]", "all": ""}
//! {"users": "none"}
//! ```
//! ```json out
//! {"users": "[{\"name\":\"ada\"},{\"name\":\"bob\"}]", "all": "{\"name\":\"ada\"};{\"name\":\"bob\"};", "names": ["ada", "bob"]}
//! {"users": "none"}
//! ```
//!
//! Without a field, of what has several values; and a `*` in the name of one field stands for itself.
//!
//! ```spl
//! eval sum = 0, all* = mvappend("7", "8"), rest = 0 | foreach mode=auto_collections [eval sum = sum + <<ITEM>>] | foreach mode=multivalue all* [eval rest = rest + <<ITEM>>] | fields sum, rest
//! ```
//! ```json in
//! {"a": ["1", "2"], "b": "[3,4]", "c": "5"}
//! ```
//! ```json out
//! {"sum": 25, "rest": 15}
//! ```
//!
//! ```spl
//! foreach n* [stats count]
//! ```
//! ```error
//! error[E0205]: the template of `foreach` takes commands that map rows one by one
//! ```
//!
//! ```spl
//! foreach mode=multivalue n [search <<ITEM>>]
//! ```
//! ```error
//! error[E0205]: for each value `foreach` runs one `eval`
//! ```

mod fields;
mod items;

use std::fmt;

use super::Command;
use super::support::Template;
use crate::batch::{FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::parse::args::{Args, Word, write_name};
use crate::plan::Planner;
use crate::value::Text;

/// `foreach`
#[derive(Debug)]
pub struct ForEach {
    mode: Mode,
    /// Other words for the tokens: the option, and the word.
    words: Vec<(&'static str, Text)>,
    template: Template,
}

#[derive(Debug)]
enum Mode {
    Fields(Vec<Pattern>),
    /// For each value of a field, or with none of those that hold several.
    Items {
        kind: items::Kind,
        field: Option<Text>,
        commands: items::Commands,
    },
}

/// The options that set a token, and the tokens.
const TOKENS: [(&str, &str); 7] = [
    ("fieldstr", "<<FIELD>>"),
    ("matchstr", "<<MATCHSTR>>"),
    ("matchseg1", "<<MATCHSEG1>>"),
    ("matchseg2", "<<MATCHSEG2>>"),
    ("matchseg3", "<<MATCHSEG3>>"),
    ("itemstr", "<<ITEM>>"),
    ("iterstr", "<<ITER>>"),
];

const NAMES: [&str; 8] =
    ["mode", "fieldstr", "matchstr", "matchseg1", "matchseg2", "matchseg3", "itemstr", "iterstr"];

/// Reads the arguments of `foreach`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut mode, mut words, mut fields, mut template) = (None, Vec::new(), Vec::new(), None);
    loop {
        if args.sees_bracket() && template.is_none() {
            let word = args.template()?;
            template = Some(Template { text: word.text, span: word.span });
        } else if args.at_end() {
            break;
        } else if let Some((name, value)) = args.option(&NAMES)? {
            match name {
                "mode" => mode = Some(value),
                name => words.push((name, value.text)),
            }
        } else {
            fields.push(args.word("a field")?);
        }
    }
    let Some(template) = template else { return Err(args.error("`foreach` needs a template in brackets")) };
    let mode = match mode {
        Some(word) if !word.text.eq_ignore_ascii_case("multifield") => {
            of_items(&word, fields, &words, &template, args)?
        }
        _ if fields.is_empty() => return Err(args.error("`foreach` needs at least one field")),
        _ => Mode::Fields(fields.iter().map(Word::pattern).collect()),
    };
    Ok(Box::new(ForEach { mode, words, template }))
}

/// What runs for each value of a field.
fn of_items(
    mode: &Word,
    fields: Vec<Word>,
    words: &[(&'static str, Text)],
    template: &Template,
    args: &mut Args<'_>,
) -> Result<Mode> {
    let kind = match mode.text.to_ascii_lowercase().as_str() {
        "multivalue" => items::Kind::Multivalue,
        "json_array" => items::Kind::JsonArray,
        "auto_collections" => items::Kind::Either,
        _ => return Err(mode.wrong("mode", "multifield, multivalue, json_array or auto_collections")),
    };
    let field = match fields.as_slice() {
        [field] => Some(field.text.clone()),
        [] if kind == items::Kind::Either => None,
        _ => return Err(args.error(format!("`foreach mode={}` takes one field", kind.name()))),
    };
    let tokens = [token(words, "itemstr"), token(words, "iterstr")];
    let commands = items::Commands::new(template, tokens, args)?;
    Ok(Mode::Items { kind, field, commands })
}

/// The word for a token.
fn token(words: &[(&'static str, Text)], option: &str) -> Text {
    let usual = TOKENS.iter().find(|(name, _)| *name == option).map_or("", |(_, token)| token);
    let own = words.iter().find(|(name, word)| *name == option && !word.is_empty());
    own.map_or_else(|| usual.into(), |(_, word)| word.clone())
}

impl fmt::Display for ForEach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("foreach ")?;
        match &self.mode {
            Mode::Fields(patterns) => {
                for pattern in patterns {
                    write_name(f, pattern.as_str())?;
                    f.write_str(" ")?;
                }
            }
            Mode::Items { kind, field, .. } => {
                write!(f, "mode={} ", kind.name())?;
                if let Some(field) = field {
                    write_name(f, field)?;
                    f.write_str(" ")?;
                }
            }
        }
        for (name, word) in &self.words {
            write!(f, "{name}=\"{}\" ", word.replace("\\", "\\\\").replace("\"", "\\\""))?;
        }
        write!(f, "[{}]", self.template.text)
    }
}

impl Command for ForEach {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        match &self.mode {
            // Which fields there are, and which of them the template reads, is known when it runs.
            Mode::Fields(_) | Mode::Items { field: None, .. } => FieldSet::all(),
            Mode::Items { field: Some(field), commands, .. } => {
                commands.needs(after).with(&FieldSet::of([field.clone()]))
            }
        }
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        match &self.mode {
            Mode::Fields(patterns) => {
                let tokens = TOKENS.map(|(option, _)| token(&self.words, option));
                fields::plan(patterns.clone(), tokens, &self.template, planner)
            }
            Mode::Items { kind, field, commands } => commands.plan(*kind, field.clone(), planner),
        }
    }
}
