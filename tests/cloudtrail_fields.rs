//! The fields of CloudTrail records beside those of the two shipped detections.

mod program;

use program::Folder;

/// The rows that a search gives over records.
fn rows(records: &[&str], search: &str, expected: &[&str]) {
    let head = r#""eventTime":"2026-03-01T10:00:00Z","eventSource":"x.amazonaws.com","awsRegion":"eu-west-1","eventVersion":"1.08""#;
    // Of records of one time the last comes first.
    let events: Vec<String> = records.iter().rev().map(|record| format!("{{{head},{record}}}\n")).collect();
    let folder = Folder::new(&[("e.json", events.concat().as_bytes())]);
    folder.run(&["search", search, "--events", "e.json"]).gives(0, expected);
}

#[test]
fn who_called() {
    let user = r#""eventName":"CreateSnapshot","eventType":"AwsApiCall","userIdentity":{"type":"IAMUser","userName":"ada","arn":"arn:aws:iam::1:user/ada"}"#;
    let role = r#""eventName":"CreateSnapshot","eventType":"AwsApiCall","userIdentity":{"type":"AssumedRole","principalId":"AROA1:s","arn":"arn:aws:sts::1:assumed-role/ops/s","sessionContext":{"sessionIssuer":{"type":"Role","userName":"ops","principalId":"AROA1"}}}"#;
    let root = r#""eventName":"CreateSnapshot","eventType":"AwsApiCall","userIdentity":{"type":"Root","arn":"arn:aws:iam::1:root"}"#;
    rows(
        &[user, role, root],
        "eventName=CreateSnapshot | table userName user_name user user_type",
        &[
            r#"{"userName":"ada","user_name":"ada","user":"ada","user_type":"IAMUser"}"#,
            r#"{"userName":"ops","user_name":"ops","user_type":"AssumedRole"}"#,
            r#"{"userName":"root","user_name":"root","user_type":"Root"}"#,
        ],
    );
}

#[test]
fn the_role_that_is_assumed() {
    let by_user = r#""eventName":"AssumeRole","eventType":"AwsApiCall","userIdentity":{"type":"IAMUser","userName":"ada","principalId":"AIDA1","arn":"arn:aws:iam::1:user/ada"},"requestParameters":{"roleArn":"arn:aws:iam::2:role/ops"},"responseElements":{"assumedRoleUser":{"arn":"arn:aws:sts::2:assumed-role/ops/s","assumedRoleId":"AROA2:s"},"credentials":{"accessKeyId":"ASIA1"}}"#;
    let by_role = r#""eventName":"AssumeRole","eventType":"AwsApiCall","userIdentity":{"type":"AssumedRole","principalId":"AROA3:t","arn":"arn:aws:sts::1:assumed-role/dev/t","sessionContext":{"attributes":{"mfaAuthenticated":"false"},"sessionIssuer":{"principalId":"AROA3","userName":"dev"}}},"requestParameters":{"roleArn":"arn:aws:iam::2:role/ops"},"responseElements":{"assumedRoleUser":{"arn":"arn:aws:sts::2:assumed-role/ops/s","assumedRoleId":"AROA2:s"}},"resources":[{"type":"AWS::IAM::Role"}]"#;
    rows(
        &[by_user, by_role],
        "eventName=AssumeRole | table user_role user_id user_type src_user_id src_user_role src_user_type authentication_method temp_access_key",
        &[
            r#"{"user_role":"arn:aws:sts::2:assumed-role/ops/s","user_id":"AROA2","user_type":"ops","src_user_id":"AIDA1","src_user_type":"IAMUser","temp_access_key":"ASIA1"}"#,
            r#"{"user_role":"arn:aws:iam::2:role/ops","user_id":"AROA2","user_type":"AWS::IAM::Role","src_user_id":"AROA3","src_user_role":"arn:aws:sts::1:assumed-role/dev/t","src_user_type":"AssumedRole","authentication_method":"SFA"}"#,
        ],
    );
}

#[test]
fn what_a_rule_of_the_network_lets_through() {
    let group = r#""eventName":"AuthorizeSecurityGroupIngress","userIdentity":{"type":"IAMUser"},"requestParameters":{"groupId":"sg-1","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":22,"toPort":23,"ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]}}]}}"#;
    let acl = r#""eventName":"CreateNetworkAclEntry","userIdentity":{"type":"IAMUser"},"requestParameters":{"networkAclId":"acl-1","egress":true,"aclProtocol":"6","ruleAction":"allow","cidrBlock":"::/0","portRange":{"from":1,"to":9}}"#;
    rows(
        &[group, acl],
        "direction=* | table direction protocol protocol_code rule_action src_ip_range src_port_range dest_ip_range dest_port_range",
        &[
            r#"{"direction":"Inbound","protocol":"tcp","src_ip_range":"0.0.0.0/0","src_port_range":["23","22"]}"#,
            r#"{"direction":"Outbound","protocol_code":"6","rule_action":"allow","dest_ip_range":"::/0","dest_port_range":["1","9"]}"#,
        ],
    );
}
