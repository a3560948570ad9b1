//! Events of the built-in source types, recognised by what they look like, and the fields that published searches ask for.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::{Folder, gives};

#[test]
fn active_directory_is_recognised() {
    let events = "03/05/2026 09:00:00.123\nadmonEventType=Update\nNames:\n\tdisplayName=Some Policy\n\
        \tdistinguishedName=CN={1},DC=example\n";
    gives(
        events,
        "source=ActiveDirectory | table sourcetype admonEventType displayName",
        &[r#"{"sourcetype":"ActiveDirectory","admonEventType":"Update","displayName":"Some Policy"}"#],
    );
}

#[test]
fn what_a_command_of_exchange_was_given_is_fields() {
    let events = r#"{"CreationTime":"2026-03-05T09:00:00","Operation":"Set-Mailbox","Workload":"Exchange","UserId":"ada","Parameters":[{"Name":"Identity","Value":"b[o]b"},{"Name":"ForwardTo","Value":"a\"b"}]}
{"CreationTime":"2026-03-05T09:00:01","Operation":"ModifyFolderPermissions","Workload":"Exchange","UserId":"ada","Item":{"ParentFolder":{"Name":"Inbox"}}}
{"CreationTime":"2026-03-05T09:00:02","Operation":"Update application.","Workload":"AzureActiveDirectory","UserId":"ada","ObjectId":"app","ExtendedProperties":[{"Name":"additionalDetails","Value":"{\"User-Agent\":\"Some\\/1\"}"}]}
"#;
    gives(
        events,
        "* | sort _time | table Identity ForwardTo object user_agent",
        &[
            r#"{"Identity":"b[o]b","ForwardTo":"a\\\"b"}"#,
            r#"{"object":"Inbox"}"#,
            r#"{"object":"app","user_agent":"Some\\/1"}"#,
        ],
    );
}

#[test]
fn suricata_has_the_url_as_it_was_asked_for() {
    let events = r#"{"timestamp":"2026-03-05T09:00:00.0+0000","flow_id":1,"event_type":"http","src_ip":"10.0.0.1","dest_ip":"10.0.0.2","http":{"hostname":"a.example","url":"/app?x","http_method":"GET","status":200}}
"#;
    gives(
        events,
        "| tstats count from datamodel=Web where Web.url=\"/app?*\" by Web.url Web.url_domain Web.status",
        &[r#"{"Web.url":"/app?x","Web.url_domain":"a.example","Web.status":"200","count":1}"#],
    );
}

#[test]
fn web_servers_and_proxies_are_recognised() {
    let zscaler = "2026-03-05 09:00:00\taction=Blocked\turlcategory=Other\tClientIP=10.0.0.1\tserverip=10.0.0.2\tvendor=Zscaler\n";
    gives(
        zscaler,
        "source=zscaler action=blocked | table action src dest",
        &[r#"{"action":"blocked","src":"10.0.0.1","dest":"10.0.0.2"}"#],
    );
    let nginx = "src=\"10.0.0.1\" time_local=\"05/Mar/2026:09:00:00 +0000\" uri_path=\"/a\" http_method=\"GET\" status=\"200\"\n";
    gives(
        nginx,
        "sourcetype=nginx:plus:kv | table _time uri_path action",
        &[r#"{"_time":1772701200,"uri_path":"/a","action":"success"}"#],
    );
}

#[test]
fn iis_is_read_in_the_order_that_its_source_type_says() {
    let line = "2026-03-05 09:00:00 SITE PC 10.0.0.2 POST /a.aspx x=1 443 - 10.0.0.1 HTTP/1.1 Some+Agent - - h.example 200 0 0 10 20 5\n";
    let folder = Folder::new(&[("events.log", format!("#Software: IIS\n{line}").as_bytes())]);
    let search = "| tstats count from datamodel=Web by Web.src Web.dest Web.url Web.status Web.http_method Web.http_user_agent";
    let ran = folder.run(&["search", search, "--events", "events.log", "--sourcetype", "ms:iis:splunk"]);
    let row = r#"{"Web.src":"10.0.0.1","Web.dest":"10.0.0.2","Web.url":"https://h.example/a.aspx?x=1","Web.status":"200","Web.http_method":"POST","Web.http_user_agent":"Some Agent","count":1}"#;
    assert_eq!((ran.out.trim_end(), ran.err.as_str()), (row, ""));
}

#[test]
fn a_time_that_is_inside_of_a_value() {
    let events = r#"{"kind":"admin#reports#activity","id":{"time":"2026-03-05T09:00:00.000Z","applicationName":"login"},"actor":{"email":"ada"},"event":{"name":"login_failure"}}
"#;
    gives(
        events,
        "sourcetype=gws:reports:login | table _time user_name action",
        &[r#"{"_time":1772701200,"user_name":"ada","action":"failure"}"#],
    );
    let events = r#"{"metadata":{"customerIDString":"c","eventType":"DetectionSummaryEvent","eventCreationTime":1772701200000},"event":{"SeverityName":"High","EndpointName":"pc"}}
"#;
    gives(
        events,
        "sourcetype=CrowdStrike:Event:Streams:JSON tag=alert | table _time severity dest",
        &[r#"{"_time":1772701200,"severity":"high","dest":"pc"}"#],
    );
}

#[test]
fn alerts_of_cloud_services() {
    let hub = r#"{"AwsAccountId":"1","GeneratorId":"g","Id":"a","Title":"t","UpdatedAt":"2026-03-05T09:00:00.000Z","Severity":{"Label":"HIGH"},"Resources":[{"Id":"arn:aws:ec2:r:1:instance/i-1","Region":"r"}]}
"#;
    gives(
        hub,
        "| tstats count from datamodel=Alerts by Alerts.signature Alerts.severity Alerts.dest",
        &[r#"{"Alerts.signature":"t","Alerts.severity":"high","Alerts.dest":"i-1","count":1}"#],
    );
    let defender = r#"{"time":"2026-03-05T09:00:00Z","category":"AdvancedHunting-AlertInfo","properties":{"AlertId":"a","Title":"t","Severity":"High","ServiceSource":"s"}}
"#;
    gives(
        defender,
        "| tstats count from datamodel=Alerts by Alerts.id Alerts.signature Alerts.severity Alerts.app Alerts.description",
        &[
            r#"{"Alerts.id":"a","Alerts.signature":"t","Alerts.severity":"high","Alerts.app":"s","Alerts.description":"t","count":1}"#,
        ],
    );
}
