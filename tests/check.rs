//! `speleo check`: searches in files of every kind, and what of an app is not honoured.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::Folder;

/// A folder in security_content's layout.
fn content() -> Folder {
    Folder::new(&[
        ("app/macros/logins.yml", b"name: logins\ndefinition: sourcetype=logins\ndescription: where logins are\n"),
        ("app/macros/top_of.yml", b"name: top_of\narguments:\n- field\n- n\ndefinition: sort - $field$ | head $n$\n"),
        ("app/lookups/owners.yml", b"name: owners\nfilename: owners.csv\nmatch_type: WILDCARD(server)\ncase_sensitive_match: 'false'\nmin_matches: 1\ndefault_match: nobody\n"),
        ("app/lookups/owners.csv", b"server,owner\nWEB*,ada\n"),
        ("app/lookups/seen.yml", b"name: seen\ncollection: seen\nfields_list: _key, user, firstTime\n"),
        ("app/detections/web/good.yml", b"name: Good\nsearch: '`logins` | lookup owners server\n  | stats count by owner\n  | `top_of(count, 2)` | `good_filter`'\n"),
        ("app/detections/web/bad.yml", b"name: Bad\nsearch: '`logins`\n  | stats cuont by user'\n"),
        ("events.ndjson", b"{\"time\":\"2026-03-16T08:00:00Z\",\"server\":\"web1\"}\n{\"time\":\"2026-03-16T09:00:00Z\",\"server\":\"db1\"}\n"),
    ])
}

#[test]
fn a_line_for_each_search_that_fails_and_the_counts() {
    let folder = content();
    let ran = folder.run(&["check", "--app", "app", "app/detections"]);
    ran.gives(
        1,
        &[
            "app/detections/web/bad.yml:3:11 (Bad): error[E0305]: unknown statistical function `cuont`",
            "    1  E0305  unknown statistical function `cuont`",
            "2 searches: 1 parse, 1 plan",
        ],
    );
    folder
        .run(&["check", "--app", "app", "app/detections/web/good.yml"])
        .gives(0, &["1 searches: 1 parse, 1 plan"]);
    let full = folder.run(&["check", "--full", "--app", "app", "app/detections/web/bad.yml"]);
    assert!(full.out.contains("did you mean `count`?") && full.out.contains("bad.yml:3:11"), "{full:?}");
}

/// What is not run, is said where it is planned: it parses.
#[test]
fn a_command_that_is_refused_by_name_parses() {
    let folder = Folder::new(&[
        ("a.spl", b"index=a | apply model" as &[u8]),
        ("b.md", b"# Page\n\n```spl\nindex=b | wehre x\n```\n"),
        ("savedsearches.conf", b"[mine]\nsearch = index=c \\\n| head 1\n"),
    ]);
    folder.run(&["check", "."]).gives(
        1,
        &[
            "./a.spl:1:11: error[E0207]: the command `apply` is not run: it needs a model of Splunk's Machine Learning Toolkit",
            "./b.md:4:11: error[E0201]: unknown command `wehre`",
            "    1  E0201  unknown command `wehre`",
            "    1  E0207  the command `apply` is not run: it needs a model of Splunk's Machine Learning Toolkit",
            "3 searches: 2 parse, 1 plan",
        ],
    );
}

#[test]
fn settings_that_are_not_honoured_are_listed_with_their_places() {
    let folder = Folder::new(&[
        (
            "app/default/savedsearches.conf",
            b"[s]\nsearch = index=a\ncron_schedule = * * * * *\nserach = x\n" as &[u8],
        ),
        ("app/macros/m.yml", b"name: m\ndefinition: index=a\nauthor: ada\n"),
        (
            "app/default/collections.conf",
            b"[c]\nenforceTypes = true\nfield.ip = cidr\nfield.name = string\naccelerated_fields.a = {\"ip\": 1}\nreplicat = true\n",
        ),
        ("app/default/fields.conf", b"[to]\nINDEXED = true\nTOKENISER = ([^,]+)\n"),
    ]);
    folder.run(&["check", "--app", "app"]).gives(
        1,
        &[
            "app/macros/m.yml:3: the setting `author` is not honoured",
            "app/default/savedsearches.conf:4: the setting `serach` is not honoured; did you mean `search`?",
            "app/default/fields.conf:3: the setting `TOKENISER` is not honoured; did you mean `TOKENIZER`?",
            "app/default/collections.conf:2: the setting `enforceTypes` is not honoured",
            "app/default/collections.conf:3: the setting `field.ip` is not honoured",
            "app/default/collections.conf:6: the setting `replicat` is not honoured; did you mean `replicate`?",
            "6 settings are not honoured",
        ],
    );
    folder.run(&["check"]).refused().says(&["nothing to check"]);
    folder.run(&["check", "none"]).refused().says(&["`none` does not exist"]);
}

/// A pattern or a rule that cannot be read is passed over, and said.
#[test]
fn broken_patterns_of_an_app_are_listed_with_their_places() {
    let props = b"[source::(x]\na = b\n[rule::r]\nsourcetype = t\nMORE_THAN_10 = a(b\n[rule::q]\nsourcetype = t\nMORE_THAN_x = a\n";
    let folder = Folder::new(&[("app/default/props.conf", props as &[u8]), ("e.log", b"user=ada\n")]);
    let listed = folder.run(&["check", "--app", "app"]);
    let said = listed.out + &listed.err;
    for place in ["app/default/props.conf:1", "app/default/props.conf:5", "app/default/props.conf:8"] {
        assert!(said.contains(place), "{place}: {said}");
    }
    folder
        .run(&["search", "* | table user", "--app", "app", "--events", "e.log"])
        .gives(0, &[r#"{"user":"ada"}"#]);
}

#[test]
fn a_detection_is_run_from_its_yaml() {
    let folder = content();
    let run = |query: &str| {
        folder.run(&["run", query, "--app", "app", "--events", "events.ndjson", "--sourcetype", "logins"])
    };
    run("app/detections/web/good.yml")
        .gives(0, &[r#"{"owner":"ada","count":1}"#, r#"{"owner":"nobody","count":1}"#]);
    run("app/detections/web/bad.yml").refused().says(&["bad.yml:3:11", "did you mean `count`?"]);
    run("app/macros/logins.yml").refused().says(&["no search"]);
}

/// A collection that nothing was written to is an empty table, and is written beside the app's others.
#[test]
fn a_collection_is_written_when_it_does_not_exist() {
    let folder = content();
    let search = |search: &str| folder.run(&["search", search, "--app", "app"]);
    search("| inputlookup seen").gives(0, &[]).quietly();
    search("| makeresults | eval user=\"ada\", firstTime=1 | outputlookup seen | table user")
        .gives(0, &[r#"{"user":"ada"}"#]);
    search("| inputlookup seen | table user firstTime").gives(0, &[r#"{"user":"ada","firstTime":"1"}"#]);
}
