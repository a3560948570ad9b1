//! Where addresses are: a database in MaxMind's format.

use std::net::IpAddr;
use std::path::Path;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Text;

/// A geographical database.
pub struct GeoDatabase {
    reader: maxminddb::Reader<Vec<u8>>,
}

/// What is known about an address; empty where nothing is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Location {
    /// The city.
    pub city: Option<Text>,
    /// The country.
    pub country: Option<Text>,
    /// The first subdivision: state, province, region.
    pub region: Option<Text>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// The continent.
    pub continent: Option<Text>,
    /// The metropolitan area's code.
    pub metro_code: Option<u64>,
    /// The time zone's name.
    pub time_zone: Option<Text>,
}

impl GeoDatabase {
    /// Reads a database into memory.
    ///
    /// # Errors
    /// A file that cannot be read, or is no such database.
    pub fn open(path: &Path) -> Result<GeoDatabase> {
        let shown = path.display().to_string();
        let wrong = |message: String| Diagnostic::error(Code::GeoDatabase, message).in_file(&shown, None);
        let bytes =
            std::fs::read(path).map_err(|error| wrong(format!("the database cannot be read: {error}")))?;
        let reader = maxminddb::Reader::from_source(bytes)
            .map_err(|error| wrong(format!("this is no MaxMind database: {error}")))?;
        Ok(GeoDatabase { reader })
    }

    /// What is known about an address, with names in the given language, or in English where the database
    /// has none in it. In the language `code` country, region and continent are their ISO codes (Search
    /// Reference, `iplocation`).
    pub fn locate(&self, address: IpAddr, language: &str) -> Option<Location> {
        let found = self.reader.lookup(address).ok()?;
        let record: serde_json::Value = found.decode().ok()??;
        let at = |pointer: &str| record.pointer(pointer);
        let text = |pointer: &str| at(pointer).and_then(serde_json::Value::as_str).map(Text::from);
        let named = format!("names/{language}");
        let forms = match language {
            "code" => vec!["iso_code", "code", "names/en"],
            _ => vec![named.as_str(), "names/en"],
        };
        let name = |place: &str| forms.iter().find_map(|form| text(&format!("{place}/{form}")));
        Some(Location {
            city: name("/city"),
            country: name("/country"),
            region: name("/subdivisions/0"),
            latitude: at("/location/latitude").and_then(serde_json::Value::as_f64),
            longitude: at("/location/longitude").and_then(serde_json::Value::as_f64),
            continent: name("/continent"),
            metro_code: at("/location/metro_code").and_then(serde_json::Value::as_u64),
            time_zone: text("/location/time_zone"),
        })
    }
}

impl std::fmt::Debug for GeoDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GeoDatabase").field("type", &self.reader.metadata().database_type).finish()
    }
}
