//! Adds the rows as events to a summary index, and passes them on.
//!
//! ## Syntax
//! `collect index=<name> [addinfo=<bool>] [addtime=<bool>] [marker=<text>] [output_format=raw|hec] [file=<name>] [timeformat=<format>] [host=<text>] [source=<text>] [sourcetype=<text>] [testmode=<bool>] [spool=true] [run_in_preview=<bool>]`
//!
//! ## Description
//! The events are added to `summary/<name>.stash` in the last `--app`, or in `./speleo-app` without one, one
//! event a line: all of them, or none where they cannot be written. `--events` reads the file. `file` is another name for
//! it, in which `$timestamp$` stands for the time of the search and `$random$` for a number. With `output_format=hec` each is a JSON object
//! as the HTTP Event Collector takes it, in `summary/<name>.stash_hec`.
//!
//! The event of a row that has `_raw` is its `_raw`. That of another row is the time, what is known about the
//! search, and the fields whose names do not begin with `_`, as `name="value"` with commas between them. The
//! time is that of `info_min_time`, else `_time`, else that of the search; `addtime=false` leaves it out, and
//! `timeformat` says how it is written, by default `%m/%d/%Y %H:%M:%S %z`.
//! `addinfo=false` leaves out `info_min_time`, `info_max_time` and `info_search_time`. `host`, `source` and
//! `sourcetype` are written as `orig_host`, `orig_source` and `orig_sourcetype`, since the new event has its own. A multivalue
//! field is written as its values with blanks between them, and so are lines. `marker` ends each event.
//!
//! In a HEC object, `event` is `_raw`, with the other fields in `fields`; without `_raw` it is an object of the
//! fields. `host`, `source` and `sourcetype` are those of the row unless the option gives another.
//!
//! `run_in_preview` is about previews of searches that are not done, of which there are none. With `testmode=true` nothing is written, and `_raw` of the rows is what would have been.
//!
//! ## Examples
//!
//! ```spl
//! collect index=summary addinfo=false marker="report=\"by host\"" testmode=true | table _raw
//! ```
//! ```json in
//! {"_time": 1700000000, "host": "web", "count": 3, "tag": ["a", "b"]}
//! {"_time": 1700000060, "_raw": "link down", "host": "db"}
//! ```
//! ```json out
//! {"_raw": "11/14/2023 22:13:20 +0000, orig_host=\"web\", count=\"3\", tag=\"a b\", report=\"by host\""}
//! {"_raw": "link down, report=\"by host\""}
//! ```
//!
//! ```spl
//! collect index=summary output_format=hec sourcetype=stash testmode=true | table _raw
//! ```
//! ```json in
//! {"_time": 1700000000, "host": "web", "count": 3, "tag": ["a", "b"]}
//! {"_time": 1700000060.5, "_raw": "link down", "host": "db", "port": 1}
//! ```
//! ```json out
//! {"_raw": "{\"time\":1700000000,\"index\":\"summary\",\"host\":\"web\",\"sourcetype\":\"stash\",\"event\":{\"count\":\"3\",\"tag\":[\"a\",\"b\"]}}"}
//! {"_raw": "{\"time\":1700000060.5,\"index\":\"summary\",\"host\":\"db\",\"sourcetype\":\"stash\",\"event\":\"link down\",\"fields\":{\"port\":\"1\"}}"}
//! ```
//!
//! The rows go on as they are.
//!
//! ```spl
//! stats count BY host | collect index=hosts
//! ```
//! ```json in
//! {"host": "web"}
//! {"host": "web"}
//! ```
//! ```json out
//! {"host": "web", "count": 2}
//! ```
//!
//! ```spl
//! collect index=../summary
//! ```
//! ```error
//! error[E0404]: `../summary` is not the name of an index: it has a file in the summary/ of an app
//! ```
//!
//! ```spl
//! collect index=summary file="by_$timestamp$/x.stash"
//! ```
//! ```error
//! error[E0404]: `by_1773662400/x.stash` is not a name for a file in the summary/ of an app
//! ```
//!
//! ```spl
//! collect index=summary host=web
//! ```
//! ```error
//! error[E0207]: `host=web` is not supported with `output_format=raw`
//! ```
//!
//! ## Differences from Splunk
//! There is no index that takes the file in: a search names it with `--events`. A file of raw events has no place
//! for what they have in common, so `host`, `source` and `sourcetype` are taken with `output_format=hec` only.
//! Events of several lines become one line. The file has the index's name and grows, where Splunk's has a random name
//! and is taken in; `uselb` and `spool=false` are refused. Metrics indexes are not written.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::Command;
use super::outputlookup::columns;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::exec::{Dataset, RunContext};
use crate::knowledge::Knowledge;
use crate::parse::args::{Args, Word};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::time::strftime;
use crate::value::{Number, Text, Value};

/// `collect`
#[derive(Clone, Debug)]
pub struct Collect {
    index: Text,
    span: Span,
    /// Whether events are HEC objects.
    hec: bool,
    addinfo: bool,
    addtime: bool,
    marker: Option<Text>,
    /// The file's name, where it is not that of the index.
    file: Option<Text>,
    /// How the time is written, where it is said.
    time_format: Option<Text>,
    /// `host`, `source` and `sourcetype` of all events.
    given: [Option<Text>; 3],
    testmode: bool,
}

const GIVEN: [&str; 3] = ["host", "source", "sourcetype"];

const OPTIONS: &[&str] = &[
    "index",
    "addinfo",
    "addtime",
    "marker",
    "output_format",
    "host",
    "source",
    "sourcetype",
    "testmode",
    "spool",
    "run_in_preview",
    "file",
    "timeformat",
    "uselb",
];

/// Reads the arguments of `collect`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut index, mut marker, mut given, mut hec) = (None, None, [None, None, None], false);
    let (mut addinfo, mut addtime, mut testmode) = (None, None, false);
    let (mut file, mut time_format) = (None, None);
    while let Some((option, value)) = args.option(OPTIONS)? {
        match option {
            "index" => index = Some(value),
            "addinfo" => addinfo = Some((value.truth(option)?, value)),
            "addtime" => addtime = Some((value.truth(option)?, value)),
            "marker" => marker = Some(value),
            "testmode" => testmode = value.truth(option)?,
            "output_format" => {
                hec = match value.text.to_ascii_lowercase().as_str() {
                    "raw" => false,
                    "hec" => true,
                    _ => return Err(value.wrong(option, "raw or hec")),
                }
            }
            "file" => file = Some(value.text),
            "timeformat" => time_format = Some(value),
            "spool" if value.truth(option)? => {}
            "run_in_preview" => value.truth(option).map(drop)?,
            other => match GIVEN.iter().zip(&mut given).find(|(name, _)| **name == other) {
                Some((_, place)) => *place = Some(value),
                None => return Err(refused(option, &value, "")),
            },
        }
    }
    let Some(index) = index else { return Err(args.error("`collect` needs `index=` and a name")) };
    let of_raw = [
        ("addtime", addtime.as_ref().map(|(_, value)| value)),
        ("marker", marker.as_ref()),
        ("timeformat", time_format.as_ref()),
    ];
    let of_hec = GIVEN.into_iter().zip(given.iter().map(Option::as_ref));
    let wrong = if hec { of_raw.into_iter().find_map(set) } else { of_hec.into_iter().find_map(set) };
    if let Some((option, value)) = wrong {
        let form = if hec { " with `output_format=hec`" } else { " with `output_format=raw`" };
        return Err(refused(option, value, form));
    }
    Ok(Box::new(Collect {
        index: index.text,
        span: index.span,
        hec,
        addinfo: addinfo.map_or(!hec, |(truth, _)| truth),
        addtime: addtime.is_none_or(|(truth, _)| truth),
        marker: marker.map(|value| value.text),
        file,
        time_format: time_format.map(|value| value.text),
        given: given.map(|value| value.map(|value| value.text)),
        testmode,
    }))
}

fn set<'w>((option, value): (&'static str, Option<&'w Word>)) -> Option<(&'static str, &'w Word)> {
    value.map(|value| (option, value))
}

fn refused(option: &str, value: &Word, form: &str) -> Diagnostic {
    let message = format!("`{option}={}` is not supported{form}", value.text);
    Diagnostic::error(Code::NotSupported, message).at(value.span, "")
}

impl fmt::Display for Collect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("collect index=")?;
        write_value(f, &self.index)?;
        f.write_str(if self.hec { " output_format=hec" } else { "" })?;
        if self.addinfo == self.hec {
            write!(f, " addinfo={}", self.addinfo)?;
        }
        f.write_str(if self.addtime { "" } else { " addtime=false" })?;
        let own = [("marker", &self.marker), ("file", &self.file), ("timeformat", &self.time_format)];
        let texts = GIVEN.into_iter().zip(&self.given).chain(own);
        for (option, text) in texts {
            if let Some(text) = text {
                write!(f, " {option}=")?;
                write_value(f, text)?;
            }
        }
        f.write_str(if self.testmode { " testmode=true" } else { "" })
    }
}

impl Command for Collect {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::all()
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let (range, now) = (planner.range(), planner.settings.now);
        let ending = if self.hec { "stash_hec" } else { "stash" };
        let name =
            self.file.as_ref().map_or_else(|| format!("{}.{ending}", self.index), |file| named(file, now));
        let path = planner.knowledge.summary_path(&self.index, &name);
        let path = path.map_err(|problem| problem.at(self.span, ""))?;
        let seconds = |time: f64| Number::fixed(time, 3).to_string();
        let info = self.addinfo.then(|| {
            let earliest = seconds(range.earliest.unwrap_or(0.0));
            let latest = range.latest.map_or_else(|| "+Infinity".into(), seconds);
            [("info_min_time", earliest), ("info_max_time", latest), ("info_search_time", seconds(now))]
        });
        let knowledge = Arc::clone(planner.knowledge);
        planner.dataset(Write { command: self.clone(), path, now, info, knowledge });
        Ok(())
    }
}

/// A file's name with what stands for the time and for a number: the same search gives other names.
fn named(file: &str, now: f64) -> String {
    let random = || RandomState::new().hash_one(now.to_bits()).to_string();
    let timed = file.replace("$timestamp$", &Number::fixed(now, 0).to_string());
    if timed.contains("$random$") { timed.replace("$random$", &random()) } else { timed }
}

struct Write {
    command: Collect,
    path: PathBuf,
    now: f64,
    info: Option<[(&'static str, String); 3]>,
    knowledge: Arc<Knowledge>,
}

impl Dataset for Write {
    fn apply(&self, batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let mut all = Batch::concat(&batches);
        let columns = columns(&all);
        let event = |row: usize| {
            let event = if self.command.hec {
                self.object(&all, &columns, row)
            } else {
                self.line(&all, &columns, row, context)
            };
            event.lines().collect::<Vec<_>>().join(" ")
        };
        let events: Vec<String> = (0..all.rows()).map(event).collect();
        if self.command.testmode {
            let events = events.into_iter().map(Value::text).collect();
            all.set("_raw".into(), Column::from_values(events));
        } else if !events.is_empty() {
            let mut lines = events.join("\n");
            lines.push('\n');
            let written = self.knowledge.append_summary(&self.path, &lines);
            written.map_err(|problem| problem.at(self.command.span, ""))?;
        }
        Ok(vec![all])
    }
}

impl Write {
    /// The time of an event.
    fn time(&self, all: &Batch, row: usize) -> f64 {
        let of = |name: &str| all.get(name, row).as_number();
        of("info_min_time").or_else(|| of("_time")).unwrap_or(self.now)
    }

    /// An event as a line of a stash file.
    fn line(&self, all: &Batch, columns: &[Text], row: usize, context: &RunContext) -> String {
        let raw = all.get("_raw", row);
        let mut parts = Vec::new();
        if raw.is_null() {
            if self.command.addtime {
                let format = self.command.time_format.as_deref().unwrap_or("%m/%d/%Y %H:%M:%S %z");
                parts.extend(strftime(self.time(all, row), format, &context.eval.zone));
            }
            let info = self.info.iter().flatten();
            parts.extend(info.map(|(name, value)| format!("{name}={value}")));
            let told = |name: &str| self.info.iter().flatten().any(|(other, _)| *other == name);
            for name in columns.iter().filter(|name| !name.starts_with('_') && !told(name)) {
                let value = all.get(name, row);
                if !value.is_null() {
                    let prefix = if GIVEN.contains(&name.as_str()) { "orig_" } else { "" };
                    let value = joined(&value).replace('\\', "\\\\").replace('"', "\\\"");
                    parts.push(format!("{prefix}{name}=\"{value}\""));
                }
            }
        } else {
            parts.push(joined(&raw));
        }
        parts.extend(self.command.marker.as_ref().map(Text::to_string));
        parts.join(", ")
    }

    /// An event as a HEC object.
    fn object(&self, all: &Batch, columns: &[Text], row: usize) -> String {
        let mut object = Map::new();
        let time = Value::number(self.time(all, row)).to_text().into_owned();
        object.insert("time".into(), serde_json::from_str(&time).unwrap_or(Json::Null));
        object.insert("index".into(), self.command.index.as_str().into());
        for (name, given) in GIVEN.into_iter().zip(&self.command.given) {
            let own = all.get(name, row);
            match given {
                Some(text) => drop(object.insert(name.into(), text.as_str().into())),
                None if own.is_null() => {}
                None => drop(object.insert(name.into(), joined(&own).into())),
            }
        }
        let mut fields = Map::new();
        let info = self.info.iter().flatten();
        fields.extend(info.map(|(name, value)| ((*name).to_string(), Json::from(value.as_str()))));
        for name in columns.iter().filter(|name| !name.starts_with('_') && !GIVEN.contains(&name.as_str())) {
            match all.get(name, row).as_ref() {
                Value::Null => {}
                Value::Multi(values) => {
                    let values = values.iter().map(|value| Json::from(value.to_text().into_owned()));
                    fields.insert(name.to_string(), values.collect());
                }
                one => drop(fields.insert(name.to_string(), one.to_text().into_owned().into())),
            }
        }
        let raw = all.get("_raw", row);
        if raw.is_null() {
            object.insert("event".into(), Json::Object(fields));
        } else {
            object.insert("event".into(), joined(&raw).into());
            if !fields.is_empty() {
                object.insert("fields".into(), Json::Object(fields));
            }
        }
        Json::Object(object).to_string()
    }
}

/// A value as text, several with blanks between them.
fn joined(value: &Value) -> String {
    let texts: Vec<_> = match value {
        Value::Multi(values) => values.iter().map(Value::to_text).collect(),
        one => vec![one.to_text()],
    };
    texts.join(" ")
}
