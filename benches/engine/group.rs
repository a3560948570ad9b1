//! Grouping with few, many and very many groups.

use criterion::{Criterion, Throughput};
use speleo::value::Value;

use super::rows::{knowledge, planned, rows, run, scrambled};

const ROWS: usize = 1_000_000;

pub fn bench(criterion: &mut Criterion) {
    let knowledge = knowledge(&[]);
    let plan = planned("stats count by key", &knowledge);
    let mut group = criterion.benchmark_group("group");
    group.throughput(Throughput::Elements(ROWS as u64));
    for groups in [10, 10_000, 1_000_000] {
        // Every key is there: an odd factor maps the numbers below a power of ten without 2 and 5 onto themselves.
        let key = |row: u64| Value::text(format!("k{}", row.wrapping_mul(387_420_489) % groups));
        let given = rows(ROWS, "key", key);
        assert_eq!(run(&plan, &given), groups as usize);
        group.bench_function(format!("{groups} groups"), |bencher| bencher.iter(|| run(&plan, &given)));
    }
    let distinct = planned("stats dc(key) values(few)", &knowledge);
    let mut given = rows(ROWS, "key", |row| Value::text(format!("k{}", scrambled(row) % 10_000)));
    let few = rows(ROWS, "few", |row| Value::text(format!("v{}", row % 50)));
    for (batch, few) in given.iter_mut().zip(few) {
        batch.set("few".into(), few.column("few").unwrap().clone());
    }
    group.bench_function("dc and values", |bencher| bencher.iter(|| run(&distinct, &given)));
    group.finish();
}
