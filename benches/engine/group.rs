//! Grouping with few, many and very many groups.

use criterion::{Criterion, Throughput};
use speleo::value::Value;

use super::rows::{knowledge, measure, planned, rows, scrambled};

const ROWS: usize = 1_000_000;

pub fn bench(criterion: &mut Criterion) {
    let knowledge = knowledge(&[]);
    let mut group = criterion.benchmark_group("group");
    group.throughput(Throughput::Elements(ROWS as u64));
    for groups in [10, 10_000, 1_000_000] {
        // A factor that shares no divisor with a power of ten: every key is there, and neighbours are far apart.
        let key = move |row: u64| Value::text(format!("k{}", row.wrapping_mul(387_420_489) % groups));
        measure(&mut group, format!("{groups} groups"), groups as usize, || {
            (planned("stats count by key", &knowledge), rows(ROWS, "key", key))
        });
    }
    measure(&mut group, "dc and values", 1, || {
        let mut given = rows(ROWS, "key", |row| Value::text(format!("k{}", scrambled(row) % 10_000)));
        let few = rows(ROWS, "few", |row| Value::text(format!("v{}", row % 50)));
        for (batch, few) in given.iter_mut().zip(few) {
            batch.set("few".into(), few.column("few").unwrap().clone());
        }
        (planned("stats dc(key) values(few)", &knowledge), given)
    });
    group.finish();
}
