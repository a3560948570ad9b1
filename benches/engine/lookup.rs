//! Lookups in tables of 10^4 and 10^6 rows: what a match takes should not grow with the table.

use std::fmt::Write;

use criterion::{Criterion, Throughput};
use speleo::value::Value;

use super::rows::{knowledge, planned, rows, run, scrambled};

const ROWS: usize = 20_000;

/// A table of `size` rows: a key, what it is matched as, and what is given for it.
fn table(size: u64, key: impl Fn(u64) -> String) -> String {
    let mut text = String::from("key,label\n");
    for row in 0..size {
        writeln!(text, "{},label-{row}", key(row)).unwrap();
    }
    text
}

fn address(number: u64, last: &str) -> String {
    format!("{}.{}.{}.{last}", number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff)
}

pub fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lookup");
    group.throughput(Throughput::Elements(ROWS as u64));
    for size in [10_000_u64, 1_000_000] {
        let exact = table(size, |row| format!("key-{row}"));
        let wildcard = table(size, |row| format!("key-{row}-*"));
        let network = table(size, |row| address(row, "0/24"));
        let transforms = "[exact]\nfilename = exact.csv\n[wildcard]\nfilename = wildcard.csv\nmatch_type = WILDCARD(key)\n\
            [network]\nfilename = network.csv\nmatch_type = CIDR(key)\n";
        let knowledge = knowledge(&[
            ("lookups/exact.csv", &exact),
            ("lookups/wildcard.csv", &wildcard),
            ("lookups/network.csv", &network),
            ("lookups/transforms.conf", transforms),
        ]);
        for kind in ["exact", "wildcard", "network"] {
            let key = |row: u64| {
                let number = scrambled(row) % size;
                Value::text(match kind {
                    "exact" => format!("key-{number}"),
                    "wildcard" => format!("key-{number}-x"),
                    _ => address(number, "7"),
                })
            };
            let given = rows(ROWS, "key", key);
            let plan =
                planned(&format!("lookup {kind} key OUTPUT label | where isnotnull(label)"), &knowledge);
            assert_eq!(run(&plan, &given), ROWS);
            group.bench_function(format!("{kind}, {size} rows"), |bencher| {
                bencher.iter(|| run(&plan, &given))
            });
        }
    }
    group.finish();
}
