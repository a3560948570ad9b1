//! The law of every aggregate: the whole equals the merge of its parts, for every cut, byte for byte, also
//! when parts were stored in between.

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::{Accumulator, AnyAggregate, Arrival, SPARKLINE_FUNCTIONS, find, names, sparkline};
use crate::batch::Column;
use crate::eval::Warnings;
use crate::value::{Number, Value};

/// A row: its value, its time, its group.
type Row = (Value, Option<f64>, u32);

fn single() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(vec![
            "", "a", "B", "1", "1.0", "01", "-3", "3.99", "0.1", "0.2", "1e300", "-1e300"
        ])
        .prop_map(Value::text),
        (-1000i32..1000).prop_map(|n| Value::number(f64::from(n))),
        (-1000i32..1000).prop_map(|n| Value::Number(Number::fixed(f64::from(n) / 100.0, 2))),
        any::<f64>().prop_map(Value::number),
        "[a-c]{0,3}".prop_map(Value::text),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let value = prop_oneof![
        4 => single(),
        1 => prop::collection::vec(single(), 0..4).prop_map(Value::from_values),
    ];
    // Few times, so that there are ties.
    let time = prop_oneof![4 => (0u32..6).prop_map(|time| Some(f64::from(time) / 2.0)), 1 => Just(None)];
    (value, time, 0u32..3)
}

fn run(aggregate: &dyn AnyAggregate, rows: &[Row], arrival: Arrival) -> Box<dyn Accumulator> {
    let mut states = aggregate.start();
    states.resize(3);
    let values = Column::from_values(rows.iter().map(|row| row.0.clone()).collect());
    let times =
        Column::from_values(rows.iter().map(|row| row.1.map_or(Value::Null, Value::number)).collect());
    let groups: Vec<(u32, u32)> = rows.iter().zip(0..).map(|(row, number)| (number, row.2)).collect();
    states.update(&groups, &values, Some(&times), arrival);
    states
}

/// As a part would arrive from another machine.
fn stored(aggregate: &dyn AnyAggregate, states: &dyn Accumulator) -> Box<dyn Accumulator> {
    aggregate.load(&states.save().unwrap()).unwrap()
}

fn texts(states: &dyn Accumulator) -> Vec<String> {
    states.finish(3).iter().map(|value| format!("{value:?} {}", value.to_text())).collect()
}

/// Every name once, with a percentage for the families.
fn all() -> impl Iterator<Item = (String, Box<dyn AnyAggregate>)> {
    names().map(|name| {
        let name = name.replace("<N>", "62.5");
        let aggregate = find(&name).unwrap();
        (name, aggregate)
    })
}

/// Spans and zones of sparklines: days that do not begin with an hour of UTC, or have 23 hours.
const CUTS: [(Option<&str>, &str); 4] =
    [(None, "Asia/Kathmandu"), (None, "Europe/Berlin"), (Some("7m"), "UTC"), (Some("1d"), "Asia/Kathmandu")];

/// The sparklines of all functions.
fn sparklines((span, zone): (Option<&str>, &str)) -> impl Iterator<Item = (String, Box<dyn AnyAggregate>)> {
    let span = span.map(|span| span.parse().unwrap());
    let zone = TimeZone::get(zone).unwrap();
    SPARKLINE_FUNCTIONS.into_iter().map(move |function| {
        let function = function.replace("<N>", "62.5");
        let line = sparkline(&function, span, zone.clone(), Warnings::new()).unwrap();
        (format!("sparkline of {function}, {span:?} in {zone:?}"), line)
    })
}

/// Rows some of which lie far apart: from seconds to years, around a midnight of Kathmandu in March 2024.
fn spread_row() -> impl Strategy<Value = Row> {
    (row(), 0u32..8, -20i32..20).prop_map(|((value, time, group), scale, distance)| {
        let time =
            time.map(|time| 1_709_921_700.0 + time + f64::from(distance) * 10f64.powf(f64::from(scale)));
        (value, time, group)
    })
}

fn check_all_cuts(
    aggregates: impl Iterator<Item = (String, Box<dyn AnyAggregate>)>,
    rows: &[Row],
    arrival: Arrival,
) -> Result<(), TestCaseError> {
    for (name, aggregate) in aggregates {
        let aggregate = aggregate.as_ref();
        let whole = run(aggregate, rows, arrival);
        let expected = texts(whole.as_ref());
        prop_assert_eq!(&texts(stored(aggregate, whole.as_ref()).as_ref()), &expected, "{} stored", name);
        for cut in 0..=rows.len() {
            let (left, right) = rows.split_at(cut);
            let mut merged = run(aggregate, left, arrival);
            let part = run(aggregate, right, arrival);
            merged.merge(stored(aggregate, part.as_ref()), &[0, 1, 2], arrival);
            prop_assert_eq!(&texts(merged.as_ref()), &expected, "{} cut at {}", name, cut);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whole_is_the_merge_of_two_parts(rows in prop::collection::vec(row(), 0..24), files in any::<bool>()) {
        let arrival = if files { Arrival::FileOrder } else { Arrival::SearchOrder };
        check_all_cuts(all(), &rows, arrival)?;
    }

    #[test]
    fn sparklines_are_the_merge_of_two_parts(
        rows in prop::collection::vec(spread_row(), 0..12),
        cut in prop::sample::select(CUTS.to_vec()),
    ) {
        check_all_cuts(sparklines(cut), &rows, Arrival::SearchOrder)?;
    }

    /// In whatever order rows come: what grains were put together does not show.
    #[test]
    fn sparklines_do_not_depend_on_the_order_of_rows(
        rows in prop::collection::vec(spread_row(), 0..16),
        cut in prop::sample::select(CUTS.to_vec()),
    ) {
        let mut sorted = rows.clone();
        sorted.sort_by(|a, b| a.1.partial_cmp(&b.1).unwrap());
        for (name, line) in sparklines(cut) {
            let [as_they_came, by_time] =
                [&rows, &sorted].map(|rows| texts(run(line.as_ref(), rows, Arrival::SearchOrder).as_ref()));
            prop_assert_eq!(as_they_came, by_time, "{}", name);
        }
    }

    /// Three parts, merged from the left and from the right.
    #[test]
    fn merging_is_associative(
        rows in prop::collection::vec(row(), 0..30),
        first in 0usize..30,
        second in 0usize..30,
        files in any::<bool>(),
    ) {
        let arrival = if files { Arrival::FileOrder } else { Arrival::SearchOrder };
        let (first, second) = (first.min(second).min(rows.len()), first.max(second).min(rows.len()));
        for (name, aggregate) in all() {
            let aggregate = aggregate.as_ref();
            let part = |start: usize, end: usize| run(aggregate, &rows[start..end], arrival);
            let expected = texts(run(aggregate, &rows, arrival).as_ref());
            let mut left = part(0, first);
            left.merge(part(first, second), &[0, 1, 2], arrival);
            left.merge(part(second, rows.len()), &[0, 1, 2], arrival);
            let mut tail = part(first, second);
            tail.merge(part(second, rows.len()), &[0, 1, 2], arrival);
            let mut right = part(0, first);
            right.merge(tail, &[0, 1, 2], arrival);
            prop_assert_eq!(&texts(left.as_ref()), &expected, "{} from the left", &name);
            prop_assert_eq!(&texts(right.as_ref()), &expected, "{} from the right", &name);
        }
    }
}

/// Long inputs, past every bound on what is remembered: sums' addends, distinct hashes, lists.
#[test]
fn bounds_do_not_show() {
    let rows: Vec<Row> = (0..6000_u32)
        .map(|n| (Value::number(f64::from(n * 7919 % 5003) / 7.0), Some(f64::from(n % 11)), n % 2))
        .collect();
    for (name, aggregate) in all() {
        let aggregate = aggregate.as_ref();
        let expected = texts(run(aggregate, &rows, Arrival::SearchOrder).as_ref());
        for cut in [1, 90, 1000, 2047, 2049, 3000, 4100, 5999] {
            let mut merged = run(aggregate, &rows[..cut], Arrival::SearchOrder);
            let part = run(aggregate, &rows[cut..], Arrival::SearchOrder);
            merged.merge(stored(aggregate, part.as_ref()), &[0, 1, 2], Arrival::SearchOrder);
            assert_eq!(texts(merged.as_ref()), expected, "{name} cut at {cut}");
        }
    }
}

proptest! {
    /// A window that slides has what is computed of its rows.
    #[test]
    fn windows_that_slide(rows in prop::collection::vec(row(), 1..40), size in 1usize..8) {
        for (name, aggregate) in all() {
            let Some(mut sliding) = aggregate.sliding() else { continue };
            for end in 1..=rows.len() {
                let inside = &rows[end.saturating_sub(size)..end];
                let new = &rows[end - 1].0;
                if !new.is_null() {
                    sliding.push(new);
                }
                if end > size && !rows[end - size - 1].0.is_null() {
                    sliding.pop(&rows[end - size - 1].0);
                }
                let inside: Vec<Row> = inside.iter().map(|(value, time, _)| (value.clone(), *time, 0)).collect();
                let computed = run(aggregate.as_ref(), &inside, Arrival::SearchOrder).value(0);
                let text = |value: &Value| format!("{value:?}");
                prop_assert_eq!(text(&sliding.value()), text(&computed), "{} of {:?}", name, inside);
            }
        }
    }
}
