//! Add-ons as they are: what they do to events while these are indexed, and what in them cannot be used.

mod addon;
mod program;

use addon::{app, rows};
use program::Folder;

#[test]
fn every_setting_of_splunk_is_honoured_or_listed() {
    let known = "[s]\nSHOULD_LINEMERGE = false\nCHARSET = UTF-8\nTRANSFORMS-q = drop\nMETRICS_PROTOCOL = statsd\n\
        SEGMENTATION = none\nunarchive_cmd = gzip\nforce_local_processing = true\nSTATSD-DIM-TRANSFORMS = x\n\
        PREFIX_SOURCETYPE = true\nCHECK_FOR_HEADER = false\nHEADER_MODE = always\n[t]\nCHARSET = VISCII\n\
        KV_TRIM_SPACE = false\nREPORT-x = nothing, drop\nFIELDALIAS-x = a b\n[source::(]\nTZ = UTC\n";
    let transforms = "[drop]\nREGEX = ^drop\nDEST_KEY = queue\nFORMAT = nullQueue\nWRITE_META = true\n\
        [route]\nREGEX = .\nDEST_KEY = _TCP_ROUTING\nFORMAT = others\n[own]\nREGEX = .\nDEST_KEY = my_key\nFORMAT = x\n\
        [accepted_keys]\nmine = my_key\n[statsd-dims:x]\nREGEX = (?<a>.)\n";
    let files = [("default/props.conf", known), ("default/transforms.conf", transforms)];
    let folder = app(&files, "user=ada\n");
    assert_eq!(rows(&folder, "* | table user", &[]), [r#"{"user":"ada"}"#]);
    let listed = folder.run(&["check", "--app", "addon"]);
    let said = listed.out.lines().map(|line| line.replace("addon/default/", "")).collect::<Vec<_>>();
    let expected = [
        "transforms.conf:12: the setting `DEST_KEY` is not honoured",
        "transforms.conf:16: the stanza `statsd-dims:x` is not honoured",
        "props.conf:5: the setting `METRICS_PROTOCOL` is not honoured",
        "props.conf:9: the setting `STATSD-DIM-TRANSFORMS` is not honoured",
        "props.conf:12: the setting `HEADER_MODE` is not honoured",
        "props.conf:15: the setting `KV_TRIM_SPACE` is not honoured; did you mean `KV_TRIM_SPACES`?",
        "props.conf:14: no text is read in the encoding `VISCII`; the events are read as UTF-8",
        "props.conf:16: no app defines the field transform `nothing`",
        "props.conf:17: `a b` is not FIELD AS ALIAS",
        "props.conf:18: the regular expression `(?s)\\A(?:()\\z` does not compile: opening parenthesis without closing parenthesis",
    ];
    let found: Vec<&str> = said.iter().map(String::as_str).take(expected.len()).collect();
    assert_eq!(found, expected);
    assert_eq!(said.last().map(String::as_str), Some("10 settings are not honoured"));
}

#[test]
fn what_is_done_to_events_while_they_are_indexed() {
    let files = [
        (
            "default/props.conf",
            "[s]\nSHOULD_LINEMERGE = false\nSEDCMD-a = s/pin=\\d+/pin=#/g y/~/-/\nTRANSFORMS-a = drop, keep\n\
            TRANSFORMS-b = to_index, fields, all, fallback, mask, copy\nRULESET-z = ruled, stopped, never\n\
            [copied]\nSEDCMD-x = s/user=\\w+/user=?/\n",
        ),
        (
            "default/transforms.conf",
            "[drop]\nREGEX = ^(debug|trace)\nDEST_KEY = queue\nFORMAT = nullQueue\n\
            [keep]\nREGEX = keep\nDEST_KEY = queue\nFORMAT = indexQueue\n\
            [to_index]\nREGEX = level=(\\w+)\nDEST_KEY = _MetaData:Index\nFORMAT = idx_$1\n\
            [fields]\nREGEX = zone=(\\S+) team=(\\S+)\nFORMAT = site::\"$1 ($2)\"\nWRITE_META = true\n\
            [all]\nREGEX = id=(\\d+)\nFORMAT = ids::$1\nREPEAT_MATCH = true\nWRITE_META = true\n\
            [fallback]\nREGEX = zone=(\\w)\nDEST_KEY = _meta\nFORMAT = $0 z::$1\nDEFAULT_VALUE = none\n\
            [mask]\nREGEX = ^(.*)card=\\d+(\\d\\d)(.*)$\nDEST_KEY = _raw\nFORMAT = $1card=xx$2$3\n\
            [copy]\nREGEX = audit\nCLONE_SOURCETYPE = copied\nDEST_KEY = MetaData:Host\nFORMAT = host::vault\n\
            [ruled]\nINGEST_EVAL = length=len(_raw), length:=length+1, big[int]=length/2, twice=mvappend(\"a\",\"b\")\n\
            [stopped]\nSTOP_PROCESSING_IF = match(_raw, \"user=bob\")\n\
            [never]\nINGEST_EVAL = late=if(isnull('z'), \"no\", $field:z$ . \"!\")\n",
        ),
    ];
    let events = "debug user=eve\ntrace keep user=ann\nlevel=high user=ada pin=12 pin=34 zone=x team=red a~b\n\
        id=1 id=2 user=bob card=4444333322221111\naudit user=cy\n";
    let folder = app(&files, events);
    let found = rows(&folder, "* | reverse | table sourcetype index host user site ids z late _raw", &[]);
    let expected = [
        r#"{"sourcetype":"s","index":"main","host":"localhost","user":"ann","z":"none","late":"none!","_raw":"trace keep user=ann"}"#,
        r##"{"sourcetype":"s","index":"idx_high","host":"localhost","user":"ada","site":"x (red)","z":"x","late":"x!","_raw":"level=high user=ada pin=# pin=# zone=x team=red a-b"}"##,
        r#"{"sourcetype":"s","index":"main","host":"localhost","user":"bob","ids":["1","2"],"z":"none","_raw":"id=1 id=2 user=bob card=xx11"}"#,
        r#"{"sourcetype":"copied","index":"main","host":"vault","user":"?","z":"none","_raw":"audit user=?"}"#,
        r#"{"sourcetype":"s","index":"main","host":"localhost","user":"cy","z":"none","late":"none!","_raw":"audit user=cy"}"#,
    ];
    assert_eq!(found, expected);
    let lengths = rows(&folder, "user=cy | table length big twice", &[]);
    assert_eq!(lengths, [r#"{"length":14,"big":7,"twice":["a","b"]}"#]);
    // What stands in no event as it is read is found all the same.
    assert_eq!(rows(&folder, "site=\"x (red)\" | stats count", &[]), [r#"{"count":1}"#]);
    assert_eq!(rows(&folder, "\"card=xx11\" index=main | stats count", &[]), [r#"{"count":1}"#]);
    // What the user says of the index and the host holds.
    let given = rows(&folder, "index=own host=here | stats count", &["--index", "own", "--host", "here"]);
    assert_eq!(given, [r#"{"count":5}"#]);
}

#[test]
fn json_that_is_changed_while_it_is_indexed() {
    let files = [
        (
            "default/props.conf",
            "[s]\nKV_MODE = json\nSEDCMD-key = s/\"secret\":\"[^\"]*\"/\"secret\":\"-\"/\nTRANSFORMS-t = event, time\n",
        ),
        (
            "default/transforms.conf",
            "[event]\nREGEX = \"event\":(\\{.*\\})\\}$\nDEST_KEY = _raw\nFORMAT = $1\n\
            [time]\nINGEST_EVAL = _time=_time+1, queue=if(match(_raw, \"drop\"), \"nullQueue\", queue)\n",
        ),
    ];
    let events = "{\"time\":100,\"user\":\"ada\",\"secret\":\"x\"}\n{\"time\":200,\"event\":{\"user\":\"bob\",\"n\":[1,2]}}\n\
        {\"time\":300,\"user\":\"drop\"}\n{\"time\":400,\"user\":\"cy\"}\n";
    let folder = app(&files, events);
    let found = rows(&folder, "* | table _time user secret n{} event.user _raw", &[]);
    let expected = [
        r#"{"_time":401,"user":"cy","_raw":"{\"time\":400,\"user\":\"cy\"}"}"#,
        r#"{"_time":201,"user":"bob","n{}":["1","2"],"_raw":"{\"user\":\"bob\",\"n\":[1,2]}"}"#,
        r#"{"_time":101,"user":"ada","secret":"-","_raw":"{\"time\":100,\"user\":\"ada\",\"secret\":\"-\"}"}"#,
    ];
    assert_eq!(found, expected);
}

#[test]
fn json_behind_a_header_that_is_taken_away() {
    let files =
        [("default/props.conf", "[s]\nSHOULD_LINEMERGE = false\nSEDCMD-h = s/^[^{]*//\nKV_MODE = json\n")];
    let events = "<13>Mar  9 10:00:00 gw agent: {\"user\":{\"name\":\"ada\"},\"tags\":[\"a\",\"b\"],\"path\":\"\\/x\"}\n";
    let folder = app(&files, events);
    let found = rows(&folder, "user.name=ada path=/x | table user.name tags{} path", &[]);
    assert_eq!(found, [r#"{"user.name":"ada","tags{}":["a","b"],"path":"/x"}"#]);
}

/// An app of which much cannot be read.
fn broken() -> Folder {
    let files = [
        (
            "default/props.conf",
            "[s]\nKV_MODE = yes\nEXTRACT-good = user=(?<user>\\w+)\nEXTRACT-bad = (?<broken>[\nEVAL-app = \"acme\"\n\
            EVAL-strange = nosuchfunction(user)\nLOOKUP-gone = gone user OUTPUT dept\nLOOKUP-ok = staff user OUTPUT team\n\
            LOOKUP-column = staff nouser AS user OUTPUT side\nLOOKUP-program = dns ip AS user OUTPUT name\n",
        ),
        (
            "default/transforms.conf",
            "[gone]\nfilename = gone.csv\n[staff]\nfilename = lookups/staff.csv\n[dns]\nexternal_cmd = dns.py name ip\n",
        ),
        ("lookups/staff.csv", "user,team\nada,red\n"),
        (
            "default/eventtypes.conf",
            "[login]\nsearch = sourcetype=s\n[macro]\nsearch = `nowhere` sourcetype=s\n[pipe]\nsearch = a | eval b=1\n\
            [sub]\nsearch = a [search b]\n[odd]\ndisabled = perhaps\nsearch = user=ada\n",
        ),
        (
            "default/tags.conf",
            "[eventtype=login]\nauthentication = enabled\n[eventtype=macro]\nauthentication = enabled\n\
            [user=root]\nprivileged = maybe\n[nothing]\na = enabled\n",
        ),
    ];
    app(&files, "user=ada\n")
}

fn search(folder: &Folder, text: &str) -> program::Ran {
    folder.run(&["search", text, "--events", "events.log", "--sourcetype", "s", "--app", "addon"])
}

#[test]
fn what_cannot_be_read_is_left_out_where_nobody_asks_for_it() {
    let folder = broken();
    let ran = search(&folder, "tag=authentication | table user app team tag eventtype");
    ran.gives(
        0,
        &[r#"{"user":"ada","app":"acme","team":"red","tag":"authentication","eventtype":["login","odd"]}"#],
    );
    ran.says(&[
        "left out: unknown macro `nowhere`",
        "eventtypes.conf:4",
        "`maybe`",
        "tags.conf:6",
        "tags.conf:7",
    ]);
    ran.says(&[
        "`yes` is not a KV_MODE",
        "`perhaps` is neither true nor false",
        "eventtypes.conf:6",
        "eventtypes.conf:8",
    ]);
    let all = search(&folder, "* | table *");
    assert!(
        all.code == Some(0) && all.out.contains(r#""app":"acme""#) && all.out.contains(r#""team":"red""#),
        "{all:?}"
    );
}

#[test]
fn what_cannot_be_read_is_an_error_where_it_is_asked_for() {
    let folder = broken();
    for (field, place) in [
        ("broken", "props.conf:4"),
        ("strange", "props.conf:6"),
        ("dept", "props.conf:7"),
        ("side", "props.conf:9"),
        ("name", "transforms.conf:6"),
    ] {
        search(&folder, &format!("* | table {field}")).refused().says(&[place]);
    }
    search(&folder, "eventtype=macro").refused().says(&["unknown macro `nowhere`", "eventtypes.conf:4"]);
    search(&folder, "* | typer eventtypes=sub").refused().says(&["eventtypes.conf:8"]);
    let listed = folder.run(&["check", "--app", "addon"]).out;
    for place in ["eventtypes.conf:4", "eventtypes.conf:6", "eventtypes.conf:8", "eventtypes.conf:10"] {
        assert!(listed.contains(place), "{place}: {listed}");
    }
    for place in
        ["props.conf:2", "props.conf:4", "props.conf:6", "props.conf:7", "props.conf:9", "props.conf:10"]
    {
        assert!(listed.contains(place), "{place}: {listed}");
    }
    assert!(!listed.lines().any(|line| line.starts_with("built-in")), "{listed}");
}

#[test]
fn extractions_by_parts_by_keys_and_over_lines() {
    let files = [
        (
            "default/props.conf",
            "[s]\nKV_MODE = none\nBREAK_ONLY_BEFORE = ^#\nEXTRACT-a = ^first (?<first>.*?)$\n\
            EXTRACT-all = body: (?<body>.*)\nREPORT-r = request, keys, plain, from_source\n",
        ),
        (
            "default/transforms.conf",
            "[word]\nREGEX = \\w+\n[between]\nREGEX = <(?<>[^>]*)>\n[place]\nREGEX = (?<host>[[word]])/(?<path>\\S*)\n\
            [request]\nREGEX = ask [[word:verb]] [[place:url_]] [[between:agent]]\n\
            [keys]\nREGEX = (?<_KEY_1>[\\w-]+)=>(?<_VAL_1>\\w+)\nMV_ADD = true\n\
            [plain]\nSOURCE_KEY = body\nDELIMS = \" \\n\"\n[from_source]\nSOURCE_KEY = MetaData:Source\nREGEX = (?<stem>\\w+)\\.log\n",
        ),
    ];
    let events =
        "# one\nfirst a b\nask get shop/x <cli 1> my-key=>1 other=>2 my-key=>3\nbody: k1 v1 k2\nv2 odd\n";
    let folder = app(&files, events);
    let found =
        rows(&folder, "* | table first body verb url_host url_path agent my_key other k1 k2 stem", &[]);
    let expected = r#"{"first":"a b","body":"k1 v1 k2\nv2 odd","verb":"get","url_host":"shop","url_path":"x","agent":"cli 1","my_key":["1","3"],"other":"2","k1":"v1","k2":"v2","stem":"events"}"#;
    assert_eq!(found, [expected]);
}

#[test]
fn an_event_that_is_a_table_becomes_its_rows() {
    let files = [
        (
            "default/props.conf",
            "[s]\nSHOULD_LINEMERGE = false\nLINE_BREAKER = (^$|[\\r\\n]+[\\r\\n]+)\nKV_MODE = multi\nTRANSFORMS-h = h\n\
            EVAL-percent = rtrim(UsePct, \"%\")\nFIELDALIAS-mount = MountedOn as mount\n",
        ),
        ("default/transforms.conf", "[h]\nREGEX = on=(\\w+)\nDEST_KEY = MetaData:Host\nFORMAT = host::$1\n"),
    ];
    let events = "Filesystem UsePct MountedOn\n/dev/a 10% /\n/dev/b 20% /home\n\n\n\
        Filesystem UsePct MountedOn on=web\n/dev/c 30% /srv x\n\n\nno table at all\n\n\n";
    let folder = app(&files, events);
    let found = rows(&folder, "* | reverse | table host Filesystem percent mount _raw", &[]);
    let expected = [
        r#"{"host":"localhost","Filesystem":"/dev/b","percent":"20","mount":"/home","_raw":"/dev/b 20% /home"}"#,
        r#"{"host":"localhost","Filesystem":"/dev/a","percent":"10","mount":"/","_raw":"/dev/a 10% /"}"#,
        r#"{"host":"web","Filesystem":"/dev/c","percent":"30","mount":"/srv","_raw":"/dev/c 30% /srv x"}"#,
        r#"{"host":"localhost","_raw":"no table at all"}"#,
    ];
    assert_eq!(found, expected);
    assert_eq!(rows(&folder, "mount=/home | table Filesystem", &[]), [r#"{"Filesystem":"/dev/b"}"#]);
}

/// `KV_MODE = multi:NAME`: as multikv.conf describes it.
#[test]
fn a_described_table_becomes_its_rows() {
    let files = [
        (
            "default/props.conf",
            "[s]\nSHOULD_LINEMERGE = false\nLINE_BREAKER = (\\n\\n+)\nKV_MODE = multi:disks\n",
        ),
        (
            "default/multikv.conf",
            "[disks]\npre.start = ^disks\npre.linecount = 1\nheader.tokens = _token_list_, disk, used\n\
            body.replace = \"%\" = \" percent\"\nbody.tokens = _tokenize_, 0, \" \"\n",
        ),
    ];
    let events = "disks of web\nsda 10%\nsdb 20%\n\nno such thing\n";
    let folder = app(&files, events);
    let expected = [r#"{"disk":"sda","used":"10 percent"}"#, r#"{"disk":"sdb","used":"20 percent"}"#, "{}"];
    assert_eq!(rows(&folder, "* | sort disk | table disk used", &[]), expected);
    assert_eq!(rows(&folder, "used=\"20 percent\" | table disk", &[]), [r#"{"disk":"sdb"}"#]);
}

#[test]
fn a_data_model_finds_where_addresses_are() {
    let model = r#"{"modelName": "Visits", "objects": [{"objectName": "Visit", "parentName": "BaseEvent",
        "constraints": [{"search": "sourcetype=s"}], "fields": [{"fieldName": "src", "owner": "Visit", "type": "ipv4"}],
        "calculations": [{"calculationID": "g", "calculationType": "GeoIP", "inputField": "src", "owner": "Visit",
            "outputFields": [{"fieldName": "src_town", "lookupOutputFieldName": "City", "owner": "Visit"},
                {"fieldName": "src_Country", "owner": "Visit"}, {"fieldName": "lat", "owner": "Visit", "type": "number"}]}]}]}"#;
    let folder = app(&[("default/data/models/Visits.json", model)], "src=192.0.2.7\nsrc=10.1.2.3\n");
    let search = "| tstats count from datamodel=Visits by Visit.src_town Visit.src_Country Visit.lat";
    let database = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/geo.mmdb");
    let found = rows(&folder, search, &["--geoip", database]);
    let expected =
        r#"{"Visit.src_town":"Zurich","Visit.src_Country":"Switzerland","Visit.lat":47.36670,"count":1}"#;
    assert_eq!(found, [expected]);
    let fixed = ["search", search, "--events", "events.log", "--sourcetype", "s", "--app", "addon"];
    let ran = folder.run(&fixed);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    ran.says(&["no geographical database was named", "--geoip"]);
}

#[test]
fn an_automatic_lookup_gives_all_columns_but_those_it_matches_and_the_time() {
    let files = [
        ("default/props.conf", "[s]\nTIME_FORMAT = %s\nlookup_table = shifts user AS who\n"),
        ("default/transforms.conf", "[shifts]\nfilename = shifts.csv\ntime_field = since\n"),
        ("lookups/shifts.csv", "since,user,desk\n100,ada,north\n200,ada,south\n"),
    ];
    let folder = app(&files, "150 who=ada\n250 who=ada\n");
    let found = rows(&folder, "* | table desk since user", &[]);
    assert_eq!(found, [r#"{"desk":"south"}"#, r#"{"desk":"north"}"#]);
}

#[test]
fn an_add_on_that_tells_source_types_apart_reaches_the_models() {
    let files = [
        (
            "default/props.conf",
            "[s]\nSHOULD_LINEMERGE = false\nSEDCMD-old = s/^(\\w+),v0,/\\1,/\nTRANSFORMS-sourcetype = fw_traffic, fw_login\n\
            [fw_old]\nrename = fw:traffic\n[fw:traffic]\nREPORT-fields = fw_traffic_fields\n\
            FIELDALIAS-src = src_ip as src dest_ip as dest\nEVAL-vendor_action = action\n\
            LOOKUP-action = fw_actions vendor_action OUTPUT action\nLOOKUP-vendor = fw_vendor sourcetype OUTPUT vendor,product\n\
            LOOKUP-class = fw_zones net as src_ip OUTPUT zone as fw:zone\n",
        ),
        (
            "default/transforms.conf",
            "[fw_traffic]\nDEST_KEY = MetaData:Sourcetype\nREGEX = ^T,\nFORMAT = sourcetype::fw_old\n\
            [fw_login]\nDEST_KEY = MetaData:Sourcetype\nREGEX = ^L,\nFORMAT = sourcetype::fw:login\n\
            [fw_traffic_fields]\nDELIMS = \",\"\nFIELDS = \"kind\",\"src_ip\",\"dest_ip\",\"dest_port\",\"transport\",\"action\"\n\
            [fw_actions]\nfilename = fw_actions.csv\n[fw_vendor]\nfilename = fw_vendor.csv\n\
            [fw_zones]\nfilename = fw_zones.csv\nmatch_type = CIDR(net)\n",
        ),
        ("lookups/fw_actions.csv", "vendor_action,action\nallow,allowed\nreset-both,blocked\n"),
        ("lookups/fw_vendor.csv", "sourcetype,vendor,product\nfw:traffic,Acme,Wall\n"),
        ("lookups/fw_zones.csv", "net,zone\n10.0.0.0/8,inside\n"),
        ("default/eventtypes.conf", "[fw_traffic]\nsearch = sourcetype=fw_old OR sourcetype=fw:traffic\n"),
        ("default/tags.conf", "[eventtype=fw_traffic]\nnetwork = enabled\ncommunicate = enabled\n"),
    ];
    let events =
        "T,v0,10.1.2.3,192.0.2.9,443,tcp,reset-both\nT,10.1.2.4,192.0.2.9,53,udp,allow\nL,ada\nother\n";
    let folder = app(&files, events);
    let counted = rows(&folder, "* | stats count by sourcetype | sort sourcetype", &[]);
    let expected = [
        "{\"sourcetype\":\"fw:login\",\"count\":1}",
        "{\"sourcetype\":\"fw:traffic\",\"count\":2}",
        "{\"sourcetype\":\"s\",\"count\":1}",
    ];
    assert_eq!(counted, expected);
    let model = "| tstats count from datamodel=Network_Traffic by All_Traffic.src All_Traffic.action All_Traffic.dest_port";
    let expected = [
        r#"{"All_Traffic.src":"10.1.2.3","All_Traffic.action":"blocked","All_Traffic.dest_port":"443","count":1}"#,
        r#"{"All_Traffic.src":"10.1.2.4","All_Traffic.action":"allowed","All_Traffic.dest_port":"53","count":1}"#,
    ];
    assert_eq!(rows(&folder, model, &[]), expected);
    let enriched = rows(&folder, "vendor_action=allow | table vendor product fw:zone", &[]);
    assert_eq!(enriched, [r#"{"vendor":"Acme","product":"Wall","fw:zone":"inside"}"#]);
}

#[test]
fn check_lists_what_no_time_or_event_can_be_read_by() {
    let props = "[s]\nTIME_PREFIX = (\nLINE_BREAKER = [\nTZ = Nowhere\nBREAK_ONLY_BEFORE = ^#\n";
    let listed = app(&[("default/props.conf", props)], "a\n").run(&["check", "--app", "addon"]).out;
    let places: Vec<&str> = listed.lines().filter_map(|line| line.split(": ").next()).collect();
    let expected = ["addon/default/props.conf:2", "addon/default/props.conf:3", "addon/default/props.conf:4"];
    assert_eq!(places.get(..3), Some(&expected[..]), "{listed}");
    assert!(listed.contains("3 settings are not honoured"), "{listed}");
}
