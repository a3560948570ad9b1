#!/usr/bin/env python3
"""Writes invented CloudTrail events, one a line, and the two lookups that the detections compare with.

    generate.py BYTES FILE          whole events until there are at least BYTES of them
    generate.py --lookups FOLDER    previously_seen_cloud_compute_images.csv and
                                    previously_seen_cloud_provisioning_activity_sources.csv

The same bytes come out every time, and a smaller file is the beginning of a larger one. An event has about
1.5 KB. Two in a hundred create or start something; the others read, under 200 names whose frequency follows
Zipf's law, from 5000 addresses of the range kept for benchmarks (RFC 2544). The shapes are those of the
records that AWS delivers; people, accounts and identifiers are invented.
"""

import json
import os
import random
import sys
import time

START = 1772323200  # 2026-03-01T00:00:00Z
NOW = START + 8 * 86400  # what the searches take for now: a full hour
EVENTS_A_SECOND = 1.0
LATE = 300  # CloudTrail delivers events up to this many seconds out of order
DRAWS = 1 << 16

SERVICES = {
    "ec2": "Instances Images Volumes Subnets Vpcs Addresses KeyPairs Tags Regions RouteTables FlowLogs Snapshots "
    "SecurityGroups NetworkAcls NatGateways InternetGateways LaunchTemplates VpcEndpoints InstanceTypes SpotFleets",
    "s3": "Buckets BucketAcl BucketPolicy BucketTagging BucketLogging BucketCors BucketLocation BucketVersioning "
    "BucketEncryption BucketWebsite BucketLifecycle AccessPoints",
    "iam": "Users Roles Policies Groups AccessKeys AccountSummary InstanceProfiles PolicyVersions MFADevices "
    "SAMLProviders ServerCertificates SigningCertificates",
    "kms": "Keys Aliases Grants KeyPolicies KeyRotationStatus PublicKey",
    "lambda": "Functions Layers EventSourceMappings Aliases CodeSigningConfigs",
    "logs": "LogGroups LogStreams MetricFilters Queries Destinations LogEvents",
    "rds": "DBInstances DBClusters DBSnapshots DBSubnetGroups EventCategories",
    "ssm": "Parameters Documents Associations Commands Inventory PatchBaselines",
    "dynamodb": "Tables Backups GlobalTables TimeToLive",
    "monitoring": "Alarms Metrics Dashboards InsightRules",
    "sts": "CallerIdentity SessionToken AccessKeyInfo",
    "cloudtrail": "Trails TrailStatus EventSelectors InsightSelectors",
}
VERBS = ("Describe", "List", "Get")
NAMES = 200

# Name, service and weight of what creates or starts; aws_cloudtrail_action.csv calls each created or started.
PROVISIONING = (
    ("RunInstances", "ec2", 22), ("StartInstances", "ec2", 10), ("CreateLogStream", "logs", 30),
    ("CreateVolume", "ec2", 8), ("CreateNetworkInterface", "ec2", 8), ("CreateSecurityGroup", "ec2", 4),
    ("CreateBucket", "s3", 3), ("CreateUser", "iam", 2), ("CreateTags", "ec2", 6), ("CreateLogGroup", "logs", 5),
    ("CreateRole", "iam", 2),
)  # fmt: skip
PROVISIONS, TAMPERS, FAILS = 0.02, 0.0006, 0.04
REGIONS = ("us-east-1", "eu-central-1", "us-west-2", "eu-west-1", "ap-southeast-2", "sa-east-1")
ERRORS = (
    ("AccessDenied", "The identity is not allowed to do this"),
    ("ThrottlingException", "Rate exceeded"),
    ("Client.InvalidParameterValue", 'A value is out of range: \\"size\\"'),
    ("Client.RequestLimitExceeded", "Request limit exceeded."),
)


class Dice:
    """Random numbers that are the same with every version of Python: only random() of it is used."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def below(self, count):
        return int(self.random() * count)

    def of(self, items):
        return items[int(self.random() * len(items))]

    def hex(self, digits):
        text = ""
        for _ in range(0, digits, 8):
            text += "%08x" % int(self.random() * 4294967296.0)
        return text[:digits]

    def capitals(self, count):
        return "".join(self.of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(count))


def table(weights):
    """Indices such that an even draw of one has these weights."""
    total, run, drawn = sum(weights), 0.0, []
    for index, weight in enumerate(weights):
        run += weight
        drawn.extend([index] * (round(run / total * DRAWS) - len(drawn)))
    return drawn


def zipf(items, exponent=1.0):
    items = list(items)
    return [items[index] for index in table([1.0 / (rank + 1) ** exponent for rank in range(len(items))])]


def iso(seconds, known={}):
    """Seconds since 1970 as CloudTrail writes them."""
    hour = seconds // 3600
    text = known.get(hour)
    if text is None:
        text = known[hour] = time.strftime("%Y-%m-%dT%H:", time.gmtime(seconds))
    return "%s%02d:%02dZ" % (text, seconds // 60 % 60, seconds % 60)


class World:
    """Who and what there is."""

    def __init__(self):
        dice = Dice(71)
        self.accounts = ["%012d" % (dice.random() * 1e12) for _ in range(10)]
        spread = range(5000)
        self.addresses = ["198.%d.%d.%d" % (18 + n % 2, (n * 7919) % 251, 1 + (n * 104729) % 253) for n in spread]
        self.addresses = list(dict.fromkeys(self.addresses))
        self.images = ["ami-0" + dice.hex(16) for _ in range(1200)]
        self.agents = [self.agent(dice, n) for n in range(60)]
        self.people = [self.person(dice, n) for n in range(300)]
        self.machines = [self.machine(dice, n) for n in range(400)]
        reads = [(verb + noun, service) for service, nouns in SERVICES.items() for noun in nouns.split() for verb in VERBS]
        self.reads = sorted(reads, key=lambda read: hash_of(read[0] + read[1]))[:NAMES]

    def agent(self, dice, n):
        kinds = (
            f"aws-cli/2.{15 + n % 9}.{n} md/awscrt#0.19.{n} ua/2.0 os/linux#6.1.{n * 3} md/arch#x86_64 lang/python#3.11.{n % 9}",
            f"Boto3/1.{30 + n % 7}.{n} md/Botocore#1.{33 + n % 7}.{n} ua/2.0 os/linux#5.15.0-{1000 + n}-aws md/arch#aarch64",
            f"aws-sdk-go-v2/1.{20 + n % 8}.0 os/linux lang/go#1.21.{n} md/GOOS#linux md/GOARCH#amd64 api/generic#1.{n}.0",
        )
        return kinds[n % 3] + f" cfg/retry-mode#standard app/{dice.hex(6)}"

    def person(self, dice, n):
        account, name, key = self.accounts[n % 10], f"person{n:03d}", dice.capitals(16)
        return (
            f'{{"type":"IAMUser","principalId":"AIDA{dice.capitals(17)}","arn":"arn:aws:iam::{account}:user/{name}",'
            f'"accountId":"{account}","accessKeyId":"AKIA{key}","userName":"{name}"', account,
        )  # fmt: skip

    def machine(self, dice, n):
        account, role, session = self.accounts[n * 3 % 10], f"service-{n % 40:02d}-role-{n}", "i-0" + dice.hex(16)
        principal = "AROA" + dice.capitals(17)
        return (
            f'{{"type":"AssumedRole","principalId":"{principal}:{session}",'
            f'"arn":"arn:aws:sts::{account}:assumed-role/{role}/{session}","accountId":"{account}",'
            f'"accessKeyId":"ASIA{dice.capitals(16)}","sessionContext":{{"sessionIssuer":{{"type":"Role",'
            f'"principalId":"{principal}","arn":"arn:aws:iam::{account}:role/{role}","accountId":"{account}",'
            f'"userName":"{role}"}},"webIdFederationData":{{}},"attributes":{{"creationDate":"', account,
        )  # fmt: skip


def hash_of(text):
    """A number for a text, the same everywhere: FNV-1a."""
    number = 2166136261
    for byte in text.encode():
        number = (number ^ byte) * 16777619 & 0xFFFFFFFF
    return number


def created(name, dice, world, image):
    """What was asked for, and what came of it."""
    if name == "RunInstances":
        kind, count = dice.of(("t3.micro", "m6i.large", "c7g.xlarge")), 1 + dice.below(3)
        subnet = "subnet-0" + dice.hex(16)
        asked = (
            f'{{"instancesSet":{{"items":[{{"imageId":"{image}","minCount":{count},"maxCount":{count}}}]}},'
            f'"instanceType":"{kind}","blockDeviceMapping":{{"items":[{{"deviceName":"/dev/xvda","ebs":{{"volumeSize":20,'
            f'"encrypted":true}}}}]}},"monitoring":{{"enabled":false}},"subnetId":"{subnet}","clientToken":"{dice.hex(32)}"}}'
        )
        items = ",".join(
            f'{{"instanceId":"i-0{dice.hex(16)}","imageId":"{image}","instanceState":{{"code":0,"name":"pending"}},'
            f'"amiLaunchIndex":{index},"instanceType":"{kind}","subnetId":"{subnet}","architecture":"x86_64"}}'
            for index in range(count)
        )
        return asked, f'{{"requestId":"{dice.hex(32)}","instancesSet":{{"items":[{items}]}}}}'
    if name == "StartInstances":
        machine = "i-0" + dice.hex(16)
        item = f'"instancesSet":{{"items":[{{"instanceId":"{machine}"'
        state = ',"currentState":{"code":0,"name":"pending"},"previousState":{"code":80,"name":"stopped"}'
        return f"{{{item}}}]}}}}", f'{{"requestId":"{dice.hex(32)}",{item}{state}}}]}}}}'
    if name == "CreateVolume":
        volume = f'"size":"{8 + dice.below(90)}","volumeType":"gp3","encrypted":true'
        return f"{{{volume}}}", f'{{"volumeId":"vol-0{dice.hex(16)}",{volume},"status":"creating"}}'
    if name == "CreateNetworkInterface":
        interface = f'{{"networkInterfaceId":"eni-0{dice.hex(16)}","status":"pending"}}'
        return f'{{"subnetId":"subnet-0{dice.hex(16)}"}}', f'{{"networkInterface":{interface}}}'
    if name == "CreateSecurityGroup":
        words = '"groupDescription":"opened by \\"hand\\" \\u00e0 la carte"'
        return f'{{"groupName":"web-{dice.below(900)}",{words}}}', f'{{"_return":true,"groupId":"sg-0{dice.hex(16)}"}}'
    if name == "CreateBucket":
        return f'{{"bucketName":"données-{dice.hex(8)}","Host":"s3.amazonaws.com"}}', "null"
    if name == "CreateUser":
        user = f"new{dice.below(4000)}"
        return f'{{"userName":"{user}"}}', f'{{"user":{{"userName":"{user}","userId":"AIDA{dice.capitals(17)}"}}}}'
    if name == "CreateRole":
        return f'{{"roleName":"role-{dice.below(900)}"}}', f'{{"role":{{"roleId":"AROA{dice.capitals(17)}"}}}}'
    if name == "CreateTags":
        return f'{{"resourcesSet":{{"items":[{{"resourceId":"vol-0{dice.hex(16)}"}}]}},"tagSet":{{"items":[]}}}}', '{"_return":true}'
    group = f'"logGroupName":"/aws/lambda/job-{dice.below(500)}"'
    stream = f',"logStreamName":"2026/03/01/[$LATEST]{dice.hex(32)}"' if name == "CreateLogStream" else ""
    return f"{{{group}{stream}}}", "null"


def tampering(dice, account):
    """The name, the service and the request of somebody who hides something, or could."""
    if dice.below(4) == 0:
        return dice.of(("DeleteTrail", "StopLogging")), "cloudtrail", f'{{"name":"arn:aws:cloudtrail:::{account}:trail/all"}}'
    action = dice.of(("ec2:RunInstances", "cloudtrail:DeleteTrail", "s3:GetObject", "iam:CreateUser"))
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": [action], "Resource": "*"}]}
    document = json.dumps(json.dumps(policy, indent=1))
    return "PutRolePolicy", "iam", f'{{"roleName":"role-{dice.below(900)}","policyDocument":{document}}}'


def asked_to_read(dice, service, account):
    kind = dice.below(4)
    if kind == 0:
        return "null"
    ids = ",".join(f'{{"id":"id-0{dice.hex(16)}"}}' for _ in range(kind * 2))
    token = dice.hex(64)
    return (
        f'{{"filterSet":{{"items":[{{"name":"resource-id","valueSet":{{"items":[{ids}]}}}}]}},"maxResults":{kind * 50},'
        f'"nextToken":"{token}{token[::-1]}","resource":"arn:aws:{service}:::{account}:thing/{dice.hex(12)}"}}'
    )


def events():
    """The events, for ever, as lines."""
    world, dice = World(), Dice(4711)
    reads, addresses = zipf(world.reads), zipf(world.addresses, 0.9)
    provisioning = [PROVISIONING[index] for index in table([weight for *_, weight in PROVISIONING])]
    people, machines = zipf(world.people, 0.8), zipf(world.machines, 0.8)
    images, regions = zipf(world.images, 0.7), zipf(REGIONS)
    number = 0
    while True:
        number += 1
        when = int(START + number / EVENTS_A_SECOND - dice.random() * LATE)
        who, kind, answer, error = dice.random(), dice.random(), "null", ""
        mfa = "true" if who < 0.1 else "false"
        address, agent = dice.of(addresses), dice.of(world.agents)
        if who < 0.3:
            identity, account = dice.of(people)
            identity += "}" if who < 0.2 else (
                f',"sessionContext":{{"attributes":{{"creationDate":"{iso(when - 900)}","mfaAuthenticated":"{mfa}"}}}}}}'
            )  # fmt: skip
        elif who < 0.9:
            identity, account = dice.of(machines)
            identity += f'{iso(when - 1800)}","mfaAuthenticated":"{mfa}"}}}}}}'
        else:
            account = dice.of(world.accounts)
            identity, address = '{"type":"AWSService","invokedBy":"autoscaling.amazonaws.com"}', "autoscaling.amazonaws.com"
            agent = address
        if kind < PROVISIONS:
            name, service, _ = dice.of(provisioning)
            asked, answer = created(name, dice, world, dice.of(images))
        elif kind < PROVISIONS + TAMPERS:
            name, service, asked = tampering(dice, account)
        else:
            name, service = dice.of(reads)
            asked = asked_to_read(dice, service, account)
        if dice.random() < FAILS:
            code, words = dice.of(ERRORS)
            error, answer = f'"errorCode":"{code}","errorMessage":"{words}",', "null"
        region, ids = dice.of(regions), dice.hex(64)
        yield (
            f'{{"eventVersion":"1.09","userIdentity":{identity},"eventTime":"{iso(when)}",'
            f'"eventSource":"{service}.amazonaws.com","eventName":"{name}","awsRegion":"{region}",'
            f'"sourceIPAddress":"{address}","userAgent":"{agent}",{error}"requestParameters":{asked},'
            f'"responseElements":{answer},"requestID":"{ids[:8]}-{ids[8:12]}-{ids[12:16]}-{ids[16:20]}-{ids[20:32]}",'
            f'"eventID":"{ids[32:40]}-{ids[40:44]}-{ids[44:48]}-{ids[48:52]}-{ids[52:]}",'
            f'"readOnly":{"false" if kind < PROVISIONS + TAMPERS else "true"},"eventType":"AwsApiCall",'
            f'"managementEvent":true,"recipientAccountId":"{account}","eventCategory":"Management",'
            f'"tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256",'
            f'"clientProvidedHostHeader":"{service}.{region}.amazonaws.com"}},"sessionCredentialFromConsole":"false"}}\n'
        )


def write_events(size, path):
    """Writes beside the file and renames, so that a file that is there is whole."""
    written = count = 0
    with open(path + ".part", "wb", buffering=1 << 20) as file:
        for event in events():
            written += file.write(event.encode())
            count += 1
            if written >= size:
                break
    os.replace(path + ".part", path)
    print(f"{path}: {count} events, {written} bytes, {written / count:.0f} an event")


def write_lookups(folder):
    """What is known: most of what the events show. One row in ten was seen first too lately to count as old."""
    world, dice = World(), Dice(99)
    tables = {
        "previously_seen_cloud_compute_images": ("image_id", "", world.images[:1000], 2000, 80000),
        "previously_seen_cloud_provisioning_activity_sources": (
            "src", "City,Country,Region,", world.addresses[::2], 0, 4000,
        ),
    }  # fmt: skip
    os.makedirs(folder, exist_ok=True)
    for name, (key, others, known, size, lately) in tables.items():
        known = known + ["ami-1" + dice.hex(16) for _ in range(size - len(known))]
        with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8", newline="") as file:
            file.write(f"{key},{others}firstTimeSeen,lastTimeSeen,enough_data\n")
            for value in known:
                new = dice.below(10) == 0
                first = NOW - dice.below(lately) if new else NOW - 86400 * (2 + dice.below(60))
                file.write(f"{value},{',' * others.count(',')}{first},{first + dice.below(3600)},1\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    if sys.argv[1] == "--lookups":
        write_lookups(sys.argv[2])
    else:
        write_events(int(sys.argv[1]), sys.argv[2])
