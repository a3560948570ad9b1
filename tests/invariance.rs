//! The same bytes come out for any number of threads and any size of the chunks that events are read in.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fs;

use common::record::launch;
use common::world::{World, project};

/// Threads, and bytes a chunk: one event at a time, a few, and files as a whole. All pairs.
const EVERY_WAY: [(usize, usize); 12] = [
    (1, 1),
    (1, 100),
    (1, 4096),
    (1, 1 << 20),
    (2, 1),
    (2, 100),
    (2, 4096),
    (2, 1 << 20),
    (4, 1),
    (4, 100),
    (4, 4096),
    (4, 1 << 20),
];

/// Every number of threads and every size at least once: for searches that read all fields of all events.
const SOME_WAYS: [(usize, usize); 5] = [(1, 100), (1, 4096), (2, 1 << 20), (4, 1), (4, 4096)];

/// Rows, what was said, and the tables that were written.
type Outcome = (String, Vec<String>, Vec<Option<String>>);

fn outcome(world: &World, search: &str) -> Outcome {
    let ran = world.search(search);
    let tables =
        world.app.files("lookups").into_iter().map(|file| world.app.read(&format!("lookups/{file}")));
    (ran.ndjson, ran.said, tables.collect())
}

/// Runs a search in so many ways, which must give the same, and rows. `world` makes a fresh one each time, so
/// that a table that one run wrote is not there for the next.
fn check(ways: &[(usize, usize)], world: impl Fn() -> World, search: &str) {
    let whole = outcome(&world(), search);
    assert_ne!(whole.0, "", "{search}: no rows, which proves nothing");
    for &(threads, chunk_size) in ways {
        let cut = outcome(&World { threads, chunk_size, ..world() }, search);
        let what = format!("{search}\non {threads} threads, {chunk_size} bytes a chunk");
        assert!(cut == whole, "{what}: {}\n{:?}\nnot {}\n{:?}", cut.0, cut.1, whole.0, whole.1);
    }
}

#[test]
fn shipped_queries() {
    for entry in fs::read_dir(project("queries")).expect("the queries") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "spl") {
            check(&EVERY_WAY, World::sample, &fs::read_to_string(&path).expect("a query"));
        }
    }
}

/// Every statistical function of a field, under a name of its own.
fn every_aggregate(field: &str) -> String {
    let names = speleo::aggregates::names().filter(|name| *name != "sparkline");
    let names = names.map(|name| name.replace("<N>", "90"));
    names.map(|name| format!("{name}({field}) as {name}_{field}")).collect::<Vec<_>>().join(", ")
}

/// Every sparkline of a field, with bins that the rows decide and with others.
fn every_sparkline(field: &str) -> String {
    let line = |name: &str| {
        let name = name.replace("<N>", "90");
        format!("sparkline({name}({field})) as {name}_line, sparkline({name}({field}), 1d) as {name}_days")
    };
    speleo::aggregates::SPARKLINE_FUNCTIONS.map(line).join(", ")
}

#[test]
fn statistics() {
    // Sevenths have no exact sum in binary, so an order of addition would show.
    let sevenths = "eval part=len(_raw)/7";
    let numbers = every_aggregate("part");
    let texts = every_aggregate("eventName");
    for search in [
        format!("* | {sevenths} | stats {numbers} by awsRegion, user"),
        format!("* | {sevenths} | stats {numbers}, {texts}"),
        format!(
            "* | {sevenths} | eventstats {} by eventName | table eventName, part_*, *_part",
            every_aggregate("part")
        ),
        format!("* | {sevenths} | stats {} by user", every_sparkline("part")),
        format!(
            "| tstats {} from datamodel=Change by All_Changes.user",
            every_aggregate("All_Changes.object_id")
        ),
    ] {
        check(&SOME_WAYS, World::sample, &search);
    }
}

#[test]
fn searches_over_events() {
    for search in [
        "*",
        "RunInstances OR \"CreateUser\" NOT Describe* | table _time, eventName, user",
        "eventName=Run* errorCode!=success | table *",
        "* | dedup eventName, user | table _time, eventName, user",
        "* | dedup 2 src sortby -eventName | table src, eventName",
        "* | dedup consecutive=t eventName | table eventName",
        "* | head 17 | table eventID",
        "* | head (eventName!=\"RunInstances\") keeplast=t | table eventID",
        "* | sort 30 eventName, -src | table eventName, src, eventID",
        "* | sort 0 - user | table *Id*, request*.*Id",
        "* | eventstats count as n, first(eventID) as newest by eventName | where n<5 | table eventName, n, newest",
        "* | fields eventName, user | head 50",
        "* | stats values(*) as * by eventName",
        "* | eval day=relative_time(_time, \"@d\") | stats list(eventID) as ids, first(eventID) as f, \
         last(eventID) as l by day",
        "| from datamodel:Change.Instance_Changes | table _time, user, image_id, object_id",
    ] {
        check(&SOME_WAYS, World::sample, search);
    }
}

/// Events of one second, in two files.
fn equal_times() -> World {
    let records = |file: &str| -> String {
        let record = |at: usize| {
            let (user, image) = (format!("user-{}", at % 3), format!("ami-{file}-{at:02}"));
            format!("{}\n", launch("2026-03-16T08:00:00Z", &user, &image, &[]))
        };
        (0..40).map(record).collect()
    };
    let world = World::of_events(&[]);
    world.app.write("events/a.ndjson", &records("a"));
    world.app.write("events/b.ndjson", &records("b"));
    world
}

#[test]
fn events_of_one_time() {
    for search in [
        "* | stats values(image_id), list(image_id), first(image_id), last(image_id), earliest(image_id), \
         latest(image_id) by user",
        "* | stats earliest(image_id), latest(image_id)",
        "* | stats earliest(image_id) as e, latest(image_id) as l by user",
        "* | eventstats earliest(image_id) as e, latest(image_id) as l by user | table image_id, e, l",
        "| tstats earliest(All_Changes.Instance_Changes.image_id) as e, latest(All_Changes.Instance_Changes.image_id) \
         as l from datamodel=Change by All_Changes.user",
        "* | dedup user | table user, image_id",
        "* | sort user | table user, image_id",
    ] {
        check(&EVERY_WAY, equal_times, search);
    }
}
