//! Invented events of about 1.5 KB in the shape of CloudTrail's, one a line.

use std::fmt::Write;

use super::rows::scrambled;

const NAMES: [&str; 8] = [
    "DescribeInstances",
    "GetBucketAcl",
    "ListRoles",
    "AssumeRole",
    "DescribeVolumes",
    "GetParameter",
    "ListKeys",
    "Decrypt",
];

/// So many events. One in 50 is `RunInstances`; the others read.
pub fn events(count: u64) -> String {
    let mut text = String::new();
    for number in 0..count {
        let random = scrambled(number);
        let name = if random.is_multiple_of(50) {
            "RunInstances"
        } else {
            NAMES[(random >> 8) as usize % NAMES.len()]
        };
        let (person, token) = (random >> 16 & 0xff, scrambled(random));
        let asked = format!("{token:016x}").repeat(24);
        writeln!(
            text,
            r#"{{"eventVersion":"1.09","userIdentity":{{"type":"AssumedRole","principalId":"AROAEXAMPLE{person:04}:session","arn":"arn:aws:sts::111122223333:assumed-role/role-{person}/session","accountId":"111122223333","sessionContext":{{"sessionIssuer":{{"type":"Role","arn":"arn:aws:iam::111122223333:role/role-{person}","userName":"role-{person}"}},"attributes":{{"creationDate":"2026-03-01T00:00:00Z","mfaAuthenticated":"false"}}}}}},"eventTime":"2026-03-01T{:02}:{:02}:{:02}Z","eventSource":"ec2.amazonaws.com","eventName":"{name}","awsRegion":"eu-central-1","sourceIPAddress":"198.18.{}.{}","userAgent":"aws-cli/2.15 \"quoted\" md/arch#x86_64","requestParameters":{{"instancesSet":{{"items":[{{"imageId":"ami-{token:016x}","minCount":1,"maxCount":1}}]}},"clientToken":"{asked}"}},"responseElements":null,"requestID":"{token:032x}","eventID":"{random:032x}","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256"}}}}"#,
            number / 3600 % 24,
            number / 60 % 60,
            number % 60,
            person,
            random >> 24 & 0xff,
        )
        .unwrap();
    }
    text
}
