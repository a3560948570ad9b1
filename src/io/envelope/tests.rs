//! Each envelope by an event of our own, and what is none.

use super::*;

/// The text of each event in an envelope, and what is said of it.
fn said(text: &str) -> Vec<(String, String)> {
    let shown = |inner: Inner| {
        let named = [
            ("host", inner.host),
            ("source", inner.source),
            ("sourcetype", inner.source_type),
            ("index", inner.index),
            ("time", inner.time.map(|time| time.to_text().as_ref().into())),
            ("else", inner.otherwise.map(|time| time.to_text().as_ref().into())),
        ];
        let named =
            named.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?.to_string())));
        let fields =
            inner.fields.iter().map(|(name, value)| (name.to_string(), value.to_text().replace('\n', "+")));
        let all: Vec<String> = named.chain(fields).map(|(name, value)| format!("{name}={value}")).collect();
        (inner.text, all.join(" "))
    };
    open(text).map(|found| found.into_iter().map(shown).collect()).unwrap_or_default()
}

fn is(text: &str, envelope: Envelope, events: &[(&str, &str)]) {
    assert_eq!(Envelope::of(text), Some(envelope), "{text}");
    let found = said(text);
    let found: Vec<(&str, &str)> = found.iter().map(|(text, said)| (text.as_str(), said.as_str())).collect();
    assert_eq!(found, events, "{text}");
}

#[test]
fn results_of_splunk() {
    is(
        r#"{"preview":false,"offset":3,"result":{"_raw":"user=ada\nx","_time":"2026-03-16T08:00:00.000+00:00","host":"web","source":"/l","sourcetype":"s","index":"i","user":"ada","n":["1","2"],"_cd":"1:2","linecount":"2","date_hour":"8","tag":"x","tag::user":"x"}}"#,
        Envelope::SearchResult,
        &[(
            "user=ada\nx",
            "host=web source=/l sourcetype=s index=i time=2026-03-16T08:00:00.000+00:00 n=1+2 user=ada",
        )],
    );
    // A row that has no text is an event itself.
    is(
        r#"{"preview":false,"result":{"user":"ada","count":"3"},"lastrow":true}"#,
        Envelope::SearchResult,
        &[(r#"{"user":"ada","count":"3"}"#, "")],
    );
    is(
        r#"{"preview":false,"init_offset":0,"messages":[],"fields":[{"name":"_raw"}],"results":[{"_raw":"a"},{"_raw":"b","host":"h"}],"highlighted":{}}"#,
        Envelope::SearchResults,
        &[("a", ""), ("b", "host=h")],
    );
}

#[test]
fn events_for_the_collector() {
    is(
        r#"{"time":1773648000.5,"host":"web","source":"app","sourcetype":"s","index":"i","event":{"user": "ada"},"fields":{"zone":"x","roles":["a","b"]}}"#,
        Envelope::Collector,
        &[(
            r#"{"user": "ada"}"#,
            "host=web source=app sourcetype=s index=i time=1773648000.5 roles=a+b zone=x",
        )],
    );
    is(r#"{"event":"user=ada","sourcetype":"s"}"#, Envelope::Collector, &[("user=ada", "sourcetype=s")]);
    is(r#"{"time":"1773648000","event":"x\ty"}"#, Envelope::Collector, &[("x\ty", "time=1773648000")]);
    // What logs themselves have.
    for log in [
        r#"{"time":"2026-03-16T08:00:00Z","event":"login","host":"web"}"#,
        r#"{"event":"login","host":"web"}"#,
        r#"{"event":"login","host":"web","user":"ada","time":1}"#,
        r#"{"event":"login"}"#,
        r#"{"event":{"a":1}}"#,
    ] {
        assert_eq!(Envelope::of(log), None, "{log}");
    }
}

#[test]
fn messages_of_amazon() {
    is(
        r#"{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":1773648000000,"message":"{\"eventName\":\"A\"}"},{"id":"2","timestamp":1773648001000,"message":"text\n"}]}"#,
        Envelope::CloudWatch,
        &[
            (r#"{"eventName":"A"}"#, "source=g:s else=1773648000000"),
            ("text", "source=g:s else=1773648001000"),
        ],
    );
    is(
        r#"{"events":[{"logStreamName":"s","timestamp":1,"message":"a","ingestionTime":2,"eventId":"3"}],"searchedLogStreams":[]}"#,
        Envelope::Page,
        &[("a", "else=1")],
    );
    is(
        r#"{"version":"0","id":"1","detail-type":"AWS API Call via CloudTrail","source":"aws.s3","account":"1","time":"2026-03-16T08:00:00Z","region":"r","resources":[],"detail":{"eventSource":"s3","eventName":"PutObject"}}"#,
        Envelope::EventBridge,
        &[(r#"{"eventSource":"s3","eventName":"PutObject"}"#, "")],
    );
    // What is no call of an API is an event as it is.
    assert_eq!(
        Envelope::of(
            r#"{"detail-type":"GuardDuty Finding","source":"aws.guardduty","detail":{"severity":2}}"#
        ),
        None
    );
    is(
        r#"{"Events":[{"EventId":"1","EventName":"A","CloudTrailEvent":"{\"eventName\":\"A\"}"}],"NextToken":"x"}"#,
        Envelope::Page,
        &[(r#"{"eventName":"A"}"#, "")],
    );
}

#[test]
fn documents_pages_and_containers() {
    is(r#"{"_index":"i","_id":"1","_score":1,"_source":{"a":1}}"#, Envelope::Hit, &[(r#"{"a":1}"#, "")]);
    is(
        r#"{"took":1,"timed_out":false,"hits":{"total":{"value":2},"hits":[{"_index":"i","_source":{"a":1}},{"_id":"2","_source":{"a":2}}]}}"#,
        Envelope::Hits,
        &[(r#"{"a":1}"#, ""), (r#"{"a":2}"#, "")],
    );
    is(
        r#"{"@odata.context":"c","value":[{"id":"1"},{"id":"2"}],"@odata.nextLink":"n"}"#,
        Envelope::Page,
        &[(r#"{"id":"1"}"#, ""), (r#"{"id":"2"}"#, "")],
    );
    is(r#"{"records":[{"a":1}]}"#, Envelope::Page, &[(r#"{"a":1}"#, "")]);
    is(r#"{"kind":"k#s","etag":"e","items":[{"a":1}]}"#, Envelope::Page, &[(r#"{"a":1}"#, "")]);
    is(r#"{"value":[]}"#, Envelope::Page, &[]);
    is(
        r#"{"log":"{\"auditID\":\"1\"}\n","stream":"stdout","time":"2026-03-16T08:00:00Z"}"#,
        Envelope::Container,
        &[(r#"{"auditID":"1"}"#, "else=2026-03-16T08:00:00Z")],
    );
    for event in [
        r#"{"value":[1,2]}"#,
        r#"{"value":[{"a":1}],"user":"ada"}"#,
        r#"{"items":{"a":1}}"#,
        r#"{"log":"x"}"#,
        "[1]",
        "x",
        "",
    ] {
        assert_eq!(Envelope::of(event), None, "{event}");
    }
}

#[test]
fn windows_events_of_converters() {
    is(
        r#"{"group":"Sigma","kind":"individual","document":{"kind":"evtx","path":"p","data":{"Event":{"System":{"EventID":1}}}},"name":"n"}"#,
        Envelope::Chainsaw,
        &[(r#"{"Event":{"System":{"EventID":1}}}"#, "")],
    );
    let text = r##"{"PayloadData1":"Target: D\\ada","EventId":4624,"Channel":"Security","Provider":"P","EventRecordId":"7","Computer":"pc","TimeCreated":"2026-03-16T08:00:00.0000000+00:00","Payload":"{\"EventData\":{\"Data\":[{\"@Name\":\"TargetUserName\",\"#text\":\"ada\"},{\"@Name\":\"LogonType\",\"#text\":\"3\"},{\"@Name\":\"Empty\"}]}}"}"##;
    is(
        text,
        Envelope::EvtxECmd,
        &[(
            text,
            "else=2026-03-16T08:00:00.0000000+00:00 EventID=4624 EventRecordID=7 Name=P TargetUserName=ada LogonType=3",
        )],
    );
    let text = r##"{"Event":{"System":{"EventID":{"@Qualifiers":"0","#text":"7045"}},"EventData":{"Data":[{"@Name":"ServiceName","#text":"x"}]}}}"##;
    is(text, Envelope::WindowsPairs, &[(text, "EventID=7045 ServiceName=x")]);
    let text = r##"{"Event":{"System":{"EventID":"1102"},"UserData":{"LogFileCleared":{"@xmlns":"u","SubjectUserName":"ada","x":{"@Name":"","#text":""}}}}}"##;
    is(text, Envelope::WindowsPairs, &[(text, "SubjectUserName=ada")]);
}

#[test]
fn envelopes_in_envelopes() {
    let call = r#"{\"detail-type\":\"AWS API Call via CloudTrail\",\"source\":\"aws.s3\",\"detail\":{\"eventSource\":\"s3\",\"eventName\":\"A\"}}"#;
    let text = format!(r#"{{"preview":false,"result":{{"_raw":"{call}","sourcetype":"s"}}}}"#);
    is(&text, Envelope::SearchResult, &[(r#"{"eventSource":"s3","eventName":"A"}"#, "sourcetype=s")]);
    // They end somewhere.
    let mut text = String::from("x");
    for _ in 0..20 {
        text = format!(r#"{{"sourcetype":"s","event":{}}}"#, serde_json::Value::from(text));
    }
    assert_eq!(said(&text).len(), 1);
}

#[test]
fn beginnings_show_the_envelope_and_broken_ones_are_not_opened() {
    let page = r#"{"@odata.context":"c","value":[{"id":"1","#;
    assert_eq!((Envelope::of(page), open(page)), (Some(Envelope::Page), None));
    assert_eq!(seen(&["[\n {\"_index\":\"i\",\"_source\":{\"a\":1}},"]), Some(Envelope::Hit));
    assert_eq!(seen(&["{\"a\":1}", "{\"_index\":\"i\",\"_source\":{}}"]), None);
    assert_eq!(seen(&[]), None);
}
