//! The calls of the sample: the request of each and what AWS answers.

use crate::ids::{ACCOUNT, HOUR, MINUTE, identifier, iso, mix, principal};
use crate::people::{CONFIG, Who};
use serde_json::{Value, json};

/// Image that the launch template starts from.
const TEMPLATE_IMAGE: &str = "ami-0a11ba5e000000002";

/// Calls of this sample that create or start something (when they succeed).
const PROVISIONS: [&str; 11] = [
    "CreateBucket",
    "CreateFunction20150331",
    "CreateLogGroup",
    "CreateQueue",
    "CreateRole",
    "CreateSecurityGroup",
    "CreateTable",
    "CreateUser",
    "CreateVolume",
    "RunInstances",
    "StartInstances",
];

/// One call, before it is written as a record.
pub struct Call {
    /// Seconds since 1970.
    pub at: i64,
    pub who: Who,
    /// What stands before `.amazonaws.com` in `eventSource`.
    pub service: &'static str,
    /// The `eventName`.
    pub name: &'static str,
    pub request: Value,
    pub response: Value,
    /// `errorCode` and `errorMessage` of a call that failed.
    pub error: Option<(&'static str, &'static str)>,
    /// The image that the request names, if any: what the first baseline keeps.
    pub image: Option<&'static str>,
}

impl Call {
    /// A call that succeeded and was answered with nothing.
    pub fn new(at: i64, who: Who, service: &'static str, name: &'static str, request: Value) -> Self {
        Call { at, who, service, name, request, response: Value::Null, error: None, image: None }
    }

    /// The same call with this answer.
    pub fn answered(mut self, response: Value) -> Self {
        self.response = response;
        self
    }

    /// AWS answers a refused call with nothing.
    pub fn refused(mut self, code: &'static str, message: &'static str) -> Self {
        self.response = Value::Null;
        self.error = Some((code, message));
        self
    }

    /// Whether the second baseline keeps the source of this call.
    pub fn provisions(&self) -> bool {
        self.error.is_none() && PROVISIONS.contains(&self.name)
    }

    /// CloudTrail's `readOnly`.
    pub fn read_only(&self) -> bool {
        ["Describe", "Get", "List", "Assume"].iter().any(|verb| self.name.starts_with(verb))
    }
}

/// `RunInstances`: without an image it is a launch from a template, which carries the image itself.
pub fn launch(at: i64, who: Who, image: Option<&'static str>, instances: &[&str]) -> Call {
    let mut wanted = json!({"minCount": instances.len(), "maxCount": instances.len()});
    let mut request = json!({"instancesSet": {"items": [wanted.clone()]}});
    if let (Some(image), Some(item)) = (image, wanted.as_object_mut()) {
        item.insert("imageId".into(), image.into());
        request = json!({
            "instancesSet": {"items": [wanted]},
            "instanceType": "t3.medium",
            "blockDeviceMapping": {"items": [{"deviceName": "/dev/xvda",
                "ebs": {"volumeSize": 20, "deleteOnTermination": true, "volumeType": "gp3"}}]},
            "monitoring": {"enabled": false},
            "disableApiTermination": false,
            "subnetId": "subnet-0a1100000000000aa",
        });
    } else if let Some(fields) = request.as_object_mut() {
        fields.insert(
            "launchTemplate".into(),
            json!({"launchTemplateId": "lt-0a110000000000001", "version": "7"}),
        );
        fields.insert("availabilityZone".into(), "us-east-1b".into());
    }
    // What a template's image is, only the answer tells.
    let started = image.unwrap_or(TEMPLATE_IMAGE);
    let items: Vec<Value> = instances.iter().zip(0..).map(|(id, n)| instance(at, id, started, n)).collect();
    let answer = json!({
        "requestId": identifier("request", at.unsigned_abs()),
        "reservationId": format!("r-0{:016x}", mix(at.unsigned_abs())),
        "ownerId": ACCOUNT,
        "groupSet": {},
        "instancesSet": {"items": items},
    });
    let mut call = Call::new(at, who, "ec2", "RunInstances", request).answered(answer);
    call.image = image;
    call
}

/// One started instance, as the answer to `RunInstances` describes it.
fn instance(at: i64, id: &str, image: &str, index: i64) -> Value {
    let address = format!("10.0.1.{}", 10 + (at / MINUTE + index) % 200);
    json!({
        "instanceId": id,
        "imageId": image,
        "instanceState": {"code": 0, "name": "pending"},
        "privateDnsName": format!("ip-{}.ec2.internal", address.replace('.', "-")),
        "amiLaunchIndex": index,
        "productCodes": {},
        "instanceType": "t3.medium",
        "launchTime": at * 1000,
        "placement": {"availabilityZone": "us-east-1b", "tenancy": "default"},
        "monitoring": {"state": "disabled"},
        "subnetId": "subnet-0a1100000000000aa",
        "vpcId": "vpc-0a1100000000000bb",
        "privateIpAddress": address,
        "stateReason": {"code": "pending", "message": "pending"},
        "architecture": "x86_64",
        "rootDeviceType": "ebs",
        "rootDeviceName": "/dev/xvda",
        "blockDeviceMapping": {},
        "virtualizationType": "hvm",
        "hypervisor": "xen",
        "groupSet": {"items": [{"groupId": "sg-0a11000000000000c", "groupName": "default"}]},
        "sourceDestCheck": true,
        "ebsOptimized": false,
        "enaSupport": true,
        "cpuOptions": {"coreCount": 1, "threadsPerCore": 2},
    })
}

/// `StartInstances`, `StopInstances`, `RebootInstances`, `TerminateInstances`.
pub fn power(at: i64, who: Who, name: &'static str, instances: &[&str]) -> Call {
    let asked: Vec<Value> = instances.iter().map(|id| json!({"instanceId": id})).collect();
    let (now, before) = match name {
        "StartInstances" => (json!({"code": 0, "name": "pending"}), json!({"code": 80, "name": "stopped"})),
        "StopInstances" => (json!({"code": 64, "name": "stopping"}), json!({"code": 16, "name": "running"})),
        _ => (json!({"code": 32, "name": "shutting-down"}), json!({"code": 16, "name": "running"})),
    };
    let answered: Vec<Value> = instances
        .iter()
        .map(|id| json!({"instanceId": id, "currentState": now, "previousState": before}))
        .collect();
    let answer = match name {
        "RebootInstances" => json!({"_return": true}),
        _ => json!({"instancesSet": {"items": answered}}),
    };
    Call::new(at, who, "ec2", name, json!({"instancesSet": {"items": asked}})).answered(answer)
}

/// `CreateUser`, answered with the new user.
pub fn create_user(at: i64, who: Who, name: &str) -> Call {
    let answer = json!({"user": {"path": "/", "userName": name, "userId": principal("AIDA", name),
        "arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}"), "createDate": iso(at)}});
    Call::new(at, who, "iam", "CreateUser", json!({"userName": name})).answered(answer)
}

/// `CreateAccessKey`: the model calls it a modification, so it provisions nothing.
pub fn create_access_key(at: i64, who: Who, name: &str) -> Call {
    let answer = json!({"accessKey": {"userName": name, "accessKeyId": principal("AKIA", name),
        "status": "Active", "createDate": iso(at)}});
    Call::new(at, who, "iam", "CreateAccessKey", json!({"userName": name})).answered(answer)
}

/// `CreateVolume` and, five minutes later, `AttachVolume`.
pub fn volume(at: i64, who: Who, id: &str, instance: &str) -> [Call; 2] {
    let made = json!({"requestId": identifier("request", at.unsigned_abs()), "volumeId": id, "size": "20",
        "zone": "us-east-1b", "status": "creating", "createTime": at * 1000, "volumeType": "gp3",
        "iops": 3000, "encrypted": true, "multiAttachEnabled": false});
    let put = json!({"volumeId": id, "instanceId": instance, "device": "/dev/sdf"});
    let attached = json!({"volumeId": id, "instanceId": instance, "device": "/dev/sdf", "status": "attaching",
        "attachTime": (at + 5 * MINUTE) * 1000});
    [
        Call::new(at, who, "ec2", "CreateVolume", json!({"size": "20", "zone": "us-east-1b"})).answered(made),
        Call::new(at + 5 * MINUTE, who, "ec2", "AttachVolume", put).answered(attached),
    ]
}

/// `CreateSecurityGroup` and, a minute later, a rule in it.
pub fn security_group(at: i64, who: Who, name: &str, id: &str) -> [Call; 2] {
    let request = json!({"groupName": name, "groupDescription": name, "vpcId": "vpc-0a1100000000000bb"});
    let rule = json!({"groupId": id, "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 443,
        "toPort": 443, "groups": {}, "ipRanges": {"items": [{"cidrIp": "192.0.2.0/24"}]}}]}});
    [
        Call::new(at, who, "ec2", "CreateSecurityGroup", request)
            .answered(json!({"_return": true, "groupId": id})),
        Call::new(at + MINUTE, who, "ec2", "AuthorizeSecurityGroupIngress", rule)
            .answered(json!({"_return": true})),
    ]
}

/// A call about a bucket; S3 answers the trail with nothing.
pub fn bucket(at: i64, who: Who, name: &'static str, bucket: &str) -> Call {
    let host = format!("{bucket}.s3.amazonaws.com");
    Call::new(at, who, "s3", name, json!({"bucketName": bucket, "Host": host}))
}

/// A visit to the console's front door.
pub fn sign_in(at: i64, who: Who, granted: bool) -> Call {
    let answer = json!({"ConsoleLogin": if granted { "Success" } else { "Failure" }});
    Call::new(at, who, "signin", "ConsoleLogin", Value::Null).answered(answer)
}

/// A role taken on by a service.
pub fn assume(at: i64) -> Call {
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/config-recorder");
    let answer = json!({
        "credentials": {"accessKeyId": principal("ASIA", "config"), "expiration": iso(at + HOUR),
            "sessionToken": "EXAMPLE-SESSION-TOKEN"},
        "assumedRoleUser": {"assumedRoleId": format!("{}:AWSConfig", principal("AROA", "config-recorder")),
            "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/config-recorder/AWSConfig")},
    });
    let request = json!({"roleArn": arn, "roleSessionName": "AWSConfig"});
    Call::new(at, CONFIG, "sts", "AssumeRole", request).answered(answer)
}
