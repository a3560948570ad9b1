//! Where a search like the shipped ones goes wrong when an engine is nearly right. The events are small and
//! the results worked out by hand.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::record::{call, launch, launch_from_template, refused};
use common::world::{IMAGES, SEEN_IMAGES, World};
use common::{App, batches};
use serde_json::{Value, json};

/// A table that knows one image since long ago.
const KNOWN: &str = "image_id,firstTimeSeen,lastTimeSeen,enough_data\nami-known,1770000000,1773000000,1\n";

/// What a table says of `ami-known` when it was first seen at a time.
fn known_since(time: &str) -> String {
    KNOWN.replace("1770000000", time)
}

fn world(table: &str, records: &[Value]) -> World {
    let world = World::of_events(records);
    world.app.write(&format!("lookups/{SEEN_IMAGES}.csv"), table);
    world
}

/// The images that the detection reports.
fn reported(table: &str, records: &[Value]) -> Vec<Value> {
    world(table, records).query(IMAGES).field("image_id")
}

#[test]
fn without_a_known_row_nothing_fires() {
    let new = launch("2026-03-16T08:00:00Z", "ada", "ami-new", &["i-01"]);
    let known = launch("2026-03-16T09:00:00Z", "ada", "ami-known", &["i-02"]);
    assert_eq!(reported(KNOWN, std::slice::from_ref(&new)), [] as [Value; 0]);
    // One known image among the launches vouches for the table.
    assert_eq!(reported(KNOWN, &[new.clone(), known.clone()]), ["ami-new"]);
    // A table that does not reach back far enough vouches for nothing.
    assert_eq!(reported(&KNOWN.replace(",1\n", ",0\n"), &[new, known]), [] as [Value; 0]);
}

#[test]
fn enough_data_is_null_on_every_row_when_no_row_is_known() {
    let world = world(
        KNOWN,
        &[
            launch("2026-03-16T08:00:00Z", "ada", "ami-new", &["i-01"]),
            launch("2026-03-16T09:00:00Z", "bob", "ami-newer", &["i-02"]),
        ],
    );
    let search = "| tstats count from datamodel=Change by All_Changes.Instance_Changes.image_id
        | rename All_Changes.Instance_Changes.* as *
        | lookup previously_seen_cloud_compute_images image_id OUTPUT enough_data
        | eventstats max(enough_data) as enough_data
        | eval verdict=case(isnull(enough_data), \"null\", enough_data=1, \"enough\", true(), \"other\")";
    assert_eq!(world.search(search).field("verdict"), ["null", "null"]);
    assert_eq!(world.search(&format!("{search} | where enough_data=1")).ndjson, "");
    assert_eq!(world.search(&format!("{search} | where NOT enough_data=1")).ndjson, "");
}

#[test]
fn a_failed_launch_counts_as_created() {
    let world = world(
        KNOWN,
        &[
            launch("2026-03-16T07:00:00Z", "ada", "ami-known", &["i-01"]),
            refused(launch("2026-03-16T08:00:00Z", "bob", "ami-new", &["i-02"])),
        ],
    );
    let search = "| tstats count from datamodel=Change where All_Changes.action=created
        by All_Changes.Instance_Changes.image_id, All_Changes.status";
    let rows = world.search(search);
    assert_eq!(rows.field("All_Changes.Instance_Changes.image_id"), ["ami-known", "ami-new"]);
    assert_eq!(rows.field("All_Changes.status"), ["success", "failure"]);
    let expected = json!({
        "firstTime": "2026-03-16T08:00:00", "user": "bob", "image_id": "ami-new", "count": 1, "dest": "unknown",
    });
    assert_eq!(world.query(IMAGES).rows(), [expected]);
}

#[test]
fn a_launch_template_gives_unknown_and_is_filtered() {
    let world = world(
        KNOWN,
        &[
            launch("2026-03-16T07:00:00Z", "ada", "ami-known", &["i-01"]),
            launch_from_template("2026-03-16T08:00:00Z", "bob", &["i-02"]),
        ],
    );
    let search = "| tstats values(All_Changes.object_id) as ids from datamodel=Change
        where All_Changes.action=created by All_Changes.Instance_Changes.image_id";
    let rows = world.search(search);
    assert_eq!(rows.field("All_Changes.Instance_Changes.image_id"), ["ami-known", "unknown"]);
    assert_eq!(rows.field("ids"), ["i-01", "i-02"]);
    assert_eq!(world.query(IMAGES).ndjson, "");
}

#[test]
fn two_instances_in_one_call_are_one_call_with_two_sorted_ids() {
    let records = [
        launch("2026-03-16T07:00:00Z", "ada", "ami-known", &["i-01"]),
        launch("2026-03-16T08:00:00Z", "bob", "ami-new", &["i-0b", "i-0a"]),
    ];
    let expected = json!({
        "firstTime": "2026-03-16T08:00:00", "user": "bob", "image_id": "ami-new", "count": 1,
        "dest": ["i-0a", "i-0b"],
    });
    assert_eq!(world(KNOWN, &records).query(IMAGES).rows(), [expected]);
}

#[test]
fn a_group_whose_image_field_is_absent_is_dropped() {
    let bucket = json!({"bucketName": "b"});
    let world = world(
        KNOWN,
        &[
            launch("2026-03-16T07:00:00Z", "ada", "ami-known", &["i-01"]),
            call("2026-03-16T08:00:00Z", "ada", "192.0.2.10", "CreateBucket", "s3", bucket, Value::Null),
        ],
    );
    let count = "| tstats count from datamodel=Change where All_Changes.action=created";
    assert_eq!(world.search(count).field("count"), [2]);
    let by_image = format!("{count} by All_Changes.Instance_Changes.image_id");
    assert_eq!(world.search(&by_image).field("count"), [1]);
    // Unless a value stands in for what is missing.
    let filled = by_image.replace("count from", "fillnull_value=none count from");
    assert_eq!(world.search(&filled).field("All_Changes.Instance_Changes.image_id"), ["ami-known", "none"]);
}

#[test]
fn times_from_a_table_compare_as_numbers() {
    let known = launch("2026-03-16T08:00:00Z", "ada", "ami-known", &["i-01"]);
    // 2001-09-09, nine digits: after -24h@h (1773576000) as text, long before it as a number.
    assert_eq!(reported(&known_since("999999999"), std::slice::from_ref(&known)), [] as [Value; 0]);
    assert_eq!(reported(&known_since("1773576000"), std::slice::from_ref(&known)), [] as [Value; 0]);
    assert_eq!(reported(&known_since("1773576000.5"), std::slice::from_ref(&known)), ["ami-known"]);
    let app = App::new(&[("lookups/times.csv", "a,b\n999,1000\n1000,999\n")]);
    let kept = |search: &str| app.run(search, Vec::new()).expect("rows");
    assert_eq!(kept("| inputlookup times.csv | where a > b"), [r#"{"a": "1000", "b": "999"}"#]);
    assert_eq!(kept("| inputlookup times.csv | search a>999"), [r#"{"a": "1000", "b": "999"}"#]);
    assert_eq!(kept("| inputlookup times.csv | stats max(a) as m"), [r#"{"m": 1000}"#]);
    assert_eq!(
        kept("| inputlookup times.csv | sort a"),
        [r#"{"a": "999", "b": "1000"}"#, r#"{"a": "1000", "b": "999"}"#]
    );
}

/// Spellings of one number: two that print alike, two that do not.
const ONES: &str = "{\"x\": \"1\"}\n{\"x\": 1}\n{\"x\": \"1.0\"}\n{\"x\": \"01\"}\n{\"x\": \"one\"}";

/// The rows that a search makes of [`ONES`], with tables at hand that know `1` and `1.0`.
fn of_ones(search: &str) -> Vec<String> {
    let app =
        App::new(&[("lookups/one.csv", "x,says\n1,whole\n"), ("lookups/tenths.csv", "x,says\n1.0,tenths\n")]);
    app.run(search, batches(ONES, usize::MAX))
        .unwrap_or_else(|mistake| panic!("{search}: {}", mistake.message))
}

/// The values of `x`, as they print.
fn xs(search: &str) -> Vec<String> {
    let rows = of_ones(&format!("{search} | table x"));
    rows.iter().map(|row| row.replace("{\"x\": ", "").replace('}', "")).collect()
}

#[test]
fn an_expression_compares_by_look() {
    let all = ["\"1\"", "1", "\"1.0\"", "\"01\""];
    assert_eq!(xs("where x=1"), all);
    assert_eq!(xs("where x==1.0"), all);
    assert_eq!(xs("where x!=1"), ["\"one\""]);
    assert_eq!(xs("where x IN (1)"), all);
    // A quoted literal is text: what prints like it equals it, whether number or field.
    assert_eq!(xs("where x=\"1\""), ["\"1\"", "1"]);
    assert_eq!(xs("where x=\"1.0\""), ["\"1.0\""]);
    assert_eq!(xs("eval y=\"1\" | where x=y"), all);
}

#[test]
fn a_search_compares_text() {
    assert_eq!(xs("search x=1"), ["\"1\"", "1"]);
    assert_eq!(xs("search x=\"1\""), ["\"1\"", "1"]);
    assert_eq!(xs("search x=1.0"), ["\"1.0\""]);
    assert_eq!(xs("search x!=1"), ["\"1.0\"", "\"01\"", "\"one\""]);
    assert_eq!(xs("search x IN (1, one)"), ["\"1\"", "1", "\"one\""]);
    // Order is by number where both sides are numbers.
    assert_eq!(xs("search x>=1"), ["\"1\"", "1", "\"1.0\"", "\"01\"", "\"one\""]);
    assert_eq!(xs("search x<2"), ["\"1\"", "1", "\"1.0\"", "\"01\""]);
}

#[test]
fn groups_are_of_text() {
    let groups = of_ones("stats count by x");
    assert_eq!(
        groups,
        [
            r#"{"x": "01", "count": 1}"#,
            r#"{"x": "1", "count": 2}"#,
            r#"{"x": "1.0", "count": 1}"#,
            r#"{"x": "one", "count": 1}"#
        ]
    );
    assert_eq!(of_ones("stats dc(x) as n"), [r#"{"n": 4}"#]);
    assert_eq!(of_ones("stats values(x) as v"), [r#"{"v": ["01", "1", "1.0", "one"]}"#]);
    assert_eq!(xs("dedup x"), ["\"1\"", "\"1.0\"", "\"01\"", "\"one\""]);
    // As numbers they are one.
    assert_eq!(of_ones("eval x=round(x) | stats count by x"), [r#"{"x": 1, "count": 4}"#]);
}

#[test]
fn keys_of_a_lookup_are_text() {
    let says = |table: &str| -> Vec<bool> {
        let rows = of_ones(&format!("lookup {table} x OUTPUT says | table says x"));
        rows.iter().map(|row| row.contains("\"says\"")).collect()
    };
    assert_eq!(says("one.csv"), [true, true, false, false, false]);
    assert_eq!(says("tenths.csv"), [false, false, true, false, false]);
}

/// AWS writes whole seconds; other writers of the same records add a fraction, and no event may be lost by it.
#[test]
fn a_time_with_a_fraction_is_read() {
    let times = ["2026-03-16T08:00:00Z", "2026-03-16T08:00:01.000Z", "2026-03-16T08:00:02.250000000Z"];
    let world = World::of_events(&times.map(|time| launch(time, "ada", "ami-known", &[])));
    let ran = world.search("* | eval seen=strftime(_time, \"%H:%M:%S.%3Q\") | table seen");
    assert_eq!(ran.field("seen"), ["08:00:02.250", "08:00:01.000", "08:00:00.000"]);
    assert_eq!(ran.said, [] as [String; 0]);
}

/// Macros are text: what one leaves of a command, or of the pipes around it, is no mistake of the search.
#[test]
fn a_macro_may_leave_nothing_between_pipes() {
    let world = World::empty();
    world.app.write(
        "macros/m.conf",
        "[nothing]\ndefinition =\n[nested]\ndefinition = `nothing`\n[piped]\ndefinition = | eval n=n+1\n\
         [ends]\ndefinition = eval n=n+1 |\n[maybe(1)]\nargs = what\ndefinition = eval n=n+1 | $what$ | eval n=n+1\n\
         [rows]\ndefinition = | makeresults\n",
    );
    let n = |middle: &str| {
        world.search(&format!("| makeresults | eval n=1 {middle} | eval n=n+10 | table n")).field("n")
    };
    for middle in
        ["| `nothing`", "|`nested`", "| `nothing` `nested` ", "| `nothing` | `nested`", "| `comment(\"x\")`"]
    {
        assert_eq!(n(middle), [11], "{middle}");
    }
    for middle in ["| `piped`", "`piped`", "| `ends`", "| `ends` | `nothing`", "| `piped` | `nothing`"] {
        assert_eq!(n(middle), [12], "{middle}");
    }
    assert_eq!(n("| `maybe(\"\")`"), [13]);
    assert_eq!(n("| append [ `rows` | `nothing` | eval n=5 ]"), [11, 15]);
    assert_eq!(world.search("| `rows` | eval n=1 | `nothing`").field("n"), [1]);
    // What was typed is a mistake, beside a macro too.
    for middle in ["| ", "| | `piped`", "| `nothing` | ", "| `piped` | "] {
        let mistake = world.try_search(&format!("| makeresults {middle} | eval n=1"));
        let typed = mistake.err().unwrap_or_else(|| panic!("{middle} is taken"));
        assert!(typed.contains("a command is missing after this pipe"), "{middle}: {typed}");
    }
}
