//! Expressions over columns, and sorting.

use std::fmt::Write;

use criterion::{Criterion, Throughput};
use speleo::batch::Batch;
use speleo::value::Value;

use super::rows::{knowledge, measure, planned, rows, scrambled};

const ROWS: usize = 200_000;

pub fn bench(criterion: &mut Criterion) {
    expressions(criterion);
    sort(criterion);
}

/// 200 distinct names over and over: dictionary-coded in every batch.
fn names() -> Vec<Batch> {
    rows(ROWS, "name", |row| Value::text(format!("Describe{}Things", row % 200)))
}

fn expressions(criterion: &mut Criterion) {
    let knowledge = knowledge(&[]);
    let twenty = (1..20).fold(String::from("eval f0=upper(name)"), |mut text, number| {
        write!(text, r#", f{number}=if(like(name, "%{number}T%"), len(name)+{number}, name."-{number}")"#)
            .unwrap();
        text
    });
    let mut group = criterion.benchmark_group("columns");
    group.throughput(Throughput::Elements(ROWS as u64));
    // Of 0 to 199 the numbers 17 and 117 have 17 in them, and so have 170 to 179; 10 to 19 are two digits after a 1.
    for (title, search, count) in [
        ("like on a dictionary", r#"where like(name, "%17%")"#, ROWS / 200 * 12),
        ("match on a dictionary", r#"where match(name, "^Desc\w+?e1[0-9]Things$")"#, ROWS / 200 * 10),
        ("eval of 20 fields", twenty.as_str(), ROWS),
    ] {
        measure(&mut group, title, count, || (planned(search, &knowledge), names()));
    }
    // A name of its own in every row: nothing can be done once for several.
    measure(&mut group, "like on distinct values", ROWS / 10, || {
        let distinct = rows(ROWS, "name", |row| Value::text(format!("Describe{row}Things")));
        (planned(r#"where like(name, "%7Things")"#, &knowledge), distinct)
    });
    let five = || {
        rows(ROWS, "list", |row| {
            Value::from_values((0..5).map(|at| Value::text(format!("v{}", row % 100 + at))))
        })
    };
    measure(&mut group, "mvexpand of 5 values", ROWS * 5, || (planned("mvexpand list", &knowledge), five()));
    group.finish();
}

fn sort(criterion: &mut Criterion) {
    let knowledge = knowledge(&[]);
    let mut group = criterion.benchmark_group("sort");
    let sizes: &[usize] = if super::large() { &[1_000_000, 10_000_000] } else { &[1_000_000] };
    for &size in sizes {
        group.throughput(Throughput::Elements(size as u64));
        let number = |row: u64| Value::number((scrambled(row) >> 20) as f64);
        let text = |row: u64| Value::text(format!("t{}", scrambled(row) % 5000));
        for (title, value) in [("numbers", &number as &dyn Fn(u64) -> Value), ("text", &text)] {
            measure(&mut group, format!("{title}, {size} rows"), size, || {
                (planned("sort 0 n", &knowledge), rows(size, "n", value))
            });
        }
    }
    group.finish();
}
