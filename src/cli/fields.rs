//! `speleo fields`: what fields the events have, after all that is done to them at search time.

use hashbrown::HashMap;

use super::args::RunArgs;
use super::run::{prepare, print, run_into, told, usage};
use crate::batch::{Batch, FieldMap};
use crate::compile::compile;
use crate::diagnostic::Diagnostic;
use crate::exec::Flow;
use crate::value::{Text, Value};

/// How many values are shown of a field.
const SHOWN: usize = 5;

/// A value is shown up to so many characters.
const LONGEST: usize = 60;

/// Values of a field are told apart up to so many; a field that has more of them is counted up to here.
const MOST_DISTINCT: usize = 100_000;

/// What is known of a field.
#[derive(Default)]
pub struct Tally {
    /// The events that have it.
    pub events: u64,
    values: HashMap<Text, u64, foldhash::fast::RandomState>,
    /// Whether there are values that were not told apart.
    more: bool,
}

impl Tally {
    /// Counts the values of one event.
    pub fn add(&mut self, value: &Value) {
        if value.is_null() {
            return;
        }
        self.events += 1;
        for single in value.values() {
            let text = single.to_text();
            if let Some(count) = self.values.get_mut(text.as_ref()) {
                *count += 1;
            } else if self.values.len() < MOST_DISTINCT {
                self.values.insert(text.as_ref().into(), 1);
            } else {
                self.more = true;
            }
        }
    }

    /// How many different values; with a `+` where there are more.
    fn distinct(&self) -> Value {
        let count = self.values.len();
        if self.more { Value::text(format!("{count}+")) } else { Value::number(count as f64) }
    }

    /// The values that most events have, with their numbers.
    fn top(&self) -> Value {
        let mut values: Vec<(&Text, u64)> =
            self.values.iter().map(|(value, count)| (value, *count)).collect();
        values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let shown = values.into_iter().take(SHOWN).map(|(value, count)| {
            let mut text: String = value.chars().take(LONGEST).collect();
            if text.len() < value.len() {
                text.push('…');
            }
            Value::text(format!("{text} ({count})"))
        });
        Value::from_values(shown)
    }
}

/// Shows the fields of the events.
pub fn fields(args: &RunArgs) -> u8 {
    told(args, |sources| {
        if args.events.is_empty() {
            return Err(vec![usage("`fields` needs events: --events PATH".to_string())]);
        }
        let (settings, knowledge) = prepare(args, sources)?;
        let mut compiled = compile("fields", "index=*", &settings, &knowledge, sources)?;
        compiled.plan.drop_order();
        let mut survey = Survey::default();
        run_into(&compiled.plan, args, sources, &mut |batch| {
            survey.add(&batch);
            Ok::<Flow, Diagnostic>(Flow::More)
        })?;
        print(survey.table(), args)
    })
}

/// What is known of all fields.
#[derive(Default)]
struct Survey {
    events: u64,
    fields: FieldMap<Tally>,
}

impl Survey {
    fn add(&mut self, batch: &Batch) {
        self.events += batch.rows() as u64;
        for (name, column) in batch.columns() {
            let tally = self.fields.entry(name.clone()).or_default();
            column.iter().for_each(|value| tally.add(&value));
        }
    }

    fn table(self) -> Batch {
        let mut fields: Vec<(Text, Tally)> =
            self.fields.into_iter().filter(|(_, tally)| tally.events > 0).collect();
        fields.sort_by(|a, b| b.1.events.cmp(&a.1.events).then_with(|| a.0.cmp(&b.0)));
        let names = ["field", "events", "percent", "distinct", "values"].map(Text::from);
        let percent = |tally: &Tally| (tally.events as f64 * 1000.0 / self.events as f64).round() / 10.0;
        let row = |(name, tally): &(Text, Tally)| {
            vec![
                Value::Text(name.clone()),
                Value::number(tally.events as f64),
                Value::number(percent(tally)),
                tally.distinct(),
                tally.top(),
            ]
        };
        let mut batch = Batch::from_rows(&names, fields.iter().map(row));
        batch.ordered = true;
        batch
    }
}
