//! Expressions over columns, and sorting.

use std::fmt::Write;

use criterion::{BatchSize, Criterion, Throughput};
use speleo::batch::Batch;
use speleo::value::Value;

use super::rows::{knowledge, planned, rows, run, scrambled};

const ROWS: usize = 200_000;

pub fn bench(criterion: &mut Criterion) {
    expressions(criterion);
    sort(criterion);
}

fn expressions(criterion: &mut Criterion) {
    let knowledge = knowledge(&[]);
    // 200 distinct names; each of the columns of a batch is dictionary-coded.
    let name = |row: u64| Value::text(format!("Describe{}Things", scrambled(row) % 200));
    let names = rows(ROWS, "name", name);
    let twenty = (0..20).fold(String::from("eval f0=upper(name)"), |mut text, number| {
        write!(text, r#", g{number}=if(like(name, "%{number}T%"), len(name)+{number}, name."-{number}")"#)
            .unwrap();
        text
    });
    let mut group = criterion.benchmark_group("columns");
    group.throughput(Throughput::Elements(ROWS as u64));
    for (title, search, count) in [
        ("like on a dictionary", r#"where like(name, "%17%")"#, None),
        ("match on a dictionary", r#"where match(name, "^Desc\w+1[0-9]Things$")"#, None),
        ("eval of 20 fields", twenty.as_str(), Some(ROWS)),
    ] {
        let plan = planned(search, &knowledge);
        let found = run(&plan, &names);
        assert!(found > 0 && count.is_none_or(|count| count == found));
        group.bench_function(title, |bencher| bencher.iter(|| run(&plan, &names)));
    }
    // A name of its own in every row: nothing can be done once for several.
    let distinct = rows(ROWS, "name", |row| Value::text(format!("Describe{}Things", scrambled(row))));
    let plan = planned(r#"where like(name, "%17%")"#, &knowledge);
    group.bench_function("like on distinct values", |bencher| bencher.iter(|| run(&plan, &distinct)));
    group.finish();
}

fn sort(criterion: &mut Criterion) {
    let knowledge = knowledge(&[]);
    let mut group = criterion.benchmark_group("sort");
    let sizes: &[usize] = if super::large() { &[1_000_000, 10_000_000] } else { &[1_000_000] };
    for &size in sizes {
        group.throughput(Throughput::Elements(size as u64));
        let numbers = rows(size, "n", |row| Value::number((scrambled(row) >> 20) as f64));
        let texts = rows(size, "n", |row| Value::text(format!("t{}", scrambled(row) % 5000)));
        for (title, given) in [("numbers", &numbers), ("text", &texts)] {
            let plan = planned("sort 0 n", &knowledge);
            group.bench_function(format!("{title}, {size} rows"), |bencher| {
                bencher.iter_batched(
                    || given.clone(),
                    |given: Vec<Batch>| assert_eq!(run(&plan, &given), size),
                    BatchSize::PerIteration,
                );
            });
        }
    }
    group.finish();
}
