#!/usr/bin/env python3
"""measure.py OUT COMMAND...: runs the command with its standard output in a file and prints what it took as JSON.

Seconds of CPU are user and system of the whole process. The peak of memory is what the kernel keeps as
ru_maxrss; it begins with this interpreter's own (floor_mb), which is why this is a program by itself.
"""

import json
import os
import sys
import time

out, command = sys.argv[1], sys.argv[2:]
sink = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
with open("/proc/self/status", encoding="ascii") as status:
    floor = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
before = time.perf_counter()
child = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, sink, 1)])
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - before
cpu = used.ru_utime + used.ru_stime
code = os.waitstatus_to_exitcode(status)
print(json.dumps({"code": code, "cpu": cpu, "wall": wall, "mb": used.ru_maxrss / 1024, "floor_mb": floor / 1024}))
