#!/usr/bin/env python3
"""peer_clickhouse.py QUERY FORM EVENTS LOOKUPS NOW THREADS: the query's rows by ClickHouse (chDB), as CSV.

Forms: columns, the types of the wanted columns are declared; text, the line is text, lines without a literal
are left out, and what is left goes through JSON functions.
"""

import os
import sys

import chdb

query, form, events, lookups, now, threads = sys.argv[1:]

ITEMS = "instancesSet Tuple(items Array(Tuple(imageId Nullable(String), instanceId Nullable(String))))"
TYPES = {
    "eventTime": "String", "eventSource": "String", "eventName": "String", "errorCode": "Nullable(String)",
    "sourceIPAddress": "String",
    "userIdentity": "Tuple(userName Nullable(String), sessionContext Tuple(sessionIssuer Tuple(userName Nullable(String))))",
    "requestParameters": f"Tuple({ITEMS}, bucketName Nullable(String), logStreamName Nullable(String),"
    " logGroupName Nullable(String), roleName Nullable(String))",
    "responseElements": f"Tuple({ITEMS}, groupId Nullable(String), volumeId Nullable(String),"
    " networkInterface Tuple(networkInterfaceId Nullable(String)), user Tuple(userName Nullable(String), userId Nullable(String)))",
}  # fmt: skip
NAMES = (
    "'RunInstances','StartInstances','CreateVolume','CreateBucket','CreateUser','CreateLogGroup','CreateLogStream',"
    "'CreateNetworkInterface','CreateSecurityGroup','CreateTags','CreateRole'"
)
SETTINGS = (
    f"SETTINGS max_threads = {threads}, storage_file_read_method = 'mmap', input_format_skip_unknown_fields = 1,"
    " input_format_null_as_default = 1, input_format_json_defaults_for_missing_elements_in_named_tuple = 1,"
    " input_format_json_ignore_unknown_keys_in_named_tuple = 1, join_use_nulls = 1"
)
LINES = f"file('{events}', 'LineAsString', 'line String')"


def path(text):
    """A text at a path, null where there is none: of declared columns, or out of the line."""
    if form == "columns":
        return text
    keys = ", ".join(f"'{key}'" for key in text.split("."))
    return f"JSONExtract(line, {keys}, 'Nullable(String)')"


def items(whose, key):
    if form == "columns":
        return f"arrayMap(item -> ifNull(item, ''), {whose}.instancesSet.items.{key})"
    return f"arrayMap(item -> JSONExtractString(item, '{key}'), JSONExtractArrayRaw(line, '{whose}', 'instancesSet', 'items'))"


def source(before, *names):
    if form == "columns":
        types = ", ".join(f"{name} {TYPES[name]}" for name in names)
        return f"file('{events}', 'JSONEachRow', '{types}') WHERE true"
    return f"{LINES} WHERE {before}"


def lookup(name, key):
    types = f"{key} String, firstTimeSeen Int64"
    return f"(SELECT {key}, firstTimeSeen FROM file('{lookups}/{name}.csv', 'CSVWithNames', '{types}'))"


WHEN = f"toUnixTimestamp(parseDateTimeBestEffort(assumeNotNull({path('eventTime')}), 'UTC'))"
TIME = "formatDateTime(toDateTime(first_time, 'UTC'), '%Y-%m-%dT%H:%i:%S')"
USER, ISSUER = path("userIdentity.userName"), path("userIdentity.sessionContext.sessionIssuer.userName")
TEXTS = "arrayStringConcat(arraySort(groupUniqArrayArray(ids)), '|')"


def image():
    names = "eventTime", "eventName", "userIdentity", "requestParameters", "responseElements"
    of = source("line LIKE '%RunInstances%'", *names)
    return f"""
    SELECT {TIME}, who, image, n, ids FROM (
        SELECT image, who, count() AS n, min(t) AS first_time, {TEXTS} AS ids FROM (
            SELECT {WHEN} AS t, coalesce({USER}, {ISSUER}, 'unknown') AS who,
                {items('requestParameters', 'imageId')}[1] AS image, {items('responseElements', 'instanceId')} AS started,
                if(empty(started), ['unknown'], started) AS ids
            FROM {of} AND {path('eventName')} = 'RunInstances'
        ) WHERE image != '' GROUP BY image, who
    ) g LEFT JOIN {lookup('previously_seen_cloud_compute_images', 'image_id')} i ON g.image = i.image_id
    WHERE firstTimeSeen IS NULL OR firstTimeSeen > {now} - 86400"""


def provisioning():
    of = source("""multiSearchAny(line, ['"Run', '"Start', '"Create'])""", *TYPES)
    one = ", ".join(
        path(text) for text in (
            "responseElements.groupId", "responseElements.volumeId", "responseElements.networkInterface.networkInterfaceId",
            "requestParameters.bucketName", "responseElements.user.userId", "requestParameters.logStreamName",
            "requestParameters.logGroupName", "requestParameters.roleName",
        )
    )  # fmt: skip
    return f"""
    SELECT {TIME}, g.src, who, ids, command FROM (
        SELECT src, who, command, min(t) AS first_time, {TEXTS} AS ids FROM (
            SELECT assumeNotNull({path('sourceIPAddress')}) AS src, assumeNotNull({path('eventName')}) AS command, {WHEN} AS t,
                coalesce(multiIf(command = 'CreateUser', {path('responseElements.user.userName')},
                    command LIKE '%Instances' OR command IN ('CreateVolume', 'CreateBucket'), coalesce({USER}, {ISSUER}),
                    command IN ('CreateLogGroup', 'CreateNetworkInterface'), {ISSUER}, {USER}), 'unknown') AS who,
                multiIf(command = 'RunInstances', {items('responseElements', 'instanceId')},
                    command = 'StartInstances', {items('requestParameters', 'instanceId')}, [coalesce({one}, 'unknown')]) AS ids
            FROM {of} AND {path('eventName')} IN ({NAMES}) AND {path('errorCode')} IS NULL
        ) GROUP BY src, who, command
    ) g LEFT JOIN {lookup('previously_seen_cloud_provisioning_activity_sources', 'src')} i ON g.src = i.src
    WHERE firstTimeSeen IS NULL OR firstTimeSeen > {now} - 4200"""


def stats():
    """As text: the first key of that name in the line. A user of CloudTrail who has a name of his own is an IAM user."""
    if form == "text":
        first = "simpleJSONExtractString(line, '{}')".format
        user = f"if(position(line, '\"type\":\"IAMUser\"') > 0, {first('userName')}, '')"
        select = [first("eventSource"), first("eventName"), user, first("sourceIPAddress"), first("eventTime")]
        of = LINES
    else:
        names = "eventSource", "eventName", "sourceIPAddress", "eventTime"
        select = [names[0], names[1], f"ifNull({USER}, '')", names[2], names[3]]
        of = source("", *names, "userIdentity")
    values = ", ".join(f"{value} AS {name}" for value, name in zip(select, ("source", "name", "who", "address", "at")))
    return f"""
    SELECT source, name, who, count(), uniqExact(address), toUnixTimestamp(min(t)), toUnixTimestamp(max(t)) FROM (
        SELECT {values}, parseDateTimeBestEffort(at, 'UTC') AS t FROM {of}
    ) WHERE who != '' GROUP BY source, name, who"""


if query == "nothing":
    chdb.query("SELECT 1")
else:
    if query == "text":
        select, shape = f"SELECT line FROM {LINES} WHERE line ILIKE '%DeleteTrail%'", "LineAsString"
    else:
        select, shape = {"image": image, "provisioning": provisioning, "stats": stats}[query](), "CSV"
    result = chdb.query(f"{select} {SETTINGS}", shape)
    sys.stdout.buffer.write(result.bytes())
    sys.stdout.flush()
os._exit(0)  # nothing is torn down: that would be measured too
