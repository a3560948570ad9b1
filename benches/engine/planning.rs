//! From text to plan, and the knowledge it leans on.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use criterion::Criterion;
use speleo::compile::compile;
use speleo::diagnostic::Sources;
use speleo::io::discover;
use speleo::knowledge::Knowledge;
use speleo::plan::{EventInput, Settings};
use speleo::searches;

pub fn bench(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> =
        fs::read_dir(root.join("queries")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "spl"));
    paths.sort();
    let queries: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(!queries.is_empty());
    let files = discover(&[root.join("samples/cloudtrail").display().to_string()]).unwrap();
    let events = EventInput {
        files: Arc::new(files),
        source_type: None,
        source: None,
        host: None,
        index: None,
        data_model: None,
    };
    let settings = Settings { now: 1_773_662_400.0, events: Some(events), ..Settings::default() };
    let app = root.join("samples/app");
    let load = || Arc::new(Knowledge::load(&[], &app, &mut Sources::new()).unwrap().0);
    let plan_all = |knowledge: &Arc<Knowledge>| {
        for (path, query) in paths.iter().zip(&queries) {
            let planned =
                compile(&path.display().to_string(), query, &settings, knowledge, &mut Sources::new());
            assert!(planned.is_ok(), "{}", path.display());
        }
    };

    let mut group = criterion.benchmark_group("planning");
    group.bench_function("knowledge", |bencher| bencher.iter(load));
    let knowledge = load();
    group.bench_function("all shipped queries", |bencher| bencher.iter(|| plan_all(&knowledge)));
    group.bench_function("all shipped queries, knowledge and all", |bencher| {
        bencher.iter(|| plan_all(&load()))
    });
    if let Some(folder) = std::env::var_os("SPELEO_SECURITY_CONTENT").map(PathBuf::from) {
        let knowledge =
            Arc::new(Knowledge::load(std::slice::from_ref(&folder), &app, &mut Sources::new()).unwrap().0);
        let settings = Settings { events: Some(EventInput::default()), ..settings };
        group.bench_function("all of security_content", |bencher| {
            bencher.iter(|| plan_tree(&folder, &settings, &knowledge))
        });
    }
    group.finish();
}

/// Reads, expands and plans every search of a folder that can be; how many.
fn plan_tree(folder: &Path, settings: &Settings, knowledge: &Arc<Knowledge>) -> usize {
    let mut sources = Sources::new();
    let mut planned = 0;
    for path in searches::files(&[folder.to_path_buf()]).unwrap() {
        for written in searches::read(&path, &mut sources, &mut Vec::new()).unwrap_or_default() {
            let text = sources.text(written.text);
            planned += usize::from(compile(&written.path, &text, settings, knowledge, &mut sources).is_ok());
        }
    }
    planned
}
