//! Runs a search for each row.
//!
//! ## Syntax
//! `map [maxsearches=<n>] search="<search>"` | `map [maxsearches=<n>] [<search>]` | `map [maxsearches=<n>] <saved
//! search>`
//!
//! ## Description
//! In the text of the search `$field$` becomes the row's value of the field, and the search is run; the rows of
//! all the searches come out, in the order of the rows that came in, which do not. `$_serial_id$` is the number of
//! the search, from 1. `$field|s$` is the value in quotation marks, `$field|u$` as in an address, `$field|h$` as in
//! HTML, `$field|n$` as it is. Values of a multivalue field are joined by blanks. Macros in the text are expanded
//! when the values are in it; `\"` in a text in quotation marks is a quotation mark.
//!
//! The first ten rows have their search, or as many as `maxsearches` says; a warning tells of more. A row that
//! lacks one of the fields is passed over, with a warning. A search that cannot be read with a row's values in
//! it ends the run. The range of time is that of the run, unless the search has bounds of its own.
//!
//! ## Examples
//!
//! ```spl
//! map search="| inputlookup rota.csv where user=\"$user$\" | eval n = $n$ | fields day, n"
//! ```
//! ```json in
//! {"user": "ada", "n": "1"}
//! {"user": "bob", "n": "2"}
//! ```
//! ```json out
//! {"day": "mon", "n": 1}
//! {"day": "tue", "n": 1}
//! {"day": "wed", "n": 2}
//! ```
//!
//! ```spl
//! map maxsearches=1 [makeresults | eval text = $text|s$, id = $_serial_id$ | table text, id]
//! ```
//! ```json in
//! {"text": "say \"hi\""}
//! {"text": "never"}
//! ```
//! ```json out
//! {"text": "say \"hi\"", "id": 1}
//! ```
//!
//! ```spl
//! map search="| inputlookup nobody where user=$user$"
//! ```
//! ```error
//! error[E0401]: no app defines the lookup `nobody`
//! ```
//!
//! ```spl
//! map maxsearches=5
//! ```
//! ```error
//! error[E0205]: `map` needs a search, or the name of a saved search
//! ```

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use super::Command;
use super::support::{Saved, Template};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::exec::{Dataset, RunContext};
use crate::parse::Start;
use crate::parse::args::{Args, write_name};
use crate::plan::{Launcher, Plan, Planner};
use crate::value::{Text, Value};

/// How many searches are run where nothing is said.
const MOST_SEARCHES: usize = 10;

/// What stands for a value while the search is checked, in turn.
const SAMPLES: [&str; 3] = ["x", "1", "\"x\""];

/// The number of the search.
const SERIAL: &str = "_serial_id";

/// `map`
#[derive(Debug)]
pub struct Map {
    most: Option<usize>,
    search: Kind,
}

#[derive(Debug)]
enum Kind {
    Quoted(Template),
    Bracketed(Template),
    Saved(Text, Span),
}

/// Reads the arguments of `map`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut most, mut search) = (None, None);
    loop {
        if args.sees_bracket() && search.is_none() {
            let word = args.template()?;
            search = Some(Kind::Bracketed(Template { text: word.text, span: word.span }));
        } else if args.at_end() {
            break;
        } else {
            match args.option(&["maxsearches", "search"])? {
                Some(("maxsearches", value)) => most = Some(value.count("maxsearches")?),
                Some((_, value)) => {
                    // Without its quotation marks, so that places in it are right where nothing is escaped.
                    let marks = usize::from(value.quoted && value.span.end >= value.span.start + 2);
                    let (start, end) = (value.span.start + marks, value.span.end - marks);
                    let span = Span { start, end, ..value.span };
                    search = Some(Kind::Quoted(Template { text: value.text, span }));
                }
                None if search.is_none() => {
                    let name = args.word("the name of a saved search")?;
                    search = Some(Kind::Saved(name.text, name.span));
                }
                None => break,
            }
        }
    }
    match search {
        Some(search) => Ok(Box::new(Map { most, search })),
        None => Err(args.error("`map` needs a search, or the name of a saved search")),
    }
}

impl fmt::Display for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("map ")?;
        if let Some(most) = self.most {
            write!(f, "maxsearches={most} ")?;
        }
        match &self.search {
            Kind::Quoted(template) => {
                write!(f, "search=\"{}\"", template.text.replace("\\", "\\\\").replace("\"", "\\\""))
            }
            Kind::Bracketed(template) => write!(f, "[{}]", template.text),
            Kind::Saved(name, _) => write_name(f, name),
        }
    }
}

impl Command for Map {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        match &self.search {
            Kind::Quoted(template) | Kind::Bracketed(template) => {
                let mut fields = FieldSet::none();
                let (mut at, text) = (0, template.text.as_str());
                while let Some((range, token)) = text.get(at..).and_then(next_token) {
                    fields.add(Token::new(&token).field.to_string());
                    at += range.end;
                }
                fields
            }
            // What the saved search asks for is known when it is looked up.
            Kind::Saved(..) => FieldSet::all(),
        }
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let (template, start, launcher) = match &self.search {
            Kind::Quoted(template) => (template.clone(), Start::Fresh, planner.launcher()),
            Kind::Bracketed(template) => (template.clone(), Start::Subsearch, planner.launcher()),
            Kind::Saved(name, span) => {
                let saved = Saved::find(name, *span, planner)?;
                (saved.template, Start::Fresh, saved.launcher)
            }
        };
        let most = self.most.unwrap_or(MOST_SEARCHES);
        let stage = Searches { template, start, most, launcher };
        stage.check(planner)?;
        planner.dataset(stage);
        Ok(())
    }
}

/// A token: a field, and what becomes of its value.
struct Token<'t> {
    field: &'t str,
    filter: Option<&'t str>,
}

impl<'t> Token<'t> {
    fn new(token: &'t str) -> Token<'t> {
        match token.rsplit_once('|') {
            Some((field, filter)) => Token { field, filter: Some(filter) },
            None => Token { field: token, filter: None },
        }
    }

    fn write(&self, value: &Value) -> String {
        let values: Vec<_> = value.values().iter().map(Value::to_text).collect();
        let text = values.join(" ");
        match self.filter {
            Some("s") => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
            Some("h") => html_escape::encode_quoted_attribute(&text).into_owned(),
            Some("u") => in_address(&text),
            _ => text,
        }
    }
}

/// With `%` and two digits for what has a meaning in an address.
fn in_address(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let write = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(write).collect()
}

/// The next `$field$`: its place, and what stands between the signs. A sign that no other follows, or between
/// which blanks stand, is a sign.
pub(super) fn next_token(text: &str) -> Option<(Range<usize>, Text)> {
    let mut at = 0;
    loop {
        let start = at + text.get(at..)?.find('$')?;
        let inside = text.get(start + 1..)?;
        let length = inside.find('$')?;
        let token = inside.get(..length)?;
        let name = token.split('|').next().unwrap_or("");
        if !name.is_empty() && !token.contains(|c: char| c.is_whitespace() || "\"'()[]=".contains(c)) {
            return Some((start..start + length + 2, token.into()));
        }
        at = start + 1;
    }
}

struct Searches {
    template: Template,
    start: Start,
    most: usize,
    launcher: Launcher,
}

impl Searches {
    /// Plans the search with samples for the values: what is wrong with all of them is wrong with the search.
    fn check(&self, planner: &mut Planner<'_>) -> Result<()> {
        let mut wrong = Vec::new();
        for sample in SAMPLES {
            let (planned, filled) = self.planned(|_| Some(sample.to_string()));
            match planned {
                Ok(plan) => return planner.keep_inner(Ok(plan)).map(drop),
                Err(mistakes) => wrong.push((mistakes, filled)),
            }
        }
        let touches = |span: Span, filled: &[Span]| {
            let sources = self.launcher.sources();
            let place = sources.written(span).span;
            filled.iter().any(|f| {
                f.source == span.source && span.start <= f.end && f.start <= span.end
                    || f.source == place.source && place.start <= f.end && f.start <= place.end
            })
        };
        let excused = |(mistakes, filled): &(Vec<Diagnostic>, Vec<Span>)| {
            mistakes.iter().all(|mistake| {
                mistake.labels.iter().any(|label| label.primary && touches(label.span, filled))
            })
        };
        match wrong.into_iter().find(|mistakes| !excused(mistakes)) {
            Some((mistakes, _)) => planner.keep_inner(Err(mistakes)).map(drop),
            None => Ok(()),
        }
    }

    fn planned(&self, of: impl Fn(&str) -> Option<String>) -> (Result<Plan, Vec<Diagnostic>>, Vec<Span>) {
        let (id, filled) = self.template.fill("map", &mut self.launcher.sources(), next_token, of);
        (self.launcher.compile(id, self.start), filled)
    }

    fn run(&self, batch: &Batch, row: usize, serial: usize, context: &RunContext) -> Result<Vec<Batch>> {
        let missing = RefCell::new(None);
        let value = |token: &str| {
            let token = Token::new(token);
            if token.field == SERIAL {
                return Some(serial.to_string());
            }
            let value = batch.get(token.field, row);
            if value.is_null() {
                *missing.borrow_mut() = Some(token.field.to_string());
            }
            Some(token.write(&value))
        };
        let (id, _) = self.template.fill("map", &mut self.launcher.sources(), next_token, value);
        if let Some(field) = missing.into_inner() {
            let message = format!("a row has no `{field}`: its search is not run");
            context.warnings().add(Diagnostic::warning(Code::MapField, message).at(self.template.span, ""));
            return Ok(Vec::new());
        }
        let first = |mistakes: Vec<Diagnostic>| {
            let nothing = || Diagnostic::error(Code::EmptySearch, "the search is empty");
            let text: String = self.launcher.sources().text(id).chars().take(300).collect();
            mistakes.into_iter().next().unwrap_or_else(nothing).help(format!("the search is `{text}`"))
        };
        let plan = self.launcher.compile(id, self.start).map_err(first)?;
        plan.rows(Vec::new(), context, None)
    }
}

impl Dataset for Searches {
    fn apply(&self, batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let rows: usize = batches.iter().map(Batch::rows).sum();
        if rows > self.most {
            let message = format!("`map` has {rows} rows and runs the searches of the first {}", self.most);
            let warning = Diagnostic::warning(Code::Limit, message).at(self.template.span, "");
            context.warnings().add(warning.help("`maxsearches` says how many are run"));
        }
        let all = batches.iter().flat_map(|batch| (0..batch.rows()).map(move |row| (batch, row)));
        let mut out = Vec::new();
        for (serial, (batch, row)) in all.take(self.most).enumerate() {
            out.extend(self.run(batch, row, serial + 1, context)?);
        }
        Ok(out)
    }
}
