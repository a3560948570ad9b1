//! Events in the envelopes that exporters and collectors write: each is the event that was put in, with the source type
//! that it has there or that its text shows.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::{Folder, Ran};

/// A call of an API as CloudTrail records it, by a user at a second past 08:00.
fn call(user: &str, second: u32) -> String {
    format!(
        r#"{{"eventVersion":"1.08","eventTime":"2026-03-16T08:00:{second:02}Z","eventSource":"s3.amazonaws.com","eventName":"DeleteBucket","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.9","userIdentity":{{"type":"IAMUser","userName":"{user}"}}}}"#
    )
}

fn text(json: &str) -> String {
    serde_json::Value::from(json).to_string()
}

/// Runs a search over a file; one thread and several give the same.
fn run(name: &str, bytes: &str, search: &str, more: &[&str]) -> Ran {
    let folder = Folder::new(&[(name, bytes.as_bytes())]);
    let arguments = |events| [&["search", search, "--events", events], more].concat();
    let ran = folder.run(&[arguments(name), vec!["--threads", "3"]].concat());
    let alone = folder.run(&[arguments(name), vec!["--threads", "1"]].concat());
    assert_eq!((&ran.out, &ran.err), (&alone.out, &alone.err));
    ran
}

const CALLS: &str = "sourcetype=aws:cloudtrail eventName=DeleteBucket | sort _time | eval at=strftime(_time, \"%H:%M:%S\") | table at user src";

const FOUND: &[&str] = &[
    r#"{"at":"08:00:01","user":"ada","src":"192.0.2.9"}"#,
    r#"{"at":"08:00:02","user":"bob","src":"192.0.2.9"}"#,
];

/// Two events in what services of Amazon put around them.
fn of_amazon(ada: &str, bob: &str) -> Vec<(&'static str, String)> {
    let (ada_text, bob_text) = (text(ada), text(bob));
    let message =
        |id: u32, message: &str| format!(r#"{{"id":"{id}","timestamp":1773648000000,"message":{message}}}"#);
    let of_logs = format!(
        r#"{{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","subscriptionFilters":["f"],"logEvents":[{},{}]}}"#,
        message(1, &ada_text),
        message(2, &bob_text)
    );
    let bridge = |detail: &str| {
        format!(
            r#"{{"version":"0","id":"1","detail-type":"AWS API Call via CloudTrail","source":"aws.s3","account":"1","time":"2026-03-16T09:00:00Z","region":"eu-west-1","resources":[],"detail":{detail}}}"#
        )
    };
    let filtered = |id: u32, message: &str| {
        format!(
            r#"{{"logStreamName":"s","timestamp":1,"message":{message},"ingestionTime":2,"eventId":"{id}"}}"#
        )
    };
    vec![
        (
            "an envelope in one",
            format!("{{\"sourcetype\":\"aws:cloudtrail\",\"event\":{}}}\n", text(&of_logs)),
        ),
        ("messages of CloudWatch Logs", of_logs),
        (
            "filter-log-events",
            format!(
                r#"{{"events":[{},{}],"searchedLogStreams":[]}}"#,
                filtered(1, &ada_text),
                filtered(2, &bob_text)
            ),
        ),
        ("EventBridge", format!("{}\n{}\n", bridge(ada), bridge(bob))),
        (
            "lookup-events",
            format!(
                r#"{{"Events":[{{"EventId":"1","EventName":"DeleteBucket","CloudTrailEvent":{ada_text}}},{{"EventId":"2","CloudTrailEvent":{bob_text}}}]}}"#
            ),
        ),
    ]
}

/// Two events in what Splunk and its collector put around them.
fn of_splunk(ada: &str, bob: &str) -> Vec<(&'static str, String)> {
    let (ada_text, bob_text) = (text(ada), text(bob));
    let row = |raw: &str| format!(r#"{{"preview":false,"offset":0,"result":{{"_raw":{raw}}}}}"#);
    let typed = |raw: &str| format!(r#"{{"_raw":{raw},"sourcetype":"aws:cloudtrail"}}"#);
    vec![
        ("HEC", format!(r#"{{"host":"h","event":{ada}}}{{"host":"h","event":{bob}}}"#)),
        (
            "HEC with text",
            format!(
                "{{\"index\":\"aws\",\"event\":{ada_text}}}\n{{\"index\":\"aws\",\"event\":{bob_text}}}\n"
            ),
        ),
        ("Splunk's JSON", format!("{}\n{}\n", row(&ada_text), row(&bob_text))),
        (
            "Splunk's pages",
            format!(
                r#"{{"preview":false,"init_offset":0,"messages":[],"fields":[{{"name":"_raw"}}],"results":[{},{}]}}"#,
                typed(&ada_text),
                typed(&bob_text)
            ),
        ),
    ]
}

/// Two events in what others put around them.
fn of_others(ada: &str, bob: &str) -> Vec<(&'static str, String)> {
    let hit = |source: &str| format!(r#"{{"_index":"i","_id":"1","_source":{source}}}"#);
    let (ada_hit, bob_hit) = (hit(ada), hit(bob));
    let line = |event: &str| {
        let log = text(&format!("{event}\n"));
        format!("{{\"log\":{log},\"stream\":\"stdout\",\"time\":\"2026-03-16T09:00:00Z\"}}\n")
    };
    vec![
        ("lines", format!("{ada}\n{bob}\n")),
        ("Elasticsearch", format!("{ada_hit}\n{bob_hit}\n")),
        (
            "Elasticsearch's answer",
            format!(
                "{{\n  \"took\": 1,\n  \"timed_out\": false,\n  \"hits\": {{\n \"hits\": [ {ada_hit},\n {bob_hit} ]}}}}"
            ),
        ),
        ("a page", format!(r#"{{"@odata.context":"c","value":[{ada},{bob}]}}"#)),
        ("a list of documents", format!("[{ada_hit},\n{bob_hit}]\n")),
        ("lines of a container", format!("{}{}", line(ada), line(bob))),
        (
            "syslog",
            format!("<13>Mar 16 09:00:00 gate fwd[1]: {ada}\n<13>Mar 16 09:00:00 gate fwd[1]: {bob}\n"),
        ),
    ]
}

#[test]
fn calls_of_an_api_in_every_envelope() {
    let (ada, bob) = (call("ada", 1), call("bob", 2));
    let all = [of_amazon(&ada, &bob), of_splunk(&ada, &bob), of_others(&ada, &bob)];
    for (shape, content) in all.into_iter().flatten() {
        let ran = run("events.log", &content, CALLS, &[]);
        assert_eq!(ran.out.lines().collect::<Vec<_>>(), FOUND, "{shape}: {ran:#?}");
        assert_eq!(ran.err, "", "{shape}");
    }
}

#[test]
fn a_table_of_events() {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let (ada, bob) = (quoted(&call("ada", 1)), quoted(&call("bob", 2)));
    for (name, content) in [
        (
            "export.csv",
            format!(
                "\"_raw\",\"_time\",host,source,sourcetype,index\n{ada},\"2026-03-16T08:00:01.000+0000\",h,s,\"aws:cloudtrail\",aws\n{bob},1773648002,h,s,\"aws:cloudtrail\",aws\n"
            ),
        ),
        // The source type is seen from the texts.
        ("export.txt", format!("host,_raw\nh,{ada}\nh,{bob}\n")),
        ("export.tsv", format!("host\t_raw\nh\t{ada}\nh\t{bob}\n")),
    ] {
        let ran = run(name, &content, CALLS, &[]);
        assert_eq!(ran.out.lines().collect::<Vec<_>>(), FOUND, "{name}: {ran:#?}");
    }
}

#[test]
fn what_the_envelope_says_of_an_event() {
    let content = concat!(
        r#"{"time":1773648000.25,"host":"web","source":"/var/log/app","sourcetype":"app","index":"prod","event":"user=ada id=7","fields":{"zone":"a","roles":["x","y"]}}"#,
        "\n",
        r#"{"time":"1773648001","host":"db","sourcetype":"app","event":{"user":"bob","time":"2020-01-01T00:00:00Z"}}"#,
        "\n",
        r#"{"sourcetype":"app","event":{"user":"eve","time":"2026-03-16T08:00:02Z"}}"#,
        "\n",
        "{\"user\":\"none\",\"time\":\"2026-03-16T08:00:03Z\"}\n",
    );
    let search = "* | sort _time | eval at=_time-1773648000 | table at user id zone roles host source sourcetype index _raw";
    let ran = run("hec.json", content, search, &[]);
    let rows = [
        r#"{"at":0.25,"user":"ada","id":"7","zone":"a","roles":["x","y"],"host":"web","source":"/var/log/app","sourcetype":"app","index":"prod","_raw":"user=ada id=7"}"#,
        r#"{"at":1,"user":"bob","host":"db","source":"hec.json","sourcetype":"app","index":"main","_raw":"{\"user\":\"bob\",\"time\":\"2020-01-01T00:00:00Z\"}"}"#,
        r#"{"at":2,"user":"eve","host":"localhost","source":"hec.json","sourcetype":"app","index":"main","_raw":"{\"user\":\"eve\",\"time\":\"2026-03-16T08:00:02Z\"}"}"#,
        // A line that is in no envelope is an event as it stands.
        r#"{"at":3,"user":"none","host":"localhost","source":"hec.json","sourcetype":"_json","index":"main","_raw":"{\"user\":\"none\",\"time\":\"2026-03-16T08:00:03Z\"}"}"#,
    ];
    ran.gives(0, &rows).quietly();
    // What the user says stays.
    let said = ["--index", "i", "--host", "h", "--source", "s", "--sourcetype", "t"];
    let ran = run("hec.json", content, "* | stats count by index host source sourcetype", &said);
    ran.gives(0, &[r#"{"index":"i","host":"h","source":"s","sourcetype":"t","count":4}"#]).quietly();
    // One search finds what it asks for by what the envelope says.
    let ran = run("hec.json", content, "index=prod sourcetype=app host=web zone=a | stats count", &[]);
    ran.gives(0, &[r#"{"count":1}"#]).quietly();
}

#[test]
fn fields_that_were_exported_are_there_where_the_text_does_not_give_them() {
    let content = concat!(
        r#"{"preview":false,"result":{"_raw":"Mar 16 08:00:00 fw1 deny 192.0.2.1","_time":"2026-03-16T08:00:00.000+00:00","host":"fw1","source":"udp:514","sourcetype":"vendor:fw","index":"net","action":"blocked","src":"192.0.2.1","tag":["network","communicate"],"linecount":"1","_cd":"1"}}"#,
        "\n",
    );
    let ran = run(
        "e.json",
        content,
        "sourcetype=vendor:fw action=blocked | table host src action tag linecount _cd",
        &[],
    );
    ran.gives(0, &[r#"{"host":"fw1","src":"192.0.2.1","action":"blocked","linecount":"1"}"#]).quietly();
}

#[test]
fn each_event_goes_through_its_own_source_type() {
    let folder = Folder::new(&[
        ("app/local/props.conf", b"[a]\nTRANSFORMS-x = drop\nSEDCMD-x = s/pin=\\d+/pin=#/\nEXTRACT-n = n=(?<n>\\d+)\n[b]\nEVAL-kind = \"b\"\nTIME_PREFIX = at=\n"),
        ("app/local/transforms.conf", b"[drop]\nREGEX = debug\nDEST_KEY = queue\nFORMAT = nullQueue\n"),
        ("e.json", concat!(
            r#"{"time":1773648000,"sourcetype":"a","event":"n=1 pin=77"}"#, "\n",
            r#"{"time":1773648001,"sourcetype":"a","event":"debug n=2"}"#, "\n",
            r#"{"sourcetype":"b","host":"h","event":"x at=2026-03-16T08:00:02Z debug"}"#, "\n",
        ).as_bytes()),
    ]);
    let search = "* | sort _time | eval at=_time-1773648000 | table at sourcetype n kind _raw";
    let ran = folder.run(&["search", search, "--events", "e.json", "--app", "app"]);
    let rows = [
        r#"{"at":0,"sourcetype":"a","n":"1","_raw":"n=1 pin=#"}"#,
        r#"{"at":2,"sourcetype":"b","kind":"b","_raw":"x at=2026-03-16T08:00:02Z debug"}"#,
    ];
    ran.gives(0, &rows).quietly();
}

const LOGON: &str = "source=\"XmlWinEventLog:Security\" EventCode=4624 | table _time Computer TargetUserName LogonType | eval _time=strftime(_time, \"%H:%M:%S\")";

const LOGON_FOUND: &str = r#"{"_time":"08:00:05","Computer":"pc1","TargetUserName":"ada","LogonType":"3"}"#;

#[test]
fn windows_events_of_converters_and_in_envelopes() {
    let xml = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>4624</EventID><TimeCreated SystemTime='2026-03-16T08:00:05.0000000Z'/><EventRecordID>9</EventRecordID><Channel>Security</Channel><Computer>pc1</Computer></System><EventData><Data Name='TargetUserName'>ada</Data><Data Name='LogonType'>3</Data></EventData></Event>";
    let data = r##""Data":[{"@Name":"TargetUserName","#text":"ada"},{"@Name":"LogonType","#text":"3"}]"##;
    let system = r##""System":{"Provider":{"@Name":"Microsoft-Windows-Security-Auditing"},"EventID":{"@Qualifiers":"","#text":"4624"},"TimeCreated":{"@SystemTime":"2026-03-16T08:00:05.0000000Z"},"EventRecordID":"9","Channel":"Security","Computer":"pc1"}"##;
    let event = format!(r#"{{"Event":{{{system},"EventData":{{{data}}}}}}}"#);
    let plain = r##"{"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},"EventID":4624,"TimeCreated":{"#attributes":{"SystemTime":"2026-03-16T08:00:05.000000Z"}},"EventRecordID":9,"Channel":"Security","Computer":"pc1"},"EventData":{"TargetUserName":"ada","LogonType":3}}}"##;
    let payload = text(&format!(r#"{{"EventData":{{{data}}}}}"#));
    for (shape, content) in [
        ("pairs of name and text", format!("{event}\n")),
        ("EvtxECmd", format!(
            "{{\"PayloadData1\":\"Target: ada\",\"ChunkNumber\":0,\"Computer\":\"pc1\",\"Payload\":{payload},\"Channel\":\"Security\",\"Provider\":\"Microsoft-Windows-Security-Auditing\",\"EventId\":4624,\"EventRecordId\":\"9\",\"ProcessId\":600,\"ThreadId\":700,\"Level\":\"LogAlways\",\"Keywords\":\"Audit success\",\"SourceFile\":\"x.evtx\",\"TimeCreated\":\"2026-03-16T08:00:05.0000000+00:00\"}}\n"
        )),
        ("evtx_dump", format!("{plain}\n")),
        ("Chainsaw", format!(
            "[{{\"group\":\"Sigma\",\"kind\":\"individual\",\"document\":{{\"kind\":\"evtx\",\"path\":\"x.evtx\",\"data\":{plain}}},\"name\":\"n\",\"timestamp\":\"2026-03-16T08:00:05Z\"}}]"
        )),
        ("XML from Splunk", format!(
            "{{\"preview\":false,\"result\":{{\"_raw\":{},\"_time\":\"2026-03-16T08:00:05.000+00:00\",\"source\":\"XmlWinEventLog:Security\",\"sourcetype\":\"XmlWinEventLog\"}}}}\n",
            text(xml)
        )),
        ("XML in HEC", format!("{{\"sourcetype\":\"XmlWinEventLog\",\"event\":{}}}\n", text(xml))),
        ("Winlogbeat in Elasticsearch", r#"{"_index":"winlogbeat","_id":"1","_source":{"@timestamp":"2026-03-16T08:00:05.000Z","winlog":{"channel":"Security","computer_name":"pc1","event_id":"4624","event_data":{"TargetUserName":"ada","LogonType":"3"}}}}"#.to_string()),
    ] {
        let ran = run("events.json", &content, LOGON, &[]);
        assert_eq!(ran.out.lines().collect::<Vec<_>>(), [LOGON_FOUND], "{shape}: {ran:#?}");
    }
}

#[test]
fn explain_says_what_was_seen() {
    let content = "{\"sourcetype\":\"s\",\"event\":\"x\"}\n";
    let folder = Folder::new(&[("e.json", content.as_bytes())]);
    let ran = folder.run(&["search", "*", "--events", "e.json", "--explain"]);
    assert!(ran.out.contains("in events for the HTTP Event Collector"), "{ran:#?}");
}
