//! Random text never panics the compiler; random expressions and filters over random values never panic, and mean
//! the same when they are printed and read again.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::cell::RefCell;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use speleo::batch::{Batch, BatchBuilder};
use speleo::compile::compile;
use speleo::diagnostic::{Diagnostic, Sources, render};
use speleo::functions;
use speleo::knowledge::Knowledge;
use speleo::parse::Start;
use speleo::plan::{Settings, plan};
use speleo::value::Value;

/// Words that mean something somewhere, and what upsets a parser.
const TOKENS: &[&str] = &[
    "|",
    "|",
    "|",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "'",
    "`",
    "```",
    "\\",
    ",",
    "=",
    "==",
    "!=",
    "<",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    ".",
    "$",
    "$x$",
    "&gt;",
    "&#34;",
    ":",
    "::",
    "@",
    "\n",
    "\t",
    "\u{feff}",
    "\0",
    "é",
    "🦀",
    "ß",
    "\u{202e}",
    "0",
    "1",
    "10",
    "-1",
    "1e9",
    "1e999",
    ".5",
    "0x1",
    "user",
    "_time",
    "All_Changes.user",
    "\"a b\"",
    "\"",
    "\"\\\"\"",
    "'a b'",
    "a*",
    "*",
    "NOT",
    "AND",
    "OR",
    "XOR",
    "IN",
    "LIKE",
    "like",
    "not",
    "as",
    "AS",
    "by",
    "BY",
    "where",
    "output",
    "OUTPUT",
    "OUTPUTNEW",
    "from",
    "search",
    "eval",
    "stats",
    "eventstats",
    "tstats",
    "lookup",
    "inputlookup",
    "table",
    "fields",
    "rename",
    "convert",
    "iplocation",
    "sort",
    "head",
    "dedup",
    "makeresults",
    "count",
    "dc(user)",
    "values(",
    "eval(",
    "perc95(x)",
    "earliest=-1d@d",
    "latest=now",
    "datamodel=Change",
    "datamodel",
    "span=1d",
    "limit=",
    "limit=5",
    "append=t",
    "count=2",
    "format=json",
    "data=",
    "null()",
    "now()",
    "if(",
    "case(",
    "match(user, \"(\")",
    "ctime(",
    "`drop_dm_object_name(\"All_Changes\")`",
    "`security_content_ctime(x)`",
    "`x_filter`",
    "`",
    "TERM(",
    "CASE(x)",
    "IN (",
    "staff",
    "zones",
    "mvfilter(",
];

fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => select(TOKENS).prop_map(str::to_string),
        1 => any::<String>(),
        1 => "[a-z]{1,3}",
        1 => "\\PC{1,4}",
    ]
}

fn search() -> impl Strategy<Value = String> {
    let separator = select(&["", " ", " ", " "][..]);
    prop::collection::vec((token(), separator), 0..25)
        .prop_map(|tokens| tokens.into_iter().map(|(token, separator)| token + separator).collect())
}

/// A search that begins as one should: the mistakes come later.
fn command() -> impl Strategy<Value = String> {
    let commands: Vec<&'static str> =
        speleo::commands::names().filter(|name| *name != "outputlookup").collect();
    (select(commands), search(), prop::bool::ANY).prop_map(|(name, rest, first)| {
        if first { format!("| {name} {rest}") } else { format!("index=main | {name} {rest}") }
    })
}

/// Knowledge and the texts that it points into.
struct World {
    knowledge: Arc<Knowledge>,
    sources: RefCell<Sources>,
    settings: Settings,
}

impl World {
    fn new() -> World {
        let mut sources = Sources::new();
        let knowledge = common::knowledge(&mut sources);
        World { knowledge, sources: RefCell::new(sources), settings: common::settings() }
    }

    /// Runs a search over rows, where it compiles: however they are cut into batches, the same comes out.
    fn over_rows(&self, text: &str, rows: &Batch) -> Result<(), TestCaseError> {
        let mut sources = self.sources.borrow_mut();
        let id = sources.add("search", text);
        let Ok(parsed) = speleo::parse::parse(&sources, id, Start::Rows) else { return Ok(()) };
        let planned = plan(&parsed, Start::Rows, &self.settings, &self.knowledge, &mut sources);
        let planned = planned.map_err(|mistakes| TestCaseError::fail(format!("{text}: {mistakes:?}")))?;
        let run = |given| common::run(&planned, given, 1).map(|out| common::lines(&out));
        let whole = run(vec![rows.clone()]);
        let cut = run((0..rows.rows()).map(|row| rows.slice(row, row + 1)).collect());
        if !["random(", "time("].iter().any(|impure| text.contains(impure)) {
            prop_assert_eq!(&whole, &cut, "{}", text);
            let printed = parsed.to_string();
            let id = sources.add("printed", printed.trim_start_matches('|').trim_start());
            let again = speleo::parse::parse(&sources, id, Start::Rows);
            let again = again.map_err(|mistakes| TestCaseError::fail(format!("{printed}: {mistakes:?}")))?;
            prop_assert_eq!(again.to_string(), printed.clone(), "{}", text);
            let planned = plan(&again, Start::Rows, &self.settings, &self.knowledge, &mut sources);
            let planned =
                planned.map_err(|mistakes| TestCaseError::fail(format!("{printed}: {mistakes:?}")))?;
            let reread = common::run(&planned, vec![rows.clone()], 1).map(|out| common::lines(&out));
            prop_assert_eq!(&whole, &reread, "{} printed as {}", text, printed);
        }
        Ok(())
    }

    /// Compiles a text, runs it where it compiles, and renders whatever is said.
    fn pull_through(&self, text: &str) {
        let mut sources = self.sources.borrow_mut();
        let said = match compile("search", text, &self.settings, &self.knowledge, &mut sources) {
            Err(mistakes) => {
                assert!(!mistakes.is_empty(), "refused without a word: {text:?}");
                mistakes
            }
            Ok(compiled) => {
                let _ = compiled.plan.to_string();
                let ran = common::run(&compiled.plan, Vec::new(), 1);
                compiled.notes.into_iter().chain(compiled.plan.trouble()).chain(ran.err()).collect()
            }
        };
        said.iter().for_each(|diagnostic| check(diagnostic, &sources));
    }
}

fn check(diagnostic: &Diagnostic, sources: &Sources) {
    for colour in [false, true] {
        assert!(render(diagnostic, sources, colour).contains(diagnostic.code.as_str()));
    }
}

thread_local! { static WORLD: World = World::new(); }

proptest! {
    #![proptest_config(ProptestConfig { cases: 2500, ..ProptestConfig::default() })]

    #[test]
    fn random_text_never_panics(text in prop_oneof![search(), command()]) {
        WORLD.with(|world| world.pull_through(&text));
    }
}

/// Values of every kind, and those at the edges of what functions read.
const TEXTS: &[&str] = &[
    "",
    "a",
    "10",
    "-0",
    "1e308",
    "1e999",
    "NaN",
    "inf",
    "0x1F",
    "1,000",
    "1.50",
    " 7 ",
    "ß🦀",
    "\u{0}",
    "\u{202e}x",
    "a,b,c",
    "a.b",
    "true",
    "(",
    "[",
    "(a+)+$",
    "(a)(b)?",
    "\\",
    "$1",
    "%",
    "%d %s",
    "%-+ #0999999999.99999d",
    "%Y-%m-%d",
    "%10Q",
    "%+99999999999H",
    "2026-03-16T08:00:00Z",
    "-1d@d",
    "+99999999999y",
    "-99999999999999999999s",
    "@w9",
    "10.0.0.0/8",
    "10.1.2.3",
    "::1",
    "2001:db8::/129",
    "0.0.0.0/-1",
    "{\"a\":[1,{\"b\":null}]}",
    "[1,2",
    "{\"a\":{}}",
    "a{}.b",
    "a{-1}",
    "a{99999999999999999999}",
    "hex",
    "commas",
    "duration",
    "*",
    "a*b",
    "_%",
    "d0:ng",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];
const NUMBERS: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    0.5,
    1e-320,
    1e15,
    1e18,
    1e20,
    -1e20,
    1e308,
    -1e308,
    9.223372036854776e18,
    1.8446744073709552e19,
    253402300800.0,
    -62135596801.0,
    64.0,
    1e6,
];

fn value() -> impl Strategy<Value = Value> {
    let single = prop_oneof![
        5 => select(TEXTS).prop_map(Value::text),
        1 => any::<String>().prop_map(Value::text),
        3 => select(NUMBERS).prop_map(Value::number),
        1 => any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::number),
    ];
    prop_oneof![
        1 => Just(Value::Null),
        6 => single.clone(),
        2 => prop::collection::vec(single, 2..5).prop_map(Value::from_values),
    ]
}

fn literal() -> impl Strategy<Value = String> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    prop_oneof![
        3 => select(&["a", "b", "c", "d"][..]).prop_map(str::to_string),
        2 => select(TEXTS).prop_map(quoted),
        2 => select(NUMBERS).prop_map(|number| format!("{number}")),
    ]
}

/// Expressions of every function; a call has as many arguments as the function takes. `mvrange` makes a
/// million values at a time, which in each other take all day.
fn expression() -> impl Strategy<Value = String> {
    let names: Vec<&'static str> = functions::names().filter(|name| *name != "mvrange").collect();
    literal().prop_recursive(3, 12, 4, move |inner| {
        let operators =
            &["+", "-", "*", "/", "%", ".", "=", "!=", "<", ">=", " AND ", " OR ", " XOR ", " LIKE "];
        let call = (select(names.clone()), prop::collection::vec(inner.clone(), 4), 0usize..3);
        prop_oneof![
            6 => call.prop_map(|(name, arguments, more)| call_of(name, &arguments, more)),
            2 => (inner.clone(), select(&operators[..]), inner.clone())
                .prop_map(|(left, operator, right)| format!("({left}{operator}{right})")),
            1 => inner.prop_map(|operand| format!("(-{operand})")),
        ]
    })
}

fn call_of(name: &str, arguments: &[String], more: usize) -> String {
    let (_, function) = functions::find(name).unwrap();
    let accepted: Vec<usize> = (0..8).filter(|count| function.arity.accepts(*count)).collect();
    let count = accepted[more % accepted.len()];
    let list: Vec<&str> = arguments.iter().cycle().take(count).map(String::as_str).collect();
    format!("{name}({})", list.join(", "))
}

fn rows() -> impl Strategy<Value = Batch> {
    prop::collection::vec(prop::array::uniform4(value()), 1..4).prop_map(|rows| {
        let mut builder = BatchBuilder::new();
        for row in rows {
            for (name, value) in ["a", "b", "c", "d"].into_iter().zip(row) {
                builder.set(name, value);
            }
            builder.end_row();
        }
        builder.finish()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2500, ..ProptestConfig::default() })]

    #[test]
    fn random_expressions_never_panic(expression in expression(), rows in rows()) {
        // As a value, as a predicate, and as a value that a predicate is taken for: most fit one of them.
        for text in [
            format!("eval x={expression} | table x"),
            format!("where {expression} | table a"),
            format!("eval x=if({expression}, 1, 2) | table x"),
        ] {
            WORLD.with(|world| world.over_rows(&text, &rows))?;
        }
    }
}

/// A term of the search language.
fn term() -> impl Strategy<Value = String> {
    let field = select(&["a", "b", "\"c\"", "d", "_raw"][..]);
    let value = prop_oneof![
        select(
            &["10", "1*", "*", "a", "\"a b\"", "\"\"", "10.0.0.0/8", "\"x\\\"y\"", "C:\\\\x", "CASE(a)"][..]
        )
        .prop_map(str::to_string),
        select(TEXTS).prop_map(|text| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))),
    ];
    let operator = select(&["=", "!=", "<", "<=", ">", ">=", "==", " = "][..]);
    prop_oneof![
        5 => (field.clone(), operator, value.clone()).prop_map(|(field, operator, value)| format!("{field}{operator}{value}")),
        2 => (field.clone(), prop::collection::vec(value.clone(), 1..4))
            .prop_map(|(field, values)| format!("{field} IN ({})", values.join(", "))),
        1 => select(&["word", "wo*", "\"two words\"", "TERM(a.b)", "CASE(Ab)", "host::x", "or", "*", "tag=x"][..])
            .prop_map(str::to_string),
        1 => select(&["earliest=-1d", "latest=now", "starthoursago=4", "earliest>=@d"][..]).prop_map(str::to_string),
    ]
}

fn filter() -> impl Strategy<Value = String> {
    term().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            2 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} {b}")),
            2 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} OR {b}")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AND ({b})")),
            1 => inner.prop_map(|a| format!("NOT ({a})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn random_filters_never_panic(filter in filter(), rows in rows()) {
        // A bound beneath NOT, or a range that ends before it begins, is refused: no row is asked then.
        if !filter.contains("NOT") || !["ago", "est"].iter().any(|bound| filter.contains(bound)) {
            WORLD.with(|world| world.over_rows(&format!("search {filter}"), &rows))?;
        }
    }
}
