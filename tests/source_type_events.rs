//! Events of the built-in source types, recognised by what they look like, and the fields that published searches ask for.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::Folder;

/// Searches over one file, as it lies there.
fn gives(events: &str, search: &str, expected: &[&str]) {
    let folder = Folder::new(&[("events.log", events.as_bytes())]);
    let ran = folder.run(&["search", search, "--events", "events.log"]);
    let rows: Vec<&str> = ran.out.lines().collect();
    assert_eq!((rows.as_slice(), ran.err.as_str()), (expected, ""), "{search}");
}

/// An event of Windows as XML.
fn windows(channel: &str, code: u32, data: &str) -> String {
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Some'/>\
         <EventID>{code}</EventID><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2026-03-05T09:00:00Z'/>\
         <Channel>{channel}</Channel><Computer>pc.example</Computer><Security UserID='S-1-5-18'/></System>{data}</Event>\n"
    )
}

/// The named values of an event.
fn data(pairs: &[(&str, &str)]) -> String {
    let pairs: String =
        pairs.iter().map(|(name, value)| format!("<Data Name='{name}'>{value}</Data>")).collect();
    format!("<EventData>{pairs}</EventData>")
}

#[test]
fn sysmon_writes_all_hashes_into_one_field() {
    let stream = [("TargetFilename", r"C:\a.txt:b.exe"), ("Hash", "MD5=AA,SHA256=BB,IMPHASH=CC")];
    let library = [("ImageLoaded", r"C:\a.dll"), ("Hashes", "SHA1=DD,IMPHASH=EE")];
    let sysmon = "Microsoft-Windows-Sysmon/Operational";
    let events = windows(sysmon, 15, &data(&stream)) + &windows(sysmon, 7, &data(&library));
    gives(
        &events,
        "* | sort EventCode | table EventCode IMPHASH MD5 SHA1 SHA256 file_hash process_hash SecurityID",
        &[
            r#"{"EventCode":"7","IMPHASH":"EE","SHA1":"DD","process_hash":"SHA1=DD,IMPHASH=EE","SecurityID":"S-1-5-18"}"#,
            r#"{"EventCode":"15","IMPHASH":"CC","MD5":"AA","SHA256":"BB","file_hash":"MD5=AA,SHA256=BB,IMPHASH=CC","SecurityID":"S-1-5-18"}"#,
        ],
    );
}

#[test]
fn windows_changes_have_the_event_as_their_result() {
    let acting = [("SubjectUserName", "ada"), ("SubjectDomainName", "EX")];
    let event = |code, more: &[(&str, &str)]| windows("Security", code, &data(&[&acting[..], more].concat()));
    let joined = [("MemberName", "CN=Bob\\, B.,OU=x"), ("TargetUserName", "Domain Admins")];
    let events = event(4720, &[("TargetUserName", "bob")])
        + &event(4728, &joined)
        + &event(4741, &[("TargetUserName", "PC$")])
        + &event(4876, &[])
        + &windows(
            "Security",
            1102,
            "<UserData><LogFileCleared><SubjectUserName>ada</SubjectUserName></LogFileCleared></UserData>",
        );
    gives(
        &events,
        "* | sort EventCode | table result_id result user user_type object name Caller_Domain Error_Code",
        &[
            r#"{"result_id":"1102","result":"The audit log was cleared","user":"ada","object":"Security","name":"The audit log was cleared","Error_Code":"-"}"#,
            r#"{"result_id":"4720","result":"A user account was created","user":"bob","user_type":"user","object":"bob","name":"A user account was created","Caller_Domain":"EX","Error_Code":"-"}"#,
            r#"{"result_id":"4728","result":"A member was added to a security-enabled global group","user":"Bob\\, B.","user_type":"user","object":"Domain Admins","name":"A member was added to a security-enabled global group","Caller_Domain":"EX","Error_Code":"-"}"#,
            r#"{"result_id":"4741","result":"A computer account was created","user":"PC$","user_type":"computer","object":"PC$","name":"A computer account was created","Caller_Domain":"EX","Error_Code":"-"}"#,
            r#"{"result_id":"4876","result":"Certificate Services backup started","user":"ada","name":"Certificate Services backup started","Caller_Domain":"EX","Error_Code":"-"}"#,
        ],
    );
}

#[test]
fn windows_services_and_sources() {
    let start =
        [("param1", "Some Service"), ("param2", "auto start"), ("param3", "disabled"), ("param4", "svc")];
    let events = windows("System", 7040, &data(&start))
        + &windows(
            "Microsoft-Windows-Windows Defender/Operational",
            5007,
            &data(&[("New Value", "a = 0x1")]),
        );
    gives(
        &events,
        "* | sort EventCode | table source service_name ServiceName start_mode New_Value",
        &[
            r#"{"source":"WinEventLog:Microsoft-Windows-Windows Defender/Operational","New_Value":"a = 0x1"}"#,
            r#"{"source":"XmlWinEventLog:System","service_name":"Some Service","ServiceName":"svc","start_mode":"disabled"}"#,
        ],
    );
}

#[test]
fn windows_text_says_what_was_changed() {
    let events = "03/05/2026 09:00:00 AM\nLogName=Security\nEventCode=4738\nComputerName=pc.example\n\
        TaskCategory=User Account Management\nMessage=A user account was changed.\n\n\
        Subject:\n\tAccount Name:\t\tada\n\nTarget Account:\n\tAccount Name:\t\tbob\n\nChanged Attributes:\n\
        \tUser Account Control:\t\n\t\t'Normal Account' - Enabled\n\nAdditional Information:\n\tPrivileges:\t-\n";
    gives(
        events,
        "MSADChangedAttributes=\"*'Normal Account' - Enabled*\" | table user src_user category result_id",
        &[r#"{"user":"bob","src_user":"ada","category":"User Account Management","result_id":"4738"}"#],
    );
}

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
