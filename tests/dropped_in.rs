//! Add-ons as they are found: what they lean on without defining it, and what they say in forms of their own.

mod addon;
mod program;

use addon::{app, rows};

#[test]
fn what_splunk_brings_along_is_there_for_an_add_on() {
    let files = [
        (
            "default/props.conf",
            "[s]\nSHOULD_LINEMERGE = false\nKV_MODE = none\nTRANSFORMS = syslog-host\nTRANSFORMS-strip = syslog-header-stripper-ts-host, noise\n\
            REPORT-a = own-access, syslog-extractions, tcpdump-endpoints, colon-kv, ad-kv\n",
        ),
        (
            "default/transforms.conf",
            "[own-access]\nREGEX = client [[ipv4:src_]] asks [[access-request]] [[int:code]] [[qstring:agent]] [[sbstring:place]]\n\
            [noise]\nREGEX = noise\nDEST_KEY = queue\nFORMAT = nullQueue\n",
        ),
    ];
    let events = "Mar 16 10:00:00 gate noise\n\
        Mar 16 10:00:01 gate shop[77]: client 192.0.2.7:4711 asks \"GET /a/b/c.php?x=1 HTTP/1.1\" 200 \"cli 1\" [here]\n\
        Mar 16 10:00:02 wall.example snort: 10.0.0.1:80 -> 192.0.2.9:443 TTL:64 Len: 0x1F\n\
        Mar 16 10:00:03 dir-1 objectClass=user cn=Ada L\n";
    let folder = app(&files, events);
    let fields =
        "host process pid src_ip src_port method uri_path root file uri_query version code agent place";
    let found = rows(&folder, &format!("* | reverse | head 1 | table {fields}"), &[]);
    let expected = r#"{"host":"gate","src_ip":"192.0.2.7","src_port":"4711","method":"GET","uri_path":"/a/b/c.php","root":"a","file":"c.php","uri_query":"x=1","version":"HTTP/1.1","code":"200","agent":"cli 1","place":"here"}"#;
    assert_eq!(found, [expected]);
    let found = rows(&folder, "TTL=64 | table host src_ip src_port dest_ip dest_port TTL Len _raw", &[]);
    let expected = r#"{"host":"wall.example","src_ip":"10.0.0.1","src_port":"80","dest_ip":"192.0.2.9","dest_port":"443","TTL":"64","Len":"0x1F","_raw":"snort: 10.0.0.1:80 -> 192.0.2.9:443 TTL:64 Len: 0x1F"}"#;
    assert_eq!(found, [expected]);
    // The value of the last key reaches to the end of the line.
    let found = rows(&folder, "host=dir-1 | table objectClass cn", &[]);
    assert_eq!(found, [r#"{"objectClass":"user cn=Ada L"}"#]);
}

#[test]
fn lines_of_a_web_server_are_read_as_splunk_reads_them() {
    let events = "192.0.2.1 - ada [16/Mar/2026:10:00:00 +0000] \"GET http://shop.example/a/x.php?q=1 HTTP/1.1\" 200 512 \"http://ref.example/p\" \"Mozilla/5.0 (X)\" \"sid=1\" 34ms\n\
        192.0.2.2 - - [16/Mar/2026:10:00:01 +0000] \"-\" 408 -\n\
        192.0.2.2 - - [16/Mar/2026:10:00:02 +0000] \"POST /login HTTP/1.1\" 403 7 \"-\" \"curl/8\"\n";
    let folder = program::Folder::new(&[("access.log", events.as_bytes())]);
    let fields = "sourcetype clientip user method uri_domain root file status bytes referer referer_domain useragent cookie other";
    let search = format!("status!=403 | reverse | table {fields}");
    folder.run(&["search", &search, "--events", "access.log"]).gives(
        0,
        &[
            r#"{"sourcetype":"access_combined","clientip":"192.0.2.1","user":"ada","method":"GET","uri_domain":"http://shop.example","root":"a","file":"x.php","status":"200","bytes":"512","referer":"http://ref.example/p","referer_domain":"http://ref.example","useragent":"Mozilla/5.0 (X)","cookie":"sid=1","other":" 34ms"}"#,
            r#"{"sourcetype":"access_combined","clientip":"192.0.2.2","user":"-","method":"-","status":"408","bytes":"-"}"#,
        ],
    );
}

/// An event of Windows' security log, shortened.
const LOGGED: &str = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>4688</EventID>\
    <TimeCreated SystemTime='2026-03-16T10:00:00.5Z'/><Channel>Security</Channel><Computer>ws1.example</Computer></System>\
    <EventData><Data Name='TargetUserName'>bob</Data><Data Name='NewProcessName'>C:\\x.exe</Data></EventData></Event>\n";

const WINDOWS: [(&str, &str); 2] = [
    (
        "default/props.conf",
        "[XmlWinEventLog]\nKV_MODE = none\nREPORT-xml = ta_system, ta_data\nEVAL-vendor_product = \"The add-on\"\n\
        [source::XmlWinEventLog:Security]\nFIELDALIAS-user = TargetUserName AS user\n",
    ),
    (
        "default/transforms.conf",
        "[ta_system]\nREGEX = <(\\w+)>([^<]*)</\\1>\nFORMAT = $1::$2\nMV_ADD = 1\n\
        [ta_data]\nREGEX = <Data Name='(\\w+)'>([^<]*)</Data>\nFORMAT = $1::$2\nMV_ADD = 1\n",
    ),
];

/// Each field is found once, by the add-on; an app whose event types are about other events only adds to what is built in.
#[test]
fn an_add_on_takes_the_place_of_what_is_built_in_for_its_events() {
    let types = [
        ("default/eventtypes.conf", "[ta_process]\nsearch = sourcetype=XmlWinEventLog EventID=4688\n"),
        ("default/tags.conf", "[eventtype=ta_process]\nprocess = enabled\nreport = enabled\n"),
    ];
    let run = |files: &[(&str, &str)], fields: &str| {
        let folder = app(files, LOGGED);
        let search = format!("* | table {fields}");
        let ran = folder.run(&["search", &search, "--events", "events.log", "--app", "addon"]);
        ran.quietly();
        ran.out
    };
    let fields = "source Computer user vendor_product eventtype tag process_name";
    let found = run(&[&WINDOWS[..], &types[..]].concat(), fields);
    let expected = r#"{"source":"XmlWinEventLog:Security","Computer":"ws1.example","user":"bob","vendor_product":"The add-on","eventtype":"ta_process","tag":["process","report"]}"#;
    assert_eq!(found.trim_end(), expected);
    let more =
        "[XmlWinEventLog]\nEXTRACT-more = <EventID>(?<number>\\d+)\nEVAL-vendor_product = \"The add-on\"\n";
    let others = ("default/eventtypes.conf", "[ta_process]\nsearch = sourcetype=other number=4688\n");
    for files in [&[("default/props.conf", more)][..], &[("default/props.conf", more), others, types[1]]] {
        let found = run(files, "number vendor_product process_name");
        let expected = r#"{"number":"4688","vendor_product":"The add-on","process_name":"x.exe"}"#;
        assert_eq!(found.trim_end(), expected);
    }
}

#[test]
fn names_of_fields_are_cleaned_and_a_keyword_may_be_in_any_case() {
    let files = [
        (
            "default/props.conf",
            "[s]\nKV_MODE = none\nSHOULD_LINEMERGE = false\nEXTRACT-a = on (?<_where>\\S+)\nEXTRACT-b = (?<top>/\\w+) IN where\n\
            EXTRACT-c = in (?<month>\\w+)\nREPORT-a = words, pairs, named, as_is\n",
        ),
        (
            "default/transforms.conf",
            "[words]\nDELIMS = \" \"\nFIELDS = first-word, \"second word\"\n[pairs]\nREGEX = ^(\\S+)\nFORMAT = a-b::$1\n\
            [named]\nREGEX = (?<_at>on)\n[as_is]\nCLEAN_KEYS = false\nDELIMS = \" \"\nFIELDS = x-y\n",
        ),
    ];
    let folder = app(&files, "backup on /srv/data in March\n");
    let found =
        rows(&folder, "* | table where top month first_word second_word a_b at x-y _at first-word", &[]);
    let expected = r#"{"where":"/srv/data","top":"/srv","month":"March","first_word":"backup","second_word":"on","a_b":"backup","at":"on","x-y":"backup"}"#;
    assert_eq!(found, [expected]);
}

#[test]
fn an_event_type_may_be_made_of_others_of_tags_and_of_fields() {
    let files = [
        (
            "default/eventtypes.conf",
            "[base]\nsearch = sourcetype=s kind=login\n[zeta]\nsearch = kind=login NOT user=root\n\
            [alpha]\nsearch = eventtype=base user=ada\n[deeper]\nsearch = eventtype IN (alpha, zeta) eventtype!=nothing\n\
            [other]\nsearch = NOT eventtype=base\n[tagged]\nsearch = tag=authentication OR tag::user=admin\n\
            [ring1]\nsearch = eventtype=ring2 OR x=1\n[ring2]\nsearch = eventtype=ring1 OR x=2\n\
            [kind-%kind%-of-%user%]\nsearch = sourcetype=s\n[100%]\nsearch = x=1\n",
        ),
        (
            "default/tags.conf",
            "[eventtype=alpha]\nauthentication = enabled\n[user=root]\nadmin = enabled\n[eventtype=kind-login-of-ada]\nvip = enabled\n",
        ),
    ];
    let folder = app(&files, "kind=login user=ada\nkind=login user=root\nkind=x x=1\n");
    let found = rows(&folder, "* | sort user | table user eventtype tag", &[]);
    let ada = r#"{"user":"ada","eventtype":["alpha","base","deeper","kind-login-of-ada","tagged","zeta"],"tag":["authentication","vip"]}"#;
    let root = r#"{"user":"root","eventtype":["base","kind-login-of-root","tagged"],"tag":"admin"}"#;
    assert_eq!(found, [ada, root, r#"{"eventtype":["100%","other","ring1","ring2"]}"#]);
    for (search, count) in [
        ("eventtype=deeper", 1),
        ("eventtype=tagged", 2),
        ("tag=vip", 1),
        ("eventtype=kind-login-of-*", 2),
        ("eventtype=ring2", 1),
        ("eventtype=nothing", 0),
    ] {
        let found = rows(&folder, &format!("{search} | stats count"), &[]);
        assert_eq!(found, [format!("{{\"count\":{count}}}")], "{search}");
    }
    let typed = "| makeresults | eval kind=\"login\", user=\"eve\", sourcetype=\"s\" | typer eventtypes=\"base,kind-%kind%-of-%user%\" | table eventtype";
    assert_eq!(rows(&folder, typed, &[]), [r#"{"eventtype":["base","kind-login-of-eve"]}"#]);
}

/// Each stands for all before it, twice.
#[test]
fn event_types_that_grow_without_end_are_an_error() {
    let grown = |n: usize| format!("[t{n}]\nsearch = eventtype=t{} OR eventtype=t{0}\n", n - 1);
    let types: String = (1..16).map(grown).collect();
    let folder = app(&[("default/eventtypes.conf", &format!("[t0]\nsearch = x=1\n{types}"))], "x=1\n");
    let ran = folder.run(&[
        "search",
        "eventtype=t15",
        "--events",
        "events.log",
        "--sourcetype",
        "s",
        "--app",
        "addon",
    ]);
    ran.refused().says(&["is made of too many others", "eventtypes.conf:"]);
}

#[test]
fn names_of_json_lose_their_braces_where_that_is_asked_for() {
    let props = "[s]\nKV_MODE = json\nJSON_TRIM_BRACES_IN_ARRAY_NAMES = true\nFIELDALIAS-a = items.id AS id\nEVAL-n = mvcount(tags)\n\
        [indexed]\nINDEXED_EXTRACTIONS = json\nKV_MODE = none\nJSON_TRIM_BRACES_IN_ARRAY_NAMES = true\n";
    let folder = app(&[("default/props.conf", props)], "");
    folder.write(
        "events.log",
        br#"{"time":1,"tags":["a","b"],"items":[{"id":1},{"id":2}],"deep":[{"x":[7]}],"flat":"f"}"#,
    );
    let found = rows(&folder, "tags=b items.id=2 | table id n tags items.* deep.x flat tags{}", &[]);
    let expected = r#"{"id":["1","2"],"n":2,"tags":["a","b"],"items.id":["1","2"],"deep.x":"7","flat":"f"}"#;
    assert_eq!(found, [expected]);
    let search = "deep.x=7 | table tags items.id deep*";
    let fixed = ["search", search, "--events", "events.log", "--sourcetype", "indexed", "--app", "addon"];
    folder.run(&fixed).gives(0, &[r#"{"tags":["a","b"],"items.id":["1","2"],"deep.x":"7"}"#]);
}

#[test]
fn a_field_may_hold_several_values_and_a_zone_may_have_another_name() {
    let files = [
        (
            "default/props.conf",
            "[s]\nSHOULD_LINEMERGE = false\nTIME_FORMAT = %Y-%m-%d %H:%M:%S %Z\nTZ_ALIAS = EST=GMT+10:00, LT=Europe/Berlin\n",
        ),
        (
            "default/fields.conf",
            "[to]\nTOKENIZER = (\\w[\\w.-]*@[\\w.-]+)\n[cc]\nTOKENIZER = [a-z]+\n[bad]\nTOKENIZER = (\n",
        ),
    ];
    let events = "2026-03-16 10:00:00 EST to=\"Ada <ada@x.example>, bob@y.example\" cc=\"a 1 b\"\n\
        2026-03-16 10:00:00 LT to=nobody bad=x\n";
    let folder = app(&files, events);
    let found = rows(&folder, "to=bob@y.example | table _time to cc", &[]);
    // 2026-03-16T00:00:00Z, and 09:00 there.
    assert_eq!(found, [r#"{"_time":1773619200,"to":["ada@x.example","bob@y.example"],"cc":["a","b"]}"#]);
    assert_eq!(rows(&folder, "to=nobody OR \"nobody\" | table _time to", &[]), [r#"{"_time":1773651600}"#]);
    let fixed = ["search", "* | table bad", "--events", "events.log", "--sourcetype", "s", "--app", "addon"];
    folder.run(&fixed).refused().says(&["fields.conf:6"]);
    let listed =
        app(&[("default/props.conf", "[s]\nTZ_ALIAS = EST=Nowhere\n")], "").run(&["check", "--app", "addon"]);
    assert!(listed.out.contains("props.conf:2: `EST=Nowhere` is not NAME=ZONE"), "{}", listed.out);
}

#[test]
fn records_under_a_header_behind_a_word_and_between_blanks() {
    let files = [
        (
            "default/props.conf",
            "[s]\nTIME_FORMAT = %s.%6N\nTIMESTAMP_FIELDS = ts\nTRANSFORMS-c = comments\nINDEXED_EXTRACTIONS = TSV\n\
            FIELD_HEADER_REGEX = ^#fields\\t(.*)\nFIELD_DELIMITER = \\t\nFIELD_QUOTE = \\t\nMISSING_VALUE_REGEX = ^-$\n\
            HEADER_FIELD_ACCEPTABLE_SPECIAL_CHARACTERS = .\n\
            [blanks]\nINDEXED_EXTRACTIONS = CSV\nFIELD_DELIMITER = whitespace\nDATETIME_CONFIG = CURRENT\nKV_MODE = none\n\
            [behind]\nINDEXED_EXTRACTIONS = CSV\nFIELD_HEADER_REGEX = ^names:\\s*\nDATETIME_CONFIG = CURRENT\n",
        ),
        ("default/transforms.conf", "[comments]\nREGEX = ^#\nDEST_KEY = queue\nFORMAT = nullQueue\n"),
    ];
    let log = "#separator \\x09\n#fields\tts\tid.orig_h\tnote-1\n#types\ttime\taddr\tstring\n\
        1710000000.123456\t10.0.0.1\t-\n1710000001.000000\t10.0.0.2\t\"q\n#close\t2026\n";
    let folder = app(&files, log);
    let found = rows(&folder, "* | table _time id.orig_h note_1", &[]);
    let expected = [
        r#"{"_time":1710000001,"id.orig_h":"10.0.0.2","note_1":"\"q"}"#,
        r#"{"_time":1710000000.123456,"id.orig_h":"10.0.0.1"}"#,
    ];
    assert_eq!(found, expected);
    folder.write(
        "blanks.txt",
        b"CPU    pctUser \t pctIdle\nall      1.5      \"98 2\"\n  0       2.0   97.0  \n",
    );
    folder.write("behind.txt", b"a report\nnames: a,b\n1,2\n");
    let run = |file: &str, source_type: &str, search: &str| {
        folder.run(&["search", search, "--events", file, "--sourcetype", source_type, "--app", "addon"])
    };
    run("blanks.txt", "blanks", "* | sort CPU | table CPU pctUser pctIdle").gives(
        0,
        &[
            r#"{"CPU":"0","pctUser":"2.0","pctIdle":"97.0"}"#,
            r#"{"CPU":"all","pctUser":"1.5","pctIdle":"98 2"}"#,
        ],
    );
    run("behind.txt", "behind", "* | table a b").gives(0, &[r#"{"a":"1","b":"2"}"#]);
}

/// After the specification of transforms.conf: names of metrics are those of the fields behind the event's `metric_name`.
#[test]
fn an_event_becomes_measurements() {
    let files = [
        (
            "default/props.conf",
            "[s]\nDATETIME_CONFIG = CURRENT\nKV_MODE = none\nINDEXED_EXTRACTIONS = CSV\nTRANSFORMS-name = name\n\
            METRIC-SCHEMA-TRANSFORMS = metric-schema:load, metric-schema:gone\n",
        ),
        (
            "default/transforms.conf",
            "[name]\nINGEST_EVAL = metric_name=kind, os=\"Linux\"\n\
            [metric-schema:load]\nMETRIC-SCHEMA-MEASURES-cpu = _NUMS_EXCEPT_ core\nMETRIC-SCHEMA-BLACKLIST-DIMS-cpu = os\n\
            METRIC-SCHEMA-MEASURES = pct_*\nMETRIC-SCHEMA-WHITELIST-DIMS = core, k*\nMETRIC-SCHEMA-MEASURE = x\n",
        ),
    ];
    let folder =
        app(&files, "kind,core,pct_user,pct_idle,note\ncpu,0,10,90,a\ncpu,1,20,none,b\ndisk,2,30,70,c\n");
    let run = |search: &str| {
        folder
            .run(&["search", search, "--events", "events.log", "--sourcetype", "s", "--app", "addon", "-q"])
            .out
    };
    assert_eq!(
        run("| mstats avg(cpu.pct_user) AS user max(cpu.*) AS * WHERE index=* BY core"),
        "{\"core\":\"0\",\"user\":10,\"pct_idle\":90,\"pct_user\":10}\n{\"core\":\"1\",\"user\":20,\"pct_user\":20}\n"
    );
    // No schema is named after `disk`: that without a name holds, and its names have nothing before them.
    assert_eq!(
        run("| mstats sum(_value) AS n WHERE index=* BY metric_name"),
        "{\"metric_name\":\"cpu.pct_idle\",\"n\":90}\n{\"metric_name\":\"cpu.pct_user\",\"n\":30}\n\
        {\"metric_name\":\"pct_idle\",\"n\":70}\n{\"metric_name\":\"pct_user\",\"n\":30}\n"
    );
    assert_eq!(
        run("* | sort core | table core kind os note pct_idle"),
        "{\"core\":\"0\",\"kind\":\"cpu\",\"note\":\"a\"}\n{\"core\":\"1\",\"kind\":\"cpu\",\"note\":\"b\",\"pct_idle\":\"none\"}\n\
        {\"core\":\"2\",\"kind\":\"disk\"}\n"
    );
    let listed = folder.run(&["check", "--app", "addon"]).out;
    for place in ["transforms.conf:8: the setting `METRIC-SCHEMA-MEASURE`", "props.conf:6: no app defines"] {
        assert!(listed.contains(place), "{place}: {listed}");
    }
}

/// The aliases of add-ons count on it that names in a header keep no dots (`HEADER_FIELD_ACCEPTABLE_SPECIAL_CHARACTERS`).
#[test]
fn names_in_a_header_become_words() {
    let props =
        "[s]\nINDEXED_EXTRACTIONS = TSV\nDATETIME_CONFIG = CURRENT\nFIELDALIAS-src = id_orig_h AS src\n";
    let folder = app(&[("default/props.conf", props)], "id.orig_h\tUser-Agent\n10.0.0.1\tcli\n");
    assert_eq!(rows(&folder, "* | table src User_Agent", &[]), [r#"{"src":"10.0.0.1","User_Agent":"cli"}"#]);
    folder.write(
        "iis.log",
        b"#Fields: date time c-ip cs(User-Agent)\n2026-03-16 10:00:00 192.0.2.1 Mozilla/5.0+(X)\n",
    );
    let fixed =
        ["search", "* | table src http_user_agent", "--events", "iis.log", "--sourcetype", "ms:iis:auto"];
    folder.run(&fixed).gives(0, &[r#"{"src":"192.0.2.1","http_user_agent":"Mozilla/5.0 (X)"}"#]);
    folder.write("results.csv", b"_time,a.b\n1710000000,1\n");
    folder.run(&["search", "* | table a.b", "--events", "results.csv"]).gives(0, &[r#"{"a.b":"1"}"#]);
}

/// An alias of a field that is missing is removed (props.conf, `FIELDALIAS`), but not what another field gave it.
#[test]
fn several_fields_may_have_one_alias() {
    let props = "[s]\nSHOULD_LINEMERGE = false\nFIELDALIAS-a = attack as sig, name as sig\nFIELDALIAS-b = virus as sig\n";
    let folder =
        app(&[("default/props.conf", props)], "n=1 attack=a\nn=2 name=b\nn=3 virus=c attack=a\nn=4 sig=d\n");
    let found = rows(&folder, "* | sort n | table n sig", &[]);
    let expected =
        [r#"{"n":"1","sig":"a"}"#, r#"{"n":"2","sig":"b"}"#, r#"{"n":"3","sig":"c"}"#, r#"{"n":"4"}"#];
    assert_eq!(found, expected);
}

/// What a multivalue field gives to an extraction is one text, a value a line.
#[test]
fn the_second_of_two_values_is_told_by_its_line() {
    let files = [
        (
            "default/props.conf",
            "[source::WinEventLog...]\nREPORT-0MESSAGE = wel-message, wel-eq-kv, wel-col-kv\nREPORT-MESSAGE =\n\
            [source::WinEventLog:Security]\nREPORT-user = second, first\n",
        ),
        (
            "default/transforms.conf",
            "[second]\nSOURCE_KEY = Account_Name\nREGEX = (?:(?:[^\\n]*)\\n)?([^\\n]*)\nFORMAT = user::\"$1\"\n\
            [first]\nSOURCE_KEY = Account_Name\nREGEX = ([^\\n]+)\\n\nFORMAT = src_user::\"$1\"\n",
        ),
        ("default/eventtypes.conf", "[logon]\nsearch = source=WinEventLog:Security EventCode=4624\n"),
        ("default/tags.conf", "[eventtype=logon]\nauthentication = enabled\n"),
    ];
    let event = "03/16/2026 10:00:00 AM\nLogName=Security\nEventCode=4624\nMessage=An account was logged on.\n\n\
        Subject:\n\tAccount Name:\t\tDC1$\n\nNew Logon:\n\tAccount Name:\t\tada\n";
    let folder = app(&files, event);
    let search = "* | table source EventCode Account_Name user src_user eventtype";
    let expected = r#"{"source":"WinEventLog:Security","EventCode":"4624","Account_Name":["DC1$","ada"],"user":"ada","src_user":"DC1$","eventtype":"logon"}"#;
    folder.run(&["search", search, "--events", "events.log", "--app", "addon"]).gives(0, &[expected]);
}

/// What Splunk's monitor of Windows writes is read by the table that Splunk describes (multikv.conf).
#[test]
fn a_table_of_counters_is_read_as_splunk_describes_it() {
    let events = "collection=\"CPU\"\ncategory=\"Processor\"\nobject=\"Processor\"\nname\tpct_user\tpct_idle\n_Total\t1.5\t98.2\n0\t2.0\t97.0\n";
    let props = "[PerfmonMk:CPU]\nLINE_BREAKER = (no such line)\nSHOULD_LINEMERGE = false\n";
    let folder = app(&[("default/props.conf", props)], events);
    let search = "* | sort name | table object name pct_user pct_idle";
    let fixed = ["search", search, "--events", "events.log", "--app", "addon"];
    let named = ["--sourcetype", "PerfmonMk:CPU", "--source", "PerfmonMk:CPU"];
    folder.run(&[&fixed[..], &named[..]].concat()).gives(
        0,
        &[
            r#"{"object":"Processor","name":"0","pct_user":"2.0","pct_idle":"97.0"}"#,
            r#"{"object":"Processor","name":"_Total","pct_user":"1.5","pct_idle":"98.2"}"#,
        ],
    );
}

/// What is asked for is found in an event as its own source type has it, not as that of its file has it.
#[test]
fn a_source_type_that_events_get_is_the_one_they_are_searched_by() {
    let files = [
        (
            "default/props.conf",
            "[s]\nSHOULD_LINEMERGE = false\nKV_MODE = none\nTRANSFORMS-t = typer, sourcer\n[wall]\nKV_MODE = none\n\
            REPORT-f = wall_fields\nEVAL-action = if(verdict=\"D\", \"blocked\", \"allowed\")\n\
            [source::gate:*]\nEVAL-place = \"at the gate\"\n",
        ),
        (
            "default/transforms.conf",
            "[typer]\nREGEX = %WALL\nDEST_KEY = MetaData:Sourcetype\nFORMAT = sourcetype::wall\n\
            [sourcer]\nREGEX = door (\\d)\nDEST_KEY = MetaData:Source\nFORMAT = source::gate:$1\n\
            [wall_fields]\nREGEX = %WALL (\\w) (\\S+)\nFORMAT = verdict::$1 src::$2\n",
        ),
        ("default/eventtypes.conf", "[wall_traffic]\nsearch = sourcetype=wall src=*\n"),
        ("default/tags.conf", "[eventtype=wall_traffic]\nnetwork = enabled\ncommunicate = enabled\n"),
    ];
    let folder = app(&files, "10:00 %WALL D 10.0.0.1\n10:01 other\n10:02 %WALL P 10.0.0.2\n10:03 door 7\n");
    let model = "| tstats count from datamodel=Network_Traffic by All_Traffic.src All_Traffic.action";
    let expected = [
        r#"{"All_Traffic.src":"10.0.0.1","All_Traffic.action":"blocked","count":1}"#,
        r#"{"All_Traffic.src":"10.0.0.2","All_Traffic.action":"allowed","count":1}"#,
    ];
    assert_eq!(rows(&folder, model, &[]), expected);
    for search in ["tag=network", "action=blocked OR action=allowed", "sourcetype=wall"] {
        let found = rows(&folder, &format!("{search} | stats count by sourcetype"), &[]);
        assert_eq!(found, [r#"{"sourcetype":"wall","count":2}"#], "{search}");
    }
    assert_eq!(rows(&folder, "place=\"at the gate\" | table source", &[]), [r#"{"source":"gate:7"}"#]);
}
