//! What an app says in its files, one setting after the other, over events that are made for it.

mod addon;
mod program;

use addon::{app, rows};
use program::Folder;

fn props(props: &str, events: &str) -> Folder {
    app(&[("default/props.conf", props)], events)
}

#[test]
fn extractions_of_every_kind() {
    let props = "[s]\nKV_MODE = none\nEXTRACT-a = list=\"(?<list>[^\"]*)\"\nEXTRACT-b = ^(?<first>\\w) in list\n\
        EXTRACT-c = kv: (?<block>\\S+)\nREPORT-x = pairs, tags, any\nREPORT-y = values";
    let transforms = "[pairs]\nSOURCE_KEY = block\nDELIMS = \";\", \"=\"\nKEEP_EMPTY_VALS = true\n\
        [tags]\nREGEX = tags=(\\w+)\nFORMAT = tag_list::$1\nMV_ADD = true\n\
        [any]\nREGEX = ([\\w-]+)=(\\w+)\nFORMAT = any-$1::$2\nCLEAN_KEYS = true\n\
        [values]\nSOURCE_KEY = field:list\nDELIMS = \",\"\nFIELDS = l1, l2";
    let event = "2024-02-28T09:30:15Z id=7 list=\"a,b\" kv: x-1=one;y=two;z= tags=p tags=q\n";
    let folder = app(&[("default/props.conf", props), ("default/transforms.conf", transforms)], event);
    let found = rows(&folder, "* | table first x_1 y z tag_list any_id any_tags any_x_1 l1 l2 list", &[]);
    let expected = r#"{"first":"a","x_1":"one","y":"two","z":"","tag_list":["p","q"],"any_id":"7","any_tags":"p","any_x_1":"one","l1":"a","l2":"b","list":"a,b"}"#;
    assert_eq!(found, [expected]);
    // A literal of a value is looked for in the text before anything is extracted.
    assert_eq!(rows(&folder, "y=two tag_list=q | table y", &[]), [r#"{"y":"two"}"#]);
    assert!(rows(&folder, "y=three", &[]).is_empty());
}

#[test]
fn automatic_extraction() {
    let event = "user=ada msg=\"a \\\"b\\\" c\" <x>1</x>\n";
    let of = |mode: &str| rows(&props(&format!("[s]\nKV_MODE = {mode}"), event), "* | table user msg x", &[]);
    assert!(of("none").is_empty());
    assert_eq!(of("auto"), [r#"{"user":"ada","msg":"a \\"}"#]);
    assert_eq!(of("auto_escaped"), [r#"{"user":"ada","msg":"a \"b\" c"}"#]);
    assert_eq!(of("xml"), [r#"{"x":"1"}"#]);
    let blanks =
        |more: &str| rows(&props(&format!("[s]\n{more}"), "fruit=\" apples \"\n"), "* | table fruit", &[]);
    assert_eq!(blanks(""), [r#"{"fruit":"apples"}"#]);
    assert_eq!(blanks("KV_TRIM_SPACES = false"), [r#"{"fruit":" apples "}"#]);
}

#[test]
fn json_that_nobody_described_has_event_types_and_tags() {
    let files = [
        ("local/eventtypes.conf", "[sign_in]\nsearch = kind=login\n"),
        ("local/tags.conf", "[eventtype=sign_in]\nauthentication = enabled\n[user=ada]\nadmin = enabled\n"),
    ];
    let events = "{\"time\":1773014400,\"kind\":\"login\",\"user\":\"bob\"}\n\
        {\"time\":1773014401,\"kind\":\"logout\",\"user\":\"ada\"}\n";
    let folder = app(&files, events);
    let found = |search: &str| {
        let ran = folder.run(&["search", search, "--events", "events.log", "--app", "addon"]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
        ran.out
    };
    let tagged = "{\"user\":\"bob\",\"tag\":\"authentication\"}\n";
    assert_eq!(found("eventtype=sign_in | table user tag"), tagged);
    assert_eq!(found("tag=admin | table user eventtype"), "{\"user\":\"ada\"}\n");
    assert_eq!(found("tag=admin eventtype=sign_in | table user"), "");
}

#[test]
fn stanzas_of_sources_hosts_and_patterns() {
    let text = "[s]\nEVAL-who = \"type\"\nEVAL-own = \"type\"\n[(?::){0}s*]\nEVAL-who = \"pattern\"\nEVAL-own = \"pattern\"\n\
        EVAL-p = \"pattern\"\n[host::web*]\nEVAL-who = \"host\"\nEVAL-h = \"host\"\n[source::...events.log]\n\
        EVAL-who = \"source\"\n[source::*.log]\nEVAL-x = \"star\"\n[source::...log]\nEVAL-x = \"dots\"\n\
        [source::other.log]\nEVAL-x = \"other\"\n[host::db*]\nEVAL-h = \"db\"";
    let folder = props(text, "a\n");
    let found = rows(&folder, "* | table who own p h x", &["--host", "WEB1"]);
    assert_eq!(found, [r#"{"who":"source","own":"type","p":"pattern","h":"host","x":"star"}"#]);
    let first = props(&text.replace("[source::...log]", "[source::...log]\npriority = 5"), "a\n");
    assert_eq!(rows(&first, "* | table x", &[]), [r#"{"x":"dots"}"#]);
}

#[test]
fn local_wins_over_default_key_by_key_and_later_apps_over_earlier() {
    let files = [
        (
            "default/props.conf",
            "TZ = UTC\n[s]\nEVAL-a = \"default\"\nEVAL-b = \"default\"\nEVAL-c = \"default\"\n[default]\nEVAL-d = \"all\"",
        ),
        ("local/props.conf", "[s]\nEVAL-a = \"local\"\nEVAL-c ="),
    ];
    let folder = app(&files, "a\n");
    assert_eq!(rows(&folder, "* | table a b c d", &[]), [r#"{"a":"local","b":"default","d":"all"}"#]);
    folder.write("second/default/props.conf", b"[s]\nEVAL-a = \"second\"\n");
    let found = rows(&folder, "* | table a b", &["--app", "second"]);
    assert_eq!(found, [r#"{"a":"second","b":"default"}"#]);
}

#[test]
fn what_is_said_of_a_renamed_source_type_is_said_of_the_new_one() {
    let text = "[s]\nrename = t\nTIME_PREFIX = at=\nEVAL-a = \"old\"\n[t]\nEVAL-a = \"new\"";
    let folder = props(text, "2020-01-01T00:00:00Z at=2024-02-28T09:30:15Z\n");
    let found = rows(&folder, "sourcetype=t | table _time sourcetype a", &[]);
    assert_eq!(found, [r#"{"_time":1709112615,"sourcetype":"t","a":"new"}"#]);
}

#[test]
fn lines_and_events() {
    let raws = |text: &str, events: &str| rows(&props(text, events), "* | reverse | table _raw", &[]);
    let raw = |texts: &[&str]| -> Vec<String> {
        texts.iter().map(|text| format!("{{\"_raw\":\"{text}\"}}")).collect()
    };
    assert_eq!(raws("[s]\nSHOULD_LINEMERGE = false", "a\nb\n"), raw(&["a", "b"]));
    assert_eq!(raws("[s]\nSHOULD_LINEMERGE = false\nLINE_BREAKER = (;)", "a;b"), raw(&["a", "b"]));
    assert_eq!(raws("[s]\nSHOULD_LINEMERGE = false\nTRUNCATE = 2", "abc\n"), raw(&["ab"]));
    assert_eq!(raws("[s]\nBREAK_ONLY_BEFORE = ^#", "#1\na\n#2\n"), raw(&["#1\\na", "#2"]));
    assert_eq!(
        raws("[s]\nBREAK_ONLY_BEFORE_DATE = false\nMUST_BREAK_AFTER = end", "a\nend\nb\n"),
        raw(&["a\\nend", "b"])
    );
    assert_eq!(raws("[s]\nBREAK_ONLY_BEFORE = ^#\nMAX_EVENTS = 2", "#1\na\nb\n"), raw(&["#1\\na", "b"]));
    let dated = "2024-02-28 09:00:00 a\n  b\n2024-02-28 09:00:01 c\n";
    assert_eq!(
        raws("[s]\nKV_MODE = none", dated),
        raw(&["2024-02-28 09:00:00 a\\n  b", "2024-02-28 09:00:01 c"])
    );
}

#[test]
fn times() {
    let time = |text: &str, event: &str| {
        rows(&props(&format!("[s]\n{text}"), event), "* | table _time", &["--now", "2024-03-01"])
    };
    let then = [r#"{"_time":1709112615}"#];
    assert_eq!(time("TZ = UTC", "Feb 28 09:30:15 x\n"), then);
    assert_eq!(time("TZ = America/New_York", "2024-02-28 04:30:15 x\n"), then);
    assert_eq!(time("TIME_FORMAT = %d/%m/%y %H-%M-%S", "28/02/24 09-30-15 x\n"), then);
    assert_eq!(time("TIME_PREFIX = at=", "2020-01-01 at=2024-02-28 09:30:15\n"), then);
    assert_eq!(time("MAX_TIMESTAMP_LOOKAHEAD = 19", "2024-02-28 09:30:15.75 x\n"), then);
    assert_eq!(time("DATETIME_CONFIG = CURRENT", "2020-01-01\n"), [r#"{"_time":1709251200}"#]);
    // An event without a time has that of the one before.
    assert_eq!(time("SHOULD_LINEMERGE = false", "2024-02-28T09:30:15Z\nx\n"), [then[0], then[0]]);
    assert_eq!(
        time("SHOULD_LINEMERGE = false\nMAX_DAYS_AGO = 10", "2024-02-28T09:30:15Z\n2020-01-01\n"),
        [then[0], then[0]]
    );
}

#[test]
fn records_under_a_header() {
    let folder = props(
        "[s]\nINDEXED_EXTRACTIONS = csv\nTIMESTAMP_FIELDS = day, at",
        "user,day,at,note\nada,2024-02-28,09:30:15,\"x, y\"\n",
    );
    let found = rows(&folder, "note=*y | table _time user note", &[]);
    assert_eq!(found, [r#"{"_time":1709112615,"user":"ada","note":"x, y"}"#]);
    let psv = "[s]\nINDEXED_EXTRACTIONS = psv\nFIELD_NAMES = a, b\nMISSING_VALUE_REGEX = ^-$\nDATETIME_CONFIG = CURRENT";
    assert_eq!(rows(&props(psv, "1|-\n"), "* | table a b", &[]), [r#"{"a":"1"}"#]);
}

#[test]
fn where_an_event_is_from() {
    let files = [
        (
            "default/props.conf",
            "[s]\nSHOULD_LINEMERGE = false\nTRANSFORMS-from = h, src\n[source::app:web]\nEVAL-site = \"web\"",
        ),
        (
            "default/transforms.conf",
            "[h]\nREGEX = host=(\\w+)\nDEST_KEY = MetaData:Host\nFORMAT = host::$1\n\
            [src]\nREGEX = app=(\\w+)\nDEST_KEY = MetaData:Source\nFORMAT = source::app:$1",
        ),
    ];
    let folder = app(&files, "host=a app=web\nhost=b app=db\nplain\n");
    let found = rows(&folder, "* | reverse | table host source site", &[]);
    let expected = [
        r#"{"host":"a","source":"app:web","site":"web"}"#,
        r#"{"host":"b","source":"app:db"}"#,
        r#"{"host":"localhost","source":"events.log"}"#,
    ];
    assert_eq!(found, expected);
    assert_eq!(rows(&folder, "source=app:* host=b | table source", &[]), [r#"{"source":"app:db"}"#]);
    // What the user says holds.
    assert_eq!(rows(&folder, "host=c | stats count", &["--host", "c"]), [r#"{"count":3}"#]);
}

#[test]
fn recognition_by_path_and_by_rules() {
    let rule = "[rule::mine]\nsourcetype = mine\nMORE_THAN_60 = ^<<\nLESS_THAN_50 = never\n[mine]\nSHOULD_LINEMERGE = false";
    let folder = props(rule, "<<a\n<<b\nc\n");
    let run = |folder: &Folder| {
        let search = ["search", "* | stats count by sourcetype", "--events", "events.log", "--app", "addon"];
        folder.run(&search).out
    };
    assert_eq!(run(&folder), "{\"sourcetype\":\"mine\",\"count\":3}\n");
    let path = props("[source::...events.log]\nsourcetype = by_path", "a\n");
    assert_eq!(run(&path), "{\"sourcetype\":\"by_path\",\"count\":1}\n");
}

#[test]
fn a_broken_expression_is_a_mistake_where_something_may_come_of_it() {
    let folder = props(
        "[s]\nEXTRACT-good = (?<good>\\w+)\nEXTRACT-bad = (?<bad>[a-)\nEXTRACT-other = (?<other>x\n",
        "a\n",
    );
    assert_eq!(rows(&folder, "* | table good", &[]), [r#"{"good":"a"}"#]);
    let bad = ["search", "* | table bad", "--events", "events.log", "--sourcetype", "s", "--app", "addon"];
    folder.run(&bad).refused().says(&["error[E0304]", "addon/default/props.conf:3"]);
}

#[test]
fn the_index_is_any_where_nobody_names_one() {
    let folder = props("[s]\nSHOULD_LINEMERGE = false", "a\nb\n");
    let count =
        |search: &str, more: &[&str]| rows(&folder, &format!("{search} | stats count by index"), more);
    assert_eq!(count("index=win*", &[]), [r#"{"index":"main","count":2}"#]);
    assert_eq!(count("index=wineventlog a", &[]), [r#"{"index":"wineventlog","count":1}"#]);
    assert_eq!(count("(index=a OR index=b)", &["--index", "b"]), [r#"{"index":"b","count":2}"#]);
}

#[test]
fn fields_and_data_models_are_shown() {
    let folder = props("[s]\nSHOULD_LINEMERGE = false", "user=ada n=1\nuser=ada n=2\nuser=bob\n");
    let with = |verb: &[&str]| {
        let events = ["--events", "events.log", "--sourcetype", "s", "--app", "addon"];
        let arguments: Vec<&str> = verb.iter().chain(&events).copied().collect();
        folder.run(&arguments)
    };
    let fields = with(&["fields"]);
    assert_eq!(fields.code, Some(0), "{fields:?}");
    let user = r#"{"field":"user","events":3,"percent":100,"distinct":2,"values":["ada (2)","bob (1)"]}"#;
    let n = r#"{"field":"n","events":2,"percent":66.7,"distinct":2,"values":["1 (1)","2 (1)"]}"#;
    assert!(fields.out.contains(user) && fields.out.contains(n), "{}", fields.out);
    let model = r#"{"modelName":"M","objects":[{"objectName":"A","parentName":"BaseEvent",
        "constraints":[{"search":"user=ada"}],"fields":[{"fieldName":"n","type":"string"},{"fieldName":"gone","type":"string"}],
        "calculations":[{"calculationID":"c","calculationType":"Eval","expression":"if(n=1, \"x\", \"unknown\")",
        "outputFields":[{"fieldName":"kind","type":"string"}]}]}]}"#;
    folder.write("addon/default/data/models/M.json", model.as_bytes());
    let shown = with(&["datamodel", "M"]);
    let expected = [
        r#"{"dataset":"A","events":2}"#,
        r#"{"dataset":"A","events":2,"field":"n","filled":2,"unknown":0,"empty":0}"#,
        r#"{"dataset":"A","events":2,"field":"gone","filled":0,"unknown":0,"empty":2}"#,
        r#"{"dataset":"A","events":2,"field":"kind","filled":1,"unknown":1,"empty":0}"#,
    ];
    assert_eq!(shown.out.lines().collect::<Vec<_>>(), expected, "{shown:?}");
    let listed = folder.run(&["datamodel", "M", "--app", "addon"]);
    assert!(listed.out.contains(r#""constraint":"user=ada","fields":["n","gone","kind"]"#), "{listed:?}");
    folder.run(&["fields"]).refused().says(&["error[E0602]"]);
    folder.run(&["datamodel", "Endpiont"]).refused().says(&["did you mean `Endpoint`?"]);
}

#[test]
fn lookups_bounded_by_time_and_by_a_filter() {
    let transforms = "[lease]\nfilename = lease.csv\ntime_field = since\ntime_format = %Y-%m-%d %H:%M\nmax_offset_secs = 3600\n\
        default_match = none\nmin_matches = 1\n[all]\nfilename = lease.csv\ntime_field = since\ntime_format = %Y-%m-%d %H:%M\nmax_matches = 2\n\
        [red]\nfilename = teams.csv\nfilter = team=red OR n>5\n[bad]\nfilename = teams.csv\nfilter = (team=red";
    let files = [
        ("default/transforms.conf", transforms),
        ("default/props.conf", "[s]\nSHOULD_LINEMERGE = false"),
        (
            "lookups/lease.csv",
            "ip,user,since\n192.0.2.1,ada,2024-02-28 09:00\n192.0.2.1,bob,2024-02-28 09:20\n192.0.2.1,eve,2024-02-28 10:00\n",
        ),
        ("lookups/teams.csv", "name,team,n\nada,red,1\nbob,blue,2\neve,blue,6\n"),
    ];
    let events = "2024-02-28T09:30:00Z ip=192.0.2.1\n2024-02-28T09:10:00Z ip=192.0.2.1\n2024-02-28T12:00:00Z ip=192.0.2.1\n";
    let folder = app(&files, events);
    let found = rows(&folder, "* | reverse | lookup lease ip OUTPUT user | table user", &[]);
    assert_eq!(found, [r#"{"user":"ada"}"#, r#"{"user":"bob"}"#, r#"{"user":"none"}"#]);
    let found = rows(&folder, "* | reverse | lookup all ip OUTPUT user | table user", &[]);
    assert_eq!(found, [r#"{"user":"ada"}"#, r#"{"user":["bob","ada"]}"#, r#"{"user":["eve","bob"]}"#]);
    let search = |search: &str| folder.run(&["search", search, "--app", "addon"]);
    search("| inputlookup red | table name").gives(0, &[r#"{"name":"ada"}"#, r#"{"name":"eve"}"#]);
    search("| inputlookup bad").refused().says(&["error[E0408]", "addon/default/transforms.conf:18"]);
    // The function asks for the time of the row.
    let by_function =
        "* | reverse | eval x=lookup(\"lease\", json_object(\"ip\", ip), json_array(\"user\")) | table x";
    let found = rows(&folder, by_function, &[]);
    let users = ["ada", "bob", "none"].map(|user| format!(r#"{{"x":"{{\"user\":\"{user}\"}}"}}"#));
    assert_eq!(found, users);
    let untimed = "| makeresults | eval ip=\"192.0.2.1\" | table ip | eval x=lookup(\"all\", json_object(\"ip\", ip), \
        json_array(\"user\")) | eval found=if(isnull(x), \"no\", \"yes\") | table found";
    folder.run(&["search", untimed, "--app", "addon"]).gives(0, &[r#"{"found":"no"}"#]);
}

/// props.conf, `LOOKUP`: with `OUTPUT` the fields are always overridden, and an event that has all that is matched and
/// no entry loses them; with `OUTPUTNEW` each is written where it is not there.
#[test]
fn automatic_lookups_clear_what_they_do_not_find() {
    let files = [
        (
            "default/transforms.conf",
            "[staff]\nfilename = staff.csv\n[some]\nfilename = staff.csv\nmin_matches = 1\ndefault_match = nobody\n\
            max_matches = 1\n[lease]\nfilename = lease.csv\ntime_field = since\nmin_offset_secs = 60\nmax_offset_secs = 600\n",
        ),
        (
            "default/props.conf",
            "[s]\nSHOULD_LINEMERGE = false\nLOOKUP-1 = staff user OUTPUT team\nLOOKUP-2 = staff user OUTPUTNEW level\n\
            LOOKUP-3 = some user OUTPUT team AS first_team\nLOOKUP-4 = lease user\n",
        ),
        ("lookups/staff.csv", "user,team,level\nada,red,3\nada,blue,\neve,,\n"),
        ("lookups/lease.csv", "user,since,ip\nada,1709112600,192.0.2.1\nada,1709112000,192.0.2.2\n"),
    ];
    // 2024-02-28T09:30:15Z is 1709112615.
    let events = "2024-02-28T09:30:15Z user=ada team=old level=old\n2024-02-28T09:30:14Z user=bob team=old level=old\n\
        2024-02-28T09:30:13Z user=eve team=old level=old\n2024-02-28T09:30:12Z team=old level=old\n\
        2024-02-28T09:31:00Z user=ada\n";
    let folder = app(&files, events);
    let found = rows(&folder, "* | reverse | table user team level first_team ip", &[]);
    let expected = [
        r#"{"team":"old","level":"old","first_team":"nobody"}"#,
        // An empty cell is a match without a value.
        r#"{"user":"eve","level":"old"}"#,
        r#"{"user":"bob","level":"old","first_team":"nobody"}"#,
        // 615 seconds after one, 15 after the other.
        r#"{"user":"ada","team":["red","blue"],"level":"old","first_team":"red"}"#,
        r#"{"user":"ada","team":["red","blue"],"level":"3","first_team":"red","ip":"192.0.2.1"}"#,
    ];
    assert_eq!(found, expected);
    // What is asked of a field that is cleared is not answered by what stood there.
    assert_eq!(rows(&folder, "team=old | stats count by level", &[]), [r#"{"level":"old","count":1}"#]);
}

#[test]
fn tables_that_are_missing_or_outside_fail_only_who_asks() {
    let files = [
        (
            "default/transforms.conf",
            "[gone]\nfilename = gone.csv\n[out]\nfilename = ../../etc/passwd\n[lines]\nfilename = lines.csv",
        ),
        (
            "default/props.conf",
            "[s]\nSHOULD_LINEMERGE = false\nLOOKUP-a = gone user OUTPUT a\nLOOKUP-b = out user OUTPUT b\nLOOKUP-c = lines user OUTPUT note",
        ),
        ("lookups/lines.csv", "user,note\nada,\"one\n\"\"two\"\"\"\n"),
    ];
    let folder = app(&files, "user=ada\n");
    assert_eq!(rows(&folder, "* | table note", &[]), [r#"{"note":"one\n\"two\""}"#]);
    let search = |search: &str| {
        folder.run(&["search", search, "--events", "events.log", "--sourcetype", "s", "--app", "addon"])
    };
    search("* | table a").refused().says(&["error[E0403]", "gone.csv", "addon/default/props.conf:3"]);
    search("* | table b").refused().says(&["error[E0404]", "addon/default/props.conf:4"]);
}

#[test]
fn a_macro_that_is_defined_twice() {
    let macros = "[m]\ndefinition = user=ada\n[n]\ndefinition = x\n[m]\ndefinition = user=bob\n";
    let folder = app(&[("default/macros.conf", macros)], "user=ada\nuser=bob\n");
    let ran = folder.run(&["search", "`m` | table user", "--events", "events.log", "--app", "addon"]);
    ran.gives(0, &[r#"{"user":"bob"}"#]);
    ran.says(&["warning[W0410]: `m` is defined a second time", "addon/default/macros.conf:6", "line 2"]);
}

#[test]
fn windows_events_as_text() {
    let event = |time: &str, code: &str, message: &str| {
        format!(
            "{time}\r\nLogName=Security\r\nSourceName=Microsoft Windows security auditing.\r\nEventCode={code}\r\n\
             ComputerName=pc.example\r\nKeywords=Audit Success\r\nMessage={message}\r\n\r\n"
        )
    };
    let process = "A new process has been created.\r\n\r\nCreator Subject:\r\n\tAccount Name:\t\tada\r\n\r\n\
        Process Information:\r\n\tNew Process Name:\tC:\\Tools\\a.exe\r\n\tProcess Command Line:\ta.exe -x";
    let sign_in = "An account was successfully logged on.\r\n\r\nSubject:\r\n\tAccount Name:\t\t-\r\n\r\n\
        New Logon:\r\n\tAccount Name:\t\tbob";
    let events =
        event("03/09/2026 12:00:00 AM", "4688", process) + &event("03/09/2026 12:00:01 AM", "4624", sign_in);
    let folder = Folder::new(&[("events.log", events.as_bytes())]);
    let search = "source=WinEventLog:Security | table EventCode user process process_name";
    let ran = folder.run(&["search", search, "--events", "events.log"]);
    let expected = "{\"EventCode\":\"4624\",\"user\":\"bob\"}\n\
        {\"EventCode\":\"4688\",\"user\":\"ada\",\"process\":\"a.exe -x\",\"process_name\":\"a.exe\"}\n";
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), expected, ""));
}
