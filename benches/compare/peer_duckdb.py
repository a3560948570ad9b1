#!/usr/bin/env python3
"""peer_duckdb.py QUERY FORM EVENTS LOOKUPS NOW THREADS: the query's rows by DuckDB, as CSV.

Forms: columns, the types of the wanted columns are declared; text, the line is text, lines without a literal
are left out, and what is left goes through JSON functions.
"""

import os
import sys

import duckdb

query, form, events, lookups, now, threads = sys.argv[1:]

ITEM = "STRUCT(imageId VARCHAR, instanceId VARCHAR)[]"
IDENTITY = "STRUCT(userName VARCHAR, sessionContext STRUCT(sessionIssuer STRUCT(userName VARCHAR)))"
REQUEST = f"STRUCT(instancesSet STRUCT(items {ITEM}), bucketName VARCHAR, logStreamName VARCHAR, logGroupName VARCHAR, roleName VARCHAR)"
ANSWER = (
    f"STRUCT(instancesSet STRUCT(items {ITEM}), groupId VARCHAR, volumeId VARCHAR,"
    ' networkInterface STRUCT(networkInterfaceId VARCHAR), "user" STRUCT(userName VARCHAR, userId VARCHAR))'
)
TYPES = {
    "eventTime": "TIMESTAMP", "eventSource": "VARCHAR", "eventName": "VARCHAR", "errorCode": "VARCHAR",
    "sourceIPAddress": "VARCHAR", "userIdentity": IDENTITY, "requestParameters": REQUEST, "responseElements": ANSWER,
}  # fmt: skip
NAMES = (
    "'RunInstances','StartInstances','CreateVolume','CreateBucket','CreateUser','CreateLogGroup','CreateLogStream',"
    "'CreateNetworkInterface','CreateSecurityGroup','CreateTags','CreateRole'"
)
LINES = (
    f"read_csv('{events}', header=false, columns={{'line': 'VARCHAR'}}, delim=E'\\x01', quote='', escape='',"
    " auto_detect=false, max_line_size=16777216, buffer_size=67108864)"
)


def declared(*names):
    types = ", ".join(f"'{name}': '{TYPES[name]}'" for name in names)
    return f"read_json('{events}', format='newline_delimited', columns={{{types}}}, maximum_object_size=16777216)"


def path(text):
    """A value at a path: of declared columns, or out of the line. Items of a list are [*], its first is [0]."""
    if form == "text":
        return f"(j->>'$.{text}')"
    name, _, key = text.partition("[*].")
    if key:
        return f"list_transform({name}, lambda item: item.{key})"
    return text.replace("[0]", "[1]").replace(".user.", '."user".')


def lookup(name, key):
    types = f"{{'{key}': 'VARCHAR', 'firstTimeSeen': 'BIGINT'}}"
    file = f"{lookups}/{name}.csv"
    return f"(SELECT {key}, firstTimeSeen::BIGINT AS seen FROM read_csv('{file}', header=true, types={types}))"


def source(literals, *names):
    if form == "columns":
        return declared(*names)
    any_of = " OR ".join(f"contains(line, '{literal}')" for literal in literals)
    return f"(SELECT line::JSON AS j FROM {LINES} WHERE {any_of or 'true'})"


WHEN = "eventTime" if form == "columns" else "(j->>'$.eventTime')::TIMESTAMP"
TIME = "strftime(first_time, '%Y-%m-%dT%H:%M:%S')"
USER, ISSUER = path("userIdentity.userName"), path("userIdentity.sessionContext.sessionIssuer.userName")
STARTED = path("responseElements.instancesSet.items[*].instanceId")
ASKED = path("requestParameters.instancesSet.items[*].instanceId")


def image():
    of = source(["RunInstances"], "eventTime", "eventName", "userIdentity", "requestParameters", "responseElements")
    return f"""
    WITH e AS (
        SELECT {WHEN} AS t, coalesce({USER}, {ISSUER}, 'unknown') AS who,
            {path('requestParameters.instancesSet.items[0].imageId')} AS image, coalesce(nullif({STARTED}, []), ['unknown']) AS ids
        FROM {of} WHERE {path('eventName')} = 'RunInstances'
    ), g AS (
        SELECT image, who, count(*) AS n, min(t) AS first_time, array_to_string(list_sort(list_distinct(flatten(list(ids)))), '|') AS ids
        FROM e WHERE image IS NOT NULL GROUP BY ALL
    )
    SELECT {TIME}, who, image, n, ids FROM g LEFT JOIN {lookup('previously_seen_cloud_compute_images', 'image_id')} i ON g.image = i.image_id
    WHERE seen IS NULL OR seen > {now} - 86400"""


def provisioning():
    of = source(['"Run', '"Start', '"Create'], *TYPES)
    one = ", ".join(
        path(text) for text in (
            "responseElements.groupId", "responseElements.volumeId", "responseElements.networkInterface.networkInterfaceId",
            "requestParameters.bucketName", "responseElements.user.userId", "requestParameters.logStreamName",
            "requestParameters.logGroupName", "requestParameters.roleName",
        )
    )  # fmt: skip
    return f"""
    WITH e AS (
        SELECT {path('sourceIPAddress')} AS src, {path('eventName')} AS command, {WHEN} AS t,
            coalesce(CASE WHEN command = 'CreateUser' THEN {path('responseElements.user.userName')}
                WHEN command LIKE '%Instances' OR command IN ('CreateVolume', 'CreateBucket') THEN coalesce({USER}, {ISSUER})
                WHEN command IN ('CreateLogGroup', 'CreateNetworkInterface') THEN {ISSUER} ELSE {USER} END, 'unknown') AS who,
            CASE command WHEN 'RunInstances' THEN {STARTED} WHEN 'StartInstances' THEN {ASKED} ELSE [coalesce({one}, 'unknown')] END AS ids
        FROM {of} WHERE {path('eventName')} IN ({NAMES}) AND {path('errorCode')} IS NULL
    ), g AS (
        SELECT src, who, command, min(t) AS first_time, array_to_string(list_sort(list_distinct(flatten(list(ids)))), '|') AS ids
        FROM e GROUP BY ALL
    )
    SELECT {TIME}, g.src, who, ids, command FROM g LEFT JOIN {lookup('previously_seen_cloud_provisioning_activity_sources', 'src')} i ON g.src = i.src
    WHERE seen IS NULL OR seen > {now} - 4200"""


def stats():
    of = source([], "eventTime", "eventSource", "eventName", "sourceIPAddress", "userIdentity")
    return f"""
    SELECT source, name, who, count(*), count(DISTINCT address), epoch(min(t))::BIGINT, epoch(max(t))::BIGINT FROM (
        SELECT {path('eventSource')} AS source, {path('eventName')} AS name, {USER} AS who, {path('sourceIPAddress')} AS address, {WHEN} AS t FROM {of}
    ) WHERE source IS NOT NULL AND name IS NOT NULL AND who IS NOT NULL GROUP BY 1, 2, 3"""


def text():
    return f"SELECT line FROM {LINES} WHERE line ILIKE '%DeleteTrail%'"


connection = duckdb.connect(config={"threads": int(threads)})
connection.execute("SET preserve_insertion_order = false; SET TimeZone = 'UTC'")
if query == "text":
    for (line,) in connection.execute(text()).fetchall():
        sys.stdout.write(line + "\n")
elif query != "nothing":
    select = {"image": image, "provisioning": provisioning, "stats": stats}[query]()
    connection.execute(f"COPY ({select}) TO '/dev/stdout' (FORMAT csv, HEADER false)")
sys.stdout.flush()
os._exit(0)  # nothing is torn down: that would be measured too
