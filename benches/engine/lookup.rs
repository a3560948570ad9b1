//! Lookups in tables of 10^4 and 10^6 rows: what a match takes should not grow with the table.

use std::cell::LazyCell;
use std::fmt::Write;
use std::sync::Arc;

use criterion::{Criterion, Throughput};
use speleo::knowledge::Knowledge;
use speleo::value::Value;

use super::rows::{knowledge, measure, planned, rows, scrambled};

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

/// Three tables of this size.
fn tables(size: u64) -> Arc<Knowledge> {
    let exact = table(size, |row| format!("key-{row}"));
    let wildcard = table(size, |row| format!("key-{row}-*"));
    let network = table(size, |row| address(row, "0/24"));
    let transforms = "[exact]\nfilename = exact.csv\n[wildcard]\nfilename = wildcard.csv\n\
        match_type = WILDCARD(key)\n[network]\nfilename = network.csv\nmatch_type = CIDR(key)\n";
    knowledge(&[
        ("lookups/exact.csv", &exact),
        ("lookups/wildcard.csv", &wildcard),
        ("lookups/network.csv", &network),
        ("lookups/transforms.conf", transforms),
    ])
}

pub fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lookup");
    group.throughput(Throughput::Elements(ROWS as u64));
    for size in [10_000_u64, 1_000_000] {
        let knowledge = LazyCell::new(|| tables(size));
        for kind in ["exact", "wildcard", "network"] {
            let key = |row: u64| {
                let number = scrambled(row) % size;
                Value::text(match kind {
                    "exact" => format!("key-{number}"),
                    "wildcard" => format!("key-{number}-x"),
                    _ => address(number, "7"),
                })
            };
            measure(&mut group, format!("{kind}, {size} rows"), ROWS, || {
                let search = format!("lookup {kind} key OUTPUT label | where isnotnull(label)");
                (planned(&search, &knowledge), rows(ROWS, "key", key))
            });
        }
    }
    group.finish();
}
