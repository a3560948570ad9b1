//! Puts events that belong together into one row.
//!
//! ## Syntax
//! `transaction [<field>...] [startswith=<mark>] [endswith=<mark>] [maxspan=<span>] [maxpause=<span>] [maxevents=<n>]
//! [connected=<bool>] [unifyends=<bool>] [keepevicted=<bool>] [keeporphans=<bool>] [mvlist=<bool>|<fields>]
//! [mvraw=<bool>] [nullstr=<text>] [delim=<text>] [maxopentxn=<n>] [maxopenevents=<n>] [name=<transaction type>]`
//!
//! A mark is a search in parentheses or quotes, or `eval(<predicate>)`.
//!
//! ## Description
//! Events are looked at from the newest to the oldest. An event belongs to a transaction with which it has the
//! value of one of the fields in common, and no other value of any of them. What it has of the other fields then
//! counts for the transaction too, so that events meet by way of others. Without fields all events belong together.
//! An event without any of the fields, or without a time, is in no transaction. An event whose fields the
//! transaction has none of begins another, or, with `connected=false`, belongs to it.
//!
//! A transaction does not last longer than `maxspan`, and there is no pause in it longer than `maxpause`; -1 is no
//! limit, which is the default of both. It has not more than `maxevents` events: 1000 if it is not said, -1 for no
//! limit. What is older, or more, is another transaction.
//!
//! With `startswith` a transaction begins with an event for which the mark holds, and with `endswith` it ends with
//! one. An event for which a mark holds need not have one of the fields, unless `unifyends=true`. A transaction
//! whose beginning is not found is evicted: it is left out, or, with `keepevicted=true`, shown. So are, of more than
//! `maxopentxn` transactions that are not closed yet, or more than `maxopenevents` events in them, those to which
//! the longest nothing was added. Events in no transaction are left out; with `keeporphans=true` they are rows as
//! they are, with `_txn_orphan` 1.
//!
//! A row has `_time` and the `date_` fields of its earliest event; `duration`, from the earliest to the latest event
//! in seconds; `eventcount`; `closed_txn`, 1 if one of the conditions ended it and 0 if the input did or it was
//! evicted; `field_match_sum`, how many of the fields its events have all together; `_raw` and `linecount`, all
//! texts and their lines, the earliest first. Of all other fields it has the different values, sorted; with
//! `mvlist=true`, or for the fields that `mvlist` names, the value of each event, the earliest first, and `nullstr`,
//! by default `NULL`, for an event without. With `mvraw=true` `_raw` is a multivalue. `delim`, by default a blank, is
//! what `nomv` writes between the values. Rows are sorted by `_time`, the latest first.
//!
//! The fields may also be said as older searches do, `fields="a,b"`.
//!
//! `name` is a stanza of the transactiontypes.conf of an app. Its settings are called as the options, and `fields`;
//! what the search says itself wins.
//!
//! ## Examples
//!
//! ```spl
//! transaction fields="session" maxpause=1m
//! ```
//! ```json in
//! {"_time": "300", "session": "b", "page": "home"}
//! {"_time": "260", "session": "a", "page": "pay"}
//! {"_time": "220", "session": "a", "page": "cart"}
//! {"_time": "100", "session": "a", "page": "home"}
//! {"_time": "90", "page": "help"}
//! ```
//! ```json out
//! {"_time": "300", "session": "b", "page": "home", "closed_txn": 0, "duration": 0, "eventcount": 1, "field_match_sum": 1}
//! {"_time": "220", "session": "a", "page": ["cart", "pay"], "closed_txn": 1, "duration": 40, "eventcount": 2, "field_match_sum": 2}
//! {"_time": "100", "session": "a", "page": "home", "closed_txn": 0, "duration": 0, "eventcount": 1, "field_match_sum": 1}
//! ```
//!
//! From a beginning to an end; the login of bob has no end, and the logout of eve no beginning.
//!
//! ```spl
//! transaction user startswith=(action=login) endswith="action=logout" mvlist=action
//! ```
//! ```json in
//! {"_time": "9", "user": "bob", "action": "login"}
//! {"_time": "8", "user": "ada", "action": "logout"}
//! {"_time": "7", "user": "eve", "action": "logout"}
//! {"_time": "6", "user": "ada"}
//! {"_time": "5", "user": "ada", "action": "login"}
//! ```
//! ```json out
//! {"_time": "5", "user": "ada", "action": ["login", "NULL", "logout"], "closed_txn": 1, "duration": 3, "eventcount": 3, "field_match_sum": 3}
//! ```
//!
//! Events meet by way of one that has both fields; the last has neither value.
//!
//! ```spl
//! transaction host, id keeporphans=t
//! ```
//! ```json in
//! {"_time": "5", "host": "web", "_raw": "a"}
//! {"_time": "4", "host": "web", "id": "7", "_raw": "b\nc"}
//! {"_time": "3", "id": "7", "_raw": "d"}
//! {"_time": "2", "_raw": "e"}
//! ```
//! ```json out
//! {"_time": "3", "host": "web", "_raw": "d\nb\nc\na", "id": "7", "closed_txn": 0, "duration": 2, "eventcount": 3, "field_match_sum": 4, "linecount": 4}
//! {"_time": "2", "_raw": "e", "_txn_orphan": 1}
//! ```
//!
//! ```spl
//! transaction user startswith=eval(bytes + 1)
//! ```
//! ```error
//! error[E0303]: `transaction` needs a predicate, something that is true or false
//! ```
//!
//! ```spl
//! transaction user delim=" > " mvlist=page | nomv page | fields page
//! ```
//! ```json in
//! {"_time": "3", "user": "ada", "page": "pay"}
//! {"_time": "2", "user": "ada", "page": "cart"}
//! {"_time": "1", "user": "ada", "page": "home"}
//! ```
//! ```json out
//! {"page": "home > cart > pay", "_time": "1"}
//! ```
//!
//! ```spl
//! transaction name=session
//! ```
//! ```error
//! error[E0415]: no app has the transaction type `session`
//! ```
//!
//! ## Differences from Splunk
//! Splunk takes events as they come and wants them newest first; here they are put into that order. Splunk never
//! keeps more than so many open transactions and events (limits.conf); here there is no limit unless one is given.
//! Documentation does not say what `closed_txn` is where the input ends a transaction, nor what
//! `field_match_sum` counts.

mod marks;
mod open;
mod render;

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet, Pattern};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Dataset, RunContext};
use crate::knowledge::TRANSACTION_OPTIONS;
use crate::parse::args::{Args, Word, write_names};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::time::Span;
use crate::value::Text;
use marks::Mark;
use open::{Event, Transactions};
use render::Lists;

/// How many events a transaction has at most where nothing is said (Search Reference, `transaction`).
const DEFAULT_EVENTS: usize = 1000;

/// `transaction`
#[derive(Clone, Debug)]
pub struct Transaction {
    /// The transaction type whose settings hold where the search has none of its own.
    named: Option<Word>,
    /// The options that the search has itself.
    given: Vec<&'static str>,
    fields: Vec<Text>,
    starts_with: Option<Mark>,
    ends_with: Option<Mark>,
    max_span: Option<Span>,
    max_pause: Option<Span>,
    max_events: Option<usize>,
    connected: bool,
    unify_ends: bool,
    keep_evicted: bool,
    keep_orphans: bool,
    lists: Lists,
    raw_values: bool,
    null: Text,
    delim: Text,
    max_open: Option<usize>,
    max_open_events: Option<usize>,
}

impl Default for Transaction {
    fn default() -> Transaction {
        Transaction {
            named: None,
            given: Vec::new(),
            fields: Vec::new(),
            starts_with: None,
            ends_with: None,
            max_span: None,
            max_pause: None,
            max_events: Some(DEFAULT_EVENTS),
            connected: true,
            unify_ends: false,
            keep_evicted: false,
            keep_orphans: false,
            lists: Lists::None,
            raw_values: false,
            null: Text::from("NULL"),
            delim: Text::from(" "),
            max_open: None,
            max_open_events: None,
        }
    }
}

/// Reads the arguments of `transaction`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut parsed = Transaction::default();
    let options: Vec<&'static str> = TRANSACTION_OPTIONS.into_iter().chain(["name", "fields"]).collect();
    while !args.at_end() {
        if parsed.takes_mark(args)? {
            continue;
        }
        match args.option(&options)? {
            Some(("name", value)) => parsed.named = Some(value),
            Some(("fields", value)) => parsed.fields.extend(listed(&value.text)),
            Some((name, value)) => {
                parsed.take(name, &value)?;
                parsed.given.push(name);
            }
            None => parsed.fields.extend(args.some_fields(&[])?.into_iter().map(|word| word.text)),
        }
    }
    Ok(Box::new(parsed))
}

impl Transaction {
    /// Takes `startswith` or `endswith`, if one stands here.
    fn takes_mark(&mut self, args: &mut Args<'_>) -> Result<bool> {
        for (name, slot) in [("startswith", &mut self.starts_with), ("endswith", &mut self.ends_with)] {
            if !args.option_ahead(name) {
                continue;
            }
            args.cursor.separators();
            let start = args.cursor.position();
            args.cursor.lex(crate::parse::lexeme::option_name);
            if slot.is_some() {
                let message = format!("the option `{name}` is given twice");
                let span = args.cursor.span_from(start);
                return Err(Diagnostic::error(Code::RepeatedOption, message).at(span, ""));
            }
            *slot = Some(Mark::read(args)?);
            return Ok(true);
        }
        Ok(false)
    }

    fn take(&mut self, name: &str, value: &Word) -> Result<()> {
        match name {
            "maxspan" => self.max_span = limit(name, value)?,
            "maxpause" => self.max_pause = limit(name, value)?,
            "maxevents" if value.text.starts_with('-') => {
                value.text.parse::<i64>().map_err(|_| value.wrong(name, "a whole number"))?;
                self.max_events = None;
            }
            "maxevents" => self.max_events = Some(at_least_one(name, value)?),
            "connected" => self.connected = value.truth(name)?,
            "unifyends" => self.unify_ends = value.truth(name)?,
            "keepevicted" => self.keep_evicted = value.truth(name)?,
            "keeporphans" => self.keep_orphans = value.truth(name)?,
            "mvraw" => self.raw_values = value.truth(name)?,
            "nullstr" => self.null = value.text.clone(),
            "delim" => self.delim = value.text.clone(),
            "maxopentxn" => self.max_open = Some(at_least_one(name, value)?),
            "maxopenevents" => self.max_open_events = Some(at_least_one(name, value)?),
            _ => {
                self.lists = match value.truth(name) {
                    Ok(true) => Lists::All,
                    Ok(false) => Lists::None,
                    Err(_) => Lists::Of(listed(&value.text)),
                }
            }
        }
        Ok(())
    }

    /// The command with the settings of the transaction type that it names: what the search says itself wins
    /// (Search Reference, `transaction`, `name`).
    fn resolved(&self, planner: &mut Planner<'_>) -> Result<Transaction> {
        let mut resolved = self.clone();
        let Some(named) = &self.named else { return Ok(resolved) };
        let Some(settings) = planner.knowledge.transaction_type(&named.text) else {
            let message = format!("no app has the transaction type `{}`", named.text);
            let names = planner.knowledge.transaction_type_names();
            return Err(Diagnostic::error(Code::UnknownTransactionType, message)
                .at(named.span, "")
                .help("transaction types stand in the transactiontypes.conf of an app")
                .suggest(&named.text, names));
        };
        for (key, value) in settings {
            planner.note(format!("`{key}` of the transaction type `{}`: {}", named.text, value.place()));
            let id = value.register(planner.sources);
            let span = crate::diagnostic::Span::new(id, 0, value.text().len());
            match key.as_str() {
                "fields" if self.fields.is_empty() => resolved.fields = listed(value.text()),
                "startswith" if self.starts_with.is_none() => {
                    resolved.starts_with = Some(Mark::of_text(value.text(), span)?);
                }
                "endswith" if self.ends_with.is_none() => {
                    resolved.ends_with = Some(Mark::of_text(value.text(), span)?);
                }
                // A blank as a delimiter must stand in quotes there.
                key if TRANSACTION_OPTIONS.contains(&key) && !self.given.contains(&key) => {
                    let bare = value.text().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                    let text = Text::from(bare.unwrap_or(value.text()));
                    resolved.take(key, &Word { text, span, quoted: bare.is_some() })?;
                }
                _ => {}
            }
        }
        Ok(resolved)
    }

    fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.starts_with.iter().chain(&self.ends_with)
    }

    /// Writes an option.
    fn write(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        let number = |f: &mut fmt::Formatter<'_>, number: Option<usize>| match number {
            None => f.write_str("-1"),
            Some(most) => write!(f, "{most}"),
        };
        let span = |f: &mut fmt::Formatter<'_>, span: &Option<Span>| match span {
            None => f.write_str("-1"),
            Some(span) => write!(f, "{span}"),
        };
        write!(f, " {name}=")?;
        match name {
            "maxspan" => span(f, &self.max_span),
            "maxpause" => span(f, &self.max_pause),
            "maxevents" => number(f, self.max_events),
            "connected" => write!(f, "{}", self.connected),
            "unifyends" => write!(f, "{}", self.unify_ends),
            "keepevicted" => write!(f, "{}", self.keep_evicted),
            "keeporphans" => write!(f, "{}", self.keep_orphans),
            "mvraw" => write!(f, "{}", self.raw_values),
            "nullstr" => write_value(f, &self.null),
            "delim" => write_value(f, &self.delim),
            "maxopentxn" => number(f, self.max_open),
            "maxopenevents" => number(f, self.max_open_events),
            _ => match &self.lists {
                Lists::None => f.write_str("false"),
                Lists::All => f.write_str("true"),
                Lists::Of(names) => {
                    write_value(f, &names.iter().map(Text::as_str).collect::<Vec<_>>().join(","))
                }
            },
        }
    }
}

/// `a, b` or `a b`.
fn listed(text: &str) -> Vec<Text> {
    let names = text.split([',', ' ']).filter(|name| !name.is_empty());
    names.map(Text::from).collect()
}

fn limit(name: &str, value: &Word) -> Result<Option<Span>> {
    if value.text == "-1" {
        return Ok(None);
    }
    let span = value.text.parse().map_err(|error: crate::time::TimeSpecError| {
        value.wrong(name, "a span of time, such as 5m").help(error.to_string())
    });
    span.map(Some)
}

fn at_least_one(name: &str, value: &Word) -> Result<usize> {
    let count = value.count(name).ok().filter(|&count| count > 0);
    count.ok_or_else(|| value.wrong(name, "a whole number from 1 on"))
}

impl fmt::Display for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("transaction ")?;
        write_names(f, self.fields.iter().map(Text::as_str))?;
        for (name, mark) in [("startswith", &self.starts_with), ("endswith", &self.ends_with)] {
            mark.iter().try_for_each(|mark| write!(f, " {name}={mark}"))?;
        }
        if let Some(named) = &self.named {
            f.write_str(" name=")?;
            write_value(f, &named.text)?;
        }
        self.given.iter().try_for_each(|name| self.write(f, name))
    }
}

impl Command for Transaction {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        if self.named.is_some() {
            return FieldSet::all();
        }
        let mut needed = after.clone();
        for name in ["closed_txn", "duration", "eventcount", "field_match_sum", "_txn_orphan"] {
            needed.remove(name);
        }
        if needed.contains("linecount") {
            needed.add("_raw");
        }
        let own = self.fields.iter().cloned().chain(self.marks().flat_map(Mark::fields));
        needed.extend(&FieldSet::of(own.chain([Text::from("_time")])));
        needed
    }

    fn order_matters(&self, _: bool) -> bool {
        // Of events of one time the newest is the first.
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let resolved = self.resolved(planner)?;
        for mark in resolved.marks() {
            if let Mark::Eval(expr) = mark {
                planner.read_lookups_of(expr)?;
            }
        }
        planner.delimit(Pattern::new("*"), resolved.delim.clone());
        planner.dataset(resolved);
        Ok(())
    }
}

impl Dataset for Transaction {
    fn apply(&self, batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let all = Batch::concat(&batches);
        let mask = |mark: &Option<Mark>| mark.as_ref().map(|mark| mark.mask(&all, context));
        let (starts, ends) = (mask(&self.starts_with), mask(&self.ends_with));
        let holds = |mask: &Option<Vec<bool>>, row: usize| {
            mask.as_ref().and_then(|mask| mask.get(row)).copied().unwrap_or(false)
        };
        let mut transactions = Transactions::new(self);
        let mut order: Vec<(usize, f64)> = Vec::new();
        for row in 0..all.rows() {
            match all.get("_time", row).as_number() {
                Some(time) => order.push((row, time)),
                None => transactions.orphans.push(row),
            }
        }
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        for (row, time) in order {
            let keys = transactions.keys(&all, row);
            let marks = (holds(&starts, row), holds(&ends, row));
            transactions.take(&Event { row, time, marks, keys: &keys });
        }
        transactions.end();
        Ok(vec![self.rows(&all, &transactions.finished, &transactions.orphans)])
    }
}
