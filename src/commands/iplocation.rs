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

use super::Command;
use crate::batch::FieldSet;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::extract::Locate;
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::Text;

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
        let named = |name: &'static str| (name, Text::from(format!("{}{name}", self.prefix)));
        let outputs = Locate::fields(self.all_fields).map(named);
        let outputs: Vec<_> = outputs.filter(|(_, name)| planner.after().contains(name)).collect();
        planner.streaming(Locate::new(self.field.clone(), database, self.language.clone(), outputs));
        Ok(())
    }
}
