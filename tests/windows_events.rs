//! Events of Windows as files of recorded events have them, recognised by what they look like, and the fields that published
//! searches ask for.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::{Folder, gives};

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

const SYSMON: &str = "Microsoft-Windows-Sysmon/Operational";

#[test]
fn sysmon_events_are_those_of_the_account_that_writes_them() {
    let image = [("Image", r"C:\a\b.exe"), ("User", r"EX\ada")];
    let start = [&image[..], &[("CommandLine", "b -x")]].concat();
    let events = windows(SYSMON, 1, &data(&start)) + &windows(SYSMON, 5, &data(&image));
    gives(
        &events,
        "* | sort EventCode | table EventCode user user_id process process_name",
        &[
            r#"{"EventCode":"1","user":"ada","process":"b -x","process_name":"b.exe"}"#,
            r#"{"EventCode":"5","user":"ada","user_id":"S-1-5-18","process":"C:\\a\\b.exe","process_name":"b.exe"}"#,
        ],
    );
}

#[test]
fn actions_of_tasks_are_found_where_the_published_search_asks() {
    let channel = "Microsoft-Windows-TaskScheduler/Operational";
    let event = |code| windows(channel, code, &data(&[("TaskName", r"\Some")]));
    gives(
        &(event(106) + &event(200)),
        "* | sort EventCode | table source EventCode TaskName",
        &[
            r#"{"source":"XmlWinEventLog:Microsoft-Windows-TaskScheduler/Operational","EventCode":"106","TaskName":"\\Some"}"#,
            r#"{"source":"XmlWinEventLog:Security","EventCode":"200","TaskName":"\\Some"}"#,
        ],
    );
}

#[test]
fn an_audited_access_has_the_path_for_its_process_name() {
    let process = [("ProcessName", r"C:\a\b.exe"), ("ProcessId", "0x1")];
    let read = [&process[..], &[("ObjectType", "File"), ("ObjectName", r"C:\x\Login Data")]].concat();
    let events = windows("Security", 4663, &data(&read)) + &windows("Security", 4689, &data(&process));
    gives(
        &events,
        "* | sort EventCode | table EventCode process_name process_path object_file_name",
        &[
            r#"{"EventCode":"4663","process_name":"C:\\a\\b.exe","process_path":"C:\\a\\b.exe","object_file_name":"Login Data"}"#,
            r#"{"EventCode":"4689","process_name":"b.exe","process_path":"C:\\a\\b.exe"}"#,
        ],
    );
}

/// Script blocks over several lines, in every way in which files have their events one after the other.
#[test]
fn an_event_stays_whole_over_its_lines() {
    let channel = "Microsoft-Windows-PowerShell/Operational";
    let block = |name| {
        windows(channel, 4104, &data(&[("ScriptBlockText", &format!("function {name} {{\n\n  1\n}}"))]))
    };
    let (one, two) = (block("a"), block("b"));
    let header = "<13>1 2026-03-05T09:00:00Z pc app - - - ";
    let files = [
        format!("{one}{two}"),
        format!("{}{two}", one.trim_end()),
        format!("{} {two}", one.trim_end()),
        format!("<?xml version='1.0'?>\n<Events>\n{one}{two}</Events>\n"),
        format!("\u{feff}{one}{two}").replace('\'', "\""),
        format!("{header}{one}{header}{two}"),
        format!("<13>Mar  5 09:00:00 pc app: {one}<13>Mar  5 09:00:00 pc app: {two}"),
        format!("{header}{} {two}", one.trim_end()),
    ];
    let rows = [
        r#"{"source":"XmlWinEventLog:Microsoft-Windows-PowerShell/Operational","_time":1772701200,"ScriptBlockText":"function a {\n\n  1\n}"}"#,
        r#"{"source":"XmlWinEventLog:Microsoft-Windows-PowerShell/Operational","_time":1772701200,"ScriptBlockText":"function b {\n\n  1\n}"}"#,
    ];
    for file in files {
        let search = "EventCode=4104 | sort ScriptBlockText | table source _time ScriptBlockText";
        gives(&file, search, &rows);
        // Told what they are, under the name that forwarders use.
        let folder = Folder::new(&[("events.log", file.as_bytes())]);
        let told = [
            "--sourcetype",
            "xmlwineventlog",
            "--source",
            "XmlWinEventLog:Microsoft-Windows-PowerShell/Operational",
        ];
        let ran = folder.run(&[&["search", search, "--events", "events.log"][..], &told].concat());
        assert_eq!(ran.out.lines().collect::<Vec<_>>(), rows, "{file}");
        // Carriage returns before line feeds stay in the text.
        let returns = file.replace('\n', "\r\n");
        gives(
            &returns,
            "EventCode=4104 ScriptBlockText=\"function *\r\n}\" | stats count",
            &[r#"{"count":2}"#],
        );
    }
}

#[test]
fn windows_text_begins_with_the_time_of_its_language() {
    let event = |time: &str, name: &str| {
        format!(
            "{time}\nLogName=Security\nEventCode=4720\nComputerName=pc.example\nKeywords=Überwachung erfolgreich\n\
             Message=Ein Benutzerkonto wurde erstellt.\n\nNeues Konto:\n\tKontoname:\t\t{name}\n\n"
        )
    };
    for (one, two) in [
        ("25.03.2026 09:00:00", "25.03.2026 09:00:01"),
        ("03/25/2026 09:00:00.000", "03/25/2026 09:00:01.000"),
        ("03/25/2026 09:00:00 AM", "03/25/2026 09:00:01 AM"),
    ] {
        gives(
            &(event(one, "ada") + &event(two, "bob")),
            "* | sort _time | table _time source EventCode dest signature Kontoname",
            &[
                r#"{"_time":1774429200,"source":"WinEventLog:Security","EventCode":"4720","dest":"pc.example","signature":"A user account was created","Kontoname":"ada"}"#,
                r#"{"_time":1774429201,"source":"WinEventLog:Security","EventCode":"4720","dest":"pc.example","signature":"A user account was created","Kontoname":"bob"}"#,
            ],
        );
    }
}

/// As the inputs of older forwarders name them (Splunk Add-on for Windows, source and sourcetype changes of 5.0).
#[test]
fn a_source_type_of_one_channel_is_that_of_all() {
    let xml = windows(SYSMON, 5, &data(&[("Image", r"C:\a\b.exe")]));
    let text = "03/05/2026 09:00:00 AM\nLogName=Security\nEventCode=4720\nComputerName=pc.example\nMessage=A user \
        account was created.\n\nNew Account:\n\tAccount Name:\t\tbob\n";
    for (events, told, row) in [
        (
            xml.as_str(),
            format!("XmlWinEventLog:{SYSMON}"),
            r#"{"sourcetype":"XmlWinEventLog","source":"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational","EventCode":"5","dest":"pc.example","process_name":"b.exe"}"#,
        ),
        (
            text,
            "WinEventLog:Security".into(),
            r#"{"sourcetype":"WinEventLog","source":"WinEventLog:Security","EventCode":"4720","dest":"pc.example","user":"bob"}"#,
        ),
    ] {
        let folder = Folder::new(&[("events.log", events.as_bytes())]);
        let search = "sourcetype=*WinEventLog | table sourcetype source EventCode dest process_name user";
        let ran = folder.run(&["search", search, "--events", "events.log", "--sourcetype", &told]);
        assert_eq!((ran.out.trim_end(), ran.err.as_str()), (row, ""), "{told}");
    }
}

#[test]
fn the_text_of_wmi_goes_by_the_name_that_published_searches_use() {
    let event = "03/05/2026 09:00:00 AM\nLogName=Microsoft-Windows-WMI-Activity/Operational\nEventCode=5861\n\
        ComputerName=pc.example\nMessage=Namespace = ROOT; Consumer = Some=\"x\"; PossibleCause = Binding x\n";
    gives(
        event,
        "sourcetype=\"wineventlog:microsoft-windows-wmi-activity/operational\" EventCode=5861 Binding | table source ComputerName dest",
        &[
            r#"{"source":"WinEventLog:Microsoft-Windows-WMI-Activity/Operational","ComputerName":"pc.example","dest":"pc.example"}"#,
        ],
    );
}
