//! Where addresses are: what `iplocation` and data models find.

use std::net::IpAddr;
use std::sync::Arc;

use crate::batch::Batch;
use crate::diagnostic::Result;
use crate::exec::{Combinations, RunContext, Streaming};
use crate::knowledge::{GeoDatabase, Location};
use crate::value::{Number, Text, Value};

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

/// Looks addresses up, and sets fields to what is known of them.
pub struct Locate {
    field: Text,
    database: Arc<GeoDatabase>,
    language: Text,
    outputs: Vec<(Text, Take)>,
}

impl Locate {
    /// The names of what is known of an address; `all` of it, or the usual.
    pub fn fields(all: bool) -> impl Iterator<Item = &'static str> {
        let more: &[Output] = if all { &MORE_FIELDS } else { &[] };
        FIELDS.iter().chain(more).map(|(name, _)| *name)
    }

    /// Looks the addresses in a field up; `outputs` has names of what is known, and of the fields that they become.
    pub fn new<'n>(
        field: Text,
        database: Arc<GeoDatabase>,
        language: Text,
        outputs: impl IntoIterator<Item = (&'n str, Text)>,
    ) -> Locate {
        let take =
            |of: &str| FIELDS.iter().chain(&MORE_FIELDS).find(|(name, _)| *name == of).map(|(_, take)| *take);
        let outputs = outputs.into_iter().filter_map(|(of, name)| Some((name, take(of)?))).collect();
        Locate { field, database, language, outputs }
    }

    /// Whether it sets a field.
    pub fn sets(&self, field: &str) -> bool {
        self.outputs.iter().any(|(name, _)| name == field)
    }

    fn locate(&self, values: &[Value]) -> Option<Location> {
        let [Value::Text(text)] = values else { return None };
        let address: IpAddr = text.parse().ok()?;
        self.database.locate(address, &self.language)
    }
}

impl Streaming for Locate {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let addresses = Combinations::of(&batch, [&self.field]);
        let places: Vec<Option<Location>> = addresses.iter().map(|values| self.locate(values)).collect();
        for (field, value) in &self.outputs {
            let outcomes = places.iter().map(|place| place.as_ref().map(value)).collect();
            addresses.set(&mut batch, field, outcomes, true);
        }
        Ok(batch)
    }
}
