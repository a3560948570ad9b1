//! Events of hosts of Linux, of cloud services and of network devices, as they lie in a file, and what published searches read
//! from them. Expected values follow from Splunk's add-ons, as their public settings say.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::Folder;

/// A search over one file, recognised by what it looks like.
fn gives(events: &str, search: &str, expected: &[&str]) {
    let folder = Folder::new(&[("events.log", events.as_bytes())]);
    let ran = folder.run(&["search", search, "--events", "events.log"]);
    let rows: Vec<&str> = ran.out.lines().collect();
    assert_eq!((rows.as_slice(), ran.err.as_str()), (expected, ""), "{search}");
}

/// auditd's names for numbers stand behind a group separator, behind what rsyslog makes of it, or right behind the record.
#[test]
fn auditd_names_numbers_behind_any_separator() {
    for separator in ["\u{1d}", "#035", "", " "] {
        let events = format!(
            "type=SYSCALL msg=audit(1772701200.123:7): arch=c000003e success=yes ppid=1 pid=2 uid=0 comm=\"id\" \
             exe=\"/usr/bin/id\" key=(null){separator}ARCH=x86_64 SYSCALL=execve AUID=\"ada\" UID=\"root\" EUID=\"root\"\n\
             type=EXECVE msg=audit(1772701200.123:7): argc=2 a0=\"env\" a1=\"UID=5\"\n\
             type=PATH msg=audit(1772701200.123:7): name=\"/etc/x\" nametype=CREATE cap_frootid=0{separator}OUID=\"root\" OGID=\"adm\"\n\
             type=SERVICE_STOP msg=audit(1772701200.124:8): pid=1 uid=0 msg='unit=cron comm=\"systemd\" res=success'{separator}UID=\"root\" AUID=\"unset\"\n"
        );
        gives(
            &events,
            "sourcetype=\"linux:audit\" type!=EXECVE | sort type | table type key SYSCALL UID EUID AUID OUID OGID cap_frootid unit res",
            &[
                r#"{"type":"PATH","OUID":"root","OGID":"adm","cap_frootid":"0"}"#,
                r#"{"type":"SERVICE_STOP","UID":"root","AUID":"unset","unit":"cron","res":"success"}"#,
                r#"{"type":"SYSCALL","key":"(null)","SYSCALL":"execve","UID":"root","EUID":"root","AUID":"ada"}"#,
            ],
        );
        gives(&events, "type=EXECVE | table a0 a1", &[r#"{"a0":"env","a1":"UID=5"}"#]);
    }
}

/// What `ausearch --interpret` prints: a date, names for numbers, and a command line that is not encoded.
#[test]
fn auditd_as_ausearch_interprets_it() {
    let events = "----\ntype=PROCTITLE msg=audit(03/05/2026 09:00:00.123:7) : proctitle=cat /etc/shadow \n\
        type=SYSCALL msg=audit(03/05/2026 09:00:00.123:7) : arch=x86_64 syscall=execve success=yes uid=root comm=cat exe=/usr/bin/cat\n\
        type=PROCTITLE msg=audit(1772701201.5:8): proctitle=636174002F6574632F736861646F77\n";
    gives(
        events,
        "sourcetype=\"linux:audit\" type=* | sort event_id type | table _time event_id type proctitle comm exe",
        &[
            r#"{"_time":1772701200.123,"event_id":"7","type":"PROCTITLE","proctitle":"cat /etc/shadow"}"#,
            r#"{"_time":1772701200.123,"event_id":"7","type":"SYSCALL","comm":"cat","exe":"/usr/bin/cat"}"#,
            r#"{"_time":1772701201.5,"event_id":"8","type":"PROCTITLE","proctitle":"636174002F6574632F736861646F77"}"#,
        ],
    );
}

#[test]
fn office_365_tells_who_acted_from_who_was_changed() {
    let events = r#"{"CreationTime":"2026-03-05T09:00:00","Operation":"Update user.","Workload":"AzureActiveDirectory","OrganizationId":"org","UserId":"ada@x","UserKey":"k","ResultStatus":"Success","ClientIP":"","ActorIpAddress":"10.0.0.1:443","ObjectId":"Not Available","Actor":[{"ID":"ada@x","Type":5},{"ID":"1003","Type":3}],"Target":[{"ID":"User_1","Type":2},{"ID":"bob@x","Type":5}]}
{"CreationTime":"2026-03-05T09:00:01","Operation":"UserLoginFailed","Workload":"AzureActiveDirectory","OrganizationId":"org","UserId":"eve@x","ResultStatus":"Failed","ClientIP":"10.0.0.2","ActorIpAddress":"<null>","Actor":[{"ID":"guid","Type":3},{"ID":"eve@x","Type":5}],"Target":[{"ID":"app","Type":0}]}
{"CreationTime":"2026-03-05T09:00:02","Operation":"Set-Mailbox","Workload":"Exchange","OrganizationId":"org","UserId":"ada@x","ResultStatus":"True","ObjectId":"box","ClientIP":"[2001:db8::1]:99"}
{"CreationTime":"2026-03-05T09:00:03","Operation":"AlertTriggered","Workload":"SecurityComplianceCenter","OrganizationId":"org","Id":"1","PolicyId":"p","UserId":"SecurityComplianceAlerts","ObjectId":"o"}
"#;
    gives(
        events,
        "* | sort _time | table user src_user user_id object src_ip dest status result signature_id",
        &[
            r#"{"user":"bob@x","src_user":"ada@x","user_id":"ada@x","object":"bob@x","src_ip":"10.0.0.1","dest":"org","status":"success","result":"Success"}"#,
            r#"{"user":"eve@x","src_user":"eve@x","user_id":"guid","object":"app","src_ip":"10.0.0.2","dest":"Microsoft Office 365 AzureActiveDirectory","status":"failure","result":"Failed"}"#,
            r#"{"user":"box","src_user":"ada@x","user_id":"ada@x","object":"box","src_ip":"2001:db8::1","dest":"org","status":"success","result":"True"}"#,
            r#"{"user":"SecurityComplianceAlerts","src_user":"SecurityComplianceAlerts","user_id":"SecurityComplianceAlerts","object":"o","dest":"org","status":"success","result":"AlertTriggered","signature_id":"p"}"#,
        ],
    );
}

/// What is `null` in JSON is the text `null` in Splunk, and no name.
#[test]
fn entra_passes_over_names_that_are_null() {
    let events = r#"{"time":"2026-03-05T09:00:00.1Z","operationName":"Sign-in activity","category":"ServicePrincipalSignInLogs","callerIpAddress":"10.0.0.1","properties":{"userPrincipalName":null,"userId":null,"servicePrincipalId":"sp","servicePrincipalName":"Robot","ipAddress":""}}
{"time":"2026-03-05T09:00:01.1Z","operationName":"Add service principal","category":"AuditLogs","properties":{"initiatedBy":{"app":null,"user":{"id":"1","displayName":null,"userPrincipalName":"ada@x"}},"targetResources":[{"displayName":"App","type":"ServicePrincipal","userPrincipalName":null}]}}
{"time":"2026-03-05T09:00:02.1Z","operationName":"User Risk Detection","category":"UserRiskEvents","correlationId":"c","properties":{"userPrincipalName":"bob@x"}}
"#;
    gives(
        events,
        "* | sort _time | table user user_id src_ip src_user src_user_type object signature_id",
        &[
            r#"{"user":"Robot","user_id":"sp","src_ip":"10.0.0.1"}"#,
            r#"{"user":"App","user_id":"1","src_user":"ada@x","src_user_type":"user","object":"App"}"#,
            r#"{"user":"bob@x","signature_id":"User Risk Detection"}"#,
        ],
    );
}

#[test]
fn okta_without_a_target_is_about_who_acted() {
    let events = r#"{"published":"2026-03-05T09:00:00.000Z","eventType":"user.account.lock","displayMessage":"Max sign in attempts exceeded","actor":{"id":"1","type":"User","alternateId":"ada@x","displayName":"Ada"},"client":{"ipAddress":"10.0.0.1"},"outcome":{"result":"FAILURE"},"target":null,"uuid":"u","debugContext":{}}
"#;
    gives(
        events,
        "| tstats count from datamodel=Change where All_Changes.action=lockout All_Changes.object_category=User by All_Changes.user All_Changes.src All_Changes.command",
        &[
            r#"{"All_Changes.user":"ada@x","All_Changes.src":"10.0.0.1","All_Changes.command":"user.account.lock","count":1}"#,
        ],
    );
}

/// Searches of correlation count the sources of risk.
#[test]
fn the_source_of_a_risk_is_the_search_that_found_it() {
    let line = |time: u32, name: &str| {
        format!(
            "{time}, search_name=\"{name}\", annotations=\"{{\\\"search_name\\\":[1]}}\", risk_object=\"pc\", risk_object_type=\"system\", risk_score=\"40\"\n"
        )
    };
    let events = line(1_772_701_200, "ESCU - A - Rule") + &line(1_772_701_201, "ESCU - B - Rule");
    gives(
        &events,
        "| tstats dc(source) as sources sum(All_Risk.calculated_risk_score) as score from datamodel=Risk.All_Risk where source=\"*escu*\" by All_Risk.risk_object",
        &[r#"{"All_Risk.risk_object":"pc","sources":2,"score":80}"#],
    );
}

/// Where the risk does not say it: Scheduled Task/Job is of three tactics.
#[test]
fn a_risk_has_the_tactics_of_its_techniques() {
    let events = "1772701200, search_name=\"A\", annotations.mitre_attack=\"T1053.003\", risk_object=\"pc\", risk_score=\"40\"\n\
                  1772701201, search_name=\"B\", annotations.mitre_attack=\"T1537\", annotations.mitre_attack.mitre_tactic=\"own\", risk_object=\"box\", risk_score=\"40\"\n";
    gives(
        events,
        "| tstats count from datamodel=Risk.All_Risk by All_Risk.risk_object All_Risk.annotations.mitre_attack.mitre_tactic All_Risk.annotations.mitre_attack.mitre_technique_id | sort risk_object | rename All_Risk.* AS *",
        &[
            r#"{"risk_object":"box","annotations.mitre_attack.mitre_tactic":"own","annotations.mitre_attack.mitre_technique_id":"T1537","count":1}"#,
            r#"{"risk_object":"pc","annotations.mitre_attack.mitre_tactic":"execution","annotations.mitre_attack.mitre_technique_id":"T1053.003","count":1}"#,
            r#"{"risk_object":"pc","annotations.mitre_attack.mitre_tactic":"persistence","annotations.mitre_attack.mitre_technique_id":"T1053.003","count":1}"#,
            r#"{"risk_object":"pc","annotations.mitre_attack.mitre_tactic":"privilege-escalation","annotations.mitre_attack.mitre_technique_id":"T1053.003","count":1}"#,
        ],
    );
}

#[test]
fn zscaler_writes_json_too() {
    let events = r#"{"datetime":"2026-03-05 09:00:00","action":"Blocked","urlcategory":"Other","ClientIP":"10.0.0.1","serverip":"10.0.0.2","user":"ada","url":"a.example/x.dll","protocol":"HTTPS","product":"NSS","vendor":"Zscaler"}
"#;
    gives(
        events,
        "source=zscaler action=blocked | table _time action src dest user url",
        &[
            r#"{"_time":1772701200,"action":"blocked","src":"10.0.0.1","dest":"10.0.0.2","user":"ada","url":"https://a.example/x.dll"}"#,
        ],
    );
}

#[test]
fn lines_without_a_header_are_recognised() {
    let iis = "2026-03-05 09:00:00 10.0.0.2 GET /a/b.aspx - 443 - 10.0.0.1 Some+Agent - 200 0 0 5\n";
    gives(
        iis,
        "sourcetype=ms:iis:splunk | table _time source",
        &[r#"{"_time":1772701200,"source":"ms:iis:splunk"}"#],
    );
    let stream = "{\"endtime\":\"2026-03-05T09:00:01.5Z\",\"timestamp\":\"2026-03-05T09:00:00.5Z\",\"src_ip\":\"10.0.0.1\",\"dest_ip\":\"10.0.0.2\",\"dest_port\":389,\"protocol\":\"TCP\"}\n";
    gives(
        stream,
        "| tstats count from datamodel=Network_Traffic by sourcetype All_Traffic.dest All_Traffic.transport",
        &[
            r#"{"sourcetype":"stream:ip","All_Traffic.dest":"10.0.0.2","All_Traffic.transport":"tcp","count":1}"#,
        ],
    );
    let moveit = "2026-03-05 09:00:00.123 #01 z10 UserAuthRequestHandler: some message\n2026-03-05 09:00:01.123 #01 z10 Other\n";
    gives(moveit, "sourcetype=sftp_server_logs | stats count", &[r#"{"count":2}"#]);
}

#[test]
fn messages_of_cisco_switches() {
    let message = |text: &str| format!("Mar  5 09:00:00 sw1 101: *Mar  5 08:59:59.123 UTC: {text}\n");
    let events = message(
        "%PM-4-ERR_DISABLE: arp-inspection error detected on Gi1/0/5, putting Gi1/0/5 in err-disable state",
    ) + &message(
        "%PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address 00AA.2233.4455 on port FastEthernet0/7.",
    ) + &message(
        "%SISF-4-MAC_THEFT: MAC Theft Cand-MAC=0011.2233.4488 VLAN=7 Cand-I/F=Te1/0/3 IP=FE80::2 Known I/F=Gi1/0/4",
    ) + &message(
        "%DHCP_SNOOPING-5-DHCP_SNOOPING_UNTRUSTED_PORT: DHCP_SNOOPING drop message on untrusted port, message type: DHCPOFFER, MAC sa: 0011.2233.4466",
    );
    gives(
        &events,
        "eventtype=cisco_ios | eval port = src_int_prefix_long.src_int_suffix | sort facility | \
         table host facility severity_id mnemonic port dest_interface disable_cause src_mac src_vlan message_type",
        &[
            r#"{"host":"sw1","facility":"DHCP_SNOOPING","severity_id":"5","mnemonic":"DHCP_SNOOPING_UNTRUSTED_PORT","src_mac":"00:11:22:33:44:66","message_type":"DHCPOFFER"}"#,
            r#"{"host":"sw1","facility":"PM","severity_id":"4","mnemonic":"ERR_DISABLE","port":"GigabitEthernet1/0/5","disable_cause":"arp-inspection"}"#,
            r#"{"host":"sw1","facility":"PORT_SECURITY","severity_id":"2","mnemonic":"PSECURE_VIOLATION","port":"FastEthernet0/7","src_mac":"00:aa:22:33:44:55"}"#,
            r#"{"host":"sw1","facility":"SISF","severity_id":"4","mnemonic":"MAC_THEFT","port":"TenGigabitEthernet1/0/3","dest_interface":"Gi1/0/4","src_mac":"00:11:22:33:44:88","src_vlan":"7"}"#,
        ],
    );
    let events = message(
        "%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: eve] [Source: 10.0.0.9] [localport: 22] [Reason: Login Authentication Failed] at 09:00:00 UTC Thu Mar 5 2026",
    ) + &message(
        "%SEC-6-IPACCESSLOGP: list 101 denied tcp 10.0.0.1(1234) -> 10.0.0.2(80), 1 packet",
    ) + &message(
        "%PARSER-5-CFGLOG_LOGGEDCMD: User:ada  logged command:monitor session 1 source interface Gi1/0/1",
    );
    gives(
        &events,
        "| tstats count from datamodel=Authentication by Authentication.user Authentication.src Authentication.dest Authentication.action",
        &[
            r#"{"Authentication.user":"eve","Authentication.src":"10.0.0.9","Authentication.dest":"sw1","Authentication.action":"failure","count":1}"#,
        ],
    );
    gives(
        &events,
        "| tstats count from datamodel=Network_Traffic by All_Traffic.src All_Traffic.dest All_Traffic.dest_port All_Traffic.action",
        &[
            r#"{"All_Traffic.src":"10.0.0.1","All_Traffic.dest":"10.0.0.2","All_Traffic.dest_port":"80","All_Traffic.action":"blocked","count":1}"#,
        ],
    );
    gives(
        &events,
        "| tstats count from datamodel=Change by All_Changes.user All_Changes.action All_Changes.command",
        &[
            r#"{"All_Changes.user":"ada","All_Changes.action":"modified","All_Changes.command":"monitor session 1 source interface Gi1/0/1","count":1}"#,
        ],
    );
}

/// What is asked for outbound is named last.
#[test]
fn messages_of_cisco_firewalls() {
    let events = "<166>Mar 05 2026 09:00:00 fw1 : %ASA-6-302013: Built outbound TCP connection 11 for outside:203.0.113.5/443 (203.0.113.5/443) to inside:10.0.0.1/5000 (198.51.100.1/5000)\n\
        Mar  5 09:00:02 fw1 %ASA-6-302014: Teardown TCP connection 12 for outside:203.0.113.6/4000 to dmz:10.0.0.2/80 duration 1:01:30 bytes 1234 TCP FINs\n\
        Mar  5 09:00:03 fw1 %FTD-4-106023: Deny icmp src outside:203.0.113.7 dst inside:10.0.0.3 (type 8, code 0) by access-group \"outside_in\" [0x0, 0x0]\n\
        Mar  5 09:00:05 fw1 %ASA-6-106100: access-list acl denied udp inside/10.0.0.5(53) -> outside/203.0.113.9(53) hit-cnt 1 first hit [0x1, 0x0]\n";
    gives(
        events,
        "tag=communicate | sort _time | table message_id action transport direction src src_zone dest dest_port rule bytes duration reason vendor_product",
        &[
            r#"{"message_id":"302013","action":"allowed","transport":"tcp","direction":"outbound","src":"10.0.0.1","src_zone":"inside","dest":"203.0.113.5","dest_port":"443","vendor_product":"Cisco ASA"}"#,
            r#"{"message_id":"302014","action":"allowed","transport":"tcp","src":"203.0.113.6","src_zone":"outside","dest":"10.0.0.2","dest_port":"80","bytes":"1234","duration":3690,"reason":"TCP FINs","vendor_product":"Cisco ASA"}"#,
            r#"{"message_id":"106023","action":"blocked","transport":"icmp","src":"203.0.113.7","src_zone":"outside","dest":"10.0.0.3","rule":"outside_in","vendor_product":"Cisco FTD"}"#,
            r#"{"message_id":"106100","action":"blocked","transport":"udp","src":"10.0.0.5","src_zone":"inside","dest":"203.0.113.9","dest_port":"53","rule":"acl","vendor_product":"Cisco ASA"}"#,
        ],
    );
    let events = "Mar  5 09:00:06 fw1 %ASA-6-605004: Login denied from 203.0.113.10/5000 to outside:198.51.100.1/ssh for user \"eve\"\n\
        Mar  5 09:00:07 fw1 %ASA-6-113015: AAA user authentication Rejected : reason = Invalid password : local database : user = eve : user IP = 203.0.113.10\n\
        Mar  5 09:00:09 fw1 %ASA-5-111010: User 'ada', running 'CLI' from IP 10.0.0.8, executed 'no logging enable'\n";
    gives(
        events,
        "tag=authentication OR tag=change | sort _time | table host message_id action user src dest reason command",
        &[
            r#"{"host":"fw1","message_id":"605004","action":"failure","user":"eve","src":"203.0.113.10","dest":"198.51.100.1"}"#,
            r#"{"host":"fw1","message_id":"113015","action":"failure","user":"eve","src":"203.0.113.10","dest":"fw1","reason":"Invalid password"}"#,
            r#"{"host":"fw1","message_id":"111010","action":"modified","user":"ada","src":"10.0.0.8","dest":"fw1","command":"no logging enable"}"#,
        ],
    );
}

#[test]
fn logs_of_zeek() {
    let line = |more: &str| {
        format!(
            "{{\"ts\":1772701200.5,\"uid\":\"C1\",\"id.orig_h\":\"10.0.0.1\",\"id.orig_p\":5,\"id.resp_h\":\"10.0.0.2\",\"id.resp_p\":53,{more}}}\n"
        )
    };
    gives(
        &line(
            "\"proto\":\"udp\",\"trans_id\":7,\"query\":\"a.example\",\"qtype_name\":\"A\",\"rcode\":3,\"rcode_name\":\"NXDOMAIN\"",
        ),
        "| tstats count from datamodel=Network_Resolution by DNS.src DNS.dest DNS.query DNS.record_type DNS.reply_code_id DNS.message_type",
        &[
            r#"{"DNS.src":"10.0.0.1","DNS.dest":"10.0.0.2","DNS.query":"a.example","DNS.record_type":"A","DNS.reply_code_id":"3","DNS.message_type":"Response","count":1}"#,
        ],
    );
    gives(
        &line(
            "\"trans_depth\":1,\"method\":\"GET\",\"host\":\"a.example\",\"uri\":\"/x?y=1\",\"request_body_len\":2,\"response_body_len\":10,\"status_code\":200",
        ),
        "| tstats count from datamodel=Web by host Web.src Web.url Web.site Web.uri_path Web.status Web.bytes",
        &[
            r#"{"host":"localhost","Web.src":"10.0.0.1","Web.url":"http://a.example/x?y=1","Web.site":"a.example","Web.uri_path":"/x","Web.status":"200","Web.bytes":12,"count":1}"#,
        ],
    );
    gives(
        &line(
            "\"version\":\"TLSv12\",\"cipher\":\"c\",\"server_name\":\"n\",\"subject\":\"CN=a.example,O=A\",\"issuer\":\"C=US,CN=Some CA\",\"validation_status\":\"expired\"",
        ),
        "sourcetype=zeek:ssl:json tag=ssl | table src_ip dest_ip ssl_subject_common_name ssl_issuer_common_name ssl_is_valid",
        &[
            r#"{"src_ip":"10.0.0.1","dest_ip":"10.0.0.2","ssl_subject_common_name":"a.example","ssl_issuer_common_name":"Some CA","ssl_is_valid":"false"}"#,
        ],
    );
}

#[test]
fn access_logs_of_s3() {
    let owner = "0123456789abcdef".repeat(4);
    let events = format!(
        "{owner} box [05/Mar/2026:09:00:00 +0000] 192.0.2.3 arn:aws:iam::1:user/ada 3E57 REST.GET.OBJECT a/b.txt \
         \"GET /a/b.txt?x=1 HTTP/1.1\" 403 AccessDenied 243 - 7 - \"-\" \"aws-cli/2\" - h= SigV4 - AuthHeader box.s3.amazonaws.com TLSv1.2 - -\n"
    );
    gives(
        &events,
        "sourcetype=aws:s3:accesslogs http_status=403 | table _time bucket_name remote_ip operation request_uri error_code",
        &[
            r#"{"_time":1772701200,"bucket_name":"box","remote_ip":"192.0.2.3","operation":"REST.GET.OBJECT","request_uri":"GET /a/b.txt?x=1 HTTP/1.1","error_code":"AccessDenied"}"#,
        ],
    );
    gives(
        &events,
        "| tstats count from datamodel=Web by Web.src Web.user Web.url Web.http_method Web.action",
        &[
            r#"{"Web.src":"192.0.2.3","Web.user":"ada","Web.url":"https://box.s3.amazonaws.com/a/b.txt?x=1","Web.http_method":"GET","Web.action":"failure","count":1}"#,
        ],
    );
}

/// Blanks behind the commas of a table are not of its values.
#[test]
fn a_table_with_blanks_behind_its_commas() {
    let folder = Folder::new(&[
        ("a/lookups/t.csv", b"path, known\n/etc/passwd, yes\n"),
        ("in.json", b"{\"path\":\"/etc/passwd\"}\n"),
    ]);
    let search = "* | lookup t.csv path | search known=yes | table path known";
    let ran = folder.run(&["search", search, "--app", "a", "--events", "in.json", "-q"]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("{\"path\":\"/etc/passwd\",\"known\":\"yes\"}\n", ""));
}
