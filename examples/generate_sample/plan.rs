//! What happens, and when.

use crate::calls::{
    Call, assume, bucket, create_access_key, create_user, launch, power, security_group, sign_in, volume,
};
use crate::ids::{ACCOUNT, CUT, DAY, HOUR, MINUTE, NOW, REGION, START, WEEK, iso, mix};
use crate::people::{
    ALICE, ALICE_V6, BOB, BOB_ELSEWHERE, BOB_REFUSED, CAROL, CAROL_REFUSED_BEFORE, DAVE, ROOT, RUNNER,
    SCALING, STACKS,
};
use serde_json::{Value, json};

const BASE: &str = "ami-0a11ba5e000000001";
const WEB: &str = "ami-0a11ba5e000000002";
const GPU: &str = "ami-0a11ba5e000000003";
/// Images of the weekly build, one a week.
const BUILDS: [&str; 5] = [
    "ami-0b01d000000000001",
    "ami-0b01d000000000002",
    "ami-0b01d000000000003",
    "ami-0b01d000000000004",
    "ami-0b01d000000000005",
];
/// Images that nobody asked for before the last day.
const MINER: &str = "ami-0bad0000000000001";
const DENIED: &str = "ami-0bad0000000000002";
const GLASS: &str = "ami-0bad0000000000003";

/// Everything that happens, in order of time.
pub fn plan() -> Vec<Call> {
    let mut calls = Vec::new();
    for (week, build) in (0..).zip(BUILDS) {
        calls.extend(working_week(START + week * WEEK, week, build));
    }
    calls.extend(once());
    calls.extend(last_day());
    for (serial, day) in (0..36).flat_map(|day| (0..5).map(move |n| (day * 5 + n, day))) {
        let at = START
            + day * DAY
            + (serial % 5) * 4 * HOUR
            + i64::from(mix(serial.unsigned_abs()) as u8) * MINUTE / 2;
        calls.push(if serial % 5 == 0 { assume(at) } else { look(at, serial.unsigned_abs()) });
    }
    calls.retain(|call| call.at < NOW);
    calls.sort_by_key(|call| call.at);
    calls
}

/// What recurs every week.
fn working_week(monday: i64, week: i64, build: &'static str) -> Vec<Call> {
    let on = |day: i64, hour: i64, minute: i64| monday + day * DAY + hour * HOUR + minute * MINUTE;
    let id = |n: i64| format!("i-0a11000000000{week:02}{n:02}");
    let mut calls = vec![
        sign_in(on(0, 9, 12), ALICE, true),
        launch(on(0, 9, 20), ALICE, Some(WEB), &[&id(1), &id(2)]),
        launch(on(1, 10, 5), RUNNER, Some(build), &[&id(3)]),
        power(on(1, 11, 40), RUNNER, "TerminateInstances", &[&id(3)]),
        launch(on(2, 3, 0), SCALING, None, &[&id(4)]),
        power(on(2, 14, 30), ALICE_V6, "StartInstances", &[&id(1)]),
        launch(on(3, 15, 10), BOB, Some(BASE), &[&id(5)]),
        power(on(3, 18, 45), BOB, "StopInstances", &[&id(5), &id(1)]),
        power(on(4, 8, 2), BOB, "StartInstances", &[&id(5), &id(1)]),
        power(on(4, 8, 30), BOB, "RebootInstances", &[&id(5)]),
        launch(on(4, 16, 20), BOB, Some(GPU), &[]).refused(
            "Client.VcpuLimitExceeded",
            "You have requested more vCPU capacity than your current vCPU limit of 0 allows.",
        ),
        power(on(5, 3, 0), SCALING, "TerminateInstances", &[&id(4)]),
    ];
    calls.extend(volume(on(0, 9, 31), ALICE, &format!("vol-0a110000000000{week:03}"), &id(1)));
    let group = format!("sg-0a1100000000001{week:02}");
    calls.extend(security_group(on(1, 13, 0), CAROL, &format!("web-{week}"), &group));
    calls
}

/// What happens once in the weeks before the last day.
fn once() -> Vec<Call> {
    let on = |day: i64, hour: i64, minute: i64| START + day * DAY + hour * HOUR + minute * MINUTE;
    let denied = ("AccessDenied", "Access Denied");
    vec![
        launch(on(9, 11, 0), CAROL, Some(GPU), &["i-0a110000000009901"]),
        bucket(on(3, 9, 0), CAROL, "CreateBucket", "corp-artifacts"),
        bucket(on(3, 9, 1), CAROL, "PutBucketPublicAccessBlock", "corp-artifacts"),
        bucket(on(3, 9, 2), CAROL, "PutBucketPolicy", "corp-artifacts"),
        create_user(on(7, 10, 0), ALICE, "dave"),
        create_access_key(on(7, 10, 2), ALICE, "dave"),
        Call::new(on(8, 10, 0), CAROL, "iam", "CreateRole", json!({"path": "/", "roleName": "stack-deployer",
            "assumeRolePolicyDocument": "{\"Version\":\"2012-10-17\"}"}))
        .answered(json!({"role": {"path": "/", "roleName": "stack-deployer",
            "arn": format!("arn:aws:iam::{ACCOUNT}:role/stack-deployer"), "createDate": iso(on(8, 10, 0))}})),
        Call::new(on(9, 10, 0), RUNNER, "logs", "CreateLogGroup", json!({"logGroupName": "/build/nightly"})),
        Call::new(on(10, 14, 0), CAROL, "lambda", "CreateFunction20150331", json!({"functionName": "thumbnail",
            "runtime": "python3.13", "handler": "main.handler"}))
        .answered(json!({"functionName": "thumbnail", "codeSize": 2048, "state": "Pending", "architectures": ["x86_64"]})),
        Call::new(on(11, 14, 0), CAROL, "dynamodb", "CreateTable", json!({"tableName": "thumbnails"}))
            .answered(json!({"tableDescription": {"tableName": "thumbnails", "tableStatus": "CREATING"}})),
        Call::new(on(11, 14, 5), CAROL, "sqs", "CreateQueue", json!({"queueName": "thumbnails"}))
            .answered(json!({"queueUrl": format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/thumbnails")})),
        launch(on(12, 22, 15), ROOT, Some(BASE), &["i-0a110000000009902"]),
        bucket(on(16, 13, 0), CAROL_REFUSED_BEFORE, "CreateBucket", "carol-scratch").refused(denied.0, denied.1),
        bucket(on(17, 13, 0), CAROL, "CreateBucket", "corp-scratch"),
        bucket(on(24, 13, 0), CAROL, "DeleteBucket", "corp-scratch"),
        sign_in(on(26, 23, 59), DAVE, false),
    ]
}

/// The day that the detections look at, from `CUT` on.
fn last_day() -> Vec<Call> {
    let after = |hour: i64, minute: i64| CUT + hour * HOUR + minute * MINUTE;
    let unauthorized = "You are not authorized to perform this operation.";
    let mut calls = vec![
        launch(after(2, 5), SCALING, None, &["i-0a110000000008801"]),
        launch(after(3, 30), BOB, Some(BASE), &["i-0a110000000008802"]),
        launch(after(4, 40), RUNNER, Some(DENIED), &[]).refused("Client.UnauthorizedOperation", unauthorized),
        launch(after(8, 12), ALICE, Some(MINER), &["i-0bad00000000000b2", "i-0bad00000000000a1"]),
        launch(after(8, 47), ALICE_V6, Some(MINER), &["i-0bad00000000000a0"]),
        launch(after(10, 10), ALICE, Some(MINER), &[]).refused(
            "Server.InsufficientInstanceCapacity",
            "We currently do not have sufficient capacity in the Availability Zone you requested.",
        ),
        create_access_key(after(11, 20), DAVE, "dave"),
        launch(after(13, 0), BOB_REFUSED, Some(DENIED), &[])
            .refused("Client.UnauthorizedOperation", unauthorized),
        create_user(after(14, 11), BOB_ELSEWHERE, "svc-backup"),
        create_access_key(after(14, 12), BOB_ELSEWHERE, "svc-backup"),
        power(
            after(14, 20),
            BOB_ELSEWHERE,
            "StartInstances",
            &["i-0a110000000000405", "i-0a110000000000401"],
        ),
        power(after(14, 26), BOB_ELSEWHERE, "StartInstances", &["i-0a110000000009901"]),
        bucket(after(14, 31), BOB_ELSEWHERE, "CreateBucket", "corp-export")
            .refused("AccessDenied", "Access Denied"),
        launch(after(17, 45), STACKS, Some(WEB), &["i-0a110000000008803"]),
        launch(after(20, 15), CAROL, Some(MINER), &["i-0bad00000000000c3"]),
        sign_in(after(21, 0), ROOT, true),
        launch(after(21, 2), ROOT, Some(GLASS), &["i-0bad00000000000d4"]),
        launch(after(23, 5), RUNNER, Some(BUILDS[4]), &["i-0a110000000008804"]),
    ];
    calls.extend(volume(after(23, 20), CAROL_REFUSED_BEFORE, "vol-0a110000000008801", "i-0a110000000008803"));
    calls
}

/// What everybody does all day: look at things.
fn look(at: i64, serial: u64) -> Call {
    let who = *pick(&[ALICE, BOB, CAROL, RUNNER, SCALING], mix(serial));
    match mix(serial.wrapping_add(7)) % 6 {
        0 => Call::new(
            at,
            who,
            "ec2",
            "DescribeInstances",
            json!({"maxResults": 100, "instancesSet": {}, "filterSet": {}}),
        ),
        1 => Call::new(
            at,
            who,
            "ec2",
            "DescribeImages",
            json!({"imagesSet": {"items": [{"imageId": WEB}]}, "filterSet": {}}),
        ),
        2 => Call::new(at, who, "iam", "ListUsers", Value::Null),
        3 => Call::new(at, who, "sts", "GetCallerIdentity", Value::Null),
        4 => bucket(at, who, "GetBucketAcl", "corp-artifacts"),
        _ => Call::new(at, who, "iam", "GetUser", json!({"userName": "erin"}))
            .refused("NoSuchEntityException", "The user with name erin cannot be found."),
    }
}

fn pick<T>(from: &[T; 5], number: u64) -> &T {
    let [a, b, c, d, e] = from;
    match number % 5 {
        0 => a,
        1 => b,
        2 => c,
        3 => d,
        _ => e,
    }
}
