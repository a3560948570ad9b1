//! CloudTrail records of a test's own.

use serde_json::{Value, json};

/// A call of an IAM user that worked, at an ISO 8601 time.
pub fn call(
    time: &str,
    user: &str,
    src: &str,
    name: &str,
    service: &str,
    request: Value,
    response: Value,
) -> Value {
    json!({
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "accountId": "111122223333", "userName": user},
        "eventTime": time,
        "eventSource": format!("{service}.amazonaws.com"),
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": src,
        "requestParameters": request,
        "responseElements": response,
        "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333",
    })
}

/// A launch of instances from an image.
pub fn launch(time: &str, user: &str, image: &str, instances: &[&str]) -> Value {
    launch_of(time, user, json!({"imageId": image}), instances)
}

/// A launch from a template: the request names no image, the response does.
pub fn launch_from_template(time: &str, user: &str, instances: &[&str]) -> Value {
    let mut record = launch_of(time, user, json!({}), instances);
    record["requestParameters"]["launchTemplate"] = json!({"launchTemplateId": "lt-01", "version": "7"});
    record["responseElements"]["instancesSet"]["items"][0]["imageId"] = json!("ami-of-the-template");
    record
}

fn launch_of(time: &str, user: &str, what: Value, instances: &[&str]) -> Value {
    let made: Vec<Value> = instances.iter().map(|id| json!({"instanceId": id})).collect();
    let request = json!({"instancesSet": {"items": [what]}, "instanceType": "t3.micro"});
    call(time, user, "192.0.2.10", "RunInstances", "ec2", request, json!({"instancesSet": {"items": made}}))
}

/// The same call, refused: there is an error, and no response.
pub fn refused(mut record: Value) -> Value {
    record["errorCode"] = json!("Client.UnauthorizedOperation");
    record["errorMessage"] = json!("You are not authorized to perform this operation.");
    record["responseElements"] = Value::Null;
    record
}
