//! The record that CloudTrail would deliver for a call.

use crate::calls::Call;
use crate::ids::{ACCOUNT, MINUTE, REGION, identifier, iso, principal};
use crate::people::Actor;
use serde_json::{Map, Value, json};

/// The record of one call; `serial` gives it its identifiers.
pub fn record(call: &Call, serial: u64) -> Value {
    let host = format!("{}.{REGION}.amazonaws.com", call.service);
    let mut event = Map::new();
    let mut put = |key: &str, value: Value| event.insert(key.into(), value);
    put("eventVersion", "1.11".into());
    put("userIdentity", identity(call));
    put("eventTime", iso(call.at).into());
    put("eventSource", format!("{}.amazonaws.com", call.service).into());
    put("eventName", call.name.into());
    put("awsRegion", REGION.into());
    put("sourceIPAddress", call.who.src.into());
    put("userAgent", call.who.agent.into());
    if let Some((code, message)) = call.error {
        put("errorCode", code.into());
        put("errorMessage", message.into());
    }
    put("requestParameters", call.request.clone());
    put("responseElements", call.response.clone());
    match call.service {
        "signin" => {
            if call.response == json!({"ConsoleLogin": "Failure"}) {
                put("errorMessage", "Failed authentication".into());
            }
            put(
                "additionalEventData",
                json!({"LoginTo": "https://console.aws.amazon.com/console/home",
                "MobileVersion": "No", "MFAUsed": "Yes"}),
            );
        }
        "s3" => {
            put(
                "additionalEventData",
                json!({"SignatureVersion": "SigV4", "bytesTransferredIn": 0.0,
                "AuthenticationMethod": "AuthHeader", "bytesTransferredOut": 243.0}),
            );
        }
        _ => {}
    }
    put("requestID", identifier("request", serial).into());
    put("eventID", identifier("event", serial).into());
    put("readOnly", call.read_only().into());
    put("eventType", if call.service == "signin" { "AwsConsoleSignIn" } else { "AwsApiCall" }.into());
    put("managementEvent", true.into());
    put("recipientAccountId", ACCOUNT.into());
    put("eventCategory", "Management".into());
    if !call.who.src.ends_with(".amazonaws.com") {
        put(
            "tlsDetails",
            json!({"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": host}),
        );
    }
    Value::Object(event)
}

/// The `userIdentity` of a call.
fn identity(call: &Call) -> Value {
    match call.who.actor {
        Actor::User(_) if call.response == json!({"ConsoleLogin": "Failure"}) => {
            json!({"type": "IAMUser", "accountId": ACCOUNT, "accessKeyId": "", "userName": "HIDDEN_DUE_TO_SECURITY_REASONS"})
        }
        Actor::User(name) => json!({
            "type": "IAMUser",
            "principalId": principal("AIDA", name),
            "arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
            "accountId": ACCOUNT,
            "accessKeyId": principal("AKIA", name),
            "userName": name,
        }),
        Actor::Role { name, session } => {
            let id = principal("AROA", name);
            let mut identity = json!({
                "type": "AssumedRole",
                "principalId": format!("{id}:{session}"),
                "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session}"),
                "accountId": ACCOUNT,
                "accessKeyId": principal("ASIA", name),
                "sessionContext": {
                    "sessionIssuer": {"type": "Role", "principalId": id,
                        "arn": format!("arn:aws:iam::{ACCOUNT}:role/{name}"), "accountId": ACCOUNT, "userName": name},
                    "attributes": {"creationDate": iso(call.at - 20 * MINUTE), "mfaAuthenticated": "false"},
                },
            });
            if let (true, Some(fields)) = (call.who.src.ends_with(".amazonaws.com"), identity.as_object_mut())
            {
                fields.insert("invokedBy".into(), call.who.src.into());
            }
            identity
        }
        Actor::Root => json!({"type": "Root", "principalId": ACCOUNT,
            "arn": format!("arn:aws:iam::{ACCOUNT}:root"), "accountId": ACCOUNT}),
        Actor::Service => json!({"type": "AWSService", "invokedBy": call.who.src}),
    }
}
