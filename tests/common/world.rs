//! A search run as the command line runs it: text, apps, events and a fixed now; rows and trouble out.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use speleo::batch::Batch;
use speleo::compile::compile;
use speleo::diagnostic::{Diagnostic, Sources, render};
use speleo::exec::Flow;
use speleo::io::{Format, ReadOptions, discover, write};
use speleo::knowledge::GeoDatabase;
use speleo::plan::{EventInput, RunOptions, Settings, TimeRange};
use speleo::time::parse_time_bound;

use super::App;

/// The two detections, and the two tables that the baselines keep for them.
pub const IMAGES: &str = "cloud_compute_instance_created_with_previously_unseen_image";
pub const SOURCES: &str = "cloud_provisioning_activity_from_previously_unseen_ip_address";
pub const SEEN_IMAGES: &str = "previously_seen_cloud_compute_images";
pub const SEEN_SOURCES: &str = "previously_seen_cloud_provisioning_activity_sources";

/// A path of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// All that a search is run with. The app is a folder of its own that goes with it.
pub struct World {
    pub app: App,
    pub events: Vec<String>,
    pub now: f64,
    pub range: TimeRange,
    pub geo: Option<Arc<GeoDatabase>>,
    pub threads: usize,
    pub chunk_size: usize,
}

/// What a run gave.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    /// The rows as NDJSON.
    pub ndjson: String,
    /// What was said about the run, the first line of each.
    pub said: Vec<String>,
}

impl Ran {
    /// The rows as JSON, keys in column order.
    pub fn rows(&self) -> Vec<serde_json::Value> {
        self.ndjson.lines().map(|line| serde_json::from_str(line).expect("a row is JSON")).collect()
    }

    /// One field of every row; null where a row lacks it.
    pub fn field(&self, name: &str) -> Vec<serde_json::Value> {
        self.rows().iter().map(|row| row[name].clone()).collect()
    }
}

impl World {
    /// No events, an app with nothing in it, [`super::NOW`].
    pub fn empty() -> World {
        World {
            app: App::new(&[]),
            events: Vec::new(),
            now: super::NOW,
            range: TimeRange::default(),
            geo: None,
            threads: 1,
            chunk_size: ReadOptions::default().chunk_size,
        }
    }

    /// The events of the sample, and an app with nothing in it.
    pub fn sample_events() -> World {
        World { events: vec![project("samples/cloudtrail").display().to_string()], ..World::empty() }
    }

    /// The events of the sample, and a copy of its app.
    pub fn sample() -> World {
        let world = World::sample_events();
        for file in fs::read_dir(project("samples/app/lookups")).expect("the lookups of the sample") {
            let path = file.expect("a file").path();
            let text = fs::read_to_string(&path).expect("a lookup");
            world.app.write(&format!("lookups/{}", path.file_name().expect("a name").display()), &text);
        }
        world
    }

    /// CloudTrail records, and an app with nothing in it.
    pub fn of_events(records: &[serde_json::Value]) -> World {
        let mut world = World::empty();
        let lines: Vec<String> = records.iter().map(|record| format!("{record}\n")).collect();
        world.app.write("events/events.ndjson", &lines.concat());
        world.events = vec![world.app.path("events")];
        world
    }

    /// The text of a lookup's table in the app; none when the app has no such table.
    pub fn table(&self, lookup: &str) -> Option<String> {
        self.app.read(&format!("lookups/{lookup}.csv"))
    }

    /// At another time; `now` may be written in any way that the command line takes.
    pub fn at(&mut self, now: &str) -> &mut World {
        self.now = bound(now, self.now);
        self
    }

    /// Over events from `earliest` on and before `latest`; an empty text is no bound.
    pub fn between(&mut self, earliest: &str, latest: &str) -> &mut World {
        let read = |text: &str| (!text.is_empty()).then(|| bound(text, self.now));
        self.range = TimeRange { earliest: read(earliest), latest: read(latest) };
        self
    }

    pub fn settings(&self) -> Settings {
        let events = (!self.events.is_empty()).then(|| EventInput {
            files: Arc::new(discover(&self.events).expect("events")),
            source_type: None,
            source: None,
            host: None,
            index: None,
            data_model: None,
        });
        Settings { now: self.now, range: self.range, events, geo: self.geo.clone(), ..Settings::default() }
    }

    /// Runs a shipped query; it must not fail.
    pub fn query(&self, name: &str) -> Ran {
        let path = project(&format!("queries/{name}.spl"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.search(&text)
    }

    /// Runs a search; it must not fail.
    pub fn search(&self, text: &str) -> Ran {
        self.try_search(text).unwrap_or_else(|mistakes| panic!("{text}\n{mistakes}"))
    }

    /// Runs a search.
    ///
    /// # Errors
    /// What is printed when it cannot be run.
    pub fn try_search(&self, text: &str) -> Result<Ran, String> {
        let mut sources = Sources::new();
        let shown = |mistakes: &[Diagnostic], sources: &Sources| {
            let lines: Vec<String> = mistakes.iter().map(|mistake| render(mistake, sources, false)).collect();
            lines.join("\n")
        };
        let knowledge = Arc::new(self.app.knowledge(&mut sources));
        let compiled = compile("search", text, &self.settings(), &knowledge, &mut sources)
            .map_err(|mistakes| shown(&mistakes, &sources))?;
        let mut said = compiled.notes;
        let read = ReadOptions { chunk_size: self.chunk_size, ..ReadOptions::default() };
        let options = RunOptions { threads: self.threads, read, deadline: None };
        let mut batches: Vec<Batch> = Vec::new();
        let mut run = || {
            compiled.plan.run(Vec::new(), &options, &mut |batch| {
                batches.push(batch);
                Ok(Flow::More)
            })
        };
        let ran = match self.threads {
            1 => run(),
            threads => pool(threads).install(run),
        };
        said.extend(compiled.plan.trouble());
        ran.map_err(|mistake| shown(&[mistake], &sources))?;
        let mut out = Vec::new();
        write(&batches, Format::Ndjson, &mut out, None).expect("a vector takes everything");
        let said = said.iter().map(|diagnostic| first_line(diagnostic, &sources)).collect();
        Ok(Ran { ndjson: String::from_utf8(out).expect("JSON is UTF-8"), said })
    }
}

/// Threads that are there, however few cores are.
fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
}

fn first_line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    render(diagnostic, sources, false).lines().next().unwrap_or_default().to_string()
}

fn bound(text: &str, now: f64) -> f64 {
    parse_time_bound(text, now, &Settings::default().zone).unwrap_or_else(|error| panic!("{text}: {error}"))
}
