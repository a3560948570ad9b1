#!/usr/bin/env python3
"""peer_polars.py QUERY FORM EVENTS LOOKUPS NOW THREADS: the query's rows by Polars, as CSV.

Forms: columns, the types of the wanted columns are declared; text, the line is text, lines without a literal
are left out, and what is left is decoded with the same types.
"""

import os
import sys
from functools import reduce

query, form, events, lookups, now, threads = sys.argv[1:]
os.environ["POLARS_MAX_THREADS"] = threads
import polars as pl  # noqa: E402 it reads the number of threads when it is loaded

TEXT = pl.String
ITEMS = pl.Struct({"items": pl.List(pl.Struct({"imageId": TEXT, "instanceId": TEXT}))})
TYPES = {
    "eventTime": TEXT, "eventSource": TEXT, "eventName": TEXT, "errorCode": TEXT, "sourceIPAddress": TEXT,
    "userIdentity": pl.Struct({"userName": TEXT, "sessionContext": pl.Struct({"sessionIssuer": pl.Struct({"userName": TEXT})})}),
    "requestParameters": pl.Struct({"instancesSet": ITEMS, "bucketName": TEXT, "logStreamName": TEXT, "logGroupName": TEXT, "roleName": TEXT}),
    "responseElements": pl.Struct({
        "instancesSet": ITEMS, "groupId": TEXT, "volumeId": TEXT, "networkInterface": pl.Struct({"networkInterfaceId": TEXT}),
        "user": pl.Struct({"userName": TEXT, "userId": TEXT}),
    }),
}  # fmt: skip
NAMES = [
    "RunInstances", "StartInstances", "CreateVolume", "CreateBucket", "CreateUser", "CreateLogGroup", "CreateLogStream",
    "CreateNetworkInterface", "CreateSecurityGroup", "CreateTags", "CreateRole",
]  # fmt: skip
col, lit = pl.col, pl.lit


def path(text):
    first, *rest = text.split(".")
    return reduce(lambda value, key: value.struct.field(key), rest, col(first))


def items(whose, key):
    return path(f"{whose}.instancesSet.items").list.eval(pl.element().struct.field(key))


def lines():
    return pl.scan_csv(events, has_header=False, separator="\x01", quote_char=None, schema={"line": TEXT})


def source(literals, *names):
    types = {name: TYPES[name] for name in names}
    if form == "columns":
        return pl.scan_ndjson(events, schema=types)
    kept = lines().filter(col("line").str.contains_any(literals))
    return kept.select(col("line").str.json_decode(pl.Struct(types)).alias("j")).unnest("j")


def lookup(name):
    return pl.scan_csv(f"{lookups}/{name}.csv").select(pl.first().name.keep(), col("firstTimeSeen"))


WHEN = col("eventTime").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="ms")
USER, ISSUER = path("userIdentity.userName"), path("userIdentity.sessionContext.sessionIssuer.userName")
FIRST = col("t").min().dt.strftime("%Y-%m-%dT%H:%M:%S").alias("first")
IDS = col("ids").explode().unique().sort().alias("ids")


def late(window):
    return col("firstTimeSeen").is_null() | (col("firstTimeSeen") > int(now) - window)


def image():
    names = "eventTime", "eventName", "userIdentity", "requestParameters", "responseElements"
    started = items("responseElements", "instanceId")
    rows = source(["RunInstances"], *names).filter(col("eventName") == "RunInstances").select(
        WHEN.alias("t"), pl.coalesce(USER, ISSUER, lit("unknown")).alias("who"),
        items("requestParameters", "imageId").list.get(0, null_on_oob=True).alias("image"),
        pl.when(started.list.len() > 0).then(started).otherwise(lit(["unknown"])).alias("ids"),
    )  # fmt: skip
    groups = rows.drop_nulls("image").group_by("image", "who").agg(pl.len().alias("n"), FIRST, IDS)
    found = groups.join(lookup("previously_seen_cloud_compute_images"), left_on="image", right_on="image_id", how="left")
    return found.filter(late(86400)).select("first", "who", "image", "n", col("ids").list.join("|"))


def provisioning():
    name = col("eventName")
    rows = source(['"Run', '"Start', '"Create'], *TYPES).filter(name.is_in(NAMES) & col("errorCode").is_null())
    one = [path("responseElements." + text) for text in ("groupId", "volumeId", "networkInterface.networkInterfaceId", "user.userId")]
    one += [path("requestParameters." + text) for text in ("bucketName", "logStreamName", "logGroupName", "roleName")]
    either = name.str.ends_with("Instances") | name.is_in(["CreateVolume", "CreateBucket"])
    issuer = name.is_in(["CreateLogGroup", "CreateNetworkInterface"])
    who = pl.when(name == "CreateUser").then(path("responseElements.user.userName"))
    who = who.when(either).then(pl.coalesce(USER, ISSUER)).when(issuer).then(ISSUER).otherwise(USER)
    ids = pl.when(name == "RunInstances").then(items("responseElements", "instanceId"))
    ids = ids.when(name == "StartInstances").then(items("requestParameters", "instanceId"))
    ids = ids.otherwise(pl.concat_list(pl.coalesce(*one, lit("unknown"))))
    rows = rows.select(
        WHEN.alias("t"), col("sourceIPAddress").alias("src"), name.alias("command"),
        pl.coalesce(who, lit("unknown")).alias("who"), ids.alias("ids"),
    )  # fmt: skip
    groups = rows.group_by("src", "who", "command").agg(FIRST, IDS)
    found = groups.join(lookup("previously_seen_cloud_provisioning_activity_sources"), on="src", how="left")
    return found.filter(late(4200)).select("first", "src", "who", col("ids").list.join("|"), "command")


def stats():
    rows = source([], "eventTime", "eventSource", "eventName", "sourceIPAddress", "userIdentity")
    rows = rows.select(col("eventSource"), col("eventName"), USER.alias("who"), col("sourceIPAddress"), WHEN.dt.epoch("s").alias("t"))
    groups = rows.drop_nulls(["eventSource", "eventName", "who"]).group_by("eventSource", "eventName", "who")
    times = col("t").min().alias("first"), col("t").max().alias("last")
    return groups.agg(pl.len().alias("n"), col("sourceIPAddress").n_unique().alias("addresses"), *times)


if query == "text":
    found = lines().filter(col("line").str.contains("(?i)DeleteTrail")).collect(engine="streaming")
    sys.stdout.write("".join(line + "\n" for line in found["line"]))
elif query != "nothing":
    rows = {"image": image, "provisioning": provisioning, "stats": stats}[query]()
    rows.collect(engine="streaming").write_csv(sys.stdout.buffer, include_header=False)
sys.stdout.flush()
os._exit(0)  # nothing is torn down: that would be measured too
