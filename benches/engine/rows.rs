//! Searches over rows that are given.

use std::cell::LazyCell;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use criterion::BenchmarkGroup;
use criterion::measurement::WallTime;
use speleo::batch::{Batch, Column};
use speleo::diagnostic::Sources;
use speleo::exec::Flow;
use speleo::knowledge::Knowledge;
use speleo::parse::{Start, parse};
use speleo::plan::{Plan, RunOptions, Settings, plan};
use speleo::value::Value;

/// Rows a batch, about what a chunk of CloudTrail gives.
pub const BATCH: usize = 1 << 13;

/// Numbers that look random and are the same every time: SplitMix64 (Steele, Lea, Flood 2014).
pub fn scrambled(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// So many rows of one field, in batches.
pub fn rows(count: usize, name: &str, value: impl Fn(u64) -> Value) -> Vec<Batch> {
    let mut batches = Vec::new();
    for start in (0..count).step_by(BATCH) {
        let values = (start..count.min(start + BATCH)).map(|row| value(row as u64)).collect::<Vec<_>>();
        let mut batch = Batch::with_rows(values.len());
        batch.set(name.into(), Column::from_values(values));
        batches.push(batch);
    }
    batches
}

/// The built-in knowledge and an app of these files.
pub fn knowledge(files: &[(&str, &str)]) -> Arc<Knowledge> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(path, text).unwrap();
    }
    // Tables are read when they are first asked for, and go with the process.
    let folder = folder.keep();
    let (knowledge, _) =
        Knowledge::load(std::slice::from_ref(&folder), &folder, &mut Sources::new()).unwrap();
    Arc::new(knowledge)
}

/// Plans a search over given rows.
pub fn planned(search: &str, knowledge: &Arc<Knowledge>) -> Plan {
    let mut sources = Sources::new();
    let id = sources.add("search", search);
    let parsed = parse(&sources, id, Start::Rows).unwrap();
    plan(&parsed, Start::Rows, &Settings::default(), knowledge, &mut sources).unwrap()
}

/// Runs a plan on one thread; how many rows came out.
pub fn run(plan: &Plan, given: &[Batch]) -> usize {
    let mut count = 0;
    let sink = &mut |batch: Batch| {
        count += batch.rows();
        Ok(Flow::More)
    };
    plan.run(given.to_vec(), &RunOptions::default(), sink).unwrap();
    count
}

/// Measures a search over given rows that must come to `count` rows. Nothing is made unless it is asked for.
pub fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    title: impl Into<String>,
    count: usize,
    make: impl Fn() -> (Plan, Vec<Batch>),
) {
    let made = LazyCell::new(|| {
        let (plan, given) = make();
        assert_eq!(run(&plan, &given), count);
        (plan, given)
    });
    group.bench_function(title.into(), |bencher| {
        let (plan, given) = &*made;
        bencher.iter(|| run(plan, given));
    });
}
