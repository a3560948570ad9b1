//! Events become rows: the walk through JSON, and the search for literals before it.

use std::hint::black_box;
use std::io::Write;

use criterion::{Criterion, Throughput};
use speleo::batch::FieldSet;
use speleo::io::{Chunk, Needle, Prefilter, ReadOptions, chunks, discover, parse_chunk};

use super::events::events;

/// About 15 MB.
const EVENTS: u64 = 10_000;

pub fn bench(criterion: &mut Criterion) {
    let text = events(EVENTS);
    let mut file = tempfile::Builder::new().suffix(".ndjson").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let files = discover(&[file.path().display().to_string()]).unwrap();
    let chunks: Vec<Chunk> = chunks(&files, &ReadOptions::default()).collect();
    let rows = |needs: &FieldSet, prefilter: Option<&Prefilter>| -> usize {
        chunks.iter().map(|chunk| parse_chunk(black_box(chunk), needs, prefilter).batch.rows()).sum()
    };

    let mut group = criterion.benchmark_group("scan");
    group.throughput(Throughput::Bytes(text.len() as u64));
    let six = [
        "eventTime",
        "eventName",
        "eventSource",
        "errorCode",
        "userIdentity.userName",
        "requestParameters.instancesSet.items{}.imageId",
    ];
    for (name, needs) in [
        ("walk, no field", FieldSet::none()),
        ("walk, 6 fields", FieldSet::of(six)),
        ("walk, all fields", FieldSet::all()),
    ] {
        assert_eq!(rows(&needs, None), EVENTS as usize);
        group.bench_function(name, |bencher| bencher.iter(|| rows(&needs, None)));
    }
    let runs = text.matches("RunInstances").count();
    for (name, needles, found) in [
        ("filter, one literal", vec![needle("RunInstances", false)], runs),
        ("filter, any case", vec![needle("RunInstances", true)], runs),
        (
            "filter, 40 literals",
            (0..40).map(|number| needle(&format!("Create{number}Thing"), false)).collect(),
            0,
        ),
    ] {
        let prefilter = Prefilter::new(needles).unwrap();
        let needs = FieldSet::of(six);
        assert_eq!(rows(&needs, Some(&prefilter)), found);
        group.bench_function(name, |bencher| bencher.iter(|| rows(&needs, Some(&prefilter))));
    }
    group.finish();
}

fn needle(text: &str, any_case: bool) -> Needle {
    Needle { text: text.as_bytes().to_vec(), any_case }
}
