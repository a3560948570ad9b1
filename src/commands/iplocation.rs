//! Adds where an address is.
//!
//! ## Syntax
//! `iplocation [prefix=<text>] [allfields=<bool>] [lang=<language>] <field>`
//!
//! ## Description
//! Looks the address in the field up in the geographical database, a file in MaxMind's format that
//! `--geoip` names, and sets `City`, `Country`, `Region`, `lat` and `lon`; with `allfields=true` also
//! `Continent`, `MetroCode` and `Timezone`. What the database does not know about the address is no value.
//! `prefix` is put before the names. Names are English, or in another language that the database has; with
//! `lang=code` country, region and continent are their ISO codes.
//!
//! A row whose address the database does not have, a private one for instance, stays as it is, and so
//! does a row with several addresses in the field: `mvexpand` parts them. Without a database nothing is added,
//! which a warning says.
//!
//! ## Examples
//!
//! ```spl
//! iplocation src
//! ```
//! ```json in
//! {"src": "192.0.2.10"}
//! {"src": "203.0.113.9"}
//! {"src": "10.0.0.1"}
//! {"src": "2001:db8:1::5"}
//! {"src": "console.amazonaws.com"}
//! ```
//! ```json out
//! {"src": "192.0.2.10", "City": "Zurich", "Country": "Switzerland", "Region": "Zurich", "lat": 47.36670, "lon": 8.55000}
//! {"src": "203.0.113.9", "Country": "Japan", "lat": 35.69000, "lon": 139.69000}
//! {"src": "10.0.0.1"}
//! {"src": "2001:db8:1::5", "City": "London", "Country": "United Kingdom", "Region": "England", "lat": 51.51420, "lon": -0.09310}
//! {"src": "console.amazonaws.com"}
//! ```
//!
//! ```spl
//! iplocation prefix=src_ allfields=t src | fields - src_l*
//! ```
//! ```json in
//! {"src": "198.51.100.7"}
//! ```
//! ```json out
//! {"src": "198.51.100.7", "src_City": "Mountain View", "src_Country": "United States", "src_Region": "California", "src_Continent": "North America", "src_MetroCode": 807, "src_Timezone": "America/Los_Angeles"}
//! ```
//!
//! ```spl
//! iplocation src lang=de | iplocation prefix=code_ lang=code src | table City, Country, code_Country, code_Region
//! ```
//! ```json in
//! {"src": "192.0.2.10"}
//! {"src": "2001:db8:1::5"}
//! ```
//! ```json out
//! {"City": "Zürich", "Country": "Schweiz", "code_Country": "CH", "code_Region": "ZH"}
//! {"City": "London", "Country": "Vereinigtes Königreich", "code_Country": "GB", "code_Region": "ENG"}
//! ```
//!
//! ```spl
//! iplocation prefix=src_
//! ```
//! ```error
//! error[E0205]: `iplocation` needs a field
//! ```
//!
//! ```spl
//! iplocation allfields=some src
//! ```
//! ```error
//! error[E0204]: `allfields` needs true or false and got `some`
//! ```

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Combinations, RunContext, Streaming};
use crate::knowledge::{GeoDatabase, Location};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::{Number, Text, Value};

/// `iplocation`
#[derive(Clone, Debug)]
pub struct IpLocation {
    field: Text,
    prefix: Text,
    all_fields: bool,
    language: Text,
}

/// The language of names when none is said.
const ENGLISH: &str = "en";

/// What a field is at a place.
type Take = fn(&Location) -> Value;

/// A field's name, and what it is.
type Output = (&'static str, Take);

/// What every row gets.
const FIELDS: [Output; 5] = [
    ("City", |place| name(&place.city)),
    ("Country", |place| name(&place.country)),
    ("Region", |place| name(&place.region)),
    ("lat", |place| degrees(place.latitude)),
    ("lon", |place| degrees(place.longitude)),
];

/// What `allfields=true` adds.
const MORE_FIELDS: [Output; 3] = [
    ("Continent", |place| name(&place.continent)),
    ("MetroCode", |place| place.metro_code.map_or(Value::Null, |code| Value::number(code as f64))),
    ("Timezone", |place| name(&place.time_zone)),
];

fn name(text: &Option<Text>) -> Value {
    text.clone().map_or(Value::Null, Value::Text)
}

/// Degrees print with five decimals, as Splunk prints them.
fn degrees(value: Option<f64>) -> Value {
    let number = value.filter(|value| value.is_finite()).map(|value| Number::fixed(value, 5));
    number.map_or(Value::Null, Value::Number)
}

/// Reads the arguments of `iplocation`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut prefix, mut all_fields, mut language) = (Text::new(), false, Text::from(ENGLISH));
    let mut field = None;
    while !args.at_end() {
        match args.option(&["prefix", "allfields", "lang"])? {
            Some(("prefix", value)) => prefix = value.text,
            Some(("allfields", value)) => all_fields = value.truth("allfields")?,
            Some((_, value)) => language = value.text,
            None if field.is_none() => field = Some(args.word("a field")?.text),
            None => break,
        }
    }
    let Some(field) = field else { return Err(args.error("`iplocation` needs a field")) };
    Ok(Box::new(IpLocation { field, prefix, all_fields, language }))
}

impl fmt::Display for IpLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("iplocation ")?;
        if !self.prefix.is_empty() {
            f.write_str("prefix=")?;
            write_name(f, &self.prefix)?;
            f.write_str(" ")?;
        }
        f.write_str(if self.all_fields { "allfields=true " } else { "" })?;
        if self.language != ENGLISH {
            f.write_str("lang=")?;
            write_name(f, &self.language)?;
            f.write_str(" ")?;
        }
        write_name(f, &self.field)
    }
}

impl Command for IpLocation {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        // A field that is there already stays where the address is not known.
        after.clone().with(&FieldSet::of([self.field.clone()]))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let Some(database) = planner.settings.geo.clone() else {
            let message = "no geographical database was named: `iplocation` adds no fields";
            let warning = Diagnostic::warning(Code::GeoMissing, message);
            planner.warnings().add(warning.help("name one in MaxMind's format: --geoip FILE.mmdb"));
            planner.note("`iplocation`: no geographical database, adds no fields");
            return Ok(());
        };
        let more: &[Output] = if self.all_fields { &MORE_FIELDS } else { &[] };
        let named = |(name, value): &Output| (Text::from(format!("{}{name}", self.prefix)), *value);
        let outputs = FIELDS.iter().chain(more).map(named);
        let outputs = outputs.filter(|(name, _)| planner.after().contains(name)).collect();
        planner.streaming(Locate { command: self.clone(), database, outputs });
        Ok(())
    }
}

struct Locate {
    command: IpLocation,
    database: Arc<GeoDatabase>,
    outputs: Vec<(Text, Take)>,
}

impl Streaming for Locate {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let addresses = Combinations::of(&batch, [&self.command.field]);
        let places: Vec<Option<Location>> = addresses.iter().map(|values| self.locate(values)).collect();
        for (field, value) in &self.outputs {
            let outcomes = places.iter().map(|place| place.as_ref().map(value)).collect();
            addresses.set(&mut batch, field, outcomes, true);
        }
        Ok(batch)
    }
}

impl Locate {
    fn locate(&self, values: &[Value]) -> Option<Location> {
        let [Value::Text(text)] = values else { return None };
        let address: IpAddr = text.parse().ok()?;
        self.database.locate(address, &self.command.language)
    }
}
